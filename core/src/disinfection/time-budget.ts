import { partOf, pricesOfRows, STOP_OVERHEAD_S, stopsOf, type ChosenStops } from './choose-stops.ts'
import type { CoveringProblem, CoveringSolver } from './covering-solver.ts'

/** Of the time over the budget so much is saved at a step: each row that goes makes others dearer (proposed). */
const SHARE_OF_EXCESS = 0.5

/** A choice that is still over the budget after so many steps began too far from it (proposed). */
const MOST_STEPS = 8

export interface BudgetInput {
  readonly problem: CoveringProblem
  readonly solver: CoveringSolver
  readonly budgetS: number
  readonly speedMps: number
  /** Stops that cover the rows of a problem, or `null`. */
  readonly choose: (problem: CoveringProblem) => ChosenStops | null
  /** Straight distance from one column to another, or from the start (`null`), metres. */
  readonly apartM: (from: number | null, to: number) => number
}

/** A choice that keeps within a budget, and the rows that it covers. */
export interface ChoiceWithinBudget {
  readonly chosen: ChosenStops
  /** Rows of the problem, ascending. */
  readonly rows: readonly number[]
}

const NOTHING: ChoiceWithinBudget = { chosen: { stops: [], dwellS: 0, travelS: 0 }, rows: [] }

/**
 * As many rows as light and ways can cover within a budget, found from two sides, the better one counts: from
 * everything, without the rows that are dearest in the linear programme; and from nothing, by the stops that
 * complete most rows for their time. Heuristics: choosing the most rows is NP-hard.
 *
 * @returns no stops and no rows when not even one fits
 */
export function chooseWithinBudget(input: BudgetInput): ChoiceWithinBudget {
  const thinned = grown(input, withoutTheDearest(input) ?? NOTHING)
  if (thinned.rows.length === input.problem.rows) return thinned
  const built = grown(input, NOTHING)
  return built.rows.length > thinned.rows.length ? built : thinned
}

/** @returns `null` when it does not fit after `MOST_STEPS` */
function withoutTheDearest({ problem, solver, budgetS, choose }: BudgetInput): ChoiceWithinBudget | null {
  let rows = Array.from(problem.needs.keys())
  for (let step = 0; step < MOST_STEPS && rows.length > 0; step += 1) {
    const part = partOf(problem, rows, null)
    const chosen = choose(part)
    if (chosen === null) throw new Error('A row that may be promised has no stop that lights it')
    const excessS = chosen.dwellS + chosen.travelS - budgetS
    if (excessS <= 0) return { chosen, rows }
    const prices = pricesOfRows(part, solver)
    if (prices === null) throw new Error('A row that may be promised has no stop that lights it')
    const dearest = Array.from(prices.keys()).toSorted((a, b) => prices[b]! - prices[a]! || a - b)
    const gone = new Set<number>()
    let savedS = 0
    for (const row of dearest) {
      if (gone.size > 0 && (savedS >= SHARE_OF_EXCESS * excessS || prices[row] === 0)) break
      gone.add(row)
      savedS += prices[row]!
    }
    rows = rows.filter((_, index) => !gone.has(index))
  }
  return null
}

/** Of the time left so much is spent at first, then less, when the stops chosen anew do not fit (proposed). */
const SHARES_OF_TIME = [1, 0.85, 0.7, 0.5, 0.3] as const

/** The choice with more rows, as long as there is time for more; the stops for all of them are chosen anew. */
function grown(input: BudgetInput, from: ChoiceWithinBudget): ChoiceWithinBudget {
  let best = from
  for (;;) {
    const more = best.rows.length === input.problem.rows ? null : oneGrowth(input, best)
    if (more === null) return best
    best = more
  }
}

/** @returns `null` when no more rows fit */
function oneGrowth(input: BudgetInput, from: ChoiceWithinBudget): ChoiceWithinBudget | null {
  const { problem, budgetS, choose } = input
  const leftS = budgetS - from.chosen.dwellS - from.chosen.travelS
  for (const share of SHARES_OF_TIME) {
    const more = extended(input, from.chosen, share * leftS)
    if (more.rows.length <= from.rows.length) continue
    const chosen = choose(partOf(problem, more.rows, null))
    if (chosen !== null && chosen.dwellS + chosen.travelS <= budgetS) return { chosen, rows: more.rows }
    // Longer dwells at the same stops are a choice as they are.
    if (more.chosen !== null) return { chosen: more.chosen, rows: more.rows }
  }
  return null
}

/** The same stops for longer, and new ones, that complete most rows for their time, until none fits. */
function extended(
  { problem, speedMps, apartM }: BudgetInput,
  chosen: ChosenStops,
  spareS: number,
): { readonly rows: readonly number[]; readonly chosen: ChosenStops | null } {
  const { columns, rates, needs } = problem
  const dwells = new Map(chosen.stops.map(({ column, dwellS }) => [column, dwellS]))
  const left = Float64Array.from(needs, (need, row) =>
    chosen.stops.reduce((rest, { column, dwellS }) => rest - dwellS * rates[row * columns + column]!, need),
  )
  const tour = chosen.stops.map(({ column }) => column)
  let timeS = spareS
  for (;;) {
    const open = Array.from(left.keys()).filter((row) => left[row]! > 1e-9)
    let best = { column: -1, dwellS: 0, wayS: 0, merit: 0 }
    for (let column = 0; column < columns; column += 1) {
      const wayS = dwells.has(column) ? 0 : STOP_OVERHEAD_S + nearestM(tour, column, apartM) / speedMps
      const completions = open
        .map((row) => left[row]! / rates[row * columns + column]!)
        .filter((seconds) => seconds + wayS <= timeS)
        .toSorted((a, b) => a - b)
      completions.forEach((dwellS, index) => {
        const merit = (index + 1) / (dwellS + wayS)
        if (merit > best.merit) best = { column, dwellS, wayS, merit }
      })
    }
    if (best.column < 0) break
    const { column, wayS } = best
    const dwellS = Math.ceil(10 * best.dwellS - 1e-6) / 10
    for (let row = 0; row < left.length; row += 1) left[row]! -= dwellS * rates[row * columns + column]!
    if (!dwells.has(column)) tour.push(column)
    dwells.set(column, (dwells.get(column) ?? 0) + dwellS)
    timeS -= dwellS + wayS
  }
  const stops = tour.map((column) => ({ column, dwellS: dwells.get(column)! }))
  return {
    rows: Array.from(left.keys()).filter((row) => left[row]! <= 1e-9),
    // New stops hang at the end of the tour: what it takes is known only where there are none.
    chosen:
      tour.length === chosen.stops.length
        ? { ...stopsOf(stops, 0, speedMps), travelS: chosen.travelS }
        : null,
  }
}

function nearestM(tour: readonly number[], column: number, apartM: BudgetInput['apartM']): number {
  return Math.min(apartM(null, column), ...tour.map((other) => apartM(other, column)))
}
