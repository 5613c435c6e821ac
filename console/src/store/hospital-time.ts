import { parseAbsolute, parseDateTime, toCalendarDateTime, toZoned } from '@internationalized/date'

/** All times are shown in the hospital's zone, wherever the browser is. */
export function formatTime(iso: string, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit' }).format(
    new Date(iso),
  )
}

export function formatDate(iso: string, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium' }).format(new Date(iso))
}

export function formatDateTime(iso: string, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(iso))
}

/** To the second, for the record: "27 Nov 2026, 23:40:32". */
export function formatExactTime(iso: string, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'medium' }).format(
    new Date(iso),
  )
}

/** With the weekday, for dates to come: "Sun 29 Mar, 03:30". */
export function formatDayTime(iso: string, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(iso))
}

/** An instant by the clocks of the hospital, as an `<input type="datetime-local">` takes it: `2026-03-29T03:30`. */
export function isoToHospitalTime(iso: string, timeZone: string): string {
  return toCalendarDateTime(parseAbsolute(iso, timeZone)).toString().slice(0, 16)
}

/** How far the hospital's clocks are ahead of UTC at an instant, minutes. */
export function offsetMin(iso: string, timeZone: string): number {
  return parseAbsolute(iso, timeZone).offset / 60_000
}

/**
 * A wall-clock time of the hospital, as an `<input type="datetime-local">` gives it, as ISO 8601 in
 * UTC; `null` when it is not a time.
 */
export function hospitalTimeToIso(local: string, timeZone: string): string | null {
  try {
    return toZoned(parseDateTime(local), timeZone).toAbsoluteString()
  } catch {
    return null
  }
}
