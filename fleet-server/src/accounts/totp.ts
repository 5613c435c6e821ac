import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** RFC 6238, 5.2: the step that authenticators take without being told. */
const STEP_S = 30
const DIGITS = 6
/** RFC 4226, 4 (R6): 160 bits. */
const SECRET_BYTES = 20
/** RFC 6238, 5.2: one step for a clock that is off or a person who types slowly. */
const SKEW_STEPS = 1

/** RFC 4648, 6. */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export function newTotpSecret(): Buffer {
  return randomBytes(SECRET_BYTES)
}

/** RFC 4226, 5.3, over the time step of RFC 6238, 4.2. @param digits 6 for authenticators; the test vectors have 8 */
export function totpCode(secret: Uint8Array, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = mac.at(-1)! & 0xf
  const number = (mac.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** digits
  return String(number).padStart(digits, '0')
}

export function totpStep(nowMs: number): number {
  return Math.floor(nowMs / 1000 / STEP_S)
}

/**
 * The time step that a code is of, within one step of now.
 *
 * @param lastStep of the last code that was taken: a code is good once (RFC 6238, 5.2)
 * @returns `null` for a wrong or used code
 */
export function stepOfCode(secret: Uint8Array, code: string, nowMs: number, lastStep: number): number | null {
  const given = Buffer.from(code)
  const now = totpStep(nowMs)
  for (let step = now - SKEW_STEPS; step <= now + SKEW_STEPS; step++) {
    const expected = Buffer.from(totpCode(secret, step))
    if (given.length === expected.length && timingSafeEqual(given, expected)) {
      return step > lastStep ? step : null
    }
  }
  return null
}

export function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += BASE32[(held >> bits) & 31]
    }
    held &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + BASE32[(held << (5 - bits)) & 31]
}

/** For authenticators, as a QR code (the Key URI Format of Google Authenticator, which all of them read). */
export function totpUri(secret: Uint8Array, account: string, issuer: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`
  const query = new URLSearchParams({ secret: base32(secret), issuer })
  return `otpauth://totp/${label}?${query.toString().replaceAll('+', '%20')}`
}
