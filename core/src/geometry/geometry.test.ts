import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  castRay,
  cellAt,
  cellCentre,
  centroid,
  composePoses,
  counterClockwise,
  createGrid,
  distanceField,
  drawSegment,
  fillPolygon,
  inversePose,
  isInsidePolygon,
  normalizeAngle,
  OCCUPIED,
  rectangle,
  signedArea,
  transformPoint,
  valueAt,
} from './index.ts'

const coordinate = fc.double({ min: -50, max: 50, noNaN: true })
const angle = fc.double({ min: -10, max: 10, noNaN: true })
const pose = fc.record({ x: coordinate, y: coordinate, theta: angle })
const size = fc.double({ min: 0.5, max: 20, noNaN: true })

describe('poses', () => {
  it('undo one another', () => {
    fc.assert(
      fc.property(pose, (aToB) => {
        const { x, y, theta } = composePoses(aToB, inversePose(aToB))
        expect(x).toBeCloseTo(0, 8)
        expect(y).toBeCloseTo(0, 8)
        expect(Math.abs(normalizeAngle(theta))).toBeLessThan(1e-9)
      }),
    )
  })

  it('compose as they transform points', () => {
    fc.assert(
      fc.property(pose, pose, pose, (aToB, bToC, point) => {
        const once = transformPoint(composePoses(aToB, bToC), point)
        const twice = transformPoint(aToB, transformPoint(bToC, point))
        expect(Math.hypot(once.x - twice.x, once.y - twice.y)).toBeLessThan(1e-7)
      }),
    )
  })

  it('normalises angles into (-π, π] without turning them', () => {
    fc.assert(
      fc.property(angle, (value) => {
        const normal = normalizeAngle(value)
        expect(normal).toBeGreaterThan(-Math.PI - 1e-12)
        expect(normal).toBeLessThanOrEqual(Math.PI)
        expect(Math.cos(normal)).toBeCloseTo(Math.cos(value), 9)
        expect(Math.sin(normal)).toBeCloseTo(Math.sin(value), 9)
      }),
    )
  })
})

describe('polygons', () => {
  it('a turned rectangle keeps its area, centre and inside', () => {
    fc.assert(
      fc.property(pose, size, size, (centre, lengthM, widthM) => {
        const polygon = rectangle(centre, lengthM, widthM)
        expect(signedArea(polygon)).toBeCloseTo(lengthM * widthM, 6)
        expect(signedArea(polygon.toReversed())).toBeCloseTo(-lengthM * widthM, 6)
        expect(counterClockwise(polygon.toReversed()).length).toBe(4)
        expect(centroid(polygon).x).toBeCloseTo(centre.x, 6)
        expect(centroid(polygon).y).toBeCloseTo(centre.y, 6)
        expect(isInsidePolygon(centre, polygon)).toBe(true)
        expect(isInsidePolygon(transformPoint(centre, { x: lengthM, y: 0 }), polygon)).toBe(false)
      }),
    )
  })
})

describe('grids', () => {
  const room = () => {
    const grid = createGrid({ minX: -1, minY: -1, maxX: 9, maxY: 5 }, 0.05)
    for (const [a, b] of [
      [
        { x: 0, y: 0 },
        { x: 8, y: 0 },
      ],
      [
        { x: 8, y: 0 },
        { x: 8, y: 4 },
      ],
      [
        { x: 8, y: 4 },
        { x: 0, y: 4 },
      ],
      [
        { x: 0, y: 4 },
        { x: 0, y: 0 },
      ],
    ] as const) {
      drawSegment(grid, { a, b }, OCCUPIED)
    }
    return grid
  }

  it('finds the walls of a room with every ray, to within a cell', () => {
    const grid = room()
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 7.5, noNaN: true }),
        fc.double({ min: 0.5, max: 3.5, noNaN: true }),
        angle,
        (x, y, direction) => {
          const dx = Math.cos(direction)
          const dy = Math.sin(direction)
          const exact = Math.min(
            dx > 0 ? (8 - x) / dx : dx < 0 ? -x / dx : Infinity,
            dy > 0 ? (4 - y) / dy : dy < 0 ? -y / dy : Infinity,
          )
          // A grazing ray meets a wall's cell at most one cell's diagonal before the wall, stretched by the angle.
          const grazing = Math.min(Math.abs(dx), Math.abs(dy)) < 0.1
          if (!grazing) expect(Math.abs(castRay(grid, { x, y }, direction, 20) - exact)).toBeLessThan(0.8)
          expect(castRay(grid, { x, y }, direction, 20)).toBeLessThanOrEqual(exact + 1e-6 + 0.05)
        },
      ),
    )
  })

  it('measures the distance to the nearest wall as brute force does', () => {
    const grid = createGrid({ minX: 0, minY: 0, maxX: 1.2, maxY: 0.9 }, 0.1)
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: grid.data.length - 1 }), { minLength: 1, maxLength: 6 }),
        (blocked) => {
          grid.data.fill(0)
          for (const index of blocked) grid.data[index] = OCCUPIED
          const field = distanceField(grid)
          for (let index = 0; index < field.length; index += 1) {
            const nearest = Math.min(
              ...blocked.map((other) =>
                Math.hypot(
                  (index % grid.width) - (other % grid.width),
                  Math.floor(index / grid.width) - Math.floor(other / grid.width),
                ),
              ),
            )
            expect(field[index]).toBeCloseTo(nearest * 0.1, 5)
          }
        },
      ),
    )
  })

  it('a cell of a turned grid holds its own centre', () => {
    fc.assert(
      fc.property(
        pose,
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 0, max: 9 }),
        (origin, column, row) => {
          const grid = { width: 10, height: 10, resolutionM: 0.5, origin, data: new Int8Array(100) }
          expect(cellAt(grid, cellCentre(grid, { column, row }))).toEqual({ column, row })
        },
      ),
    )
  })

  it('fills a polygon, and is unknown outside', () => {
    const grid = room()
    fillPolygon(grid, rectangle({ x: 4, y: 2 }, 1, 1), OCCUPIED)
    expect(valueAt(grid, { x: 4, y: 2 })).toBe(OCCUPIED)
    expect(valueAt(grid, { x: 5, y: 2 })).toBe(0)
    expect(valueAt(grid, { x: 50, y: 2 })).toBe(-1)
  })
})
