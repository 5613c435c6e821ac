import type { FastifyRequest } from 'fastify'
import websocket from '@fastify/websocket'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { WebSocket } from 'ws'
import type { Accounts } from '../../accounts/accounts.ts'
import type { LiveHub, LiveViewer } from '../../live/live-hub.ts'
import { liveSocketOn } from '../../live/live-socket.ts'
import { sessionOf } from '../../plugins/access.ts'
import { scopeOfWards } from '../../plugins/wards.ts'
import type { FloorIndex } from '../../services/floor-index.ts'
import { ANY_ROLE } from '../shared.ts'

/** Clients only send `resync` and `watchScans`. */
const MAX_CLIENT_MESSAGE_BYTES = 16_384

export interface LiveRoutesOptions {
  readonly hub: LiveHub
  readonly accounts: Accounts
  readonly floor: FloorIndex
  /** The feed for other servers, where there are any. */
  readonly forServers?: {
    readonly path: string
    /** Throws when it may not be had, or not here. */
    readonly check: (request: FastifyRequest) => void
  }
}

export const liveRoutes: FastifyPluginAsyncTypebox<LiveRoutesOptions> = async (
  app,
  { hub, accounts, floor, forServers },
) => {
  await app.register(websocket, { options: { maxPayload: MAX_CLIENT_MESSAGE_BYTES } })
  app.get('/api/live', { websocket: true, config: { roles: ANY_ROLE, wards: 'none' } }, (socket, request) => {
    const session = sessionOf(request)
    const { sessions } = accounts
    feed(hub, socket, request, {
      isSignedIn: () => sessions.isAlive(session),
      scope: () => scopeOfWards(floor, sessions.wardsOf(session)),
    })
  })
  if (forServers === undefined) return
  const { path, check } = forServers
  app.get(
    path,
    { websocket: true, config: { roles: 'anyone' }, preValidation: async (request) => check(request) },
    (socket, request) => feed(hub, socket, request, { isSignedIn: () => true }),
  )
}

function feed(hub: LiveHub, socket: WebSocket, request: FastifyRequest, viewer: LiveViewer): void {
  const client = hub.add(liveSocketOn(socket, request.socket), viewer)
  socket.on('message', (data: Buffer, isBinary) => client.receive(isBinary ? '' : data.toString()))
  socket.on('close', () => client.closed())
  // `ws` closes the line itself after an error; unheard, the event would end the process.
  socket.on('error', () => client.closed())
}
