import path from 'node:path'
import { createSystemClock, type Clock } from '@wardlight/core/clock'
import { DEFAULT_LAMP } from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import { readFloorPlan, type FloorPlan } from '@wardlight/core/floor'
import { MqttBuilding, startFleetServer, withoutPassword } from '@wardlight/fleet-server'
import type { Logger } from 'pino'
import type { WireVersion } from '@wardlight/core/vda5050'
import { nodePlanFiles } from './node-plan-files.ts'
import { consoleDir, sampleHospital } from './paths.ts'
import { textOfGivenFile } from './given-file.ts'
import { givenDataKey, hl7Options } from './hl7-options.ts'
import { createLog, undoAll, untilAskedToEnd } from './process-life.ts'
import { parseRobotAddress, robotPassword } from './robot-credentials.ts'
import { pushOptions, type GivenPushOptions } from './push-options.ts'
import { signInOptions, type GivenSignInOptions } from './sign-in-options.ts'
import { version } from './version.ts'

const SIGNING_KEY_REMEDY =
  'Give a file that this process may read; `openssl genpkey -algorithm ed25519 -out FILE` makes one.'

export interface ServerOptions extends GivenSignInOptions, GivenPushOptions {
  readonly map?: string | undefined
  readonly data: string
  readonly host: string
  readonly port: number
  readonly mqttPort: number
  /** Where robots and the other servers reach this one. */
  readonly advertise?: string | undefined
  /** `manufacturer/serial`. */
  readonly robot?: string | undefined
  /** Of that robot. */
  readonly vda5050?: WireVersion | undefined
  /** Base of a FHIR server that is asked for encounters. */
  readonly fhirEncounters?: string | undefined
  readonly fhirPollSeconds?: number | undefined
  readonly demoUsers: boolean
  /** Robots go where they bring what they carry, and people are told. */
  readonly allowContaminated: boolean
  /** Metres of its way that a robot is released at a time. */
  readonly releaseAhead?: number | undefined
  /** Robots are sent the maps of the plan. */
  readonly sendMaps: boolean
  /** File with the key that proofs are signed with. */
  readonly signingKey?: string | undefined
  /** Broker behind which doors and lifts are. */
  readonly building?: string | undefined
  /** Ids of the doors that are, with commas between. */
  readonly buildingDoors?: string | undefined
  /** Where messages of HL7 v2 are taken. */
  readonly hl7Port?: number | undefined
  /** PEM files. */
  readonly hl7TlsKey?: string | undefined
  readonly hl7TlsCert?: string | undefined
  /** `host:port`, or `tls://host:port`, of each system that is told of beds. */
  readonly hl7Send: readonly string[]
  readonly hl7KeepDays: number
  /** File with the key of the data at rest. */
  readonly dataKey?: string | undefined
  /** `HH:MM`. */
  readonly shiftEnds?: readonly string[] | undefined
  /** Who has it may read GET /metrics. */
  readonly metricsToken?: string | undefined
}

/** The fleet server alone, until it is asked to end. */
export async function runServerCommand(options: ServerOptions): Promise<void> {
  const { plan } = readFloorPlan(options.map ?? sampleHospital, nodePlanFiles)
  const log = createLog()
  const clock = createSystemClock(globalThis)
  const undo: (() => Promise<unknown>)[] = []
  try {
    const building = openBuilding(options, plan, clock, log)
    if (building !== undefined) {
      undo.push(() => building.stop())
      await building.start()
    }
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
      building,
      hl7: await hl7Options(options, process.env['WARDLIGHT_FHIR_TOKEN']),
      dataKey: await givenDataKey(options.dataKey),
      metricsToken: options.metricsToken,
      shiftEnds: options.shiftEnds,
      sendsMaps: options.sendMaps,
      refusesContaminated: !options.allowContaminated,
      releaseAheadM: options.releaseAhead,
      signingKey:
        options.signingKey === undefined
          ? undefined
          : textOfGivenFile(options.signingKey, '--signing-key', SIGNING_KEY_REMEDY),
      signIn: signInOptions(options, process.env['WARDLIGHT_OIDC_CLIENT_SECRET']),
      push: pushOptions(options),
      consoleDir,
      clock,
      lamp: DEFAULT_LAMP,
      version,
      log,
    })
    undo.push(() => server.stop())
    if (options.robot !== undefined) {
      await server.registerRobot(parseRobotAddress(options.robot), robotPassword(), options.vda5050)
    }
    // One line that a supervising process can wait for.
    const { url, role } = server
    process.stdout.write(`${JSON.stringify({ url, mqttUrl: withoutPassword(server.mqttUrl), role })}\n`)
    await untilAskedToEnd()
  } finally {
    await undoAll(undo, log)
  }
}

/** @throws WARD_ERR_OPTION for a door that the plan has not */
function openBuilding(
  { building: url, buildingDoors }: ServerOptions,
  plan: FloorPlan,
  clock: Clock,
  log: Logger,
): MqttBuilding | undefined {
  if (url === undefined) {
    if (buildingDoors === undefined) return undefined
    throw wardError('WARD_ERR_OPTION', {
      what: 'Doors are named, and no broker behind which they are',
      where: '--building-doors',
      remedy: 'Give --building as well.',
    })
  }
  const known = new Set(plan.levels.flatMap(({ doors }) => doors.map(({ id }) => id)))
  const doorIds = (buildingDoors ?? '').split(',').filter((id) => id !== '')
  for (const id of doorIds) {
    if (known.has(id)) continue
    throw wardError('WARD_ERR_OPTION', {
      what: `The plan has no door ${JSON.stringify(id)}`,
      where: '--building-doors',
      remedy: 'Give ids of its doors, with commas between.',
    })
  }
  return new MqttBuilding({ url, plan, doorIds, clock, log })
}
