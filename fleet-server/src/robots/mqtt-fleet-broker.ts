import { wardError } from '@wardlight/core/errors'
import type { MqttClient } from 'mqtt'
import { noLongerLeads } from '../cluster/fence.ts'
import { connectToBroker } from '../connect-to-broker.ts'
import { withoutPassword } from '../without-password.ts'
import { ROBOT_TOPIC_FILTERS, type FleetBroker } from './fleet-broker.ts'

/** How long a publish may wait for the broker's acknowledgement, milliseconds. */
const ACKNOWLEDGE_WITHIN_MS = 5000

/** A line that was cut is tried again after so long, milliseconds. */
const RECONNECT_AFTER_MS = 1000

/** The right to speak for the fleet, where several servers share a broker. */
export interface LeadersSession {
  /** The same for whoever leads: with a new leader's connection the broker cuts the old one's. */
  readonly clientId: string
  /** Whether this server is sure to lead still. If not, nothing is sent and nothing heard. */
  isLeading(): boolean
  /** The line is cut, perhaps by a new leader's connection: whether this server still leads is to be asked at once. */
  onLineCut(): void
}

/**
 * A broker outside: Mosquitto, EMQX. Its access rules are its own; `docs/operations.md` says which it needs.
 *
 * @param session where several servers share it; it must then speak MQTT 5
 */
export function createMqttFleetBroker(url: string, session?: LeadersSession): FleetBroker {
  let client: MqttClient | null = null
  let retry: NodeJS.Timeout | undefined
  const isMuted = () => session !== undefined && !session.isLeading()
  return {
    url,
    async start(listener) {
      client = await connectToBroker(url, {
        clean: true,
        reconnectPeriod: session === undefined ? RECONNECT_AFTER_MS : 0,
        ...(session === undefined
          ? {}
          : { protocolVersion: 5 as const, clientId: session.clientId, keepalive: 15 }),
      })
      client.on('message', (topic, payload) => {
        if (!isMuted()) listener(topic, payload)
      })
      // Coming back, an old leader would cut the new one's line: it asks first.
      const comeBack = () => {
        if (isMuted()) retry = setTimeout(comeBack, RECONNECT_AFTER_MS)
        else client?.reconnect()
      }
      if (session !== undefined) {
        client.on('close', () => {
          session.onLineCut()
          clearTimeout(retry)
          retry = setTimeout(comeBack, RECONNECT_AFTER_MS)
        })
        // mqtt.js subscribes again only where it reconnects by itself; a line that is cut meanwhile comes here once more.
        client.on('connect', () => {
          client?.subscribeAsync([...ROBOT_TOPIC_FILTERS], { qos: 1 }).catch(() => {})
        })
      }
      await client.subscribeAsync([...ROBOT_TOPIC_FILTERS], { qos: 1 })
    },
    isConnected: () => client?.connected ?? false,
    async publish(topic, payload) {
      if (isMuted()) throw noLongerLeads('nothing is sent to robots')
      if (client === null || !client.connected) {
        throw wardError('WARD_ERR_BROKER', {
          what: 'The broker is not connected',
          where: withoutPassword(url),
        })
      }
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          reject(wardError('WARD_ERR_BROKER', { what: 'The broker does not acknowledge', where: topic }))
        }, ACKNOWLEDGE_WITHIN_MS)
      })
      try {
        await Promise.race([client.publishAsync(topic, payload, { qos: 1 }), late])
      } finally {
        clearTimeout(timer)
      }
    },
    async stop() {
      client?.removeAllListeners('message')
      client?.removeAllListeners('close')
      clearTimeout(retry)
      await client?.endAsync(true)
      client = null
    },
  }
}
