import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterEach, describe, expect, it } from 'vitest'
import { pino } from 'pino'
import { createSystemClock } from '@wardlight/core/clock'
import type {
  AlarmView,
  ApiError,
  Hl7Mapping,
  Hl7MessageView,
  MissionView,
  RequestView,
} from '@wardlight/core/fleet'
import type { FleetServer, FleetServerOptions } from '../../server.ts'
import { openDatabase } from '../../store/database.ts'
import { hl7Visits } from '../../store/schema.ts'
import { ENGINES } from '../../testing/engines.ts'
import { createEmptyDatabase } from '../../testing/empty-database.ts'
import {
  adt,
  bedStatus,
  HospitalReceiver,
  HospitalSender,
  SECRET_NAME,
} from '../../testing/hospital-system.ts'
import { doseReportFor, ScriptedRobot } from '../../testing/scripted-robot.ts'
import { TestClient, until } from '../../testing/test-client.ts'
import { startTestServer } from '../../testing/test-server.ts'
import { SHIPPED_MAPPING } from './mapping.ts'
import { openMessage } from './open-message.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step()
})

const MAPPING: Hl7Mapping = {
  ...SHIPPED_MAPPING,
  locations: [{ location: 'ICU^101', roomId: 'room-1' }],
  codes: [
    ...SHIPPED_MAPPING.codes,
    {
      field: 'DG1-3',
      code: 'U82.1',
      name: 'MRSA',
      isIsolation: true,
      organismIds: ['mrsa'],
      treatment: { organismId: 'mrsa', targetLog: 2 },
    },
  ],
  defaultTreatment: { organismId: 'sars-cov-2', targetLog: 3 },
}

async function start(
  hl7: Partial<NonNullable<FleetServerOptions['hl7']>> = {},
  options: Partial<FleetServerOptions> = {},
): Promise<FleetServer> {
  const server = await startTestServer({
    hl7: { port: 0, tls: null, sendTo: [], keepDays: 30, ...hl7 },
    ...options,
  })
  undo.push(() => server.stop())
  return server
}

async function sender(server: FleetServer): Promise<HospitalSender> {
  const line = await HospitalSender.connect(server.hl7Port!)
  undo.push(() => line.close())
  return line
}

async function useMapping(server: FleetServer, mapping = MAPPING): Promise<TestClient> {
  const admin = await TestClient.signIn(server, 'admin')
  await admin.ok('PUT', '/hl7/mapping', mapping)
  return admin
}

async function robotAt(server: FleetServer, nurse: TestClient): Promise<ScriptedRobot> {
  const robot = new ScriptedRobot()
  const { password } = await server.registerRobot(robot.address)
  await robot.connect(server.mqttUrl, password)
  undo.push(() => robot.disconnect())
  await until(async () => (await nurse.robot(robot.id)).batteryFraction !== null)
  return robot
}

async function openRequest(nurse: TestClient, roomId: string): Promise<RequestView> {
  return until(async () => {
    const { requestId } = await nurse.room(roomId)
    if (requestId === null) return null
    const request = await nurse.ok<RequestView>('GET', `/requests/${requestId}`)
    return request.status === 'planned' ? request : null
  })
}

/** From the approval to the release. */
async function disinfect(nurse: TestClient, robot: ScriptedRobot, requestId: string): Promise<void> {
  const mission = await nurse.ok<MissionView>('POST', `/requests/${requestId}/approve`)
  const order = await until(() => robot.orders.find(({ orderId }) => orderId === mission.id))
  robot.take(order)
  await robot.state()
  robot.setAction('awaitArming', 'FINISHED')
  robot.setAction('startUvDose', 'FINISHED', JSON.stringify(doseReportFor(order, robot.id)))
  await robot.state()
  await until(async () => (await nurse.mission(mission.id)).verdict === 'proven')
  await nurse.ok('POST', `/missions/${mission.id}/release`, { missedSurfacesWiped: true })
}

describe.each(ENGINES)(
  'a room from the discharge to the next patient, on $engine',
  ({ adminUrl, isSkipped }) => {
    it.skipIf(isSkipped)(
      'asks by itself, waits until the room is empty, is treated, and is told unoccupied once a nurse has signed',
      async () => {
        const empty = adminUrl === undefined ? null : await createEmptyDatabase(adminUrl)
        undo.push(() => empty?.drop())
        const beds = await HospitalReceiver.listen()
        undo.push(() => beds.close())
        const server = await start(
          { sendTo: [{ host: '127.0.0.1', port: beds.port, isTls: false }] },
          { databaseUrl: empty?.url },
        )
        const nurse = await TestClient.signIn(server, 'nurse')
        await useMapping(server)
        const robot = await robotAt(server, nurse)
        const line = await sender(server)

        const admitted = await line.send(
          adt('A01', {
            controlId: 'C1',
            location: 'ICU^101^A',
            more: ['DG1|1||U82.1'],
            at: '20260105010000',
          }),
        )
        expect([admitted.value('MSA-1'), admitted.value('MSA-2')]).toEqual(['AA', 'C1'])
        expect(await nurse.room('room-1')).toMatchObject({ state: 'occupied' })
        await line.send(adt('A03', { location: 'ICU^101^A', at: '20260105020000' }))
        const room = await nurse.room('room-1')
        expect(room.state).toBe('dirty')
        expect(room.reason).toContain('HL7 K')

        const request = await openRequest(nurse, 'room-1')
        expect(request).toMatchObject({
          organismId: 'mrsa',
          targetLog: 2,
          requestedBy: 'Discharge (HL7)',
          roomReady: { by: null, at: null },
        })
        const early = await nurse.call<ApiError>('POST', `/requests/${request.id}/approve`)
        expect([early.status, early.body.code]).toEqual([409, 'WARD_ERR_CONFLICT'])
        expect(early.body.what).toContain('empty and stripped')
        const ready = await nurse.ok<RequestView>('POST', `/requests/${request.id}/room-ready`)
        expect(ready.roomReady?.by).toBe('Nora Nurse')

        await disinfect(nurse, robot, request.id)
        expect((await nurse.room('room-1')).state).toBe('clean')
        await until(() => beds.received.length >= 4)
        expect(beds.statuses).toEqual(['ICU^101 I', 'ICU^101 K', 'ICU^101 H', 'ICU^101 U'])
        for (const message of beds.received) {
          expect([message.value('MSH-9.2'), message.has('PID')]).toEqual(['A20', false])
        }
      },
    )
  },
)

describe('what a discharge asks for', () => {
  it('is not wanted any more once it is taken back: the patient is in the bed', async () => {
    const server = await start()
    const nurse = await TestClient.signIn(server, 'nurse')
    await useMapping(server)
    const line = await sender(server)
    await line.send(adt('A01', { location: 'ICU^101', at: '20260105010000' }))
    await line.send(adt('A03', { location: 'ICU^101', at: '20260105020000' }))
    const request = await openRequest(nurse, 'room-1')
    await line.send(adt('A13', { location: 'ICU^101', at: '20260105021000' }))
    expect(await nurse.room('room-1')).toMatchObject({ state: 'occupied', requestId: null })
    expect((await nurse.ok<RequestView>('GET', `/requests/${request.id}`)).status).toBe('withdrawn')
    const late = await nurse.call<ApiError>('POST', `/requests/${request.id}/room-ready`)
    expect(late.status).toBe(409)
  })

  it('keeps what a nurse has asked for, and lets it wait for the room as well', async () => {
    const server = await start()
    const nurse = await TestClient.signIn(server, 'nurse')
    await useMapping(server)
    const line = await sender(server)
    const own = await nurse.plannedRequest('room-2', { organismId: 'mrsa', targetLog: 4 })
    await line.send(adt('A01', { location: 'A^room-2', at: '20260105010000' }))
    await line.send(adt('A03', { location: 'A^room-2', at: '20260105020000' }))
    const after = await nurse.ok<RequestView>('GET', `/requests/${own.id}`)
    expect(after).toMatchObject({ status: 'planned', targetLog: 4, roomReady: { by: null } })
    expect((await nurse.room('room-2')).requestId).toBe(own.id)
  })
})

describe('a room in which a robot is at work', () => {
  it('is given to nobody by a message: AE, an alarm, and the message is taken once the robot is gone', async () => {
    const server = await start()
    const nurse = await TestClient.signIn(server, 'nurse')
    const admin = await useMapping(server)
    const robot = await robotAt(server, nurse)
    const line = await sender(server)
    const request = await nurse.plannedRequest('room-1')
    const mission = await nurse.ok<MissionView>('POST', `/requests/${request.id}/approve`)
    const order = await until(() => robot.orders.find(({ orderId }) => orderId === mission.id))
    robot.take(order)
    await robot.state()

    const admission = adt('A01', { controlId: 'HELD', location: 'ICU^101' })
    const answer = await line.send(admission)
    expect([answer.value('MSA-1'), answer.value('ERR-3'), answer.value('ERR-2')]).toEqual([
      'AE',
      '206',
      'PV1',
    ])
    expect(answer.value('ERR-8')).toContain(robot.id)
    expect((await nurse.room('room-1')).state).toBe('inProgress')
    const alarms = await until(async () => {
      const all = await nurse.ok<AlarmView[]>('GET', '/alarms')
      return all.length > 0 && all
    })
    expect(alarms[0]).toMatchObject({
      kind: 'hl7.patient',
      priority: 'urgent',
      roomId: 'room-1',
      robotId: robot.id,
    })

    await nurse.ok('POST', `/missions/${mission.id}/stop`)
    robot.setAction('awaitArming', 'FAILED')
    robot.setAction('startUvDose', 'FAILED')
    await robot.state()
    await until(async () => (await nurse.mission(mission.id)).verdict === 'aborted')
    const again = await line.send(admission)
    expect(again.value('MSA-1')).toBe('AA')
    expect((await nurse.room('room-1')).state).toBe('occupied')
    await until(async () => (await nurse.ok<AlarmView[]>('GET', '/alarms'))[0]?.clearedAt !== null)
    const messages = await admin.ok<Hl7MessageView[]>('GET', '/hl7/messages')
    expect(messages.map(({ controlId, outcome, attempts }) => [controlId, outcome, attempts])).toEqual([
      ['HELD', 'applied', 2],
    ])
  })
})

describe('the message log', () => {
  it('answers a message that comes again as before, without a second effect', async () => {
    const server = await start()
    const nurse = await TestClient.signIn(server, 'nurse')
    const admin = await useMapping(server)
    const line = await sender(server)
    const admission = adt('A01', { controlId: 'ONCE', location: 'ICU^101' })
    await line.send(admission)
    await nurse.ok('PATCH', '/rooms/room-1', { state: 'blocked' })
    await line.send(admission)
    // Sent again, its sender may date it anew.
    await line.send(admission.replace('|20260105030000||ADT', '|20260105040000||ADT'))
    expect(line.answers[1]!.equals(line.answers[0]!)).toBe(true)
    expect(line.answers[2]!.equals(line.answers[0]!)).toBe(true)
    expect((await nurse.room('room-1')).state).toBe('blocked')
    const messages = await admin.ok<Hl7MessageView[]>('GET', '/hl7/messages')
    expect(messages).toMatchObject([
      { direction: 'in', controlId: 'ONCE', attempts: 3, ackCode: 'AA', type: 'ADT^A01' },
    ])
  })

  it('says what came of everything, and filters', async () => {
    const server = await start()
    const admin = await useMapping(server)
    const line = await sender(server)
    const codes: string[] = []
    const say = async (message: string) => codes.push((await line.send(message)).value('MSA-1'))
    await say(adt('A01', { location: 'ICU^101', at: '20260105030000' }))
    await say(adt('A02', { location: 'A^room-2', at: '20260105020000' }))
    await say(adt('A01', { visit: 'V2', location: 'ELSEWHERE^9' }))
    await say(adt('A34'))
    await say(bedStatus('A^room-2', 'U'))
    await say(bedStatus('A^room-2', 'X'))
    await say('MSH|^~\\&|LAB||||20260105||ORU^R01|1|P|2.5.1\r')
    await say(adt('A01').replace('|P|2.5.1', '|T|2.5.1'))
    await say('nonsense')
    expect(codes).toEqual(['AA', 'AA', 'AA', 'AA', 'AA', 'AE', 'AR', 'AR', 'AR'])
    const messages = await admin.ok<Hl7MessageView[]>('GET', '/hl7/messages')
    expect(messages.map(({ outcome }) => outcome).toSorted()).toEqual(
      [
        'applied',
        'late',
        'ignored',
        'ignored',
        'unchanged',
        'malformed',
        'malformed',
        'malformed',
        'malformed',
      ].toSorted(),
    )
    const late = await admin.ok<Hl7MessageView[]>('GET', '/hl7/messages?outcome=late')
    expect(late).toHaveLength(1)
    expect(late[0]).toMatchObject({ type: 'ADT^A02', roomIds: ['room-2'] })
  })

  it('refuses a mapping that names what is not there', async () => {
    const server = await start()
    const admin = await TestClient.signIn(server, 'admin')
    const wrong: readonly [Partial<Hl7Mapping>, number][] = [
      [{ locations: [{ location: 'ICU^1', roomId: 'room-9' }] }, 404],
      [{ defaultTreatment: { protocolId: 'none' } }, 404],
      [{ defaultTreatment: { organismId: 'dragon', targetLog: 3 } }, 404],
      [
        {
          locations: [
            { location: 'ICU^1', roomId: 'room-1' },
            { location: 'icu^1', roomId: 'room-2' },
          ],
        },
        400,
      ],
    ]
    for (const [part, status] of wrong) {
      const answer = await admin.call('PUT', '/hl7/mapping', { ...SHIPPED_MAPPING, ...part })
      expect([part, answer.status]).toEqual([part, status])
    }
    expect(await admin.ok('GET', '/hl7/mapping')).toEqual({
      mapping: SHIPPED_MAPPING,
      changedBy: null,
      changedAt: null,
    })
  })
})

describe('data of patients', () => {
  it('is neither in the log nor readable in any table, and the key is for its owner alone', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'wardlight-hl7-'))
    undo.push(() => rm(dataDir, { recursive: true, force: true }))
    let logged = ''
    const log = pino(
      { level: 'trace' },
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          logged += chunk.toString()
          done()
        },
      }),
    )
    const server = await startTestServer({
      dataDir,
      log,
      hl7: { port: 0, tls: null, sendTo: [], keepDays: 30 },
    })
    const line = await HospitalSender.connect(server.hl7Port!)
    const first = adt('A01', { visit: 'SECRETVISIT', location: 'A^room-1' })
    await line.send(first)
    const admin = await TestClient.signIn(server, 'admin')
    const [{ id: firstId }] = (await admin.ok<Hl7MessageView[]>('GET', '/hl7/messages')) as [Hl7MessageView]
    for (const trigger of ['A01', 'A02', 'A03', 'A08', 'A11', 'A12', 'A13', 'A34']) {
      await line.send(adt(trigger, { visit: 'SECRETVISIT', location: 'A^room-1', prior: 'A^room-2' }))
    }
    await line.send(adt('A01', { location: 'A^room-1' }).replace('PV1|', 'PVX|'))
    await line.send(adt('A01', { location: 'A^room-1' }).replaceAll('\r', ' '))
    await line.send(`nonsense about ${SECRET_NAME}`)
    line.close()
    await server.stop()

    expect((await stat(join(dataDir, 'data.key'))).mode & 0o777).toBe(0o600)
    // Who has the key reads it as it came.
    expect(String(await openMessage(firstId, { dataDir }))).toBe(first)
    const otherKey = openMessage(firstId, { dataDir, dataKey: '00'.repeat(32) })
    await expect(otherKey).rejects.toMatchObject({ code: 'WARD_ERR_CONFIG' })
    await expect(openMessage('none', { dataDir })).rejects.toMatchObject({ code: 'WARD_ERR_NOT_FOUND' })
    const database = await openDatabase({ dataDir })
    undo.push(() => database.close())
    const { rows: tables } = (await database.queries.execute(
      `select table_name from information_schema.tables where table_schema = 'public'`,
    )) as { rows: { table_name: string }[] }
    let stored = ''
    for (const { table_name: table } of tables) {
      const { rows } = (await database.queries.execute(`select * from ${table}`)) as { rows: unknown[] }
      stored += JSON.stringify(rows)
    }
    expect(stored).toContain('ADT^A01')
    expect(logged).not.toBe('')
    for (const text of [SECRET_NAME, 'Wilhelmine', '19510304', '4711', 'Geheimweg', 'SECRETVISIT']) {
      expect([text, stored.includes(text)]).toEqual([text, false])
      expect([text, logged.includes(text)]).toEqual([text, false])
    }
    expect(await readFile(join(dataDir, 'data.key'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
  })
})

describe('a server that goes away and comes back', () => {
  it('knows who is where, takes nothing twice, and sends what was not taken', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'wardlight-hl7-'))
    undo.push(() => rm(dataDir, { recursive: true, force: true }))
    // Nobody listens there yet.
    const away = await HospitalReceiver.listen()
    const { port } = away
    await away.close()
    const hl7 = { sendTo: [{ host: '127.0.0.1', port, isTls: false }] }
    const first = await startTestServer({ dataDir, hl7: { port: 0, tls: null, keepDays: 30, ...hl7 } })
    const admin = await TestClient.signIn(first, 'admin')
    await admin.ok('PUT', '/hl7/mapping', MAPPING)
    const line = await HospitalSender.connect(first.hl7Port!)
    const admission = adt('A01', { controlId: 'BEFORE', location: 'ICU^101', at: '20260105010000' })
    await line.send(admission)
    const answered = line.answers[0]!
    await until(
      async () => (await admin.ok<Hl7MessageView[]>('GET', '/hl7/messages?outcome=failing')).length === 1,
    )
    line.close()
    await first.stop()

    const beds = await HospitalReceiver.listen(port)
    undo.push(() => beds.close())
    // Its answer to the first one is lost on the way.
    const codes: (string | null)[] = [null, 'AE', 'AA']
    beds.answer = () => (codes.length > 0 ? codes.shift()! : 'AA')
    const second = await start(hl7, { dataDir })
    const again = await sender(second)
    await again.send(admission)
    expect(again.answers[0]!.equals(answered)).toBe(true)
    const nurse = await TestClient.signIn(second, 'nurse')
    await again.send(adt('A03', { location: 'ICU^101', at: '20260105020000' }))
    expect((await nurse.room('room-1')).state).toBe('dirty')
    await until(() => beds.received.length === 4)
    expect(beds.statuses).toEqual(['ICU^101 O', 'ICU^101 O', 'ICU^101 O', 'ICU^101 H'])
    expect(new Set(beds.received.slice(0, 3).map((message) => message.value('MSH-10'))).size).toBe(1)
    const log = await until(async () => {
      const sent = await sentBy(second)
      return sent.every(({ outcome }) => outcome === 'sent') && sent
    })
    expect(log).toHaveLength(2)
  })
})

async function sentBy(server: FleetServer): Promise<Hl7MessageView[]> {
  const admin = await TestClient.signIn(server, 'admin')
  const all = await admin.ok<Hl7MessageView[]>('GET', '/hl7/messages')
  return all.filter(({ direction }) => direction === 'out')
}

describe('who is in a room', () => {
  it('is one patient for each bed, and nobody once a nurse has released it', async () => {
    const server = await start()
    const nurse = await TestClient.signIn(server, 'nurse')
    await useMapping(server)
    const robot = await robotAt(server, nurse)
    const line = await sender(server)
    // Of the first one nobody says that he left.
    await line.send(adt('A01', { visit: 'V1', location: 'ICU^101^A', at: '20260105010000' }))
    await line.send(adt('A01', { visit: 'V2', location: 'ICU^101^A', at: '20260105020000' }))
    await line.send(adt('A01', { visit: 'V3', location: 'ICU^101^B', at: '20260105020000' }))
    const left = await line.send(adt('A03', { visit: 'V2', location: 'ICU^101^A', at: '20260105030000' }))
    expect(left.value('MSA-3')).toContain('other patients')
    expect(await nurse.room('room-1')).toMatchObject({ state: 'occupied', requestId: null })

    // The third one left as well, and nobody says so. A nurse has looked.
    await nurse.ok('PATCH', '/rooms/room-1', { state: 'dirty' })
    await disinfect(nurse, robot, (await nurse.plannedRequest('room-1')).id)
    await line.send(adt('A01', { visit: 'V4', location: 'ICU^101^A', at: '20260105040000' }))
    await line.send(adt('A03', { visit: 'V4', location: 'ICU^101^A', at: '20260105050000' }))
    expect((await nurse.room('room-1')).state).toBe('dirty')
    await openRequest(nurse, 'room-1')
  })
})

describe('what is old', () => {
  it('is deleted after the days that messages are kept; patients who are still there stay known, by the same key only', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'wardlight-hl7-'))
    undo.push(() => rm(dataDir, { recursive: true, force: true }))
    const hl7 = { port: 0, tls: null, sendTo: [], keepDays: 30 }
    const first = await startTestServer({ dataDir, hl7 })
    const line = await HospitalSender.connect(first.hl7Port!)
    await line.send(adt('A01', { visit: 'STAYS', location: 'A^room-1', at: '20260105010000' }))
    await line.send(adt('A01', { visit: 'GOES', location: 'A^room-2', at: '20260105010000' }))
    await line.send(adt('A03', { visit: 'GOES', location: 'A^room-2', at: '20260105020000' }))
    line.close()
    await first.stop()
    const system = createSystemClock(globalThis)
    const later = { ...system, epochMs: () => system.epochMs() + 31 * 86_400_000 }
    const second = await startTestServer({ dataDir, hl7, clock: later })
    const admin = await TestClient.signIn(second, 'admin')
    await until(async () => (await admin.ok<Hl7MessageView[]>('GET', '/hl7/messages')).length === 0)
    await second.stop()
    const otherKey = startTestServer({ dataDir, hl7, dataKey: '00'.repeat(32) })
    await expect(otherKey).rejects.toMatchObject({ code: 'WARD_ERR_CONFIG', where: 'data key' })
    const database = await openDatabase({ dataDir })
    undo.push(() => database.close())
    expect(await database.queries.select().from(hl7Visits)).toHaveLength(1)
  })
})

describe('several servers', () => {
  it('are not begun without a key that all of them have', async () => {
    const server = startTestServer({
      databaseUrl: 'postgres://nobody@127.0.0.1:1/none',
      mqttUrl: 'mqtt://127.0.0.1:1',
      hl7: { port: 0, tls: null, sendTo: [], keepDays: 30 },
    })
    await expect(server).rejects.toMatchObject({ code: 'WARD_ERR_CONFIG', where: 'data key' })
  })
})

describe('bed statuses that nobody takes', () => {
  it('are an alarm after five minutes, which is over once they are taken', async () => {
    const away = await HospitalReceiver.listen()
    const { port } = away
    await away.close()
    const system = createSystemClock(globalThis)
    let aheadMs = 0
    const wallClock = { ...system, monotonicMs: () => system.monotonicMs() + aheadMs }
    const server = await start({ sendTo: [{ host: '127.0.0.1', port, isTls: false }] }, { wallClock })
    const nurse = await TestClient.signIn(server, 'nurse')
    const admin = await TestClient.signIn(server, 'admin')
    await nurse.ok('PATCH', '/rooms/room-1', { state: 'blocked' })
    await until(
      async () => (await admin.ok<Hl7MessageView[]>('GET', '/hl7/messages?outcome=failing')).length > 0,
    )
    expect(await nurse.ok<AlarmView[]>('GET', '/alarms')).toEqual([])
    aheadMs = 300_000
    const alarm = await until(async () => (await nurse.ok<AlarmView[]>('GET', '/alarms'))[0])
    expect(alarm).toMatchObject({ kind: 'hl7.unsent', priority: 'high', robotId: null, roomId: null })
    const beds = await HospitalReceiver.listen(port)
    undo.push(() => beds.close())
    await until(async () => (await nurse.ok<AlarmView[]>('GET', '/alarms'))[0]?.clearedAt !== null)
    expect(beds.statuses).toEqual(['A^room-1 C'])
  })
})
