import { once } from 'node:events'
import net, { type AddressInfo, type Socket } from 'node:net'

/** A line between robots and broker that can be cut: a relay of TCP on a port of its own. */
export interface BreakableLine {
  /** Where robots find the broker instead. */
  readonly url: string
  readonly isCut: boolean
  /** So many connections were dropped. */
  readonly dropped: number
  /** Drops every connection and takes no new one. */
  cut(): void
  mend(): void
  stop(): Promise<void>
}

/** @param brokerUrl `mqtt://host:port` */
export async function createBreakableLine(brokerUrl: string): Promise<BreakableLine> {
  const { hostname, port } = new URL(brokerUrl)
  const sockets = new Set<Socket>()
  let isCut = false
  let dropped = 0
  const relay = net.createServer((robot) => {
    if (isCut) {
      robot.destroy()
      return
    }
    const broker = net.connect(Number(port), hostname)
    for (const [one, other] of [
      [robot, broker],
      [broker, robot],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
  const cut = (): void => {
    isCut = true
    // Each has two ends.
    dropped += sockets.size / 2
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `mqtt://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    get isCut() {
      return isCut
    },
    get dropped() {
      return dropped
    },
    cut,
    mend() {
      isCut = false
    },
    async stop() {
      cut()
      relay.close()
      await once(relay, 'close')
    },
  }
}
