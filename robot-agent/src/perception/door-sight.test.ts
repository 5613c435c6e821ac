import type { Point2, Polygon, Pose2 } from '@wardlight/core/geometry'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ROOM } from '../testing/robot-bench.ts'
import { lookAround } from '../testing/simulated-look.ts'
import { doorsOpenToSight, DoorWatch } from './door-sight.ts'

const [DOOR] = ROOM.doors
const wall = (a: Point2, b: Point2): Polygon => [a, b]
/** Everything but the leaf: the door's wall in two pieces, and a corridor behind it. */
const OPEN: readonly Polygon[] = [
  wall({ x: 0, y: 0 }, { x: 5, y: 0 }),
  wall({ x: 5, y: 0 }, { x: 5, y: 4 }),
  wall({ x: 5, y: 4 }, { x: 0, y: 4 }),
  wall({ x: 0, y: 0 }, DOOR!.a),
  wall(DOOR!.b, { x: 0, y: 4 }),
  wall({ x: -2, y: -2 }, { x: -2, y: 6 }),
]
const SHUT = [...OPEN, wall(DOOR!.a, DOOR!.b)]
const PLACE: Pose2 = { x: 2.5, y: 1.2, theta: 0.3 }

/** From where the doorway is in sight, and not only at a grazing angle. */
const places = fc.record({
  x: fc.double({ min: 1, max: 4, noNaN: true }),
  y: fc.double({ min: 0.6, max: 1.5, noNaN: true }),
  theta: fc.double({ min: -3, max: 3, noNaN: true }),
})
const seeds = fc.integer({ min: 1, max: 100_000 })

describe('doors that the lidar looks through', () => {
  it('property: are the open ones, wherever it stands before them, whatever the noise', () => {
    fc.assert(
      fc.property(places, seeds, (place, seed) => {
        expect(doorsOpenToSight(lookAround(seed, place, OPEN), ROOM.doors)).toEqual([DOOR!.id])
        expect(doorsOpenToSight(lookAround(seed, place, SHUT), ROOM.doors)).toEqual([])
      }),
    )
  })

  it('are not doorways without a leaf, nor any from nowhere', () => {
    const doorway = { ...DOOR!, hasLeaf: false }
    expect(doorsOpenToSight(lookAround(1, PLACE, OPEN), [doorway])).toEqual([])
    expect(doorsOpenToSight([], ROOM.doors)).toEqual([])
  })

  it('property: one that opens is told of by the second scan that shows it; shut, none ever is', () => {
    fc.assert(
      fc.property(places, seeds, (place, seed) => {
        const background = lookAround(seed, place, SHUT, [], 5)
        const watch = new DoorWatch(ROOM.doors, background)
        for (const scan of lookAround(seed, place, SHUT, [], 30)) expect(watch.see(scan)).toBe(false)
        const [first, second] = lookAround(seed, place, OPEN, [], 2)
        expect(watch.see(first!)).toBe(false)
        expect(watch.see(second!)).toBe(true)
      }),
    )
  })

  it('is not told of a door of glass, which it looked through from the beginning', () => {
    const watch = new DoorWatch(ROOM.doors, lookAround(1, PLACE, OPEN, [], 5))
    for (const scan of lookAround(2, PLACE, OPEN, [], 10)) expect(watch.see(scan)).toBe(false)
  })
})
