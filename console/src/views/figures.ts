/** Figures as people read them, in the numerals of their language: a BCP 47 tag, as dictionaries have. */

/** A dose: no more digits than it is sure of. */
export function formatDose(doseMjPerCm2: number, locale: string): string {
  return decimals(doseMjPerCm2, doseMjPerCm2 >= 100 ? 0 : doseMjPerCm2 >= 10 ? 1 : 2, locale)
}

export function formatLog(log: number, locale: string): string {
  return decimals(log, Number.isInteger(log) ? 0 : 1, locale)
}

/** A log reduction that was reached: never rounded up to what was not. */
export function formatLogDown(log: number, locale: string): string {
  // What rounding in binary took away (3 as 2.9999999) is not a tenth.
  return formatLog(Math.floor(log * 10 + 1e-6) / 10, locale)
}

/** Log reduction as the share inactivated: 3 → "99.9 %". */
export function percentInactivated(log: number, locale: string): string {
  const percent = 100 * (1 - 10 ** -log)
  const digits = Math.min(5, Math.max(0, Math.ceil(log) - 2))
  // Rounding up to 100 % would promise what nobody can.
  const floored = Math.floor(percent * 10 ** digits) / 10 ** digits
  return `${decimals(floored, digits, locale)} %`
}

export function formatMinutes(seconds: number, locale: string): string {
  const minutes = seconds / 60
  return decimals(minutes, minutes < 10 ? 1 : 0, locale)
}

/** A place on a level, metres. */
export function formatMetres(metres: number, locale: string): string {
  return decimals(metres, 1, locale)
}

/** By locale and digits: a table of surfaces has hundreds of figures, and a format is slow to make. */
const formats = new Map<string, Intl.NumberFormat>()

/** Nothing stands between thousands: a point there is a comma to some. */
function decimals(value: number, digits: number, locale: string): string {
  const key = `${locale} ${digits}`
  let format = formats.get(key)
  if (format === undefined) {
    const how = { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false }
    formats.set(key, (format = new Intl.NumberFormat(locale, how)))
  }
  return format.format(value)
}
