import { wardError } from '@wardlight/core/errors'
import { connectAsync, type MqttClient } from 'mqtt'
import { ROBOT_TOPIC_FILTERS, type FleetBroker } from './fleet-broker.ts'

/** How long a publish may wait for the broker's acknowledgement, milliseconds. */
const ACKNOWLEDGE_WITHIN_MS = 5000

/** A broker outside: Mosquitto, EMQX. Its access rules are its own; `docs/security.md` says which it needs. */
export function createMqttFleetBroker(url: string): FleetBroker {
  let client: MqttClient | null = null
  return {
    url,
    async start(listener) {
      try {
        client = await connectAsync(
          url,
          { clean: true, reconnectPeriod: 1000, connectTimeout: 10_000 },
          false,
        )
      } catch (cause) {
        throw wardError('WARD_ERR_BROKER', {
          what: `The broker does not take us: ${String(cause)}`,
          where: url,
          cause,
        })
      }
      client.on('message', (topic, payload) => listener(topic, payload))
      // mqtt.js reconnects and subscribes again by itself; unheard, the event would end the process.
      client.on('error', () => {})
      await client.subscribeAsync([...ROBOT_TOPIC_FILTERS], { qos: 1 })
    },
    async publish(topic, payload) {
      if (client === null || !client.connected) {
        throw wardError('WARD_ERR_BROKER', { what: 'The broker is not connected', where: url })
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
      await client?.endAsync(true)
      client = null
    },
  }
}
