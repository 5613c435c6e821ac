import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellCentre, createGrid, distanceToBoundary, fillPolygon, isInsidePolygon } from './index.ts'

describe('fillPolygon', () => {
  it('sets the cells whose centres are inside, of any polygon on any grid, and no others', () => {
    const coordinate = fc.double({ min: -4, max: 8, noNaN: true })
    const point = fc.record({ x: coordinate, y: coordinate })
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 3, maxLength: 8 }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (polygon, theta) => {
          const upright = createGrid({ minX: 0, minY: 0, maxX: 5, maxY: 4 }, 0.25)
          const grid = { ...upright, origin: { x: 0, y: 0, theta } }
          fillPolygon(grid, polygon, 7)
          for (let row = 0; row < grid.height; row += 1) {
            for (let column = 0; column < grid.width; column += 1) {
              const centre = cellCentre(grid, { column, row })
              // On the very edge rounding may decide either way.
              if (distanceToBoundary(centre, polygon) < 1e-9) continue
              const expected = isInsidePolygon(centre, polygon) ? 7 : 0
              expect(grid.data[row * grid.width + column]).toBe(expected)
            }
          }
        },
      ),
    )
  })
})
