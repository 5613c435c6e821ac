import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  RoomStateSchema,
  type AlarmView,
  type MissionView,
  type RequestView,
  type RobotView,
  type RoomState,
  type RoomView,
} from '@wardlight/core/fleet'
import { handOverItems, type HospitalNow } from './hand-over.ts'

const URGENCIES = ['now', 'soon', 'know']
const states: readonly RoomState[] = Object.values(RoomStateSchema.enum)
const phases = [
  'queued',
  'traveling',
  'awaitingArming',
  'dosing',
  'interrupted',
  'gassing',
  'finished',
] as const
const instant = fc
  .integer({ min: 0, max: 1_000_000 })
  .map((minute) => new Date(Date.UTC(2026, 0, 5) + minute * 60_000).toISOString())

/** What the hand-over looks at; the views have more. */
const room = (index: number) =>
  fc.record({
    id: fc.constant(`room-${index}`),
    name: fc.constant(`Room ${index}`),
    ward: fc.constantFrom('A', 'B', null),
    state: fc.constantFrom(...states),
    since: instant,
    reason: fc.option(fc.constantFrom('door opened', 'gas')),
    requestId: fc.constant(`request-${index}`),
    missionId: fc.constant(`mission-${index}`),
  })
const request = (index: number) =>
  fc.record({
    id: fc.constant(`request-${index}`),
    roomId: fc.constant(`room-${index}`),
    status: fc.constantFrom('planning', 'planned', 'planningFailed', 'approved', 'withdrawn'),
    failure: fc.constant(null),
    roomReady: fc.option(fc.constantFrom({ by: null, at: null }, { by: 'Nora', at: '2026-01-05T00:00:00Z' })),
    requestedBy: fc.constant('Nora Nurse'),
    requestedAt: instant,
    approvals: fc.constant([]),
    approvalsNeeded: fc.constantFrom(1, 2),
  })
const mission = (index: number) =>
  fc.record({
    id: fc.constant(`mission-${index}`),
    roomId: fc.constant(`room-${index}`),
    phase: fc.constantFrom(...phases),
    phaseSince: instant,
    finishedAt: instant,
    stepNumber: fc.constantFrom(0, 1),
    stepCount: fc.constant(2),
    releasedAt: fc.option(instant),
    gas: fc.option(fc.record({ isGassed: fc.boolean() })),
  })
const robot = (index: number) =>
  fc.record({
    id: fc.constant(`robot-${index}`),
    serialNumber: fc.constant(`uv-${index}`),
    isPaused: fc.boolean(),
    emergencyStop: fc.constantFrom('NONE', 'MANUAL', 'REMOTE'),
    service: fc.record({
      state: fc.constantFrom('inService', 'draining', 'maintenance', 'retired'),
      by: fc.constant('Erin'),
      at: instant,
      reason: fc.constant('lamp'),
    }),
  })
const alarm = (index: number) =>
  fc.record({
    id: fc.constant(`alarm-${index}`),
    robotId: fc.option(fc.constant('robot-0')),
    roomId: fc.option(fc.constantFrom('room-0', 'room-1', 'room-2')),
    priority: fc.constantFrom('urgent', 'high', 'low'),
    text: fc.constant('something'),
    raisedAt: instant,
    acknowledgedAt: fc.option(instant),
  })
const several = <Item>(of: (index: number) => fc.Arbitrary<Item>) =>
  fc.integer({ min: 0, max: 4 }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => of(i))))

const hospital: fc.Arbitrary<HospitalNow> = fc
  .record({
    rooms: several(room),
    requests: several(request),
    missions: several(mission),
    robots: several(robot),
    alarms: several(alarm),
    isolated: fc.subarray(['room-0', 'room-1', 'room-2']),
    missed: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ isolated, missed, ...now }) => ({
    rooms: now.rooms as unknown as RoomView[],
    requests: now.requests as unknown as RequestView[],
    missions: now.missions as unknown as MissionView[],
    robots: now.robots as unknown as RobotView[],
    alarms: now.alarms as unknown as AlarmView[],
    contamination: {
      robots: now.robots.map(({ id }) => ({
        robotId: id,
        carries: [{ agent: 'mrsa', name: 'MRSA', why: 'in room-9', at: null }],
        refusedRoomIds: isolated,
      })),
      rooms: now.rooms.map(({ id }) => ({
        roomId: id,
        class: 'ordinary' as const,
        isolatedFor: isolated.includes(id) ? [] : null,
        isForDecontamination: false,
        carries: [],
      })),
    },
    missedSurfaces: new Map(now.missions.map(({ id }) => [id, missed])),
  }))

describe('what a shift hands over', () => {
  it('is ordered by urgency, then by kind, then by what has waited longest; each thing once', () => {
    fc.assert(
      fc.property(hospital, (now) => {
        const items = handOverItems('A', now)
        expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
        for (const [index, next] of items.slice(1).entries()) {
          const before = items[index]!
          expect(URGENCIES.indexOf(before.urgency)).toBeLessThanOrEqual(URGENCIES.indexOf(next.urgency))
          if (before.kind === next.kind && before.urgency === next.urgency) {
            expect((before.since ?? '') <= (next.since ?? '')).toBe(true)
          }
        }
      }),
    )
  })

  it('does not depend on the order in which things are known', () => {
    fc.assert(
      fc.property(hospital, (now) => {
        expect(
          handOverItems('A', {
            ...now,
            rooms: now.rooms.toReversed(),
            requests: now.requests.toReversed(),
            missions: now.missions.toReversed(),
            robots: now.robots.toReversed(),
            alarms: now.alarms.toReversed(),
          }),
        ).toEqual(handOverItems('A', now))
      }),
    )
  })

  it('tells nothing of the rooms of other wards, and all robots that somebody holds', () => {
    fc.assert(
      fc.property(hospital, (now) => {
        const items = handOverItems('A', now)
        const own = new Set(now.rooms.filter(({ ward }) => ward === 'A').map(({ id }) => id))
        for (const { roomId } of items) expect(roomId === null || own.has(roomId)).toBe(true)
        const held = now.robots.filter(
          ({ isPaused, emergencyStop, service }) =>
            service.state !== 'retired' && (isPaused || emergencyStop !== 'NONE'),
        )
        expect(items.filter(({ kind }) => kind === 'robotHeld').map(({ subject }) => subject)).toEqual(
          held.map(({ serialNumber }) => serialNumber).toSorted(),
        )
      }),
    )
  })

  it('forgets no room that a person has to go to, and no alarm that nobody has seen', () => {
    fc.assert(
      fc.property(hospital, (now) => {
        const items = handOverItems('A', now)
        const kindsOf = (roomId: string) =>
          items.filter((item) => item.roomId === roomId).map(({ kind }) => kind)
        for (const { id, ward, state } of now.rooms) {
          if (ward !== 'A') continue
          const kinds = kindsOf(id)
          const mission = now.missions.find(({ roomId }) => roomId === id)
          const request = now.requests.find(({ roomId }) => roomId === id)
          const isRunning = mission !== undefined && mission.phase !== 'finished'
          const isGassed = mission?.gas?.isGassed === true
          expect(kinds.includes('gassed')).toBe(isGassed)
          expect(kinds.includes('suspended')).toBe(state === 'suspended')
          expect(kinds.includes('stat')).toBe(state === 'stat')
          expect(kinds.includes('blocked')).toBe(state === 'blocked' && !isGassed)
          expect(kinds.includes('runNeedsPerson')).toBe(
            isRunning && (mission.phase === 'awaitingArming' || mission.phase === 'interrupted'),
          )
          if (state === 'inProgress' || isRunning) {
            expect(kinds.some((kind) => ['running', 'runNeedsPerson', 'toRelease'].includes(kind))).toBe(true)
          }
          const isOpen =
            request !== undefined && request.status !== 'approved' && request.status !== 'withdrawn'
          expect(
            kinds.some((kind) => ['roomToEmpty', 'toApprove', 'requestFailed', 'planning'].includes(kind)),
          ).toBe(isOpen)
          expect(kinds.includes('missedSurfaces')).toBe(
            mission?.phase === 'finished' &&
              mission.releasedAt === null &&
              now.missedSurfaces.get(mission.id)! > 0,
          )
        }
        const unseen = now.alarms.filter(
          ({ acknowledgedAt, roomId }) =>
            acknowledgedAt === null &&
            (roomId === null || now.rooms.some(({ id, ward }) => id === roomId && ward === 'A')),
        )
        expect(
          items
            .filter(({ kind }) => kind === 'alarm')
            .map(({ id }) => id)
            .toSorted(),
        ).toEqual(unseen.map(({ id }) => `alarm/${id}`).toSorted())
      }),
    )
  })
})
