import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { SimulatedClock } from '@wardlight/core/clock'
import { Aedes, type Client } from 'aedes'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ADDRESS, EPOCH_MS, SILENT_LOG } from '../testing/robot-bench.ts'
import { HeaderSource } from './headers.ts'
import { MqttUplink } from './mqtt-uplink.ts'

const TOPIC = 'vda5050/v3/wardlight/uv-01/state'

describe('the line to the broker', () => {
  const said: string[] = []
  let broker: Aedes
  let uplink: MqttUplink
  let close: () => Promise<void>
  let robot: Client | null = null
  let onSaid = () => {}
  let onConnect = () => {}

  const heard = (text: string) =>
    new Promise<void>((resolve) => {
      onSaid = () => {
        if (said.includes(text)) resolve()
      }
      onSaid()
    })

  beforeEach(async () => {
    said.length = 0
    broker = await Aedes.createBroker({
      authorizePublish(client, { topic, payload }, done) {
        robot = client
        if (topic !== TOPIC) return done(null)
        said.push((JSON.parse(payload.toString()) as { text: string }).text)
        // The first one is never acknowledged.
        if (said.length > 1) done(null)
        onSaid()
      },
    })
    const server = createServer((socket) => broker.handle(socket))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    close = async () => {
      await uplink.stop()
      await new Promise<void>((resolve) => broker.close(resolve))
      server.close()
    }
    uplink = new MqttUplink({
      address: ADDRESS,
      access: { url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}` },
      version: '3.0',
      headers: new HeaderSource(ADDRESS, new SimulatedClock(EPOCH_MS)),
      log: SILENT_LOG,
      onConnect: () => onConnect(),
      onMessage: () => {},
    })
  })
  afterEach(() => close())

  it('takes nothing up again that was under way when it broke: newer ones are said, and an older one after them is untrue', async () => {
    await uplink.start()
    let isAcknowledged = false
    uplink.publish(TOPIC, { text: 'old' }, 1, false, () => (isAcknowledged = true))
    await heard('old')
    onConnect = () => uplink.publish(TOPIC, { text: 'new' }, 1)
    robot!.conn.destroy()
    await heard('new')
    uplink.publish(TOPIC, { text: 'last' }, 1)
    await heard('last')
    expect(said).toEqual(['old', 'new', 'last'])
    expect(isAcknowledged).toBe(false)
  })
})
