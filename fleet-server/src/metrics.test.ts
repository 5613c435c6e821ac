import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { metricsRoutes } from './routes/metrics/index.ts'
import { addErrors } from './plugins/errors.ts'
import type { FleetServer } from './server.ts'
import { ScriptedRobot } from './testing/scripted-robot.ts'
import { TestClient, until } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

/** Address of somebody elsewhere, of those that are kept for examples (RFC 5737). */
const ELSEWHERE = '192.0.2.7'

async function statusFor(
  metricsToken: string | undefined,
  remoteAddress: string,
  headers: Record<string, string> = {},
): Promise<number> {
  const app = Fastify()
  addErrors(app)
  await app.register(metricsRoutes, { metrics: async () => [], metricsToken })
  const { statusCode } = await app.inject({ url: '/metrics', remoteAddress, headers })
  await app.close()
  return statusCode
}

describe('who may read the metrics', () => {
  it('is whoever is on the machine, and not whom its proxy lets in', async () => {
    for (const here of ['127.0.0.1', '127.3.2.1', '::1', '::ffff:127.0.0.1']) {
      expect([here, await statusFor(undefined, here)]).toEqual([here, 200])
    }
    for (const elsewhere of [ELSEWHERE, `::ffff:${ELSEWHERE}`, '2001:db8::1', '::ffff:10.0.127.1']) {
      expect([elsewhere, await statusFor(undefined, elsewhere)]).toEqual([elsewhere, 403])
    }
    expect(await statusFor(undefined, '127.0.0.1', { 'x-forwarded-for': ELSEWHERE })).toBe(403)
    expect(await statusFor(undefined, ELSEWHERE, { authorization: 'Bearer undefined' })).toBe(403)
  })

  it('is whoever has the token, where there is one, and nobody else', async () => {
    expect(await statusFor('s3cret', ELSEWHERE, { authorization: 'Bearer s3cret' })).toBe(200)
    for (const authorization of ['Bearer s3cre', 'Bearer ', 's3cret', 'Basic s3cret']) {
      expect([authorization, await statusFor('s3cret', '127.0.0.1', { authorization })]).toEqual([
        authorization,
        403,
      ])
    }
    expect(await statusFor('s3cret', '127.0.0.1')).toBe(403)
  })
})

describe('the metrics of a server', () => {
  let server: FleetServer
  let nurse: TestClient
  beforeAll(async () => {
    server = await startTestServer()
    nurse = await TestClient.signIn(server, 'nurse')
  })
  afterAll(() => server.stop())

  async function metrics(): Promise<string> {
    const answer = await fetch(`${server.url}/metrics`)
    expect(answer.status).toBe(200)
    return answer.text()
  }
  const value = async (name: string) =>
    Number(
      (await metrics())
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length),
    )

  it('tell of requests, robots, messages, plans and writes, and name nobody', async () => {
    const robot = new ScriptedRobot()
    const { password } = await server.registerRobot(robot.address)
    await robot.connect(server.mqttUrl, password)
    await robot.state()
    await until(async () => (await value('wardlight_robots{connection="ONLINE"}')) === 1)
    await robot.say('state', { not: 'a state' })
    await until(async () => (await value('wardlight_robot_messages_malformed_total')) === 1)
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/live`, {
      headers: { cookie: nurse.cookie },
    })
    await until(async () => (await value('wardlight_live_clients')) === 1)
    const request = await nurse.plannedRequest('room-1')
    await nurse.ok('GET', `/requests/${request.id}`)
    expect((await nurse.call('GET', '/requests/nothing')).status).toBe(404)
    await fetch(`${server.url}/no/such/${request.id}`)

    const text = await until(async () => {
      const found = await metrics()
      return (
        found.includes('wardlight_http_requests_total{route="none",method="GET",status="404"} 1') && found
      )
    })
    for (const line of [
      'wardlight_build_info{version="0.0.0-test"} 1',
      'wardlight_server_role{role="alone"} 1',
      'wardlight_server_role{role="leader"} 0',
      'wardlight_http_requests_total{route="/api/requests/:requestId",method="GET",status="404"} 1',
      'wardlight_requests_waiting{status="planned"} 1',
      'wardlight_planning_duration_seconds_count{of="treatment"} 1',
      'wardlight_robot_messages_total{kind="connection"}',
      'wardlight_alarms_open{priority="urgent"} 0',
      'wardlight_hl7_unsent 0',
    ]) {
      expect(text).toContain(line)
    }
    for (const name of [
      'wardlight_live_sent_bytes_total',
      'wardlight_database_write_duration_seconds_count',
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
    ]) {
      expect([name, (await value(name)) > 0]).toEqual([name, true])
    }
    for (const secret of [robot.id, request.id, 'room-1', 'Nurse', robot.address.serialNumber]) {
      expect(text).not.toContain(secret)
    }
    socket.close()
    await robot.disconnect()
  })
})
