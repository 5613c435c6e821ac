import { parseDateTime, toZoned } from '@internationalized/date'

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
