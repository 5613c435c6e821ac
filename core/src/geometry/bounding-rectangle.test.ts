import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundingRectangle, boundsOf, signedArea, type Point2 } from './index.ts'

const coordinate = fc.integer({ min: -500, max: 500 }).map((centimetres) => centimetres / 100)
const points = fc.array(fc.record({ x: coordinate, y: coordinate }), { minLength: 3, maxLength: 30 })

function areaAlongAxes(all: readonly Point2[]): number {
  const { minX, minY, maxX, maxY } = boundsOf(all)
  return (maxX - minX) * (maxY - minY)
}

describe('the rectangle around points', () => {
  it('leaves none of them out, and is no larger than the upright one', () => {
    fc.assert(
      fc.property(points, (all) => {
        const corners = boundingRectangle(all)
        if (corners.length < 4) return
        for (const [index, from] of corners.entries()) {
          const to = corners[(index + 1) % 4]!
          for (const { x, y } of all) {
            const left = (to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x)
            expect(left).toBeGreaterThanOrEqual(-1e-6)
          }
        }
        expect(signedArea(corners)).toBeLessThanOrEqual(areaAlongAxes(all) + 1e-6)
      }),
    )
  })

  it('gives a trolley of which two sides were seen its corner at the back', () => {
    const seen = [
      { x: 0, y: 0 },
      { x: 0.7, y: 0 },
      { x: 0.7, y: 0.6 },
    ]
    const corners = boundingRectangle(seen)
    // Along the two sides, or along the diagonal: the two sides have the corner that was not seen.
    expect(signedArea(corners)).toBeCloseTo(0.42, 6)
    expect(signedArea(boundingRectangle(seen, 0.05))).toBeCloseTo(0.8 * 0.7, 6)
  })
})
