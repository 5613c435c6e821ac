export { createEmbeddedBroker } from './broker/embedded-broker.ts'
export {
  driveOrder,
  instantAction,
  missionActionIds,
  peroxideOrder,
  treatmentOrder,
} from './domain/orders.ts'
export { deriveGraph } from './domain/traffic/derive-graph.ts'
export type { DerivedGraph } from './domain/traffic/derive-graph.ts'
export { driveS, RouteFinder } from './domain/traffic/find-route.ts'
export type { Mover } from './domain/traffic/find-route.ts'
export { Reservations } from './domain/traffic/reservations.ts'
export { compileGraph, separationM } from './domain/traffic/traffic-graph.ts'
export type { Link, Place, TrafficGraph, Way } from './domain/traffic/traffic-graph.ts'
export { Traffic } from './domain/traffic/traffic.ts'
export type { Building, DoorState, LiftState } from './building/building.ts'
export { MqttBuilding } from './building/mqtt-building.ts'
export type { FleetBroker } from './robots/fleet-broker.ts'
export { KEEP_DAYS } from './integrations/hl7/hl7-options.ts'
export type { Hl7Destination, Hl7Options } from './integrations/hl7/hl7-options.ts'
export { openMessage } from './integrations/hl7/open-message.ts'
export { readRobotMessage } from './robots/messages.ts'
export type { RobotCredentials } from './robots/robot-credentials.ts'
export { startFleetServer } from './server.ts'
export type { FleetServer, FleetServerOptions } from './server.ts'
export { withoutPassword } from './without-password.ts'
export { planningInput } from './services/requests.ts'
