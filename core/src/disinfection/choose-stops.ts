import type { CoveringProblem, CoveringSolver } from './covering-solver.ts'
import { shortTour, tourLengthM } from './tour.ts'

/**
 * Seconds that every stop costs beside its dwell and its way: braking, turning, settling, starting
 * (proposed; a turn by 90° at 1 rad/s and two ramps of 0.5 m/s²).
 */
export const STOP_OVERHEAD_S = 3

/** No stop is shorter: the lamp would be moving for longer than it stands, seconds (proposed). */
export const SHORTEST_DWELL_S = 2

/** In driving order, with indices of the problem's columns. */
export interface ChosenStops {
  readonly stops: readonly { readonly column: number; readonly dwellS: number }[]
  readonly dwellS: number
  readonly travelS: number
}

/**
 * Stops and dwells with little time for light and ways together: the optimum of the covering problem,
 * which counts light alone, then without each stop whose light the others give in less time than going
 * there takes, the shortest first.
 *
 * @param lengthsM driving distances among start (0) and chosen columns, in their order
 * @returns `null` when some row cannot be covered
 */
export function chooseStops(
  problem: CoveringProblem,
  solver: CoveringSolver,
  speedMps: number,
  lengthsAmong: (columns: readonly number[]) => readonly (readonly number[])[],
): ChosenStops | null {
  const optimum = solver.solve(problem)
  if (optimum === null) return null
  const support = Array.from(optimum.keys()).filter((column) => optimum[column]! > 1e-6)
  const lengthsM = lengthsAmong(support)
  const time = (picked: readonly number[]): ChosenStops | null => {
    const dwells = solver.solve(
      restrictedTo(
        problem,
        picked.map((index) => support[index]!),
      ),
    )
    if (dwells === null) return null
    const places = [0, ...picked.map((index) => index + 1)]
    const among = places.map((from) => places.map((to) => lengthsM[from]![to]!))
    const tour = shortTour(among)
    const stops = tour.map((place) => ({
      column: support[picked[place - 1]!]!,
      dwellS: Math.max(SHORTEST_DWELL_S, Math.ceil(10 * dwells[place - 1]! - 1e-6) / 10),
    }))
    return {
      stops,
      dwellS: stops.reduce((sum, { dwellS }) => sum + dwellS, 0),
      travelS: tourLengthM(among, tour) / speedMps + STOP_OVERHEAD_S * tour.length,
    }
  }

  let picked = support.map((_, index) => index)
  let best = time(picked)
  for (let isThinner = true; isThinner && best !== null;) {
    isThinner = false
    const dwellOf = new Map(best.stops.map(({ column, dwellS }) => [column, dwellS]))
    const byDwell = picked.toSorted((a, b) => dwellOf.get(support[a]!)! - dwellOf.get(support[b]!)! || a - b)
    for (const index of byDwell) {
      const fewer = picked.filter((other) => other !== index)
      const candidate = time(fewer)
      if (candidate === null || candidate.dwellS + candidate.travelS >= best.dwellS + best.travelS) continue
      picked = fewer
      best = candidate
      isThinner = true
    }
  }
  return best
}

function restrictedTo(problem: CoveringProblem, picked: readonly number[]): CoveringProblem {
  const { rows, columns, rates, needs } = problem
  const some = new Float64Array(rows * picked.length)
  for (let row = 0; row < rows; row += 1) {
    for (let index = 0; index < picked.length; index += 1) {
      some[row * picked.length + index] = rates[row * columns + picked[index]!]!
    }
  }
  return { rows, columns: picked.length, rates: some, needs }
}
