import { createHash, generateKeyPairSync } from 'node:crypto'
import { proofFile, splitProofFile } from '@wardlight/core/fleet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProofChecker } from './check-proof.ts'
import { canonicalText } from './sign-proof.ts'
import { publicPem, readPublicKeys, signerOf } from './signing.ts'

const signer = signerOf(generateKeyPairSync('ed25519').privateKey)
const other = signerOf(generateKeyPairSync('ed25519').privateKey)
const keys = readPublicKeys(publicPem(signer.publicKey), 'test')

const head = {
  format: 'wardlight-proof/1',
  hospital: 'Szpital Łódź',
  sequence: 2,
  previousSha256: 'ab'.repeat(32),
  issuedAt: '2026-01-05T03:10:00.000Z',
  missionId: 'mission-1',
  kind: 'ended',
  report: { dose: [1.5, 0, 1e21], note: 'wiped “all” 🧼' },
}
const signed = canonicalText(head)
const file = Buffer.from(proofFile(signed, signer.sign(Buffer.from(signed))))

function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[bit >> 3]! ^= 1 << (bit & 7)
  return copy
}

describe('checking a signed proof', () => {
  it('gives what was signed, the hash of the file, and whose it is', () => {
    expect(new ProofChecker(keys).file(file)).toMatchObject({
      sequence: 2,
      hospital: 'Szpital Łódź',
      statement: head,
      sha256: createHash('sha256').update(file).digest('hex'),
      keyId: signer.keyId,
      isKeyTrusted: true,
    })
    expect(new ProofChecker(null).file(file)).toMatchObject({ isKeyTrusted: null })
  })

  it('finds every single changed bit, with the key and without', () => {
    const checkers = [new ProofChecker(keys), new ProofChecker(null)]
    for (let bit = 0; bit < 8 * file.length; bit += 1) {
      for (const checker of checkers)
        expect([bit, typeof checker.file(flipped(file, bit))]).toEqual([bit, 'string'])
    }
  })

  it('finds whatever else was done to the bytes', () => {
    const checker = new ProofChecker(keys)
    fc.assert(
      fc.property(
        fc.nat(file.length - 1),
        fc.nat(40),
        fc.uint8Array({ maxLength: 40 }),
        (at, removed, added) => {
          const changed = Buffer.concat([file.subarray(0, at), added, file.subarray(at + removed)])
          expect(typeof checker.file(changed) === 'string').toBe(!changed.equals(file))
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('does not take what another key signed, nor what is signed and no proof', () => {
    const byOther = Buffer.from(proofFile(signed, other.sign(Buffer.from(signed))))
    expect(new ProofChecker(keys).file(byOther)).toContain('none of those')
    expect(new ProofChecker(null).file(byOther)).toMatchObject({ keyId: other.keyId })
    const note = canonicalText({ ...head, format: 'wardlight-proof/2' })
    expect(
      new ProofChecker(keys).file(Buffer.from(proofFile(note, signer.sign(Buffer.from(note))))),
    ).toContain('no version that is known')
  })
})

describe('the file of a proof', () => {
  const signature = { keyId: 'a'.repeat(64), publicKey: 'b'.repeat(64), value: 'c'.repeat(128) }

  it('holds what was signed as it was signed, and is itself JSON in canonical order', () => {
    fc.assert(
      fc.property(fc.json(), (signed) => {
        const text = proofFile(signed, signature)
        const bytes = Buffer.from(text)
        const split = splitProofFile(bytes)!
        expect(Buffer.from(split.signed).toString()).toBe(signed)
        expect(split.signature).toEqual(signature)
        expect(Object.keys(JSON.parse(text) as object)).toEqual(['proof', 'signature'])
      }),
    )
  })

  it('is none when it is cut, or has anything before or behind it', () => {
    const bytes = Buffer.from(proofFile('{}', signature))
    for (let length = 0; length < bytes.length; length += 1) {
      expect(splitProofFile(bytes.subarray(0, length))).toBeNull()
      expect(splitProofFile(bytes.subarray(bytes.length - length))).toBeNull()
    }
    expect(splitProofFile(Buffer.from([...bytes, 10]))).toBeNull()
    expect(splitProofFile(Buffer.from([32, ...bytes]))).toBeNull()
  })
})

describe('the canonical form', () => {
  // RFC 8785, 3.2.2 and 3.2.3.
  it('is that of RFC 8785', () => {
    const value = {
      numbers: JSON.parse('[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]') as number[],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\\"/',
      literals: [null, true, false],
    }
    expect(canonicalText(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
    const sorted = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 }
    expect(Object.values(JSON.parse(canonicalText(sorted)) as object)).toEqual([4, 2, 6, 7, 1, 5, 3])
  })

  it('is the same for whatever JSON says the same, and says the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalText(value)
        expect(canonicalText(JSON.parse(text))).toBe(text)
      }),
    )
  })

  it('never fails for what a robot may send, halves of characters too', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('\ud800', '\udc00', '\\', 'ud800', '\ud83d\ude00', '"')),
        (parts) => {
          const text = parts.join('')
          const read = JSON.parse(canonicalText({ [text]: text })) as Record<string, string>
          const whole = Buffer.from(text).toString()
          expect(read).toEqual({ [whole]: whole })
        },
      ),
    )
  })
})
