import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { SimulatedClock } from '@wardlight/core/clock'
import type { ApiError, ZoneView } from '@wardlight/core/fleet'
import type { FloorPlan, Zone } from '@wardlight/core/floor'
import { rectangle } from '@wardlight/core/geometry'
import { vda5050Topic, type Responses, type State, type ZoneSetMessage } from '@wardlight/core/vda5050'
import { connectAsync, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FleetServer } from './server.ts'
import { ScriptedRobot } from './testing/scripted-robot.ts'
import { smallPlan } from './testing/small-plan.ts'
import { TestClient, until } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

/** A robot of 3.0 that says which zones it understands, and hears of them. */
class ZoneRobot extends ScriptedRobot {
  readonly sets: ZoneSetMessage['zoneSet'][] = []
  readonly responses: Responses['responses'] = []
  #ear: MqttClient | null = null
  zoneSets: State['zoneSets'] = []

  async join(server: FleetServer, password: string): Promise<void> {
    this.#ear = await connectAsync(server.mqttUrl, {
      protocolVersion: 4,
      clientId: `${this.id}-ear`,
      username: this.id,
      password,
    })
    this.#ear.on('message', (topic, payload) => {
      const body = JSON.parse(payload.toString()) as ZoneSetMessage & Responses
      if (topic.endsWith('zoneSet')) this.sets.push(body.zoneSet)
      else this.responses.push(...body.responses)
    })
    await this.#ear.subscribeAsync([
      vda5050Topic(this.address, 'zoneSet'),
      vda5050Topic(this.address, 'responses'),
    ])
    await this.connect(server.mqttUrl, password)
    await this.offerZones()
  }

  async leave(): Promise<void> {
    await this.disconnect()
    await this.#ear?.endAsync(true)
  }

  /** Says its state, with what it asks for. */
  asks(requestId: string | null, requestStatus: 'REQUESTED' | 'GRANTED' = 'REQUESTED'): Promise<void> {
    const zoneSetId = this.sets.at(-1)?.zoneSetId ?? ''
    return this.state({
      zoneSets: this.zoneSets ?? [],
      zoneRequests:
        requestId === null
          ? []
          : [{ requestId, requestType: 'ACCESS', zoneId: 'lobby', zoneSetId, requestStatus }],
    })
  }
}

let server: FleetServer
const first = new ZoneRobot('uv-01')
const second = new ZoneRobot('uv-02')

function planWithZones(): FloorPlan {
  const plan = smallPlan()
  const level = plan.levels[0]!
  const zone = { organismIds: [], speedLimitMps: null }
  const zones: Zone[] = [
    { ...zone, id: 'lobby', name: 'Lobby', kind: 'release', polygon: rectangle({ x: 7, y: 1 }, 1, 2) },
    { ...zone, id: 'shaft', name: 'Shaft', kind: 'keepOut', polygon: rectangle({ x: 5, y: 0 }, 1, 1) },
    {
      ...zone,
      id: 'hall',
      name: 'Hall',
      kind: 'speedLimit',
      speedLimitMps: 0.3,
      polygon: rectangle({ x: 3, y: 1 }, 1, 2),
    },
    {
      ...zone,
      id: 'waiting',
      name: 'Waiting area',
      kind: 'announce',
      text: 'Robot coming through',
      polygon: rectangle({ x: 6, y: 1 }, 1, 2),
    },
    { ...zone, id: 'ward', name: 'Ward', kind: 'clean', polygon: rectangle({ x: 2, y: 4 }, 2, 2) },
  ]
  return { ...plan, levels: [{ ...level, zones }] }
}

beforeAll(async () => {
  server = await startTestServer({ plan: planWithZones() })
  for (const robot of [first, second]) {
    const { password } = await server.registerRobot(robot.address)
    await robot.join(server, password)
  }
})
afterAll(async () => {
  await first.leave()
  await second.leave()
  await server.stop()
})

it('sends robots the zones of their level and has them enabled', async () => {
  for (const robot of [first, second]) {
    await until(async () => {
      await robot.asks(null)
      return robot.sets.length > 0
    })
    expect(robot.sets[0]!.zones.map(({ zoneId, zoneType }) => [zoneId, zoneType])).toEqual([
      ['lobby', 'RELEASE'],
      ['shaft', 'BLOCKED'],
      ['hall', 'SPEED_LIMIT'],
    ])
    expect(robot.sets[0]!.zones[2]).toMatchObject({ maximumSpeed: 0.3 })
    const { zoneSetId, mapId } = robot.sets[0]!
    robot.zoneSets = [{ zoneSetId, mapId, zoneSetStatus: 'DISABLED' }]
    await robot.asks(null)
    const enable = await until(() =>
      robot.instantActions.find(({ actionType }) => actionType === 'enableZoneSet'),
    )
    expect(enable.actionParameters).toEqual([{ key: 'zoneSetId', value: zoneSetId }])
    robot.zoneSets = [{ zoneSetId, mapId, zoneSetStatus: 'ENABLED' }]
  }
})

it('lets one in at a time, with a lease, and the next when it has left', async () => {
  const answer = (robot: ZoneRobot, grantType: string) =>
    until(() => robot.responses.find((response) => response.grantType === grantType))
  await first.asks('first-1')
  const granted = await answer(first, 'GRANTED')
  expect(granted.requestId).toBe('first-1')
  expect(Date.parse(granted.leaseExpiry!)).toBeGreaterThan(Date.now() + 30_000)
  await first.asks('first-1', 'GRANTED')

  await second.asks('second-1')
  expect((await answer(second, 'QUEUED')).requestId).toBe('second-1')

  // It is gone from the first one's state, but it still stands there.
  first.position = { x: 7, y: 1, theta: 0 }
  await first.asks(null)
  await second.asks('second-1')
  first.position = { x: 3, y: 1, theta: 0 }
  expect(second.responses.some(({ grantType }) => grantType === 'GRANTED')).toBe(false)
  await first.asks(null)
  expect((await answer(second, 'GRANTED')).requestId).toBe('second-1')
})

it('lets nobody in while people have it, says who is inside, and goes on when they give it back', async () => {
  const nurse = await TestClient.signIn(server, 'nurse')
  const inMinutes = (minutes: number) => new Date(Date.now() + 60_000 * minutes).toISOString()
  const hold = { reason: 'Bed transport', until: inMinutes(20) }
  // The second one was let in and stands before it.
  await second.asks('second-1', 'GRANTED')
  const held = await until(async () => {
    const zone = (await nurse.ok<ZoneView[]>('GET', '/zones'))[0]!
    return zone.robotIds.includes(second.id) ? zone : null
  })
  expect(held).toMatchObject({ id: 'lobby', name: 'Lobby', hold: null, unheedingRobotIds: [] })
  const taken = await nurse.ok<ZoneView>('POST', '/zones/lobby/hold', hold)
  expect(taken).toMatchObject({
    hold: { reason: 'Bed transport', by: 'Nora Nurse', until: hold.until },
    robotIds: [second.id],
  })
  const twice = await nurse.call<ApiError>('POST', '/zones/lobby/hold', hold)
  expect([twice.status, twice.body.what]).toEqual([409, 'Nora Nurse has this zone already: Bed transport'])

  // It leaves: nobody comes after it, though the first one asks.
  await second.asks(null)
  first.responses.length = 0
  await first.asks('first-3')
  const queued = await until(() => first.responses.find(({ requestId }) => requestId === 'first-3'))
  expect(queued.grantType).toBe('QUEUED')
  const admin = await TestClient.signIn(server, 'admin')
  expect((await admin.call('POST', '/zones/lobby/release')).status).toBe(403)
  const back = await nurse.ok<ZoneView>('POST', '/zones/lobby/release')
  expect(back.hold).toBeNull()
  await until(() => first.responses.find(({ grantType }) => grantType === 'GRANTED'))
  await first.asks(null)

  for (const until of [inMinutes(-1), inMinutes(13 * 60)]) {
    const refused = await nurse.call<ApiError>('POST', '/zones/lobby/hold', { ...hold, until })
    expect([refused.status, refused.body.where]).toEqual([400, 'until'])
  }
  expect((await nurse.call('POST', '/zones/shaft/hold', hold)).status).toBe(404)
})

it('gives a zone back by itself at its end, also after a restart', async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'wardlight-zones-'))
  const clock = new SimulatedClock(Date.parse('2026-03-01T02:00:00Z'))
  const third = new ZoneRobot('uv-03')
  const start = async () => {
    const started = await startTestServer({ dataDir, clock, plan: planWithZones() })
    const { password } = await started.registerRobot(third.address)
    await third.join(started, password)
    return started
  }
  let own = await start()
  const hold = { reason: 'Works in the lobby', until: '2026-03-01T03:00:00.000Z' }
  await (await TestClient.signIn(own, 'engineer')).ok('POST', '/zones/lobby/hold', hold)
  await third.leave()
  await own.stop()
  own = await start()
  const engineer = await TestClient.signIn(own, 'engineer')
  const [lobby] = await engineer.ok<ZoneView[]>('GET', '/zones')
  expect(lobby!.hold).toMatchObject(hold)
  await until(async () => {
    await third.asks(null)
    return third.sets.length > 0
  })
  await third.asks('third-1')
  const queued = await until(() => third.responses.find(({ requestId }) => requestId === 'third-1'))
  expect(queued.grantType).toBe('QUEUED')
  clock.advance(60 * 60_000)
  // It says nothing anew: the end itself lets it in.
  const granted = await until(() => third.responses.find(({ grantType }) => grantType === 'GRANTED'))
  // By the robot's clock, which is months ahead of this server's: by the server's own the lease would be over.
  expect(Date.parse(granted.leaseExpiry!)).toBeGreaterThan(Date.now() + 30_000)
  expect((await engineer.ok<ZoneView[]>('GET', '/zones'))[0]!.hold).toBeNull()
  await third.leave()
  await own.stop()
  await rm(dataDir, { recursive: true, force: true })
}, 120_000)

it('has robots announce what the plan says in a zone, where they can, and clears what they have done', async () => {
  const clock = new SimulatedClock(Date.parse('2026-03-01T02:00:00Z'))
  const own = await startTestServer({ clock, plan: planWithZones() })
  const [able, other] = [new ZoneRobot('uv-04'), new ZoneRobot('uv-05')]
  for (const robot of [able, other]) {
    const { password } = await own.registerRobot(robot.address)
    await robot.join(own, password)
    await robot.offerActionZones(robot === able ? ['announce'] : ['honk'])
    // The first set may have been sent by what it had offered before.
    await until(async () => {
      await robot.asks(null)
      return robot.sets.at(-1)?.zones.every(({ zoneType }) => ['BLOCKED', 'ACTION'].includes(zoneType))
    })
  }
  expect(other.sets.at(-1)!.zones.map(({ zoneId }) => zoneId)).toEqual(['shaft'])
  const announce = {
    actionType: 'announce',
    blockingType: 'NONE',
    actionParameters: [{ key: 'text', value: 'Robot coming through' }],
  }
  expect(able.sets.at(-1)!.zones).toMatchObject([
    { zoneId: 'shaft', zoneType: 'BLOCKED' },
    { zoneId: 'waiting', zoneType: 'ACTION', entryActions: [], duringActions: [announce], exitActions: [] },
  ])

  const clears = () => able.instantActions.filter(({ actionType }) => actionType === 'clearZoneActions')
  const acted = (actionStatus: 'FINISHED') =>
    able.state({ zoneActionStates: [{ actionId: 'za-1', actionType: 'announce', actionStatus }] })
  await acted('FINISHED')
  await until(() => clears().length === 1)
  // It has not done it yet: it is asked again, and not with every state.
  await acted('FINISHED')
  clock.advance(60_000)
  // What runs is nothing to clear: the no to this comes after it.
  await able.state({
    zoneActionStates: [{ actionId: 'za-2', actionType: 'announce', actionStatus: 'RUNNING' }],
    zoneRequests: [
      {
        requestId: 'able-1',
        requestType: 'ACCESS',
        zoneId: 'elsewhere',
        zoneSetId: 'set-of-another-fleet',
        requestStatus: 'REQUESTED',
      },
    ],
  })
  await until(() => able.responses.find(({ requestId }) => requestId === 'able-1'))
  expect(clears()).toHaveLength(1)
  await acted('FINISHED')
  await until(() => clears().length === 2)
  expect(new Set(clears().map(({ actionId }) => actionId)).size).toBe(2)
  for (const robot of [able, other]) await robot.leave()
  await own.stop()
}, 60_000)

it('says no to who asks for a zone that is none', async () => {
  await first.state({
    zoneRequests: [
      {
        requestId: 'first-2',
        requestType: 'ACCESS',
        zoneId: 'elsewhere',
        zoneSetId: 'set-of-another-fleet',
        requestStatus: 'REQUESTED',
      },
    ],
  })
  const answer = await until(() => first.responses.find(({ requestId }) => requestId === 'first-2'))
  expect(answer.grantType).toBe('REJECTED')
})
