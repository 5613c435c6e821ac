import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Clock, TimerId } from '@wardlight/core/clock'
import { wardError } from '@wardlight/core/errors'
import type { FastifyBaseLogger } from 'fastify'
import { acknowledge } from './acknowledgement.ts'
import { newControlId } from './control-id.ts'
import { Hl7Fault } from './hl7-fault.ts'
import { MAX_MESSAGE_BYTES, mllpFrame, MllpReader } from './mllp-framing.ts'

/** Whoever has begun a message goes on within so long, or loses the line, milliseconds (proposed). */
const NEXT_PIECE_WITHIN_MS = 30_000
/** Systems of a hospital that may have lines at once (proposed). */
const MOST_LINES = 200
/** Answers that somebody may leave unread before the line is cut, bytes (proposed). */
const MOST_UNREAD_BYTES = 1_048_576

/** Where hospital systems bring their messages: one line after the other is answered, each in its order. */
export class MllpListener {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #receive: (message: Buffer, peer: string) => Promise<Buffer>
  readonly #clock: Clock
  readonly #log: FastifyBaseLogger
  readonly #maxMessageBytes: number

  constructor(options: {
    tls: { readonly key: string; readonly cert: string } | null
    /** Resolves with the acknowledgement, once what it says is safe. */
    receive: (message: Buffer, peer: string) => Promise<Buffer>
    /** Real time. */
    clock: Clock
    log: FastifyBaseLogger
    maxMessageBytes?: number
  }) {
    this.#receive = options.receive
    this.#clock = options.clock
    this.#log = options.log
    this.#maxMessageBytes = options.maxMessageBytes ?? MAX_MESSAGE_BYTES
    const serve = (socket: Socket) => void this.#serve(socket)
    this.#server = options.tls === null ? createServer(serve) : createTlsServer(options.tls, serve)
    this.#server.maxConnections = MOST_LINES
    this.#server.on('tlsClientError', (error) => this.#log.warn({ err: error }, 'No TLS with an HL7 system'))
  }

  /** @returns the port @throws WARD_ERR_CONFIG */
  async start(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause) =>
        reject(
          wardError('WARD_ERR_CONFIG', {
            what: `The HL7 port ${port} cannot be opened: ${String(cause)}`,
            where: host,
            remedy: 'Choose another port, or end the program that holds it.',
            cause,
          }),
        ),
      )
      this.#server.listen(port, host, resolve)
    })
    // Unheard, it would end the process: one line that cannot be taken is no reason to.
    this.#server.on('error', (error) => this.#log.error({ err: error }, 'An HL7 line could not be taken'))
    return (this.#server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  async #serve(socket: Socket): Promise<void> {
    const peer = socket.remoteAddress ?? 'unknown'
    const reader = new MllpReader(this.#maxMessageBytes)
    let waiting: TimerId
    let isGarbageTold = false
    const stopWaiting = () => this.#clock.clearTimeout(waiting)
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    try {
      for await (const chunk of socket as AsyncIterable<Buffer>) {
        stopWaiting()
        for (const framed of reader.read(chunk)) {
          if (framed.type === 'message') {
            this.#answer(socket, await this.#receive(framed.message, peer))
          } else if (framed.type === 'tooLong') {
            this.#log.warn({ peer }, 'An HL7 message is too long')
            this.#answer(socket, this.#tooLong())
          } else if (!isGarbageTold) {
            isGarbageTold = true
            this.#log.warn(
              { peer, byteCount: framed.byteCount },
              'Something outside of MLLP frames came over an HL7 line',
            )
          }
        }
        if (reader.isWithin) {
          waiting = this.#clock.setTimeout(() => {
            this.#log.warn({ peer }, 'An HL7 message was begun and not ended')
            socket.destroy()
          }, NEXT_PIECE_WITHIN_MS)
        }
      }
    } catch (error) {
      // Lines break; what was not acknowledged is sent again.
      this.#log.info({ err: error, peer }, 'An HL7 line broke')
    } finally {
      stopWaiting()
      socket.destroy()
    }
  }

  #answer(socket: Socket, answer: Buffer): void {
    if (socket.destroyed) return
    socket.write(mllpFrame(answer))
    if (socket.writableLength > MOST_UNREAD_BYTES) socket.destroy()
  }

  #tooLong(): Buffer {
    const fault = new Hl7Fault('AR', 207, '', `A message is longer than ${this.#maxMessageBytes} bytes`)
    return Buffer.from(
      acknowledge(null, { fault, words: '', controlId: newControlId(), nowMs: this.#clock.epochMs() }),
      'latin1',
    )
  }
}
