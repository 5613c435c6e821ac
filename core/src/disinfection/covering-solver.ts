/**
 * `min Σ t` subject to `A t ≥ b`, `t ≥ 0`, with `A ≥ 0` dense: how long to stay at each stop so that
 * every surface gets what it needs.
 */
export interface CoveringProblem {
  /** Rows: surfaces. */
  readonly rows: number
  /** Columns: stops. */
  readonly columns: number
  /** Row-major, what one second at a stop gives to a surface. */
  readonly rates: Float64Array
  /** What each surface needs, above 0, in the unit of the rates times seconds. */
  readonly needs: Float64Array
}

export interface CoveringSolver {
  /** Seconds per column, or `null` when some row cannot be covered. Feasible: every row gets its need, or more. */
  solve(problem: CoveringProblem): Float64Array | null
}

/** Entries below this are rounding, relative to a scaled matrix whose entries are about 1. */
const ZERO = 1e-9

/** After so many steps without progress the entering column is chosen by Bland's rule, which cannot cycle. */
const STALL = 50

/**
 * The simplex method on the dual problem `max Σ y` subject to `Aᵀ y ≤ 1`, `y ≥ 0` (rows scaled to a
 * need of 1). There `y = 0` is a feasible start, so there is no first phase; the dwell times are the
 * reduced costs of the slacks at the optimum. Dense tableau of stops × surfaces, pivoted in place.
 */
export const SIMPLEX_SOLVER: CoveringSolver = {
  solve(problem) {
    if (problem.rows === 0) return new Float64Array(problem.columns)
    const optimum = simplex(problem)
    return optimum === null ? null : scaledToCover(optimum.dwells, problem)
  },
}

/**
 * What each row costs, seconds: the dual optimum in the unit of the rows' needs. The sum is the least time; a row
 * of price 0 is covered along with the others.
 *
 * @returns `null` when some row cannot be covered
 */
export function coveringPrices(problem: CoveringProblem): Float64Array | null {
  return problem.rows === 0 ? new Float64Array(0) : (simplex(problem)?.prices ?? null)
}

interface Optimum {
  readonly dwells: Float64Array
  readonly prices: Float64Array
}

function simplex({ rows, columns, rates, needs }: CoveringProblem): Optimum | null {
  // Tableau row per stop (its slack is basic at first), column per surface.
  const tableau = new Float64Array(columns * rows)
  for (let row = 0; row < rows; row += 1) {
    let best = 0
    for (let column = 0; column < columns; column += 1) {
      const rate = rates[row * columns + column]! / needs[row]!
      tableau[column * rows + row] = rate
      best = Math.max(best, rate)
    }
    if (best <= 0) return null
  }
  return optimumOf(tableau, columns, rows)
}

/** The dual's simplex; `width` surfaces are the variables, `height` stops the constraints. */
function optimumOf(tableau: Float64Array, height: number, width: number): Optimum {
  // Which variable is where: surfaces are 0 … width-1, the slack of stop k is width + k.
  const nonbasic = Int32Array.from({ length: width }, (_, index) => index)
  const basic = Int32Array.from({ length: height }, (_, index) => width + index)
  // Right sides differ by parts in a billion, lest equal stops tie.
  const right = Float64Array.from({ length: height }, (_, index) => 1 + 1e-9 * ((index * 7919) % 1009))
  const reduced = new Float64Array(width).fill(1)
  const scale = columnScales(tableau, height, width)
  let stalled = 0
  for (let step = 0; step < 50 * (height + width); step += 1) {
    const entering = chooseEntering(reduced, scale, nonbasic, stalled > STALL)
    if (entering < 0) break
    const leaving = chooseLeaving(tableau, right, basic, entering, width)
    // A ≥ 0 with a positive entry in each row bounds the dual; only rounding gets here.
    if (leaving < 0) {
      reduced[entering] = 0
      continue
    }
    const gain = (reduced[entering]! * right[leaving]!) / tableau[leaving * width + entering]!
    stalled = gain > ZERO ? 0 : stalled + 1
    pivot(tableau, right, reduced, leaving, entering, height, width)
    const variable = nonbasic[entering]!
    nonbasic[entering] = basic[leaving]!
    basic[leaving] = variable
  }
  const dwells = new Float64Array(height)
  for (let index = 0; index < width; index += 1) {
    const stop = nonbasic[index]! - width
    if (stop >= 0) dwells[stop] = Math.max(0, -reduced[index]!)
  }
  const prices = new Float64Array(width)
  for (let row = 0; row < height; row += 1) {
    if (basic[row]! < width) prices[basic[row]!] = Math.max(0, right[row]!)
  }
  return { dwells, prices }
}

/** How much each surface's variable may grow at most at the start: steepest gains are compared in this unit. */
function columnScales(tableau: Float64Array, height: number, width: number): Float64Array {
  const scale = new Float64Array(width + height).fill(1)
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      scale[column] = Math.max(row === 0 ? 0 : scale[column]!, tableau[row * width + column]!)
    }
  }
  return scale
}

function chooseEntering(
  reduced: Float64Array,
  scale: Float64Array,
  nonbasic: Int32Array,
  byIndex: boolean,
): number {
  let entering = -1
  let best = 0
  for (let column = 0; column < reduced.length; column += 1) {
    if (reduced[column]! <= ZERO) continue
    const variable = nonbasic[column]!
    const merit = byIndex ? 1 / (1 + variable) : reduced[column]! / scale[variable]!
    if (merit > best) {
      best = merit
      entering = column
    }
  }
  return entering
}

function chooseLeaving(
  tableau: Float64Array,
  right: Float64Array,
  basic: Int32Array,
  entering: number,
  width: number,
): number {
  let leaving = -1
  let least = Infinity
  for (let row = 0; row < right.length; row += 1) {
    const rate = tableau[row * width + entering]!
    if (rate <= ZERO) continue
    const ratio = Math.max(0, right[row]!) / rate
    if (ratio < least - 1e-14 || (ratio <= least && basic[row]! < basic[leaving]!)) {
      least = ratio
      leaving = row
    }
  }
  return leaving
}

/** Exchanges a basic and a nonbasic variable in place (condensed tableau). */
function pivot(
  tableau: Float64Array,
  right: Float64Array,
  reduced: Float64Array,
  leaving: number,
  entering: number,
  height: number,
  width: number,
): void {
  const base = leaving * width
  const inverse = 1 / tableau[base + entering]!
  for (let column = 0; column < width; column += 1) tableau[base + column]! *= inverse
  tableau[base + entering] = inverse
  right[leaving]! *= inverse
  for (let row = 0; row < height; row += 1) {
    if (row === leaving) continue
    const start = row * width
    const factor = tableau[start + entering]!
    if (factor === 0) continue
    tableau[start + entering] = 0
    for (let column = 0; column < width; column += 1) {
      tableau[start + column]! -= factor * tableau[base + column]!
    }
    right[row]! -= factor * right[leaving]!
  }
  const factor = reduced[entering]!
  reduced[entering] = 0
  for (let column = 0; column < width; column += 1) reduced[column]! -= factor * tableau[base + column]!
}

/** The dwells, stretched by what rounding left short in the worst row (parts in a million). */
function scaledToCover(dwells: Float64Array, problem: CoveringProblem): Float64Array | null {
  const short = worstShortfall(dwells, problem)
  return Number.isFinite(short) ? dwells.map((dwellS) => dwellS * Math.max(1, short)) : null
}

/** The factor by which dwells must be stretched to cover every row; `Infinity` when a row gets nothing. */
export function worstShortfall(
  dwells: Float64Array,
  { rows, columns, rates, needs }: CoveringProblem,
): number {
  let worst = 0
  for (let row = 0; row < rows; row += 1) {
    let given = 0
    for (let column = 0; column < columns; column += 1) {
      given += rates[row * columns + column]! * dwells[column]!
    }
    worst = Math.max(worst, needs[row]! / given)
  }
  return worst
}
