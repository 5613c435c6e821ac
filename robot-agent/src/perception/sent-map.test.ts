import fc from 'fast-check'
import {
  createGrid,
  drawSegment,
  fillPolygon,
  OCCUPIED,
  polygonEdges,
  rectangle,
  type OccupancyGrid,
  type Pose2,
} from '@wardlight/core/geometry'
import { createRandom } from '@wardlight/core/random'
import { describe, expect, it } from 'vitest'
import type { RobotReading } from '../robot/ports.ts'
import { drawnScan } from '../testing/drawn-scan.ts'
import { ROOM } from '../testing/robot-bench.ts'
import { KnownRoom } from './known-room.ts'
import { LocalisationHealth } from './localisation-health.ts'

const POSE: Pose2 = { x: 1, y: 1.1, theta: 0 }
const WALLS = [ROOM.polygon, ...ROOM.obstacles.map(({ footprint }) => footprint)]

function mapOf(shapes: readonly (readonly { x: number; y: number }[])[]): OccupancyGrid {
  const grid = createGrid({ minX: -1, minY: -1, maxX: 6, maxY: 5 }, 0.05)
  for (const shape of shapes) for (const edge of polygonEdges(shape)) drawSegment(grid, edge, OCCUPIED)
  return grid
}
const RIGHT = mapOf(WALLS)
const WRONG = mapOf([rectangle({ x: 5, y: 4.4 }, 1, 0.6)])
const ALL_SOLID: OccupancyGrid = { ...RIGHT, data: new Int8Array(RIGHT.data.length).fill(OCCUPIED) }

function createHealth(own: OccupancyGrid | null) {
  let tell: (reading: RobotReading) => void = () => {}
  const health = new LocalisationHealth({
    subscribe(listener) {
      tell = listener
      return { dispose() {} }
    },
  })
  health.start()
  const random = createRandom(1)
  if (own !== null) tell({ kind: 'map', grid: own })
  return {
    health,
    tell: (reading: RobotReading) => tell(reading),
    /** As many scans from a place as it takes, the robot believing to be elsewhere by so much. */
    look: (offM = 0, scans = 12) => {
      tell({ kind: 'pose', pose: { ...POSE, x: POSE.x + offM, y: POSE.y + offM } })
      for (let scan = 0; scan < scans; scan += 1) {
        tell({ kind: 'scan', scan: drawnScan(POSE, WALLS, [], random) })
      }
      return health.isLost
    },
  }
}

describe('a map that was sent', () => {
  it('that is wrong makes the robot lost, and one that fits does not', () => {
    const { health, look } = createHealth(RIGHT)
    expect(health.fits(RIGHT)).toBeNull()
    expect(look()).toBe(false)
    expect([health.fits(RIGHT), health.fits(WRONG)]).toEqual([true, false])
    health.useSentMap(WRONG)
    expect(look()).toBe(true)
    health.useSentMap(RIGHT)
    expect(look()).toBe(false)
    health.useSentMap(null)
    expect(look()).toBe(false)
  })

  it('that explains everything does not find a robot that is lost', () => {
    const { health, look } = createHealth(WRONG)
    expect(look()).toBe(true)
    health.useSentMap(ALL_SOLID)
    expect(look()).toBe(true)
  })

  it("of the level before a lift's ride is held against the robot once it has fitted again", () => {
    const { health, tell, look } = createHealth(RIGHT)
    health.useSentMap(WRONG)
    tell({ kind: 'map', grid: mapOf(WALLS) })
    expect(look()).toBe(false)
    health.useSentMap(RIGHT)
    tell({ kind: 'map', grid: mapOf(WALLS) })
    expect(look()).toBe(false)
    // … from where it stands; from beside it neither fits.
    expect(look(1.2)).toBe(true)
  })

  it('never makes a robot less lost, nor explains more of a room', () => {
    const arbitraryMap = fc
      .array(
        fc.record({
          x: fc.double({ min: -1, max: 6, noNaN: true }),
          y: fc.double({ min: -1, max: 5, noNaN: true }),
          w: fc.double({ min: 0.1, max: 6, noNaN: true }),
          isFilled: fc.boolean(),
        }),
        { maxLength: 8 },
      )
      .map((things) => {
        const grid = mapOf(
          things.filter(({ isFilled }) => !isFilled).map(({ w, ...at }) => rectangle(at, w, w)),
        )
        for (const { w, isFilled, ...at } of things)
          if (isFilled) fillPolygon(grid, rectangle(at, w, w), OCCUPIED)
        return grid
      })
    fc.assert(
      fc.property(
        arbitraryMap,
        arbitraryMap,
        fc.double({ min: -2, max: 2, noNaN: true }),
        (own, sent, offM) => {
          const alone = createHealth(own).look(offM)
          const both = createHealth(own)
          both.health.useSentMap(sent)
          if (alone) expect(both.look(offM)).toBe(true)
          const knowledge = { missingIds: new Set<string>(), laserHeightM: 0.2 }
          const byOne = new KnownRoom(ROOM, { maps: [own], ...knowledge })
          const byBoth = new KnownRoom(ROOM, { maps: [own, sent], ...knowledge })
          for (let x = 0.1; x < 5; x += 0.7) {
            for (let y = 0.1; y < 4; y += 0.7) {
              if (byOne.isUnexplained({ x, y }, 1, new Set())) {
                expect(byBoth.isUnexplained({ x, y }, 1, new Set())).toBe(true)
              }
            }
          }
        },
      ),
      { numRuns: 40 },
    )
  })
})
