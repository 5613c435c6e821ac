import { msToLocal } from './recurrence.ts'

/** Further away than this a time is said with its date: it is no longer the same shift. */
const FAR_MS = 12 * 3_600_000

/** A moment by the hospital's clocks: `02:40`, or `2026-03-27 02:40` where it is not the same shift. */
export function timeWords(ms: number, nowMs: number, timeZone: string): string {
  const [date, time] = msToLocal(ms, timeZone).split('T') as [string, string]
  return Math.abs(ms - nowMs) > FAR_MS ? `${date} ${time}` : time
}
