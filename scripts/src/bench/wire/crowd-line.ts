import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { generate, parser, type Packet } from 'mqtt-packet'

const MOST_MESSAGE_IDS = 65_535

/**
 * One robot's line to a broker, MQTT 3.1.1, and no more than a crowd needs: thousands of whole clients in one
 * process would be what is measured. Anything that a robot would not live through ends the measurement.
 */
export class CrowdLine {
  readonly #socket: Socket
  readonly #awaited = new Map<string, () => void>()
  #messageId = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    const packets = parser({ protocolVersion: 4 })
    packets.on('packet', (packet: Packet) => this.#hear(packet))
    socket.on('data', (chunk) => packets.parse(chunk))
  }

  /** Connects as a robot does: signs in, subscribes, and has said that it is there. */
  static async open({
    url,
    id,
    password,
    filters,
    birth,
  }: {
    readonly url: string
    readonly id: string
    readonly password: string
    readonly filters: readonly string[]
    readonly birth: { readonly topic: string; readonly text: string }
  }): Promise<CrowdLine> {
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    await once(socket, 'connect')
    const line = new CrowdLine(socket)
    await line.#ask('connack', {
      cmd: 'connect',
      protocolVersion: 4,
      protocolId: 'MQTT',
      clean: true,
      keepalive: 60,
      clientId: id,
      username: id,
      password: Buffer.from(password),
    })
    const subscriptions = filters.map((topic) => ({ topic, qos: 1 as const }))
    const messageId = line.#nextId()
    await line.#ask(`suback ${messageId}`, { cmd: 'subscribe', messageId, subscriptions })
    await line.publish(birth.topic, birth.text, true)
    return line
  }

  /** At quality of service 1; resolves when it is acknowledged. */
  publish(topic: string, payload: string, retain = false): Promise<void> {
    const messageId = this.#nextId()
    return this.#ask(`puback ${messageId}`, {
      cmd: 'publish',
      topic,
      payload,
      messageId,
      qos: 1,
      retain,
      dup: false,
    })
  }

  /** At quality of service 0, as VDA 5050 3.0 wants it for states (4.1). */
  say(topic: string, payload: string): void {
    this.#socket.write(generate({ cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false }))
  }

  close(): void {
    this.#socket.destroy()
  }

  #nextId(): number {
    this.#messageId = (this.#messageId % MOST_MESSAGE_IDS) + 1
    return this.#messageId
  }

  #ask(answer: string, packet: Packet): Promise<void> {
    const answered = new Promise<void>((resolve) => this.#awaited.set(answer, resolve))
    this.#socket.write(generate(packet))
    return answered
  }

  #hear(packet: Packet): void {
    if (packet.cmd === 'connack' && packet.returnCode !== 0) {
      throw new Error(`a robot of the crowd was refused with ${packet.returnCode}`)
    }
    const key = packet.cmd === 'connack' ? 'connack' : `${packet.cmd} ${packet.messageId}`
    this.#awaited.get(key)?.()
    this.#awaited.delete(key)
  }
}
