import type { BenchRow, Spread } from './suite.ts'

/** One side of a comparison: does its work once and says what it cost, in the row's unit. */
export type Side = () => number

export interface Comparison extends Pick<BenchRow, 'id' | 'name' | 'unit' | 'goal'> {
  readonly ours: { readonly name: string; readonly measure: Side }
  readonly peer: { readonly name: string; readonly measure: Side }
  /** Asked for after the measurements. */
  readonly notes?: () => readonly string[]
}

/**
 * Measures both sides in turns, each once beforehand to warm up. Which side begins alternates, so that neither always
 * follows the other's rubbish.
 */
export function compare(comparison: Comparison, rounds: number): BenchRow {
  const { ours, peer } = comparison
  ours.measure()
  peer.measure()
  const ourFigures: number[] = []
  const peerFigures: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) ourFigures.push(ours.measure())
    peerFigures.push(peer.measure())
    if (round % 2 === 1) ourFigures.push(ours.measure())
  }
  return rowOf(comparison, ourFigures, peerFigures)
}

/** What was measured round by round, as a row. */
export function rowOf(
  comparison: Omit<Comparison, 'ours' | 'peer'> & {
    readonly ours: { readonly name: string }
    readonly peer: { readonly name: string }
  },
  ourFigures: readonly number[],
  peerFigures: readonly number[],
): BenchRow {
  const { id, name, unit, goal, ours, peer } = comparison
  return {
    id,
    name,
    unit,
    rounds: ourFigures.length,
    ours: { name: ours.name, figures: spreadOf(ourFigures) },
    peer: { name: peer.name, figures: spreadOf(peerFigures) },
    ratio: spreadOf(peerFigures.map((figure, round) => figure / ourFigures[round]!)),
    goal,
    notes: comparison.notes?.() ?? [],
  }
}

/** Milliseconds that a piece of work takes. */
export function elapsedMs(work: () => unknown): number {
  const begunMs = performance.now()
  work()
  return performance.now() - begunMs
}

/** The median of some runs after one to warm up, milliseconds. */
export function medianMs(work: () => unknown, runs: number): number {
  work()
  return spreadOf(Array.from({ length: runs }, () => elapsedMs(work))).median
}

export function spreadOf(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const median =
    sorted.length % 2 === 1
      ? sorted[Math.floor(middle)]!
      : (sorted[Math.max(0, middle - 1)]! + (sorted[middle] ?? NaN)) / 2
  return { median, min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN }
}
