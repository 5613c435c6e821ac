import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { LiveFrame } from './live-frame.ts'

/** Where the feed goes to one who watches. */
export interface LiveSocket {
  readonly bufferedAmount: number
  send(frame: LiveFrame): void
  close(code: number, reason: string): void
  terminate(): void
}

/**
 * Writes frames that are made already: `ws` would put a head before each of them for each who watches, half of what a
 * tick costs. It queues nothing of its own here, as nothing is compressed, so its frames and these keep their order.
 *
 * @param line under the WebSocket, from the request that it began with
 */
export function liveSocketOn(socket: WebSocket, line: Duplex): LiveSocket {
  return new LineOfSocket(socket, line)
}

class LineOfSocket implements LiveSocket {
  readonly #socket: WebSocket
  readonly #line: Duplex

  constructor(socket: WebSocket, line: Duplex) {
    this.#socket = socket
    this.#line = line
  }

  get bufferedAmount(): number {
    return this.#line.writableLength
  }

  send({ onTheWire }: LiveFrame): void {
    // Once both have said that they close, `ws` ends the line; whom this side closes gets nothing more.
    if (this.#line.writable) this.#line.write(onTheWire)
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason)
  }

  terminate(): void {
    this.#socket.terminate()
  }
}
