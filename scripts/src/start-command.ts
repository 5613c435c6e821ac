import path from 'node:path'
import { createSystemClock, SimulatedClock } from '@wardlight/core/clock'
import type { ServerInfo } from '@wardlight/core/fleet'
import { readFloorPlan } from '@wardlight/core/floor'
import { KEEP_DAYS, startFleetServer } from '@wardlight/fleet-server'
import { createClockDriver, STEP_MS, type ClockDriver } from '@wardlight/sim'
import type { FastifyInstance } from 'fastify'
import { hl7Options } from './hl7-options.ts'
import { nodePlanFiles } from './node-plan-files.ts'
import { consoleDir, sampleHospital } from './paths.ts'
import { createLog, undoAll, untilAskedToEnd } from './process-life.ts'
import { pushOptions, type GivenPushOptions } from './push-options.ts'
import { screenPorts } from './screen-ports.ts'
import { SimulatedBuilding } from './simulated-building.ts'
import {
  createSimulatedHospital,
  placeRobots,
  placeUnit,
  simulatedServerOptions,
  type SimulatedHospital,
} from './simulated-hospital.ts'
import { unitRoomOf } from './simulated-unit.ts'
import { simulationRoutes } from './simulation-routes.ts'

export interface StartOptions extends GivenPushOptions {
  readonly map?: string | undefined
  readonly data: string
  readonly host: string
  readonly port: number
  readonly mqttPort: number
  /** Per level. */
  readonly robots: number
  readonly speed: number
  readonly seed: number
  /** Where messages of HL7 v2 are taken. */
  readonly hl7Port?: number | undefined
}

/** Everything on embedded parts, until it is asked to end. */
export async function runStartCommand(options: StartOptions): Promise<void> {
  const { plan, problems } = readFloorPlan(options.map ?? sampleHospital, nodePlanFiles)
  const log = createLog()
  const systemClock = createSystemClock(globalThis)
  const clock = new SimulatedClock(systemClock.epochMs())
  const undo: (() => Promise<unknown>)[] = []
  const parts: { hospital: SimulatedHospital | null; driver: ClockDriver | null } = {
    hospital: null,
    driver: null,
  }
  const building = new SimulatedBuilding(plan)
  try {
    const server = await startFleetServer({
      ...simulatedServerOptions(plan),
      dataDir: path.resolve(options.data),
      host: options.host,
      httpPort: options.port,
      mqttPort: options.mqttPort,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      building,
      hl7: await hl7Options({ hl7Port: options.hl7Port, hl7Send: [], hl7KeepDays: KEEP_DAYS }),
      push: pushOptions(options),
      consoleDir,
      clock: systemClock,
      log: log.child({ part: 'server' }),
      extensions: [
        async (app: FastifyInstance) => {
          // The world is made after the server, because its robots need the server's credentials.
          await app.register(
            simulationRoutes(
              () => parts.hospital?.world ?? null,
              plan,
              (factor) => parts.driver?.setSpeed(factor),
            ),
          )
        },
      ],
    })
    undo.push(() => server.stop())

    const driving = await placeRobots(server, plan.levels, options.robots, 'hpv')
    const unitRoom = unitRoomOf(plan)
    const placed = unitRoom === null ? driving : [...driving, await placeUnit(server, unitRoom)]
    const ports = await screenPorts(options.port, placed.length)
    const robots = placed.map((robot, index) => ({ ...robot, screenPort: ports[index] ?? 0 }))
    const hospital = createSimulatedHospital({
      plan,
      seed: options.seed,
      clock,
      robots,
      log,
      stateDir: path.resolve(options.data, 'robots'),
      screenClock: systemClock,
    })
    parts.hospital = hospital
    building.attach(hospital.world)
    undo.push(() => hospital.stop())
    await hospital.start()
    const driver = createClockDriver({ clock, stepMs: STEP_MS, speed: options.speed })
    parts.driver = driver
    undo.push(() => driver.stop())
    driver.start()

    const info = (await (await fetch(`${server.url}/api/server-info`)).json()) as ServerInfo
    process.stdout.write(
      [
        '',
        `Wardlight runs ${plan.name}: ${plan.levels.length} levels, ${driving.length} simulated robots${
          unitRoom === null ? '' : `, a unit fixed in ${unitRoom.room.name}`
        }.`,
        ...problems.map(({ severity, where, what }) => `  ${severity}: ${where}: ${what}`),
        '',
        `  Console   ${server.url}`,
        `  Broker    ${server.mqttUrl}`,
        `  Data      ${path.resolve(options.data)}`,
        ...[...hospital.agents.values()].map(
          ({ screenUrl }, index) =>
            `  Screen    ${screenUrl ?? 'none'}   of robot ${robots[index]!.address.serialNumber}`,
        ),
        '',
        '  Sign in as (demonstration accounts):',
        ...(info.demoUsers ?? []).map(
          ({ name, password, role }) => `    ${name.padEnd(14)} ${password.padEnd(18)} ${role}`,
        ),
        '',
        '  Ctrl-C ends it; the data stay.',
        '',
      ].join('\n'),
    )
    await untilAskedToEnd()
  } finally {
    await undoAll(undo, log)
  }
}
