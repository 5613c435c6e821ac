import type { DueCounts, DueRow } from '@wardlight/core/fleet'
import { groupRows, type MonthAndWard } from './group-rows.ts'

/** A request, as far as it counts. */
export interface CountedRequest extends MonthAndWard {
  readonly requestedMs: number
  /** `null`: nobody said by when. */
  readonly dueMs: number | null
  /** When people released the room under the proven report of its last step; `null`: they have not. */
  readonly releasedMs: number | null
  readonly isWithdrawn: boolean
  /**
   * Its planning failed, a run of it ended without a proof, or nobody signed before the next treatment of the room; and none
   * of its own is under way.
   */
  readonly hasFailed: boolean
}

/** Dates of recurring plans that passed without a request. */
export interface MissedDates extends MonthAndWard {
  readonly missedDates: number
}

const NOTHING: DueCounts = {
  due: 0,
  done: 0,
  doneInTime: 0,
  doneLate: 0,
  doneWithoutDueTime: 0,
  failed: 0,
  open: 0,
  overdue: 0,
  missedDates: 0,
  withdrawn: 0,
}

/** What one request adds. Released counts as done, whatever else is said of it; withdrawn counts as nothing else. */
export function countsOf(request: CountedRequest, nowMs: number): DueCounts {
  const { releasedMs, dueMs } = request
  if (releasedMs !== null) {
    const when =
      dueMs === null ? 'doneWithoutDueTime' : releasedMs <= dueMs ? 'doneInTime' : ('doneLate' as const)
    return { ...NOTHING, due: 1, done: 1, [when]: 1 }
  }
  if (request.isWithdrawn) return { ...NOTHING, withdrawn: 1 }
  return {
    ...NOTHING,
    due: 1,
    [request.hasFailed ? 'failed' : 'open']: 1,
    overdue: dueMs !== null && dueMs < nowMs ? 1 : 0,
  }
}

/** By month and ward, and all of it: counts may be added, and are. */
export function dueAndDone(
  requests: readonly CountedRequest[],
  missed: readonly MissedDates[],
  nowMs: number,
): { readonly rows: DueRow[]; readonly whole: DueCounts } {
  const parts = [
    ...requests.map((request) => ({ ...keyOf(request), ...countsOf(request, nowMs) })),
    ...missed.map((dates) => ({
      ...keyOf(dates),
      ...NOTHING,
      due: dates.missedDates,
      missedDates: dates.missedDates,
    })),
  ]
  return {
    rows: groupRows(parts).map(({ month, ward, rows }) => ({ month, ward, ...sumOf(rows) })),
    whole: sumOf(parts),
  }
}

function keyOf({ month, ward }: MonthAndWard): MonthAndWard {
  return { month, ward }
}

function sumOf(parts: readonly DueCounts[]): DueCounts {
  const sum = { ...NOTHING }
  for (const part of parts) {
    for (const name of Object.keys(NOTHING) as (keyof DueCounts)[]) sum[name] += part[name]
  }
  return sum
}
