import { once } from 'node:events'
import { connect } from 'node:net'
import { WebSocket } from 'ws'
import { servePart } from './part.ts'

/** People who watch, and bare sockets that read as many bytes: what they cost is nobody's figure. */
const receivedBytes = { ours: 0, json: 0 }

async function watch(port: number, of: keyof typeof receivedBytes): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  await once(socket, 'open')
  socket.on('message', (data) => (receivedBytes[of] += (data as Buffer).length))
}

async function drain(port: number): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port })
  await once(socket, 'connect')
  socket.resume()
}

export const FEED_CROWD = {
  async open({
    count,
    ports,
  }: {
    readonly count: number
    readonly ports: { readonly ours: number; readonly json: number; readonly bare: number }
  }): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      await Promise.all([watch(ports.ours, 'ours'), watch(ports.json, 'json'), drain(ports.bare)])
    }
  },

  /** Bytes that all of them together have got. */
  received: () => receivedBytes,
}
export type FeedCrowd = typeof FEED_CROWD

if (process.send !== undefined) servePart(FEED_CROWD)
