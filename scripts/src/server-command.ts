import path from 'node:path'
import { createSystemClock } from '@wardlight/core/clock'
import { DEFAULT_LAMP } from '@wardlight/core/disinfection'
import { readFloorPlan } from '@wardlight/core/floor'
import { startFleetServer, withoutPassword } from '@wardlight/fleet-server'
import type { WireVersion } from '@wardlight/core/vda5050'
import { nodePlanFiles } from './node-plan-files.ts'
import { consoleDir, sampleHospital } from './paths.ts'
import { createLog, undoAll, untilAskedToEnd } from './process-life.ts'
import { parseRobotAddress, robotPassword } from './robot-credentials.ts'
import { version } from './version.ts'

export interface ServerOptions {
  readonly map?: string | undefined
  readonly data: string
  readonly host: string
  readonly port: number
  readonly mqttPort: number
  /** Where the other servers reach this one. */
  readonly advertise?: string | undefined
  /** `manufacturer/serial`. */
  readonly robot?: string | undefined
  /** Of that robot. */
  readonly vda5050?: WireVersion | undefined
  readonly demoUsers: boolean
  readonly refuseContaminated: boolean
}

/** The fleet server alone, until it is asked to end. */
export async function runServerCommand(options: ServerOptions): Promise<void> {
  const { plan } = readFloorPlan(options.map ?? sampleHospital, nodePlanFiles)
  const log = createLog()
  const server = await startFleetServer({
    dataDir: path.resolve(options.data),
    databaseUrl: process.env['DATABASE_URL'],
    mqttUrl: process.env['MQTT_URL'],
    host: options.host,
    httpPort: options.port,
    mqttPort: options.mqttPort,
    advertisedUrl: options.advertise,
    plan,
    hospitalName: plan.name,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    demoUsers: options.demoUsers,
    isSimulated: false,
    refusesContaminated: options.refuseContaminated,
    consoleDir,
    clock: createSystemClock(globalThis),
    lamp: DEFAULT_LAMP,
    version,
    log,
  })
  try {
    if (options.robot !== undefined) {
      await server.registerRobot(parseRobotAddress(options.robot), robotPassword(), options.vda5050)
    }
    // One line that a supervising process can wait for.
    const { url, role } = server
    process.stdout.write(`${JSON.stringify({ url, mqttUrl: withoutPassword(server.mqttUrl), role })}\n`)
    await untilAskedToEnd()
  } finally {
    await undoAll([() => server.stop()], log)
  }
}
