import {
  parseAbsolute,
  parseTime,
  toCalendarDate,
  toCalendarDateTime,
  toZoned,
} from '@internationalized/date'

/**
 * When the shift ends that runs at an instant, ISO 8601. A time that the clocks leave out that night counts from the jump on.
 *
 * @param shiftEnds by the hospital's clocks, `HH:MM`; at least one
 */
export function shiftEndAfter(nowIso: string, timeZone: string, shiftEnds: readonly string[]): string {
  const now = parseAbsolute(nowIso, timeZone)
  const today = toCalendarDate(now)
  const ends = [today, today.add({ days: 1 })]
    .flatMap((day) => shiftEnds.map((time) => toZoned(toCalendarDateTime(day, parseTime(time)), timeZone)))
    .filter((end) => end.compare(now) > 0)
    .toSorted((a, b) => a.compare(b))
  return ends[0]!.toAbsoluteString()
}
