import {
  registerAjvFormats,
  TypeBoxValidatorCompiler,
  type TypeBoxTypeProvider,
} from '@fastify/type-provider-typebox'
import type { Readiness, ServerInfo } from '@wardlight/core/fleet'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import type { Accounts } from './accounts/accounts.ts'
import type { LiveBoard } from './live/live-board.ts'
import type { LiveHub } from './live/live-hub.ts'
import type { AuditLog } from './audit/audit-log.ts'
import type { FhirResources } from './integrations/fhir/fhir-resources.ts'
import type { TaskOrders } from './integrations/fhir/task-orders.ts'
import type { Hl7Log } from './integrations/hl7/hl7-log.ts'
import type { Hl7Mappings } from './integrations/hl7/hl7-mappings.ts'
import type { Metric } from './metrics/metric-text.ts'
import type { ServerMetrics } from './metrics/server-metrics.ts'
import { addAccess } from './plugins/access.ts'
import { addAudit } from './plugins/audit.ts'
import { addConsole } from './plugins/console.ts'
import { addErrors } from './plugins/errors.ts'
import { addHeaders } from './plugins/headers.ts'
import { addOpenApi } from './plugins/openapi.ts'
import { addPeers } from './plugins/peers.ts'
import { requestForLog } from './plugins/request-log.ts'
import { addWards } from './plugins/wards.ts'
import type { Proofs } from './reports/proofs.ts'
import type { SigningKeys } from './reports/signing-keys.ts'
import type { RobotRegistry } from './robots/robot-registry.ts'
import { auditRoutes } from './routes/audit/index.ts'
import { backupRoutes } from './routes/backup/index.ts'
import { complianceRoutes } from './routes/compliance/index.ts'
import { contaminationRoutes } from './routes/contamination/index.ts'
import { fhirRoutes } from './routes/fhir/index.ts'
import { floorRoutes } from './routes/floor/index.ts'
import { handOverRoutes } from './routes/hand-overs/index.ts'
import { hl7Routes } from './routes/hl7/index.ts'
import { liveRoutes } from './routes/live/index.ts'
import { metricsRoutes } from './routes/metrics/index.ts'
import { missionRoutes } from './routes/missions/index.ts'
import { notificationRoutes } from './routes/notifications/index.ts'
import { organismRoutes } from './routes/organisms/index.ts'
import { proofRoutes } from './routes/proofs/index.ts'
import { protocolRoutes } from './routes/protocols/index.ts'
import { readinessRoutes } from './routes/readiness/index.ts'
import { requestRoutes } from './routes/requests/index.ts'
import { robotFileRoutes } from './routes/robot-files/index.ts'
import { alarmRoutes } from './routes/robots/alarms.ts'
import { robotRoutes } from './routes/robots/index.ts'
import { roomRoutes } from './routes/rooms/index.ts'
import { scheduleRoutes } from './routes/schedule/index.ts'
import { serverInfoRoutes } from './routes/server-info/index.ts'
import { sessionRoutes } from './routes/session/index.ts'
import { userRoutes } from './routes/users/index.ts'
import { validationRoutes } from './routes/validations/index.ts'
import { zoneRoutes } from './routes/zones/index.ts'
import type { Alarms } from './services/alarms.ts'
import type { Clearances } from './services/clearances.ts'
import type { Compliance } from './services/compliance.ts'
import type { Contaminations } from './services/contaminations.ts'
import type { Evidence } from './services/evidence.ts'
import type { FloorIndex } from './services/floor-index.ts'
import type { HandOvers } from './services/hand-overs.ts'
import type { Ledger } from './services/ledger.ts'
import type { MissionReports } from './services/mission-reports.ts'
import type { Missions } from './services/missions.ts'
import type { Duty } from './services/duty.ts'
import type { Notifications } from './services/notifications.ts'
import type { Protocols } from './services/protocols.ts'
import type { Requests } from './services/requests.ts'
import type { PlaceSearches } from './services/place-searches.ts'
import type { RobotFiles } from './services/robot-files.ts'
import type { RobotServices } from './services/robot-services.ts'
import type { Rooms } from './services/rooms.ts'
import type { SchedulePlans } from './services/schedule-plans.ts'
import type { Scheduler } from './services/scheduler.ts'
import type { Zones } from './services/zones.ts'
import type { BackupSummary } from './store/backup.ts'

export interface AppServices {
  readonly info: ServerInfo
  readonly accounts: Accounts
  readonly board: LiveBoard
  /** Counts what is answered. */
  readonly measured: ServerMetrics
  /** Of the servers on one database; `null` where there are no others. */
  readonly peerSecret: string | null
  readonly floor: FloorIndex
  readonly evidence: Evidence
  readonly contaminations: Contaminations
  readonly compliance: Compliance
  readonly protocols: Protocols
  readonly ledger: Ledger
  readonly registry: RobotRegistry
  readonly requests: Requests
  readonly missions: Missions
  readonly clearances: Clearances
  readonly rooms: Rooms
  readonly schedulePlans: SchedulePlans
  readonly scheduler: Scheduler
  readonly zones: Zones
  readonly robotFiles: RobotFiles
  readonly robotServices: RobotServices
  readonly placeSearches: PlaceSearches
  readonly alarms: Alarms
  readonly audit: AuditLog
  readonly notifications: Notifications
  readonly duty: Duty
  /** Writes a backup of the database, as it is at one moment, into a new file. */
  readonly backUp: (file: string) => Promise<BackupSummary>
  readonly reports: MissionReports
  readonly handOvers: HandOvers
  readonly hl7Log: Hl7Log
  readonly hl7Mappings: Hl7Mappings
  readonly fhirResources: FhirResources
  readonly taskOrders: TaskOrders
  readonly proofs: Proofs
  readonly signingKeys: SigningKeys
  /** Routes of the composing process; they are under the same rules. */
  readonly extensions: readonly FastifyPluginAsync[]
}

export interface LiveServices {
  readonly accounts: Accounts
  readonly hub: LiveHub
}

interface WatchedServices {
  readonly readiness: () => Promise<Readiness>
  readonly metrics: () => Promise<readonly Metric[]>
  /** Who has it may read the metrics; left out: whoever is on this machine. */
  readonly metricsToken: string | undefined
}

/** Bodies of requests, bytes. */
const BODY_LIMIT_BYTES = 262_144

/** An app with what all of ours have: how schemas are checked, errors told, and who may do what. */
export async function createApp(
  log: FastifyBaseLogger,
  { accounts, peerSecret, measured }: Pick<AppServices, 'accounts' | 'peerSecret' | 'measured'>,
): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: log.child({}, { serializers: { req: requestForLog } }),
    routerOptions: { maxParamLength: 1000 },
    bodyLimit: BODY_LIMIT_BYTES,
  })
  registerAjvFormats()
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  // Views are built field by field; a compiled serializer would add nothing but a second opinion.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  measured.watch(app)
  addErrors(app)
  await addHeaders(app)
  await addPeers(app, peerSecret)
  await addAccess(app, accounts)
  return app
}

/** The whole HTTP side of a server that is alone. It neither listens nor starts anything. */
export async function createWholeApp(
  log: FastifyBaseLogger,
  services: AppServices & LiveServices & { readonly consoleDir: string | null } & WatchedServices,
): Promise<FastifyInstance> {
  const app = await createApp(log, services)
  await addApi(app, services)
  await app.register(readinessRoutes, { version: services.info.version, readiness: services.readiness })
  await app.register(metricsRoutes, services)
  await app.register(liveRoutes, services)
  await addConsole(app, services.consoleDir)
  return app
}

/** The API of a server that leads; its front serves the rest. */
export async function createApi(log: FastifyBaseLogger, services: AppServices): Promise<FastifyInstance> {
  const app = await createApp(log, services)
  await addApi(app, services)
  await addConsole(app, null)
  return app
}

async function addApi(root: FastifyInstance, services: AppServices): Promise<void> {
  const app = root.withTypeProvider<TypeBoxTypeProvider>()
  await addOpenApi(root, services.info.version)
  addAudit(root, services.audit)
  addWards(root, services)
  await app.register(serverInfoRoutes, services)
  await app.register(sessionRoutes, services)
  await app.register(auditRoutes, services)
  await app.register(backupRoutes, services)
  await app.register(userRoutes, services)
  await app.register(notificationRoutes, services)
  await app.register(floorRoutes, services)
  await app.register(organismRoutes, services)
  await app.register(validationRoutes, services)
  await app.register(protocolRoutes, services)
  await app.register(roomRoutes, services)
  await app.register(requestRoutes, services)
  await app.register(missionRoutes, services)
  await app.register(proofRoutes, services)
  await app.register(robotRoutes, services)
  await app.register(alarmRoutes, services)
  await app.register(contaminationRoutes, services)
  await app.register(complianceRoutes, services)
  await app.register(scheduleRoutes, services)
  await app.register(zoneRoutes, services)
  await app.register(robotFileRoutes, services)
  await app.register(handOverRoutes, services)
  await app.register(hl7Routes, services)
  await app.register(fhirRoutes, services)
  for (const extension of services.extensions) await app.register(extension)
}
