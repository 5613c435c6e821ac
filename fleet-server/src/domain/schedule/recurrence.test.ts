import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkRecurrence, msToLocal, nextOccurrences, occurrencesBetween } from './recurrence.ts'

const utc = (iso: string) => Date.parse(iso)
const dates = (rule: string | null, startLocal: string, timeZone: string, count: number) =>
  nextOccurrences({ rule, startLocal, timeZone }, utc('1997-01-01T00:00Z'), count, 36_500 * 86_400_000).map(
    (ms) => new Date(ms).toISOString().replace(':00.000Z', 'Z'),
  )
const NEW_YORK = 'America/New_York'

describe('recurring dates', () => {
  // The examples of RFC 5545, 3.8.5.3, with the offsets that it prints (EDT -4, EST -5).
  it.each([
    [
      'FREQ=DAILY;COUNT=3',
      '1997-09-02T09:00',
      ['1997-09-02T13:00Z', '1997-09-03T13:00Z', '1997-09-04T13:00Z'],
    ],
    [
      'FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,TH;COUNT=5',
      '1997-09-02T09:00',
      [
        '1997-09-02T13:00Z',
        '1997-09-04T13:00Z',
        '1997-09-16T13:00Z',
        '1997-09-18T13:00Z',
        '1997-09-30T13:00Z',
      ],
    ],
    [
      'FREQ=MONTHLY;COUNT=4;BYDAY=-2MO',
      '1997-09-22T09:00',
      ['1997-09-22T13:00Z', '1997-10-20T13:00Z', '1997-11-17T14:00Z', '1997-12-22T14:00Z'],
    ],
    [
      'FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3',
      '1997-09-04T09:00',
      ['1997-09-04T13:00Z', '1997-10-07T13:00Z', '1997-11-06T14:00Z'],
    ],
    [
      'FREQ=YEARLY;INTERVAL=3;COUNT=4;BYYEARDAY=1,100,200',
      '1997-01-01T09:00',
      ['1997-01-01T14:00Z', '1997-04-10T13:00Z', '1997-07-19T13:00Z', '2000-01-01T14:00Z'],
    ],
    [
      'FREQ=WEEKLY;UNTIL=19970910T000000Z;WKST=SU;BYDAY=TU,TH',
      '1997-09-02T09:00',
      ['1997-09-02T13:00Z', '1997-09-04T13:00Z', '1997-09-09T13:00Z'],
    ],
    [
      'FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO',
      '1997-05-12T09:00',
      ['1997-05-12T13:00Z', '1998-05-11T13:00Z', '1999-05-17T13:00Z'],
    ],
    [
      // Invalid dates are left out: no 30 February.
      'FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5',
      '2007-01-15T09:00',
      [
        '2007-01-15T14:00Z',
        '2007-01-30T14:00Z',
        '2007-02-15T14:00Z',
        '2007-03-15T13:00Z',
        '2007-03-30T13:00Z',
      ],
    ],
  ])('%s from %s', (rule, start, expected) => {
    expect(dates(rule, start, NEW_YORK, expected.length)).toEqual(expected)
  })

  it('keep the wall clock when the clocks change', () => {
    const rule = 'FREQ=DAILY;COUNT=3'
    expect(dates(rule, '2026-03-28T01:30', 'Europe/Berlin', 3)).toEqual([
      '2026-03-28T00:30Z',
      '2026-03-29T00:30Z',
      '2026-03-29T23:30Z',
    ])
  })

  it('leave out no night in spring: a time that does not exist comes as much later', () => {
    const local = nextOccurrences(
      { rule: 'FREQ=DAILY', startLocal: '2026-03-28T02:30', timeZone: 'Europe/Berlin' },
      utc('2026-03-27T00:00Z'),
      3,
    ).map((ms) => msToLocal(ms, 'Europe/Berlin'))
    expect(local).toEqual(['2026-03-28T02:30', '2026-03-29T03:30', '2026-03-30T02:30'])
  })

  it('do not come twice in autumn, also where half hours change or midnight does not exist', () => {
    expect(dates('FREQ=DAILY;COUNT=3', '2026-10-24T02:30', 'Europe/Berlin', 3)).toEqual([
      '2026-10-24T00:30Z',
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
    ])
    expect(dates('FREQ=DAILY;COUNT=2', '2026-04-04T01:45', 'Australia/Lord_Howe', 2)).toEqual([
      '2026-04-03T14:45Z',
      '2026-04-04T14:45Z',
    ])
    // Santiago changes at midnight: 00:00 on 6 September 2026 does not exist.
    expect(dates('FREQ=DAILY;COUNT=2', '2026-09-05T00:00', 'America/Santiago', 2)).toEqual([
      '2026-09-05T04:00Z',
      '2026-09-06T04:00Z',
    ])
  })

  it('happen once without a rule', () => {
    expect(dates(null, '2026-01-05T03:00', 'Europe/Berlin', 5)).toEqual(['2026-01-05T02:00Z'])
  })

  it.each([
    ['FREQ=MINUTELY', '2026-01-01T00:00', 'UTC', 'hourly to yearly'],
    ['FREQ=DAILY;BYHOUR=77', '2026-01-01T00:00', 'UTC', 'BYHOUR=77'],
    ['FREQ=DAILY;INTERVAL=0', '2026-01-01T00:00', 'UTC', 'INTERVAL=0'],
    ['FREQ=DAILY;COLOUR=RED', '2026-01-01T00:00', 'UTC', 'COLOUR=RED'],
    ['FREQ=DAILY\nEXDATE:20260101', '2026-01-01T00:00', 'UTC', ''],
    ['FREQ=DAILY;UNTIL=NEVER', '2026-01-01T00:00', 'UTC', 'end of a rule'],
    ['FREQ=DAILY;COUNT=2;UNTIL=20270101T000000Z', '2026-01-01T00:00', 'UTC', ''],
    ['FREQ=DAILY', '2026-02-30T00:00', 'UTC', 'no date and time'],
    ['FREQ=DAILY', '2026-02-03T00:00', 'Mars/Olympus', 'no date and time'],
  ])('%s from %s in %s is refused', (rule, startLocal, timeZone, words) => {
    expect(() => checkRecurrence({ rule, startLocal, timeZone })).toThrow(
      expect.objectContaining({
        code: 'WARD_ERR_SCHEDULE_RULE',
        what: expect.stringContaining(words) as string,
      }),
    )
  })

  it('come to an end with a rule whose dates do not exist', () => {
    const never = {
      rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
      startLocal: '2026-01-01T00:00',
      timeZone: 'UTC',
    }
    expect(nextOccurrences(never, utc('2026-01-01T00:00Z'), 3)).toEqual([])
  })

  it('are the same however the time is cut, one for each day, in every zone', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      NEW_YORK,
      'Australia/Lord_Howe',
      'America/Santiago',
      'Asia/Kathmandu',
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 1, max: 400 }),
        (timeZone, hour, minute, cutDay) => {
          const two = (value: number) => String(value).padStart(2, '0')
          const daily = { rule: 'FREQ=DAILY', startLocal: `2026-01-01T${two(hour)}:${two(minute)}`, timeZone }
          const [from, to] = [utc('2025-12-30T00:00Z'), utc('2027-02-10T00:00Z')]
          const whole = occurrencesBetween(daily, from, to)
          const cut = from + cutDay * 86_400_000 + 12_345
          expect([...occurrencesBetween(daily, from, cut), ...occurrencesBetween(daily, cut, to)]).toEqual(
            whole,
          )
          const days = whole.map((ms) => msToLocal(ms, timeZone).slice(0, 10))
          expect(new Set(days).size).toBe(days.length)
          expect(whole.length).toBeGreaterThanOrEqual(403)
          for (let index = 1; index < whole.length; index += 1) {
            expect(whole[index]! - whole[index - 1]!).toBeLessThanOrEqual(25 * 3_600_000)
          }
        },
      ),
      { numRuns: 40 },
    )
  })
})
