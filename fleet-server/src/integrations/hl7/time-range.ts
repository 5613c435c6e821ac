import { Temporal } from 'temporal-polyfill'

/** An instant as exactly as it was told: some systems say minutes, and an hour in autumn comes twice. */
export interface TimeRange {
  readonly fromMs: number
  readonly toMs: number
}

const TIME =
  /^(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:\.(\d{1,4}))?)?)?)?)?)?([+-]\d{4})?$/

/** A time stamp of HL7 (2.A.22). @param timeZone where it names none @returns `null` where it is none */
export function parseTime(text: string, timeZone: string): TimeRange | null {
  const [, year, month, day, hour, minute, second, fraction, offset] = TIME.exec(text) ?? []
  if (year === undefined) return null
  const unit =
    second !== undefined
      ? 'seconds'
      : minute !== undefined
        ? 'minutes'
        : hour !== undefined
          ? 'hours'
          : day !== undefined
            ? 'days'
            : month !== undefined
              ? 'months'
              : 'years'
  try {
    const from = Temporal.PlainDateTime.from(
      {
        year: Number(year),
        month: Number(month ?? 1),
        day: Number(day ?? 1),
        hour: Number(hour ?? 0),
        minute: Number(minute ?? 0),
        second: Number(second ?? 0),
      },
      { overflow: 'reject' },
    )
    const zone = offset === undefined ? timeZone : `${offset.slice(0, 3)}:${offset.slice(3)}`
    const epochMs = (local: Temporal.PlainDateTime, disambiguation: 'earlier' | 'later') =>
      local.toZonedDateTime(zone, { disambiguation }).epochMilliseconds
    if (fraction !== undefined) {
      const ms = Math.floor(1000 * Number(`0.${fraction}`))
      return { fromMs: epochMs(from, 'earlier') + ms, toMs: epochMs(from, 'later') + ms }
    }
    return {
      fromMs: epochMs(from, 'earlier'),
      toMs: epochMs(from.add({ [unit]: 1 }).subtract({ milliseconds: 1 }), 'later'),
    }
  } catch {
    return null
  }
}

/** A system whose clock is ahead of ours cannot make all that follows look old. */
export function notAfter({ fromMs, toMs }: TimeRange, nowMs: number): TimeRange {
  return { fromMs: Math.min(fromMs, nowMs), toMs: Math.min(toMs, nowMs) }
}
