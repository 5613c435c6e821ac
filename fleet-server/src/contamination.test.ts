import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { ApiError, ContaminationEventView, ContaminationView, MissionView } from '@wardlight/core/fleet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FleetServer } from './server.ts'
import { ScriptedRobot } from './testing/scripted-robot.ts'
import { smallPlan } from './testing/small-plan.ts'
import { TestClient, until } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

/** The small hospital with room 1 as an isolation for MRSA. */
function isolationPlan() {
  const plan = smallPlan()
  const [level] = plan.levels
  return {
    ...plan,
    levels: [
      {
        ...level!,
        zones: [
          {
            id: 'iso',
            name: 'Isolation',
            kind: 'isolation' as const,
            organismIds: ['mrsa'],
            polygon: level!.rooms[1]!.polygon,
            speedLimitMps: null,
          },
        ],
      },
    ],
  }
}

describe('where a robot has been decides where it may go', () => {
  let dataDir: string
  let server: FleetServer
  let nurse: TestClient
  const robot = new ScriptedRobot()
  const start = async () => {
    server = await startTestServer({ dataDir, plan: isolationPlan() })
    nurse = await TestClient.signIn(server, 'nurse')
  }
  const carriedBy = async (robotId: string) => {
    const { robots } = await nurse.ok<ContaminationView>('GET', '/contamination')
    return robots.find((each) => each.robotId === robotId)!
  }

  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'wardlight-contamination-'))
    await start()
    const { password } = await server.registerRobot(robot.address)
    await robot.connect(server.mqttUrl, password)
  })
  afterAll(async () => {
    await robot.disconnect()
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  })

  it('says what the rooms carry, and why', async () => {
    const { rooms, robots } = await nurse.ok<ContaminationView>('GET', '/contamination')
    expect(rooms.find(({ roomId }) => roomId === 'room-1')).toMatchObject({
      class: 'isolation',
      isolatedFor: null,
      carries: [
        { agent: 'soil', why: 'by the floor plan', at: null },
        { agent: 'mrsa', why: 'by the floor plan', at: null },
      ],
    })
    expect(robots[0]).toMatchObject({ carries: [], refusedRoomIds: [] })
  })

  it('refuses a robot that was in the isolation for another room, whoever approves', async () => {
    robot.position = { x: 2, y: 3.5, theta: 0 }
    await robot.state()
    const carried = await until(async () => {
      const view = await carriedBy(robot.id)
      return view.carries.length > 0 ? view : null
    })
    expect(carried.carries.map(({ agent, why }) => [agent, why])).toEqual([
      ['soil', 'in Room room-1'],
      ['mrsa', 'in Room room-1'],
    ])
    expect(carried.refusedRoomIds).toEqual(['room-2'])
    robot.position = { x: 0.6, y: 1, theta: 0 }
    await robot.state()
    await until(async () => (await nurse.robot(robot.id)).position?.x === 0.6)
    const request = await nurse.plannedRequest('room-2')
    const refused = await nurse.call<ApiError>('POST', `/requests/${request.id}/approve`)
    expect([refused.status, refused.body.code]).toEqual([409, 'WARD_ERR_NO_ROBOT'])
    expect(refused.body.what).toMatch(
      /uv-01 carries .* and must be decontaminated before it enters Room room-2/,
    )
  })

  it('still knows after a restart', async () => {
    await robot.disconnect()
    await server.stop()
    await start()
    expect((await carriedBy(robot.id)).refusedRoomIds).toEqual(['room-2'])
  })

  it('lets it go once somebody has decontaminated it', async () => {
    const { password } = await server.registerRobot(robot.address)
    await robot.connect(server.mqttUrl, password)
    await until(async () => (await nurse.robot(robot.id)).position !== null)
    const how = 'Housing and wheels wiped with peracetic acid'
    await nurse.ok('POST', `/contamination/robots/${robot.id}/decontamination`, { how })
    expect((await carriedBy(robot.id)).carries).toEqual([])
    const request = await nurse.plannedRequest('room-2')
    const mission = await nurse.ok<MissionView>('POST', `/requests/${request.id}/approve`)
    expect(mission.robotId).toBe(robot.id)
    const early = await nurse.call('POST', `/contamination/robots/${robot.id}/decontamination`, { how })
    expect(early.status).toBe(409)
    const events = await nurse.ok<ContaminationEventView[]>('GET', '/contamination/events')
    expect(events.map(({ text }) => text)).toEqual([
      `Robot ${robot.id} was decontaminated by Nora Nurse: ${how}`,
      `Robot ${robot.id} was in Room room-1`,
    ])
  })

  it('takes an isolation from a person, and keeps what is in the room when it is lifted', async () => {
    const room = async () =>
      (await nurse.ok<ContaminationView>('GET', '/contamination')).rooms.find(
        ({ roomId }) => roomId === 'room-2',
      )!
    await nurse.ok('POST', '/contamination/rooms/room-2/isolation', { organismIds: ['c-difficile'] })
    expect(await room()).toMatchObject({ class: 'isolation', isolatedFor: ['c-difficile'] })
    await nurse.ok('POST', '/contamination/rooms/room-2/lift')
    expect(await room()).toMatchObject({ class: 'ordinary', isolatedFor: null })
    expect((await room()).carries.map(({ agent, why }) => [agent, why])).toContainEqual([
      'c-difficile',
      'isolated by Nora Nurse',
    ])
    const unknown = await nurse.call('POST', '/contamination/rooms/room-2/isolation', {
      organismIds: ['dragon'],
    })
    expect(unknown.status).toBe(404)
  })
})
