import {
  registerAjvFormats,
  TypeBoxValidatorCompiler,
  type TypeBoxTypeProvider,
} from '@fastify/type-provider-typebox'
import type { ServerInfo } from '@wardlight/core/fleet'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { Accounts } from './accounts/accounts.ts'
import type { LiveBoard } from './live/live-board.ts'
import type { LiveHub } from './live/live-hub.ts'
import { addAccess } from './plugins/access.ts'
import { addConsole } from './plugins/console.ts'
import { addErrors } from './plugins/errors.ts'
import { addHeaders } from './plugins/headers.ts'
import { addOpenApi } from './plugins/openapi.ts'
import type { RobotRegistry } from './robots/robot-registry.ts'
import { contaminationRoutes } from './routes/contamination/index.ts'
import { floorRoutes } from './routes/floor/index.ts'
import { liveRoutes } from './routes/live/index.ts'
import { missionRoutes } from './routes/missions/index.ts'
import { organismRoutes } from './routes/organisms/index.ts'
import { protocolRoutes } from './routes/protocols/index.ts'
import { requestRoutes } from './routes/requests/index.ts'
import { alarmRoutes } from './routes/robots/alarms.ts'
import { robotRoutes } from './routes/robots/index.ts'
import { roomRoutes } from './routes/rooms/index.ts'
import { scheduleRoutes } from './routes/schedule/index.ts'
import { serverInfoRoutes } from './routes/server-info/index.ts'
import { sessionRoutes } from './routes/session/index.ts'
import { validationRoutes } from './routes/validations/index.ts'
import { zoneRoutes } from './routes/zones/index.ts'
import type { Alarms } from './services/alarms.ts'
import type { Clearances } from './services/clearances.ts'
import type { Contaminations } from './services/contaminations.ts'
import type { Evidence } from './services/evidence.ts'
import type { FloorIndex } from './services/floor-index.ts'
import type { Ledger } from './services/ledger.ts'
import type { MissionReports } from './services/mission-reports.ts'
import type { Missions } from './services/missions.ts'
import type { Protocols } from './services/protocols.ts'
import type { Requests } from './services/requests.ts'
import type { RobotServices } from './services/robot-services.ts'
import type { Rooms } from './services/rooms.ts'
import type { SchedulePlans } from './services/schedule-plans.ts'
import type { Scheduler } from './services/scheduler.ts'
import type { Zones } from './services/zones.ts'

export interface AppServices {
  readonly info: ServerInfo
  readonly accounts: Accounts
  readonly board: LiveBoard
  readonly hub: LiveHub
  readonly floor: FloorIndex
  readonly evidence: Evidence
  readonly contaminations: Contaminations
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
  readonly robotServices: RobotServices
  readonly alarms: Alarms
  readonly reports: MissionReports
  readonly consoleDir: string | null
  /** Routes of the composing process; they are under the same rules. */
  readonly extensions: readonly FastifyPluginAsync[]
}

/** The HTTP side of the fleet server. It neither listens nor starts anything. */
export async function addFleetApp(root: FastifyInstance, services: AppServices): Promise<void> {
  const app = root.withTypeProvider<TypeBoxTypeProvider>()
  registerAjvFormats()
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  // Views are built field by field; a compiled serializer would add nothing but a second opinion.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  addErrors(root)
  await addHeaders(root)
  await addAccess(root, services.accounts)
  await addOpenApi(root, services.info.version)
  await app.register(serverInfoRoutes, services)
  await app.register(sessionRoutes, services)
  await app.register(floorRoutes, services)
  await app.register(organismRoutes, services)
  await app.register(validationRoutes, services)
  await app.register(protocolRoutes, services)
  await app.register(roomRoutes, services)
  await app.register(requestRoutes, services)
  await app.register(missionRoutes, services)
  await app.register(robotRoutes, services)
  await app.register(alarmRoutes, services)
  await app.register(contaminationRoutes, services)
  await app.register(scheduleRoutes, services)
  await app.register(zoneRoutes, services)
  await app.register(liveRoutes, services)
  for (const extension of services.extensions) await app.register(extension)
  await addConsole(root, services.consoleDir)
}
