import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {
  Bundle,
  CapabilityStatement,
  DiagnosticReport,
  DocumentReference,
  Location,
  Observation,
  Task,
} from 'fhir/r4.js'
import type { MissionView, RequestView, UvMissionReport } from '@wardlight/core/fleet'
import type { FloorPlan } from '@wardlight/core/floor'
import type { FleetServer } from '../../server.ts'
import { doseReportFor, ScriptedRobot } from '../../testing/scripted-robot.ts'
import { smallPlan } from '../../testing/small-plan.ts'
import { TestClient, until } from '../../testing/test-client.ts'
import { newcomer, TestPerson } from '../../testing/test-person.ts'
import { startTestServer } from '../../testing/test-server.ts'
import { SYSTEMS } from './systems.ts'
import { HospitalClient } from './testing/hospital-client.ts'

function order(number: string, patch: object = {}): object {
  return {
    resourceType: 'Task',
    identifier: [{ system: 'urn:oid:1.2.3', value: number }],
    status: 'requested',
    intent: 'order',
    code: { coding: [{ system: SYSTEMS.taskCode, code: 'disinfect-room' }] },
    focus: { reference: 'Location/room-room-1' },
    input: [
      {
        type: { coding: [{ system: SYSTEMS.taskInput, code: 'organism' }] },
        valueCodeableConcept: { coding: [{ system: SYSTEMS.snomedCt, code: '840533007' }] },
      },
      { type: { coding: [{ system: SYSTEMS.taskInput, code: 'target-log' }] }, valueDecimal: 3 },
    ],
    ...patch,
  }
}

const ORGANISM_OF_NOBODY = {
  valueCodeableConcept: { coding: [{ system: SYSTEMS.organism, code: 'dragon' }] },
}

function input(code: string, value: object): object {
  return { type: { coding: [{ system: SYSTEMS.taskInput, code }] }, ...value }
}

/** Two rooms, each of a ward of its own; the corridor is everybody's. */
function twoWards(): FloorPlan {
  const plan = smallPlan()
  const wards: Readonly<Record<string, string | null>> = { 'room-1': 'A', 'room-2': 'B', corridor: null }
  return {
    ...plan,
    levels: plan.levels.map((level) => ({
      ...level,
      rooms: level.rooms.map((room) => ({ ...room, ward: wards[room.id] ?? null })),
    })),
  }
}

describe('FHIR for the hospital’s systems', () => {
  let server: FleetServer
  let nurse: TestClient
  let system: HospitalClient
  let robot: ScriptedRobot

  beforeAll(async () => {
    server = await startTestServer({ plan: twoWards() })
    nurse = await TestClient.signIn(server, 'nurse')
    system = new HospitalClient(server, nurse)
    robot = new ScriptedRobot()
    const { password } = await server.registerRobot(robot.address)
    await robot.connect(server.mqttUrl, password)
    await until(async () => (await nurse.robot(robot.id)).batteryFraction !== null)
  })
  afterAll(async () => {
    await robot.disconnect()
    await server.stop()
  })

  const bedStatus = async (roomId: string) =>
    (await system.read<Location>(`Location/room-${roomId}`)).operationalStatus?.code
  const taskOf = (task: Task) => system.read<Task>(`Task/${task.id!}`)
  const requestIdOf = (task: Task) =>
    task.identifier!.find((identifier) => identifier.system === SYSTEMS.request)!.value!

  it('brings a room from a Task to its proof, and its bed from contaminated to unoccupied', async () => {
    expect(await bedStatus('room-1')).toBe('H')
    const posted = await system.call<Task>('POST', 'Task', order('A-1', { note: [{ text: 'Mr. Miller' }] }))
    expect(posted.status).toBe(201)
    expect(posted.headers.get('location')).toBe(`${server.url}/api/fhir/Task/${posted.body.id!}`)
    const task = posted.body
    expect(task).toMatchObject({
      intent: 'order',
      focus: { reference: 'Location/room-room-1' },
      requester: { display: 'Nora Nurse' },
    })
    expect(task.identifier).toContainEqual({ system: 'urn:oid:1.2.3', value: 'A-1' })

    await until(async () => (await taskOf(task)).status === 'received')
    const requestId = requestIdOf(task)
    expect((await nurse.room('room-1')).requestId).toBe(requestId)
    const mission = await nurse.ok<MissionView>('POST', `/requests/${requestId}/approve`)
    expect(await taskOf(task)).toMatchObject({ status: 'accepted' })
    const robotOrder = await until(() => robot.orders.find(({ orderId }) => orderId === mission.id))
    robot.take(robotOrder)
    await robot.state()
    await robot.mission(mission.id, { phase: 'awaitingArming' })
    await until(async () => (await taskOf(task)).status === 'ready')
    await robot.mission(mission.id, { phase: 'dosing' })
    await until(async () => (await taskOf(task)).status === 'in-progress')
    expect(await system.refused('GET', `DiagnosticReport/mission-${mission.id}`)).toMatchObject({
      status: 404,
      code: 'not-found',
    })

    robot.setAction('awaitArming', 'FINISHED')
    robot.setAction('startUvDose', 'FINISHED', JSON.stringify(doseReportFor(robotOrder, robot.id)))
    await robot.state()
    await until(async () => (await nurse.mission(mission.id)).verdict === 'proven')
    // Proven by a robot, released by nobody: no bed is free.
    const proven = await taskOf(task)
    expect(proven).toMatchObject({ status: 'in-progress', businessStatus: { text: 'awaitingRelease' } })
    expect(await bedStatus('room-1')).toBe('H')
    const reference = proven.output![0]!.valueReference!.reference!
    expect(reference).toBe(`DiagnosticReport/mission-${mission.id}`)

    await nurse.ok('POST', `/missions/${mission.id}/release`, { missedSurfacesWiped: true })
    expect(await taskOf(task)).toMatchObject({ status: 'completed', businessStatus: { text: 'released' } })
    expect(await bedStatus('room-1')).toBe('U')
    const free = await system.found<Location>('Location?operational-status=U')
    expect(free.map(({ id }) => id)).toEqual(['room-room-1'])

    const report = await system.read<DiagnosticReport>(reference)
    const own = await nurse.doseReport(mission.id)
    expect(report).toMatchObject({ status: 'final', conclusion: own.claim })
    expect(await measured(report)).toEqual({
      'dose-min': own.doseMjPerCm2.min,
      'dose-p5': own.doseMjPerCm2.p5,
      'dose-p50': own.doseMjPerCm2.p50,
      ...surfacesIn(own),
    })

    const treatments = await system.found<Task>(`Task?part-of=Task/${task.id!}`)
    expect(treatments).toMatchObject([{ id: `mission-${mission.id}`, status: 'completed' }])
    const documents = await system.found<DocumentReference>(`DocumentReference?related=${reference}`)
    expect(documents.map(({ status }) => status)).toEqual(['current', 'superseded'])
    const [signed, pdf] = documents[0]!.content
    const file = await fetch(signed!.attachment.url!, { headers: { cookie: nurse.cookie } })
    expect(await file.json()).toMatchObject({ proof: { missionId: mission.id, kind: 'released' } })
    expect(pdf!.attachment.url).toBe(`${signed!.attachment.url!}/pdf`)
    expect((await system.read<DocumentReference>(`DocumentReference/${documents[1]!.id!}`)).id).toBe(
      documents[1]!.id,
    )

    const admin = await TestClient.signIn(server, 'admin')
    const audited = JSON.stringify(await admin.ok('GET', '/audit'))
    expect(audited).toContain('/api/fhir/Task')
    expect(audited).not.toContain('Miller')
  })

  async function measured(report: DiagnosticReport): Promise<Record<string, unknown>> {
    const values: Record<string, unknown> = {}
    for (const { reference } of report.result ?? []) {
      const { id, valueQuantity, valueInteger } = await system.read<Observation>(reference!)
      values[id!.split('.')[1]!] = valueInteger ?? valueQuantity?.value
    }
    return values
  }

  function surfacesIn({ surfaces }: UvMissionReport) {
    return {
      'surfaces-reached': surfaces.reached,
      'surfaces-promised': surfaces.promised,
      'surfaces-total': surfaces.total,
    }
  }

  it('makes one request of a Task that is sent again, and none of one that has changed', async () => {
    const room = { focus: { reference: 'Location/room-room-2' } }
    const before = (await nurse.ok<RequestView[]>('GET', '/requests')).length
    // At the same time, as when an answer was slow.
    const answers = await Promise.all(
      [1, 2, 3].map(() => system.call<Task>('POST', 'Task', order('A-2', room))),
    )
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 201])
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    const conditional = await system.call<Task>('POST', 'Task', order('A-2', room), {
      'if-none-exist': 'identifier=urn:oid:1.2.3|A-2',
    })
    expect(conditional.status).toBe(200)
    expect(await nurse.ok<RequestView[]>('GET', '/requests')).toHaveLength(before + 1)
    expect(await system.refused('POST', 'Task', order('A-2'))).toMatchObject({
      status: 409,
      code: 'conflict',
      at: 'Task.identifier',
    })
    const [found] = await system.found<Task>('Task?identifier=urn:oid:1.2.3|A-2')
    expect(found?.id).toBe(conditional.body.id)

    const cancelled = await system.call<Task>(
      'PATCH',
      `Task/${found!.id!}`,
      [{ op: 'replace', path: '/status', value: 'cancelled' }],
      { 'content-type': 'application/json-patch+json' },
    )
    expect(cancelled.body).toMatchObject({ status: 'cancelled', businessStatus: { text: 'withdrawn' } })
    expect((await nurse.room('room-2')).requestId).toBeNull()
    // It stays what it was: whoever wants the room again gives a new number.
    const again = await system.call<Task>('POST', 'Task', order('A-2', room))
    expect([again.status, again.body.status]).toEqual([200, 'cancelled'])
    const put = await system.call<Task>('POST', 'Task', order('A-3', room))
    expect(put.status).toBe(201)
    const called = { ...put.body, status: 'cancelled' }
    expect((await system.call<Task>('PUT', `Task/${put.body.id!}`, called)).body.status).toBe('cancelled')
  })

  it('says what was wrong and where', async () => {
    const cases: readonly [string, string, unknown, number, string, string | undefined][] = [
      ['POST', 'Task', order('B-1', { status: 'draft' }), 400, 'invalid', 'Task.status'],
      [
        'POST',
        'Task',
        order('B-1', { focus: { reference: 'Location/cellar' } }),
        400,
        'invalid',
        'Task.focus.reference',
      ],
      ['POST', 'Task', order('B-1', { identifier: [] }), 400, 'invalid', 'Task.identifier'],
      [
        'POST',
        'Task',
        order('B-1', {
          input: [input('organism', ORGANISM_OF_NOBODY), input('target-log', { valueDecimal: 3 })],
        }),
        400,
        'invalid',
        'Task.input',
      ],
      [
        'POST',
        'Task',
        order('B-1', { input: [input('target-log', { valueDecimal: 3 })] }),
        400,
        'invalid',
        'Task.input',
      ],
      ['POST', 'Task', '{', 400, 'invalid', undefined],
      ['GET', 'Task/request-none', undefined, 404, 'not-found', undefined],
      ['GET', 'Location/room-none', undefined, 404, 'not-found', undefined],
      ['GET', 'Observation/mission-none.dose-min', undefined, 404, 'not-found', undefined],
      ['GET', 'DocumentReference/proof-99999', undefined, 404, 'not-found', undefined],
      ['GET', 'Patient/1', undefined, 404, 'not-found', undefined],
      ['GET', 'Location?near=1', undefined, 400, 'invalid', undefined],
      ['DELETE', 'Location/building', undefined, 404, 'not-found', undefined],
    ]
    for (const [method, path, body, status, code, at] of cases) {
      expect([path, await system.refused(method, path, body)]).toMatchObject([path, { status, code, at }])
    }
    const xml = { accept: 'application/fhir+xml' }
    expect(await system.refused('GET', 'Location', undefined, xml)).toMatchObject({ status: 406 })
    expect(await system.refused('GET', 'Location?_format=xml')).toMatchObject({ status: 406 })
    expect(
      await system.refused('POST', 'Task', '<Task/>', { 'content-type': 'application/fhir+xml' }),
    ).toMatchObject({ status: 415 })
    for (const format of ['json', 'application/fhir%2Bjson', 'application/fhir+json']) {
      expect((await system.call('GET', `Location?_format=${format}`, undefined, xml)).status).toBe(200)
    }
    const stranger = new HospitalClient(server, { cookie: '' })
    expect(await stranger.refused('GET', 'Location')).toMatchObject({ status: 401, code: 'login' })
    const clinician = new HospitalClient(server, await TestClient.signIn(server, 'clinician'))
    expect(await clinician.refused('POST', 'Task', order('B-2'))).toMatchObject({
      status: 403,
      code: 'forbidden',
    })
  })

  it('has pages that follow each other', async () => {
    const first = await system.read<Bundle>('Location?_count=2')
    const ids: (string | undefined)[] = []
    let page: Bundle | null = first
    while (page !== null) {
      expect(page.total).toBe(first.total)
      ids.push(...(page.entry ?? []).map(({ resource }) => resource?.id))
      const next: string | undefined = page.link?.find(({ relation }) => relation === 'next')?.url
      page = next === undefined ? null : await system.read<Bundle>(next)
    }
    expect(ids).toEqual(['building', 'level-L1', 'room-corridor', 'room-room-1', 'room-room-2'])
    expect((await system.read<Bundle>('Location?_count=0')).entry).toBeUndefined()
    const parts = await system.found<Location>('Location?partof=Location/level-L1')
    expect(parts).toHaveLength(3)
  })

  it('does what it states, all of it', async () => {
    const anyone = new HospitalClient(server, { cookie: '' })
    const statement = await anyone.read<CapabilityStatement>('metadata')
    for (const { type, interaction = [], searchParam = [] } of statement.rest![0]!.resource!) {
      for (const { name } of searchParam) {
        expect([type, name, (await system.call('GET', `${type}?${name}=nothing`)).status]).toEqual([
          type,
          name,
          200,
        ])
      }
      expect(interaction.map(({ code }) => code)).toEqual(expect.arrayContaining(['read', 'search-type']))
      // Each one that is found is read by its address.
      const { entry = [] } = await system.read<Bundle>(`${type}?_count=2`)
      expect([type, entry.length > 0]).toEqual([type, true])
      for (const { fullUrl, resource } of entry) expect(await system.read(fullUrl!)).toEqual(resource)
    }
  })

  it('shows and takes nothing of the rooms of other wards', async () => {
    const admin = new TestPerson(server)
    await admin.signIn('admin', 'admin-demo')
    const { person } = await newcomer(server, admin, {
      name: 'bea',
      displayName: 'Bea of ward B',
      role: 'nurse',
      wards: ['B'],
    })
    const bea = new HospitalClient(server, person)
    const locations = await bea.found<Location>('Location')
    expect(locations.map(({ id }) => id)).toEqual(['building', 'level-L1', 'room-corridor', 'room-room-2'])
    expect(
      (await bea.found<Task>('Task')).every(({ focus }) => focus?.reference === 'Location/room-room-2'),
    ).toBe(true)
    expect(await bea.found('DiagnosticReport')).toEqual([])
    expect(await bea.found('Observation')).toEqual([])
    expect(await bea.found('DocumentReference')).toEqual([])
    const [theirs] = await system.found<Task>('Task?identifier=urn:oid:1.2.3|A-1')
    const [report] = await system.found<DiagnosticReport>('DiagnosticReport')
    const forbidden: readonly [string, string, unknown?][] = [
      ['GET', 'Location/room-room-1'],
      ['GET', `Task/${theirs!.id!}`],
      ['GET', `DiagnosticReport/${report!.id!}`],
      ['GET', report!.result![0]!.reference!],
      ['GET', 'DocumentReference/proof-1'],
      ['POST', 'Task', order('C-1')],
      // Not even whether a number is known there.
      ['POST', 'Task', order('A-1')],
      ['PUT', `Task/${theirs!.id!}`, { ...theirs, status: 'cancelled' }],
    ]
    for (const [method, path, body] of forbidden) {
      expect([path, await bea.refused(method, path, body)]).toMatchObject([
        path,
        { status: 403, code: 'forbidden' },
      ])
    }
    const own = await bea.call<Task>(
      'POST',
      'Task',
      order('C-2', { focus: { reference: 'Location/room-room-2' } }),
    )
    expect(own.status).toBe(201)
  })
})
