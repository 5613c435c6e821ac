import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { DEFAULT_LAMP } from '@wardlight/core/disinfection'
import { vda5050Topic } from '@wardlight/core/vda5050'
import { PlanExchange } from '../../fleet-server/src/cluster/plan-exchange.ts'
import { createPlanner } from '../../fleet-server/src/planning/planner.ts'
import type { PlanningInput } from '../../fleet-server/src/planning/worker-messages.ts'
import { createMqttFleetBroker } from '../../fleet-server/src/robots/mqtt-fleet-broker.ts'
import { FloorIndex } from '../../fleet-server/src/services/floor-index.ts'
import { planningInput } from '../../fleet-server/src/services/requests.ts'
import { smallPlan } from '../../fleet-server/src/testing/small-plan.ts'
import { silentLog } from '../../fleet-server/src/testing/test-server.ts'
import {
  isMosquittoThere,
  mosquittoNote,
  startMosquitto,
  type Mosquitto,
} from '../../scripts/src/mosquitto-process.ts'
import { until } from '../support/until.ts'

// Plans take a core for seconds, on a machine that may have other work.
vi.setConfig({ testTimeout: 120_000 })

describe.skipIf(!isMosquittoThere)(`what servers share on Mosquitto${mosquittoNote}`, () => {
  let mosquitto: Mosquitto

  beforeAll(async () => {
    mosquitto = await startMosquitto()
  })
  afterAll(() => mosquitto.stop())

  it('gives the fleet one voice: a new leader cuts the line of the old one, which says nothing more', async () => {
    const topic = vda5050Topic({ manufacturer: 'acme', serialNumber: 'r1' }, 'state')
    const leading = new Set(['old'])
    const cut: string[] = []
    const brokerOf = (name: string) =>
      createMqttFleetBroker(mosquitto.url, {
        clientId: 'wardlight-fleet-test',
        isLeading: () => leading.has(name),
        onLineCut() {
          cut.push(name)
          // The answer of the database, for the one that has a successor.
          leading.delete('old')
        },
      })
    const heard: string[] = []
    const [old, next] = [brokerOf('old'), brokerOf('new')]
    await old.start(() => heard.push('old'))
    await old.publish(topic, 'of the old leader')
    await until(async () => (heard.length === 1 ? true : null))

    // The old one has not noticed yet that it no longer leads; the broker lets it know.
    leading.add('new')
    await next.start(() => heard.push('new'))
    await until(async () => (cut.length > 0 ? true : null))
    await expect(old.publish(topic, 'too late')).rejects.toMatchObject({ code: 'WARD_ERR_NO_LEADER' })
    await until(async () => (old.isConnected() ? null : true))
    await next.publish(topic, 'of the new leader')
    await until(async () => (heard.length === 2 ? true : null))
    expect([heard, cut]).toEqual([['old', 'new'], ['old']])
    await old.stop()
    await next.stop()
  })

  it('comes back to the robots when its line was cut and it still leads', async () => {
    const topic = vda5050Topic({ manufacturer: 'acme', serialNumber: 'r1' }, 'state')
    let cutCount = 0
    const heard: string[] = []
    const clientId = 'wardlight-fleet-cut'
    const broker = createMqttFleetBroker(mosquitto.url, {
      clientId,
      isLeading: () => true,
      onLineCut: () => (cutCount += 1),
    })
    await broker.start((_topic, payload) => heard.push(Buffer.from(payload).toString()))
    const intruder = await connectAsync(mosquitto.url, { clientId, protocolVersion: 5, reconnectPeriod: 0 })
    await until(async () => (cutCount > 0 ? true : null))
    await intruder.endAsync(true)
    await until(async () => (broker.isConnected() ? true : null))
    // It subscribes when it is back, so what is said at once may be missed.
    await until(async () => {
      await broker.publish(topic, 'still here')
      return heard.includes('still here') ? true : null
    })
    expect(cutCount).toBe(1)
    await broker.stop()
  })

  it('computes plans elsewhere as here, tells what is impossible as it was thrown, and takes none that is forged', async () => {
    const planner = createPlanner()
    const secret = 'of this hospital'
    const serverOf = (serverId: string, of = secret) =>
      new PlanExchange({
        ...{ url: mosquitto.url, clusterId: 'test', version: '1', serverId, secret: of },
        ...{ planner, log: silentLog },
      })
    const [asking, helping, stranger] = [
      serverOf('asking'),
      serverOf('helping'),
      serverOf('stranger', 'guessed'),
    ]
    await asking.start()
    await helping.start()
    try {
      const placed = new FloorIndex(smallPlan()).room('room-1')
      const treatment = planningInput(placed, DEFAULT_LAMP, { organismId: 'mrsa', targetLog: 2 })
      const possible: PlanningInput = { method: 'uv', treatment }
      const impossible: PlanningInput = {
        method: 'uv',
        treatment: { ...treatment, organismId: 'unheard of' },
      }
      const here = await planner.plan(possible)
      // As many as there are servers: the broker gives each its share.
      expect(await Promise.all([asking.plan(possible), asking.plan(possible)])).toEqual([here, here])
      for (let turn = 0; turn < 2; turn++) {
        await expect(asking.plan(impossible)).rejects.toMatchObject({ code: 'WARD_ERR_ORGANISM_UNKNOWN' })
      }

      // It gets jobs as well and cannot read them; when it goes, they are given out again.
      await stranger.start()
      const plans = Promise.all([possible, possible, possible].map((input) => asking.plan(input)))
      await stranger.stop()
      expect(await plans).toEqual([here, here, here])
    } finally {
      await helping.stop()
      await asking.stop()
      await planner.stop()
    }
  })
})
