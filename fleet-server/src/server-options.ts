import type { Clock } from '@wardlight/core/clock'
import type { LampModel } from '@wardlight/core/disinfection'
import type { FloorPlan } from '@wardlight/core/floor'
import type { Readiness } from '@wardlight/core/fleet'
import type { RobotAddress, WireVersion } from '@wardlight/core/vda5050'
import type { FastifyBaseLogger, FastifyPluginAsync } from 'fastify'
import type { Hl7Options } from './integrations/hl7/hl7-options.ts'
import type { SignInOptions } from './accounts/accounts.ts'
import type { Building } from './building/building.ts'
import type { PushOptions } from './services/web-push.ts'
import type { RobotCredentials } from './robots/robot-credentials.ts'

export interface FleetServerOptions {
  /** Where the embedded database lives; `null`: in memory, gone with the process. */
  readonly dataDir: string | null
  /** PostgreSQL instead of the embedded database. With `mqttUrl` as well, several servers share the work. */
  readonly databaseUrl?: string | undefined
  /** A broker outside instead of the embedded one; with credentials in the URL where it wants them. */
  readonly mqttUrl?: string | undefined
  readonly host: string
  /** 0: any free port. */
  readonly httpPort: number
  /** Of the embedded broker; 0: any free port. */
  readonly mqttPort: number
  /** Where robots and the other servers reach this one; by default where it listens. */
  readonly advertisedUrl?: string | undefined
  readonly plan: FloorPlan
  readonly hospitalName: string
  /** IANA name, for people: `Europe/Berlin`. */
  readonly timeZone: string
  /** When shifts end by the clocks of `timeZone`, `HH:MM`; left out: 06:00, 14:00 and 22:00. */
  readonly shiftEnds?: readonly string[] | undefined
  /** Demo accounts with public passwords exist only while this is true. */
  readonly demoUsers: boolean
  readonly isSimulated: boolean
  /** Doors and lifts that obey the fleet; without them robots stay on their levels. */
  readonly building?: Building | undefined
  /** Of the first administrator, without demo accounts; by default from WARDLIGHT_ADMIN_PASSWORD. */
  readonly adminPassword?: string | undefined
  /**
   * Sends no robot where it would bring something that it carries, until somebody records that it was decontaminated: so
   * it is unless somebody says `false`, and only tells people.
   */
  readonly refusesContaminated?: boolean | undefined
  /**
   * How much of a robot's way is released at a time, metres: so far at most it drives on when the server is gone. Left out: 5, and
   * all of its way to a robot that is the only one that drives.
   */
  readonly releaseAheadM?: number | undefined
  /** Has robots fetch the maps of the plan: so it is unless somebody says `false`. */
  readonly sendsMaps?: boolean | undefined
  /** Talks HL7 v2 with the hospital's systems, while this server decides; left out: it does not. */
  readonly hl7?: Hl7Options | undefined
  /** PKCS8 PEM of the Ed25519 key that proofs are signed with; left out: one that is made once and kept in the database. */
  readonly signingKey?: string | undefined
  /** Seals what nobody may read in the database: 32 bytes as hex or base64; by default the file `data.key` in `dataDir`. */
  readonly dataKey?: string | undefined
  /** Who has it may read GET /metrics; left out: whoever is on this machine. */
  readonly metricsToken?: string | undefined
  readonly signIn?: SignInOptions | undefined
  /** Tells people of alarms on their devices, by the push services of their browsers; left out: it does not. */
  readonly push?: PushOptions | undefined
  /** The built console; `null`: only the API. */
  readonly consoleDir: string | null
  /** The hospital's time, in which missions and reports are dated. */
  readonly clock: Clock
  /** Real time, in which sessions end and lines die; the machine's by default. */
  readonly wallClock?: Clock | undefined
  readonly lamp: LampModel
  readonly version: string
  readonly extensions?: readonly FastifyPluginAsync[] | undefined
  readonly log: FastifyBaseLogger
}

/**
 * `alone`: on a database of its own. On PostgreSQL one server leads: it decides. The others follow: they serve.
 * `none`: between the two.
 */
export type ServerRole = Readiness['role']

export interface FleetServer {
  /** `http://host:port`. */
  readonly url: string
  /** Where robots connect. */
  readonly mqttUrl: string
  /** What it is at the moment; a follower may come to lead, and a leader to follow. */
  readonly role: ServerRole
  /** Where it takes messages of HL7; `null`: nowhere, or another server leads. */
  readonly hl7Port: number | null
  /** Messages of robots that did not follow their schema, by topic; empty on a server that follows. */
  readonly malformedMessages: ReadonlyMap<string, number>
  /**
   * Lets a robot in, with the password given or a new one; only its hash is stored, and an older password
   * no longer holds.
   *
   * @param version of VDA 5050; by default the one that it is heard to speak
   */
  registerRobot(address: RobotAddress, password?: string, version?: WireVersion): Promise<RobotCredentials>
  /** Resolves when all that was begun is stored and sent. */
  settled(): Promise<void>
  stop(): Promise<void>
}
