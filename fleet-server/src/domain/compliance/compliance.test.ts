import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TURNAROUND_BUCKETS_H, type DueCounts, type Verdict } from '@wardlight/core/fleet'
import { csvText, type Cell } from './csv.ts'
import { countsOf, dueAndDone, type CountedRequest } from './due.ts'
import { lampRows, type LampRun } from './lamps.ts'
import { missedOfRun, recurringMisses, type LightRun } from './missed-surfaces.ts'
import { monthAt, monthOf, monthsOf } from './months.ts'
import { causeOf, causeRows, runRows, type EndedRun } from './runs.ts'
import { distributionOf, turnaroundOf } from './turnaround.ts'

const NOW_MS = Date.UTC(2026, 10, 15)
const monthAndWard = {
  month: fc.constantFrom('2026-09', '2026-10', '2026-11'),
  ward: fc.constantFrom('A', 'B', null),
}
const ms = fc.integer({ min: NOW_MS - 9e9, max: NOW_MS + 9e9 })
const requests: fc.Arbitrary<CountedRequest[]> = fc.array(
  fc.record({
    ...monthAndWard,
    requestedMs: ms,
    dueMs: fc.option(ms),
    releasedMs: fc.option(ms),
    isWithdrawn: fc.boolean(),
    hasFailed: fc.boolean(),
  }),
  { maxLength: 60 },
)
const missedDates = fc.array(fc.record({ ...monthAndWard, missedDates: fc.nat({ max: 9 }) }), {
  maxLength: 10,
})
const runs: fc.Arbitrary<EndedRun[]> = fc.array(
  fc.record({
    ...monthAndWard,
    verdict: fc.constantFrom<Verdict | null>('proven', 'incomplete', 'aborted', null),
    wasStopped: fc.boolean(),
    hasReport: fc.boolean(),
    hasProblem: fc.boolean(),
    lastInterlock: fc.constantFrom('person.detected', 'door.opened', null),
    gasEnd: fc.constantFrom('completed', 'dwellNotReached', null),
    missedSurfaces: fc.nat({ max: 3 }),
  }),
  { maxLength: 60 },
)
const lightRuns: fc.Arbitrary<LightRun[]> = fc
  .array(
    fc.record({
      roomId: fc.constantFrom('room-1', 'room-2'),
      finishedMs: ms,
      missed: fc.uniqueArray(
        fc.record({
          surface: fc.constantFrom('call button', 'bed rail', 'north wall'),
          isHighTouch: fc.boolean(),
          reason: fc.constantFrom('shadowed', 'tooFar'),
          explanation: fc.constantFrom('behind the wardrobe', 'too far'),
          remedy: fc.constantFrom('Wipe it', null),
        }),
        { selector: ({ surface }) => surface },
      ),
    }),
    { maxLength: 20 },
  )
  .map((list) => list.map((run, index) => ({ ...run, missionId: `m${index}` })))

/** The same, in another order. */
function shuffled<Row>(rows: fc.Arbitrary<Row[]>): fc.Arbitrary<[Row[], Row[]]> {
  return rows.chain((list) =>
    fc
      .shuffledSubarray(
        list.map((_, index) => index),
        { minLength: list.length },
      )
      .map((order) => [list, order.map((index) => list[index]!)] as [Row[], Row[]]),
  )
}

function added(counts: readonly DueCounts[]): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const count of counts) {
    for (const [name, value] of Object.entries(count)) {
      if (typeof value === 'number') sum[name] = (sum[name] ?? 0) + value
    }
  }
  return sum
}

describe('due and done', () => {
  it('adds up: every request is one thing, and the wards of all months are the whole', () => {
    fc.assert(
      fc.property(requests, missedDates, (list, missed) => {
        const { rows, whole } = dueAndDone(list, missed, NOW_MS)
        expect(whole.due + whole.withdrawn).toBe(
          list.length + missed.reduce((sum, each) => sum + each.missedDates, 0),
        )
        expect(whole.due).toBe(whole.done + whole.failed + whole.open + whole.missedDates)
        expect(whole.done).toBe(whole.doneInTime + whole.doneLate + whole.doneWithoutDueTime)
        expect(whole.overdue).toBeLessThanOrEqual(whole.failed + whole.open)
        const sum = added(rows)
        for (const [name, value] of Object.entries(whole))
          expect([name, sum[name] ?? 0]).toEqual([name, value])
      }),
    )
  })

  it('is the same in whatever order the rows come', () => {
    fc.assert(
      fc.property(shuffled(requests), ([list, other]) => {
        expect(dueAndDone(other, [], NOW_MS)).toEqual(dueAndDone(list, [], NOW_MS))
        expect(turnaroundOf(other)).toEqual(turnaroundOf(list))
      }),
    )
  })

  it('calls nothing done that nobody has released', () => {
    fc.assert(
      fc.property(requests, (list) => {
        for (const request of list) {
          expect(countsOf(request, NOW_MS).done).toBe(request.releasedMs === null ? 0 : 1)
        }
      }),
    )
  })

  it('knows in time from late by the due time itself', () => {
    const request = {
      month: '2026-11',
      ward: 'A',
      requestedMs: 0,
      dueMs: 1000,
      isWithdrawn: false,
      hasFailed: false,
    }
    expect(countsOf({ ...request, releasedMs: 1000 }, NOW_MS).doneInTime).toBe(1)
    expect(countsOf({ ...request, releasedMs: 1001 }, NOW_MS).doneLate).toBe(1)
    expect(countsOf({ ...request, releasedMs: null }, 1000).overdue).toBe(0)
    expect(countsOf({ ...request, releasedMs: null }, 1001)).toMatchObject({ overdue: 1, open: 1, done: 0 })
  })
})

describe('turnaround', () => {
  it('has percentiles that are times of requests, in their order, and buckets that hold each request once', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 50 }), (values) => {
        const { count, medianS, p90S, longestS, buckets } = distributionOf(values)
        expect(count).toBe(values.length)
        expect(buckets).toHaveLength(TURNAROUND_BUCKETS_H.length + 1)
        expect(buckets.reduce((sum, bucket) => sum + bucket, 0)).toBe(count)
        if (count === 0) {
          expect([medianS, p90S, longestS]).toEqual([null, null, null])
          return
        }
        for (const value of [medianS, p90S, longestS]) expect(values).toContain(value)
        expect(medianS).toBeLessThanOrEqual(p90S!)
        expect(p90S).toBeLessThanOrEqual(longestS!)
        // What a percentile says: at least so many took no longer.
        expect(values.filter((value) => value <= medianS!).length).toBeGreaterThanOrEqual(count * 0.5)
        expect(values.filter((value) => value <= p90S!).length).toBeGreaterThanOrEqual(count * 0.9)
      }),
    )
  })

  it('is made of the requests: two wards of one request each have not the mean of their medians', () => {
    const of = (ward: string, hours: readonly number[]) =>
      hours.map((hour) => ({ month: '2026-11', ward, requestedMs: 0, releasedMs: hour * 3_600_000 }))
    const { whole, byWard } = turnaroundOf([...of('A', [1]), ...of('B', [10, 10, 10, 10])])
    expect(byWard.map(({ ward, medianS }) => [ward, medianS])).toEqual([
      ['A', 3600],
      ['B', 36_000],
    ])
    expect(whole.medianS).toBe(36_000)
    expect(whole.buckets).toEqual([1, 0, 0, 0, 4, 0, 0, 0])
  })
})

describe('runs and causes', () => {
  it('adds up: each run has one verdict or none, and each without a proof one cause', () => {
    fc.assert(
      fc.property(shuffled(runs), ([list, other]) => {
        const rows = runRows(list)
        const total = (name: 'finished' | 'proven' | 'incomplete' | 'aborted' | 'withoutVerdict') =>
          rows.reduce((sum, row) => sum + row[name], 0)
        expect(total('finished')).toBe(list.length)
        expect(total('proven') + total('incomplete') + total('aborted') + total('withoutVerdict')).toBe(
          list.length,
        )
        const causes = causeRows(list)
        for (const name of ['incomplete', 'aborted', 'withoutVerdict'] as const) {
          expect(causes.reduce((sum, row) => sum + row[name], 0)).toBe(total(name))
        }
        expect(runRows(other)).toEqual(rows)
        expect(causeRows(other)).toEqual(causes)
      }),
    )
  })

  it('names what people did before what tripped, and what tripped before what was missed', () => {
    const run = {
      verdict: 'incomplete' as const,
      wasStopped: false,
      hasReport: true,
      hasProblem: false,
      lastInterlock: null,
      gasEnd: null,
      missedSurfaces: 2,
    }
    expect(causeOf({ ...run, verdict: 'proven' })).toBeNull()
    expect(causeOf(run)).toBe('underDosed')
    expect(causeOf({ ...run, missedSurfaces: 0 })).toBe('unknown')
    expect(causeOf({ ...run, gasEnd: 'dwellNotReached' })).toBe('dwellNotReached')
    expect(causeOf({ ...run, gasEnd: 'completed', missedSurfaces: 0 })).toBe('unknown')
    expect(causeOf({ ...run, lastInterlock: 'door.opened' })).toBe('door.opened')
    expect(causeOf({ ...run, lastInterlock: 'door.opened', hasProblem: true })).toBe('evidence')
    expect(causeOf({ ...run, verdict: null, hasReport: false })).toBe('noReport')
    expect(causeOf({ ...run, lastInterlock: 'door.opened', wasStopped: true })).toBe('stopped')
  })
})

describe('missed surfaces that recur', () => {
  it('are counted in runs of their room, at least two, whatever the order', () => {
    fc.assert(
      fc.property(shuffled(lightRuns), ([list, other]) => {
        const rows = recurringMisses(list)
        for (const { roomId, surface, missed, runs: ofRoom, reason, reasonRuns } of rows) {
          const inRoom = list.filter((run) => run.roomId === roomId)
          const hits = inRoom.flatMap((run) => run.missed.filter((each) => each.surface === surface))
          expect([missed, ofRoom]).toEqual([hits.length, inRoom.length])
          expect(missed).toBeGreaterThanOrEqual(2)
          expect(missed).toBeLessThanOrEqual(ofRoom)
          expect(reasonRuns).toBe(hits.filter((hit) => hit.reason === reason).length)
          expect(reasonRuns * 2).toBeGreaterThanOrEqual(missed)
        }
        const strip = (all: typeof rows) =>
          all.map(({ roomId, surface, missed }) => ({ roomId, surface, missed }))
        expect(strip(recurringMisses(other))).toEqual(strip(rows))
      }),
    )
  })

  it('say it in one line for all pieces, and leave out what an interruption cost', () => {
    const piece = (id: string, label: string, reason: string) => ({
      id,
      label,
      reason,
      explanation: reason,
      remedy: null,
    })
    expect(
      missedOfRun(
        [
          piece('a', 'north wall', 'tooFar'),
          piece('b', 'north wall', 'shadowed'),
          piece('c', 'north wall', 'shadowed'),
          piece('d', 'bed rail', 'interrupted'),
          piece('e', 'call button', 'shadowed'),
        ],
        new Set(['e']),
      ).map(({ surface, reason, isHighTouch }) => [surface, reason, isHighTouch]),
    ).toEqual([
      ['north wall', 'shadowed', false],
      ['call button', 'shadowed', true],
    ])
  })
})

describe('lamps', () => {
  const tube = { id: 'A17', ratedLifeHours: 9000, isOutputMeasured: false }
  const run = (missionId: string, patch: Partial<LampRun>): LampRun => ({
    missionId,
    robotId: 'uv-01',
    finishedMs: NOW_MS,
    lampOnS: 1800,
    tubes: [],
    ...patch,
  })

  it('know hours as last told, output only where it was measured, and what nobody told not at all', () => {
    const rows = lampRows(
      [
        run('m2', { finishedMs: NOW_MS + 1, tubes: [{ ...tube, hours: 812, lastOutput: null }] }),
        run('m1', { tubes: [{ ...tube, hours: 811, lastOutput: 0.87 }] }),
        run('m3', { lampOnS: null }),
      ],
      [{ robotId: 'uv-02', tubes: [], heardAt: null }],
    )
    expect(rows).toMatchObject([
      { robotId: 'uv-01', hours: 812, output: 0.87, litHours: 1, untoldRuns: 1 },
      { robotId: 'uv-02', tubeId: null, hours: null, output: null, litHours: 0, untoldRuns: 0 },
    ])
    expect(rows[0]!.outputAt).toBe(new Date(NOW_MS).toISOString())
    const now = [{ robotId: 'uv-01', tubes: [{ ...tube, hours: 900 }], heardAt: '2026-11-15T00:00:00.000Z' }]
    expect(lampRows([], now)).toMatchObject([{ hours: 900, output: null, isOutputMeasured: null }])
  })
})

describe('months', () => {
  it('follow each other without a gap by the clocks of the hospital, also where those change', () => {
    const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'UTC', 'Pacific/Auckland')
    fc.assert(
      fc.property(zone, fc.integer({ min: 0, max: 23 }), ms, (timeZone, length, atMs) => {
        const to = monthAt(atMs, timeZone)
        const first = Number(to.slice(0, 4)) * 12 + Number(to.slice(5)) - 1 - length
        const from = `${Math.floor(first / 12)}-${String((first % 12) + 1).padStart(2, '0')}`
        const months = monthsOf({ from, to }, NOW_MS, timeZone)
        expect(months).toHaveLength(length + 1)
        for (const [index, month] of months.entries()) {
          expect(monthAt(month.fromMs, timeZone)).toBe(month.name)
          expect(monthAt(month.toMs - 1, timeZone)).toBe(month.name)
          if (index > 0) expect(month.fromMs).toBe(months[index - 1]!.toMs)
        }
        expect(monthOf(months, atMs)).toBe(to)
      }),
    )
    expect(monthsOf({}, NOW_MS, 'UTC').map(({ name }) => name)).toEqual(['2026-09', '2026-10', '2026-11'])
  })

  it('are refused in the wrong order, and too many at once', () => {
    expect(() => monthsOf({ from: '2026-03', to: '2026-02' }, NOW_MS, 'UTC')).toThrow(/after/)
    expect(() => monthsOf({ from: '2024-01', to: '2026-02' }, NOW_MS, 'UTC')).toThrow(/26 months/)
  })
})

/** As RFC 4180 says it is read. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (let at = 0; at < text.length;) {
    let cell = ''
    if (text[at] === '"') {
      at += 1
      while (text[at] !== '"' || text[at + 1] === '"') {
        cell += text[at]
        at += text[at] === '"' ? 2 : 1
      }
      at += 1
    } else {
      while (at < text.length && text[at] !== ',' && text[at] !== '\r') {
        cell += text[at]
        at += 1
      }
    }
    row.push(cell)
    if (text[at] === ',') at += 1
    else {
      expect(text.slice(at, at + 2)).toBe('\r\n')
      at += 2
      rows.push(row)
      row = []
    }
  }
  return rows
}

describe('CSV', () => {
  const cell: fc.Arbitrary<Cell> = fc.oneof(
    fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', 'a', 'ä', "'") }),
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  )

  it('is read again as it was, by the rules of RFC 4180, and holds no formula', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 8 }), (rows) => {
        const [header, ...read] = parseCsv(csvText({ columns: ['a', 'b_min'], rows }))
        expect(header).toEqual(['a', 'b_min'])
        expect(read).toHaveLength(rows.length)
        for (const [index, cells] of read.entries()) {
          for (const [at, text] of cells.entries()) {
            const given = rows[index]![at]!
            if (typeof given === 'string') expect(text).not.toMatch(/^[=+\-@\t\r\n]/)
            const plain = typeof given === 'string' && /^'[=+\-@\t\r\n]/.test(text) ? text.slice(1) : text
            expect([plain, text]).toContain(given === null ? '' : String(given))
          }
        }
      }),
    )
  })

  it('keeps negative numbers numbers', () => {
    expect(csvText({ columns: ['a'], rows: [[-1], ['-1+2'], ['=cmd|"x"!A1']] })).toBe(
      `a\r\n-1\r\n'-1+2\r\n"'=cmd|""x""!A1"\r\n`,
    )
  })
})
