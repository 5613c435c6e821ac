import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { wardError } from '@wardlight/core/errors'
import type { FastifyRequest } from 'fastify'
import { isSameSecret } from '../../same-secret.ts'
import { METRICS_CONTENT_TYPE, metricsText, type Metric } from '../../metrics/metric-text.ts'

/** Written by proxies: who asks through one is not on this machine, though the proxy may be. */
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via']

/** What Prometheus asks each server for: whoever is on this machine, or whoever has the token where there is one. */
export const metricsRoutes: FastifyPluginAsyncTypebox<{
  readonly metrics: () => Promise<readonly Metric[]>
  readonly metricsToken: string | undefined
}> = async (app, { metrics, metricsToken }) => {
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    const mayRead = metricsToken === undefined ? isFromHere(request) : hasToken(request, metricsToken)
    if (!mayRead) {
      throw wardError('WARD_ERR_FORBIDDEN', {
        what: 'Metrics are not for everybody',
        where: '/metrics',
        remedy:
          'Ask from the machine itself, not through a proxy; or start the server with --metrics-token and ask with `Authorization: Bearer TOKEN`.',
      })
    }
    return reply.type(METRICS_CONTENT_TYPE).send(metricsText(await metrics()))
  })
}

function isFromHere({ socket, headers }: FastifyRequest): boolean {
  if (PROXY_HEADERS.some((name) => headers[name] !== undefined)) return false
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  return address === '::1' || address.startsWith('127.')
}

function hasToken({ headers }: FastifyRequest, token: string): boolean {
  return isSameSecret(headers.authorization ?? '', `Bearer ${token}`)
}
