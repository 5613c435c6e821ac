import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AlarmView, ApiError, RobotServiceState, RobotView } from '@wardlight/core/fleet'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FleetServer } from './server.ts'
import { ScriptedRobot } from './testing/scripted-robot.ts'
import { TestClient, until } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

let dataDir: string
let server: FleetServer
let nurse: TestClient
let engineer: TestClient
let administrator: TestClient
let robot: ScriptedRobot
let password: string
let robots = 0

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wardlight-care-'))
  await start()
})
beforeEach(async () => {
  // Each test has a robot of its own, alone on the line.
  robots += 1
  robot = new ScriptedRobot(`uv-0${robots}`)
  password = (await server.registerRobot(robot.address)).password
  await robot.connect(server.mqttUrl, password)
  await until(async () => (await nurse.robot(robot.id)).batteryFraction !== null)
})
afterEach(() => robot.disconnect())
afterAll(async () => {
  await server.stop()
  await rm(dataDir, { recursive: true, force: true })
})

async function start(mqttPort = 0) {
  server = await startTestServer({ dataDir, mqttPort })
  nurse = await TestClient.signIn(server, 'nurse')
  engineer = await TestClient.signIn(server, 'engineer')
  administrator = await TestClient.signIn(server, 'admin')
}

async function restart() {
  const mqttPort = Number(new URL(server.mqttUrl).port)
  await robot.disconnect()
  await server.stop()
  await start(mqttPort)
}

const change = (who: TestClient, state: RobotServiceState, reason = 'its wheel squeaks') =>
  who.call<RobotView & ApiError>('POST', `/robots/${robot.id}/service`, { state, reason })
/** Of this test's robot, but for its line, which tests break to begin anew. */
const alarms = async (kind?: string) =>
  (await nurse.ok<AlarmView[]>('GET', '/alarms')).filter(
    (alarm) =>
      alarm.robotId === robot.id &&
      (kind === undefined ? alarm.kind !== 'connectionBroken' : alarm.kind === kind),
  )
const raisedAlarm = (kind?: string) => until(async () => (await alarms(kind))[0] ?? null)
const error = (errorType: string, errorLevel: 'URGENT' | 'FATAL' | 'WARNING', errorDescription: string) => ({
  errorType,
  errorLevel,
  errorDescription,
  errorReferences: [],
})

describe('a robot that is taken out of service', () => {
  it('gets no more work while it is drained, says by whom and why, and goes on when it is back', async () => {
    expect((await nurse.robot(robot.id)).service).toEqual({
      state: 'inService',
      by: null,
      at: null,
      reason: null,
    })
    expect((await change(nurse, 'draining')).status).toBe(200)
    const request = await nurse.plannedRequest('room-1')
    const refused = await nurse.call<ApiError>('POST', `/requests/${request.id}/approve`)
    expect(refused).toMatchObject({ status: 409, body: { code: 'WARD_ERR_NO_ROBOT' } })
    expect(refused.body.what).toContain(`${robot.address.serialNumber} is being drained`)
    await restart()
    expect((await nurse.robot(robot.id)).service).toMatchObject({
      state: 'draining',
      by: 'Nora Nurse',
      reason: 'its wheel squeaks',
    })
    await robot.connect(server.mqttUrl, password)
    await until(async () => (await nurse.robot(robot.id)).batteryFraction !== null)
    expect((await change(nurse, 'inService')).status).toBe(200)
    expect((await nurse.call('POST', `/requests/${request.id}/approve`)).status).toBe(200)
    expect(await until(() => robot.orders[0])).toBeDefined()
  })

  it('is not worked on while it has a mission or an order', async () => {
    const request = await nurse.plannedRequest('room-2')
    await nurse.ok('POST', `/requests/${request.id}/approve`)
    robot.take(await until(() => robot.orders[0]))
    await robot.state()
    const refused = await change(engineer, 'maintenance')
    expect(refused).toMatchObject({ status: 409, body: { code: 'WARD_ERR_CONFLICT' } })
    expect(refused.body.what).toContain('is on a mission')
    // Drained it may be: it ends what it has begun.
    expect((await change(engineer, 'draining')).status).toBe(200)
  })

  it('changes hands by role: maintenance is not for nurses, and only who may retire it brings it back', async () => {
    expect(await change(nurse, 'maintenance')).toMatchObject({ status: 403 })
    expect((await change(engineer, 'maintenance')).status).toBe(200)
    expect(await change(nurse, 'inService')).toMatchObject({ status: 403 })
    expect(await change(engineer, 'maintenance')).toMatchObject({ status: 409 })
    expect(await change(engineer, 'retired')).toMatchObject({ status: 403 })
    const connected = await change(administrator, 'retired')
    expect(connected.status).toBe(409)
    expect(connected.body.what).toContain('is connected')
  })

  it('that is retired does not come in any more, whatever its password, until an administrator says so', async () => {
    await robot.say('connection', { connectionState: 'OFFLINE' })
    await robot.disconnect()
    await until(async () => (await nurse.robot(robot.id)).connection === 'OFFLINE')
    expect((await change(administrator, 'retired', 'sold')).status).toBe(200)
    await expect(robot.connect(server.mqttUrl, password)).rejects.toThrow('Not authorized')
    await restart()
    await expect(robot.connect(server.mqttUrl, password)).rejects.toThrow('Not authorized')
    expect((await nurse.robot(robot.id)).service.state).toBe('retired')
    expect(await change(engineer, 'inService')).toMatchObject({ status: 403 })
    expect((await change(administrator, 'inService', 'came back')).status).toBe(200)
    await robot.connect(server.mqttUrl, password)
    await until(async () => (await nurse.robot(robot.id)).connection === 'ONLINE')
  })

  it('wants a reason, and is one that there is', async () => {
    expect((await change(nurse, 'draining', '')).status).toBe(400)
    const other = await nurse.call('POST', '/robots/wardlight.none/service', {
      state: 'draining',
      reason: 'x',
    })
    expect(other.status).toBe(404)
  })
})

describe('alarms', () => {
  it('stay until somebody has seen them, over a restart too', async () => {
    await robot.state({ errors: [error('SENSOR_SILENT', 'URGENT', 'the lidar is silent')] })
    const raised = await raisedAlarm()
    expect(raised).toMatchObject({
      robotId: robot.id,
      kind: 'SENSOR_SILENT',
      priority: 'high',
      text: 'the lidar is silent',
      clearedAt: null,
      acknowledgedAt: null,
    })
    await robot.state({ errors: [] })
    await until(async () => (await alarms())[0]!.clearedAt !== null)
    await restart()
    expect(await alarms()).toMatchObject([{ id: raised.id, acknowledgedAt: null }])
    const seen = await nurse.ok<AlarmView>('POST', `/alarms/${raised.id}/acknowledge`)
    expect(seen.acknowledgedBy).toBe('Nora Nurse')
    // It is over: there is nothing left to be seen, but the past still tells of it.
    expect((await nurse.call('POST', `/alarms/${raised.id}/acknowledge`)).status).toBe(404)
    expect(await alarms()).toMatchObject([{ id: raised.id, acknowledgedBy: 'Nora Nurse' }])
  })

  it('tell of a broken line at once, and not of what a warning is enough for', async () => {
    await robot.state({ errors: [error('ROOM_LOOKS_ODD', 'WARNING', 'a chair is missing')] })
    robot.breakLine()
    const raised = await raisedAlarm('connectionBroken')
    expect(raised).toMatchObject({ kind: 'connectionBroken', priority: 'high' })
    await robot.connect(server.mqttUrl, password)
    await until(async () => (await alarms('connectionBroken'))[0]!.clearedAt !== null)
    expect(await alarms()).toEqual([])
  })

  it('that somebody has seen keep who was first', async () => {
    await robot.state({
      errors: [error('LAMP_STUCK_ON', 'FATAL', 'the lamp is lit though it was switched off')],
    })
    const raised = await raisedAlarm()
    expect(raised.priority).toBe('urgent')
    await nurse.ok('POST', `/alarms/${raised.id}/acknowledge`)
    const again = await engineer.ok<AlarmView>('POST', `/alarms/${raised.id}/acknowledge`)
    expect(again.acknowledgedBy).toBe('Nora Nurse')
  })

  it('of a robot that somebody works on are no news', async () => {
    await robot.state({ errors: [error('SENSOR_SILENT', 'URGENT', 'the lidar is silent')] })
    await until(async () => (await alarms()).length > 0)
    expect((await change(engineer, 'maintenance')).status).toBe(200)
    await until(async () => (await alarms())[0]!.clearedAt !== null)
    await robot.state({ errors: [error('BUMPER', 'FATAL', 'taken apart')] })
    await until(async () => (await nurse.robot(robot.id)).errors.length === 1)
    expect(await alarms()).toHaveLength(1)
  })
})
