import { wardError } from '@wardlight/core/errors'
import type { Coding } from 'fhir/r4.js'

/** Resources of a page, where the search does not say, and at most (proposed). */
const PAGE = 50
const LONGEST_PAGE = 200

/** What a resource is found by. `token`: a code or an id, `reference`: another resource. */
export type SearchParameters = Readonly<Record<string, 'token' | 'reference'>>

export interface SearchQuery {
  /** All of them hold; of the values of each one does. */
  readonly filters: readonly { readonly name: string; readonly anyOf: readonly string[] }[]
  readonly count: number
  readonly offset: number
}

/** By what a resource is found, for each parameter that it has. */
export interface Findable {
  readonly tokens: Readonly<Record<string, readonly Pick<Coding, 'system' | 'code'>[]>>
  /** As `Location/room-1`. */
  readonly references: Readonly<Record<string, readonly string[]>>
}

/**
 * A search as its URL says it. What is not known is refused: a filter that is left out finds too much.
 *
 * @throws WARD_ERR_VALIDATION
 */
export function readSearch(query: URLSearchParams, parameters: SearchParameters): SearchQuery {
  const filters: SearchQuery['filters'][number][] = []
  let count = PAGE
  let offset = 0
  for (const [name, value] of query) {
    if (name === '_format') continue
    if (name === '_count') count = Math.min(wholeNumber(name, value), LONGEST_PAGE)
    else if (name === '_offset') offset = wholeNumber(name, value)
    else if (Object.hasOwn(parameters, name)) filters.push({ name, anyOf: splitValues(value) })
    else {
      throw wardError('WARD_ERR_VALIDATION', {
        what: `Nothing is found by ${JSON.stringify(name)}`,
        where: name,
        remedy: `Take one of ${[...Object.keys(parameters), '_count'].join(', ')}, without a modifier.`,
      })
    }
  }
  return { filters, count, offset }
}

export function isFound({ tokens, references }: Findable, { filters }: SearchQuery, base: string): boolean {
  return filters.every(({ name, anyOf }) =>
    anyOf.some(
      (value) =>
        (tokens[name] ?? []).some((coding) => isToken(value, coding)) ||
        (references[name] ?? []).some((reference) => isReference(value, reference, base)),
    ),
  )
}

/** `code`, `system|code`, `|code` (without a system), `system|` (R4, 3.1.1.4.10). */
function isToken(value: string, { system, code }: Pick<Coding, 'system' | 'code'>): boolean {
  const bar = value.indexOf('|')
  if (bar === -1) return value === code
  const [wantedSystem, wantedCode] = [value.slice(0, bar), value.slice(bar + 1)]
  if (wantedSystem !== (system ?? '')) return false
  return wantedCode === '' ? wantedSystem !== '' : wantedCode === code
}

/** `id`, `Type/id` or its whole address. */
function isReference(value: string, reference: string, base: string): boolean {
  return value === reference || value === `${base}/${reference}` || value === reference.split('/')[1]
}

/** Commas part values, `\,` is one in a value. */
function splitValues(value: string): string[] {
  return value.split(/(?<!\\),/).map((part) => part.replaceAll(/\\([,$|\\])/g, '$1'))
}

function wholeNumber(name: string, value: string): number {
  if (/^\d{1,6}$/.test(value)) return Number(value)
  throw wardError('WARD_ERR_VALIDATION', {
    what: `${name} is ${JSON.stringify(value)}`,
    where: name,
    remedy: 'Give a whole number from 0.',
  })
}
