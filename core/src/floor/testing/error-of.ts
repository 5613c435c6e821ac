import { isWardError, type WardError } from '../../errors/index.ts'

/** The error on purpose that something throws; anything else goes through. */
export function errorOf(action: () => unknown): WardError {
  try {
    action()
  } catch (error) {
    if (isWardError(error)) return error
    throw error
  }
  throw new Error('it threw nothing')
}
