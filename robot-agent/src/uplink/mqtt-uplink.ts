import { wardError } from '@wardlight/core/errors'
import { robotIdOf } from '@wardlight/core/fleet'
import {
  toWire,
  vda5050Topic,
  type Connection,
  type RobotAddress,
  type WireVersion,
} from '@wardlight/core/vda5050'
import { connect, type MqttClient } from 'mqtt'
import type { AgentLog } from '../agent-log.ts'
import type { HeaderSource } from './headers.ts'

export interface MqttAccess {
  readonly url: string
  readonly username?: string
  readonly password?: string
}

const RECONNECT_MS = 1000
/** MQTT 3.1.1 return codes that trying again does not mend: identifier, credentials, not authorised. */
const REFUSED: ReadonlySet<unknown> = new Set([2, 4, 5])

/**
 * The robot's line to the broker. It says CONNECTION_BROKEN by its last will, ONLINE on every connect
 * and OFFLINE on an orderly stop. While the line is down nothing is queued: what is current then is
 * sent when it is back, which is the caller's part in `onConnect`.
 */
export class MqttUplink {
  readonly #address: RobotAddress
  readonly #access: MqttAccess
  readonly #version: WireVersion
  readonly #headers: HeaderSource
  readonly #log: AgentLog
  readonly #onConnect: () => void
  readonly #onMessage: (topic: string, payload: string) => void
  #client: MqttClient | null = null

  constructor(options: {
    address: RobotAddress
    access: MqttAccess
    version: WireVersion
    headers: HeaderSource
    log: AgentLog
    onConnect: () => void
    onMessage: (topic: string, payload: string) => void
  }) {
    this.#address = options.address
    this.#access = options.access
    this.#version = options.version
    this.#headers = options.headers
    this.#log = options.log
    this.#onConnect = options.onConnect
    this.#onMessage = options.onMessage
  }

  get isConnected(): boolean {
    return this.#client?.connected ?? false
  }

  /**
   * Resolves on the first connection; until then it tries again and again.
   *
   * @throws WARD_ERR_BROKER when the broker refuses the robot.
   */
  start(): Promise<void> {
    const { url, username, password } = this.#access
    const client = connect(url, {
      clientId: robotIdOf(this.#address),
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      // The embedded broker speaks 3.1.1.
      protocolVersion: 4,
      // A command that waited in the broker for a robot to come back would be stale.
      clean: true,
      reconnectPeriod: RECONNECT_MS,
      resubscribe: false,
      queueQoSZero: false,
      keepalive: 15,
      will: { ...this.#connection('CONNECTION_BROKEN'), qos: 1, retain: true },
    })
    this.#client = client
    client.on('message', (topic, payload, { retain }) => {
      // Kept by the broker from some time ago: as stale as what would have waited in a session.
      if (retain) this.#log.warn({ topic }, 'A retained command is ignored.')
      else this.#onMessage(topic, payload.toString('utf8'))
    })
    client.on('reconnect', () => {
      client.options.will = { ...this.#connection('CONNECTION_BROKEN'), qos: 1, retain: true }
    })
    // Told once an outage: mqtt.js says `close` for every attempt in vain, and once more on an orderly end.
    let isDown = false
    client.on('connect', () => {
      isDown = false
    })
    client.on('close', () => {
      // mqtt.js would say again what was under way, after what is said on connecting: an older state after a newer one.
      for (const id of Object.keys(client.outgoing)) client.removeOutgoingMessage(Number(id))
      if (!isDown && this.#client === client) this.#log.warn({ url }, 'The line to the broker is down.')
      isDown = true
    })
    return new Promise((resolve, reject) => {
      client.on('error', (error) => {
        this.#log.debug({ err: error }, 'The broker cannot be reached.')
        if (!('code' in error) || !REFUSED.has(error.code)) return
        client.end(true)
        reject(
          wardError('WARD_ERR_BROKER', { what: 'the broker refuses the robot', where: url, cause: error }),
        )
      })
      client.on('connect', () => {
        this.#welcome(client).then(resolve, (error: unknown) =>
          this.#log.error({ err: error }, 'The broker gives no subscription.'),
        )
      })
    })
  }

  /**
   * Sends when the line is up; drops otherwise.
   *
   * @param onAcknowledged called when the broker has said that it has it (QoS 1); never when the line breaks before
   */
  publish(topic: string, payload: object, qos: 0 | 1, retain = false, onAcknowledged?: () => void): void {
    const client = this.#client
    if (client === null || !client.connected) return
    client.publish(topic, JSON.stringify(payload), { qos, retain }, (error) => {
      if (error) this.#log.warn({ err: error, topic }, 'A message was not sent.')
      else onAcknowledged?.()
    })
  }

  /** A line that breaks while the farewell is on it ends it: nobody waits for an answer that cannot come. */
  async stop(): Promise<void> {
    const client = this.#client
    this.#client = null
    if (client === null) return
    client.removeAllListeners('message')
    let isBroken = !client.connected
    const broken = new Promise<void>((resolve) => {
      client.once('close', () => {
        isBroken = true
        resolve()
      })
    })
    if (!isBroken) {
      const { topic, payload } = this.#connection('OFFLINE')
      const farewell = client
        .publishAsync(topic, payload, { qos: 1, retain: true })
        .catch((error: unknown) => {
          this.#log.warn({ err: error }, 'The farewell was not sent.')
        })
      await Promise.race([farewell, broken])
    }
    // Without force it waits until everything that was sent is acknowledged.
    if (isBroken) await client.endAsync(true)
    else await Promise.race([client.endAsync(), broken])
  }

  async #welcome(client: MqttClient): Promise<void> {
    // Ears before mouth: whoever answers ONLINE with an order is heard.
    await client.subscribeAsync(
      [
        vda5050Topic(this.#address, 'order', this.#version),
        vda5050Topic(this.#address, 'instantActions', this.#version),
        // 2.x has neither zones nor answers.
        ...(this.#version === '3.0'
          ? [vda5050Topic(this.#address, 'zoneSet'), vda5050Topic(this.#address, 'responses')]
          : []),
      ],
      { qos: 1 },
    )
    const { topic, payload } = this.#connection('ONLINE')
    await client.publishAsync(topic, payload, { qos: 1, retain: true })
    this.#log.info({ url: this.#access.url }, 'Connected to the broker.')
    this.#onConnect()
  }

  #connection(connectionState: Connection['connectionState']): { topic: string; payload: string } {
    const message: Connection = { ...this.#headers.next('connection'), connectionState }
    return {
      topic: vda5050Topic(this.#address, 'connection', this.#version),
      payload: JSON.stringify(toWire(this.#version, 'connection', message)),
    }
  }
}
