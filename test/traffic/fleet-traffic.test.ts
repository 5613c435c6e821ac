import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createSystemClock, SimulatedClock } from '@wardlight/core/clock'
import { DEFAULT_LAMP } from '@wardlight/core/disinfection'
import type { MissionView } from '@wardlight/core/fleet'
import { readFloorPlan } from '@wardlight/core/floor'
import { distance } from '@wardlight/core/geometry'
import { startFleetServer, type FleetServer } from '@wardlight/fleet-server'
import { createClockDriver, STEP_MS } from '@wardlight/sim'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { plannedRequest } from '../../scripts/src/demo/demo-stage.ts'
import { NurseClient } from '../../scripts/src/demo/nurse-client.ts'
import { nodePlanFiles } from '../../scripts/src/node-plan-files.ts'
import { sampleHospital } from '../../scripts/src/paths.ts'
import { createSimulatedHospital, placeRobots } from '../../scripts/src/simulated-hospital.ts'
import { freePorts } from '../support/free-ports.ts'
import { until } from '../support/until.ts'

const { plan } = readFloorPlan(sampleHospital, nodePlanFiles)
const level = plan.levels[0]!
const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' })

/** Robots' edges: their radius is 0.25 m each, and centres nearer than that touch. */
const TOUCHING_M = 0.5

/** Server, broker, database and robots, all real, on one simulated clock. */
async function openHospital(robotCount: number) {
  const clock = new SimulatedClock(createSystemClock(globalThis).epochMs())
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'wardlight-traffic-'))
  const [mqttPort] = (await freePorts(1)) as [number]
  const startServer = () =>
    startFleetServer({
      dataDir,
      host: '127.0.0.1',
      httpPort: 0,
      mqttPort,
      plan,
      hospitalName: plan.name,
      timeZone: 'UTC',
      demoUsers: true,
      isSimulated: true,
      consoleDir: null,
      clock,
      lamp: DEFAULT_LAMP,
      version: '0.0.0-test',
      log,
    })
  let server: FleetServer = await startServer()
  const robots = await placeRobots(server, [level], robotCount)
  const hospital = createSimulatedHospital({ plan, seed: 3, clock, robots, log })
  await hospital.start()
  let nearestM = Infinity
  const watch = () => {
    const all = [...hospital.world.robots.values()]
    for (const [index, one] of all.entries()) {
      for (const other of all.slice(index + 1)) {
        if (one.levelId === other.levelId)
          nearestM = Math.min(nearestM, distance(one.truePose, other.truePose))
      }
    }
    clock.setTimeout(watch, 100)
  }
  clock.setTimeout(watch, 1000)
  // Fast, and slow enough that messages are not minutes under way.
  const driver = createClockDriver({ clock, stepMs: STEP_MS, speed: 10 })
  driver.start()
  let nurse = new NurseClient(server.url)
  await nurse.signIn({ name: 'nurse', password: 'nurse-demo' })
  await until(async () => {
    const heard = await nurse.robots()
    const areUp = heard.every(
      ({ position, batteryFraction }) => position !== null && batteryFraction !== null,
    )
    return heard.length === robotCount && areUp ? true : null
  })
  return {
    clock,
    hospital,
    ids: robots.map(({ address }) => `${address.manufacturer}.${address.serialNumber}`),
    get nurse() {
      return nurse
    },
    get nearestM() {
      return nearestM
    },
    async send(roomId: string): Promise<MissionView> {
      const { id } = await nurse.request({ roomId, organismId: 'mrsa', targetLog: 3 })
      await plannedRequest(nurse, id, new AbortController().signal)
      return nurse.approve(id)
    },
    arrived(mission: MissionView): Promise<unknown> {
      return until(async () => ((await nurse.mission(mission.id)).phase === 'awaitingArming' ? true : null))
    },
    async restartServer(): Promise<void> {
      await server.stop()
      server = await startServer()
      nurse = new NurseClient(server.url)
      await nurse.signIn({ name: 'nurse', password: 'nurse-demo' })
    },
    async close(): Promise<void> {
      await driver.stop()
      await hospital.stop()
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

describe('robots that drive at the same time', () => {
  let open: Awaited<ReturnType<typeof openHospital>> | null = null
  afterEach(async () => {
    await open?.close()
    open = null
  })

  it('come to rooms whose ways cross, without touching, by orders that grow as claims do', async () => {
    open = await openHospital(3)
    const missions = []
    for (const roomId of ['101', 'I1', '108']) missions.push(await open.send(roomId))
    expect(new Set(missions.map(({ robotId }) => robotId)).size).toBe(3)
    await Promise.all(missions.map((mission) => open!.arrived(mission)))
    expect(open.nearestM).toBeGreaterThan(TOUCHING_M)
  }, 300_000)

  it('are told apart when one does not move: it is said, others go on, and it goes on later', async () => {
    open = await openHospital(2)
    const [first, second] = [await open.send('101'), await open.send('I1')]
    const stopped = open.hospital.world.robots.get(first.robotId)!
    await until(async () => (stopped.speedMps > 0.2 ? true : null))
    stopped.pressEmergencyStop(true)
    const errors = async (id: string) => (await open!.nurse.robots()).find((robot) => robot.id === id)!.errors
    await until(async () =>
      (await errors(first.robotId)).some(({ type }) => type === 'traffic.stalled') ? true : null,
    )
    stopped.pressEmergencyStop(false)
    await open.nurse.resumeRobot(first.robotId)
    await Promise.all([open.arrived(first), open.arrived(second)])
    expect(await errors(first.robotId)).toEqual([])
    expect(open.nearestM).toBeGreaterThan(TOUCHING_M)
  }, 300_000)

  it('go on over a restart of the server, which knows what they hold', async () => {
    open = await openHospital(3)
    const missions = []
    for (const roomId of ['101', 'I1', '108']) missions.push(await open.send(roomId))
    await until(async () =>
      [...open!.hospital.world.robots.values()].some(({ speedMps }) => speedMps > 0.3) ? true : null,
    )
    await open.restartServer()
    await Promise.all(missions.map((mission) => open!.arrived(mission)))
    expect(open.nearestM).toBeGreaterThan(TOUCHING_M)
  }, 300_000)
})
