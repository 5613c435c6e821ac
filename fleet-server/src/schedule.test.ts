import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { SimulatedClock } from '@wardlight/core/clock'
import type {
  ApiError,
  MissionView,
  RequestView,
  ScheduleAnswer,
  ScheduleEntryView,
  SchedulePlanView,
  ScheduleView,
} from '@wardlight/core/fleet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FleetServer } from './server.ts'
import { ScriptedRobot } from './testing/scripted-robot.ts'
import { TestClient, until } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

const MINUTE = 60_000
const BERLIN = 'Europe/Berlin'
/** 02:00 in Berlin, the night before the clocks go forward. */
const NIGHT = Date.parse('2026-03-28T01:00:00Z')

const nightly = {
  name: 'Nightly room 1',
  roomIds: ['room-1'],
  recurrence: { startLocal: '2026-03-28T02:30', rule: 'FREQ=DAILY' },
  missed: { type: 'skip' },
  priority: 'next',
  startWithinMin: 120,
  doneWithinMin: 240,
  treatment: { organismId: 'sars-cov-2', targetLog: 3 },
}

describe('a schedule that the server follows', () => {
  let dataDir: string
  let server: FleetServer
  let nurse: TestClient
  let admin: TestClient
  let clock = new SimulatedClock(NIGHT)
  const robots = [new ScriptedRobot('uv-1'), new ScriptedRobot('uv-2')]
  const start = async () => {
    server = await startTestServer({ dataDir, clock, timeZone: BERLIN })
    nurse = await TestClient.signIn(server, 'nurse')
    admin = await TestClient.signIn(server, 'admin')
    for (const robot of robots) {
      const { password } = await server.registerRobot(robot.address)
      await robot.connect(server.mqttUrl, password)
    }
  }
  const schedule = () => nurse.ok<ScheduleView>('GET', '/schedule')
  /** The scheduler looks at the clock; planning and the database take real time, in which the clock stands. */
  const look = async <T>(find: (view: ScheduleView) => T | undefined | false): Promise<T> =>
    until(async () => {
      clock.advance(5000)
      await server.settled()
      return find(await schedule())
    })

  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'wardlight-schedule-'))
    await start()
  })
  afterAll(async () => {
    for (const robot of robots) await robot.disconnect()
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  })

  it('shows the next dates, also where the clocks change, and refuses rules that nobody can follow', async () => {
    const { dates } = await nurse.ok<{ dates: string[] }>('POST', '/schedule/preview', nightly.recurrence)
    expect(dates.slice(0, 3)).toEqual([
      '2026-03-28T01:30:00.000Z',
      // 02:30 does not exist: 03:30.
      '2026-03-29T01:30:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ])
    const wrong = { ...nightly.recurrence, rule: 'FREQ=SOMETIMES' }
    const refused = await nurse.call<ApiError>('POST', '/schedule/preview', wrong)
    expect([refused.status, refused.body.code]).toEqual([400, 'WARD_ERR_SCHEDULE_RULE'])
    const nowhere = await nurse.call('POST', '/schedule/plans', { ...nightly, roomIds: ['room-9'] })
    expect(nowhere.status).toBe(404)
    const silent = await nurse.call('POST', '/schedule/plans', { ...nightly, missed: undefined })
    expect(silent.status).toBe(400)
  })

  it('expects what will come, with robot, time and reason, and has not asked for anything', async () => {
    await nurse.ok<SchedulePlanView>('POST', '/schedule/plans', nightly)
    const entry = await look(({ entries }) => entries.find(({ robotId }) => robotId !== null))
    expect(entry).toMatchObject({ status: 'expected', roomId: 'room-1', startAt: '2026-03-28T01:30:00.000Z' })
    expect(entry.reason).toMatch(/^uv-[12], 02:30, because it is not wanted before/)
    expect(await nurse.ok('GET', '/requests')).toEqual([])
  })

  it('asks for the room when it is due, once, and starts nothing', async () => {
    clock.advance(31 * MINUTE)
    const run = await look(({ runs }) => runs.find(({ requestId }) => requestId !== null))
    expect(run).toMatchObject({ decision: 'run', scheduledAt: '2026-03-28T01:30:00.000Z' })
    const request = await until(async () => {
      const each = await nurse.ok<RequestView>('GET', `/requests/${run.requestId}`)
      return each.status === 'planned' ? each : null
    })
    expect(request.requestedBy).toBe('Nora Nurse by the plan "Nightly room 1"')
    expect(request.dueAt).toBe('2026-03-28T05:30:00.000Z')
    const entry = await look(({ entries }) =>
      entries.find(({ requestId, robotId }) => requestId === request.id && robotId !== null),
    )
    expect(entry).toMatchObject({ status: 'requested', priority: 'next' })
    clock.advance(10 * MINUTE)
    await look(() => true)
    expect(await nurse.ok<RequestView[]>('GET', '/requests')).toHaveLength(1)
    expect(await nurse.ok('GET', '/missions')).toEqual([])
    expect(robots.flatMap(({ orders }) => orders)).toEqual([])
  })

  it('plans around hours in which nobody can arm and rooms that are closed, and says so', async () => {
    const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
    await admin.ok('PUT', '/schedule/hours', {
      staffed: [{ days, from: '04:00', to: '07:00' }],
      blackouts: [{ roomId: null, hours: { days, from: '03:00', to: '04:30' }, reason: 'Rounds' }],
    })
    const entry = await look(({ entries }) =>
      entries.find(({ status, startAt }) => status === 'requested' && startAt === '2026-03-28T03:30:00.000Z'),
    )
    expect(entry.reason).toContain('04:30, because the room is closed to robots until then')
    expect(await nurse.call('PUT', '/schedule/hours', { staffed: [], blackouts: [] })).toMatchObject({
      status: 403,
    })
    await admin.ok('PUT', '/schedule/hours', { staffed: [], blackouts: [] })
  })

  it('says what would come of a change before anybody makes it, and then does just that', async () => {
    const second = await nurse.plannedRequest('room-2')
    const entries = await look(({ entries: all }) => {
      const open = all.filter(({ status }) => status === 'requested')
      return open.length === 2 && open.every(({ robotId }) => robotId !== null) && open
    })
    const { robotId } = entries.find(({ roomId }) => roomId === 'room-1')!
    // The same robot for both: one of them has to wait for the other.
    const change = { priority: 'stat', notBefore: null, startBy: null, robotId, dueAt: null }
    const before = await schedule()
    const answer = await nurse.ok<ScheduleAnswer>('POST', `/schedule/requests/${second.id}/what-if`, change)
    expect(answer.entry).toMatchObject({ priority: 'stat', robotId })
    expect(answer.entry.reason).toContain('people asked for this robot')
    expect(answer.own).toMatch(/^Room room-2 /)
    expect(answer.effects.map(({ roomId }) => roomId)).toContain('room-1')
    expect(answer.effects[0]!.words).toMatch(/^Room room-1 (begins at|stays at)/)
    expect((await schedule()).entries).toEqual(before.entries)
    expect((await nurse.ok<RequestView>('GET', `/requests/${second.id}`)).wish.priority).toBeNull()

    const changed = await nurse.ok<ScheduleEntryView>('POST', `/schedule/requests/${second.id}`, change)
    expect(changed).toMatchObject({ robotId, priority: 'stat', startAt: answer.entry.startAt })
    const { wish } = await nurse.ok<RequestView>('GET', `/requests/${second.id}`)
    expect(wish).toEqual({ priority: 'stat', notBefore: null, startBy: null, robotId })
    // As it was foretold.
    const ofRoom1 = ({ entries: all }: ScheduleView) => all.find(({ roomId }) => roomId === 'room-1')!
    const foretold = answer.effects.find(({ roomId }) => roomId === 'room-1')!
    const moved = foretold.kind === 'otherRobot' ? 'robotId' : 'startAt'
    expect(ofRoom1(await schedule())[moved]).not.toBe(ofRoom1(before)[moved])
  })

  it('refuses changes that nothing can follow, and those of people who may not', async () => {
    const open = await look(({ entries }) =>
      entries.find(({ roomId, status }) => roomId === 'room-2' && status === 'requested'),
    )
    const path = `/schedule/requests/${open.requestId}`
    const none = { priority: null, notBefore: null, startBy: null, robotId: null, dueAt: null }
    const at = (minutes: number) => new Date(clock.epochMs() + minutes * MINUTE).toISOString()
    const refused = async (patch: Partial<Record<keyof typeof none, string>>) => {
      const { status, body } = await nurse.call<ApiError>('POST', path, { ...none, ...patch })
      return [status, body.where]
    }
    expect(await refused({ startBy: at(-5) })).toEqual([400, 'startBy'])
    expect(await refused({ startBy: at(10), notBefore: at(20) })).toEqual([400, 'startBy'])
    expect(await refused({ robotId: 'acme.uv-9' })).toEqual([404, 'robotId'])
    expect((await admin.call('POST', path, none)).status).toBe(403)
    expect((await admin.call('POST', `${path}/what-if`, none)).status).toBe(403)

    // A window in which both robots are away: nobody gets to it, and it says so before and after.
    const window = { ...none, notBefore: at(60), startBy: at(75) }
    const answer = await nurse.ok<ScheduleAnswer>('POST', `${path}/what-if`, window)
    expect(answer).toMatchObject({ isConflict: false, entry: { startAt: at(60) } })
    await nurse.ok('POST', path, window)
    const later = await look(({ entries }) =>
      entries.find(({ id, startAt }) => id === open.id && startAt === window.notBefore),
    )
    expect(later.reason).toContain('it is not wanted before')
    await nurse.ok('POST', `/requests/${open.requestId}/withdraw`)
    const gone = await nurse.call<ApiError>('POST', `${path}/what-if`, none)
    expect([gone.status, gone.body.code]).toEqual([409, 'WARD_ERR_CONFLICT'])
  })

  it('sends the robot that the schedule has, when a person approves', async () => {
    const entry = await look(({ entries }) =>
      entries.find(({ status, startAt, robotId }) => {
        const isNow = startAt !== null && Date.parse(startAt) < clock.epochMs() + 5 * MINUTE
        return status === 'requested' && robotId !== null && isNow
      }),
    )
    const mission = await nurse.ok<MissionView>('POST', `/requests/${entry.requestId}/approve`)
    expect(mission.robotId).toBe(entry.robotId)
    const running = await look(({ entries }) => entries.find(({ status }) => status === 'running'))
    expect(running).toMatchObject({ id: mission.id, robotId: mission.robotId })
    await nurse.ok('POST', `/missions/${mission.id}/stop`)
  })

  it('misses what came while it was away as the plan says, and remembers it', async () => {
    for (const robot of robots) await robot.disconnect()
    await server.stop()
    clock = new SimulatedClock(Date.parse('2026-03-31T08:00:00Z'))
    await start()
    const missed = await look(({ runs }) => {
      const found = runs.filter(({ decision }) => decision === 'miss')
      return found.length === 3 ? found : undefined
    })
    expect(missed.map(({ scheduledAt }) => scheduledAt)).toEqual([
      '2026-03-31T00:30:00.000Z',
      '2026-03-30T00:30:00.000Z',
      '2026-03-29T01:30:00.000Z',
    ])
    expect(missed[0]!.reason).toContain('skips missed runs')
    const [plan] = (await schedule()).plans
    const paused = await nurse.ok<SchedulePlanView>('POST', `/schedule/plans/${plan!.id}/status`, {
      status: 'paused',
    })
    expect(paused.nextDates).toEqual([])
    await nurse.ok('POST', `/schedule/plans/${plan!.id}/status`, { status: 'ended' })
    const again = await nurse.call('POST', `/schedule/plans/${plan!.id}/status`, { status: 'active' })
    expect(again.status).toBe(409)
  })
})
