import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../random/index.ts'
import { chooseStops, SHORTEST_DWELL_S, STOP_OVERHEAD_S } from './choose-stops.ts'
import { SIMPLEX_SOLVER, worstShortfall } from './covering-solver.ts'
import { lightLikeProblem, sameWays } from './testing/problems.ts'

describe('chooseStops', () => {
  it('covers every row, in no more time than the optimum of light alone with all of its stops', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 120 }), (seed, rows) => {
        const problem = lightLikeProblem(createRandom(seed), rows, 40)
        const light = SIMPLEX_SOLVER.solve(problem)
        fc.pre(light !== null)
        const chosen = chooseStops(problem, SIMPLEX_SOLVER, 0.5, sameWays)!
        const dwells = new Float64Array(40)
        for (const { column, dwellS } of chosen.stops) dwells[column] = dwellS
        expect(worstShortfall(dwells, problem)).toBeLessThanOrEqual(1 + 1e-9)
        expect(new Set(chosen.stops.map(({ column }) => column)).size).toBe(chosen.stops.length)
        expect(chosen.travelS).toBeCloseTo(chosen.stops.length * (2 / 0.5 + STOP_OVERHEAD_S), 6)

        const optimumS = light.reduce((sum, dwellS) => sum + dwellS, 0)
        expect(chosen.dwellS).toBeGreaterThanOrEqual(optimumS * (1 - 1e-6))
        const used = light.filter((dwellS) => dwellS > 1e-6)
        const roundedS = used.reduce((sum, dwellS) => sum + Math.max(SHORTEST_DWELL_S, dwellS + 0.1), 0)
        expect(chosen.dwellS + chosen.travelS).toBeLessThanOrEqual(
          roundedS + used.length * (2 / 0.5 + STOP_OVERHEAD_S) + 0.1,
        )
      }),
      { numRuns: 40 },
    )
  })

  it('has no answer when a row has no light', () => {
    const problem = { rows: 1, columns: 2, rates: new Float64Array(2), needs: Float64Array.from([1]) }
    expect(chooseStops(problem, SIMPLEX_SOLVER, 0.5, sameWays)).toBeNull()
  })
})
