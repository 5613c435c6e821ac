import { createServer, type AddressInfo } from 'node:net'
import { Aedes } from 'aedes'
import { connectAsync } from 'mqtt'
import { beforeEach, expect, it } from 'vitest'
import { vda5050Topic } from '@wardlight/core/vda5050'
import type { FleetBroker } from './fleet-broker.ts'
import { createMqttFleetBroker } from './mqtt-fleet-broker.ts'

const robot = { manufacturer: 'acme', serialNumber: 'r1' }
let outside: Aedes
let url: string
let broker: FleetBroker
let stopOutside: () => Promise<void>

beforeEach(async () => {
  outside = await Aedes.createBroker()
  const tcp = createServer((socket) => outside.handle(socket))
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
  url = `mqtt://127.0.0.1:${(tcp.address() as AddressInfo).port}`
  broker = createMqttFleetBroker(url)
  stopOutside = () => new Promise((resolve) => outside.close(() => tcp.close(() => resolve())))
  return async () => {
    await broker.stop()
    await stopOutside()
  }
})

it('hears robots on a broker outside, retained words too, and speaks to them acknowledged', async () => {
  const client = await connectAsync(url, { protocolVersion: 4 })
  await client.publishAsync(vda5050Topic(robot, 'connection'), 'retained', { qos: 1, retain: true })
  const heard: [string, string][] = []
  await broker.start((topic, payload) => heard.push([topic, Buffer.from(payload).toString()]))
  await client.publishAsync(vda5050Topic(robot, 'state'), 'live', { qos: 1 })
  await expect
    .poll(() => heard)
    .toEqual([
      [vda5050Topic(robot, 'connection'), 'retained'],
      [vda5050Topic(robot, 'state'), 'live'],
    ])
  const order = new Promise((resolve) =>
    client.once('message', (_topic, payload) => resolve(payload.toString())),
  )
  await client.subscribeAsync(vda5050Topic(robot, 'order'), { qos: 1 })
  await broker.publish(vda5050Topic(robot, 'order'), 'go')
  expect(await order).toBe('go')
  await client.endAsync(true)
})

it('says so when there is no broker, or it has gone', async () => {
  await expect(createMqttFleetBroker('mqtt://127.0.0.1:1').start(() => {})).rejects.toMatchObject({
    code: 'WARD_ERR_BROKER',
  })
  await expect(broker.publish('a', 'b')).rejects.toMatchObject({ code: 'WARD_ERR_BROKER' })
})
