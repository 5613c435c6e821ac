import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { protocolById, PROTOCOLS } from '@wardlight/core/disinfection'
import type {
  ApiError,
  MissionView,
  NewProtocol,
  ProtocolView,
  RequestView,
  RoomView,
} from '@wardlight/core/fleet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FleetServer } from './server.ts'
import { doseReportFor, ScriptedRobot } from './testing/scripted-robot.ts'
import { TestClient, until } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

/** What goes over the wire is plain JSON, not read-only. */
const shipped = (id: string) => structuredClone(protocolById(id, PROTOCOLS))

describe('a room by a protocol', () => {
  let dataDir: string
  let server: FleetServer
  let robot: ScriptedRobot
  let password: string
  const people = new Map<string, TestClient>()
  const as = (name: string) => people.get(name)!

  const start = async () => {
    server = await startTestServer({ dataDir })
    for (const name of ['nurse', 'nurse2', 'engineer', 'admin']) {
      people.set(name, await TestClient.signIn(server, name))
    }
    robot = new ScriptedRobot()
    ;({ password } = await server.registerRobot(robot.address))
    await robot.connect(server.mqttUrl, password)
    await until(async () => (await as('nurse').robot(robot.id)).connection === 'ONLINE')
  }
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'wardlight-protocols-'))
    await start()
  })
  afterAll(async () => {
    await robot.disconnect()
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  })

  const planned = (protocolId: string, roomId = 'room-1') =>
    as('nurse').plannedRequest(roomId, { protocolId })
  const prepared = [{ itemId: 'patient-gone' }, { itemId: 'stripped' }, { itemId: 'drawers-open' }]
  const wiped = { itemId: 'wipe', doneBy: 'Ewa Cleaner', product: 'Sporex 5' }
  const robotProves = async ({ id }: MissionView) => {
    const order = await until(() => robot.orders.find(({ orderId }) => orderId === id))
    robot.take(order)
    await robot.state()
    robot.setAction('awaitArming', 'FINISHED')
    robot.setAction('startUvDose', 'FINISHED', JSON.stringify(doseReportFor(order, robot.id)))
    await robot.state()
    await until(async () => (await as('nurse').mission(id)).verdict)
  }

  it('asks for what was done by hand, then for two people, before the room is clean', async () => {
    const request = await planned('terminal-c-difficile')
    expect(request).toMatchObject({
      organismId: 'c-difficile',
      targetLog: 2,
      protocol: { id: 'terminal-c-difficile', version: 1, name: 'Terminal clean, C. difficile' },
      approvalsNeeded: 1,
    })
    expect(request.dueConfirmations.map(({ id }) => id)).toEqual(
      [...prepared, wiped].map((item) => item.itemId),
    )
    const plan = await as('nurse').lightPlan(request.id)
    expect(plan).toMatchObject({ targetLog: 2, options: { highTouchFirst: true } })

    const approve = `/requests/${request.id}/approve`
    expect(await as('nurse').call<ApiError>('POST', approve)).toMatchObject({
      status: 400,
      body: { code: 'WARD_ERR_VALIDATION', where: 'confirmations' },
    })
    expect(
      await as('nurse').call<ApiError>('POST', approve, { confirmations: [...prepared, { itemId: 'wipe' }] }),
    ).toMatchObject({ status: 400, body: { where: 'confirmations.3.doneBy' } })
    const confirmations = [...prepared, wiped]
    expect(await as('engineer').call('POST', approve, { confirmations })).toMatchObject({ status: 403 })
    expect(robot.orders).toHaveLength(0)
    const mission = await as('nurse').ok<MissionView>('POST', approve, { confirmations })
    expect(await as('nurse').ok<MissionView>('POST', approve)).toMatchObject({ id: mission.id })
    await robotProves(mission)

    const release = `/missions/${mission.id}/release`
    const sign = { missedSurfacesWiped: true, note: 'read' }
    expect(await as('engineer').call('POST', release, sign)).toMatchObject({ status: 403 })
    const first = await as('nurse').ok<MissionView>('POST', release, sign)
    expect(first).toMatchObject({ releasedBy: null, signaturesNeeded: 2, signatures: [{ by: 'Nora Nurse' }] })
    const again = await as('nurse').ok<MissionView>('POST', release, sign)
    expect(again.signatures).toHaveLength(1)
    const waiting = await as('nurse').room('room-1')
    expect(waiting.state).toBe('inProgress')
    expect(waiting.reason).toContain('1 more signature')

    const second = await as('nurse2').ok<MissionView>('POST', release, { missedSurfacesWiped: false })
    expect(second.releasedBy).toBe('Nils Nurse')
    expect(await as('nurse').room('room-1')).toMatchObject({
      state: 'clean',
      reason: 'Released by Nora Nurse and Nils Nurse',
    } satisfies Partial<RoomView>)
    const report = await as('nurse').report(mission.id)
    expect(report).toMatchObject({
      protocol: { id: 'terminal-c-difficile', version: 1, certainty: 'proposed' },
      approvals: [{ by: 'Nora Nurse', role: 'nurse' }],
      signatures: [{ by: 'Nora Nurse', note: 'read' }, { by: 'Nils Nurse' }],
    })
    expect(report.protocol!.source).not.toBe('')
    expect(report.confirmations.map(({ itemId, doneBy, product }) => [itemId, doneBy, product])).toEqual([
      ['patient-gone', null, null],
      ['stripped', null, null],
      ['drawers-open', null, null],
      ['wipe', 'Ewa Cleaner', 'Sporex 5'],
    ])
  })

  it('takes one way to say what is wanted, not two and not half of one', async () => {
    const ask = (wish: object) =>
      as('nurse').call<ApiError>('POST', '/requests', { roomId: 'room-2', ...wish })
    const protocolId = 'terminal-mrsa-vre'
    expect(await ask({})).toMatchObject({ status: 400, body: { where: 'organismId' } })
    expect(await ask({ organismId: 'mrsa' })).toMatchObject({ status: 400, body: { where: 'targetLog' } })
    expect(await ask({ protocolId, targetLog: 1 })).toMatchObject({
      status: 400,
      body: { where: 'targetLog' },
    })
    expect(await ask({ protocolId, options: { timeBudgetS: 60 } })).toMatchObject({
      status: 400,
      body: { where: 'options' },
    })
    expect(await ask({ protocolId: 'dance' })).toMatchObject({ status: 404 })
  })

  it("keeps the hospital's own versions; a request follows the newest, and keeps its own", async () => {
    const own: NewProtocol = {
      ...shipped('terminal-mrsa-vre'),
      name: 'Terminal clean, VRE, ward A',
      approval: { roles: ['nurse', 'engineer'], people: 2 },
      steps: shipped('terminal-mrsa-vre').steps.map((step) =>
        step.type === 'uv' ? { ...step, target: { type: 'dose', doseMjPerCm2: 30 } } : step,
      ),
    }
    const refused = await as('admin').call<ApiError>('POST', '/protocols', own)
    expect(refused).toMatchObject({ status: 409, body: { where: 'version' } })
    expect(refused.body.remedy).toContain('version 2')
    expect(
      await as('admin').call<ApiError>('POST', '/protocols', { ...own, version: 2, source: ' ' }),
    ).toMatchObject({ status: 400, body: { where: 'protocol terminal-mrsa-vre: source' } })
    expect((await as('nurse').call('POST', '/protocols', { ...own, version: 2 })).status).toBe(403)

    const before = await planned('terminal-mrsa-vre', 'room-2')
    expect(before.protocol!.version).toBe(1)
    const added = await as('admin').ok<ProtocolView>('POST', '/protocols', { ...own, version: 2 })
    expect(added).toMatchObject({ origin: 'hospital', addedBy: 'Ada Administrator', isCurrent: true })
    expect((await as('nurse').ok<RequestView>('GET', `/requests/${before.id}`)).protocol!.version).toBe(1)

    const request = await planned('terminal-mrsa-vre', 'room-2')
    expect(request).toMatchObject({ protocol: { version: 2 }, targetMjPerCm2: 30, approvalsNeeded: 2 })
    const plan = await as('nurse').lightPlan(request.id)
    expect(plan.targetMjPerCm2).toBe(30)

    const approve = `/requests/${request.id}/approve`
    const confirmations = [...prepared, wiped]
    const first = await as('engineer').call<RequestView>('POST', approve, { confirmations })
    expect(first).toMatchObject({
      status: 202,
      body: { status: 'planned', approvals: [{ role: 'engineer' }] },
    })
    expect((await as('engineer').call('POST', approve)).status).toBe(202)
    const mission = await as('nurse').ok<MissionView>('POST', approve)
    expect(mission.protocol).toMatchObject({ version: 2 })
    expect((await as('nurse').ok<RequestView>('GET', `/requests/${request.id}`)).approvals).toHaveLength(2)
  })

  it('shows what no robot here can follow, with the reason, and refuses it', async () => {
    const [, , release] = shipped('terminal-c-difficile').steps
    const gas: NewProtocol = {
      ...shipped('terminal-c-difficile'),
      id: 'gas-only',
      name: 'Gas only',
      steps: [
        {
          type: 'peroxide',
          id: 'gas',
          text: 'Gas.',
          method: 'hpv',
          dose: { amount: 14, unit: 'g/m3' },
          solutionPercent: 35,
          targetPpmH: null,
          conditions: { temperatureC: null, relativeHumidityPercent: null },
        },
        { type: 'aerate', id: 'air', text: 'Air it.', clearPpm: 1 },
        release!,
      ],
    }
    const added = await as('admin').ok<ProtocolView>('POST', '/protocols', gas)
    expect(added.obstacle).toContain('startPeroxideCycle')
    expect(
      await as('nurse').call<ApiError>('POST', '/requests', { roomId: 'room-2', protocolId: 'gas-only' }),
    ).toMatchObject({ status: 409, body: { where: 'protocolId' } })
  })

  it('still knows all of it after a restart', async () => {
    const before = await as('nurse').ok<ProtocolView[]>('GET', '/protocols')
    const requests = await as('nurse').ok<RequestView[]>('GET', '/requests')
    expect(before.filter(({ origin }) => origin === 'hospital').map(({ id }) => id)).toEqual([
      'gas-only',
      'terminal-mrsa-vre',
    ])
    await robot.disconnect()
    await server.stop()
    await start()
    expect(await as('nurse').ok('GET', '/protocols')).toEqual(before)
    expect(await as('nurse').ok('GET', '/requests')).toEqual(requests)
  })
})
