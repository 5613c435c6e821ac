import { DEFAULT_LAMP } from '@wardlight/core/disinfection'
import type {
  ApiError,
  ContaminationView,
  MissionView,
  RequestView,
  ScheduleView,
} from '@wardlight/core/fleet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FleetServer } from './server.ts'
import { doseReportFor, planOf, ScriptedRobot } from './testing/scripted-robot.ts'
import { TestClient, until } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

const AT = { x: 0.2, y: 3.5, theta: 0 }

describe('a unit that is fixed in room 1, beside a robot that drives', () => {
  let server: FleetServer
  let nurse: TestClient
  const unit = new ScriptedRobot('unit-01')
  const driving = new ScriptedRobot('uv-01')
  const passwords = new Map<ScriptedRobot, string>()

  const join = async (robot: ScriptedRobot) => {
    await robot.connect(server.mqttUrl, passwords.get(robot))
    await until(async () => (await nurse.robot(robot.id)).connection === 'ONLINE')
  }
  const unitOfLight = (request: RequestView) => request.steps[0]!.unitId

  beforeAll(async () => {
    server = await startTestServer()
    nurse = await TestClient.signIn(server, 'nurse')
    unit.position = AT
    for (const robot of [unit, driving]) {
      passwords.set(robot, (await server.registerRobot(robot.address)).password)
      await join(robot)
    }
    // Its state came before its factsheet: until then it was a robot like any other.
    await unit.offerFixed({ ...DEFAULT_LAMP, name: 'wall unit' })
    await until(async () => (await nurse.robot(unit.id)).isFixed)
    await unit.state()
  })
  afterAll(async () => {
    await unit.disconnect()
    await driving.disconnect()
    await server.stop()
  })

  it('is planned for where it reaches as much, from where it hangs, and only in its own room', async () => {
    const request = await nurse.plannedRequest('room-1')
    expect(unitOfLight(request)).toBe(unit.id)
    expect((await nurse.lightPlan(request.id)).stops).toMatchObject([AT])
    expect(unitOfLight(await nurse.plannedRequest('room-2'))).toBeNull()
  })

  it('has its turn in the schedule without a way, and what drives has not', async () => {
    const entryOf = async (roomId: string) =>
      (await nurse.ok<ScheduleView>('GET', '/schedule')).entries.find((entry) => entry.roomId === roomId)
    const own = await until(async () => {
      const entry = await entryOf('room-1')
      return entry?.robotId === unit.id && entry
    })
    expect(own.steps.map(({ kind }) => kind)).toEqual(['arm', 'work'])
    expect((await entryOf('room-2'))?.robotId).toBe(driving.id)
  })

  it('gets an order of one node, reports, stays where it is, and carries nothing', async () => {
    const request = await nurse.plannedRequest('room-1')
    const mission = await nurse.ok<MissionView>('POST', `/requests/${request.id}/approve`)
    expect(mission.robotId).toBe(unit.id)
    const order = await until(() => unit.orders.find(({ orderId }) => orderId === mission.id))
    expect(order.nodes).toHaveLength(1)
    expect(order.edges).toEqual([])
    expect(order.nodes[0]!.nodePosition).toMatchObject({ ...AT, mapId: 'L1' })
    expect(order.nodes[0]!.actions.map(({ actionType }) => actionType)).toEqual([
      'awaitArming',
      'startUvDose',
    ])
    expect(planOf(order).stops).toMatchObject([AT])
    unit.take(order)
    await unit.state()
    unit.setAction('awaitArming', 'FINISHED')
    unit.setAction('startUvDose', 'FINISHED', JSON.stringify(doseReportFor(order, unit.id)))
    await unit.state()
    const view = await until(async () => {
      const now = await nurse.mission(mission.id)
      return now.verdict !== null && now
    })
    expect(view.verdict).toBe('proven')
    await nurse.ok('POST', `/missions/${mission.id}/release`, { missedSurfacesWiped: true })
    await unit.state()
    await server.settled()
    expect(unit.orders).toHaveLength(1)
    expect((await nurse.robot(unit.id)).errors).toEqual([])
    const { robots } = await nurse.ok<ContaminationView>('GET', '/contamination')
    expect(robots.find(({ robotId }) => robotId === unit.id)!.carries).toEqual([])
  })

  it('is nobody whom traffic sends out of the way of a robot that goes to stand beside it', async () => {
    const request = await nurse.plannedRequest('room-2')
    const mission = await nurse.ok<MissionView>('POST', `/requests/${request.id}/approve`)
    expect(mission.robotId).toBe(driving.id)
    await until(() => driving.orders.find(({ orderId }) => orderId === mission.id))
    await server.settled()
    expect(unit.orders).toHaveLength(1)
    await nurse.ok('POST', `/missions/${mission.id}/stop`)
  })

  it('out of reach leaves its room to robots that drive; who asks for it is told why not', async () => {
    await unit.disconnect()
    await until(async () => (await nurse.robot(unit.id)).connection !== 'ONLINE')
    expect(unitOfLight(await nurse.plannedRequest('room-1'))).toBeNull()
    await expect(nurse.plannedRequest('room-1', { isByFixedUnit: true })).rejects.toThrow(
      'No unit that is fixed in Room room-1 is in service and connected',
    )
    await join(unit)
  })

  it('asked for is planned for though a robot would reach more; approved for it, nobody else comes', async () => {
    // In the corner behind itself it reaches less than a robot that goes about.
    unit.position = { x: 0.05, y: 4.95, theta: 0 }
    await unit.state()
    await until(async () => (await nurse.robot(unit.id)).position?.y === 4.95)
    expect(
      unitOfLight(await nurse.plannedRequest('room-1', { isFloorTreated: true, targetLog: 5 })),
    ).toBeNull()
    const asked = await nurse.plannedRequest('room-1', {
      isFloorTreated: true,
      targetLog: 5,
      isByFixedUnit: true,
    })
    expect(unitOfLight(asked)).toBe(unit.id)
    expect((await nurse.lightPlan(asked.id)).unreachable.length).toBeGreaterThan(0)
    await unit.disconnect()
    await until(async () => (await nurse.robot(unit.id)).connection !== 'ONLINE')
    const refused = await nurse.call<ApiError>('POST', `/requests/${asked.id}/approve`)
    expect(refused.body.code).toBe('WARD_ERR_NO_ROBOT')
    expect(refused.body.what).toContain('unit-01 is not connected')
  })
})
