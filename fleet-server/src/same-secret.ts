import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether somebody knows a secret; how long the answer takes tells nothing of it, nor of its length. */
export function isSameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(hash(given), hash(secret))
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
