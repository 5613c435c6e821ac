import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { parseMessage, type Hl7Message } from '../integrations/hl7/message.ts'
import { mllpFrame, MllpReader } from '../integrations/hl7/mllp-framing.ts'
import { until } from './test-client.ts'

/** A system that brings messages over a real line. */
export class HospitalSender {
  readonly #socket: Socket
  readonly #reader = new MllpReader()
  readonly answers: Buffer[] = []

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      for (const framed of this.#reader.read(chunk)) {
        if (framed.type === 'message') this.answers.push(framed.message)
      }
    })
  }

  static async connect(port: number, ca?: string): Promise<HospitalSender> {
    const socket =
      ca === undefined
        ? connect({ host: '127.0.0.1', port })
        : connectTls({ host: '127.0.0.1', port, ca, servername: 'localhost' })
    await once(socket, ca === undefined ? 'connect' : 'secureConnect')
    return new HospitalSender(socket)
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes)
  }

  /** @returns the acknowledgement */
  async send(message: string | Buffer): Promise<Hl7Message> {
    const before = this.answers.length
    this.write(mllpFrame(typeof message === 'string' ? Buffer.from(message, 'latin1') : message))
    return parseMessage(await until(() => this.answers[before]))
  }

  /** @returns `null` where the line broke first */
  async sendUntilBroken(message: string): Promise<Hl7Message | null> {
    const before = this.answers.length
    this.write(mllpFrame(Buffer.from(message, 'latin1')))
    await until(() => this.answers.length > before || this.#socket.destroyed)
    const answer = this.answers[before]
    return answer === undefined ? null : parseMessage(answer)
  }

  get isClosed(): boolean {
    return this.#socket.closed
  }

  close(): void {
    this.#socket.destroy()
  }
}

/** A system that is told of beds over a real line, and answers as a test lets it. */
export class HospitalReceiver {
  readonly received: Hl7Message[] = []
  answer: (message: Hl7Message) => string | null = () => 'AA'
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor() {
    this.#server = createServer((socket) => {
      const reader = new MllpReader()
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('data', (chunk) => {
        for (const framed of reader.read(chunk))
          if (framed.type === 'message') this.#hear(socket, framed.message)
      })
    })
  }

  static async listen(port = 0): Promise<HospitalReceiver> {
    const receiver = new HospitalReceiver()
    receiver.#server.listen(port, '127.0.0.1')
    await once(receiver.#server, 'listening')
    return receiver
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** What was told, in order: `location status`. */
  get statuses(): string[] {
    return this.received.map(
      (message) => `${message.components('NPU-1').join('^')} ${message.value('NPU-2')}`,
    )
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #hear(socket: Socket, bytes: Buffer): void {
    const message = parseMessage(bytes)
    const code = this.answer(message)
    this.received.push(message)
    if (code === null) socket.destroy()
    else {
      socket.write(
        mllpFrame(
          Buffer.from(
            `MSH|^~\\&|BEDS||WARDLIGHT||20260105||ACK^A20|1|P|2.5.1\rMSA|${code}|${message.value('MSH-10')}\r`,
          ),
        ),
      )
    }
  }
}

export interface AdtOptions {
  readonly controlId?: string
  readonly visit?: string
  readonly location?: string
  readonly prior?: string
  /** `20260105030000`; when it was recorded. */
  readonly at?: string
  readonly bedStatus?: string
  readonly more?: readonly string[]
}

let messages = 0

/** A message about a patient whose name must be found nowhere. */
export function adt(trigger: string, options: AdtOptions = {}): string {
  const {
    visit = 'V1',
    location = '',
    prior = '',
    at = '20260105030000',
    bedStatus = '',
    more = [],
  } = options
  const controlId = options.controlId ?? `T${(messages += 1)}`
  const pv1 = ['PV1', '1', 'I', location, '', '', prior]
  pv1[19] = visit
  pv1[40] = bedStatus
  return [
    `MSH|^~\\&|ADT|HOSP|WARDLIGHT|ROBOTS|${at}||ADT^${trigger}|${controlId}|P|2.5.1`,
    `EVN|${trigger}|${at}`,
    `PID|1||4711^^^HOSP||${SECRET_NAME}^Wilhelmine||19510304|F|||Geheimweg 7^^Musterstadt`,
    pv1.join('|'),
    ...more,
    '',
  ].join('\r')
}

export const SECRET_NAME = 'Quittenbaum'

/** Only MSH, EVN and NPU: no patient. */
export function bedStatus(location: string, status: string, at = '20260105030000'): string {
  return [
    `MSH|^~\\&|BEDS|HOSP|WARDLIGHT|ROBOTS|${at}||ADT^A20|B${(messages += 1)}|P|2.5.1`,
    `EVN|A20|${at}`,
    `NPU|${location}|${status}`,
    '',
  ].join('\r')
}
