import { createSystemClock } from '@wardlight/core/clock'
import { robotIdOf, type ServerInfo } from '@wardlight/core/fleet'
import type { RobotAddress, WireVersion } from '@wardlight/core/vda5050'
import type { Accounts } from './accounts/accounts.ts'
import { DEMO_USERS } from './accounts/people.ts'
import type { AppServices } from './app.ts'
import { AuditLog } from './audit/audit-log.ts'
import { returnOrderId } from './domain/orders.ts'
import { deriveGraph } from './domain/traffic/derive-graph.ts'
import { PassageMap } from './domain/traffic/passages.ts'
import { FhirResources } from './integrations/fhir/fhir-resources.ts'
import { TaskOrders } from './integrations/fhir/task-orders.ts'
import { Hl7Link } from './integrations/hl7/hl7-link.ts'
import { Hl7Log } from './integrations/hl7/hl7-log.ts'
import { Hl7Mappings } from './integrations/hl7/hl7-mappings.ts'
import { LiveBoard } from './live/live-board.ts'
import type { LiveHub } from './live/live-hub.ts'
import { hospitalMetrics } from './metrics/hospital-metrics.ts'
import type { Metric } from './metrics/metric-text.ts'
import type { ServerMetrics } from './metrics/server-metrics.ts'
import type { Planner } from './planning/planner.ts'
import { createPdfThread } from './reports/pdf-thread.ts'
import { Proofs } from './reports/proofs.ts'
import { readSigner } from './reports/signing.ts'
import { SigningKeys } from './reports/signing-keys.ts'
import { Commands } from './robots/commands.ts'
import type { FleetBroker } from './robots/fleet-broker.ts'
import { Intake } from './robots/intake.ts'
import { OffenceBook } from './robots/offence-book.ts'
import { RobotStore } from './robots/robot-credentials.ts'
import { RobotRegistry, type RobotFacts } from './robots/robot-registry.ts'
import type { FleetServerOptions } from './server-options.ts'
import { Alarms } from './services/alarms.ts'
import { Clearances } from './services/clearances.ts'
import { Compliance } from './services/compliance.ts'
import { Contaminations } from './services/contaminations.ts'
import { Duty } from './services/duty.ts'
import { Evidence } from './services/evidence.ts'
import { FloorIndex } from './services/floor-index.ts'
import { HandOvers } from './services/hand-overs.ts'
import { Ledger } from './services/ledger.ts'
import { MapDistribution } from './services/map-distribution.ts'
import { MissionOrders } from './services/mission-orders.ts'
import { MissionReports } from './services/mission-reports.ts'
import { MissionWatch } from './services/mission-watch.ts'
import { Missions } from './services/missions.ts'
import { NextSteps } from './services/next-steps.ts'
import { Notifications } from './services/notifications.ts'
import { PlaceSearches } from './services/place-searches.ts'
import { Protocols } from './services/protocols.ts'
import { PassageSessions } from './services/passage-sessions.ts'
import { PLANNING_ROBOT, Requests } from './services/requests.ts'
import { Returns } from './services/returns.ts'
import { RobotFiles } from './services/robot-files.ts'
import { RobotServices } from './services/robot-services.ts'
import { Rooms } from './services/rooms.ts'
import { SchedulePlans } from './services/schedule-plans.ts'
import { Scheduler } from './services/scheduler.ts'
import { TrafficControl, type TrafficRules } from './services/traffic-control.ts'
import { TrafficStore } from './services/traffic-store.ts'
import { TrafficWays } from './services/traffic-ways.ts'
import { PlanTravel, TrafficTravel } from './services/travel-costs.ts'
import { ZoneHolds } from './services/zone-holds.ts'
import { Zones } from './services/zones.ts'
import { writeBackup } from './store/backup.ts'
import type { DataKeys } from './store/data-key.ts'
import type { Database } from './store/database.ts'

/** What it decides with, and does not own. */
export interface DecidingParts {
  readonly options: FleetServerOptions
  /** Where several servers share it, behind the fence of this one's term. */
  readonly database: Database
  readonly accounts: Accounts
  /** Of what is sealed at rest; `null`: this server has none that the others have, and speaks no HL7. */
  readonly keys: DataKeys | null
  readonly hub: LiveHub
  readonly planner: Planner
  /** Of the process. */
  readonly measured: ServerMetrics
  readonly peerSecret: string | null
  /** Signs links for robots; the same on servers that follow each other. */
  readonly linkSecret: string
  /** Where robots fetch files from this server; `null`: not known. */
  readonly urlForRobots: () => string | null
  readonly createBroker: (robots: RobotStore) => FleetBroker
  /** Whether robots may have been at work, and connected, when this began: they are asked for their state. */
  readonly takesOver: boolean
}

/** All that decides, in the memory of one process: ledger, robots, traffic, schedule, alarms. */
export interface Deciding {
  readonly services: AppServices
  readonly board: LiveBoard
  readonly broker: FleetBroker
  /** Messages of robots that did not follow their schema, by topic. */
  readonly malformedMessages: ReadonlyMap<string, number>
  /** Where messages of HL7 are taken; `null`: nowhere. */
  readonly hl7Port: number | null
  /** What it decides about, in numbers. */
  metrics(): Promise<Metric[]>
  /** Makes a registered robot known. @param version of VDA 5050; left out, the one that it is heard to speak */
  meet(address: RobotAddress, version?: WireVersion): void
  /** From now on it acts. @throws WARD_ERR_BROKER */
  start(): Promise<void>
  /** Resolves when all that was begun is stored and sent. */
  settled(): Promise<void>
  /** It no longer acts; what it has begun may still have to settle. */
  stop(): Promise<void>
}

/**
 * Loads everything from the database, in the order in which it depends on each other. Nothing acts before `start`.
 *
 * @throws WARD_ERR_DATABASE
 */
export async function prepareDeciding(parts: DecidingParts): Promise<Deciding> {
  const { options, database, accounts, hub, planner } = parts
  const { clock, log } = options
  const now = () => new Date(clock.epochMs())
  await prepareAccounts(accounts, options)

  const board = new LiveBoard()
  const floor = new FloorIndex(options.plan)
  const evidence = new Evidence(database, now)
  await evidence.load()
  const ledger = new Ledger({ database, board, floor, clock })
  await ledger.load()

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
  for (const { home, service, wear, ...address } of await robotStore.all())
    registry.add(address, { home, service, wear })

  const contaminations = new Contaminations({
    database,
    ledger,
    floor,
    registry,
    evidence,
    mayRefuse: options.refusesContaminated ?? true,
  })
  await contaminations.load()

  const protocols = new Protocols({ database, registry, evidence, now })
  await protocols.load()

  const { signingKey } = options
  const signingKeys = new SigningKeys({
    database,
    outside: signingKey === undefined ? null : readSigner(signingKey, 'signing key'),
    now,
  })
  await signingKeys.load()
  const reports = new MissionReports({ ledger, floor, evidence, registry, version: options.version })
  const renderer = createPdfThread()
  const proofs = new Proofs({
    database,
    ledger,
    keys: signingKeys,
    reports,
    hospital: options.hospitalName,
    timeZone: options.timeZone,
    now,
    renderer,
  })

  const broker = parts.createBroker(robotStore)
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
    releaseAheadM: options.releaseAheadM,
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
  const zoneHolds = new ZoneHolds({ database, now })
  await zoneHolds.load()
  const placeSearches = new PlaceSearches({ registry, floor, commands, now })
  const wallClock = options.wallClock ?? createSystemClock(globalThis)
  const wallNowMs = () => wallClock.epochMs()
  const robotFiles = new RobotFiles({
    floor,
    url: parts.urlForRobots,
    secret: parts.linkSecret,
    nowMs: wallNowMs,
  })
  const maps =
    options.sendsMaps === false
      ? null
      : new MapDistribution({
          floor,
          registry,
          ledger,
          commands,
          files: robotFiles,
          nowMs: wallNowMs,
          log,
        })
  const zones = new Zones({
    floor,
    registry,
    commands,
    holds: zoneHolds,
    files: robotFiles,
    traffic,
    clock,
    log,
  })
  const intake = new Intake({
    registry,
    store: robotStore,
    watch,
    zones,
    placeSearches,
    maps,
    contaminations,
    traffic,
    hub,
    offences,
    stateAsker: parts.takesOver ? commands : null,
    log,
  })

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
  const schedulePlans = new SchedulePlans({ database, floor, now, timeZone: options.timeZone })
  await schedulePlans.load()
  const scheduler: Scheduler = new Scheduler({
    fleet,
    plans: schedulePlans,
    requests,
    travel: new TrafficTravel(ways, new PlanTravel(floor)),
    board,
    planner,
  })

  const duty = new Duty(database, options.push ?? null, () => new Date(wallNowMs()))
  const notifications = new Notifications({
    database,
    board,
    alarms,
    floor,
    duty,
    hospitalName: options.hospitalName,
    now,
    clock: wallClock,
    log,
  })
  await notifications.load()
  await duty.load()
  const compliance = new Compliance({
    database,
    floor,
    ledger,
    registry,
    evidence,
    now,
    timeZone: options.timeZone,
  })
  const taskOrders = new TaskOrders({ database, ledger, requests })
  const fhirResources = new FhirResources({
    hospitalName: options.hospitalName,
    floor,
    ledger,
    contaminations,
    evidence,
    reports,
    proofs,
    compliance,
    orders: taskOrders,
  })

  const hl7Mappings = new Hl7Mappings({ database, floor, evidence, protocols, now })
  await hl7Mappings.load()
  const hl7 =
    options.hl7 === undefined || parts.keys === null
      ? null
      : await Hl7Link.prepare(options.hl7, {
          database,
          ledger,
          floor,
          contaminations,
          requests,
          alarms,
          mappings: hl7Mappings,
          host: options.host,
          keys: parts.keys,
          timeZone: options.timeZone,
          wallClock,
          log,
        })

  const undo: (() => unknown)[] = [() => requests.stop(), () => renderer.stop()]
  return {
    board,
    broker,
    malformedMessages: intake.malformed,
    metrics: () =>
      hospitalMetrics({
        database,
        ledger,
        board,
        received: intake.received,
        malformed: intake.malformed,
        hl7Received: hl7?.received ?? new Map(),
        nowMs: () => clock.epochMs(),
      }),
    get hl7Port() {
      return hl7?.port ?? null
    },
    services: {
      info: serverInfo(options, accounts),
      accounts,
      board,
      measured: parts.measured,
      peerSecret: parts.peerSecret,
      floor,
      evidence,
      contaminations,
      compliance,
      protocols,
      ledger,
      registry,
      requests,
      missions: new Missions(fleet, orders),
      clearances: new Clearances(fleet),
      rooms: new Rooms(ledger),
      schedulePlans,
      scheduler,
      zones,
      placeSearches,
      robotFiles,
      robotServices: new RobotServices({ registry, store: robotStore, now, log }),
      alarms,
      audit: new AuditLog(database),
      notifications,
      duty,
      backUp: (file) =>
        database.snapshot((tx) =>
          writeBackup(tx, file, { wardlight: options.version, at: now().toISOString() }),
        ),
      handOvers: new HandOvers({ database, board, ledger, floor, contaminations }),
      hl7Log: new Hl7Log(database),
      hl7Mappings,
      fhirResources,
      taskOrders,
      reports,
      proofs,
      signingKeys,
      extensions: options.extensions ?? [],
    },
    meet(address, version) {
      registry.add(address)
      if (version !== undefined) registry.setVersion(robotIdOf(address), version)
    },
    async start() {
      undo.push(() => watch.stop())
      watch.start()
      undo.push(() => traffic.stop())
      traffic.start()
      undo.push(() => zones.stop())
      zones.start()
      undo.push(() => broker.stop())
      await broker.start((topic, payload) => intake.receive(topic, payload))
      undo.push(() => notifications.stop())
      notifications.start()
      requests.start()
      undo.push(() => scheduler.stop())
      scheduler.start()
      undo.push(() => hl7?.stop())
      await hl7?.start()
    },
    async settled() {
      await ledger.settled()
      await traffic.settled()
      await alarms.settled()
      await scheduler.settled()
    },
    async stop() {
      for (const step of undo.splice(0).toReversed()) await step()
    },
  }
}

function trafficRules(ledger: Ledger, contaminations: Contaminations, ways: TrafficWays): TrafficRules {
  const passing = ways.passingRoomIds()
  return {
    // A door that opens for it must not let gas out.
    mayMakeWay: (robotId) =>
      ledger.runningOnRobot(robotId) === undefined &&
      !ledger.missions().some((mission) => mission.robotId === robotId && mission.mayBeGassed) &&
      contaminations.mayEnter(robotId, passing),
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
  await accounts.people.setDemoUsers(options.demoUsers)
  if (options.demoUsers) return
  const password = await accounts.people.ensureAdministrator(
    options.adminPassword ?? process.env['WARDLIGHT_ADMIN_PASSWORD'],
  )
  // Not through the log: logs are kept and read by many.
  if (password !== null) process.stderr.write(`First administrator: name "admin", password "${password}"\n`)
}

/** Three shifts of eight hours, as hospitals often have them (proposed). */
const SHIFT_ENDS: readonly string[] = ['06:00', '14:00', '22:00']

export function serverInfo(options: FleetServerOptions, accounts: Accounts): ServerInfo {
  return {
    name: 'Wardlight',
    version: options.version,
    hospitalName: options.hospitalName,
    timeZone: options.timeZone,
    isSimulated: options.isSimulated,
    hasTotp: accounts.secondFactors.hasTotp,
    provider: accounts.provider === null ? null : { label: accounts.provider.label },
    publicOrigin: accounts.publicOrigin,
    shiftEnds: [...(options.shiftEnds ?? SHIFT_ENDS)].toSorted(),
    ...(options.demoUsers ? { demoUsers: DEMO_USERS.map((user) => ({ ...user })) } : {}),
  }
}
