import websocket from '@fastify/websocket'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Accounts } from '../../accounts/accounts.ts'
import type { LiveHub } from '../../live/live-hub.ts'
import { sessionOf } from '../../plugins/access.ts'
import { ANY_ROLE } from '../shared.ts'

/** Clients only send `resync` and `watchScans`. */
const MAX_CLIENT_MESSAGE_BYTES = 16_384

export const liveRoutes: FastifyPluginAsyncTypebox<{ hub: LiveHub; accounts: Accounts }> = async (
  app,
  { hub, accounts },
) => {
  await app.register(websocket, { options: { maxPayload: MAX_CLIENT_MESSAGE_BYTES } })
  app.get('/api/live', { websocket: true, config: { roles: ANY_ROLE } }, (socket, request) => {
    const session = sessionOf(request)
    const client = hub.add(socket, () => accounts.isAlive(session))
    socket.on('message', (data: Buffer, isBinary) => client.receive(isBinary ? '' : data.toString()))
    socket.on('close', () => client.closed())
    // `ws` closes the line itself after an error; unheard, the event would end the process.
    socket.on('error', () => client.closed())
  })
}
