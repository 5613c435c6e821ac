import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MissionView, RequestView } from '@wardlight/core/fleet'
import type { FleetServer } from './server.ts'
import { createStore, ENGINES, type TestStore } from './testing/engines.ts'
import { doseReportFor, ScriptedRobot } from './testing/scripted-robot.ts'
import { TestClient, until } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

describe.each(ENGINES)(
  'a server that goes away in mid-mission and comes back, on $engine',
  ({ adminUrl, isSkipped }) => {
    let store: TestStore
    let server: FleetServer
    let mqttPort = 0

    beforeAll(async () => {
      if (isSkipped) return
      store = await createStore(adminUrl)
      server = await startTestServer(store.options)
      mqttPort = Number(new URL(server.mqttUrl).port)
    })
    afterAll(async () => {
      if (isSkipped) return
      await server.stop()
      await store.remove()
    })

    it.skipIf(isSkipped)(
      'publishes an unconfirmed order again unchanged, takes the evidence made meanwhile, and runs nothing twice',
      async () => {
        const first = await TestClient.signIn(server, 'nurse')
        const robot = new ScriptedRobot()
        const { password } = await server.registerRobot(robot.address)
        await robot.connect(server.mqttUrl, password)
        await until(async () => (await first.robot(robot.id)).batteryFraction !== null)

        const request = await first.plannedRequest('room-1')
        const mission = await first.ok<MissionView>('POST', `/requests/${request.id}/approve`)
        const order = await until(() => robot.orders[0])
        // A second request is still being planned when the server goes.
        const waiting = await first.ok<RequestView>('POST', '/requests', {
          roomId: 'room-2',
          organismId: 'mrsa',
          targetLog: 2,
        })
        await robot.disconnect()
        await server.stop()

        server = await startTestServer({ ...store.options, mqttPort })
        // Who was signed in still is.
        const nurse = new TestClient(server.url, first.cookie)
        expect(await nurse.mission(mission.id)).toMatchObject({ phase: 'queued', robotId: robot.id })
        expect(await nurse.room('room-1')).toMatchObject({ state: 'inProgress', missionId: mission.id })
        await robot.connect(server.mqttUrl, password)
        const again = await until(() => robot.orders[1])
        expect(JSON.stringify([again.orderId, again.orderUpdateId, again.nodes, again.edges])).toBe(
          JSON.stringify([order.orderId, order.orderUpdateId, order.nodes, order.edges]),
        )
        await until(
          async () => (await nurse.ok<RequestView>('GET', `/requests/${waiting.id}`)).status === 'planned',
        )

        robot.take(again)
        await robot.state()
        await robot.mission(mission.id, { phase: 'dosing', arming: 'started', isLampLit: true })
        await until(async () => (await nurse.mission(mission.id)).phase === 'dosing')
        await robot.disconnect()
        await server.stop()

        // The robot finishes alone; its state keeps the evidence until somebody listens again.
        robot.setAction('awaitArming', 'FINISHED')
        robot.setAction('startUvDose', 'FINISHED', JSON.stringify(doseReportFor(again, robot.id)))
        server = await startTestServer({ ...store.options, mqttPort })
        const late = new TestClient(server.url, first.cookie)
        expect(await late.mission(mission.id)).toMatchObject({
          phase: 'dosing',
          arming: 'started',
          verdict: null,
        })
        await robot.connect(server.mqttUrl, password)
        await until(async () => (await late.mission(mission.id)).verdict === 'proven')
        await robot.state()
        await robot.state()
        expect((await late.doseReport(mission.id)).dose.missionId).toBe(mission.id)
        expect(robot.orders).toHaveLength(2)
        expect(await late.ok<MissionView[]>('GET', '/missions')).toHaveLength(1)
        expect((await late.room('room-1')).state).toBe('inProgress')
        await robot.disconnect()
      },
    )

    it.skipIf(isSkipped)('still knows how worn a robot is that nobody hears', async () => {
      const nurse = await TestClient.signIn(server, 'nurse')
      const robot = new ScriptedRobot('worn-01')
      const { password } = await server.registerRobot(robot.address)
      await robot.connect(server.mqttUrl, password)
      await robot.state({
        powerSupply: { stateOfCharge: 90, charging: false, batteryHealth: 71 },
        information: [
          {
            infoType: 'wardlight.odometer',
            infoLevel: 'INFO',
            infoReferences: [{ referenceKey: 'drivenM', referenceValue: '83210' }],
          },
        ],
      })
      const wear = { batteryHealth: 0.71, drivenM: 83_210 }
      await until(async () => (await nurse.robot(robot.id)).drivenM === wear.drivenM)
      expect(await nurse.robot(robot.id)).toMatchObject(wear)
      await robot.disconnect()
      await server.stop()
      server = await startTestServer({ ...store.options, mqttPort })
      expect(await new TestClient(server.url, nurse.cookie).robot(robot.id)).toMatchObject(wear)
    })

    it.skipIf(isSkipped)(
      'keeps a second server out of its data, and demo accounts out of a server that is no demo',
      async () => {
        await expect(startTestServer(store.options)).rejects.toMatchObject({ code: 'WARD_ERR_DATABASE' })
        await server.stop()
        server = await startTestServer({ ...store.options, demoUsers: false, adminPassword: 'first of all' })
        await expect(TestClient.signIn(server, 'nurse')).rejects.toThrow('WARD_ERR_SIGN_IN')
        const admin = await TestClient.signIn(server, 'admin', 'first of all')
        const info = await admin.ok<object>('GET', '/server-info')
        expect(info).not.toHaveProperty('demoUsers')
      },
    )
  },
)
