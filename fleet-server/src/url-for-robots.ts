import { wardError } from '@wardlight/core/errors'
import type { FastifyBaseLogger } from 'fastify'
import type { FleetServerOptions } from './server-options.ts'

/** What was said on the command line. @throws WARD_ERR_CONFIG when it is no address */
export function advertisedOrigin({
  advertisedUrl,
}: Pick<FleetServerOptions, 'advertisedUrl'>): string | null {
  if (advertisedUrl === undefined) return null
  if (!/^https?:$/.test(URL.canParse(advertisedUrl) ? new URL(advertisedUrl).protocol : '')) {
    throw wardError('WARD_ERR_CONFIG', {
      what: `${JSON.stringify(advertisedUrl)} is no address at which robots and other servers could reach this one`,
      where: '--advertise',
      remedy: 'Give one like http://10.0.0.5:8080.',
    })
  }
  return new URL(advertisedUrl).origin
}

/** Who listens on every address has none that robots could be told. */
const EVERYWHERE: ReadonlySet<string> = new Set(['0.0.0.0', '::', ''])
const LOOPBACK = /^(127\.|::1$|localhost$)/

/**
 * Where robots fetch files from this server; `null`: nobody knows, and the log says so.
 *
 * @param url where it listens
 */
export function urlForRobots(
  options: Pick<FleetServerOptions, 'advertisedUrl' | 'host' | 'mqttUrl'> & {
    readonly log: FastifyBaseLogger
  },
  url: string,
): string | null {
  const { host, mqttUrl, log } = options
  const advertised = advertisedOrigin(options)
  if (advertised !== null) return advertised
  // With its own broker on this machine's own address, all robots are on this machine.
  const isReachable = LOOPBACK.test(host) ? mqttUrl === undefined : !EVERYWHERE.has(host)
  if (isReachable) return new URL(url).origin
  log.warn(
    { host },
    'Robots are sent no maps: nobody knows under which address they reach this server. Give it with --advertise.',
  )
  return null
}
