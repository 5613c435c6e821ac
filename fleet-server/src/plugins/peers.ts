import { wardError } from '@wardlight/core/errors'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isSameSecret } from '../same-secret.ts'

/** By which servers of one database know each other. */
export const PEER_SECRET_HEADER = 'x-wardlight-peer'
/** Whom a server asks for; believed only beside the secret. */
export const CLIENT_ADDRESS_HEADER = 'x-wardlight-client'

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the person's machine, also where another server passed the request on. */
    clientAddress: string
  }
}

/** @param secret of the servers on one database; `null`: there are no others */
export async function addPeers(app: FastifyInstance, secret: string | null): Promise<void> {
  app.decorateRequest('clientAddress', '')
  app.addHook('onRequest', async (request) => {
    const told = request.headers[CLIENT_ADDRESS_HEADER]
    const isTold = typeof told === 'string' && secret !== null && isPeer(request, secret)
    request.clientAddress = isTold ? told : request.ip
  })
}

/** @throws WARD_ERR_FORBIDDEN to everybody but another server of the same database */
export function requirePeer(request: FastifyRequest, secret: string): void {
  if (isPeer(request, secret)) return
  throw wardError('WARD_ERR_FORBIDDEN', {
    what: 'This is for the other servers of this hospital only',
    where: request.url,
  })
}

function isPeer({ headers }: FastifyRequest, secret: string): boolean {
  const shown = headers[PEER_SECRET_HEADER]
  return typeof shown === 'string' && isSameSecret(shown, secret)
}
