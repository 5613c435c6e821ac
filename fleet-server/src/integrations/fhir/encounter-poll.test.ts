import { SimulatedClock } from '@wardlight/core/clock'
import type { AlarmView, Hl7MessageView } from '@wardlight/core/fleet'
import type { Encounter } from 'fhir/r4.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createStore, ENGINES } from '../../testing/engines.ts'
import { TestClient, until } from '../../testing/test-client.ts'
import { startTestServer } from '../../testing/test-server.ts'
import { SHIPPED_MAPPING } from '../hl7/mapping.ts'
import { RecordServer } from './testing/record-server.ts'

// Embedded databases are begun several times, on a machine that may have other work.
vi.setConfig({ testTimeout: 120_000 })

const EVERY_MS = 15_000
const START_MS = Date.now()

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step()
})

const at = (minutes: number) => new Date(START_MS + minutes * 60_000).toISOString()

function encounter(id: string, minutes: number, bed: string, patch: Partial<Encounter> = {}): Encounter {
  return {
    resourceType: 'Encounter',
    id,
    meta: { lastUpdated: at(minutes), versionId: `${minutes}` },
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
    subject: { reference: 'Patient/4711', display: 'Wilhelmine Quittenbaum' },
    location: [{ location: { reference: `Location/${bed}` }, status: 'active' }],
    ...patch,
  }
}

const finished = (id: string, minutes: number, bed: string) =>
  encounter(id, minutes, bed, {
    status: 'finished',
    period: { end: at(minutes) },
    location: [{ location: { reference: `Location/${bed}` }, status: 'completed' }],
  })

async function recordServer(): Promise<RecordServer> {
  const record = await RecordServer.listen()
  undo.push(() => record.close())
  const type = (code: string) => ({
    physicalType: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/location-physical-type', code }],
    },
  })
  record.write({ resourceType: 'Location', id: 'ward', name: 'ICU', ...type('wa') })
  for (const room of ['101', '102']) {
    record.write({
      resourceType: 'Location',
      id: room,
      name: room,
      ...type('ro'),
      partOf: { reference: 'Location/ward' },
    })
    record.write({
      resourceType: 'Location',
      id: `bed-${room}`,
      name: '1',
      ...type('bd'),
      partOf: { reference: `Location/${room}` },
    })
  }
  return record
}

describe.each(ENGINES)(
  'a record system that is asked for encounters, on $engine',
  ({ adminUrl, isSkipped }) => {
    it.skipIf(isSkipped)(
      'tells who is in which room and who has left, once each, in pages, and after a restart what came meanwhile',
      async () => {
        const record = await recordServer()
        const store = await createStore(adminUrl)
        undo.push(() => store.remove())
        const start = async () => {
          const server = await startTestServer({
            ...store.options,
            dataKey: '5a'.repeat(32),
            hl7: {
              port: null,
              tls: null,
              sendTo: [],
              keepDays: 30,
              encounters: { url: record.url, token: record.token, everyMs: 20 },
            },
          })
          const admin = await TestClient.signIn(server, 'admin')
          await admin.ok('PUT', '/hl7/mapping', {
            ...SHIPPED_MAPPING,
            locations: [
              { location: 'ICU^101', roomId: 'room-1' },
              { location: 'ICU^102', roomId: 'room-2' },
            ],
          })
          return { server, admin }
        }
        let { server, admin } = await start()
        undo.push(() => server.stop())
        const state = async (id: string) => (await admin.room(id)).state
        const messages = () => admin.ok<Hl7MessageView[]>('GET', '/hl7/messages')

        record.write(encounter('e1', -60, 'bed-101'))
        record.write(encounter('e2', -50, 'bed-102'))
        record.write(encounter('e3', -40, 'nowhere'))
        await until(
          async () => (await state('room-1')) === 'occupied' && (await state('room-2')) === 'occupied',
        )
        expect(record.asked.some((url) => url.includes('offset=1'))).toBe(true)

        record.write(finished('e1', -2, 'bed-101'))
        await until(async () => (await state('room-1')) === 'dirty')
        expect(await state('room-2')).toBe('occupied')
        const told = await messages()
        expect(told.map(({ type, attempts }) => `${type} ${attempts}`).toSorted()).toEqual([
          'ADT^A01 1',
          'ADT^A01 1',
          'ADT^A03 1',
        ])
        expect(JSON.stringify(told)).not.toContain('Quittenbaum')

        await server.stop()
        record.write(finished('e2', -1, 'bed-102'))
        ;({ server, admin } = await start())
        await until(async () => (await state('room-2')) === 'dirty')
        // What came within the last moments before may be asked for again, and is known.
        expect((await messages()).filter(({ type }) => type === 'ADT^A03')).toHaveLength(2)
      },
    )
  },
)

describe('a record system that does not answer', () => {
  it('is an alarm after five minutes, over once it answers; what it had to tell is not lost', async () => {
    const record = await recordServer()
    record.isDown = true
    const clock = new SimulatedClock(START_MS)
    const server = await startTestServer({
      clock,
      wallClock: clock,
      dataKey: '5a'.repeat(32),
      hl7: {
        port: null,
        tls: null,
        sendTo: [],
        keepDays: 30,
        encounters: { url: record.url, token: record.token, everyMs: EVERY_MS },
      },
    })
    undo.push(() => server.stop())
    const nurse = await TestClient.signIn(server, 'nurse')
    const admin = await TestClient.signIn(server, 'admin')
    await admin.ok('PUT', '/hl7/mapping', {
      ...SHIPPED_MAPPING,
      locations: [{ location: 'ICU^101', roomId: 'room-1' }],
    })
    record.write(encounter('e1', -60, 'bed-101'))
    const alarm = await until(async () => {
      clock.advance(EVERY_MS)
      return (await nurse.ok<AlarmView[]>('GET', '/alarms'))[0]
    })
    expect(alarm).toMatchObject({ kind: 'fhir.encounters', priority: 'high' })
    expect(alarm.text).toContain('it answered 503')
    expect(Date.parse(alarm.raisedAt)).toBeGreaterThanOrEqual(START_MS + 300_000)
    record.isDown = false
    await until(async () => {
      clock.advance(EVERY_MS)
      return (await nurse.room('room-1')).state === 'occupied'
    })
    await until(async () => (await nurse.ok<AlarmView[]>('GET', '/alarms'))[0]?.clearedAt !== null)
  })
})
