/** What stands at the end of a way into JSON; a list of plain values is one of them. */
export type FieldValue = string | number | boolean | null | readonly (string | number | boolean | null)[]

/** One field that differs. */
export interface ChangedField {
  /** Names on the way to it; places in lists count from 1: `['rules', 'steps', '1', 'to']`. */
  readonly path: readonly string[]
  /** `undefined`: it was not there. */
  readonly before: FieldValue | undefined
  readonly after: FieldValue | undefined
}

/** The fields of two JSON values that differ, in the order in which they stand; `null` as a whole: nothing was there. */
export function changedFields(before: unknown, after: unknown): ChangedField[] {
  const was = fieldsOf(before)
  const will = fieldsOf(after)
  const keys = [...new Set([...was.keys(), ...will.keys()])]
  return keys.flatMap((key) => {
    const field = {
      path: JSON.parse(key) as string[],
      before: was.get(key),
      after: will.get(key),
    }
    return JSON.stringify(field.before) === JSON.stringify(field.after) ? [] : [field]
  })
}

/** By their way, as JSON: a name may have any character. */
function fieldsOf(whole: unknown): Map<string, FieldValue> {
  const found = new Map<string, FieldValue>()
  const walk = (value: unknown, path: readonly string[]): void => {
    const parts = Array.isArray(value)
      ? value.map((part, index) => [String(index + 1), part as unknown] as const)
      : typeof value === 'object' && value !== null
        ? Object.entries(value as Record<string, unknown>)
        : []
    const isPlainList = Array.isArray(value) && value.every((part) => isPlain(part))
    if (isPlain(value) || isPlainList) found.set(JSON.stringify(path), value as FieldValue)
    else if (parts.length === 0) found.set(JSON.stringify(path), [])
    else for (const [name, part] of parts) walk(part, [...path, name])
  }
  if (whole !== null && whole !== undefined) walk(whole, [])
  return found
}

function isPlain(value: unknown): boolean {
  return value === null || typeof value !== 'object'
}

/** `released_by`, `afterMin` as words: "released by", "after min". */
export function wordsOfName(name: string): string {
  return name
    .replaceAll('_', ' ')
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ')
    .toLowerCase()
}

/** An instant as databases and APIs write it. */
export function isInstant(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)
}
