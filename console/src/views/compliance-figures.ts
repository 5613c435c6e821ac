import { TURNAROUND_BUCKETS_H, type CauseRow, type DueRow, type RunRow } from '@wardlight/core/fleet'
import { addMonths } from './month-names.ts'

export interface Period {
  readonly from: string
  readonly to: string
}

/** Whoever chooses a beginning after the end, or the other way round, means that one month. */
export function periodWith(period: Period, change: Partial<Period>): Period {
  const next = { ...period, ...change }
  if (next.from <= next.to) return next
  return change.from === undefined ? { from: next.to, to: next.to } : { from: next.from, to: next.from }
}

/** Rows of wards, added up by month: counts, and never percentiles. In the order of the months. */
export function dueByMonth(rows: readonly DueRow[]): readonly {
  readonly month: string
  readonly due: number
  readonly done: number
  /** Done in time or without a due time, done late, open, failed or never asked for. */
  readonly parts: readonly [number, number, number, number]
}[] {
  return [...new Set(rows.map(({ month }) => month))].toSorted().map((month) => {
    const own = rows.filter((row) => row.month === month)
    const sum = (value: (row: DueRow) => number) => own.reduce((total, row) => total + value(row), 0)
    return {
      month,
      due: sum(({ due }) => due),
      done: sum(({ done }) => done),
      parts: [
        sum(({ doneInTime, doneWithoutDueTime }) => doneInTime + doneWithoutDueTime),
        sum(({ doneLate }) => doneLate),
        sum(({ open }) => open),
        sum(({ failed, missedDates }) => failed + missedDates),
      ],
    }
  })
}

export interface Cause {
  readonly cause: string
  readonly aborted: number
  readonly incomplete: number
  readonly withoutVerdict: number
}

/** Of all months and wards, the most frequent first. */
export function causesOfAll(rows: readonly CauseRow[]): Cause[] {
  const causes = new Map<string, Cause>()
  for (const { cause, aborted, incomplete, withoutVerdict } of rows) {
    const known = causes.get(cause)
    causes.set(cause, {
      cause,
      aborted: aborted + (known?.aborted ?? 0),
      incomplete: incomplete + (known?.incomplete ?? 0),
      withoutVerdict: withoutVerdict + (known?.withoutVerdict ?? 0),
    })
  }
  return [...causes.values()].toSorted((a, b) => totalOf(b) - totalOf(a) || (a.cause < b.cause ? -1 : 1))
}

export function totalOf({ aborted, incomplete, withoutVerdict }: Omit<Cause, 'cause'>): number {
  return aborted + incomplete + withoutVerdict
}

export function finishedRuns(rows: readonly RunRow[]): number {
  return rows.reduce((sum, { finished }) => sum + finished, 0)
}

/** From and to which hour each bucket of a turnaround goes; `null`: without an end. */
export function bucketRanges(): readonly { readonly fromH: number; readonly toH: number | null }[] {
  return [...TURNAROUND_BUCKETS_H, null].map((toH, index) => ({
    fromH: TURNAROUND_BUCKETS_H[index - 1] ?? 0,
    toH,
  }))
}

/** Months that can be chosen, the newest first: a month ahead, for what is due then, and three years back. */
export function monthChoices(thisMonth: string): string[] {
  return Array.from({ length: 38 }, (_, step) => addMonths(thisMonth, 1 - step))
}
