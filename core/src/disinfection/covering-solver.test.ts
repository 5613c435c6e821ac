import fc from 'fast-check'
import highsLoader from 'highs'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../random/index.ts'
import { SIMPLEX_SOLVER, worstShortfall, type CoveringProblem } from './covering-solver.ts'
import { lightLikeProblem } from './testing/problems.ts'

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0)
}

// The package declares its ES module as CommonJS: what TypeScript takes for the module is the function.
const highs = await (highsLoader as unknown as typeof highsLoader.default)()

function optimumByHighs({ rows, columns, rates, needs }: CoveringProblem): number {
  const constraints = Array.from({ length: rows }, (_, row) => {
    const terms = Array.from({ length: columns }, (_, column) => ({
      column,
      rate: rates[row * columns + column]!,
    }))
      .filter(({ rate }) => rate > 0)
      .map(({ column, rate }) => `${rate.toPrecision(15)} t${column}`)
    return ` c${row}: ${terms.join(' + ')} >= ${needs[row]!.toPrecision(15)}`
  })
  const objective = Array.from({ length: columns }, (_, column) => `t${column}`).join(' + ')
  const solution = highs.solve(`Minimize\n obj: ${objective}\nSubject To\n${constraints.join('\n')}\nEnd`)
  expect(solution.Status).toBe('Optimal')
  return solution.ObjectiveValue
}

describe('SIMPLEX_SOLVER', () => {
  it('covers every row at the optimum that HiGHS finds', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 8, max: 60 }),
        (seed, rows, columns) => {
          const problem = lightLikeProblem(createRandom(seed), rows, columns)
          const dwells = SIMPLEX_SOLVER.solve(problem)
          fc.pre(dwells !== null)
          expect(worstShortfall(dwells, problem)).toBeLessThanOrEqual(1 + 1e-9)
          expect(Math.min(...dwells)).toBeGreaterThanOrEqual(0)
          expect(sum(dwells)).toBeLessThan(optimumByHighs(problem) * (1 + 1e-5))
        },
      ),
      { numRuns: 40 },
    )
  })

  it('says when a row cannot be covered', () => {
    const rates = Float64Array.from([1, 2, 0, 0])
    expect(SIMPLEX_SOLVER.solve({ rows: 2, columns: 2, rates, needs: Float64Array.from([1, 1]) })).toBeNull()
  })

  it('has nothing to do when nothing is needed', () => {
    const empty = new Float64Array(0)
    expect(SIMPLEX_SOLVER.solve({ rows: 0, columns: 2, rates: empty, needs: empty })).toEqual(
      new Float64Array(2),
    )
  })
})
