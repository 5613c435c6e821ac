import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aLiveState, anEntry, aRequest, aRobot, aRoom } from '../testing/builders.ts'
import {
  boardRows,
  boardSpan,
  currentChange,
  draggedChange,
  DRAGGED_WINDOW_MS,
  hourMarks,
  laterThan,
  placeIn,
  sortedEntries,
  SPANS_H,
} from './schedule-board.ts'

const NOW = Date.parse('2026-03-01T02:10:00.000Z')
const at = (minutes: number): string => new Date(NOW + minutes * 60_000).toISOString()

describe('the schedule as a list', () => {
  it('begins with what nobody gets to, then what runs, then by time', () => {
    const entries = [
      anEntry({ id: 'later', startAt: at(90) }),
      anEntry({ id: 'soon', startAt: at(5) }),
      anEntry({ id: 'runs', status: 'running', startAt: at(-10) }),
      anEntry({ id: 'unmet', status: 'unmet', startAt: null, endAt: null }),
    ]
    const order = sortedEntries(aLiveState({ schedule: entries })).map(({ id }) => id)
    expect(order).toEqual(['unmet', 'runs', 'soon', 'later'])
  })
})

describe('the schedule as a picture', () => {
  it('has now inside, and each entry in it or told as later', () => {
    const starts = fc.array(fc.integer({ min: -30, max: 1000 }), { maxLength: 20 })
    const hours = fc.constantFrom(...SPANS_H)
    fc.assert(
      fc.property(starts, fc.integer({ min: 0, max: 86_400_000 }), hours, (minutes, laterMs, spanH) => {
        const nowMs = NOW + laterMs
        const entries = minutes.map((minute) =>
          anEntry({ startAt: new Date(nowMs + minute * 60_000).toISOString() }),
        )
        const span = boardSpan(nowMs, spanH)
        expect(span.toMs - span.fromMs).toBe(spanH * 3_600_000)
        expect(placeIn(span, nowMs)).toBeGreaterThan(0)
        expect(placeIn(span, nowMs)).toBeLessThan(0.2)
        expect(placeIn(span, span.fromMs - 1)).toBe(0)
        const later = laterThan(entries, span)
        for (const entry of entries) {
          expect(placeIn(span, Date.parse(entry.startAt!)) < 1).toBe(!later.includes(entry))
        }
        const marks = hourMarks(span)
        expect(marks.length).toBeLessThanOrEqual(7)
        for (const mark of marks) expect(mark % 1_800_000).toBe(0)
      }),
    )
  })

  it('has a row for every robot that could be sent, and for those with work', () => {
    const out = { ...aRobot().service, state: 'maintenance' as const }
    const live = aLiveState({
      robots: [
        aRobot({ id: 'a.uv-10', serialNumber: 'uv-10' }),
        aRobot({ id: 'a.uv-2', serialNumber: 'uv-2' }),
        aRobot({ id: 'a.uv-3', serialNumber: 'uv-3', service: out }),
      ],
      rooms: [aRoom({ id: 'room-1', name: 'Room 1' })],
      schedule: [anEntry({ robotId: 'a.uv-10' })],
    })
    const rows = boardRows(live, sortedEntries(live), 'robots')
    expect(rows.map(({ name, entries }) => [name, entries.length])).toEqual([
      ['uv-2', 0],
      ['uv-10', 1],
    ])
    expect(boardRows(live, sortedEntries(live), 'rooms').map(({ name }) => name)).toEqual(['Room 1'])
  })
})

describe('a bar that is dragged', () => {
  const wish = { priority: 'next' as const, notBefore: null, startBy: null, robotId: 'a.uv-2' }
  const live = aLiveState({ requests: [aRequest({ id: 'request-1', wish, dueAt: at(300) })] })
  const current = currentChange(live, anEntry({ requestId: 'request-1' }))!

  it('asks for about that time, at whole five minutes, and keeps all else', () => {
    const dragged = draggedChange(current, NOW + 61 * 60_000, NOW, null)
    expect(dragged).toEqual({
      ...wish,
      dueAt: at(300),
      notBefore: '2026-03-01T03:10:00.000Z',
      startBy: new Date(Date.parse('2026-03-01T03:10:00.000Z') + DRAGGED_WINDOW_MS).toISOString(),
    })
    expect(draggedChange(current, NOW + 61 * 60_000, NOW, 'a.uv-3').robotId).toBe('a.uv-3')
  })

  it('never asks for the past', () => {
    expect(draggedChange(current, NOW - 3_600_000, NOW, null).notBefore).toBe(at(0))
  })

  it('is none where there is no request yet, or a robot is at work', () => {
    expect(currentChange(live, anEntry({ status: 'expected', requestId: null }))).toBeNull()
    expect(currentChange(live, anEntry({ status: 'running' }))).toBeNull()
  })
})
