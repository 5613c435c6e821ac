import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../random/index.ts'
import { chooseStops } from './choose-stops.ts'
import { SIMPLEX_SOLVER, type CoveringProblem } from './covering-solver.ts'
import { lightLikeProblem, sameWays } from './testing/problems.ts'
import { chooseWithinBudget } from './time-budget.ts'

const within = (problem: CoveringProblem, budgetS: number) =>
  chooseWithinBudget({
    problem,
    solver: SIMPLEX_SOLVER,
    budgetS,
    speedMps: 0.5,
    choose: (part) => chooseStops(part, SIMPLEX_SOLVER, 0.5, sameWays),
    apartM: () => 2,
  })

describe('chooseWithinBudget', () => {
  it('keeps to the budget, and gives every row that it names its need', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0.01, max: 1.2, noNaN: true }),
        (seed, rows, share) => {
          const problem = lightLikeProblem(createRandom(seed), rows, 20)
          const all = chooseStops(problem, SIMPLEX_SOLVER, 0.5, sameWays)
          fc.pre(all !== null)
          const allS = all.dwellS + all.travelS
          const { chosen, rows: covered } = within(problem, share * allS)
          expect(chosen.dwellS + chosen.travelS).toBeLessThanOrEqual(share * allS + 1e-6)
          for (const row of covered) {
            const given = chosen.stops.reduce(
              (sum, { column, dwellS }) => sum + dwellS * problem.rates[row * problem.columns + column]!,
              0,
            )
            expect(given).toBeGreaterThanOrEqual(problem.needs[row]! * (1 - 1e-6))
          }
          if (share >= 1) expect(covered).toHaveLength(rows)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('covers more than the rows that are quickest one by one, where light is shared', () => {
    // Two stops light ten rows each in 10 s; a third one lights two rows of its own in 9 s.
    const columns = 3
    const rates = new Float64Array(22 * columns)
    for (let row = 0; row < 22; row += 1) {
      const column = row < 10 ? 0 : row < 20 ? 1 : 2
      rates[row * columns + column] = column === 2 ? 1 / 9 : 1 / 10
    }
    const problem = { rows: 22, columns, rates, needs: new Float64Array(22).fill(1) }
    // Each stop takes 4 s of way and 3 s of stopping: two of them take 34 s.
    const { rows } = within(problem, 36)
    expect(rows).toEqual(Array.from({ length: 20 }, (_, row) => row))
    expect(within(problem, 15.9)).toEqual({ chosen: { stops: [], dwellS: 0, travelS: 0 }, rows: [] })
  })
})
