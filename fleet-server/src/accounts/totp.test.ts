import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { base32, newTotpSecret, stepOfCode, totpCode, totpStep, totpUri } from './totp.ts'

describe('TOTP', () => {
  // RFC 6238, appendix B, those of SHA-1.
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('is what RFC 6238 says at %i s', (timeS, code) => {
    expect(totpCode(Buffer.from('12345678901234567890'), totpStep(timeS * 1000), 8)).toBe(code)
  })

  // RFC 4648, 10.
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('writes %j in base 32 without padding', (text, expected) => {
    expect(base32(Buffer.from(text))).toBe(expected)
  })

  it('takes a code of this step and its neighbours, and none that is not after the last', () => {
    const secret = newTotpSecret()
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 4e9 }),
        fc.integer({ min: -4, max: 4 }),
        fc.boolean(),
        (s, off, isUsed) => {
          const nowMs = s * 1000
          const step = totpStep(nowMs) + off
          const taken = stepOfCode(secret, totpCode(secret, step), nowMs, isUsed ? step : step - 1)
          // Two steps may have the same code by chance, one in a million: then the earlier one is meant.
          if (Math.abs(off) <= 1 && !isUsed) expect(taken).not.toBeNull()
          else if (taken !== null) expect(totpCode(secret, taken)).toBe(totpCode(secret, step))
          if (taken !== null) expect(Math.abs(taken - totpStep(nowMs))).toBeLessThanOrEqual(1)
        },
      ),
    )
    expect(stepOfCode(secret, '12345', 1e12, 0)).toBeNull()
    expect(stepOfCode(secret, 'abcdef', 1e12, 0)).toBeNull()
  })

  it('is told to authenticators in the form that they read', () => {
    const uri = new URL(totpUri(Buffer.from('foobar'), 'nora', 'Wardlight St. Mary'))
    expect([uri.protocol, uri.host, uri.pathname]).toEqual([
      'otpauth:',
      'totp',
      '/Wardlight%20St.%20Mary:nora',
    ])
    expect(uri.search).toBe('?secret=MZXW6YTBOI&issuer=Wardlight%20St.%20Mary')
  })
})
