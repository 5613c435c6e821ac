import { createSystemClock, type Clock } from '@wardlight/core/clock'
import type { LampModel } from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import type { FloorPlan } from '@wardlight/core/floor'
import type { ServerInfo } from '@wardlight/core/fleet'
import { robotIdOf } from '@wardlight/core/fleet'
import type { RobotAddress, WireVersion } from '@wardlight/core/vda5050'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import { Accounts, DEMO_USERS } from './accounts/accounts.ts'
import { addFleetApp } from './app.ts'
import { closerOf } from './app-closer.ts'
import type { Building } from './building/building.ts'
import { createEmbeddedBroker } from './broker/embedded-broker.ts'
import { returnOrderId } from './domain/orders.ts'
import { deriveGraph } from './domain/traffic/derive-graph.ts'
import { PassageMap } from './domain/traffic/passages.ts'
import { LiveBoard } from './live/live-board.ts'
import { LiveHub } from './live/live-hub.ts'
import { createPlanner } from './planning/planner.ts'
import { Commands } from './robots/commands.ts'
import { Intake } from './robots/intake.ts'
import { createMqttFleetBroker } from './robots/mqtt-fleet-broker.ts'
import { OffenceBook } from './robots/offence-book.ts'
import { RobotStore, type RobotCredentials } from './robots/robot-credentials.ts'
import { RobotRegistry, type RobotFacts } from './robots/robot-registry.ts'
import { Alarms } from './services/alarms.ts'
import { Clearances } from './services/clearances.ts'
import { Contaminations } from './services/contaminations.ts'
import { Evidence } from './services/evidence.ts'
import { FloorIndex } from './services/floor-index.ts'
import { Ledger } from './services/ledger.ts'
import { MissionOrders } from './services/mission-orders.ts'
import { MissionReports } from './services/mission-reports.ts'
import { MissionWatch } from './services/mission-watch.ts'
import { Missions } from './services/missions.ts'
import { NextSteps } from './services/next-steps.ts'
import { Protocols } from './services/protocols.ts'
import { PassageSessions } from './services/passage-sessions.ts'
import { PLANNING_ROBOT, Requests } from './services/requests.ts'
import { Returns } from './services/returns.ts'
import { RobotServices } from './services/robot-services.ts'
import { Rooms } from './services/rooms.ts'
import { SchedulePlans } from './services/schedule-plans.ts'
import { Scheduler } from './services/scheduler.ts'
import { TrafficControl, type TrafficRules } from './services/traffic-control.ts'
import { TrafficStore } from './services/traffic-store.ts'
import { TrafficWays } from './services/traffic-ways.ts'
import { PlanTravel, TrafficTravel } from './services/travel-costs.ts'
import { Zones } from './services/zones.ts'
import { openDatabase } from './store/database.ts'

export interface FleetServerOptions {
  /** Where the embedded database lives; `null`: in memory, gone with the process. */
  readonly dataDir: string | null
  /** PostgreSQL instead of the embedded database. */
  readonly databaseUrl?: string | undefined
  /** A broker outside instead of the embedded one; with credentials in the URL where it wants them. */
  readonly mqttUrl?: string | undefined
  readonly host: string
  /** 0: any free port. */
  readonly httpPort: number
  /** Of the embedded broker; 0: any free port. */
  readonly mqttPort: number
  readonly plan: FloorPlan
  readonly hospitalName: string
  /** IANA name, for people: `Europe/Berlin`. */
  readonly timeZone: string
  /** Demo accounts with public passwords exist only while this is true. */
  readonly demoUsers: boolean
  readonly isSimulated: boolean
  /** Doors and lifts that obey the fleet; without them robots stay on their levels. */
  readonly building?: Building | undefined
  /** Of the first administrator, without demo accounts; by default from WARDLIGHT_ADMIN_PASSWORD. */
  readonly adminPassword?: string | undefined
  /**
   * Sends no robot where it would bring something that it carries, until somebody records that it was decontaminated.
   * By default what robots carry is told, and people judge: the console has no page for it yet.
   */
  readonly refusesContaminated?: boolean | undefined
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

export interface FleetServer {
  /** `http://host:port`. */
  readonly url: string
  /** Where robots connect. */
  readonly mqttUrl: string
  readonly app: FastifyInstance
  /** Messages of robots that did not follow their schema, by topic. */
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

/**
 * Starts everything, in the order in which it depends on each other; when something fails, what has been
 * started is stopped again.
 *
 * @throws WARD_ERR_DATABASE, WARD_ERR_BROKER, WARD_ERR_CONFIG
 */
export async function startFleetServer(options: FleetServerOptions): Promise<FleetServer> {
  const { clock, log } = options
  const wallClock = options.wallClock ?? createSystemClock(globalThis)
  const now = () => new Date(clock.epochMs())
  const undo: (() => unknown)[] = []
  const stop = async () => {
    for (const step of undo.splice(0).toReversed()) await step()
  }
  try {
    const database = await openDatabase(options)
    undo.push(() => database.close())

    const accounts = new Accounts(database, wallClock)
    await prepareAccounts(accounts, options)

    const board = new LiveBoard()
    const floor = new FloorIndex(options.plan)
    const evidence = new Evidence(database, now)
    await evidence.load()
    const ledger = new Ledger({ database, board, floor, clock })
    await ledger.load()
    undo.push(() => ledger.settled())

    const robotStore = new RobotStore(database, now)
    const offences = new OffenceBook({ now, isClockJudged: !options.isSimulated, log })
    const facts: RobotFacts = {
      saveHome: (robotId, home) =>
        void robotStore
          .saveHome(robotId, home)
          .catch((error: unknown) => log.error({ err: error }, 'No home was stored')),
      saveWear: (robotId, wear) =>
        void robotStore
          .saveWear(robotId, wear)
          .catch((error: unknown) => log.error({ err: error }, 'No wear was stored')),
    }
    const registry = new RobotRegistry(board, now, facts, offences)
    const alarms = new Alarms({ database, board, now, log })
    await alarms.load()
    undo.push(() => alarms.settled())
    for (const { home, service, wear, ...address } of await robotStore.all())
      registry.add(address, { home, service, wear })

    const contaminations = new Contaminations({
      database,
      ledger,
      floor,
      registry,
      evidence,
      mayRefuse: options.refusesContaminated ?? false,
    })
    await contaminations.load()

    const protocols = new Protocols({ database, registry, evidence, now })
    await protocols.load()

    const broker =
      options.mqttUrl === undefined
        ? createEmbeddedBroker({
            host: options.host,
            port: options.mqttPort,
            authenticate: (username, password) => robotStore.authenticate(username, password),
            log,
          })
        : createMqttFleetBroker(options.mqttUrl)
    const commands = new Commands({ broker, registry, offences, now })
    const { building = null, plan } = options
    const derived = deriveGraph(plan, PLANNING_ROBOT.radiusM, (id) => building?.liftIds.has(id) ?? false)
    const { graph } = derived
    const ways = new TrafficWays(derived, floor)
    const passages =
      building === null
        ? null
        : new PassageSessions({ building, map: new PassageMap(graph, plan, building), graph, clock, log })
    const traffic = new TrafficControl({
      ways,
      registry,
      commands,
      store: new TrafficStore(database, graph),
      passages,
      floor,
      clock,
      log,
      rules: trafficRules(ledger, contaminations, ways),
    })
    await traffic.load()
    const fleet = {
      ledger,
      floor,
      contaminations,
      registry,
      scheduledRobotId: (requestId: string) => scheduler.robotFor(requestId),
      commands,
      traffic,
      clock,
      log,
    }
    const orders = new MissionOrders(fleet)
    const watch = new MissionWatch(fleet, new Returns(fleet), new NextSteps(fleet, orders))
    const hub = new LiveHub(board, wallClock, () => now().toISOString())
    const zones = new Zones({ floor, registry, commands, clock, log })
    const intake = new Intake({
      registry,
      store: robotStore,
      watch,
      zones,
      contaminations,
      traffic,
      hub,
      offences,
      log,
    })

    const planner = createPlanner()
    undo.push(() => planner.stop())
    const requests = new Requests({
      ledger,
      floor,
      registry,
      evidence,
      protocols,
      planner,
      lamp: options.lamp,
      log,
    })
    undo.push(() => requests.stop())
    const schedulePlans = new SchedulePlans({ database, floor, now, timeZone: options.timeZone })
    await schedulePlans.load()
    const scheduler: Scheduler = new Scheduler({
      fleet,
      plans: schedulePlans,
      requests,
      travel: new TrafficTravel(ways, new PlanTravel(floor)),
      board,
    })

    const app = Fastify({ loggerInstance: log, routerOptions: { maxParamLength: 1000 }, bodyLimit: 262_144 })
    undo.push(closerOf(app))
    await addFleetApp(app, {
      info: serverInfo(options),
      accounts,
      board,
      hub,
      floor,
      evidence,
      contaminations,
      protocols,
      ledger,
      registry,
      requests,
      missions: new Missions(fleet, orders),
      clearances: new Clearances(fleet),
      rooms: new Rooms(ledger),
      schedulePlans,
      scheduler,
      robotServices: new RobotServices({ registry, store: robotStore, now, log }),
      alarms,
      reports: new MissionReports({ ledger, floor, evidence, version: options.version }),
      consoleDir: options.consoleDir,
      extensions: options.extensions ?? [],
    })

    undo.push(() => watch.stop())
    watch.start()
    undo.push(() => traffic.stop())
    traffic.start()
    undo.push(() => broker.stop())
    await broker.start((topic, payload) => intake.receive(topic, payload))
    requests.start()
    undo.push(() => scheduler.stop())
    scheduler.start()
    undo.push(() => hub.stop())
    hub.start()
    const url = await listen(app, options)

    return {
      url,
      mqttUrl: broker.url,
      app,
      malformedMessages: intake.malformed,
      async registerRobot(address, password, version) {
        const credentials = await robotStore.register(address, password)
        registry.add(address)
        if (version !== undefined) registry.setVersion(robotIdOf(address), version)
        return credentials
      },
      async settled() {
        await ledger.settled()
        await traffic.settled()
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function trafficRules(ledger: Ledger, contaminations: Contaminations, ways: TrafficWays): TrafficRules {
  const passing = ways.passingRoomIds()
  return {
    // A door that opens for it must not let gas out.
    mayMakeWay: (robotId) =>
      ledger.runningOnRobot(robotId) === undefined &&
      !ledger.missions().some((mission) => mission.robotId === robotId && mission.mayBeGassed) &&
      contaminations.refusal(robotId, passing) === null,
    isMeant: (orderId) =>
      ledger
        .missions()
        .some(
          ({ id, finishedAt, returnState }) =>
            (id === orderId && finishedAt === null) ||
            (returnOrderId(id) === orderId && returnState === 'sent'),
        ),
  }
}

async function prepareAccounts(accounts: Accounts, options: FleetServerOptions): Promise<void> {
  await accounts.setDemoUsers(options.demoUsers)
  if (options.demoUsers) return
  const password = await accounts.ensureAdministrator(
    options.adminPassword ?? process.env['WARDLIGHT_ADMIN_PASSWORD'],
  )
  // Not through the log: logs are kept and read by many.
  if (password !== null) process.stderr.write(`First administrator: name "admin", password "${password}"\n`)
}

function serverInfo(options: FleetServerOptions): ServerInfo {
  return {
    name: 'Wardlight',
    version: options.version,
    hospitalName: options.hospitalName,
    timeZone: options.timeZone,
    isSimulated: options.isSimulated,
    ...(options.demoUsers ? { demoUsers: DEMO_USERS.map((user) => ({ ...user })) } : {}),
  }
}

async function listen(app: FastifyInstance, { host, httpPort }: FleetServerOptions): Promise<string> {
  try {
    return await app.listen({ host, port: httpPort })
  } catch (cause) {
    throw wardError('WARD_ERR_CONFIG', {
      what: `Port ${httpPort} cannot be opened: ${String(cause)}`,
      where: host,
      remedy: 'Choose another port, or end the program that holds it.',
      cause,
    })
  }
}
