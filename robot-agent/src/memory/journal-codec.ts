import { createHash } from 'node:crypto'

/**
 * A journal is text, one record a line: the SHA-256 of the line before's sum and of this line's JSON, a space, and the
 * JSON of one object. So a line proves itself and everything before it: one that was cut short, has a flipped bit, or
 * comes from another file ends what can be read, and what can be read is a prefix of what was written.
 */
export type JournalRecord = Readonly<Record<string, unknown>>

export interface JournalReading {
  /** In the order in which they were written. */
  readonly records: readonly JournalRecord[]
  /** `torn`: the last write did not come to its end. `damaged`: there is something behind what cannot be read. */
  readonly end: 'whole' | 'torn' | 'damaged'
}

/** The sum before the first line. */
export const FIRST_SUM = ''

const LINE_FEED = 0x0a
const SPACE = 0x20
/** Hex digits of a SHA-256. */
const SUM_LENGTH = 64

/** @param fields JSON of each field, so that what is written again and again is put into words once */
export function encodeRecord(
  sumBefore: string,
  fields: ReadonlyMap<string, string>,
): { readonly bytes: Uint8Array; readonly sum: string } {
  const json = `{${[...fields].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`
  const sum = sumOf(sumBefore, Buffer.from(json))
  return { bytes: Buffer.from(`${sum} ${json}\n`), sum }
}

/** Reads as far as the file proves itself. Never throws. */
export function decodeJournal(bytes: Uint8Array): JournalReading {
  const records: JournalRecord[] = []
  let sum = FIRST_SUM
  let at = 0
  while (at < bytes.length) {
    const lineEnd = bytes.indexOf(LINE_FEED, at)
    const line = bytes.subarray(at, lineEnd < 0 ? bytes.length : lineEnd)
    const read = lineEnd < 0 ? null : decodeLine(sum, line)
    if (read === null) {
      const isLast = lineEnd < 0 || lineEnd === bytes.length - 1
      return { records, end: isLast ? 'torn' : 'damaged' }
    }
    records.push(read.record)
    sum = read.sum
    at = lineEnd + 1
  }
  return { records, end: 'whole' }
}

/** What stands after all records: of each field the last value. */
export function lastFields(records: readonly JournalRecord[]): Map<string, unknown> {
  return new Map(records.flatMap((record) => Object.entries(record)))
}

function decodeLine(
  sumBefore: string,
  line: Uint8Array,
): { readonly record: JournalRecord; readonly sum: string } | null {
  if (line[SUM_LENGTH] !== SPACE) return null
  const json = line.subarray(SUM_LENGTH + 1)
  const sum = sumOf(sumBefore, json)
  if (Buffer.from(line.subarray(0, SUM_LENGTH)).toString('latin1') !== sum) return null
  try {
    const record: unknown = JSON.parse(Buffer.from(json).toString('utf8'))
    return typeof record === 'object' && record !== null && !Array.isArray(record)
      ? { record: record as JournalRecord, sum }
      : null
  } catch {
    return null
  }
}

function sumOf(sumBefore: string, json: Uint8Array): string {
  return createHash('sha256').update(sumBefore, 'latin1').update(json).digest('hex')
}
