import { describe, expect, it } from 'vitest'
import { intervalsOf, merged, WEEKDAYS } from './weekly-hours.ts'

const utc = (iso: string) => Date.parse(iso)
const shown = (intervals: readonly { fromMs: number; toMs: number }[]) =>
  intervals.map(({ fromMs, toMs }) => [fromMs, toMs].map((ms) => new Date(ms).toISOString().slice(0, 16)))

describe('staffed hours', () => {
  it('go over midnight, and are an hour shorter or longer when the clocks change', () => {
    const night = [{ days: [...WEEKDAYS], from: '22:00', to: '06:00' }]
    expect(
      shown(intervalsOf(night, 'Europe/Berlin', utc('2026-03-28T12:00Z'), utc('2026-03-29T12:00Z'))),
    ).toEqual([['2026-03-28T21:00', '2026-03-29T04:00']])
    expect(
      shown(intervalsOf(night, 'Europe/Berlin', utc('2026-10-24T12:00Z'), utc('2026-10-25T12:00Z'))),
    ).toEqual([['2026-10-24T20:00', '2026-10-25T05:00']])
  })

  it('hold on their days only, and are found in the middle of them', () => {
    const hours = [{ days: ['SA', 'SU'] as const, from: '08:00', to: '12:00' }]
    const week = intervalsOf(hours, 'UTC', utc('2026-01-03T10:00Z'), utc('2026-01-10T00:00Z'))
    expect(shown(week)).toEqual([
      ['2026-01-03T08:00', '2026-01-03T12:00'],
      ['2026-01-04T08:00', '2026-01-04T12:00'],
    ])
  })

  it('are joined where they touch: the whole week round there is one', () => {
    const always = [{ days: [...WEEKDAYS], from: '00:00', to: '00:00' }]
    expect(
      intervalsOf(always, 'Europe/Berlin', utc('2026-01-01T00:00Z'), utc('2026-01-20T00:00Z')),
    ).toHaveLength(1)
    expect(
      merged([
        { fromMs: 5, toMs: 6 },
        { fromMs: 0, toMs: 2 },
        { fromMs: 1, toMs: 5 },
      ]),
    ).toEqual([{ fromMs: 0, toMs: 6 }])
  })
})
