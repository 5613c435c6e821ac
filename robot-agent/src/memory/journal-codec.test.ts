import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeJournal, encodeRecord, FIRST_SUM, lastFields, type JournalRecord } from './journal-codec.ts'

const record = fc.dictionary(fc.string({ maxLength: 8, unit: 'binary' }), fc.jsonValue({ maxDepth: 2 }), {
  maxKeys: 4,
  noNullPrototype: true,
})

function fieldsOf(given: JournalRecord): Map<string, string> {
  return new Map(Object.entries(given).map(([name, value]) => [name, JSON.stringify(value)]))
}

/** What JSON makes of them: it knows no -0, and no `__proto__`. */
const asJson = (records: readonly JournalRecord[]) => JSON.parse(JSON.stringify(records)) as JournalRecord[]

function journalOf(records: readonly JournalRecord[]): Uint8Array {
  let sum = FIRST_SUM
  const lines = records.map((given) => {
    const line = encodeRecord(sum, fieldsOf(given))
    sum = line.sum
    return line.bytes
  })
  return Buffer.concat(lines)
}

function expectPrefix(read: readonly JournalRecord[], written: readonly JournalRecord[]): void {
  expect(read.length).toBeLessThanOrEqual(written.length)
  expect(read).toEqual(asJson(written.slice(0, read.length)))
}

describe('a journal', () => {
  it('gives back what was written, in its order', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 6 }), (records) => {
        expect(decodeJournal(journalOf(records))).toEqual({ records: asJson(records), end: 'whole' })
      }),
    )
  })

  it('cut at any byte it gives back a prefix, and knows that it was cut in a record', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 4 }), (records) => {
        const bytes = journalOf(records)
        const ends = new Set([...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at + 1))
        for (let length = 0; length < bytes.length; length += 1) {
          const read = decodeJournal(bytes.subarray(0, length))
          expectPrefix(read.records, records)
          expect(read.end).toBe(length === 0 || ends.has(length) ? 'whole' : 'torn')
        }
      }),
      { numRuns: 30 },
    )
  })

  it('with any single bit flipped it gives back a prefix, and never says that it is whole', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 3 }), (records) => {
        const bytes = journalOf(records)
        for (let bit = 0; bit < 8 * bytes.length; bit += 1) {
          const flipped = Uint8Array.from(bytes)
          flipped[bit >> 3]! ^= 1 << (bit & 7)
          const read = decodeJournal(flipped)
          expect(read.records.length).toBeLessThan(records.length)
          expectPrefix(read.records, records)
          expect(read.end).not.toBe('whole')
        }
      }),
      { numRuns: 10 },
    )
  })

  it('with any bytes in the place of any others it gives back a prefix', () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 5 }),
        fc.nat(),
        fc.nat(300),
        fc.uint8Array({ maxLength: 300 }),
        (records, at, removed, inserted) => {
          const bytes = journalOf(records)
          const from = at % (bytes.length + 1)
          const mixed = Buffer.concat([bytes.subarray(0, from), inserted, bytes.subarray(from + removed)])
          const read = decodeJournal(mixed).records
          expect(read).toEqual(asJson(records.slice(0, read.length)))
        },
      ),
    )
  })

  it('does not take a line of another journal, nor one that was left out, moved or doubled', () => {
    const lines = [{ a: 1 }, { a: 2 }, { b: 3 }]
    const bytes = journalOf(lines)
    const [first, second, third] = bytes.toString().split('\n') as [string, string, string]
    const read = (...chosen: string[]) =>
      decodeJournal(Buffer.from(chosen.map((line) => `${line}\n`).join('')))
    expect(read(first, second, third).records).toEqual(lines)
    expect(read(first, third)).toEqual({ records: [{ a: 1 }], end: 'torn' })
    expect(read(second, third)).toEqual({ records: [], end: 'damaged' })
    expect(read(first, first, second)).toEqual({ records: [{ a: 1 }], end: 'damaged' })
    const other = journalOf([{ a: 9 }, { a: 2 }])
      .toString()
      .split('\n')[1]!
    expect(read(first, other, third).records).toEqual([{ a: 1 }])
  })

  it('a file that a crash left filled with zeros is torn', () => {
    const bytes = Buffer.concat([journalOf([{ a: 1 }]), new Uint8Array(4096)])
    expect(decodeJournal(bytes)).toEqual({ records: [{ a: 1 }], end: 'torn' })
  })

  it('of each field the last value stands', () => {
    expect(lastFields([{ a: 1, b: 1 }, { b: 2 }, { c: null }])).toEqual(
      new Map<string, unknown>([
        ['a', 1],
        ['b', 2],
        ['c', null],
      ]),
    )
  })
})
