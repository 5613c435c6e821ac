import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Clock, TimerId } from '@wardlight/core/clock'
import type { Hl7Destination } from './hl7-options.ts'
import { mllpFrame, MllpReader } from './mllp-framing.ts'

/** A system that takes longer to answer has not taken it, milliseconds (proposed). */
const ANSWER_WITHIN_MS = 30_000

interface Exchange {
  resolve(answer: Buffer): void
  reject(error: Error): void
}

/** Our line to a system of the hospital: kept open between messages, made anew where it broke. */
export class MllpLine {
  readonly #to: Hl7Destination
  readonly #clock: Clock
  #socket: Socket | null = null
  #exchange: Exchange | null = null

  constructor(to: Hl7Destination, clock: Clock) {
    this.#to = to
    this.#clock = clock
  }

  /** One at a time. @returns what was answered @throws Error in words where nothing was */
  async exchange(message: Buffer): Promise<Buffer> {
    const answer = new Promise<Buffer>((resolve, reject) => {
      this.#exchange = { resolve, reject }
    })
    const timer: TimerId = this.#clock.setTimeout(
      () => this.#break(new Error(`No answer within ${ANSWER_WITHIN_MS / 1000} s`)),
      ANSWER_WITHIN_MS,
    )
    try {
      this.#socket ??= this.#open()
      // Written as soon as the line stands.
      this.#socket.write(mllpFrame(message))
      return await answer
    } finally {
      this.#clock.clearTimeout(timer)
      this.#exchange = null
    }
  }

  close(): void {
    this.#break(new Error('The server stops'))
  }

  #open(): Socket {
    const { host, port, isTls } = this.#to
    const socket = isTls
      ? connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}) })
      : connect({ host, port })
    const reader = new MllpReader()
    const isCurrent = () => this.#socket === socket
    socket.setKeepAlive(true)
    socket.on('data', (chunk) => {
      if (!isCurrent()) return
      for (const framed of reader.read(chunk)) {
        if (framed.type !== 'message') continue
        if (this.#exchange === null) this.#break(new Error('An answer came that nobody has asked for'))
        else this.#exchange.resolve(framed.message)
      }
    })
    socket.on('error', (error) => {
      if (isCurrent()) this.#break(error)
    })
    socket.on('close', () => {
      if (isCurrent()) this.#break(new Error('The line was closed'))
    })
    return socket
  }

  #break(error: Error): void {
    const socket = this.#socket
    this.#socket = null
    socket?.destroy()
    this.#exchange?.reject(error)
  }
}
