import { vda5050Topic } from '@wardlight/core/vda5050'
import type { MissionView, OffenceView } from '@wardlight/core/fleet'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FleetServer } from './server.ts'
import { ScriptedRobot } from './testing/scripted-robot.ts'
import { TestClient, until } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

let server: FleetServer
let nurse: TestClient
let robot: ScriptedRobot

beforeAll(async () => {
  server = await startTestServer()
  nurse = await TestClient.signIn(server, 'nurse')
  robot = new ScriptedRobot()
  const { password } = await server.registerRobot(robot.address)
  await robot.connect(server.mqttUrl, password)
  await until(async () => (await nurse.robot(robot.id)).connection === 'ONLINE')
})
afterAll(async () => {
  await robot.disconnect()
  await server.stop()
})

it('survives a robot that breaks every rule, and says each offence', async () => {
  const request = await nurse.plannedRequest('room-1')
  const mission = await nurse.ok<MissionView>('POST', `/requests/${request.id}/approve`)
  const order = await until(() => robot.orders.find(({ orderId }) => orderId === mission.id))
  robot.take(order)
  await robot.state()
  const end = order.nodes.at(-1)!

  await robot.publish(vda5050Topic(robot.address, 'state'), '{"orderId":')
  await robot.state({ powerSupply: null as never })
  await robot.state({ lastNodeId: 'beyond', lastNodeSequenceId: end.sequenceId + 2 })
  await robot.state({ lastNodeId: order.nodes[0]!.nodeId, lastNodeSequenceId: 0 })
  await robot.state({ timestamp: new Date(Date.now() + 3_600_000).toISOString() })
  await robot.state({ timestamp: new Date(Date.now() - 3_600_000).toISOString() })
  await robot.state({ headerId: 1 })

  const offences = await until(async () => {
    const told = await nurse.ok<OffenceView[]>('GET', `/robots/${robot.id}/offences`)
    return told.length >= 6 ? told : null
  })
  expect(offences.map(({ kind }) => kind).toSorted()).toEqual([
    'battery.missing',
    'clock.wrong',
    'horizon.entered',
    'message.malformed',
    'order.repeated',
    'state.repeated',
  ])
  const { errors } = await nurse.robot(robot.id)
  expect(errors.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['battery.missing', 'horizon.entered']),
  )

  // It still follows the mission of the robot, and stops it when it is asked to.
  await nurse.ok('POST', `/robots/${robot.id}/emergency-stop`)
  await until(() => robot.instantActions.some(({ actionType }) => actionType === 'emergencyStop'))
})
