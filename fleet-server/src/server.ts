import { startAlone } from './alone.ts'
import { startOnPostgres } from './cluster/on-postgres.ts'
import type { FleetServer, FleetServerOptions } from './server-options.ts'

export type { FleetServer, FleetServerOptions, ServerRole } from './server-options.ts'

/**
 * Starts everything, in the order in which it depends on each other; when something fails, what has been
 * started is stopped again.
 *
 * @throws WARD_ERR_DATABASE, WARD_ERR_BROKER, WARD_ERR_CONFIG
 */
export async function startFleetServer(options: FleetServerOptions): Promise<FleetServer> {
  const { databaseUrl } = options
  return databaseUrl === undefined ? startAlone(options) : startOnPostgres({ ...options, databaseUrl })
}
