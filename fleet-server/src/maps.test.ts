import { createHash } from 'node:crypto'
import { SimulatedClock } from '@wardlight/core/clock'
import { LEVEL_MAP_FORMAT, readLevelMap, type FloorPlan } from '@wardlight/core/floor'
import { valueAt } from '@wardlight/core/geometry'
import {
  fromWire,
  toWire,
  vda5050Topic,
  type InstantActions,
  type State,
  type WireMessages,
  type WireTopic,
  type ZoneSetMessage,
} from '@wardlight/core/vda5050'
import { connectAsync, type MqttClient } from 'mqtt'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FleetServer, FleetServerOptions } from './server-options.ts'
import { ScriptedRobot } from './testing/scripted-robot.ts'
import { smallPlan } from './testing/small-plan.ts'
import { until } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

type Instant = InstantActions['actions'][number]
type Maps = NonNullable<State['maps']>

const OWN: Maps[number] = { mapId: 'L1', mapVersion: '1', mapStatus: 'ENABLED' }
const wanted = (action: Instant, key: string) =>
  action.actionParameters?.find((parameter) => parameter.key === key)?.value as string

/** It says everything in 2.1, and hears in 2.1. */
class RobotOf21 extends ScriptedRobot {
  #ear: MqttClient | null = null
  #said = 0

  override async connect(url: string, password: string): Promise<void> {
    const username = this.id
    this.#ear = await connectAsync(url, {
      clientId: `${username}-ear`,
      username,
      password,
      protocolVersion: 4,
    })
    this.#ear.on('message', (_, payload) => {
      const message: unknown = JSON.parse(payload.toString())
      this.instantActions.push(...fromWire(2, 'instantActions', message).actions)
    })
    await this.#ear.subscribeAsync(vda5050Topic(this.address, 'instantActions', '2.1'))
    await super.connect(url, password)
  }

  override say(topic: WireTopic, body: object): Promise<void> {
    this.#said += 1
    const header = { headerId: this.#said, timestamp: new Date().toISOString(), version: '3.0.0' }
    const message = { ...header, ...this.address, ...body } as WireMessages[WireTopic]
    return this.publish(
      vda5050Topic(this.address, topic, '2.1'),
      JSON.stringify(toWire('2.1', topic, message)),
    )
  }

  override async disconnect(): Promise<void> {
    await super.disconnect()
    await this.#ear?.endAsync(true)
  }
}

const wallClock = new SimulatedClock(Date.parse('2026-03-01T02:00:00Z'))
const wallStartMs = wallClock.epochMs()
let server: FleetServer
let robot: ScriptedRobot
let robots = 0
let maps: Maps
let ended: State['instantActionStates']

beforeEach(() => {
  maps = [OWN]
  ended = []
})
afterEach(() => robot.disconnect())

async function start(options: Partial<FleetServerOptions> = {}) {
  server = await startTestServer({ wallClock, ...options })
}

async function join(offer = () => robot.offerFiles(), Kind = ScriptedRobot) {
  robots += 1
  robot = new Kind(`uv-0${robots}`)
  const { password } = await server.registerRobot(robot.address)
  await robot.connect(server.mqttUrl.replace('0.0.0.0', '127.0.0.1'), password)
  await offer()
}

const say = (patch: Partial<State> = {}) => robot.state({ maps, instantActionStates: ended, ...patch })

/** The one after so many. */
async function asked(after: number): Promise<Instant> {
  return until(async () => {
    await say()
    return robot.instantActions[after]
  })
}

/** Says so many states that whatever had to come would have come: the answer to a request through the same broker came. */
async function nothingElseComes(count: number, patch: Partial<State> = {}) {
  await say(patch)
  await say(patch)
  await (await fetch(`${server.url}/api/server-info`)).json()
  await new Promise((resolve) => setImmediate(resolve))
  await say(patch)
  expect(robot.instantActions.map(({ actionType }) => actionType)).toHaveLength(count)
}

function end(
  { actionId, actionType }: Instant,
  actionStatus: 'FINISHED' | 'FAILED',
  actionResult = 'no room',
) {
  ended = [...ended, { actionId, actionType, actionStatus, actionResult }]
}

const circle = (corners: number) =>
  Array.from({ length: corners }, (_, index) => ({
    x: 7 + Math.cos((2 * Math.PI * index) / corners),
    y: 1 + Math.sin((2 * Math.PI * index) / corners),
  }))
function planWith(corners: number): FloorPlan {
  const plan = smallPlan()
  const zone = { organismIds: [], speedLimitMps: null, kind: 'keepOut', id: 'z', name: 'Z' } as const
  return { ...plan, levels: [{ ...plan.levels[0]!, zones: [{ ...zone, polygon: circle(corners) }] }] }
}
let firstVersion = ''

describe('a robot that takes our maps', () => {
  beforeAll(() => start({ plan: planWith(8) }))
  afterAll(() => server.stop())

  it('is told where to fetch it, has it enabled once it is idle, and drops the one before', async () => {
    const old = { mapId: 'L1', mapVersion: 'wl-0123456789abcdef', mapStatus: 'ENABLED' } as const
    const byHand = { mapId: 'L1', mapVersion: 'by-hand', mapStatus: 'DISABLED' } as const
    maps = [{ ...OWN, mapStatus: 'DISABLED' }, old, byHand]
    await join()
    const download = await asked(0)
    expect(download.actionType).toBe('downloadMap')
    expect([wanted(download, 'mapId'), wanted(download, 'wardlight.mapFormat')]).toEqual([
      'L1',
      LEVEL_MAP_FORMAT,
    ])
    const mapVersion = wanted(download, 'mapVersion')
    firstVersion = mapVersion
    const link = wanted(download, 'mapDownloadLink')
    expect(link.startsWith(`${server.url}/api/maps/L1/${mapVersion}?`)).toBe(true)
    const bytes = Buffer.from(await (await fetch(link)).arrayBuffer())
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(wanted(download, 'mapHash'))
    const map = readLevelMap(bytes.toString())
    if (typeof map === 'string') throw new Error(map)
    const wall = smallPlan().levels[0]!.walls[0]!.a
    expect([map.mapId, valueAt(map.grid, wall), valueAt(map.grid, robot.position)]).toEqual(['L1', 100, 0])
    // One thing at a time.
    await nothingElseComes(1)

    end(download, 'FINISHED')
    maps = [...maps, { mapId: 'L1', mapVersion, mapStatus: 'DISABLED' }]
    const busy = { nodeStates: [{ nodeId: 'a', sequenceId: 2, released: true }] }
    await nothingElseComes(1, busy)
    await nothingElseComes(1, { operatingMode: 'INTERVENED' })
    const enable = await asked(1)
    expect([enable.actionType, wanted(enable, 'mapVersion')]).toEqual(['enableMap', mapVersion])
    end(enable, 'FINISHED')
    maps = [
      { ...OWN, mapStatus: 'DISABLED' },
      { ...old, mapStatus: 'DISABLED' },
      byHand,
      { mapId: 'L1', mapVersion, mapStatus: 'ENABLED' },
    ]
    const drop = await asked(2)
    expect([drop.actionType, wanted(drop, 'mapVersion')]).toEqual(['deleteMap', old.mapVersion])
    end(drop, 'FINISHED')
    maps = maps.filter((each) => each.mapVersion !== old.mapVersion)
    await nothingElseComes(3)
  })

  it('is asked again after a failure, later each time, also when it does not answer or says what is not so', async () => {
    await join()
    end(await asked(0), 'FAILED')
    await nothingElseComes(1)
    wallClock.advance(59_000)
    await nothingElseComes(1)
    wallClock.advance(1000)
    end(await asked(1), 'FINISHED')
    await nothingElseComes(2)
    wallClock.advance(119_000)
    await nothingElseComes(2)
    wallClock.advance(1000)
    await asked(2)
    // It says nothing of the third.
    wallClock.advance(299_000)
    await nothingElseComes(3)
    wallClock.advance(1000)
    await nothingElseComes(3)
    wallClock.advance(4 * 60_000)
    expect((await asked(3)).actionType).toBe('downloadMap')
  })

  it('fetches with a link that is good for its file and an hour, and nobody fetches with another', async () => {
    await join()
    const link = new URL(wanted(await asked(0), 'mapDownloadLink'))
    const status = async (change: (url: URL) => void) => {
      const url = new URL(link)
      change(url)
      const response = await fetch(url)
      await response.body?.cancel()
      return response.status
    }
    const nothing = () => {}
    expect(await status(nothing)).toBe(200)
    const later = String(Number(link.searchParams.get('expires')) + 1)
    expect(await status((url) => url.searchParams.set('expires', later))).toBe(404)
    expect(await status((url) => url.searchParams.set('signature', 'x'))).toBe(404)
    expect(await status((url) => url.searchParams.delete('signature'))).toBe(400)
    expect(await status((url) => (url.pathname = url.pathname.replace('wl-', 'wl-0')))).toBe(404)
    expect(await status((url) => (url.pathname = '/api/zone-sets/L1'))).toBe(404)
    wallClock.advance(3_600_000)
    expect(await status(nothing)).toBe(200)
    wallClock.advance(1)
    expect(await status(nothing)).toBe(404)
  })

  it('may be of 2.1: its answers stand among the actions of its order there', async () => {
    await join(undefined, RobotOf21)
    const download = await asked(0)
    const mapVersion = wanted(download, 'mapVersion')
    end(download, 'FINISHED')
    maps = [OWN, { mapId: 'L1', mapVersion, mapStatus: 'DISABLED' }]
    const enable = await asked(1)
    expect(enable.actionType).toBe('enableMap')
    end(enable, 'FAILED', 'the robot is at work')
    await nothingElseComes(2)
    wallClock.advance(60_000)
    const again = await asked(2)
    expect([again.actionType, wanted(again, 'mapVersion')]).toEqual(['enableMap', mapVersion])
  })

  it('is one that says so, and reads ours', async () => {
    await join(() => robot.offerZones())
    await nothingElseComes(0)
    await robot.offerFiles(false)
    await nothingElseComes(0)
    expect(robot.instantActions).toEqual([])
  })
})

it('a server that does not know where robots reach it sends none, and says so once', async () => {
  const lines: string[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
  await start({ host: '0.0.0.0', log })
  await join()
  await nothingElseComes(0)
  expect(lines.filter((line) => line.includes('--advertise'))).toHaveLength(1)
  await robot.disconnect()
  await server.stop()
  await expect(startTestServer({ advertisedUrl: 'wardlight.example' })).rejects.toThrow('--advertise')
})

it('a server that is to send none sends none', async () => {
  await start({ sendsMaps: false })
  await join()
  await nothingElseComes(0)
  expect(robot.instantActions).toEqual([])
  await robot.disconnect()
  await server.stop()
})

it('a server that was told its address sends robots there, for the same version of the same map', async () => {
  await start({ host: '0.0.0.0', advertisedUrl: 'https://wardlight.example/', plan: planWith(8) })
  await join()
  const link = wanted(await asked(0), 'mapDownloadLink')
  expect(link.startsWith(`https://wardlight.example/api/maps/L1/${firstVersion}?`)).toBe(true)
  await server.stop()
})

describe('a large zone set', () => {
  let ear: MqttClient
  const sets: ZoneSetMessage['zoneSet'][] = []

  let clock: SimulatedClock

  beforeAll(async () => {
    clock = new SimulatedClock(wallStartMs)
    await start({ plan: planWith(3000), clock })
  })
  afterAll(() => server.stop())
  afterEach(() => ear.endAsync(true))

  async function listen(offer?: () => Promise<void>) {
    sets.length = 0
    await join(offer)
    const { password } = await server.registerRobot(robot.address)
    ear = await connectAsync(server.mqttUrl, {
      clientId: 'ear',
      username: robot.id,
      password,
      protocolVersion: 4,
    })
    ear.on('message', (_, payload) => {
      sets.push((JSON.parse(payload.toString()) as ZoneSetMessage).zoneSet)
    })
    await ear.subscribeAsync(vda5050Topic(robot.address, 'zoneSet'))
  }
  const offered = () => robot.instantActions.find(({ actionType }) => actionType === 'downloadZoneSet')

  it('is fetched by a robot that can, and sent to it when it does not', async () => {
    await listen()
    const action = await until(async () => {
      await say()
      return offered()
    })
    const text = await (await fetch(wanted(action, 'zoneSetDownloadLink'))).text()
    expect(createHash('sha256').update(text).digest('hex')).toBe(wanted(action, 'zoneSetHash'))
    const { zoneSet } = JSON.parse(text) as Pick<ZoneSetMessage, 'zoneSet'>
    expect([zoneSet.zoneSetId, zoneSet.zones[0]!.vertices.length]).toEqual([
      wanted(action, 'zoneSetId'),
      3000,
    ])
    clock.advance(119_000)
    await say()
    await say()
    expect(sets).toEqual([])
    clock.advance(1000)
    await until(async () => {
      await say()
      return sets.length > 0
    })
    expect(sets[0]).toEqual(zoneSet)
  })

  it('is sent to who cannot fetch it', async () => {
    await listen(() => robot.offerZones())
    await until(async () => {
      await say()
      return sets.length > 0
    })
    expect(offered()).toBeUndefined()
  })
})
