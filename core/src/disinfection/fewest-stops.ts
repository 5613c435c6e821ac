import { chooseStops, timerOf, type ChosenStops } from './choose-stops.ts'
import type { CoveringProblem, CoveringSolver } from './covering-solver.ts'

/** The longest that one stop may take for a row while a cover is sought, of the time allowed (proposed). */
const SHARES = [1, 1 / 2, 1 / 4, 1 / 8] as const

/**
 * Few stops that cover every row within a time: covers of different widths are tried, each the stop that newly
 * covers most, again and again (Chvátal 1979: at most ln n + 1 times as many as needed), then without what the
 * others cover, then one stop for two where there is one; and the stops of least time, without each that the
 * others can spare. The fewest count, then the least time.
 *
 * @param lengthsAmong as for `chooseStops`
 * @param allowedS for light and ways; what takes longer counts only where the least time is longer too
 * @returns `null` when some row cannot be covered
 */
export function chooseFewestStops(
  problem: CoveringProblem,
  solver: CoveringSolver,
  speedMps: number,
  lengthsAmong: (columns: readonly number[]) => readonly (readonly number[])[],
  allowedS: number,
): ChosenStops | null {
  const quickest = chooseStops(problem, solver, speedMps, lengthsAmong)
  if (quickest === null) return null
  const limitS = Math.max(allowedS, totalS(quickest))
  const spared = (columns: readonly number[]): ChosenStops | null => {
    const time = timerOf(problem, solver, new Set(), columns, speedMps, lengthsAmong(columns))
    let picked = columns.map((_, index) => index)
    let best = time(picked)
    if (best === null || totalS(best) > limitS) return null
    for (;;) {
      const fewer = picked
        .map((index) => {
          const others = picked.filter((other) => other !== index)
          return { others, chosen: time(others) }
        })
        .filter(({ chosen }) => chosen !== null && totalS(chosen) <= limitS)
        .toSorted((a, b) => totalS(a.chosen!) - totalS(b.chosen!))[0]
      if (fewer === undefined) return best
      picked = fewer.others
      best = fewer.chosen
    }
  }
  const candidates = [
    quickest.stops.map(({ column }) => column),
    ...SHARES.map((share) => fewestCover(problem, share * limitS)).filter((cover) => cover !== null),
  ]
  let best = quickest
  for (const columns of candidates) {
    const chosen = spared(columns.toSorted((a, b) => a - b))
    if (chosen === null) continue
    const isFewer = chosen.stops.length < best.stops.length
    if (isFewer || (chosen.stops.length === best.stops.length && totalS(chosen) < totalS(best))) best = chosen
  }
  return best
}

function totalS({ dwellS, travelS }: ChosenStops): number {
  return dwellS + travelS
}

/** @returns columns, or `null` when some row is covered by none within the longest dwell */
function fewestCover(
  { rows, columns, rates, needs }: CoveringProblem,
  longestDwellS: number,
): readonly number[] | null {
  const covers = Array.from({ length: columns }, (_, column) => {
    const covered: number[] = []
    for (let row = 0; row < rows; row += 1) {
      if (rates[row * columns + column]! * longestDwellS >= needs[row]! * (1 - 1e-9)) covered.push(row)
    }
    return covered
  })
  /** How many of the chosen columns cover each row. */
  const times = new Int32Array(rows)
  const chosen = new Set<number>()
  const count = (column: number, by: 1 | -1) => {
    if (by === 1) chosen.add(column)
    else chosen.delete(column)
    for (const row of covers[column]!) times[row]! += by
  }
  const bestNext = () => {
    let best = { column: -1, covered: 0 }
    for (let column = 0; column < columns; column += 1) {
      const covered = covers[column]!.reduce((sum, row) => sum + (times[row] === 0 ? 1 : 0), 0)
      if (covered > best.covered) best = { column, covered }
    }
    return best
  }
  const dropNeedless = () => {
    for (const column of [...chosen].toReversed()) {
      if (covers[column]!.every((row) => times[row]! > 1)) count(column, -1)
    }
  }

  for (let left = rows; left > 0;) {
    const { column, covered } = bestNext()
    if (column < 0) return null
    count(column, 1)
    left -= covered
  }
  dropNeedless()
  for (let isFewer = true; isFewer;) {
    isFewer = false
    const pairs = [...chosen].flatMap((one, index, all) =>
      all.slice(index + 1).map((other) => [one, other] as const),
    )
    for (const [one, other] of pairs) {
      count(one, -1)
      count(other, -1)
      const open = times.reduce((sum, covered) => sum + (covered === 0 ? 1 : 0), 0)
      const { column, covered } = bestNext()
      if (column >= 0 && covered === open) {
        count(column, 1)
        dropNeedless()
        isFewer = true
        break
      }
      count(one, 1)
      count(other, 1)
    }
  }
  return [...chosen]
}
