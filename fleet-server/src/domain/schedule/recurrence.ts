import { wardError } from '@wardlight/core/errors'
import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'

/** When something happens again: RFC 5545 in the hospital's time. */
export interface Recurrence {
  /** The first time, by the clocks of the hospital: `2026-03-27T02:30`. */
  readonly startLocal: string
  /** `RRULE` without its name: `FREQ=WEEKLY;BYDAY=MO,TH`; `null`: once. */
  readonly rule: string | null
  /** IANA name. */
  readonly timeZone: string
}

/** Nothing in a hospital is disinfected every minute; and such rules would have no end. */
const FREQUENCIES = /^FREQ=(HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)$/
const PARTS =
  /^(INTERVAL|COUNT|UNTIL|BYMONTH|BYWEEKNO|BYYEARDAY|BYMONTHDAY|BYDAY|BYHOUR|BYMINUTE|BYSETPOS|WKST)=[A-Z0-9,+-]+$/
/** The least and most of each list of numbers (3.3.10), whatever its sign: the library drops what lies outside unsaid. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  INTERVAL: [1, 1000],
  COUNT: [1, 10_000],
  BYMONTH: [1, 12],
  BYWEEKNO: [1, 53],
  BYYEARDAY: [1, 366],
  BYMONTHDAY: [1, 31],
  BYHOUR: [0, 23],
  BYMINUTE: [0, 59],
  BYSETPOS: [1, 366],
}
/** Rules whose dates do not exist (30 February) are given up after this many periods. */
const MOST_PERIODS = 20_000
const DAY_MS = 86_400_000

/**
 * The instants of a recurrence in `[fromMs, toMs)`, ascending, at most `limit`.
 *
 * The rule is expanded on the wall clock, then each date gets its instant: a time that the spring change leaves out
 * happens as much later (02:30 becomes 03:30), and one that the autumn change gives twice happens the first time. So
 * no night goes without its run, and none has two (decision 0341).
 *
 * @throws WARD_ERR_SCHEDULE_RULE
 */
export function occurrencesBetween(
  recurrence: Recurrence,
  fromMs: number,
  toMs: number,
  limit = 1000,
): number[] {
  const start = startOf(recurrence)
  if (recurrence.rule === null) {
    const onlyMs = instantMs(start, recurrence.timeZone)
    return onlyMs >= fromMs && onlyMs < toMs ? [onlyMs] : []
  }
  // A day more on each side covers every offset between wall clock and instant.
  const instants = datesBetween(recurrence, start, fromMs - DAY_MS, toMs + DAY_MS)
    .map((date) => instantMs(date.toPlainDateTime(), recurrence.timeZone))
    .filter((ms) => ms >= fromMs && ms < toMs)
  return [...new Set(instants)].slice(0, limit)
}

/** The next instants from a moment on, at most `count`, looking no further than `horizonMs`. */
export function nextOccurrences(
  recurrence: Recurrence,
  fromMs: number,
  count: number,
  horizonMs = 400 * DAY_MS,
): number[] {
  const found: number[] = []
  // Widening windows: an hourly rule is not expanded for a year to find ten dates.
  for (let at = fromMs, widthMs = DAY_MS; at < fromMs + horizonMs && found.length < count; widthMs *= 4) {
    const until = Math.min(at + widthMs, fromMs + horizonMs)
    found.push(...occurrencesBetween(recurrence, at, until, count - found.length))
    at = until
  }
  return found
}

/** @throws WARD_ERR_SCHEDULE_RULE saying what is wrong */
export function checkRecurrence(recurrence: Recurrence): void {
  const start = startOf(recurrence)
  const startMs = instantMs(start, recurrence.timeZone)
  if (recurrence.rule !== null) {
    occurrencesBetween(recurrence, startMs, startMs + 7 * DAY_MS, 1)
  }
}

/** The instant of a wall-clock time: after a gap as much later, of two the first (RFC 5545, 3.3.5). */
export function localToMs(local: string, timeZone: string): number {
  return instantMs(Temporal.PlainDateTime.from(local), timeZone)
}

/** The wall-clock time at an instant, `2026-03-27T02:30`. */
export function msToLocal(ms: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(ms))
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })
}

function datesBetween(
  recurrence: Recurrence,
  start: Temporal.PlainDateTime,
  fromMs: number,
  toMs: number,
): Temporal.ZonedDateTime[] {
  const rule = ruleOf(recurrence, start)
  try {
    return rule.between(wall(fromMs), wall(toMs), true)
  } catch (cause) {
    throw wrongRule(`The rule "${recurrence.rule}" cannot be followed to its dates`, 'rule', cause)
  }
}

function startOf({ startLocal, timeZone }: Recurrence): Temporal.PlainDateTime {
  try {
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(startLocal)) throw new Error('not YYYY-MM-DDTHH:MM')
    const start = Temporal.PlainDateTime.from(startLocal)
    instantMs(start, timeZone)
    return start
  } catch (cause) {
    throw wrongRule(`The start "${startLocal}" in ${timeZone} is no date and time`, 'startLocal', cause)
  }
}

function ruleOf({ rule, timeZone }: Recurrence, start: Temporal.PlainDateTime): RRuleTemporal {
  const [frequency = '', ...parts] = (rule ?? '').trim().toUpperCase().split(';')
  if (!FREQUENCIES.test(frequency)) {
    throw wrongRule(`The rule "${rule}" does not begin with a frequency from hourly to yearly`, 'rule')
  }
  const unknown = parts.find((part) => !PARTS.test(part) || !isInRange(part))
  if (unknown !== undefined) throw wrongRule(`"${unknown}" is no part of such a rule`, 'rule')
  const onWall = [
    frequency,
    ...parts.map((part) => (part.startsWith('UNTIL=') ? untilOnWall(part, timeZone) : part)),
  ]
  try {
    return new RRuleTemporal({
      rruleString: `RRULE:${onWall.join(';')}`,
      dtstart: start.toZonedDateTime('UTC'),
      temporal: Temporal,
      strict: true,
      maxIterations: MOST_PERIODS,
      includeDtstart: false,
    })
  } catch (cause) {
    throw wrongRule(`The rule "${rule}" cannot be followed: ${(cause as Error).message}`, 'rule', cause)
  }
}

function isInRange(part: string): boolean {
  const [name, values] = part.split('=') as [string, string]
  const range = RANGES[name]
  if (range === undefined) return true
  return values.split(',').every((value) => {
    const size = Math.abs(Number(value))
    return Number.isInteger(size) && size >= range[0] && size <= range[1]
  })
}

/** UNTIL is an instant (3.3.10); here it must be comparable with the wall clock. */
function untilOnWall(part: string, timeZone: string): string {
  const [, date, time, zulu] = /^UNTIL=(\d{8})(?:T(\d{6})(Z?))?$/.exec(part) ?? []
  if (date === undefined) throw wrongRule(`"${part}" is no end of a rule`, 'rule')
  if (zulu !== 'Z') return `UNTIL=${date}T${time ?? '235959'}Z`
  const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${time!.slice(0, 2)}:${time!.slice(2, 4)}:${time!.slice(4)}Z`
  const local = Temporal.Instant.from(iso).toZonedDateTimeISO(timeZone).toPlainDateTime()
  return `UNTIL=${local.toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '')}Z`
}

function instantMs(local: Temporal.PlainDateTime, timeZone: string): number {
  return local.toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds
}

function wall(ms: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO('UTC')
}

function wrongRule(what: string, where: string, cause?: unknown) {
  return wardError('WARD_ERR_SCHEDULE_RULE', { what, where, ...(cause === undefined ? {} : { cause }) })
}
