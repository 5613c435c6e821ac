import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  downloadRefusal,
  EMPTY_MAP_BOOK,
  enabledVersion,
  MAX_KEPT_MAPS,
  mapStates,
  OWN_VERSION,
  withEnabledMap,
  withMap,
  withoutMap,
  type MapBook,
  type MapName,
} from './map-book.ts'

const OWN = new Set(['L1', 'L2'])

const arbitraryStep = fc.record({
  kind: fc.constantFrom('download', 'enable', 'delete'),
  map: fc.record({
    mapId: fc.constantFrom('L1', 'L2', 'L3'),
    mapVersion: fc.constantFrom(OWN_VERSION, ...Array.from({ length: 12 }, (_, index) => `v${index}`)),
  }),
})

function after(book: MapBook, { kind, map }: { kind: string; map: MapName }): MapBook {
  switch (kind) {
    case 'download':
      return downloadRefusal(book, OWN, map) === null ? withMap(book, { ...map, sha256: 'x' }) : book
    case 'enable':
      return withEnabledMap(book, OWN, map) ?? book
    default: {
      const next = withoutMap(book, map)
      return typeof next === 'string' ? book : next
    }
  }
}

const same = (a: MapName, b: MapName) => a.mapId === b.mapId && a.mapVersion === b.mapVersion

describe('whatever a fleet sends', () => {
  it('every level has exactly one map that counts, and it is there; no name comes twice; room is never exceeded', () => {
    fc.assert(
      fc.property(fc.array(arbitraryStep, { maxLength: 60 }), (steps) => {
        let book = EMPTY_MAP_BOOK
        for (const step of steps) {
          const before = mapStates(book, OWN)
          book = after(book, step)
          const states = mapStates(book, OWN)
          for (const mapId of OWN) {
            const enabled = states.filter((map) => map.mapId === mapId && map.mapStatus === 'ENABLED')
            expect(enabled).toHaveLength(1)
            expect(enabled[0]!.mapVersion).toBe(enabledVersion(book, mapId))
          }
          expect(new Set(states.map(({ mapId, mapVersion }) => `${mapId}/${mapVersion}`)).size).toBe(
            states.length,
          )
          expect(book.kept.length).toBeLessThanOrEqual(MAX_KEPT_MAPS)
          // 6.3.3: a download changes nothing of the others; 6.3.5: what is in use stays.
          const others = before.filter((map) => !same(map, step.map))
          if (step.kind === 'download') expect(states).toEqual(expect.arrayContaining(before))
          else if (step.kind === 'delete') {
            expect(states).toEqual(expect.arrayContaining(others))
            for (const map of before) if (map.mapStatus === 'ENABLED') expect(states).toContainEqual(map)
          } else
            expect(states.map(({ mapId, mapVersion }) => [mapId, mapVersion])).toEqual(
              before.map(({ mapId, mapVersion }) => [mapId, mapVersion]),
            )
        }
      }),
    )
  })

  it('the own map is not deleted, can be enabled again, and is a duplicate when it comes', () => {
    const own = { mapId: 'L1', mapVersion: OWN_VERSION }
    const sent = { mapId: 'L1', mapVersion: 'v1' }
    expect(downloadRefusal(EMPTY_MAP_BOOK, OWN, own)?.errorType).toBe('DUPLICATE_MAP')
    const book = withEnabledMap(withMap(EMPTY_MAP_BOOK, { ...sent, sha256: 'x' }), OWN, sent)!
    expect(withoutMap(book, own)).toContain("the robot's own")
    expect(withoutMap(book, sent)).toContain('in use')
    expect(enabledVersion(withEnabledMap(book, OWN, own)!, 'L1')).toBe(OWN_VERSION)
  })
})
