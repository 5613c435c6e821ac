import { randomBytes } from 'node:crypto'

/** Of a message of ours: MSH-10 has at most 20 characters until v2.6. */
export function newControlId(): string {
  return randomBytes(10).toString('hex').toUpperCase()
}
