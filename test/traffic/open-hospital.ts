import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createSystemClock, SimulatedClock } from '@wardlight/core/clock'
import type { MissionView } from '@wardlight/core/fleet'
import { readFloorPlan } from '@wardlight/core/floor'
import { MqttBuilding, startFleetServer, type FleetServer } from '@wardlight/fleet-server'
import { createClockDriver, STEP_MS } from '@wardlight/sim'
import { pino } from 'pino'
import { plannedRequest } from '../../scripts/src/demo/demo-stage.ts'
import { FleetWatch } from '../../scripts/src/demo/fleet-watch.ts'
import { NurseClient } from '../../scripts/src/demo/nurse-client.ts'
import { nodePlanFiles } from '../../scripts/src/node-plan-files.ts'
import { sampleHospital } from '../../scripts/src/paths.ts'
import { SimulatedBuilding } from '../../scripts/src/simulated-building.ts'
import {
  createSimulatedHospital,
  placeRobots,
  simulatedServerOptions,
} from '../../scripts/src/simulated-hospital.ts'
import { freePorts } from '../support/free-ports.ts'
import { until } from '../support/until.ts'
import { startLiftController } from './lift-controller.ts'

const { plan } = readFloorPlan(sampleHospital, nodePlanFiles)
const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' })

/** Robots' edges: their radius is 0.25 m each, and centres nearer than that touch. */
export const TOUCHING_M = 0.5

/**
 * Server, broker, database and robots on the ground floor, all real, on one simulated clock.
 *
 * @param buildingUrl of a broker behind which doors and lifts are; by default the fleet asks them itself
 */
export async function openHospital(robotCount: number, buildingUrl: string | null = null) {
  const clock = new SimulatedClock(createSystemClock(globalThis).epochMs())
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'wardlight-traffic-'))
  const simulated = new SimulatedBuilding(plan)
  const { doorIds } = simulated
  const remote =
    buildingUrl === null
      ? null
      : new MqttBuilding({ url: buildingUrl, plan, doorIds: [...doorIds], clock, log })
  await remote?.start()
  const [mqttPort] = (await freePorts(1)) as [number]
  const startServer = () =>
    startFleetServer({
      ...simulatedServerOptions(plan),
      dataDir,
      mqttPort,
      clock,
      building: remote ?? simulated,
      log,
    })
  let server: FleetServer = await startServer()
  const robots = await placeRobots(server, [plan.levels[0]!], robotCount)
  const hospital = createSimulatedHospital({ plan, seed: 3, clock, robots, log })
  simulated.attach(hospital.world)
  const controller =
    buildingUrl === null
      ? null
      : await startLiftController({ url: buildingUrl, plan, world: hospital.world, clock })
  await hospital.start()
  const fleet = new FleetWatch(hospital.world)
  const watch = () => {
    fleet.look()
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
    plan,
    hospital,
    get nurse() {
      return nurse
    },
    get nearestM() {
      return fleet.nearestM
    },
    /** What the building's controller was asked, in words. */
    get requests() {
      return controller?.requests ?? []
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
      await controller?.stop()
      await hospital.stop()
      await server.stop()
      await remote?.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
