import { randomBytes } from 'node:crypto'
import { createSystemClock } from '@wardlight/core/clock'
import { openAccounts } from './accounts/accounts.ts'
import { createWholeApp } from './app.ts'
import { closerOf } from './app-closer.ts'
import { prepareDeciding } from './deciding.ts'
import { listen } from './listen.ts'
import { LiveHub } from './live/live-hub.ts'
import { ServerMetrics } from './metrics/server-metrics.ts'
import { createOwnBroker } from './own-broker.ts'
import { createPlanner } from './planning/planner.ts'
import { RobotStore } from './robots/robot-credentials.ts'
import { readinessOf } from './routes/readiness/index.ts'
import type { FleetServer, FleetServerOptions } from './server-options.ts'
import { serverKeys } from './store/data-key.ts'
import { openDatabase } from './store/database.ts'
import { urlForRobots } from './url-for-robots.ts'

/** One process that does everything, on a database that is in it. */
export async function startAlone(options: FleetServerOptions): Promise<FleetServer> {
  const { clock, log } = options
  const wallClock = options.wallClock ?? createSystemClock(globalThis)
  const undo: (() => unknown)[] = []
  const stop = async () => {
    for (const step of undo.splice(0).toReversed()) await step()
  }
  try {
    const measured = new ServerMetrics()
    undo.push(() => measured.stop())
    const database = measured.timed(await openDatabase(options))
    undo.push(() => database.close())
    const keys = await serverKeys(options)
    const accounts = openAccounts(database, wallClock, options, keys)
    const hub = new LiveHub(null, wallClock, () => new Date(clock.epochMs()).toISOString())
    const planner = measured.timedPlanner(createPlanner())
    undo.push(() => planner.stop())
    let robotUrl: string | null = null
    const deciding = await prepareDeciding({
      options,
      database,
      accounts,
      keys,
      hub,
      planner,
      measured,
      peerSecret: null,
      linkSecret: randomBytes(32).toString('base64url'),
      urlForRobots: () => robotUrl,
      takesOver: false,
      createBroker: (robots) => createOwnBroker(options, robots),
    })
    undo.push(() => deciding.settled())
    const app = await createWholeApp(log, {
      ...deciding.services,
      hub,
      consoleDir: options.consoleDir,
      metrics: async () => [
        ...measured.metrics({ version: options.version, role: 'alone', hub }),
        ...(await deciding.metrics()),
      ],
      metricsToken: options.metricsToken,
      readiness: () => readinessOf({ role: 'alone', database, isBrokerThere: deciding.broker.isConnected() }),
    })
    undo.push(closerOf(app))
    undo.push(() => deciding.stop())
    await deciding.start()
    undo.push(() => hub.stop())
    hub.show(deciding.board)
    hub.start()
    const url = await listen(app, options)
    robotUrl = urlForRobots(options, url)

    return {
      url,
      mqttUrl: deciding.broker.url,
      role: 'alone',
      malformedMessages: deciding.malformedMessages,
      hl7Port: deciding.hl7Port,
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
