import { wardError } from '@wardlight/core/errors'
import { MOST_COMPLIANCE_MONTHS } from '@wardlight/core/fleet'
import { localToMs, msToLocal } from '../schedule/recurrence.ts'

/** A month by the clocks of the hospital: `[fromMs, toMs)`. */
export interface Month {
  /** `2026-03`. */
  readonly name: string
  readonly fromMs: number
  readonly toMs: number
}

/** Months that are shown where nobody says which (proposed). */
const MONTHS_SHOWN = 3

/**
 * The months from one to another, both included, without a gap between them.
 *
 * @param nowMs for what is left out: up to this month, and three of them
 * @throws WARD_ERR_VALIDATION for months in the wrong order, or too many
 */
export function monthsOf(
  { from, to }: { readonly from?: string; readonly to?: string },
  nowMs: number,
  timeZone: string,
): Month[] {
  const last = indexOf(to ?? monthAt(nowMs, timeZone))
  const first = from === undefined ? last - MONTHS_SHOWN + 1 : indexOf(from)
  if (first > last) {
    throw wardError('WARD_ERR_VALIDATION', {
      what: `${nameOf(first)} is after ${nameOf(last)}`,
      where: 'from',
      remedy: 'Give the earlier month first.',
    })
  }
  if (last - first >= MOST_COMPLIANCE_MONTHS) {
    throw wardError('WARD_ERR_VALIDATION', {
      what: `${last - first + 1} months are asked for`,
      where: 'from',
      remedy: `Ask for ${MOST_COMPLIANCE_MONTHS} at most, and for the others after that.`,
    })
  }
  return Array.from({ length: last - first + 1 }, (_, step) => month(first + step, timeZone))
}

export function monthAt(ms: number, timeZone: string): string {
  return msToLocal(ms, timeZone).slice(0, 7)
}

/** The month that a moment lies in; `null`: in none of them. @param months as `monthsOf` gives them */
export function monthOf(months: readonly Month[], ms: number): string | null {
  return months.find(({ fromMs, toMs }) => ms >= fromMs && ms < toMs)?.name ?? null
}

/** Months since the year 0. */
function indexOf(name: string): number {
  return Number(name.slice(0, 4)) * 12 + Number(name.slice(5)) - 1
}

function nameOf(index: number): string {
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`
}

function month(index: number, timeZone: string): Month {
  const startMs = (at: number) => localToMs(`${nameOf(at)}-01T00:00`, timeZone)
  return { name: nameOf(index), fromMs: startMs(index), toMs: startMs(index + 1) }
}
