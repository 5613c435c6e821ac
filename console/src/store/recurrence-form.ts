import type { RecurrenceView } from '@wardlight/core/fleet'
import { isoToHospitalTime, offsetMin } from './hospital-time.ts'

/** As in RFC 5545, Monday first. */
export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
export type Weekday = (typeof WEEKDAYS)[number]

export type Repetition = 'once' | 'daily' | 'weekly' | 'monthly' | 'rule'

/** What a person fills in, in place of a rule. */
export interface RecurrenceForm {
  /** By the hospital's clocks, `2026-03-28T02:30`; empty until somebody has chosen. */
  readonly startLocal: string
  readonly repetition: Repetition
  /** Every so many days, weeks or months. */
  readonly interval: number
  readonly weekdays: readonly Weekday[]
  /** The same day of the month, or the same weekday of it: "the second Tuesday". */
  readonly monthlyBy: 'day' | 'weekday'
  /** The last day, `2026-12-31`; empty: no end. */
  readonly until: string
  /** RFC 5545, written by hand. */
  readonly rule: string
}

export const NEW_RECURRENCE: RecurrenceForm = {
  startLocal: '',
  repetition: 'daily',
  interval: 1,
  weekdays: [],
  monthlyBy: 'day',
  until: '',
  rule: 'FREQ=WEEKLY;BYDAY=MO,TH',
}

/** The recurrence that the form means; `null` while something is missing. */
export function recurrenceOf(form: RecurrenceForm): RecurrenceView | null {
  const { startLocal, repetition } = form
  const start = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d$/.exec(startLocal)
  if (start === null) return null
  if (repetition === 'once') return { startLocal, rule: null }
  if (repetition === 'rule') {
    const rule = form.rule.trim()
    return rule === '' ? null : { startLocal, rule: rule.replace(/^RRULE:/i, '') }
  }
  const parts = [`FREQ=${repetition.toUpperCase()}`]
  if (form.interval > 1) parts.push(`INTERVAL=${form.interval}`)
  if (repetition === 'weekly') {
    // Without a day it is the start's own.
    const days = form.weekdays.length === 0 ? [weekdayOf(start[1]!)] : form.weekdays
    parts.push(`BYDAY=${WEEKDAYS.filter((day) => days.includes(day)).join(',')}`)
  }
  if (repetition === 'monthly') {
    const day = Number(start[1]!.slice(8))
    parts.push(
      form.monthlyBy === 'day'
        ? // The 31st is the last day of a month that has no 31st: no month goes without.
          day > 28
          ? `BYMONTHDAY=${Array.from({ length: day - 27 }, (_, index) => 28 + index).join(',')};BYSETPOS=-1`
          : `BYMONTHDAY=${day}`
        : `BYDAY=${weekOfMonth(day)}${weekdayOf(start[1]!)}`,
    )
  }
  if (/^\d{4}-\d\d-\d\d$/.test(form.until)) parts.push(`UNTIL=${form.until.replaceAll('-', '')}`)
  return { startLocal, rule: parts.join(';') }
}

export function weekdayOf(date: string): Weekday {
  return WEEKDAYS[(new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7]!
}

/** Of the month, from 1; the fifth counts as the last, for not every month has five. */
export function weekOfMonth(day: number): number {
  return day > 28 ? -1 : Math.ceil(day / 7)
}

/** One date of a preview, and what the clocks do to it. */
export interface PreviewedDate {
  readonly iso: string
  /** The time that the rule asks for does not exist that night: so much later by the clocks, minutes; 0 else. */
  readonly shiftedMin: number
  /** From this date on the clocks are so much further ahead than at the date before, minutes; 0 else. */
  readonly clockChangeMin: number
}

/** @param dates ISO 8601, ascending */
export function previewedDates(
  dates: readonly string[],
  { startLocal, rule }: RecurrenceView,
  timeZone: string,
): PreviewedDate[] {
  // A rule that names hours itself means them.
  const meant = rule !== null && /BYHOUR|BYMINUTE|HOURLY/i.test(rule) ? null : minutesOf(startLocal)
  return dates.map((iso, index) => {
    const before = dates[index - 1]
    return {
      iso,
      shiftedMin: meant === null ? 0 : minutesOf(isoToHospitalTime(iso, timeZone)) - meant,
      clockChangeMin: before === undefined ? 0 : offsetMin(iso, timeZone) - offsetMin(before, timeZone),
    }
  })
}

function minutesOf(local: string): number {
  return 60 * Number(local.slice(11, 13)) + Number(local.slice(14, 16))
}
