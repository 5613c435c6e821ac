import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SimulatedClock } from '@wardlight/core/clock'
import {
  TEST_ALARM_KIND,
  type AlarmView,
  type ApiError,
  type EscalationStep,
  type NotificationBody,
  type NotificationRulesView,
  type NotificationSecret,
  type NotificationTestResult,
  type NotificationView,
} from '@wardlight/core/fleet'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FleetServer } from './server.ts'
import { LOOK_MS, SIGNATURE_HEADER } from './services/notifications.ts'
import { ScriptedRobot } from './testing/scripted-robot.ts'
import { TestClient, until } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

const MINUTE_MS = 60_000

describe('people who are told of alarms', () => {
  const clock = new SimulatedClock(Date.UTC(2026, 0, 5, 3))
  /** A pager service of the hospital. */
  const got: { readonly path: string; readonly body: NotificationBody; readonly isSigned: boolean }[] = []
  let answers = 200
  let secret = ''
  const pager = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const signature = createHmac('sha256', secret).update(text).digest('hex')
      got.push({
        path: request.url!,
        body: JSON.parse(text) as NotificationBody,
        isSigned: request.headers[SIGNATURE_HEADER] === signature,
      })
      response.writeHead(answers).end()
    })
  })
  let url = ''
  let server: FleetServer
  let admin: TestClient
  let nurse: TestClient
  let robot: ScriptedRobot

  beforeAll(async () => {
    await new Promise<void>((resolve) => pager.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(pager.address() as AddressInfo).port}`
    server = await startTestServer({ clock, wallClock: clock })
    admin = await TestClient.signIn(server, 'admin')
    nurse = await TestClient.signIn(server, 'nurse')
    robot = new ScriptedRobot()
    const { password } = await server.registerRobot(robot.address)
    await robot.connect(server.mqttUrl, password)
  })
  afterAll(async () => {
    await robot.disconnect()
    await server.stop()
    pager.close()
  })

  const step = (over: Partial<EscalationStep>): EscalationStep => ({
    afterMin: 0,
    to: 'nurses on duty',
    priority: 'high',
    wards: null,
    webhookUrl: `${url}/nurses`,
    ...over,
  })
  const told = () => admin.ok<NotificationView[]>('GET', '/notifications')
  const alarms = () => nurse.ok<AlarmView[]>('GET', '/alarms')

  /** Its emergency stop is pressed. */
  async function pressed(): Promise<AlarmView> {
    await robot.state({ safetyState: { activeEmergencyStop: 'MANUAL', fieldViolation: false } })
    return until(async () =>
      (await alarms()).find(({ kind, clearedAt }) => kind === 'emergencyStop' && clearedAt === null),
    )
  }

  beforeEach(() => {
    got.length = 0
    answers = 200
    return async () => {
      await robot.state({ safetyState: { activeEmergencyStop: 'NONE', fieldViolation: false } })
      for (const alarm of await alarms()) {
        if (alarm.acknowledgedAt === null) await nurse.call('POST', `/alarms/${alarm.id}/acknowledge`)
      }
      await until(async () => (await alarms()).every(({ clearedAt }) => clearedAt !== null))
    }
  })

  it('are told at once, others when nobody has seen it, and nobody once somebody has', async () => {
    const rules = {
      steps: [
        step({}),
        step({ afterMin: 5, to: 'engineer on call', webhookUrl: `${url}/engineer` }),
        step({ afterMin: 15, to: 'head of shift', webhookUrl: `${url}/head` }),
      ],
    }
    expect(await admin.ok('GET', '/notifications/rules')).toEqual({ steps: [], secretMadeAt: null })
    ;({ secret } = await admin.ok<NotificationSecret>('POST', '/notifications/secret'))
    await admin.ok('PUT', '/notifications/rules', rules)
    const alarm = await pressed()
    const first = await until(() => {
      clock.advance(LOOK_MS)
      return got[0]
    })
    expect(first).toMatchObject({
      path: '/nurses',
      isSigned: true,
      body: { hospital: 'Small hospital', to: 'nurses on duty', step: 0, alarm: { id: alarm.id } },
    })
    await until(async () => (await told())[0]?.status === 'told')

    clock.advance(5 * MINUTE_MS)
    await until(() => {
      clock.advance(LOOK_MS)
      return got[1]
    })
    expect(got[1]).toMatchObject({ path: '/engineer', body: { step: 1 } })

    await nurse.ok('POST', `/alarms/${alarm.id}/acknowledge`)
    clock.advance(30 * MINUTE_MS)
    // One that comes later shows that the others would have come.
    await robot.state({ safetyState: { activeEmergencyStop: 'NONE', fieldViolation: false } })
    await until(async () => (await alarms())[0]?.clearedAt)
    const next = await pressed()
    expect(next.id).not.toBe(alarm.id)
    await until(() => {
      clock.advance(LOOK_MS)
      return got.some(({ body }) => body.alarm.id === next.id)
    })
    expect(got.filter(({ body }) => body.alarm.id === alarm.id).map(({ path }) => path)).toEqual([
      '/nurses',
      '/engineer',
    ])
  })

  it('are told until it is taken, each time by the same id; where it is not, the console says so', async () => {
    await admin.ok('PUT', '/notifications/rules', { steps: [step({})] })
    answers = 503
    const alarm = await pressed()
    for (let tries = 1; tries <= 4; tries += 1) {
      await until(() => {
        clock.advance(LOOK_MS)
        return got.length >= tries
      })
    }
    const failed = await until(async () =>
      (await alarms()).find(({ kind }) => kind === 'notification.failed'),
    )
    expect(failed.text).toContain('nurses on duty cannot be told of alarms: it answered 503')
    answers = 200
    await until(async () => {
      clock.advance(MINUTE_MS)
      return (await told()).find(({ alarmId, status }) => alarmId === alarm.id && status === 'told')
    })
    expect(
      new Set(got.filter(({ body }) => body.alarm.id === alarm.id).map(({ body }) => body.id)).size,
    ).toBe(1)
    await until(async () => (await alarms()).find(({ id }) => id === failed.id)?.clearedAt)
  })

  it('can be told of a test, which comes as everything else does, and hear what came back', async () => {
    ;({ secret } = await admin.ok<NotificationSecret>('POST', '/notifications/secret'))
    const before = await told()
    const send = (webhookUrl: string) =>
      admin.ok<NotificationTestResult>('POST', '/notifications/test', { to: 'the pager', webhookUrl })
    expect(await send(`${url}/test`)).toEqual({ status: 200, problem: null })
    expect(got).toMatchObject([
      { path: '/test', isSigned: true, body: { to: 'the pager', alarm: { kind: TEST_ALARM_KIND } } },
    ])
    answers = 404
    expect(await send(`${url}/test`)).toEqual({ status: 404, problem: 'it answered 404' })
    // Port 1 of this machine: nobody listens.
    const nobody = await send('http://127.0.0.1:1/')
    expect([nobody.status, nobody.problem]).toEqual([null, expect.stringMatching(/ECONNREFUSED|bad port/)])
    expect(await told()).toEqual(before)
    expect((await nurse.call('POST', '/notifications/test', { to: 'x', webhookUrl: url })).status).toBe(403)
  })

  it('are set by administrators alone, and what is no rule changes nothing', async () => {
    expect((await nurse.call('GET', '/notifications/rules')).status).toBe(403)
    const before = await admin.ok<NotificationRulesView>('GET', '/notifications/rules')
    const wrong = { steps: [{ ...step({}), webhookUrl: 'ftp://nowhere' }] }
    expect((await admin.call('PUT', '/notifications/rules', wrong)).status).toBe(400)
    for (const webhookUrl of ['https://', 'https://me:secret@pager.example/']) {
      const { status, body } = await admin.call<ApiError>('PUT', '/notifications/rules', {
        steps: [step({}), step({ webhookUrl })],
      })
      expect([status, body.where]).toEqual([400, 'steps/1/webhookUrl'])
      expect(JSON.stringify(body)).not.toContain('me:secret')
    }
    expect(await admin.ok('GET', '/notifications/rules')).toEqual(before)
    // Who has made a key knows it; nobody is told it again.
    expect(before.secretMadeAt).not.toBeNull()
    expect(JSON.stringify(before)).not.toContain(secret)
  })
})
