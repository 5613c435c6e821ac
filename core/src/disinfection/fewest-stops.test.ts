import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../random/index.ts'
import { chooseStops } from './choose-stops.ts'
import { SIMPLEX_SOLVER, worstShortfall } from './covering-solver.ts'
import { chooseFewestStops } from './fewest-stops.ts'
import { lightLikeProblem, sameWays } from './testing/problems.ts'

describe('chooseFewestStops', () => {
  it('covers every row with no more stops than the quickest plan, within the time allowed', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 80 }), (seed, rows) => {
        const problem = lightLikeProblem(createRandom(seed), rows, 30)
        const quickest = chooseStops(problem, SIMPLEX_SOLVER, 0.5, sameWays)
        fc.pre(quickest !== null)
        const quickestS = quickest.dwellS + quickest.travelS
        const fewest = chooseFewestStops(problem, SIMPLEX_SOLVER, 0.5, sameWays, 3 * quickestS)!
        const dwells = new Float64Array(30)
        for (const { column, dwellS } of fewest.stops) dwells[column] = dwellS
        expect(worstShortfall(dwells, problem)).toBeLessThanOrEqual(1 + 1e-9)
        expect(fewest.stops.length).toBeLessThanOrEqual(quickest.stops.length)
        expect(fewest.dwellS + fewest.travelS).toBeLessThanOrEqual(3 * quickestS)
      }),
      { numRuns: 25 },
    )
  })

  it('is at most one stop from the fewest that trying every set finds', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const columns = 8
        const problem = lightLikeProblem(createRandom(seed), 12, columns)
        const fewest = chooseFewestStops(problem, SIMPLEX_SOLVER, 0.5, sameWays, Infinity)
        fc.pre(fewest !== null)
        expect(fewest.stops.length).toBeLessThanOrEqual(leastOverAllSets(problem, columns) + 1)
      }),
      { numRuns: 40 },
    )
  })

  it('has no answer when a row has no light', () => {
    const problem = { rows: 1, columns: 2, rates: new Float64Array(2), needs: Float64Array.from([1]) }
    expect(chooseFewestStops(problem, SIMPLEX_SOLVER, 0.5, sameWays, 100)).toBeNull()
  })
})

/** With any time allowed a set suffices when it gives each row some light. */
function leastOverAllSets({ rows, rates }: ReturnType<typeof lightLikeProblem>, columns: number): number {
  let least = columns
  for (let set = 1; set < 2 ** columns; set += 1) {
    const members = Array.from({ length: columns }, (_, column) => column).filter(
      (column) => set & (1 << column),
    )
    const covers = Array.from({ length: rows }, (_, row) => row).every((row) =>
      members.some((column) => rates[row * columns + column]! > 0),
    )
    if (covers) least = Math.min(least, members.length)
  }
  return least
}
