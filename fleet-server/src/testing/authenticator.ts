import type { TotpEnrolment } from '@wardlight/core/fleet'
import { totpCode, totpStep } from '../accounts/totp.ts'

/** What an authenticator app shows that was told this. */
export function codeOf({ uri }: TotpEnrolment, nowMs: number): string {
  const bits = new URL(uri).searchParams
    .get('secret')!
    .replaceAll(/./g, (letter) =>
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
    )
  const bytes = bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2))
  return totpCode(Buffer.from(bytes), totpStep(nowMs))
}
