import { ERROR_CATALOGUE, type WardErrorCode } from './catalogue.ts'

export interface WardErrorDetails {
  /** What is wrong, with the offending value. */
  readonly what: string
  /** Where: a file with line, a route with field, a topic with path. */
  readonly where?: string
  /** What would be right, as an instruction; by default the catalogue's. */
  readonly remedy?: string
  readonly cause?: unknown
}

/** The one error that Wardlight throws on purpose. Anything else that is thrown is a defect. */
export class WardError extends Error {
  override readonly name = 'WardError'
  readonly code: WardErrorCode
  readonly what: string
  readonly where: string | undefined
  readonly remedy: string
  /** The HTTP status that a route answers with. */
  readonly httpStatus: number

  constructor(code: WardErrorCode, { what, where, remedy, cause }: WardErrorDetails) {
    const entry = ERROR_CATALOGUE[code]
    const advice = remedy ?? entry.remedy
    super(`${where === undefined ? '' : `${where}: `}${what}. ${advice}`, { cause })
    this.code = code
    this.what = what
    this.where = where
    this.remedy = advice
    this.httpStatus = entry.httpStatus
  }
}

export function wardError(code: WardErrorCode, details: WardErrorDetails): WardError {
  return new WardError(code, details)
}

export function isWardError(value: unknown): value is WardError {
  return value instanceof WardError
}
