import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import type { DataKeys } from './data-key.ts'

/** NIST SP 800-38D: 96 bits are what GCM is made for. */
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Data of patients at rest: nobody reads it without the key, and what was moved to another row or changed is noticed.
 *
 * @param place where it is kept; it opens only there
 * @returns base64 of nonce, tag and cipher text under AES-256-GCM
 */
export function sealData(content: Buffer, place: string, { sealing }: DataKeys): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', sealing, nonce).setAAD(Buffer.from(place))
  const body = Buffer.concat([cipher.update(content), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')
}

/** @returns `null` for what was not sealed for this place with this key */
export function openSealed(sealed: string, place: string, { sealing }: DataKeys): Buffer | null {
  const bytes = Buffer.from(sealed, 'base64')
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null
  const nonce = bytes.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', sealing, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(place))
    .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
  } catch {
    return null
  }
}

/** A name under which something is found again by who knows it, and that tells nobody else anything. */
export function hiddenName(parts: readonly (string | Buffer)[], { naming }: DataKeys): string {
  const hmac = createHmac('sha256', naming)
  for (const part of parts) {
    const bytes = Buffer.from(part)
    // With its length, so that no two lists of parts look the same.
    hmac.update(`${bytes.length}:`).update(bytes)
  }
  return hmac.digest('base64url')
}
