import { wardError } from '@wardlight/core/errors'
import type { FastifyInstance } from 'fastify'
import type { FleetServerOptions } from './server-options.ts'

/** @returns `http://host:port` @throws WARD_ERR_CONFIG */
export async function listen(app: FastifyInstance, { host, httpPort }: FleetServerOptions): Promise<string> {
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
