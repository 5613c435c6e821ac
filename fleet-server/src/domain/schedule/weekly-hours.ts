import { localToMs, msToLocal } from './recurrence.ts'

/** Days as in RFC 5545. */
export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** Hours that come again every week, by the hospital's clocks; one that ends at or before its start ends the next day. */
export interface WeeklyHours {
  readonly days: readonly Weekday[]
  /** `22:00`. */
  readonly from: string
  readonly to: string
}

export interface Interval {
  readonly fromMs: number
  readonly toMs: number
}

const DAY_MS = 86_400_000

/** The intervals of weekly hours that touch `[fromMs, toMs)`, merged, ascending. */
export function intervalsOf(
  hours: readonly WeeklyHours[],
  timeZone: string,
  fromMs: number,
  toMs: number,
): Interval[] {
  const found: Interval[] = []
  const first = Date.parse(`${msToLocal(fromMs, timeZone).slice(0, 10)}T00:00Z`) - DAY_MS
  for (let day = first; day <= toMs + 2 * DAY_MS; day += DAY_MS) {
    const date = isoDate(day)
    const weekday = WEEKDAYS[(new Date(day).getUTCDay() + 6) % 7]!
    for (const { days, from, to } of hours) {
      if (!days.includes(weekday)) continue
      const end = to > from ? date : isoDate(day + DAY_MS)
      const interval = {
        fromMs: localToMs(`${date}T${from}`, timeZone),
        toMs: localToMs(`${end}T${to}`, timeZone),
      }
      if (interval.toMs > Math.max(fromMs, interval.fromMs) && interval.fromMs < toMs) found.push(interval)
    }
  }
  return merged(found)
}

/** Overlapping and touching intervals joined, ascending. */
export function merged(intervals: readonly Interval[]): Interval[] {
  const joined: { fromMs: number; toMs: number }[] = []
  for (const { fromMs, toMs } of intervals.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = joined.at(-1)
    if (last !== undefined && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs)
    else joined.push({ fromMs, toMs })
  }
  return joined
}

function isoDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
