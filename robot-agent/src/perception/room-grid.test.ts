import {
  distanceToBoundary,
  isInsidePolygon,
  rectangle,
  valueAt,
  type Point2,
  type Polygon,
  type Pose2,
} from '@wardlight/core/geometry'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ROOM } from '../testing/robot-bench.ts'
import { lookAround } from '../testing/simulated-look.ts'
import { RoomGrid } from './room-grid.ts'

const BED = ROOM.obstacles[0]!.footprint
const TROLLEY = rectangle({ x: 1.5, y: 3 }, 0.6, 0.6)
const PLACE: Pose2 = { x: 4.6, y: 1.2, theta: 0.4 }

function found(places: readonly Pose2[], shapes: readonly Polygon[]): RoomGrid {
  const grid = new RoomGrid(ROOM)
  places.forEach((place, seed) => {
    for (const scan of lookAround(seed + 1, place, shapes)) grid.add(scan)
  })
  return grid
}

const unseen = ({ occupancy }: RoomGrid) => occupancy.data.filter((value) => value === -1).length

const shapes = [ROOM.polygon, BED]

describe('the room as the lidar finds it', () => {
  it('lies on the plan: free where it looked through, occupied where walls and furniture begin', () => {
    const { occupancy } = found([PLACE], shapes)
    const { data, width, height, resolutionM, origin } = occupancy
    expect(origin.theta).toBe(0)
    let occupied = 0
    for (let row = 0; row < height; row += 1) {
      for (let column = 0; column < width; column += 1) {
        if (data[row * width + column]! <= 65) continue
        occupied += 1
        const at: Point2 = {
          x: origin.x + (column + 0.5) * resolutionM,
          y: origin.y + (row + 0.5) * resolutionM,
        }
        const offM = Math.min(...shapes.map((shape) => distanceToBoundary(at, shape)))
        expect(offM).toBeLessThan(0.25)
      }
    }
    expect(occupied).toBeGreaterThan(100)
    expect(valueAt(occupancy, PLACE)).toBeLessThan(20)
  })

  it('shows what was brought in, and what was taken away', () => {
    const [trolley, bed] = [
      { x: 1.7, y: 2.7 },
      { x: (BED[0]!.x + BED[2]!.x) / 2, y: BED[0]!.y },
    ]
    const nearly = (grid: RoomGrid, { x, y }: Point2) =>
      Math.max(
        ...[-0.1, -0.05, 0, 0.05, 0.1].flatMap((dx) =>
          [-0.1, -0.05, 0, 0.05, 0.1].map((dy) => valueAt(grid.occupancy, { x: x + dx, y: y + dy })),
        ),
      )
    expect(nearly(found([PLACE], [...shapes, TROLLEY]), trolley)).toBeGreaterThan(65)
    expect(nearly(found([PLACE], shapes), trolley)).toBeLessThan(20)
    expect(nearly(found([PLACE], [ROOM.polygon]), bed)).toBeLessThan(20)
  })

  it('property: from more places it has never seen less', () => {
    const places = fc
      .record({
        x: fc.double({ min: 0.6, max: 4.4, noNaN: true }),
        y: fc.double({ min: 0.6, max: 3.4, noNaN: true }),
        theta: fc.double({ min: -3, max: 3, noNaN: true }),
      })
      .filter((place) => !isInsidePolygon(place, BED) && distanceToBoundary(place, BED) > 0.3)
    fc.assert(
      fc.property(places, places, (one, other) => {
        const alone = unseen(found([one], shapes))
        expect(unseen(found([one, other], shapes))).toBeLessThanOrEqual(alone)
        expect(alone).toBeGreaterThan(0)
      }),
      { numRuns: 25 },
    )
  })

  it('knows nothing of what no beam has reached: behind a cupboard, and where beams do not come back', () => {
    const cupboard = rectangle({ x: 2.1, y: 1.2 }, 0.2, 1.6)
    const behind = { x: 1.2, y: 1.2 }
    expect(valueAt(found([PLACE], [ROOM.polygon, cupboard]).occupancy, behind)).toBe(-1)
    const grid = new RoomGrid(ROOM)
    for (const { scan, laser } of lookAround(1, PLACE, shapes)) {
      grid.add({ scan: { ...scan, ranges: scan.ranges.map(() => Infinity) }, laser })
    }
    expect(grid.occupancy.data.every((value) => value === -1)).toBe(true)
  })
})
