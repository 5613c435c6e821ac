import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { wardError } from '@wardlight/core/errors'
import { robotIdOf } from '@wardlight/core/fleet'
import type { RobotAddress } from '@wardlight/core/vda5050'
import { Aedes, type AedesOptions, type AuthenticateError, type Client, type PublishPacket } from 'aedes'
import type { FastifyBaseLogger } from 'fastify'
import type { FleetBroker, MessageListener } from '../robots/fleet-broker.ts'
import { topicRights, type TopicRights } from './access-rules.ts'

/** A dose report of a large room has some hundred kilobytes; beyond this a message is an attack or a defect. */
const MAX_PAYLOAD_BYTES = 8_000_000

/** MQTT 3.1.1, return code 5 of CONNACK: not authorized. */
const NOT_AUTHORIZED = 5

/** Who was let in. */
interface Guest extends TopicRights {
  readonly robotId: string
}

export interface EmbeddedBrokerOptions {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** The robot whose credentials these are; `null` when they are nobody's. */
  readonly authenticate: (username: string, password: string) => Promise<RobotAddress | null>
  readonly log: FastifyBaseLogger
}

/**
 * What robots say is for the fleet alone, which may be read from their rights: it goes straight to the listener. A broker
 * would keep what is retained, match each message against all subscriptions, and look for sessions that sleep: a third of
 * what a message costs.
 */
class RobotBroker extends Aedes {
  readonly #listener: MessageListener

  constructor(options: AedesOptions, listener: MessageListener) {
    super(options)
    this.#listener = listener
  }

  override publish(packet: PublishPacket, done: (error?: Error) => void): void
  /** Aedes itself calls it so for what a client has said, and for its last will. */
  override publish(packet: PublishPacket, client: Client, done: (error?: Error) => void): void
  override publish(
    packet: PublishPacket,
    clientOrDone: Client | ((error?: Error) => void),
    done?: (error?: Error) => void,
  ): void {
    if (typeof clientOrDone === 'function') return super.publish(packet, clientOrDone)
    this.#listener(packet.topic, bytesOf(packet.payload))
    done?.()
  }
}

/** An MQTT broker inside the server, which only registered robots can enter. */
export function createEmbeddedBroker({ host, port, authenticate, log }: EmbeddedBrokerOptions): FleetBroker {
  const robots = new WeakMap<Client, Guest>()
  const sockets = new Set<Socket>()
  let aedes: Aedes | null = null
  let server: Server | null = null
  let url = ''

  /** A client id belongs to the robot that is connected with it: nobody else can push it off the line. */
  function isTaken(clientId: string, robot: RobotAddress): boolean {
    const clients = (aedes as unknown as { clients: Record<string, Client | undefined> } | null)?.clients
    const holder = clients?.[clientId]
    const owner = holder === undefined ? undefined : robots.get(holder)
    return owner !== undefined && owner.robotId !== robotIdOf(robot)
  }

  async function admit(client: Client, username: string | undefined, password: Buffer | undefined) {
    const robot = await authenticate(username ?? '', password?.toString() ?? '')
    if (robot === null || isTaken(client.id, robot)) {
      log.warn(
        { username, clientId: client.id },
        'MQTT client refused: unknown name, wrong password or taken client id',
      )
      return false
    }
    robots.set(client, { robotId: robotIdOf(robot), ...topicRights(robot) })
    return true
  }

  return {
    get url() {
      return url
    },
    async start(listener) {
      const options: AedesOptions = {
        authenticate: (client, username, password, done) => {
          admit(client, username, password as Buffer | undefined).then(
            (isAdmitted) => (isAdmitted ? done(null, true) : done(refusal(), false)),
            (error: unknown) => {
              log.error({ err: error }, 'MQTT sign-in could not be checked')
              done(refusal(), false)
            },
          )
        },
        authorizePublish: (client, packet, done) => {
          const guest = client === null ? undefined : robots.get(client)
          const isAllowed =
            guest !== undefined &&
            guest.writable.has(packet.topic) &&
            Buffer.byteLength(packet.payload) <= MAX_PAYLOAD_BYTES
          if (isAllowed) return done(null)
          log.warn({ robot: guest?.robotId, topic: packet.topic }, 'MQTT publish refused')
          return done(new Error('not allowed'))
        },
        authorizeSubscribe: (client, subscription, done) => {
          const guest = robots.get(client)
          if (guest?.readable.has(subscription.topic) === true) return done(null, subscription)
          log.warn({ robot: guest?.robotId, topic: subscription.topic }, 'MQTT subscription refused')
          return done(null, null)
        },
      }
      const broker = new RobotBroker(options, listener)
      await broker.listen()
      neverSearchRetained(broker)
      aedes = broker
      broker.on('clientError', (client, error) =>
        log.debug({ clientId: client.id, err: error }, 'MQTT client error'),
      )
      broker.on('connectionError', (_client, error) => log.debug({ err: error }, 'MQTT connection error'))
      const tcp = createServer((socket) => {
        sockets.add(socket)
        socket.once('close', () => sockets.delete(socket))
        broker.handle(socket)
      })
      server = tcp
      await new Promise<void>((resolve, reject) => {
        tcp.once('error', (cause) => {
          reject(
            wardError('WARD_ERR_BROKER', {
              what: `Port ${port} cannot be opened: ${cause.message}`,
              where: host,
              remedy: 'Choose another MQTT port, or end the program that holds it.',
              cause,
            }),
          )
        })
        tcp.listen(port, host, resolve)
      })
      url = `mqtt://${urlHost(host)}:${(tcp.address() as AddressInfo).port}`
    },
    isConnected: () => aedes !== null,
    publish(topic, payload) {
      const broker = aedes
      if (broker === null)
        return Promise.reject(wardError('WARD_ERR_BROKER', { what: 'The broker is stopped', where: topic }))
      return new Promise((resolve, reject) => {
        broker.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, (error) =>
          error ? reject(error) : resolve(),
        )
      })
    },
    async stop() {
      const [broker, tcp] = [aedes, server]
      aedes = null
      server = null
      if (tcp?.listening) {
        const closed = new Promise<void>((resolve) => tcp.close(() => resolve()))
        for (const socket of sockets) socket.destroy()
        await closed
      }
      if (broker !== null) await new Promise<void>((resolve) => broker.close(resolve))
    },
  }
}

function refusal(): AuthenticateError {
  return Object.assign(new Error('unknown name or wrong password'), { returnCode: NOT_AUTHORIZED })
}

/**
 * Each subscription would search what is retained: with a thousand robots seconds of a core when they all come back. What
 * a robot may subscribe to the fleet never retains.
 */
function neverSearchRetained(broker: Aedes): void {
  const { persistence } = broker as unknown as {
    readonly persistence: { createRetainedStreamCombi: (topics: readonly string[]) => Readable }
  }
  persistence.createRetainedStreamCombi = () => Readable.from([])
}

function bytesOf(payload: string | Buffer): Buffer {
  return typeof payload === 'string' ? Buffer.from(payload) : payload
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
