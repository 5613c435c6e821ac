import { createGrid, distance, fillPolygon, OCCUPIED, rectangle, type Pose2 } from '@wardlight/core/geometry'
import { createRandom } from '@wardlight/core/random'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawnScan, type Post } from '../testing/drawn-scan.ts'
import { KnownMap } from './known-map.ts'
import { peopleIn } from './people-seen.ts'
import { placeScan } from './scan-points.ts'

const MOUNT = { pose: { x: 0, y: 0, theta: 0 }, heightM: 0.2 }
/** A corridor of 12 × 2.4 m whose north wall has a doorway from 5 to 6.2 m. */
const WALLS = [
  rectangle({ x: 6, y: -0.05 }, 12.2, 0.1),
  rectangle({ x: 2.45, y: 2.45 }, 5.1, 0.1),
  rectangle({ x: 9.15, y: 2.45 }, 5.9, 0.1),
  rectangle({ x: -0.05, y: 1.2 }, 0.1, 2.4),
  rectangle({ x: 12.05, y: 1.2 }, 0.1, 2.4),
]
const LEAF = rectangle({ x: 5.6, y: 2.45 }, 1.2, 0.04)
const HALF_LEAF = rectangle({ x: 5.25, y: 2.45 }, 0.5, 0.04)
const grid = createGrid({ minX: -1, minY: -1, maxX: 13, maxY: 6 }, 0.05)
for (const wall of WALLS) fillPolygon(grid, wall, OCCUPIED)
const map = new KnownMap(grid)

const seeds = fc.integer({ min: 1, max: 1_000_000 })
/** Somewhere in the corridor, off its walls. */
const poses = fc.record({
  x: fc.double({ min: 0.5, max: 11.5, noNaN: true }),
  y: fc.double({ min: 0.5, max: 1.9, noNaN: true }),
  theta: fc.double({ min: -3, max: 3, noNaN: true }),
})

/** What is seen from where the robot truly is, placed where its localisation believes to be. */
function look(seed: number, pose: Pose2, shapes: readonly (typeof LEAF)[], posts: readonly Post[] = []) {
  const random = createRandom(seed)
  const believed = {
    x: pose.x + random.gaussian(0.02),
    y: pose.y + random.gaussian(0.02),
    theta: pose.theta + random.gaussian(Math.PI / 180),
  }
  return peopleIn(placeScan(drawnScan(pose, [...WALLS, ...shapes], posts, random), believed, MOUNT), map)
}

describe('people in one scan', () => {
  it('property: who stands freely within 4 m is seen, from any side and whichever way they stand', () => {
    let [cases, seen] = [0, 0]
    fc.assert(
      fc.property(seeds, poses, poses, (seed, pose, { x, y, theta }) => {
        const away = distance(pose, { x, y })
        fc.pre(away > 0.8 && away < 4)
        const [ox, oy] = [0.12 * Math.cos(theta), 0.12 * Math.sin(theta)]
        const legs = [
          { x: x + ox, y: y + oy },
          { x: x - ox, y: y - oy },
        ]
        cases += 1
        const { people } = look(seed, pose, [LEAF], legs)
        if (people.some((person) => distance(person, { x, y }) < 0.4)) seen += 1
      }),
      { numRuns: 400 },
    )
    console.info(`${seen} of ${cases} seen in the first scan`)
    expect(seen / cases).toBeGreaterThan(0.97)
  })

  it('property: walls, a shut leaf and a half open one are nobody', () => {
    let [cases, phantoms] = [0, 0]
    fc.assert(
      fc.property(seeds, poses, fc.constantFrom(LEAF, HALF_LEAF), (seed, pose, leaf) => {
        cases += 1
        phantoms += look(seed, pose, [leaf]).people.length > 0 ? 1 : 0
      }),
      { numRuns: 400 },
    )
    console.info(`${phantoms} of ${cases} scans show somebody who is not there`)
    // A few do, and no two in a row at one place: following them over scans is what sorts them out.
    expect(phantoms / cases).toBeLessThan(0.04)
  })

  it('property: another robot is known for a machine in most scans, and two legs side by side never are', () => {
    let [cases, known] = [0, 0]
    fc.assert(
      fc.property(seeds, poses, poses, (seed, pose, { x, y, theta }) => {
        const away = distance(pose, { x, y })
        fc.pre(away > 0.8 && away < 3)
        cases += 1
        if (look(seed, pose, [LEAF], [{ x, y, radiusM: 0.25 }]).machines.length > 0) known += 1
        const [ox, oy] = [0.08 * Math.cos(theta), 0.08 * Math.sin(theta)]
        const legs = [
          { x: x + ox, y: y + oy },
          { x: x - ox, y: y - oy },
        ]
        expect(look(seed, pose, [LEAF], legs).machines).toEqual([])
      }),
      { numRuns: 300 },
    )
    console.info(`${known} of ${cases} robots are known for machines in one scan`)
    expect(known / cases).toBeGreaterThan(0.5)
  })

  it('a trolley is nobody in nearly every scan, seen from its end or its side', () => {
    let seen = 0
    for (const [lengthM, widthM] of [
      [0.9, 0.55],
      [0.55, 0.9],
    ] as const) {
      const trolley = rectangle({ x: 5, y: 1.2 }, lengthM, widthM)
      for (let seed = 1; seed <= 100; seed += 1) {
        seen += look(seed, { x: 2.5, y: 1.2, theta: 0 }, [LEAF, trolley]).people.length > 0 ? 1 : 0
      }
    }
    console.info(`${seen} of 200 scans take a trolley for somebody`)
    expect(seen).toBeLessThan(20)
  })

  it('what a mirror shows behind the wall is nobody; so near that the map may be old it is somebody', () => {
    const legs = [
      { x: 3.9, y: 2.9 },
      { x: 4.1, y: 2.9 },
    ]
    const from = (y: number) => {
      const pose = { x: 4, y, theta: 0 }
      // Without the wall that the map has: as if it were a mirror, or were not there any more.
      return peopleIn(placeScan(drawnScan(pose, [WALLS[0]!], legs, createRandom(1)), pose, MOUNT), map)
    }
    expect(from(1.2).people).toEqual([])
    expect(from(1.9).people.length).toBeGreaterThan(0)
  })
})
