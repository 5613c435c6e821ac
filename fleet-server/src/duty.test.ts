import { SimulatedClock } from '@wardlight/core/clock'
import type { AlarmView, DutyView, NotificationView } from '@wardlight/core/fleet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FleetServer } from './server.ts'
import { LOOK_MS } from './services/notifications.ts'
import { PushService } from './testing/push-service.ts'
import { ScriptedRobot } from './testing/scripted-robot.ts'
import { TestClient, until } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

const HOUR_MS = 3_600_000
const CONTACT = 'mailto:it@hospital.example'

type Look<Answer> = Parameters<typeof until<Answer>>[0]

describe('people on duty', () => {
  const clock = new SimulatedClock(Date.UTC(2026, 0, 5, 3))
  let service: PushService
  let server: FleetServer
  let admin: TestClient
  let nurse: TestClient
  let clinician: TestClient
  let robot: ScriptedRobot
  let pushKey: string

  beforeAll(async () => {
    service = await PushService.listen()
    server = await startTestServer({
      clock,
      wallClock: clock,
      push: { contact: CONTACT, origins: [service.origin] },
    })
    admin = await TestClient.signIn(server, 'admin')
    nurse = await TestClient.signIn(server, 'nurse')
    clinician = await TestClient.signIn(server, 'clinician')
    robot = new ScriptedRobot()
    const { password } = await server.registerRobot(robot.address)
    await robot.connect(server.mqttUrl, password)
    pushKey = (await nurse.ok<DutyView>('GET', '/duty')).pushKey!
    await admin.ok('PUT', '/notifications/rules', {
      steps: [{ afterMin: 0, to: 'nurses on duty', priority: 'high', wards: null, roles: ['nurse'] }],
    })
  })
  afterAll(async () => {
    await robot.disconnect()
    await server.stop()
    await service.close()
  })

  const alarms = () => clinician.ok<AlarmView[]>('GET', '/alarms')
  const open = async (kind: string) =>
    (await alarms()).find((alarm) => alarm.kind === kind && alarm.clearedAt === null)
  /** Looks again while hospital time goes on. */
  const soon = <Answer>(look: Look<Answer>) =>
    until<Answer>(() => {
      clock.advance(LOOK_MS)
      return look()
    })

  async function stopped<Answer>(during: (alarm: AlarmView) => Promise<Answer>): Promise<Answer> {
    await robot.state({ safetyState: { activeEmergencyStop: 'MANUAL', fieldViolation: false } })
    const answer = await during(await until(() => open('emergencyStop')))
    await robot.state({ safetyState: { activeEmergencyStop: 'NONE', fieldViolation: false } })
    await until(async () => (await open('emergencyStop')) === undefined)
    return answer
  }

  it('are told on their devices, encrypted for these, by a sender that is known', async () => {
    const view = await nurse.ok<DutyView>('POST', '/duty', { ...service.subscribe(pushKey), hours: 8 })
    expect(view.devices).toEqual([
      expect.objectContaining({ until: new Date(clock.epochMs() + 8 * HOUR_MS).toISOString() }),
    ])
    await stopped(async (alarm) => {
      const told = await soon(() => service.pushed[0])
      expect(told.message).toEqual({
        title: 'Alarm: Small hospital',
        text: alarm.text,
        tag: alarm.id,
        isPressing: true,
        path: '/#/alarms',
      })
      expect(told.sender).toMatchObject({ aud: service.origin, sub: CONTACT })
      expect(told.headers).toMatchObject({ urgency: 'high', ttl: '3600' })
    })
    expect(service.refused).toEqual([])
  })

  it('are told what waits when they come; nobody is told whose duty has ended, and then the console says that nobody is', async () => {
    clock.advance(8 * HOUR_MS)
    expect((await nurse.ok<DutyView>('GET', '/duty')).devices).toEqual([])
    service.pushed.length = 0
    await stopped(async (alarm) => {
      const nobody = await soon(() => open('notification.nobody'))
      expect(nobody.text).toContain('nurses on duty should be told of alarms')
      expect(service.pushed).toEqual([])
      await clinician.ok('POST', '/duty', { ...service.subscribe(pushKey), hours: 8 })
      await nurse.ok('POST', '/duty', { ...service.subscribe(pushKey), hours: 1 })
      await soon(() => service.pushed.some(({ message }) => message.tag === alarm.id))
      // Both alarms are told to the nurse's device, and nothing to the clinician's.
      await soon(async () => (await open('notification.nobody')) === undefined)
      expect(new Set(service.pushed.map(({ path }) => path)).size).toBe(1)
    })
  })

  it('are no longer told on a device that takes nothing any more', async () => {
    await nurse.ok<DutyView>('POST', '/duty', { ...service.subscribe(pushKey), hours: 8 })
    service.answer = 410
    await stopped(async (alarm) => {
      await soon(async () => (await nurse.ok<DutyView>('GET', '/duty')).devices.length === 0)
      const told = await admin.ok<NotificationView[]>('GET', '/notifications')
      expect(told.find(({ alarmId }) => alarmId === alarm.id)).toMatchObject({
        status: 'over',
        problem: 'its push service answered 410',
      })
    })
    service.answer = 201
  })

  it('try a device out, their own alone, and end its duty', async () => {
    const { devices } = await nurse.ok<DutyView>('POST', '/duty', { ...service.subscribe(pushKey), hours: 2 })
    const { id } = devices[0]!
    service.pushed.length = 0
    expect(await nurse.ok('POST', `/duty/${id}/trial`)).toEqual({ problem: null })
    expect(service.pushed[0]!.message.text).toContain('Nora Nurse is told of alarms on this device')
    expect((await clinician.call('POST', `/duty/${id}/trial`)).status).toBe(404)
    await clinician.ok('DELETE', `/duty/${id}`)
    expect((await nurse.ok<DutyView>('GET', '/duty')).devices).toHaveLength(1)
    expect((await nurse.ok<DutyView>('DELETE', `/duty/${id}`)).devices).toEqual([])
  })

  it('name no address that is not a push service’s', async () => {
    const { keys } = service.subscribe(pushKey)
    for (const endpoint of [
      'http://127.0.0.1:1/push/1',
      'https://fcm.googleapis.com:8443/x',
      'https://10.0.0.1/',
    ]) {
      const answer = await nurse.call('POST', '/duty', { endpoint, keys, hours: 8 })
      expect(answer.status).toBe(400)
      expect(answer.body).toMatchObject({ where: 'endpoint' })
    }
    expect((await nurse.ok<DutyView>('GET', '/duty')).devices).toEqual([])
  })

  it('cannot be named in rules that would tell nobody', async () => {
    const answer = await admin.call('PUT', '/notifications/rules', {
      steps: [{ afterMin: 0, to: 'nobody', priority: 'high', wards: null }],
    })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ where: 'steps/0' })
  })
})

describe('a server that tells no devices', () => {
  it('says so, and takes none', async () => {
    const server = await startTestServer({})
    const nurse = await TestClient.signIn(server, 'nurse')
    expect(await nurse.ok('GET', '/duty')).toEqual({ pushKey: null, devices: [] })
    const service = await PushService.listen()
    const answer = await nurse.call('POST', '/duty', { ...service.subscribe(''), hours: 8 })
    expect(answer.status).toBe(409)
    await service.close()
    await server.stop()
  })
})
