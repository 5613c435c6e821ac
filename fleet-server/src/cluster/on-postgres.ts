import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { createSystemClock } from '@wardlight/core/clock'
import { wardError } from '@wardlight/core/errors'
import { robotIdOf } from '@wardlight/core/fleet'
import type { RobotAddress, WireVersion } from '@wardlight/core/vda5050'
import { openAccounts } from '../accounts/accounts.ts'
import { createApi } from '../app.ts'
import { closerOf } from '../app-closer.ts'
import { prepareDeciding } from '../deciding.ts'
import { listen } from '../listen.ts'
import { LiveHub } from '../live/live-hub.ts'
import { ServerMetrics } from '../metrics/server-metrics.ts'
import { createOwnBroker } from '../own-broker.ts'
import { createPlanner } from '../planning/planner.ts'
import { createMqttFleetBroker } from '../robots/mqtt-fleet-broker.ts'
import { RobotStore } from '../robots/robot-credentials.ts'
import { readinessOf } from '../routes/readiness/index.ts'
import type { FleetServer, FleetServerOptions } from '../server-options.ts'
import { FloorIndex } from '../services/floor-index.ts'
import { serverKeys } from '../store/data-key.ts'
import { openDatabase } from '../store/database.ts'
import { advertisedOrigin, urlForRobots } from '../url-for-robots.ts'
import { clusterIdentity } from './cluster-identity.ts'
import { fencedDatabase } from './fence.ts'
import { createFront } from './front.ts'
import { LeaderLock, type Term } from './leader-lock.ts'
import { PlanExchange } from './plan-exchange.ts'
import { Seat, type LeadingParts } from './seat.ts'

/** So often a server looks whether people who watch its feed have signed out on another one, milliseconds. */
const SIGN_OUT_LOOK_MS = 2000

/**
 * A server on PostgreSQL. It leads while it holds the lock there. With a broker outside as well it may be one of
 * several: any of them leads, the others follow.
 */
export async function startOnPostgres(
  options: FleetServerOptions & { readonly databaseUrl: string },
): Promise<FleetServer> {
  const { clock, log, databaseUrl, mqttUrl, version, hl7 } = options
  const keys = await serverKeys(options)
  if (hl7 !== undefined && keys === null) {
    throw wardError('WARD_ERR_CONFIG', {
      what: 'Servers that follow each other cannot read what another has sealed',
      where: 'data key',
      remedy: 'Give all of them the same key, by --data-key or WARDLIGHT_DATA_KEY.',
    })
  }
  const wallClock = options.wallClock ?? createSystemClock(globalThis)
  const now = () => new Date(clock.epochMs())
  const serverId = randomUUID()
  const undo: (() => unknown)[] = []
  const stop = async () => {
    for (const step of undo.splice(0).toReversed()) await step()
  }
  try {
    const measured = new ServerMetrics()
    undo.push(() => measured.stop())
    const database = measured.timed(await openDatabase(options))
    undo.push(() => database.close())
    const { clusterId, secret } = await clusterIdentity(database)
    const accounts = openAccounts(database, wallClock, options, keys)
    const hub = new LiveHub(null, wallClock, () => now().toISOString())
    const planner = createPlanner()
    undo.push(() => planner.stop())
    const exchange =
      mqttUrl === undefined
        ? null
        : new PlanExchange({ url: mqttUrl, clusterId, serverId, secret, version, planner, log })
    undo.push(() => exchange?.stop())
    await exchange?.start()

    let robotUrl: string | null = null
    /** Said on the command line of this server; what robots say themselves every leader hears. */
    const registered = new Map<string, { address: RobotAddress; version: WireVersion | undefined }>()

    async function prepare(term: Term): Promise<LeadingParts> {
      const deciding = await prepareDeciding({
        options,
        database: fencedDatabase(database, term.epoch),
        accounts,
        keys,
        hub,
        planner: measured.timedPlanner(exchange ?? planner),
        measured,
        peerSecret: secret,
        linkSecret: secret,
        urlForRobots: () => robotUrl,
        takesOver: mqttUrl !== undefined,
        createBroker: (robots) =>
          mqttUrl === undefined
            ? createOwnBroker(options, robots)
            : createMqttFleetBroker(mqttUrl, {
                clientId: `wardlight-fleet-${clusterId}`,
                isLeading: () => term.isHeld(),
                onLineCut: () => term.check(),
              }),
      })
      for (const robot of registered.values()) deciding.meet(robot.address, robot.version)
      return { deciding, api: await createApi(log, deciding.services) }
    }

    const seat = new Seat({
      lock: new LeaderLock({ databaseUrl, serverId, clock: wallClock, log }),
      hub,
      secret,
      mayFollow: mqttUrl !== undefined,
      prepare,
      clock: wallClock,
      log,
    })
    const front = await createFront({
      log,
      version,
      accounts,
      hub,
      measured,
      metrics: async () => [
        ...measured.metrics({ version, role: seat.role, hub }),
        ...((await seat.deciding?.metrics()) ?? []),
      ],
      metricsToken: options.metricsToken,
      floor: new FloorIndex(options.plan),
      peerSecret: secret,
      consoleDir: options.consoleDir,
      answering: () => seat.answering,
      readiness: () =>
        readinessOf({
          role: seat.role,
          database,
          isBrokerThere: (exchange?.isConnected ?? true) && (seat.deciding?.broker.isConnected() ?? true),
        }),
    })
    undo.push(closerOf(front))
    const url = await listen(front, options)
    robotUrl = urlForRobots(options, url)
    undo.push(() => hub.stop())
    hub.start()
    undo.push(() => seat.stop())
    await seat.start(mqttUrl === undefined ? null : addressForOthers(options, url))
    const look = () => {
      looking = wallClock.setTimeout(look, SIGN_OUT_LOOK_MS)
      accounts.sessions.lookForEnded().catch((error: unknown) => {
        log.warn({ err: error }, 'Nobody knows who has signed out')
      })
    }
    let looking = wallClock.setTimeout(look, SIGN_OUT_LOOK_MS)
    undo.push(() => wallClock.clearTimeout(looking))

    return {
      url,
      get mqttUrl() {
        return mqttUrl ?? seat.deciding?.broker.url ?? ''
      },
      get role() {
        return seat.role
      },
      get hl7Port() {
        return seat.deciding?.hl7Port ?? null
      },
      get malformedMessages() {
        return seat.deciding?.malformedMessages ?? new Map()
      },
      async registerRobot(address, password, wireVersion) {
        const credentials = await new RobotStore(database, now).register(address, password)
        registered.set(robotIdOf(address), { address, version: wireVersion })
        seat.deciding?.meet(address, wireVersion)
        return credentials
      },
      async settled() {
        await seat.deciding?.settled()
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** @throws WARD_ERR_CONFIG when what was given is no address */
function addressForOthers(options: FleetServerOptions, url: string): string {
  const advertised = advertisedOrigin(options)
  if (advertised !== null) return advertised
  const { host } = options
  const address = new URL(url)
  // Who listens on every address is reached under the machine's name.
  if (host === '0.0.0.0' || host === '::') address.hostname = hostname()
  return address.origin
}
