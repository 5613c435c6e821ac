import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CauseRow, DueRow } from '@wardlight/core/fleet'
import {
  bucketRanges,
  causesOfAll,
  dueByMonth,
  monthChoices,
  periodWith,
  totalOf,
} from './compliance-figures.ts'
import { addMonths, monthName } from './month-names.ts'

const month = fc
  .tuple(fc.integer({ min: 2001, max: 2099 }), fc.integer({ min: 1, max: 12 }))
  .map(([year, number]) => `${year}-${String(number).padStart(2, '0')}`)
const counts = fc.nat({ max: 50 })

describe('the figures of the compliance page', () => {
  it('have a period that never ends before it begins, and keep the month that was just chosen', () => {
    fc.assert(
      fc.property(month, month, month, fc.boolean(), (a, b, chosen, isFrom) => {
        const period = { from: a < b ? a : b, to: a < b ? b : a }
        const next = periodWith(period, isFrom ? { from: chosen } : { to: chosen })
        expect(next.from <= next.to).toBe(true)
        expect(isFrom ? next.from : next.to).toBe(chosen)
      }),
    )
  })

  it('add wards up to months, and lose nothing', () => {
    const row: fc.Arbitrary<DueRow> = fc
      .record({
        month: fc.constantFrom('2026-01', '2026-02'),
        ward: fc.constantFrom('A', 'B', null),
        doneInTime: counts,
        doneLate: counts,
        doneWithoutDueTime: counts,
        failed: counts,
        open: counts,
        missedDates: counts,
      })
      .map((part) => {
        const done = part.doneInTime + part.doneLate + part.doneWithoutDueTime
        return {
          ...part,
          done,
          due: done + part.failed + part.open + part.missedDates,
          overdue: 0,
          withdrawn: 0,
        }
      })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), (rows) => {
        const months = dueByMonth(rows)
        for (const { due, done, parts } of months) {
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(due)
          expect(parts[0] + parts[1]).toBe(done)
        }
        const all = (list: readonly { due: number }[]) => list.reduce((sum, { due }) => sum + due, 0)
        expect(all(months)).toBe(all(rows))
      }),
    )
  })

  it('name each cause once, the most frequent first', () => {
    const cause: fc.Arbitrary<CauseRow> = fc.record({
      month: fc.constantFrom('2026-01', '2026-02'),
      ward: fc.constantFrom('A', null),
      cause: fc.constantFrom('stopped', 'door.opened', 'unknown'),
      aborted: counts,
      incomplete: counts,
      withoutVerdict: counts,
    })
    fc.assert(
      fc.property(fc.array(cause, { maxLength: 10 }), (rows) => {
        const causes = causesOfAll(rows)
        expect(new Set(causes.map((each) => each.cause)).size).toBe(causes.length)
        const totals = causes.map(totalOf)
        expect(totals).toEqual(totals.toSorted((a, b) => b - a))
        expect(totals.reduce((sum, total) => sum + total, 0)).toBe(
          rows.reduce((sum, each) => sum + totalOf(each), 0),
        )
      }),
    )
  })

  it('have buckets that follow each other, and months that can be chosen', () => {
    const ranges = bucketRanges()
    expect(ranges[0]).toEqual({ fromH: 0, toH: 1 })
    expect(ranges.at(-1)).toEqual({ fromH: 48, toH: null })
    for (const [index, { fromH }] of ranges.entries()) {
      if (index > 0) expect(fromH).toBe(ranges[index - 1]!.toH)
    }
    expect(monthChoices('2026-01').slice(0, 3)).toEqual(['2026-02', '2026-01', '2025-12'])
    fc.assert(
      fc.property(month, fc.integer({ min: -99, max: 99 }), (from, step) => {
        expect(addMonths(addMonths(from, step), -step)).toBe(from)
      }),
    )
    expect(monthName('2026-03', 'en-GB')).toBe('March 2026')
  })
})
