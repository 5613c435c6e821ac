import {
  createGrid,
  drawSegment,
  normalizeAngle,
  OCCUPIED,
  polygonEdges,
  rectangle,
  type Polygon,
  type Pose2,
} from '@wardlight/core/geometry'
import { createRandom } from '@wardlight/core/random'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawnScan } from '../testing/drawn-scan.ts'
import { MOUNT } from '../testing/simulated-look.ts'
import { KnownMap } from './known-map.ts'
import { searchPlace, type PlaceFound, type PlaceHint } from './place-search.ts'

const ROOM: Polygon = [...rectangle({ x: 2.5, y: 2 }, 5, 4)]
/** A bed and a cupboard: the room is the same from no two places. */
const FURNITURE: readonly Polygon[] = [
  [...rectangle({ x: 1.1, y: 2.9 }, 1, 2.1)],
  [...rectangle({ x: 4.7, y: 0.9 }, 0.6, 1.2)],
]
const RADIUS_M = 0.25

function mapOf(shapes: readonly Polygon[]): KnownMap {
  const grid = createGrid({ minX: -1, minY: -1, maxX: 6, maxY: 5 }, 0.05)
  for (const edge of shapes.flatMap(polygonEdges)) drawSegment(grid, edge, OCCUPIED)
  return new KnownMap(grid)
}

function found(map: KnownMap, truth: Pose2, shapes: readonly Polygon[], hint: PlaceHint): PlaceFound {
  const search = searchPlace(map, drawnScan(truth, shapes, [], createRandom(7)), MOUNT, hint, RADIUS_M)
  for (;;) {
    const { done, value } = search.next()
    if (done) return value
  }
}

/** In the free middle of the room. */
const pose = fc.record({
  x: fc.double({ min: 2, max: 4, noNaN: true }),
  y: fc.double({ min: 0.5, max: 3.5, noNaN: true }),
  theta: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
})

describe('a lost robot that looks for its place', () => {
  const drawn = [ROOM, ...FURNITURE]
  const anywhere = { area: ROOM, faces: null }

  it('finds it to 10 cm and 3° wherever it stands, though a trolley is there that no map has', () => {
    const map = mapOf(drawn)
    const trolley = [...rectangle({ x: 3, y: 3.7 }, 0.6, 0.4)]
    fc.assert(
      fc.property(pose, (truth) => {
        fc.pre(Math.hypot(truth.x - 3, truth.y - 3.7) > 0.7)
        const answer = found(map, truth, [...drawn, trolley], anywhere)
        if (answer.kind !== 'found') throw new Error(answer.kind)
        expect(Math.hypot(answer.pose.x - truth.x, answer.pose.y - truth.y)).toBeLessThan(0.1)
        expect(Math.abs(normalizeAngle(answer.pose.theta - truth.theta))).toBeLessThan(Math.PI / 60)
      }),
      { numRuns: 15 },
    )
  }, 60_000)

  it('says so where a room looks the same from two places, and believes who says what it faces', () => {
    const map = mapOf([ROOM])
    const truth = { x: 1.5, y: 1.2, theta: 0.3 }
    expect(found(map, truth, [ROOM], anywhere)).toMatchObject({ kind: 'several' })
    const east = { area: ROOM, faces: { x: 5, y: 2 } }
    expect(found(map, truth, [ROOM], east)).toMatchObject({ kind: 'found' })
  }, 30_000)

  it('finds nothing where it is not, and nothing in the dark', () => {
    const corridor: Polygon[] = [[...rectangle({ x: 2.5, y: 2 }, 10, 1.4)]]
    const truth = { x: 2.2, y: 1.8, theta: 1 }
    expect(found(mapOf(drawn), truth, corridor, anywhere)).toMatchObject({ kind: 'nowhere' })
    expect(found(mapOf(drawn), truth, [], anywhere)).toMatchObject({ kind: 'blind' })
  }, 30_000)
})
