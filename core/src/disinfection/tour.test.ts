import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shortTour, tourLengthM } from './tour.ts'

const place = fc.record({
  x: fc.double({ min: 0, max: 10, noNaN: true }),
  y: fc.double({ min: 0, max: 10, noNaN: true }),
})

function permutations(items: readonly number[]): number[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((first) =>
    permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]),
  )
}

describe('shortTour', () => {
  it('visits every place once, not much farther than the best of all orders', () => {
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 7 }), (places) => {
        const lengthsM = places.map((a) => places.map((b) => Math.hypot(a.x - b.x, a.y - b.y)))
        const tour = shortTour(lengthsM)
        const others = places.slice(1).map((_, index) => index + 1)
        expect(tour.toSorted((a, b) => a - b)).toEqual(others)
        const best = Math.min(...permutations(others).map((order) => tourLengthM(lengthsM, order)))
        expect(tourLengthM(lengthsM, tour)).toBeLessThanOrEqual(1.5 * best + 1e-9)
      }),
      { numRuns: 60 },
    )
  })

  it('goes round a ring instead of across it', () => {
    const ring = Array.from({ length: 12 }, (_, index) => ({
      x: Math.cos((index * 5 * Math.PI) / 6),
      y: Math.sin((index * 5 * Math.PI) / 6),
    }))
    const lengthsM = ring.map((a) => ring.map((b) => Math.hypot(a.x - b.x, a.y - b.y)))
    expect(tourLengthM(lengthsM, shortTour(lengthsM))).toBeCloseTo(11 * 2 * Math.sin(Math.PI / 12), 9)
  })
})
