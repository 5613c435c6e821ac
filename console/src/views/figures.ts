/** A dose as people read it: no more digits than it is sure of. */
export function formatDose(doseMjPerCm2: number): string {
  if (doseMjPerCm2 >= 100) return doseMjPerCm2.toFixed(0)
  if (doseMjPerCm2 >= 10) return doseMjPerCm2.toFixed(1)
  return doseMjPerCm2.toFixed(2)
}

export function formatLog(log: number): string {
  return Number.isInteger(log) ? String(log) : log.toFixed(1)
}

/** A log reduction that was reached: never rounded up to what was not. */
export function formatLogDown(log: number): string {
  // What rounding in binary took away (3 as 2.9999999) is not a tenth.
  return formatLog(Math.floor(log * 10 + 1e-6) / 10)
}

/** Log reduction as the share inactivated: 3 → "99.9 %". */
export function percentInactivated(log: number): string {
  const percent = 100 * (1 - 10 ** -log)
  const digits = Math.min(5, Math.max(0, Math.ceil(log) - 2))
  // Rounding up to 100 % would promise what nobody can.
  const floored = Math.floor(percent * 10 ** digits) / 10 ** digits
  return `${floored.toFixed(digits)} %`
}

export function formatMinutes(seconds: number): string {
  const minutes = seconds / 60
  return minutes < 10 ? minutes.toFixed(1) : minutes.toFixed(0)
}
