import { Hl7Fault } from './hl7-fault.ts'

/** HL7 v2.5.1, chapter 2. */

export interface Delimiters {
  readonly field: string
  readonly component: string
  readonly repetition: string
  readonly escape: string
  readonly subcomponent: string
}

export const USUAL_DELIMITERS: Delimiters = {
  field: '|',
  component: '^',
  repetition: '~',
  escape: '\\',
  subcomponent: '&',
}

interface Segment {
  readonly name: string
  /** As they stand, by number; 0 is the name. */
  readonly fields: readonly string[]
}

const PATH = /^([A-Z][A-Z0-9]{2})-(\d+)(?:\.(\d+))?$/

/** A message as it was read: fields by their path, `PV1-3` or `PV1-3.2`. */
export class Hl7Message {
  readonly delimiters: Delimiters
  /** Of MSH-18; empty: none was named. */
  readonly characterSet: string
  readonly #segments: readonly Segment[]

  constructor(delimiters: Delimiters, characterSet: string, segments: readonly Segment[]) {
    this.delimiters = delimiters
    this.characterSet = characterSet
    this.#segments = segments
  }

  has(segment: string): boolean {
    return this.#segments.some(({ name }) => name === segment)
  }

  /** Of the first segment and repetition, its first component where the path names none; empty: it says nothing. */
  value(path: string): string {
    return this.values(path)[0] ?? ''
  }

  /** Of all segments of that name and all repetitions, in order. */
  values(path: string): string[] {
    const [, name = '', field = '', component = '1'] = PATH.exec(path) ?? []
    return this.#repetitions(name, Number(field)).map((repetition) => this.#component(repetition, component))
  }

  /** All components of a field's first repetition. */
  components(path: string): string[] {
    const [, name = '', field = ''] = PATH.exec(path) ?? []
    const [first = ''] = this.#repetitions(name, Number(field))
    return first.split(this.delimiters.component).map((_, index) => this.#component(first, String(index + 1)))
  }

  #repetitions(name: string, field: number): string[] {
    const { repetition } = this.delimiters
    return this.#segments
      .filter((segment) => segment.name === name)
      .flatMap(({ fields }) => (fields[field] ?? '').split(repetition))
  }

  #component(text: string, number: string): string {
    const { component, subcomponent } = this.delimiters
    const [first = ''] = (text.split(component)[Number(number) - 1] ?? '').split(subcomponent)
    // Two quotes say that a value is to be deleted: there is none.
    return first === '""' ? '' : unescape(first, this.delimiters, this.characterSet).trim()
  }
}

/** @throws Hl7Fault where it is no message, or in characters that cannot be read */
export function parseMessage(bytes: Buffer): Hl7Message {
  // Every character set that is taken has ASCII in its lower half; so far all of them read alike.
  const head = bytes.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '')
  if (!head.startsWith('MSH') || head.length < 9) {
    throw new Hl7Fault('AR', 100, 'MSH', 'It does not begin with a segment MSH')
  }
  const delimiters = delimitersOf(head)
  const [headFields = []] = segmentsOf(head.split(/[\r\n]/, 1)[0]!, delimiters).map(({ fields }) => fields)
  const characterSet = (headFields[18] ?? '').split(delimiters.repetition)[0]!.trim().toUpperCase()
  const text = decode(bytes, characterSet).replace(/^\uFEFF/, '')
  return new Hl7Message(delimiters, characterSet, segmentsOf(text, delimiters))
}

function delimitersOf(head: string): Delimiters {
  const field = head[3]!
  const [component, repetition, escape = '', subcomponent = ''] = head.slice(4, head.indexOf(field, 4))
  const all = [field, component, repetition, escape, subcomponent].filter((one) => one !== '')
  const isUsable = all.every((one) => one !== undefined && !/[A-Za-z0-9\s"]/.test(one))
  if (component === undefined || repetition === undefined || !isUsable || new Set(all).size < all.length) {
    throw new Hl7Fault('AR', 102, 'MSH-2', 'Its delimiters cannot be told apart')
  }
  return { field, component, repetition, escape, subcomponent: subcomponent === '' ? '\u0000' : subcomponent }
}

function segmentsOf(text: string, { field }: Delimiters): Segment[] {
  return text
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const fields = line.split(field)
      const name = fields[0]!.trim()
      // The separator itself counts as MSH-1.
      return { name, fields: name === 'MSH' ? [name, field, ...fields.slice(1)] : fields }
    })
}

/** Table 0211, as far as ASCII is its lower half. */
function decode(bytes: Buffer, characterSet: string): string {
  const [, part] = /^8859\/(\d+)$/.exec(characterSet) ?? []
  if (characterSet === '' || characterSet === 'ASCII' || part === '1') return bytes.toString('latin1')
  const label =
    part !== undefined ? `iso-8859-${part}` : /^(UNICODE )?UTF-8$/.test(characterSet) ? 'utf-8' : null
  const decoder = label === null ? null : decoderOf(label)
  if (decoder === null) {
    throw new Hl7Fault('AE', 103, 'MSH-18', 'Its character set is not one of ASCII, 8859/n, UNICODE UTF-8')
  }
  try {
    return decoder.decode(bytes)
  } catch {
    throw new Hl7Fault('AE', 102, 'MSH-18', 'It is not in the character set that it names')
  }
}

function decoderOf(label: string) {
  try {
    return new TextDecoder(label, { fatal: true })
  } catch {
    return null
  }
}

/** Chapter 2.7. What is for looks alone falls away. */
function unescape(text: string, delimiters: Delimiters, characterSet: string): string {
  const { escape } = delimiters
  if (escape === '' || !text.includes(escape)) return text
  const [first = '', ...rest] = text.split(escape)
  let plain = first
  for (let index = 0; index < rest.length; index += 2) {
    const sequence = rest[index]!
    const isClosed = index + 1 < rest.length
    // One that is never closed is text.
    plain += isClosed ? unescaped(sequence, delimiters, characterSet) + rest[index + 1]! : escape + sequence
  }
  return plain
}

function unescaped(sequence: string, delimiters: Delimiters, characterSet: string): string {
  switch (sequence) {
    case 'F':
      return delimiters.field
    case 'S':
      return delimiters.component
    case 'T':
      return delimiters.subcomponent
    case 'R':
      return delimiters.repetition
    case 'E':
      return delimiters.escape
  }
  if (/^X([0-9A-F]{2})+$/i.test(sequence)) return decode(Buffer.from(sequence.slice(1), 'hex'), characterSet)
  return sequence === '.br' || sequence === '.sp' ? ' ' : ''
}
