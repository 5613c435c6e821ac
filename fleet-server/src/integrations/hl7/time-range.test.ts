import { describe, expect, it } from 'vitest'
import { notAfter, parseTime } from './time-range.ts'

const ms = (iso: string) => Date.parse(iso)

describe('a time stamp of HL7', () => {
  it.each([
    ['20260105030000', 'UTC', '2026-01-05T03:00:00Z', '2026-01-05T03:00:00.999Z'],
    ['202601050300', 'UTC', '2026-01-05T03:00:00Z', '2026-01-05T03:00:59.999Z'],
    ['20260105', 'UTC', '2026-01-05T00:00:00Z', '2026-01-05T23:59:59.999Z'],
    ['20260105030000.25', 'UTC', '2026-01-05T03:00:00.250Z', '2026-01-05T03:00:00.250Z'],
    ['20260105030000+0100', 'America/New_York', '2026-01-05T02:00:00Z', '2026-01-05T02:00:00.999Z'],
    ['20260705030000', 'Europe/Berlin', '2026-07-05T01:00:00Z', '2026-07-05T01:00:00.999Z'],
    // The hour that comes twice: either of them.
    ['20261025021500', 'Europe/Berlin', '2026-10-25T00:15:00Z', '2026-10-25T01:15:00.999Z'],
  ])('%s in %s', (text, timeZone, from, to) => {
    expect(parseTime(text, timeZone)).toEqual({ fromMs: ms(from), toMs: ms(to) })
  })

  it.each(['', 'today', '20261301', '20260230', '2026010503000'])('is not %j', (text) => {
    expect(parseTime(text, 'UTC')).toBeNull()
  })

  it('of a clock that is ahead makes nothing look old', () => {
    expect(notAfter(parseTime('20990101', 'UTC')!, 5000)).toEqual({ fromMs: 5000, toMs: 5000 })
  })
})
