import type { Order, State } from '@wardlight/core/vda5050'
import { describe, expect, it } from 'vitest'
import { isStale, malformedKind, offencesOf, type OffenceKnowledge } from './offences.ts'

const AT = '2026-01-05T03:00:00.000Z'
const NOW_MS = Date.parse(AT)

const state = (change: Partial<State> = {}): State =>
  ({
    headerId: 5,
    timestamp: AT,
    orderId: 'o',
    orderUpdateId: 0,
    lastNodeId: 'a',
    lastNodeSequenceId: 0,
    nodeStates: [],
    ...change,
  }) as State
const sent = {
  orderId: 'o',
  orderUpdateId: 0,
  nodes: [
    { nodeId: 'a', sequenceId: 0, released: true },
    { nodeId: 'b', sequenceId: 2, released: true },
    { nodeId: 'c', sequenceId: 4, released: false },
  ],
} as Order
const KNOWN: OffenceKnowledge = {
  before: state({ headerId: 4 }),
  sent,
  formerOrderIds: new Set(['old']),
  nowMs: NOW_MS,
}
const kinds = (next: State, knowledge: Partial<OffenceKnowledge> = {}) =>
  offencesOf(next, { ...KNOWN, ...knowledge }).map(({ kind }) => kind)

describe('what a robot does against the standard', () => {
  it.each<[string, State, Partial<OffenceKnowledge>, string[]]>([
    ['nothing', state({ lastNodeId: 'b', lastNodeSequenceId: 2 }), {}, []],
    ['it enters the horizon', state({ lastNodeId: 'c', lastNodeSequenceId: 4 }), {}, ['horizon.entered']],
    [
      'it enters a horizon of an order from before the server was started',
      state({ lastNodeId: 'c', lastNodeSequenceId: 4 }),
      {
        sent: null,
        before: state({ headerId: 4, nodeStates: [{ nodeId: 'c', sequenceId: 4, released: false }] }),
      },
      ['horizon.entered'],
    ],
    [
      'it goes back in its order',
      state(),
      { before: state({ headerId: 4, lastNodeSequenceId: 2 }) },
      ['order.repeated'],
    ],
    ['it takes up an order that was over', state({ orderId: 'old' }), {}, ['order.repeated']],
    ['the same state twice', state({ headerId: 4 }), {}, ['state.repeated']],
    ['a clock an hour ahead', state({ timestamp: '2026-01-05T04:00:00.000Z' }), {}, ['clock.wrong']],
    ['a clock that runs back', state({ timestamp: '2026-01-05T02:59:59.000Z' }), {}, ['clock.wrong']],
    ['a clock ahead in a simulation', state({ timestamp: '2026-01-05T04:00:00.000Z' }), { nowMs: null }, []],
    ['another order', state({ orderId: 'p' }), {}, []],
  ])('%s', (_, next, knowledge, wanted) => {
    expect(kinds(next, knowledge)).toEqual(wanted)
  })

  it('only what is no newer in number and time says nothing about now', () => {
    expect(isStale(state({ headerId: 4 }), KNOWN.before)).toBe(true)
    // A counter that began anew without a word.
    expect(isStale(state({ headerId: 0, timestamp: '2026-01-05T03:00:01.000Z' }), KNOWN.before)).toBe(false)
  })

  it('null in the battery has a name of its own', () => {
    expect(malformedKind('vda5050/v3/a/b/state', '/powerSupply/stateOfCharge')).toBe('battery.missing')
    expect(malformedKind('uagv/v2/a/b/state', '/batteryState')).toBe('battery.missing')
    expect(malformedKind('vda5050/v3/a/b/factsheet', '')).toBe('message.malformed')
  })
})
