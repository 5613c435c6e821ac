import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** So long clients may take to answer a farewell, milliseconds. */
const CLOSE_GRACE_MS = 1000

/**
 * Closes the app in any case. Lines that were upgraded, or refused an upgrade, are no longer counted by Node's
 * HTTP server; one of them, a sleeping tablet's, would keep it from ever closing.
 */
export function closerOf(app: FastifyInstance): () => Promise<void> {
  const sockets = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return async () => {
    const timer = setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, CLOSE_GRACE_MS)
    try {
      await app.close()
    } finally {
      clearTimeout(timer)
    }
  }
}
