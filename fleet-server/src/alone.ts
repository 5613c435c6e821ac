import { randomUUID } from 'node:crypto'
import { createSystemClock, type Clock } from '@wardlight/core/clock'
import { wardError } from '@wardlight/core/errors'
import { Accounts } from './accounts/accounts.ts'
import { createWholeApp } from './app.ts'
import { closerOf } from './app-closer.ts'
import { createEmbeddedBroker } from './broker/embedded-broker.ts'
import { clusterIdentity } from './cluster/cluster-identity.ts'
import { fencedDatabase, noLongerLeads } from './cluster/fence.ts'
import { LeaderLock, type Term } from './cluster/leader-lock.ts'
import { prepareDeciding } from './deciding.ts'
import { listen } from './listen.ts'
import { LiveHub } from './live/live-hub.ts'
import { createPlanner } from './planning/planner.ts'
import { createMqttFleetBroker } from './robots/mqtt-fleet-broker.ts'
import { RobotStore } from './robots/robot-credentials.ts'
import { readinessOf } from './routes/readiness/index.ts'
import type { FleetServer, FleetServerOptions } from './server-options.ts'
import { openDatabase, type OpenDatabase } from './store/database.ts'
import { withoutPassword } from './without-password.ts'

/** So long PostgreSQL may keep the lock of a predecessor that hung or whose machine is gone, milliseconds. */
const PREDECESSOR_GONE_AFTER_MS = 12_000

/** One process that does everything: robots connect to its own broker, or its database is its own. */
export async function startAlone(options: FleetServerOptions): Promise<FleetServer> {
  const { clock, log } = options
  const wallClock = options.wallClock ?? createSystemClock(globalThis)
  const undo: (() => unknown)[] = []
  let isStopped = false
  const stop = async () => {
    isStopped = true
    for (const step of undo.splice(0).toReversed()) await step()
  }
  try {
    const opened = await openDatabase(options)
    undo.push(() => opened.close())
    const term =
      options.databaseUrl === undefined
        ? null
        : await claim(opened, { databaseUrl: options.databaseUrl, options, wallClock })
    undo.push(() => term?.end('the server stops'))
    const database = term === null ? opened : fencedDatabase(opened, term.epoch)

    const accounts = new Accounts(opened, wallClock)
    const hub = new LiveHub(null, wallClock, () => new Date(clock.epochMs()).toISOString())
    const planner = createPlanner()
    undo.push(() => planner.stop())
    const deciding = await prepareDeciding({
      options,
      database,
      accounts,
      hub,
      planner,
      peerSecret: null,
      takesOver: false,
      createBroker: (robots) =>
        options.mqttUrl === undefined
          ? createEmbeddedBroker({
              host: options.host,
              port: options.mqttPort,
              authenticate: (username, password) => robots.authenticate(username, password),
              log,
            })
          : createMqttFleetBroker(options.mqttUrl),
    })
    undo.push(() => deciding.settled())
    const app = await createWholeApp(log, {
      ...deciding.services,
      hub,
      consoleDir: options.consoleDir,
      readiness: () =>
        readinessOf({ role: 'alone', database: opened, isBrokerThere: deciding.broker.isConnected() }),
    })
    undo.push(closerOf(app))
    undo.push(() => deciding.stop())
    await deciding.start()
    undo.push(() => hub.stop())
    hub.show(deciding.board)
    hub.start()
    const url = await listen(app, options)

    const failed = failureOf(term, () => isStopped)
    failed.catch(() => stop()).catch((error: unknown) => log.error({ err: error }, 'Not all was stopped'))
    return {
      url,
      mqttUrl: deciding.broker.url,
      role: 'alone',
      failed,
      malformedMessages: deciding.malformedMessages,
      async registerRobot(address, password, version) {
        const store = new RobotStore(database, () => new Date(clock.epochMs()))
        const credentials = await store.register(address, password)
        deciding.meet(address, version)
        return credentials
      },
      settled: () => deciding.settled(),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A database that several could reach is one server's alone, as long as they would not share a broker too. */
async function claim(
  database: OpenDatabase,
  parts: {
    readonly databaseUrl: string
    readonly options: FleetServerOptions
    readonly wallClock: Clock
  },
): Promise<Term> {
  const { databaseUrl, options, wallClock } = parts
  await clusterIdentity(database)
  const lock = new LeaderLock({ databaseUrl, serverId: randomUUID(), clock: wallClock, log: options.log })
  const giveUp = new AbortController()
  const timer = wallClock.setTimeout(() => giveUp.abort(), PREDECESSOR_GONE_AFTER_MS)
  try {
    const term = await lock.take('', () => {}, giveUp.signal)
    if (term !== null) return term
  } finally {
    wallClock.clearTimeout(timer)
  }
  throw wardError('WARD_ERR_DATABASE', {
    what: 'Another Wardlight server uses this database',
    where: withoutPassword(databaseUrl),
    remedy:
      'Stop that server, give this one a database of its own, or set MQTT_URL for both: then they share the work.',
  })
}

/** Without its lock nothing of it may go on: another may have begun. */
async function failureOf(term: Term | null, isStopped: () => boolean): Promise<never> {
  const reason = await term?.ended
  if (reason === undefined || isStopped()) return new Promise<never>(() => {})
  throw noLongerLeads(reason)
}
