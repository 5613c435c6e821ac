import type { FastifyRequest } from 'fastify'

/** A request as logs have it. Not what stands behind the `?`: links for robots and sign-ins have their secrets there. */
export function requestForLog({ method, url, ip, host }: FastifyRequest) {
  return { method, url: url.split('?', 1)[0], host, remoteAddress: ip }
}
