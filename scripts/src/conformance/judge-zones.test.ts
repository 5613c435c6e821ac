import { describe, expect, it } from 'vitest'
import { leaseProblems, responseProblems, zoneSetProblems, type ZoneWord } from './judge-zones.ts'

const HEADER = {
  headerId: 0,
  timestamp: '2026-01-05T03:00:00.000Z',
  version: '3.0.0',
  manufacturer: 'acme',
  serialNumber: 'r1',
}
const AT_MS = Date.parse(HEADER.timestamp)

const corners = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
]
const gate = { zoneId: 'gate', zoneType: 'RELEASE', vertices: corners, releaseLossBehavior: 'STOP' }

function set(zones: readonly object[], zoneSetId = 'set-1'): ZoneWord {
  const body = { ...HEADER, zoneSet: { mapId: 'L1', zoneSetId, zones } }
  return { topic: 'zoneSet', body, atMs: AT_MS, requestIds: new Set() }
}

function response(change: object = {}): ZoneWord {
  const body = {
    ...HEADER,
    responses: [
      { requestId: 'q1', grantType: 'GRANTED', leaseExpiry: '2026-01-05T03:01:00.000Z', ...change },
    ],
  }
  return { topic: 'responses', body, atMs: AT_MS, requestIds: new Set(['q1']) }
}

it('zones and answers as they should be have nothing against them', () => {
  const zones = [gate, { zoneId: 'lane', zoneType: 'LINE_GUIDED', vertices: corners }]
  expect(zoneSetProblems([set(zones), set(zones), set([], 'set-2')])).toEqual([])
  expect(responseProblems([response(), response({ leaseExpiry: undefined })])).toEqual([])
  expect(leaseProblems([response(), response({ grantType: 'QUEUED', leaseExpiry: undefined })])).toEqual([])
})

describe('what is wrong with them is found', () => {
  it.each<[string, () => readonly string[], string]>([
    ['two corners', () => zoneSetProblems([set([{ ...gate, vertices: corners.slice(1) }])]), 'vertices'],
    [
      'a release without what to do when it is lost',
      () => zoneSetProblems([set([{ ...gate, releaseLossBehavior: undefined }].map(withoutUndefined))]),
      'gate is RELEASE and has no releaseLossBehavior',
    ],
    ['one id twice in a set', () => zoneSetProblems([set([gate, gate])]), 'a zoneId comes twice'],
    [
      'a set that changes under its id',
      () => zoneSetProblems([set([gate]), set([])]),
      'set-1 comes with another content',
    ],
    ['an answer that is none', () => responseProblems([response({ grantType: 'PERHAPS' })]), 'grantType'],
    ['an answer to nothing', () => responseProblems([response({ requestId: 'q2' })]), 'names q2'],
    [
      'a lease of the past',
      () => leaseProblems([response({ leaseExpiry: '2026-01-05T02:59:00.000Z' })]),
      'the lease of q1 ends',
    ],
    ['a lease that is no time', () => leaseProblems([response({ leaseExpiry: 'soon' })]), 'ends at soon'],
    [
      'a lease for waiting',
      () => leaseProblems([response({ grantType: 'QUEUED' })]),
      'QUEUED and has a lease',
    ],
  ])('%s', (_, problems, wanted) => {
    expect(problems().join()).toContain(wanted)
  })
})

function withoutUndefined(zone: object): object {
  return JSON.parse(JSON.stringify(zone)) as object
}
