import { coveringPrices, type CoveringProblem, type CoveringSolver } from './covering-solver.ts'
import { shortTour, tourLengthM } from './tour.ts'

/**
 * Seconds that every stop costs beside its dwell and its way: braking, turning, settling, starting
 * (proposed; a turn by 90° at 1 rad/s and two ramps of 0.5 m/s²).
 */
export const STOP_OVERHEAD_S = 3

/** No stop is shorter: the lamp would be moving for longer than it stands, seconds (proposed). */
export const SHORTEST_DWELL_S = 2

/**
 * Stops longer than this are kept: what going there costs is little beside it, and the others would
 * take longer still (proposed; in patient rooms trying them all found nothing).
 */
const LONGEST_SPARED_S = 10 * STOP_OVERHEAD_S

/** So many stops are tried to be spared: all of a patient room's, several times; a hall's once (proposed). */
const MOST_TRIES = 100

/** In driving order, with indices of the problem's columns. */
export interface ChosenStops {
  readonly stops: readonly { readonly column: number; readonly dwellS: number }[]
  readonly dwellS: number
  readonly travelS: number
}

/**
 * Stops and dwells with little time for light and ways together: the optimum of the covering problem,
 * which counts light alone, then without each short stop whose light the others give in less time
 * than going there takes, the shortest first.
 *
 * @param lengthsAmong driving distances among the start (0) and columns, in their order, metres
 * @returns `null` when some row cannot be covered
 */
export function chooseStops(
  problem: CoveringProblem,
  solver: CoveringSolver,
  speedMps: number,
  lengthsAmong: (columns: readonly number[]) => readonly (readonly number[])[],
): ChosenStops | null {
  const hardRows = new Set<number>()
  const optimum = solveByHardRows(problem, solver, hardRows)
  if (optimum === null) return null
  const support = Array.from(optimum.keys()).filter((column) => optimum[column]! > 1e-6)
  const time = timerOf(problem, solver, hardRows, support, speedMps, lengthsAmong(support))

  let tries = MOST_TRIES
  let picked = support.map((_, index) => index)
  let best = time(picked)
  for (let isThinner = true; isThinner && best !== null;) {
    isThinner = false
    const dwellOf = new Map(best.stops.map(({ column, dwellS }) => [column, dwellS]))
    const byDwell = picked
      .filter((index) => dwellOf.get(support[index]!)! <= LONGEST_SPARED_S)
      .toSorted((a, b) => dwellOf.get(support[a]!)! - dwellOf.get(support[b]!)! || a - b)
    for (const index of byDwell) {
      if (tries === 0) return best
      tries -= 1
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

/**
 * Dwells and tour of any of some columns.
 *
 * @param lengthsM among the start (0) and the columns, in their order
 * @returns a function from indices of `columns` to their stops, or to `null` when they do not cover every row
 */
export function timerOf(
  problem: CoveringProblem,
  solver: CoveringSolver,
  hardRows: Set<number>,
  columns: readonly number[],
  speedMps: number,
  lengthsM: readonly (readonly number[])[],
): (picked: readonly number[]) => ChosenStops | null {
  const lit = partOf(problem, null, columns)
  return (picked) => {
    const dwells = solveByHardRows(partOf(lit, null, picked), solver, hardRows)
    if (dwells === null) return null
    const places = [0, ...picked.map((index) => index + 1)]
    const among = places.map((from) => places.map((to) => lengthsM[from]![to]!))
    const tour = shortTour(among)
    return stopsOf(
      tour.map((place) => ({ column: columns[picked[place - 1]!]!, dwellS: dwells[place - 1]! })),
      tourLengthM(among, tour),
      speedMps,
    )
  }
}

/** Stops as a robot keeps them, in tenths of a second and none too short, and the time that they take. */
export function stopsOf(
  tour: readonly { readonly column: number; readonly dwellS: number }[],
  wayM: number,
  speedMps: number,
): ChosenStops {
  const stops = tour.map(({ column, dwellS }) => ({
    column,
    dwellS: Math.max(SHORTEST_DWELL_S, Math.ceil(10 * dwellS - 1e-6) / 10),
  }))
  return {
    stops,
    dwellS: toTenths(stops.reduce((sum, { dwellS }) => sum + dwellS, 0)),
    travelS: toTenths(wayM / speedMps + STOP_OVERHEAD_S * stops.length),
  }
}

/** What each row adds to the least time of light, seconds. @returns `null` when some row cannot be covered */
export function pricesOfRows(problem: CoveringProblem, solver: CoveringSolver): Float64Array | null {
  const hardRows = new Set<number>()
  if (solveByHardRows(problem, solver, hardRows) === null) return null
  const hard = [...hardRows]
  const prices = coveringPrices(partOf(problem, hard, null))
  if (prices === null) return null
  const all = new Float64Array(problem.rows)
  hard.forEach((row, index) => (all[row] = prices[index]!))
  return all
}

/** Rows that join the hard ones at a time. */
const ROWS_AT_A_TIME = 40

/**
 * The same optimum from few rows: most surfaces get their light along with the hard ones. Solves for
 * the hard rows, adds those that it leaves shortest, and again, until no row is short.
 *
 * @param hardRows where the search begins; it grows
 */
function solveByHardRows(
  problem: CoveringProblem,
  solver: CoveringSolver,
  hardRows: Set<number>,
): Float64Array | null {
  const { rows, columns, rates, needs } = problem
  for (;;) {
    const dwells = solver.solve(partOf(problem, [...hardRows], null))
    if (dwells === null) return null
    const short: { row: number; share: number }[] = []
    let leastShare = 1
    for (let row = 0; row < rows; row += 1) {
      let given = 0
      let best = 0
      for (let column = 0; column < columns; column += 1) {
        const rate = rates[row * columns + column]!
        given += rate * dwells[column]!
        if (rate > best) best = rate
      }
      const share = given / needs[row]!
      leastShare = Math.min(leastShare, share)
      if (hardRows.has(row) || share >= 1 - 1e-6) continue
      if (best === 0) return null
      // Of rows that got nothing the dimmest comes first.
      short.push({ row, share: share > 0 ? share : -needs[row]! / best })
    }
    if (short.length === 0) return leastShare > 0 ? dwells.map((dwellS) => dwellS / leastShare) : dwells
    short.sort((one, other) => one.share - other.share || one.row - other.row)
    for (const { row } of short.slice(0, ROWS_AT_A_TIME)) hardRows.add(row)
  }
}

/** @param rowsKept `null` for all; @param columnsKept likewise */
export function partOf(
  problem: CoveringProblem,
  rowsKept: readonly number[] | null,
  columnsKept: readonly number[] | null,
): CoveringProblem {
  const { columns, rates, needs } = problem
  const someRows = rowsKept ?? Array.from(needs.keys())
  const someColumns = columnsKept ?? Array.from({ length: columns }, (_, column) => column)
  const some = new Float64Array(someRows.length * someColumns.length)
  let target = 0
  for (const row of someRows) {
    for (const column of someColumns) {
      some[target] = rates[row * columns + column]!
      target += 1
    }
  }
  return {
    rows: someRows.length,
    columns: someColumns.length,
    rates: some,
    needs: Float64Array.from(someRows, (row) => needs[row]!),
  }
}

export function toTenths(seconds: number): number {
  return Math.round(10 * seconds) / 10
}
