import { startAlone } from './alone.ts'
import { startOneOfSeveral } from './cluster/one-of-several.ts'
import type { FleetServer, FleetServerOptions } from './server-options.ts'

export type { FleetServer, FleetServerOptions, ServerRole } from './server-options.ts'

/**
 * Starts everything, in the order in which it depends on each other; when something fails, what has been
 * started is stopped again. Alone, or as one of several where database and broker are both outside.
 *
 * @throws WARD_ERR_DATABASE, WARD_ERR_BROKER, WARD_ERR_CONFIG
 */
export async function startFleetServer(options: FleetServerOptions): Promise<FleetServer> {
  const { databaseUrl, mqttUrl } = options
  return databaseUrl !== undefined && mqttUrl !== undefined
    ? startOneOfSeveral({ ...options, databaseUrl, mqttUrl })
    : startAlone(options)
}
