import { createGrid, fillPolygon, OCCUPIED, rectangle, type Pose2 } from '@wardlight/core/geometry'
import { describe, expect, it } from 'vitest'
import { ROOM } from '../testing/robot-bench.ts'
import { lookAround, MOUNT } from '../testing/simulated-look.ts'
import { KnownRoom } from './known-room.ts'
import { PersonWatch } from './person-watch.ts'
import { findMissingFurniture, findThings, withThings } from './room-as-found.ts'

const NO_DOORS: ReadonlySet<string> = new Set()
const BED = ROOM.obstacles[0]!.footprint

const KNOWLEDGE = { maps: [], missingIds: NO_DOORS, laserHeightM: MOUNT.heightM }
const known = new KnownRoom(ROOM, KNOWLEDGE)
const places: Pose2[] = [
  { x: 1, y: 1.1, theta: 0 },
  { x: 2.5, y: 2, theta: 2 },
  { x: 4.3, y: 0.8, theta: -3 },
]
const seeds = Array.from({ length: 20 }, (_, seed) => seed)

describe('the room as found', () => {
  it('finds nothing in an unchanged room, whatever the noise', () => {
    for (const seed of seeds) {
      for (const place of places) {
        const scans = lookAround(seed, place, [ROOM.polygon, BED])
        expect(findThings(scans, known, NO_DOORS)).toEqual([])
        expect(findMissingFurniture(scans, ROOM, 0.2)).toEqual([])
      }
    }
  })

  it('finds a trolley that was left behind, and takes it to reach the ceiling', () => {
    const trolley = rectangle({ x: 2.4, y: 2.4 }, 0.9, 0.6)
    for (const seed of seeds) {
      const things = findThings(lookAround(seed, places[0]!, [ROOM.polygon, BED, trolley]), known, NO_DOORS)
      expect(things).toHaveLength(1)
      expect(things[0]!.mayBePerson).toBe(false)
      const room = withThings(
        ROOM,
        things.map((thing, index) => ({ ...thing, number: index + 1 })),
      )
      expect(room.obstacles.at(-1)).toMatchObject({ id: 'found-1', zMinM: 0, zMaxM: ROOM.heightM })
    }
  })

  it('takes a pair of legs for a person', () => {
    const legs = [
      { x: 2.6, y: 2 },
      { x: 2.8, y: 2.1 },
    ]
    for (const seed of seeds) {
      const things = findThings(lookAround(seed, places[0]!, [ROOM.polygon, BED], legs), known, NO_DOORS)
      expect(things.some(({ mayBePerson }) => mayBePerson)).toBe(true)
    }
  })

  it('notes a bed that is gone, and finds it where it is', () => {
    const moved = rectangle({ x: 2.6, y: 1.2 }, 2, 1)
    for (const seed of seeds) {
      const scans = lookAround(seed, { x: 1, y: 2.4, theta: 0 }, [ROOM.polygon, moved])
      expect(findMissingFurniture(scans, ROOM, 0.2).map(({ id }) => id)).toEqual(['bed-1'])
      expect(findThings(scans, known, NO_DOORS).some(({ mayBePerson }) => !mayBePerson)).toBe(true)
    }
  })

  it('a bed moved by half its width is one bed, not two people, though table and map say otherwise', () => {
    const room = {
      ...ROOM,
      obstacles: [
        ...ROOM.obstacles,
        {
          id: 'table-1',
          name: 'overbed table',
          footprint: rectangle({ x: 4.2, y: 2.6 }, 0.8, 0.4),
          zMinM: 0.75,
          zMaxM: 0.8,
        },
      ],
    }
    const grid = createGrid({ minX: -1, minY: -1, maxX: 6, maxY: 5 }, 0.05)
    fillPolygon(grid, BED, OCCUPIED)
    const moved = rectangle({ x: 3.5, y: 2.3 }, 2, 1)
    for (const seed of seeds) {
      const scans = lookAround(seed, { x: 1, y: 3.3, theta: 0 }, [ROOM.polygon, moved])
      const missing = findMissingFurniture(scans, room, MOUNT.heightM)
      expect(missing.map(({ id }) => id)).toEqual(['bed-1'])
      const around = new KnownRoom(room, {
        maps: [grid],
        missingIds: new Set(['bed-1']),
        laserHeightM: MOUNT.heightM,
      })
      const things = findThings(scans, around, NO_DOORS)
      expect(things.length).toBeGreaterThan(0)
      expect(things.every(({ mayBePerson }) => !mayBePerson)).toBe(true)
    }
  })

  it('takes an open leaf for the door that it belongs to', () => {
    const leaf = [
      { x: 0, y: 1.6 },
      { x: 0.9, y: 1.7 },
      { x: 0.9, y: 1.73 },
    ]
    for (const seed of seeds) {
      const scans = lookAround(seed, places[1]!, [ROOM.polygon, BED, leaf])
      expect(findThings(scans, known, new Set(['door-1']))).toEqual([])
    }
  })
})

describe('watching for people from a stop', () => {
  const place = places[1]!

  it('raises no false alarm in an empty room', () => {
    for (const seed of seeds) {
      const watch = new PersonWatch(known)
      for (const scan of lookAround(seed, place, [ROOM.polygon, BED], [], 60))
        expect(watch.see(scan)).toBe(false)
    }
  })

  it('sees legs that come in by the door within two scans', () => {
    for (const seed of seeds) {
      const watch = new PersonWatch(known)
      for (const scan of lookAround(seed, place, [ROOM.polygon, BED])) expect(watch.see(scan)).toBe(false)
      const legs = [
        { x: 0.6, y: 1 },
        { x: 0.6, y: 1.25 },
      ]
      const seen = lookAround(seed, place, [ROOM.polygon, BED], legs, 2).map((scan) => watch.see(scan))
      expect(seen.at(-1)).toBe(true)
    }
  })

  it('counts a scan of another shape as somebody', () => {
    const watch = new PersonWatch(known)
    const scans = lookAround(1, place, [ROOM.polygon, BED])
    for (const scan of scans) watch.see(scan)
    const last = scans[0]!
    expect(watch.see({ ...last, scan: { ...last.scan, ranges: last.scan.ranges.slice(1) } })).toBe(true)
  })
})
