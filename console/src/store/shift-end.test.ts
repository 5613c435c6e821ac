import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isoToHospitalTime } from './hospital-time.ts'
import { shiftEndAfter } from './shift-end.ts'

const DAY_MS = 86_400_000
const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata')
const instant = fc.date({
  min: new Date('2026-01-01T00:00:00Z'),
  max: new Date('2026-12-30T00:00:00Z'),
  noInvalidDate: true,
})
// Not in the hour that the clocks leave out.
const time = fc
  .record({ hour: fc.integer({ min: 4, max: 23 }), minute: fc.constantFrom(0, 15, 30) })
  .map(({ hour, minute }) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)

describe('the end of the shift', () => {
  it('is the next of those times by the clocks of the hospital, and never more than a day off', () => {
    fc.assert(
      fc.property(
        instant,
        zone,
        fc.uniqueArray(time, { minLength: 1, maxLength: 4 }),
        (now, timeZone, ends) => {
          const end = shiftEndAfter(now.toISOString(), timeZone, ends)
          expect(Date.parse(end)).toBeGreaterThan(now.getTime())
          // A night with 25 hours is the longest.
          expect(Date.parse(end) - now.getTime()).toBeLessThanOrEqual(DAY_MS + 3_600_000)
          expect(ends).toContain(isoToHospitalTime(end, timeZone).slice(11))
          for (const other of ends) {
            expect(Date.parse(shiftEndAfter(now.toISOString(), timeZone, [other]))).toBeGreaterThanOrEqual(
              Date.parse(end),
            )
          }
        },
      ),
    )
  })

  it('that comes at this moment is over: the next one counts', () => {
    expect(shiftEndAfter('2026-03-02T13:00:00Z', 'Europe/Berlin', ['06:00', '14:00'])).toBe(
      '2026-03-03T05:00:00.000Z',
    )
  })

  it('counts from the jump on where the clocks leave it out', () => {
    expect(shiftEndAfter('2026-03-28T23:00:00Z', 'Europe/Berlin', ['02:30'])).toBe('2026-03-29T01:30:00.000Z')
  })
})
