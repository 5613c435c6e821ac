import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mllpFrame, MllpReader, type Framed } from './mllp-framing.ts'

const message = fc
  .uint8Array({ maxLength: 40 })
  .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x0b && byte !== 0x1c)))
/** What has neither a start nor an end in it. */
const noise = message

describe('MLLP frames', () => {
  it('finds the messages however the line cuts them up, and whatever stands between them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(noise, message), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 60 }),
        (sent, cuts) => {
          const bytes = Buffer.concat(sent.flatMap(([between, each]) => [between, mllpFrame(each)]))
          const reader = new MllpReader()
          const found: Framed[] = []
          let at = 0
          for (let index = 0; at < bytes.length; index += 1) {
            const length = cuts[index % cuts.length]!
            found.push(...reader.read(bytes.subarray(at, at + length)))
            at += length
          }
          const messages = found.flatMap((each) => (each.type === 'message' ? [each.message] : []))
          expect(messages).toEqual(sent.map(([, each]) => each))
          expect(reader.isWithin).toBe(false)
        },
      ),
    )
  })

  it('keeps nothing of the buffer that it was given', () => {
    const reader = new MllpReader()
    const chunk = Buffer.from('\u000bfirst')
    reader.read(chunk)
    chunk.fill(0x58)
    expect(reader.read(Buffer.from('\u001c\r'))).toEqual([{ type: 'message', message: Buffer.from('first') }])
  })

  it('drops a frame that is too long once, and takes the next', () => {
    const reader = new MllpReader(8)
    const bytes = Buffer.concat([mllpFrame(Buffer.alloc(30, 0x41)), mllpFrame(Buffer.from('12345678'))])
    const found = [...bytes].flatMap((byte) => reader.read(Buffer.of(byte)))
    expect(found).toEqual([{ type: 'tooLong' }, { type: 'message', message: Buffer.from('12345678') }])
  })

  it('begins anew where its sender began anew', () => {
    const reader = new MllpReader()
    expect(reader.read(Buffer.from('\u000bbroken\u000bwhole\u001c\r'))).toEqual([
      { type: 'garbage', byteCount: 6 },
      { type: 'message', message: Buffer.from('whole') },
    ])
  })
})
