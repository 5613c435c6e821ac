import { USUAL_DELIMITERS, type Delimiters } from './message.ts'

/** A field that is not text but made of parts already: it is written as it stands. */
export interface Composed {
  readonly parts: readonly string[]
}

/** A field that is said several times. */
export interface Repeated {
  readonly times: readonly string[]
}

export type Field = string | Composed | Repeated

/** @param fields from 1; of MSH from 3: its first two are the delimiters */
export function writeSegment(name: string, fields: readonly Field[], delimiters = USUAL_DELIMITERS): string {
  const { field, component, repetition, escape, subcomponent } = delimiters
  const head =
    name === 'MSH'
      ? [name, `${component}${repetition}${escape}${subcomponent.replace('\u0000', '')}`]
      : [name]
  const joined = (parts: readonly string[], sign: string) =>
    parts
      .map((part) => escaped(part, delimiters))
      .join(sign)
      .replace(trailing(sign), '')
  const written = fields.map((value) => {
    if (typeof value === 'string') return escaped(value, delimiters)
    return 'parts' in value ? joined(value.parts, component) : joined(value.times, repetition)
  })
  return [...head, ...written].join(field).replace(trailing(field), '')
}

export function writeMessage(segments: readonly string[]): string {
  return `${segments.join('\r')}\r`
}

/** In the character set that MSH-18 names; what that has no sign for becomes a question mark. */
export function encodeMessage(text: string, characterSet: string): Buffer {
  if (characterSet.endsWith('UTF-8')) return Buffer.from(text, 'utf8')
  const last = characterSet === '' || characterSet === '8859/1' ? 0xff : 0x7f
  const known = Array.from(text, (sign) => (sign.codePointAt(0)! > last ? '?' : sign))
  return Buffer.from(known.join(''), 'latin1')
}

/** `YYYYMMDDHHMMSS+ZZZZ`, in UTC. */
export function writeTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19).replaceAll(/[-T:]/g, '')}+0000`
}

function escaped(text: string, delimiters: Delimiters): string {
  const { field, component, repetition, escape, subcomponent } = delimiters
  if (escape === '') return text
  const names = new Map([
    [field, 'F'],
    [component, 'S'],
    [repetition, 'R'],
    [subcomponent, 'T'],
    [escape, 'E'],
    ['\r', 'X0D'],
    ['\n', 'X0A'],
  ])
  return Array.from(text, (sign) => {
    const name = names.get(sign)
    return name === undefined ? sign : `${escape}${name}${escape}`
  }).join('')
}

function trailing(sign: string): RegExp {
  return new RegExp(`${sign.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')}+$`)
}
