import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rectangleSolidAngle } from './solid-angle.ts'

const coordinate = fc.double({ min: -5, max: 5, noNaN: true })
const distance = fc.double({ min: 0.05, max: 5, noNaN: true })

describe('rectangleSolidAngle', () => {
  it('gives a sixth of the sphere for a side of a cube seen from its middle, and half of it for a plane', () => {
    expect(rectangleSolidAngle(1, -1, 1, -1, 1)).toBeCloseTo((4 * Math.PI) / 6, 12)
    expect(rectangleSolidAngle(1, -1e6, 1e6, -1e6, 1e6)).toBeCloseTo(2 * Math.PI, 4)
  })

  it('adds up over pieces, wherever they are cut', () => {
    fc.assert(
      fc.property(
        distance,
        fc.tuple(coordinate, coordinate, coordinate),
        coordinate,
        coordinate,
        (d, cuts, y1, y2) => {
          const [x1, x2, x3] = cuts.toSorted((a, b) => a - b) as [number, number, number]
          const whole = rectangleSolidAngle(d, x1, x3, y1, y2)
          const pieces = rectangleSolidAngle(d, x1, x2, y1, y2) + rectangleSolidAngle(d, x2, x3, y1, y2)
          expect(pieces).toBeCloseTo(whole, 12)
        },
      ),
    )
  })

  it('is the integral of cos θ / r²', () => {
    const steps = 200
    const [d, x1, x2, y1, y2] = [0.7, -0.4, 1.3, 0.2, 1.9]
    const dx = (x2 - x1) / steps
    const dy = (y2 - y1) / steps
    let sum = 0
    for (let column = 0; column < steps; column += 1) {
      for (let row = 0; row < steps; row += 1) {
        const x = x1 + (column + 0.5) * dx
        const y = y1 + (row + 0.5) * dy
        sum += (d * dx * dy) / (d * d + x * x + y * y) ** 1.5
      }
    }
    expect(rectangleSolidAngle(d, x1, x2, y1, y2)).toBeCloseTo(sum, 4)
  })
})
