import replyFrom from '@fastify/reply-from'
import { wardError } from '@wardlight/core/errors'
import type { Readiness } from '@wardlight/core/fleet'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Accounts } from '../accounts/accounts.ts'
import { createApp } from '../app.ts'
import type { LiveHub } from '../live/live-hub.ts'
import type { Metric } from '../metrics/metric-text.ts'
import type { ServerMetrics } from '../metrics/server-metrics.ts'
import { addConsole } from '../plugins/console.ts'
import { CLIENT_ADDRESS_HEADER, PEER_SECRET_HEADER, requirePeer } from '../plugins/peers.ts'
import { metricsRoutes } from '../routes/metrics/index.ts'
import { liveRoutes } from '../routes/live/index.ts'
import { readinessRoutes } from '../routes/readiness/index.ts'
import type { FloorIndex } from '../services/floor-index.ts'
import { LEADER_FEED_PATH } from './leader-feed.ts'

/** Who answers what needs a decision, at this moment. */
export type Answering =
  | { readonly by: 'this server'; readonly api: FastifyInstance }
  | { readonly by: 'the leader'; readonly url: string }
  | { readonly by: 'nobody' }

/** An answer of the leader may take so long, milliseconds; a line that is dead is noticed by the feed before. */
const LEADER_ANSWERS_WITHIN_MS = 30_000

/**
 * What one of several servers shows to people, whatever its role: the console's files and the live feed are its
 * own; what decides is done here by the leader, and passed on to it by the others. It neither listens nor starts anything.
 */
export async function createFront(options: {
  readonly log: FastifyBaseLogger
  readonly version: string
  readonly accounts: Accounts
  readonly hub: LiveHub
  readonly measured: ServerMetrics
  readonly metrics: () => Promise<readonly Metric[]>
  readonly metricsToken: string | undefined
  readonly floor: FloorIndex
  readonly peerSecret: string
  readonly consoleDir: string | null
  readonly answering: () => Answering
  readonly readiness: () => Promise<Readiness>
}): Promise<FastifyInstance> {
  const { peerSecret, answering } = options
  const app = await createApp(options.log, options)
  await app.register(readinessRoutes, options)
  await app.register(metricsRoutes, options)
  await app.register(liveRoutes, {
    ...options,
    forServers: {
      path: LEADER_FEED_PATH,
      check(request) {
        requirePeer(request, peerSecret)
        if (answering().by !== 'this server') throw noLeader('this server does not lead')
      },
    },
  })
  await app.register(async (passing) => {
    await passing.register(replyFrom, {
      undici: { headersTimeout: LEADER_ANSWERS_WITHIN_MS },
      disableCache: true,
      disableRequestLogging: true,
    })
    // Bodies go on as they come; who answers reads and limits them.
    passing.removeAllContentTypeParsers()
    passing.addContentTypeParser('*', (_request, body, done) => done(null, body))
    passing.all('/api/*', { config: { roles: 'anyone' } }, (request, reply) => {
      const now = answering()
      switch (now.by) {
        case 'this server':
          request.isCountedElsewhere = true
          reply.hijack()
          now.api.routing(request.raw, reply.raw)
          return reply
        case 'the leader':
          // Also `GET http://elsewhere/…` comes here; it is to go nowhere but to the leader.
          if (!request.url.startsWith('/')) throw notAPath(request.url)
          return reply.from(`${now.url}${request.url}`, {
            // A command that may have been done is not sent twice: people look first.
            retryDelay: () => null,
            rewriteRequestHeaders: (_request, headers) => ({
              ...headers,
              // Pages are checked against the address that they were opened under.
              ...(request.headers.host === undefined ? {} : { host: request.headers.host }),
              [PEER_SECRET_HEADER]: peerSecret,
              [CLIENT_ADDRESS_HEADER]: request.clientAddress,
            }),
            onError: (failed, { error }) => {
              void failed.send(noLeader(`the leader has not answered: ${error.message}`))
            },
          })
        case 'nobody':
          throw noLeader('no server leads at the moment')
      }
    })
  })
  await addConsole(app, options.consoleDir)
  return app
}

function notAPath(url: string): Error {
  return wardError('WARD_ERR_VALIDATION', { what: `${url} is no path`, where: 'url' })
}

function noLeader(reason: string): Error {
  return wardError('WARD_ERR_NO_LEADER', {
    what: `Nobody decides now: ${reason}. Robots guard themselves meanwhile`,
    where: 'server',
  })
}
