import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  applyChanges,
  changesIn,
  readLiveMessage,
  type ApiError,
  type AuditPage,
  type ContaminationView,
  type LiveState,
  type MissionView,
  type RequestView,
  type RoomView,
  type ScheduleAnswer,
  type ScheduleEntryView,
  type SchedulePlanView,
  type ScheduleView,
  type SessionView,
} from '@wardlight/core/fleet'
import { SimulatedClock } from '@wardlight/core/clock'
import { WebSocket } from 'ws'
import type { FleetServer } from './server.ts'
import { ScriptedRobot } from './testing/scripted-robot.ts'
import { smallPlan } from './testing/small-plan.ts'
import { TestClient, until } from './testing/test-client.ts'
import { newcomer, TestPerson } from './testing/test-person.ts'
import { startTestServer } from './testing/test-server.ts'

const HOUR_MS = 3_600_000

/** Room 1 is of ward A, room 2 of ward B, the corridor of none. */
function twoWards() {
  const plan = smallPlan()
  const ward: Readonly<Record<string, string | null>> = { 'room-1': 'A', 'room-2': 'B', corridor: null }
  return {
    ...plan,
    levels: plan.levels.map((level) => ({
      ...level,
      rooms: level.rooms.map((room) => ({ ...room, ward: ward[room.id] ?? null })),
    })),
  }
}

describe('people of one ward', () => {
  const wallClock = new SimulatedClock(Date.UTC(2026, 0, 5, 7))
  let server: FleetServer
  let everywhere: TestClient
  let admin: TestPerson
  let anna: TestPerson
  let robot: ScriptedRobot
  let request: RequestView
  let mission: MissionView
  let plan: SchedulePlanView

  beforeAll(async () => {
    server = await startTestServer({ plan: twoWards(), wallClock })
    everywhere = await TestClient.signIn(server, 'nurse')
    admin = new TestPerson(server)
    await admin.signIn('admin', 'admin-demo')
    ;({ person: anna } = await newcomer(server, admin, {
      name: 'anna',
      displayName: 'Anna of A',
      role: 'nurse',
      wards: ['A'],
    }))
    robot = new ScriptedRobot()
    const { password } = await server.registerRobot(robot.address)
    await robot.connect(server.mqttUrl, password)
    await until(async () => (await everywhere.robot(robot.id)).batteryFraction !== null)
    // Everything there is in ward B.
    request = await everywhere.plannedRequest('room-2')
    mission = await everywhere.ok<MissionView>('POST', `/requests/${request.id}/approve`)
    await everywhere.ok('POST', '/contamination/rooms/room-2/isolation', { organismIds: ['mrsa'] })
    plan = await everywhere.ok<SchedulePlanView>('POST', '/schedule/plans', {
      name: 'Nights in B',
      roomIds: ['room-2'],
      recurrence: { startLocal: '2026-02-01T02:00', rule: 'FREQ=DAILY' },
      missed: { type: 'skip' },
      priority: 'routine',
      startWithinMin: null,
      doneWithinMin: null,
      treatment: { organismId: 'mrsa', targetLog: 3 },
    })
  })
  afterAll(async () => {
    await robot.disconnect()
    await server.stop()
  })

  it('are told of its rooms and those of no ward, and of nothing in another one', async () => {
    const { client } = anna
    expect((await client.ok<RoomView[]>('GET', '/rooms')).map(({ id }) => id).toSorted()).toEqual([
      'corridor',
      'room-1',
    ])
    expect(await client.ok('GET', '/requests')).toEqual([])
    expect(await client.ok('GET', '/missions')).toEqual([])
    const carried = await client.ok<ContaminationView>('GET', '/contamination')
    expect(carried.rooms.map(({ roomId }) => roomId)).not.toContain('room-2')
    // Nor by the answer to what they do in their own.
    const isolated = await client.ok<ContaminationView>('POST', '/contamination/rooms/room-1/isolation', {
      organismIds: [],
    })
    expect(isolated.rooms.map(({ roomId }) => roomId).toSorted()).toEqual(['corridor', 'room-1'])
    await client.ok('POST', '/contamination/rooms/room-1/lift')
    const schedule = await client.ok<ScheduleView>('GET', '/schedule')
    expect([schedule.plans, schedule.entries, schedule.runs]).toEqual([[], [], []])
    const events = await client.ok<{ text: string; roomId: string | null }[]>('GET', '/contamination/events')
    expect(events.filter(({ roomId }) => roomId === 'room-2')).toEqual([])
  })

  it('do nothing there, and hear whose room it is', async () => {
    const { client } = anna
    const refused: readonly (readonly [string, string, unknown?])[] = [
      ['PATCH', '/rooms/room-2', { state: 'dirty' }],
      ['POST', '/requests', { roomId: 'room-2', organismId: 'mrsa', targetLog: 3 }],
      ['GET', `/requests/${request.id}`],
      ['GET', `/requests/${request.id}/plan`],
      ['POST', `/requests/${request.id}/approve`],
      ['POST', `/requests/${request.id}/withdraw`],
      ['GET', `/missions/${mission.id}`],
      ['GET', `/missions/${mission.id}/plan`],
      ['GET', `/missions/${mission.id}/report`],
      ['GET', `/missions/${mission.id}/proofs`],
      ['POST', `/missions/${mission.id}/checklist`, { items: [] }],
      ['POST', `/missions/${mission.id}/start`],
      ['POST', `/missions/${mission.id}/resume`],
      ['POST', `/missions/${mission.id}/release`, { note: 'read', missedSurfacesWiped: true }],
      ['POST', '/contamination/rooms/room-2/lift'],
      ['POST', `/schedule/plans/${plan.id}/status`, { status: 'ended' }],
      ['POST', `/schedule/requests/${request.id}`, {}],
    ]
    for (const [method, path, body] of refused) {
      const { status, body: error } = await client.call<ApiError>(method, path, body)
      expect([method, path, status, error.code]).toEqual([method, path, 403, 'WARD_ERR_FORBIDDEN'])
      expect(error.what).toContain('ward B')
    }
    // What is not there is not there for anybody.
    expect((await client.call('GET', '/missions/none')).status).toBe(404)
    expect((await client.call('POST', '/requests', { roomId: 'room-9' })).status).toBe(404)
  })

  it('make dark whatever they see, also there', async () => {
    const { client } = anna
    expect((await client.call('POST', `/robots/${robot.id}/emergency-stop`)).status).toBe(202)
    expect((await client.call('POST', `/missions/${mission.id}/pause`)).status).not.toBe(403)
    expect((await client.call('POST', `/missions/${mission.id}/stop`)).status).not.toBe(403)
  })

  /** What the live feed has told by now; a gap in its numbers would be lost for a client. */
  function watch(cookie: string) {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/live`, { headers: { cookie } })
    let state: LiveState | null = null
    let sequence = 0
    let text = ''
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) text += data.toString()
      const message = readLiveMessage(isBinary ? data : data.toString())!
      if (message.type === 'snapshot') ({ state, sequence } = message)
      else if (message.type === 'delta' || message.type === 'motion') {
        if (message.sequence !== sequence + 1) throw new Error('a gap')
        sequence = message.sequence
        state = applyChanges(state!, changesIn(message, Object.values(state!.robots)))
      }
    })
    return { socket, state: () => state, said: () => text }
  }

  it('see by the live feed what they may, and the rest for a time when they break the glass and say why', async () => {
    const own = watch(anna.cookie)
    const all = watch(everywhere.cookie)
    await until(() => own.state() !== null && all.state() !== null)
    await everywhere.ok('PATCH', '/rooms/room-1', { state: 'stat' })
    // The feed beats by the clock of the wall.
    wallClock.advance(1000)
    await until(() => own.state()!.rooms['room-1']?.state === 'stat')
    await until(() => all.state()!.rooms['room-1']?.state === 'stat')
    expect(Object.keys(own.state()!.rooms).toSorted()).toEqual(['corridor', 'room-1'])
    expect(Object.keys(all.state()!.rooms)).toHaveLength(3)
    expect(own.said()).not.toContain(request.id)
    expect(Object.keys(own.state()!.robots)).toEqual([robot.id])

    const tooShort = await anna.call<ApiError>('POST', '/session/break-glass', { reason: 'x' })
    expect(tooShort.status).toBe(400)
    const reason = 'Resuscitation in room 2, its nurse is at the bed'
    const broken = await anna.ok<SessionView>('POST', '/session/break-glass', { reason })
    expect(Date.parse(broken.glassBrokenUntil!)).toBe(wallClock.epochMs() + 4 * HOUR_MS)
    expect((await anna.call('GET', `/missions/${mission.id}`)).status).toBe(200)
    wallClock.advance(1000)
    await until(() => own.state()!.rooms['room-2'])
    expect(own.state()!.missions[mission.id]).toBeDefined()

    const { entries } = await admin.ok<AuditPage>('GET', '/audit?about=Resuscitation')
    expect(entries.find(({ kind }) => kind === 'change')).toMatchObject({
      who: { name: 'Anna of A', did: 'POST /api/session/break-glass' },
      change: { table: 'sessions', after: { glass_reason: reason } },
    })

    // It is ended before its time by who broke it, and for connections that are open, too.
    const mended = await anna.ok<SessionView>('DELETE', '/session/break-glass')
    expect(mended.glassBrokenUntil).toBeNull()
    expect((await anna.ok<SessionView>('GET', '/session')).glassBrokenUntil).toBeNull()
    expect((await anna.call('GET', `/missions/${mission.id}`)).status).toBe(403)
    wallClock.advance(1000)
    await until(() => own.state()!.rooms['room-2'] === undefined)
    expect((await anna.call('DELETE', '/session/break-glass')).status).toBe(409)
    expect((await admin.call('DELETE', '/session/break-glass')).status).toBe(403)
    const [last] = (await admin.ok<AuditPage>('GET', '/audit?about=glass_broken_until')).entries
    expect(last).toMatchObject({
      who: { name: 'Anna of A', did: 'DELETE /api/session/break-glass' },
      change: { before: { glass_reason: reason }, after: { glass_reason: null, glass_broken_until: null } },
    })

    await anna.ok('POST', '/session/break-glass', { reason })
    wallClock.advance(1000)
    await until(() => own.state()!.rooms['room-2'])
    wallClock.advance(4 * HOUR_MS)
    expect((await anna.ok<SessionView>('GET', '/session')).glassBrokenUntil).toBeNull()
    expect((await anna.call('GET', `/missions/${mission.id}`)).status).toBe(403)
    wallClock.advance(1000)
    await until(() => own.state()!.rooms['room-2'] === undefined)
    expect((await everywhere.call('POST', '/session/break-glass', { reason })).status).toBe(409)
    own.socket.close()
    all.socket.close()
  })
})

it('people of one ward hear what a change does to a room of another one, and not which', async () => {
  const clock = new SimulatedClock(Date.UTC(2026, 0, 5, 7))
  const server = await startTestServer({ plan: twoWards(), clock })
  const robot = new ScriptedRobot()
  try {
    const everywhere = await TestClient.signIn(server, 'nurse')
    const admin = new TestPerson(server)
    await admin.signIn('admin', 'admin-demo')
    const { person: anna } = await newcomer(server, admin, {
      name: 'anna',
      displayName: 'Anna of A',
      role: 'nurse',
      wards: ['A'],
    })
    await robot.connect(server.mqttUrl, (await server.registerRobot(robot.address)).password)
    await until(async () => (await everywhere.robot(robot.id)).batteryFraction !== null)
    const own = await everywhere.plannedRequest('room-1')
    const foreign = await everywhere.plannedRequest('room-2')
    const startOf = await until(async () => {
      clock.advance(5000)
      await server.settled()
      const { entries } = await everywhere.ok<ScheduleView>('GET', '/schedule')
      const starts = new Map(entries.map(({ requestId, startAt }) => [requestId, startAt]))
      return starts.get(own.id) && starts.get(foreign.id) ? starts : null
    })
    const isFirst = startOf.get(own.id)! < startOf.get(foreign.id)!
    // Out of its place, or into that of the other one: the robot is one for both.
    const change = {
      priority: isFirst ? null : 'stat',
      notBefore: isFirst ? new Date(clock.epochMs() + 6 * HOUR_MS).toISOString() : null,
      startBy: null,
      robotId: null,
      dueAt: null,
    }
    const ask = (client: TestClient) =>
      client.ok<ScheduleAnswer>('POST', `/schedule/requests/${own.id}/what-if`, change)
    const whole = await ask(everywhere)
    expect(whole.effects).toMatchObject([{ id: foreign.id, roomId: 'room-2' }])
    expect(whole.effects[0]!.words).toContain('Room room-2')
    const narrowed = await ask(anna.client)
    expect(narrowed.effects).toMatchObject([{ id: null, roomId: null, kind: whole.effects[0]!.kind }])
    expect(narrowed.effects[0]!.words).toBe(
      whole.effects[0]!.words.replaceAll('Room room-2', 'A room of another ward'),
    )
    expect(narrowed.entry.reason).toBe(whole.entry.reason.replaceAll('Room room-2', 'a room of another ward'))
    expect(JSON.stringify(narrowed)).not.toMatch(new RegExp(`room-2|${foreign.id}`))
    await anna.ok('POST', '/session/break-glass', { reason: 'Resuscitation in room 2' })
    expect((await ask(anna.client)).effects).toEqual(whole.effects)
    await anna.ok('DELETE', '/session/break-glass')

    // Why a robot comes when it comes is told without the room that it comes from, by every way.
    const first = { ...change, priority: 'stat', notBefore: null }
    await everywhere.ok('POST', `/schedule/requests/${foreign.id}`, first)
    const entry = await until(async () => {
      clock.advance(5000)
      await server.settled()
      const { entries } = await everywhere.ok<ScheduleView>('GET', '/schedule')
      return entries.find(({ requestId, comesFrom }) => requestId === own.id && comesFrom !== null)
    })
    expect(entry.reason).toContain('it comes from Room room-2')
    const told = await anna.client.ok<ScheduleView>('GET', '/schedule')
    expect(told.entries).toMatchObject([{ requestId: own.id, comesFrom: null }])
    expect(told.entries[0]!.reason).toContain('it comes from a room of another ward')
    const unchanged = { ...change, priority: null, notBefore: null }
    const kept = await anna.client.ok<ScheduleEntryView>('POST', `/schedule/requests/${own.id}`, unchanged)
    expect(JSON.stringify(kept)).not.toContain('room-2')
  } finally {
    await robot.disconnect()
    await server.stop()
  }
})
