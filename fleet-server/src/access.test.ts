import type { OperationOutcome } from 'fhir/r4.js'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import {
  ApiErrorSchema,
  applyChanges,
  changesIn,
  readLiveMessage,
  type ApiError,
  type LiveServerMessage,
  type LiveState,
  type RequestView,
  type Role,
} from '@wardlight/core/fleet'
import { Compile } from 'typebox/compile'
import { SESSION_COOKIE } from './plugins/access.ts'
import type { FleetServer } from './server.ts'
import { ScriptedRobot } from './testing/scripted-robot.ts'
import { TestClient, until } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

const isApiError = Compile(ApiErrorSchema)
const everyone: readonly Role[] = ['nurse', 'clinician', 'engineer', 'administrator', 'auditor']
/** An auditor changes nothing. */
const whoeverActs: readonly Role[] = ['nurse', 'clinician', 'engineer', 'administrator']
const nurseOnly: readonly Role[] = ['nurse']
const acting: readonly Role[] = ['nurse', 'clinician', 'engineer', 'administrator']
const whoMayDarken: readonly Role[] = ['nurse', 'clinician', 'engineer']

/** The contract's table of routes; `null`: also without signing in. */
const routes: readonly (readonly [string, string, readonly Role[] | null])[] = [
  ['GET', '/server-info', null],
  ['GET', '/openapi.json', null],
  ['GET', '/ready', null],
  ['POST', '/session', null],
  ['GET', '/session', everyone],
  ['DELETE', '/session', everyone],
  ['POST', '/session/second-factor', everyone],
  ['POST', '/session/second-factor/passkey-options', everyone],
  ['POST', '/session/second-factor/passkey', everyone],
  ['POST', '/session/passkey-options', null],
  ['POST', '/session/passkey', null],
  ['POST', '/session/password', everyone],
  ['GET', '/session/sessions', everyone],
  ['DELETE', '/session/sessions', everyone],
  ['DELETE', '/session/sessions/:sessionId', everyone],
  ['GET', '/session/second-factors', everyone],
  ['POST', '/session/totp', everyone],
  ['POST', '/session/totp/confirm', everyone],
  ['DELETE', '/session/totp', everyone],
  ['POST', '/session/recovery-codes', everyone],
  ['POST', '/session/passkeys/options', everyone],
  ['POST', '/session/passkeys', everyone],
  ['PATCH', '/session/passkeys/:passkeyId', everyone],
  ['DELETE', '/session/passkeys/:passkeyId', everyone],
  ['GET', '/session/oidc/start', null],
  ['GET', '/session/oidc/callback', null],
  ['POST', '/session/oidc/back-channel-logout', null],
  ['GET', '/users', ['administrator']],
  ['POST', '/users', ['administrator']],
  ['PATCH', '/users/:userId', ['administrator']],
  ['POST', '/users/:userId/reset', ['administrator']],
  ['POST', '/users/:userId/unlock', ['administrator']],
  ['GET', '/floor', everyone],
  ['GET', '/floor/levels/:levelId/occupancy', everyone],
  ['GET', '/organisms', everyone],
  ['POST', '/organisms', ['administrator']],
  ['GET', '/validations', everyone],
  ['POST', '/validations', ['engineer', 'administrator']],
  ['POST', '/validations/:validationId/withdraw', ['engineer', 'administrator']],
  ['GET', '/protocols', everyone],
  ['POST', '/protocols', ['administrator']],
  ['GET', '/rooms', everyone],
  ['PATCH', '/rooms/:roomId', ['nurse', 'engineer', 'administrator']],
  ['GET', '/requests', everyone],
  ['POST', '/requests', nurseOnly],
  ['GET', '/requests/:requestId', everyone],
  ['GET', '/requests/:requestId/plan', everyone],
  // Its protocol says which roles may.
  ['POST', '/requests/:requestId/approve', whoeverActs],
  ['POST', '/requests/:requestId/room-ready', nurseOnly],
  ['POST', '/requests/:requestId/withdraw', nurseOnly],
  ['GET', '/missions', everyone],
  ['GET', '/missions/:missionId', everyone],
  ['GET', '/missions/:missionId/plan', everyone],
  ['GET', '/missions/:missionId/report', everyone],
  ['GET', '/missions/:missionId/proofs', everyone],
  ['GET', '/proofs/newest', everyone],
  ['GET', '/proofs/keys', everyone],
  ['POST', '/proofs/keys', ['administrator']],
  ['GET', '/proofs/:sequence', everyone],
  ['GET', '/proofs/:sequence/pdf', everyone],
  ['POST', '/missions/:missionId/checklist', nurseOnly],
  ['POST', '/missions/:missionId/start', nurseOnly],
  ['POST', '/missions/:missionId/pause', whoMayDarken],
  ['POST', '/missions/:missionId/resume', nurseOnly],
  ['POST', '/missions/:missionId/stop', whoMayDarken],
  ['POST', '/missions/:missionId/release', whoeverActs],
  ['POST', '/missions/:missionId/measured', ['nurse', 'engineer']],
  ['GET', '/robots', everyone],
  ['GET', '/robots/:robotId/offences', everyone],
  ['POST', '/robots/:robotId/emergency-stop', everyone],
  ['POST', '/robots/:robotId/resume', ['nurse', 'engineer']],
  ['POST', '/robots/:robotId/place-search', ['nurse', 'clinician', 'engineer']],
  ['POST', '/robots/:robotId/service', ['nurse', 'engineer', 'administrator']],
  ['GET', '/alarms', everyone],
  ['POST', '/alarms/:alarmId/acknowledge', whoMayDarken],
  ['GET', '/contamination', everyone],
  ['GET', '/contamination/events', everyone],
  ['POST', '/contamination/rooms/:roomId/isolation', ['nurse', 'clinician']],
  ['POST', '/contamination/rooms/:roomId/lift', ['nurse', 'clinician']],
  ['POST', '/contamination/robots/:robotId/decontamination', ['nurse', 'engineer']],
  ['GET', '/compliance', everyone],
  ['GET', '/compliance/outbreak', everyone],
  ['GET', '/compliance/export.csv', everyone],
  ['GET', '/schedule', everyone],
  ['POST', '/schedule/preview', everyone],
  ['POST', '/schedule/plans', nurseOnly],
  ['POST', '/schedule/plans/:planId/status', nurseOnly],
  ['POST', '/schedule/requests/:requestId/what-if', nurseOnly],
  ['POST', '/schedule/requests/:requestId', nurseOnly],
  ['PUT', '/schedule/hours', ['administrator']],
  ['GET', '/zones', everyone],
  ['POST', '/zones/:zoneId/hold', whoMayDarken],
  ['POST', '/zones/:zoneId/release', whoMayDarken],
  ['GET', '/hand-over', ['nurse', 'clinician', 'auditor']],
  ['GET', '/hand-overs', ['nurse', 'clinician', 'auditor']],
  ['POST', '/hand-overs', ['nurse', 'clinician']],
  ['POST', '/hand-overs/:handOverId/take', ['nurse', 'clinician']],
  ['GET', '/hl7/messages', ['engineer', 'administrator']],
  ['GET', '/hl7/mapping', ['engineer', 'administrator']],
  ['PUT', '/hl7/mapping', ['administrator']],
  ['GET', '/fhir/metadata', null],
  ['GET', '/fhir/Location', everyone],
  ['GET', '/fhir/Location/:fhirId', everyone],
  ['GET', '/fhir/Task', everyone],
  ['POST', '/fhir/Task', nurseOnly],
  ['GET', '/fhir/Task/:fhirId', everyone],
  ['PUT', '/fhir/Task/:fhirId', nurseOnly],
  ['PATCH', '/fhir/Task/:fhirId', nurseOnly],
  ['GET', '/fhir/DiagnosticReport', everyone],
  ['GET', '/fhir/DiagnosticReport/:fhirId', everyone],
  ['GET', '/fhir/Observation', everyone],
  ['GET', '/fhir/Observation/:fhirId', everyone],
  ['GET', '/fhir/DocumentReference', everyone],
  ['GET', '/fhir/DocumentReference/:fhirId', everyone],
  ['GET', '/fhir/Measure', everyone],
  ['GET', '/fhir/Measure/:fhirId', everyone],
  ['GET', '/fhir/MeasureReport', everyone],
  ['GET', '/fhir/MeasureReport/:fhirId', everyone],
  // The link lets in whoever has it.
  ['GET', '/maps/:mapId/:mapVersion', null],
  ['GET', '/zone-sets/:zoneSetId', null],
  ['GET', '/duty', acting],
  ['POST', '/duty', acting],
  ['DELETE', '/duty/:deviceId', acting],
  ['POST', '/duty/:deviceId/trial', acting],
  ['GET', '/notifications', ['engineer', 'administrator', 'auditor']],
  ['GET', '/notifications/rules', ['administrator']],
  ['PUT', '/notifications/rules', ['administrator']],
  ['POST', '/notifications/secret', ['administrator']],
  ['POST', '/notifications/test', ['administrator']],
  ['POST', '/session/break-glass', ['nurse', 'clinician', 'engineer']],
  ['DELETE', '/session/break-glass', ['nurse', 'clinician', 'engineer']],
  ['GET', '/audit', ['administrator', 'auditor']],
  ['GET', '/audit/export', ['administrator', 'auditor']],
  ['GET', '/backup', ['administrator']],
  ['GET', '/live', everyone],
]

/** Who was let in where, for people. */
function tableOf(found: ReadonlyMap<string, readonly (Role | null)[]>): string {
  const width = Math.max(...[...found.keys()].map(({ length }) => length))
  const rows = [...found].map(([route, who]) =>
    [route.padEnd(width), ...who.map((role, index) => (role ?? '–').padEnd(everyone[index]!.length))].join(
      '  ',
    ),
  )
  return `${['route'.padEnd(width), ...everyone].join('  ')}\n${rows.join('\n')}\n`
}

describe('who may do what', () => {
  let server: FleetServer
  const clients = new Map<Role, TestClient>()
  const registered: string[] = []
  /** Of each route, who was let in and who was not, in the order of `everyone`. */
  const found = new Map<string, readonly (Role | null)[]>()

  beforeAll(async () => {
    server = await startTestServer({
      // Its routes are there; nobody answers at that address.
      signIn: {
        provider: {
          issuer: 'http://127.0.0.1:1',
          clientId: 'wardlight',
          clientSecret: 'secret',
          label: 'Hospital account',
          mapping: { rolesClaim: 'groups', roles: [], wardsClaim: null },
        },
      },
      extensions: [
        async (app) => {
          app.addHook('onRoute', ({ method, url }) => {
            registered.push(`${String(method)} ${url}`)
          })
          app.get('/api/extra', { config: { roles: ['engineer'], wards: 'none' } }, async () => ({
            extra: true,
          }))
        },
      ],
    })
    for (const role of everyone) {
      clients.set(role, await TestClient.signIn(server, role === 'administrator' ? 'admin' : role))
    }
  })
  afterAll(async () => {
    await server.stop()
    process.stdout.write(tableOf(found))
  })

  const filled = (path: string) => path.replace(/:\w+/g, 'nothing')

  it('knows every route of the API', async () => {
    const { body } = await clients
      .get('nurse')!
      .call<{ paths: Record<string, Record<string, unknown>> }>('GET', '/openapi.json')
    const described = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    )
    const listed = new Set(routes.map(([method, path]) => `${method} /api${path}`))
    const unlisted = described.filter((route) => route.includes('/api/') && !listed.has(route))
    expect(unlisted).toEqual(['GET /api/extra'])
    expect(registered).toContain('GET /api/extra')
  })

  it.each(routes)('%s %s', async (method, path, roles) => {
    const withoutSession = await fetch(`${server.url}/api${filled(path)}`, { method })
    await withoutSession.body?.cancel()
    if (roles === null) expect(withoutSession.status).not.toBe(401)
    else expect(withoutSession.status).toBe(401)
    for (const role of everyone) {
      // Signing out would end the session of the cases after it.
      if (method === 'DELETE') continue
      const answer = await clients
        .get(role)!
        .call<ApiError & Partial<OperationOutcome>>(method, filled(path))
        .catch(() => null)
      // FHIR tells errors in a form of its own.
      const code = answer?.body?.issue?.[0]?.details?.coding?.[0]?.code ?? answer?.body?.code
      const isRefused = code === 'WARD_ERR_FORBIDDEN'
      found.set(`${method} ${path}`, [...(found.get(`${method} ${path}`) ?? []), isRefused ? null : role])
      expect([role, isRefused]).toEqual([role, roles !== null && !roles.includes(role)])
    }
  })

  it('holds extensions to the same rules', async () => {
    expect((await clients.get('nurse')!.call('GET', '/extra')).status).toBe(403)
    expect(await clients.get('engineer')!.call('GET', '/extra')).toEqual({
      status: 200,
      body: { extra: true },
    })
    await expect(
      startTestServer({
        extensions: [
          async (app) => {
            app.get('/api/open', async () => 'oops')
          },
        ],
      }),
    ).rejects.toMatchObject({ code: 'WARD_ERR_CONFIG', what: expect.stringContaining('/api/open') as string })
  })

  it('answers every error in one shape, with the place and the remedy', async () => {
    const nurse = clients.get('nurse')!
    const wrong: readonly (readonly [string, string, unknown, number, string])[] = [
      [
        'POST',
        '/requests',
        { roomId: 'room-1', organismId: 'sars-cov-2', targetLog: 9 },
        400,
        'body/targetLog',
      ],
      ['POST', '/requests', { roomId: 'room-9', organismId: 'sars-cov-2', targetLog: 3 }, 404, 'roomId'],
      ['POST', '/requests', { roomId: 'room-1', organismId: 'dragon', targetLog: 3 }, 404, 'organism'],
      ['POST', '/session', { name: '' }, 400, 'body'],
      ['GET', '/missions/none', undefined, 404, 'missionId'],
      ['GET', '/nowhere', undefined, 404, ''],
    ]
    for (const [method, path, body, status, where] of wrong) {
      const answer = await nurse.call<ApiError>(method, path, body)
      expect([path, answer.status]).toEqual([path, status])
      expect(isApiError.Check(answer.body)).toBe(true)
      expect(`${answer.body.where ?? ''} ${answer.body.what}`).toContain(where)
      expect(answer.body.remedy).not.toBe('')
    }
    const broken = await fetch(`${server.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    })
    expect(isApiError.Check(await broken.json())).toBe(true)
    expect(broken.status).toBe(400)
  })

  it('lets nurses mark rooms, and only engineers and administrators rename them', async () => {
    const [nurse, engineer] = [clients.get('nurse')!, clients.get('engineer')!]
    expect((await nurse.call<ApiError>('PATCH', '/rooms/room-1', { name: 'Mine' })).status).toBe(403)
    expect(await engineer.ok('PATCH', '/rooms/room-1', { name: 'Isolation 1' })).toMatchObject({
      name: 'Isolation 1',
    })
    expect(await nurse.ok('PATCH', '/rooms/room-1', { state: 'occupied' })).toMatchObject({
      state: 'occupied',
    })
    expect((await nurse.call('PATCH', '/rooms/room-1', { state: 'clean' })).status).toBe(409)
  })

  it('puts a new wish in the place of one that nobody approved, and withdraws', async () => {
    const nurse = clients.get('nurse')!
    const older = await nurse.plannedRequest('room-2')
    const newer = await nurse.plannedRequest('room-2')
    expect((await nurse.ok<RequestView>('GET', `/requests/${older.id}`)).status).toBe('withdrawn')
    expect((await nurse.call('POST', `/requests/${older.id}/approve`)).status).toBe(409)
    expect((await nurse.ok<RequestView>('POST', `/requests/${newer.id}/withdraw`)).status).toBe('withdrawn')
    expect((await nurse.room('room-2')).requestId).toBeNull()
  })

  it('keeps with a request what the schedule is asked for', async () => {
    const nurse = clients.get('nurse')!
    const { id } = await nurse.plannedRequest('room-2', { priority: 'stat' })
    expect((await nurse.ok<RequestView>('POST', `/requests/${id}/withdraw`)).wish.priority).toBe('stat')
    expect((await nurse.call('POST', '/requests', { roomId: 'room-2', priority: 'now' })).status).toBe(400)
  })

  it('says under which address people open the console, and when shifts end, as the operator has set them', async () => {
    const info = { publicOrigin: null, shiftEnds: ['06:00', '14:00', '22:00'] }
    expect(await clients.get('nurse')!.ok('GET', '/server-info')).toMatchObject(info)
    const other = await startTestServer({
      signIn: { publicUrl: 'https://fleet.hospital.example/console' },
      shiftEnds: ['19:30', '07:00'],
    })
    try {
      expect(await (await fetch(`${other.url}/api/server-info`)).json()).toMatchObject({
        publicOrigin: 'https://fleet.hospital.example',
        shiftEnds: ['07:00', '19:30'],
      })
    } finally {
      await other.stop()
    }
  })

  describe('signing in', () => {
    it('gives a cookie that scripts cannot read and other sites cannot use', async () => {
      const answer = await fetch(`${server.url}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'clinician', password: 'clinician-demo' }),
      })
      const cookie = answer.headers.get('set-cookie')!
      expect(cookie).toMatch(new RegExp(`^${SESSION_COOKIE}=[\\w-]{43};`))
      expect(cookie).toContain('HttpOnly')
      expect(cookie).toContain('SameSite=Strict')
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'")
    })

    it('ends when one signs out', async () => {
      const client = await TestClient.signIn(server, 'clinician')
      expect((await client.call('DELETE', '/session')).status).toBe(204)
      expect((await client.call('GET', '/session')).status).toBe(401)
    })

    it('refuses wrong passwords and unknown names alike, and slows down who guesses', async () => {
      const tries = async (name: string, count: number) => {
        const codes: string[] = []
        for (let index = 0; index < count; index++) {
          const { body } = await new TestClient(server.url, '').call<ApiError>('POST', '/session', {
            name,
            password: 'guess',
          })
          codes.push(body.code)
        }
        return codes
      }
      expect(await tries('nobody', 1)).toEqual(['WARD_ERR_SIGN_IN'])
      const codes = await tries('engineer', 12)
      expect(codes[0]).toBe('WARD_ERR_SIGN_IN')
      expect(codes.at(-1)).toBe('WARD_ERR_TOO_MANY')
    })

    it('takes no change and no live feed in the name of a foreign page', async () => {
      const nurse = clients.get('nurse')!
      const foreign = await fetch(`${server.url}/api/rooms/room-2`, {
        method: 'PATCH',
        headers: { cookie: nurse.cookie, origin: 'https://evil.example', 'content-type': 'application/json' },
        body: JSON.stringify({ state: 'blocked' }),
      })
      expect(foreign.status).toBe(403)
      const own = await fetch(`${server.url}/api/rooms/room-2`, {
        method: 'PATCH',
        headers: { cookie: nurse.cookie, origin: server.url, 'content-type': 'application/json' },
        body: JSON.stringify({ state: 'dirty' }),
      })
      expect(own.status).toBe(200)
      const upgrade = (headers: Record<string, string>) =>
        new Promise<number>((resolve) => {
          const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/live`, { headers })
          socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
          socket.on('open', () => {
            resolve(101)
            socket.close()
          })
          socket.on('error', () => {})
        })
      expect(await upgrade({ cookie: nurse.cookie, origin: 'https://evil.example' })).toBe(403)
      expect(await upgrade({})).toBe(401)
      expect(await upgrade({ cookie: nurse.cookie, origin: server.url })).toBe(101)
    })
  })

  describe('the live feed over a real WebSocket', () => {
    it('gives a snapshot, deltas without a gap, scans to who watches, and ends with the session', async () => {
      const clinician = await TestClient.signIn(server, 'clinician')
      const nurse = clients.get('nurse')!
      const messages: LiveServerMessage[] = []
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/live`, {
        headers: { cookie: clinician.cookie },
      })
      socket.on('message', (data: Buffer, isBinary) =>
        messages.push(readLiveMessage(isBinary ? data : data.toString())!),
      )
      const closed = new Promise<number>((resolve) => socket.on('close', resolve))
      await until(() => messages.length > 0)
      expect(messages[0]?.type).toBe('snapshot')

      const robot = new ScriptedRobot('uv-live')
      const { password } = await server.registerRobot(robot.address)
      await robot.connect(server.mqttUrl, password)
      for (const state of ['dirty', 'stat', 'cleanNext', 'blocked', 'dirty'] as const) {
        await nurse.ok('PATCH', '/rooms/room-2', { state })
        await robot.state({ driving: state === 'stat' })
      }
      const ofRooms = await nurse.ok<{ id: string }[]>('GET', '/rooms')
      const replay = (): LiveState => {
        let state: LiveState | null = null
        let sequence = 0
        for (const message of messages) {
          if (message.type === 'snapshot') {
            state = message.state
            sequence = message.sequence
          } else if (message.type === 'delta' || message.type === 'motion') {
            expect(message.sequence).toBe(sequence + 1)
            sequence = message.sequence
            state = applyChanges(state!, changesIn(message, Object.values(state!.robots)))
          }
        }
        return state!
      }
      await until(() => replay().robots[robot.id]?.isDriving === false)
      await until(() => replay().rooms['room-2']?.reason?.includes('Nora') ?? false)
      await until(() => JSON.stringify(Object.values(replay().rooms)) === JSON.stringify(ofRooms))

      await robot.scan()
      socket.send(JSON.stringify({ type: 'watchScans', robotIds: [robot.id] }))
      socket.send(JSON.stringify({ type: 'resync' }))
      await until(() => messages.filter(({ type }) => type === 'snapshot').length === 2)
      expect(messages.some(({ type }) => type === 'scan')).toBe(false)
      await robot.scan()
      const scan = await until(() => messages.find((message) => message.type === 'scan'))
      expect(scan).toMatchObject({ robotId: robot.id, scan: { rangesCm: [100, 200, 0, 300] } })
      await until(() => messages.some(({ type }) => type === 'heartbeat'))

      await clinician.call('DELETE', '/session')
      expect(await closed).toBe(1008)
      await robot.disconnect()
    })
  })

  describe('the broker', () => {
    it('lets in nobody without the right password', async () => {
      const robot = new ScriptedRobot('uv-guarded')
      await server.registerRobot(robot.address)
      await expect(robot.connect(server.mqttUrl, 'wrong')).rejects.toThrow('Not authorized')
      await expect(robot.connect(server.mqttUrl)).rejects.toThrow('Not authorized')
      await expect(new ScriptedRobot('uv-stranger').connect(server.mqttUrl, 'x')).rejects.toThrow(
        'Not authorized',
      )
    })

    it('takes an older password no longer once there is a new one', async () => {
      const robot = new ScriptedRobot('uv-renewed')
      const older = await server.registerRobot(robot.address)
      const newer = await server.registerRobot(robot.address)
      await expect(robot.connect(server.mqttUrl, older.password)).rejects.toThrow('Not authorized')
      await robot.connect(server.mqttUrl, newer.password)
      await robot.disconnect()
    })

    it('lets a robot speak and hear for itself only, and take no other robot’s place', async () => {
      const victim = new ScriptedRobot('uv-victim')
      await victim.connect(server.mqttUrl, (await server.registerRobot(victim.address)).password)
      const nurse = clients.get('nurse')!
      await until(async () => (await nurse.robot(victim.id)).batteryFraction === 0.9)
      const intruderAddress = { manufacturer: 'wardlight', serialNumber: 'uv-intruder' }
      const credentials = await server.registerRobot(intruderAddress)
      const options = { ...credentials, protocolVersion: 4 as const, reconnectPeriod: 0 }
      const intruder = await connectAsync(server.mqttUrl, options)
      intruder.on('error', () => {})
      for (const filter of [
        '#',
        'vda5050/v3/wardlight/uv-victim/order',
        'vda5050/v3/wardlight/uv-victim/state',
        'vda5050/v3/+/+/order',
      ]) {
        const granted = await intruder.subscribeAsync(filter).then(
          (grants) => grants.map(({ qos }) => qos),
          () => [128],
        )
        expect([filter, granted]).toEqual([filter, [128]])
      }
      await expect(intruder.subscribeAsync('vda5050/v3/wardlight/uv-intruder/order')).resolves.toHaveLength(1)

      const offline = JSON.stringify({
        headerId: 1,
        timestamp: '2026-01-05T03:00:00.000Z',
        version: '3.0.0',
        ...victim.address,
        connectionState: 'OFFLINE',
      })
      const dropped = new Promise((resolve) => intruder.once('close', () => resolve(null)))
      intruder.publish('vda5050/v3/wardlight/uv-victim/connection', offline, { qos: 1 })
      await dropped
      await victim.state({ driving: true })
      await until(async () => (await nurse.robot(victim.id)).isDriving)
      expect((await nurse.robot(victim.id)).connection).toBe('ONLINE')
      await intruder.endAsync(true)
      await victim.disconnect()

      const named = new ScriptedRobot('uv-named')
      const own = await server.registerRobot(named.address)
      const holder = await connectAsync(server.mqttUrl, { ...options, ...own, clientId: 'shared' })
      await expect(connectAsync(server.mqttUrl, { ...options, clientId: 'shared' }, false)).rejects.toThrow(
        'Not authorized',
      )
      expect(holder.connected).toBe(true)
      await holder.endAsync(true)
    })
  })
})
