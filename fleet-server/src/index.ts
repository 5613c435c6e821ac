export { createEmbeddedBroker } from './broker/embedded-broker.ts'
export {
  driveOrder,
  instantAction,
  missionActionIds,
  peroxideOrder,
  treatmentOrder,
} from './domain/orders.ts'
export type { FleetBroker } from './robots/fleet-broker.ts'
export type { RobotCredentials } from './robots/robot-credentials.ts'
export { startFleetServer } from './server.ts'
export type { FleetServer, FleetServerOptions } from './server.ts'
export { planningInput } from './services/requests.ts'
