import type { FastifyInstance, FastifyRequest } from 'fastify'
import { beginActing, type Acting } from '../audit/acting.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import { isChange } from './access.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Reading it is recorded as well: who reads it takes the hospital's data with them. */
    isReadingRecorded?: true
  }
  interface FastifyRequest {
    endActing: (() => void) | null
  }
}

/**
 * Records who asked for what: every request that may change something, or takes much away, also one that was refused. What is stored on
 * their behalf carries their name (`acting.ts`). Called after `addAccess`, before the routes.
 */
export function addAudit(app: FastifyInstance, log: AuditLog): void {
  app.decorateRequest('endActing', null)

  // Not earlier: a context of `AsyncLocalStorage` may be lost while a body is read.
  app.addHook('preValidation', (request, _reply, done) => {
    if (isChange(request.method)) request.endActing = beginActing(actingOf(request), done)
    else done()
  })

  app.addHook('onResponse', async (request, { statusCode: status }) => {
    request.endActing?.()
    const isRecorded = isChange(request.method) || request.routeOptions.config.isReadingRecorded === true
    if (!isRecorded || request.is404) return
    const { url: path, body } = request
    const who = actingOf(request)
    try {
      await log.append({ who, path, body, status })
    } catch (err) {
      request.log.error({ err, did: who.did, status }, 'What somebody asked for was not recorded')
    }
  })
}

function actingOf({ signedIn, clientAddress: from, method, routeOptions, url }: FastifyRequest): Acting {
  const did = `${method} ${routeOptions.url ?? url}`
  if (signedIn === null) return { id: null, name: 'nobody signed in', role: null, from, did }
  const { id, displayName: name, role } = signedIn.user
  return { id, name, role, from, did }
}
