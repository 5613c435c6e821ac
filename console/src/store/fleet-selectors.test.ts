import type { AlarmView } from '@wardlight/core/fleet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { en } from '../i18n/en.ts'
import { aGas, aLiveState, aMission, aRequest, aRobot, aRoom } from '../testing/builders.ts'
import {
  countRooms,
  latestMissionOf,
  openRequestOf,
  queryRooms,
  robotsToStop,
  roomRows,
  evacuations,
  openAlarms,
  unseenAlarms,
  shownStateOf,
} from './fleet-selectors.ts'
import { ageMs, EMPTY_FLEET, isStale, STALE_AFTER_MS, type FleetState } from './fleet-state.ts'

const NOW = '2026-03-01T03:00:00.000Z'
const word = (state: keyof typeof en.rooms.states): string => en.rooms.states[state]

function fleet(
  part: Parameters<typeof aLiveState>[0],
  connection: FleetState['connection'] = 'live',
): FleetState {
  return { ...EMPTY_FLEET, connection, live: aLiveState(part), serverEpochMs: Date.parse(NOW), heardAtMs: 0 }
}

describe('rooms', () => {
  const rows = roomRows(
    aLiveState({
      rooms: [
        aRoom({ id: 'a', name: 'Room 10', ward: '1A' }),
        aRoom({ id: 'b', name: 'Room 9', ward: '1A', state: 'clean' }),
        aRoom({ id: 'c', name: 'Corridor', kind: 'corridor', state: 'clean' }),
        aRoom({ id: 'd', name: 'Isolation 2', ward: '1I', state: 'suspended' }),
      ],
    }),
  )
  const names = (text: string, filter: Parameters<typeof queryRooms>[1]['filter'] = 'all'): string[] =>
    queryRooms(rows, { text, filter }, word).map(({ room }) => room.name)

  it('stand in the order people count in, ways through the building last', () => {
    expect(names('')).toEqual(['Isolation 2', 'Room 9', 'Room 10', 'Corridor'])
  })

  it('are found by words of name, ward and state in any order', () => {
    expect(names('10 room')).toEqual(['Room 10'])
    expect(names('1a')).toEqual(['Room 9', 'Room 10'])
    expect(names('suspended')).toEqual(['Isolation 2'])
    expect(names('nowhere')).toEqual([])
  })

  it('are filtered by what they ask of people, and counted the same way', () => {
    expect(names('', 'needsPerson')).toEqual(['Isolation 2', 'Room 10'])
    expect(names('', 'ready')).toEqual(['Room 9', 'Corridor'])
    expect(countRooms(rows)).toEqual({ all: 4, needsPerson: 2, underWay: 0, ready: 2 })
  })

  it('wait for release once their mission is over, and only then', () => {
    const room = aRoom({ state: 'inProgress', missionId: 'mission-1' })
    expect(shownStateOf(room, { 'mission-1': aMission({ phase: 'verifying' }) })).toBe('inProgress')
    expect(shownStateOf(room, { 'mission-1': aMission({ phase: 'finished' }) })).toBe('toRelease')
    expect(shownStateOf(room, {})).toBe('inProgress')
    expect(
      shownStateOf({ ...room, state: 'suspended' }, { 'mission-1': aMission({ phase: 'finished' }) }),
    ).toBe('suspended')
  })

  it('do not wait for release between two steps of one request', () => {
    const room = aRoom({ state: 'inProgress', missionId: 'mission-1' })
    const first = aMission({ phase: 'finished', stepNumber: 0, stepCount: 2 })
    expect(shownStateOf(room, { 'mission-1': first })).toBe('inProgress')
    expect(shownStateOf(room, { 'mission-1': { ...first, stepNumber: 1 } })).toBe('toRelease')
  })

  it('say that they are gassed, and which ones people have to leave the surroundings of', () => {
    const room = aRoom({ state: 'blocked', missionId: 'mission-1' })
    const gas = aGas({ isGassed: true })
    const mission = aMission({ method: 'hpv', phase: 'aerating', gas })
    expect(shownStateOf(room, { 'mission-1': mission })).toBe('gassed')
    expect(shownStateOf(room, { 'mission-1': aMission({ gas: aGas({ isGassed: false }) }) })).toBe('blocked')
    expect(evacuations(aLiveState({ missions: [mission] }))).toEqual([])
    const loud = { ...mission, gas: { ...gas, mustEvacuate: true } }
    expect(evacuations(aLiveState({ missions: [loud] }))).toEqual([loud])
    expect(evacuations(aLiveState({ missions: [{ ...loud, phase: 'finished' }] }))).toEqual([])
  })
})

describe('requests and missions of a room', () => {
  it('an older open request does not come back when a newer one was approved', () => {
    const live = aLiveState({
      requests: [
        aRequest({ id: 'old', status: 'planned', requestedAt: '2026-03-01T01:00:00.000Z' }),
        aRequest({ id: 'new', status: 'approved', requestedAt: '2026-03-01T02:00:00.000Z' }),
      ],
    })
    expect(openRequestOf(live, 'room-1')).toBeNull()
  })

  it('a failed plan stays until someone withdraws it', () => {
    const failed = aRequest({ status: 'planningFailed', failure: 'no floor space' })
    expect(openRequestOf(aLiveState({ requests: [failed] }), 'room-1')).toBe(failed)
    const withdrawn = aLiveState({ requests: [{ ...failed, status: 'withdrawn' }] })
    expect(openRequestOf(withdrawn, 'room-1')).toBeNull()
  })

  it('the mission that the room names wins over a newer one elsewhere in time', () => {
    const live = aLiveState({
      rooms: [aRoom({ missionId: 'linked' })],
      missions: [
        aMission({ id: 'linked', orderedAt: '2026-03-01T01:00:00.000Z' }),
        aMission({ id: 'newer', orderedAt: '2026-03-01T02:00:00.000Z' }),
      ],
    })
    expect(latestMissionOf(live, 'room-1')?.id).toBe('linked')
  })
})

describe('alarms', () => {
  const alarm = (id: string, part: Partial<AlarmView> = {}): AlarmView => ({
    id,
    robotId: 'wardlight.uv-01',
    roomId: null,
    kind: id,
    priority: 'high',
    text: id,
    raisedAt: '2026-03-01T03:00:00.000Z',
    count: 1,
    clearedAt: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    ...part,
  })

  it('come with what nobody has seen first, the worst first, the newest first', () => {
    const seen = { acknowledgedBy: 'Nora', acknowledgedAt: '2026-03-01T03:10:00.000Z' }
    const live = aLiveState({
      alarms: [
        alarm('seen urgent', { ...seen, priority: 'urgent' }),
        alarm('low', { priority: 'low' }),
        alarm('older'),
        alarm('newer', { raisedAt: '2026-03-01T03:05:00.000Z' }),
        alarm('urgent', { priority: 'urgent' }),
      ],
    })
    expect(openAlarms(live).map(({ id }) => id)).toEqual(['urgent', 'newer', 'older', 'low', 'seen urgent'])
    expect(unseenAlarms(live)).toHaveLength(4)
  })
})

describe('emergency stop', () => {
  const ids = (state: FleetState, nowMs = 0): string[] => robotsToStop(state, nowMs).map((robot) => robot.id)

  it('goes to whoever moves or shines, and lets the resting rest', () => {
    const state = fleet({ robots: [aRobot({ id: 'rests' }), aRobot({ id: 'shines', isLampLit: true })] })
    expect(ids(state)).toEqual(['shines'])
  })

  it('goes to all when all rest', () => {
    expect(ids(fleet({ robots: [aRobot({ id: 'a' }), aRobot({ id: 'b' })] }))).toEqual(['a', 'b'])
  })

  it('takes old news, lost lines and broken connections for motion', () => {
    const resting = { robots: [aRobot({ id: 'a' }), aRobot({ id: 'b', isDriving: true })] }
    expect(ids(fleet(resting, 'lost'))).toEqual(['a', 'b'])
    expect(ids(fleet(resting), STALE_AFTER_MS + 1)).toEqual(['a', 'b'])
    const broken = { robots: [aRobot({ id: 'a', connection: 'CONNECTION_BROKEN' }), aRobot({ id: 'b' })] }
    expect(ids(fleet(broken))).toEqual(['a'])
  })

  it('never leaves out a robot that is lit, drives, or has a mission', () => {
    const robots = fc.array(
      fc.record({
        isLampLit: fc.boolean(),
        isDriving: fc.boolean(),
        missionId: fc.constantFrom(null, 'mission-1'),
        connection: fc.constantFrom('ONLINE' as const, 'OFFLINE' as const, 'CONNECTION_BROKEN' as const),
      }),
      { maxLength: 6 },
    )
    expect.hasAssertions()
    fc.assert(
      fc.property(robots, fc.nat(20_000), (parts, nowMs) => {
        const all = parts.map((part, index) => aRobot({ ...part, id: `robot-${index}` }))
        const stopped = new Set(ids(fleet({ robots: all }), nowMs))
        for (const robot of all) {
          if (robot.isLampLit || robot.isDriving || robot.missionId !== null)
            expect(stopped).toContain(robot.id)
        }
        if (all.length > 0) expect(stopped.size).toBeGreaterThan(0)
      }),
    )
  })
})

describe('age', () => {
  it('is the server clock at its last word, carried on by ours', () => {
    const state = fleet({})
    expect(ageMs(state, 1500, NOW)).toBe(1500)
    expect(ageMs(state, 1500, '2026-03-01T02:59:59.000Z')).toBe(2500)
  })

  it('of something undated or unheard is unknown, and unknown is stale', () => {
    expect(ageMs(EMPTY_FLEET, 0, NOW)).toBeNull()
    expect(ageMs(fleet({}), 0, null)).toBeNull()
    expect(ageMs(fleet({}), 0, 'yesterday')).toBeNull()
    expect(isStale(null)).toBe(true)
    expect(isStale(STALE_AFTER_MS)).toBe(false)
  })

  it('of a time stamp ahead of the server is zero', () => {
    expect(ageMs(fleet({}), 0, '2026-03-01T03:00:09.000Z')).toBe(0)
  })
})
