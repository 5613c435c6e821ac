import type { CauseRow, RunRow, Verdict } from '@wardlight/core/fleet'
import { compareText, groupBy, groupRows, type MonthAndWard } from './group-rows.ts'

/** What is told of a run that is over, by its row and by its evidence. */
export interface EndedRun extends MonthAndWard {
  readonly verdict: Verdict | null
  readonly wasStopped: boolean
  readonly hasReport: boolean
  /** What is wrong with the evidence itself. */
  readonly hasProblem: boolean
  /** Of the evidence; `null`: nothing tripped, or it cannot be read. */
  readonly lastInterlock: string | null
  /** How a cycle of gas ended; `null`: light, or it cannot be read. */
  readonly gasEnd: string | null
  readonly missedSurfaces: number
}

/**
 * Why a run has no proof; `null`: it has one. What people did comes first; then evidence that proves nothing whatever it
 * says; then the last thing that made it dark, as its outcome in the room list says too (`domain/verdict.ts`).
 */
export function causeOf(run: Omit<EndedRun, keyof MonthAndWard>): string | null {
  if (run.verdict === 'proven') return null
  if (run.wasStopped) return 'stopped'
  if (!run.hasReport) return 'noReport'
  if (run.hasProblem) return 'evidence'
  if (run.lastInterlock !== null) return run.lastInterlock
  if (run.gasEnd !== null && run.gasEnd !== 'completed') return run.gasEnd
  return run.missedSurfaces > 0 ? 'underDosed' : 'unknown'
}

export function runRows(runs: readonly EndedRun[]): RunRow[] {
  return groupRows(runs).map(({ month, ward, rows }) => ({
    month,
    ward,
    finished: rows.length,
    proven: rows.filter(({ verdict }) => verdict === 'proven').length,
    ...unprovenOf(rows),
  }))
}

/** The most frequent cause of a month and ward first. */
export function causeRows(runs: readonly EndedRun[]): CauseRow[] {
  return groupRows(runs).flatMap(({ month, ward, rows }) => {
    const unproven = rows.flatMap((run) => {
      const cause = causeOf(run)
      return cause === null ? [] : [{ ...run, cause }]
    })
    return [...groupBy(unproven, ({ cause }) => cause)]
      .map(([cause, ofCause]) => ({ month, ward, cause, ...unprovenOf(ofCause) }))
      .toSorted((a, b) => totalOf(b) - totalOf(a) || compareText(a.cause, b.cause))
  })
}

function unprovenOf(runs: readonly EndedRun[]): Pick<CauseRow, 'aborted' | 'incomplete' | 'withoutVerdict'> {
  const having = (wanted: Verdict | null) => runs.filter(({ verdict }) => verdict === wanted).length
  return { aborted: having('aborted'), incomplete: having('incomplete'), withoutVerdict: having(null) }
}

function totalOf({ aborted, incomplete, withoutVerdict }: CauseRow): number {
  return aborted + incomplete + withoutVerdict
}
