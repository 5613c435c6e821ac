import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changedFields, isInstant, wordsOfName } from './audit-fields.ts'

const json = fc.jsonValue({ maxDepth: 4 })

/** What is found in JSON by the names that a field has. */
function at(whole: unknown, path: readonly string[]): unknown {
  let value = whole
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Array.isArray(value)
      ? (value[Number(name) - 1] as unknown)
      : Object.hasOwn(value, name)
        ? (value as Record<string, unknown>)[name]
        : undefined
  }
  return value
}

describe('fields that an entry of the record changes', () => {
  it('are none where nothing differs, and some where anything does', () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        expect(changedFields(one, structuredClone(one))).toEqual([])
        const isSame = JSON.stringify(one) === JSON.stringify(other)
        // Lists and objects without anything in them read alike.
        const isEmpty = /\[\]|\{\}/.test(JSON.stringify([one, other]))
        const isOrder = JSON.stringify(one).length === JSON.stringify(other).length
        if (!isSame && !isEmpty && !isOrder) expect(changedFields(one, other)).not.toEqual([])
      }),
    )
  })

  it('have the values that stand at their place, before and after, and nothing twice', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        const fields = changedFields(before, after)
        expect(new Set(fields.map(({ path }) => JSON.stringify(path))).size).toBe(fields.length)
        for (const field of fields) {
          for (const [whole, value] of [
            [before, field.before],
            [after, field.after],
          ]) {
            if (value === undefined) continue
            const found = at(whole, field.path)
            if (JSON.stringify(found) !== '{}') expect(value).toEqual(found)
          }
        }
      }),
    )
  })

  it('are all that was written where nothing was before', () => {
    expect(changedFields(null, { name: 'Anna', wards: ['A', 'B'], rules: { steps: [{ to: 'x' }] } })).toEqual(
      [
        { path: ['name'], before: undefined, after: 'Anna' },
        { path: ['wards'], before: undefined, after: ['A', 'B'] },
        { path: ['rules', 'steps', '1', 'to'], before: undefined, after: 'x' },
      ],
    )
    expect(changedFields({ wards: ['A'] }, { wards: null })).toEqual([
      { path: ['wards'], before: ['A'], after: null },
    ])
  })

  it('have names in words', () => {
    expect(['released_by', 'afterMin', 'state'].map(wordsOfName)).toEqual([
      'released by',
      'after min',
      'state',
    ])
    expect(
      ['2026-11-27T23:40:32.879+00:00', '2026-11-27T23:40:32Z', '2026-11-27', 'at 2026'].map(isInstant),
    ).toEqual([true, true, false, false])
  })
})
