export { startFleetServer } from './server.ts'
export type { FleetServer, FleetServerOptions } from './server.ts'
export type { RobotCredentials } from './robots/robot-credentials.ts'
export { planningInput } from './services/requests.ts'
