import { describe, expect, it } from 'vitest'
import { NEW_RECURRENCE, previewedDates, recurrenceOf, type RecurrenceForm } from './recurrence-form.ts'

const form = (part: Partial<RecurrenceForm>): RecurrenceForm => ({
  ...NEW_RECURRENCE,
  startLocal: '2026-03-10T02:30',
  ...part,
})

describe('a form for dates that come again', () => {
  it.each<[string, Partial<RecurrenceForm>, string | null]>([
    ['once', { repetition: 'once' }, null],
    ['every day', { repetition: 'daily' }, 'FREQ=DAILY'],
    [
      'every other day to a day',
      { interval: 2, until: '2026-05-31' },
      'FREQ=DAILY;INTERVAL=2;UNTIL=20260531',
    ],
    ['the weekday of its start', { repetition: 'weekly' }, 'FREQ=WEEKLY;BYDAY=TU'],
    [
      'days in the order of the week',
      { repetition: 'weekly', weekdays: ['TH', 'MO'] },
      'FREQ=WEEKLY;BYDAY=MO,TH',
    ],
    ['a day of the month', { repetition: 'monthly' }, 'FREQ=MONTHLY;BYMONTHDAY=10'],
    [
      'the last day of every month',
      { repetition: 'monthly', startLocal: '2026-01-31T02:30' },
      'FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1',
    ],
    ['a weekday of the month', { repetition: 'monthly', monthlyBy: 'weekday' }, 'FREQ=MONTHLY;BYDAY=2TU'],
    [
      'the last weekday',
      { repetition: 'monthly', monthlyBy: 'weekday', startLocal: '2026-03-30T02:30' },
      'FREQ=MONTHLY;BYDAY=-1MO',
    ],
    ['a rule by hand', { repetition: 'rule', rule: ' RRULE:FREQ=YEARLY ' }, 'FREQ=YEARLY'],
  ])('means %s', (_, part, rule) => {
    expect(recurrenceOf(form(part))).toMatchObject({ rule })
  })

  it('means nothing while something is missing', () => {
    expect(recurrenceOf(form({ startLocal: '' }))).toBeNull()
    expect(recurrenceOf(form({ repetition: 'rule', rule: ' ' }))).toBeNull()
  })
})

describe('dates of a preview', () => {
  const daily = { startLocal: '2026-03-27T02:30', rule: 'FREQ=DAILY' }
  const around = ['2026-03-28T01:30:00.000Z', '2026-03-29T01:30:00.000Z', '2026-03-30T00:30:00.000Z']

  it('say which night has no such time, and from when the clocks are changed', () => {
    expect(previewedDates(around, daily, 'Europe/Berlin')).toEqual([
      { iso: around[0], shiftedMin: 0, clockChangeMin: 0 },
      { iso: around[1], shiftedMin: 60, clockChangeMin: 60 },
      { iso: around[2], shiftedMin: 0, clockChangeMin: 0 },
    ])
    expect(
      previewedDates(
        ['2026-10-24T00:30:00.000Z', '2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'],
        daily,
        'Europe/Berlin',
      ).map(({ clockChangeMin }) => clockChangeMin),
    ).toEqual([0, 0, -60])
  })

  it('of a rule that names its hours are as meant', () => {
    const twice = { ...daily, rule: 'FREQ=DAILY;BYHOUR=2,14' }
    expect(previewedDates(['2026-03-28T13:30:00.000Z'], twice, 'Europe/Berlin')[0]!.shiftedMin).toBe(0)
  })
})
