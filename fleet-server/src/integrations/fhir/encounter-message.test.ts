import { describe, expect, it } from 'vitest'
import { adtEventOf } from '../hl7/adt-event.ts'
import { parseMessage } from '../hl7/message.ts'
import { isEncounter, type Encounter, type Location } from './encounter.ts'
import { messageOfEncounter } from './encounter-message.ts'

const WARD: Location = {
  resourceType: 'Location',
  id: 'w',
  identifier: [{ value: 'ICU' }],
  physicalType: { coding: [{ code: 'wa' }] },
}
const ROOM: Location = {
  resourceType: 'Location',
  id: 'r',
  name: '101',
  physicalType: { coding: [{ code: 'ro' }] },
}
const BED: Location = {
  resourceType: 'Location',
  id: 'b',
  name: 'A',
  physicalType: { coding: [{ code: 'bd' }] },
}
const here = {
  location: { reference: 'Location/b' },
  status: 'active',
  period: { start: '2026-01-05T02:00:00Z' },
}
const there = { location: { reference: 'Location/x' }, status: 'completed' }

function encounter(patch: object = {}): Encounter {
  const one: unknown = {
    resourceType: 'Encounter',
    id: 'e1',
    meta: { lastUpdated: '2026-01-05T02:30:00.250Z', versionId: '4' },
    status: 'in-progress',
    class: { code: 'IMP' },
    subject: { reference: 'Patient/4711', display: 'Wilhelmine Quittenbaum' },
    ...patch,
  }
  if (!isEncounter.Check(one)) throw new Error('no encounter')
  return one
}

function read(one: Encounter, chains: Parameters<typeof messageOfEncounter>[1]) {
  const text = messageOfEncounter(one, chains, 'ehr.example')
  if (text === null) return null
  const message = parseMessage(Buffer.from(text))
  const event = adtEventOf(message, { timeZone: 'Europe/Berlin', nowMs: Date.UTC(2026, 0, 5, 3) })
  return { text, message, event }
}

describe('an encounter as a message of HL7 v2', () => {
  it('says where somebody is, since when, and with which codes', () => {
    const one = encounter({
      location: [here],
      reasonCode: [
        { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'U82.1' }] },
        { coding: [{ code: 'J18' }] },
      ],
      hospitalization: { specialArrangement: [{ coding: [{ code: 'wheel' }, { code: 'I|so' }] }] },
    })
    const { message, event } = read(one, [[BED, ROOM, WARD]])!
    expect(event).toMatchObject({ type: 'admit', location: ['ICU', '101', 'A'] })
    expect('at' in event && event.at.fromMs).toBe(Date.UTC(2026, 0, 5, 2, 30))
    expect('occurred' in event && event.occurred?.fromMs).toBe(Date.UTC(2026, 0, 5, 2))
    expect(message.values('DG1-3')).toEqual(['U82.1', 'J18'])
    expect(message.values('PV1-15')).toEqual(['wheel', 'I|so'])
  })

  it('says a move where there was another place before', () => {
    expect(read(encounter({ location: [there, here] }), [null, [BED, ROOM, WARD]])!.event).toMatchObject({
      type: 'transfer',
      location: ['ICU', '101', 'A'],
    })
  })

  it('takes the closest of the places where somebody is at once', () => {
    const both = encounter({ location: [{ ...here, location: { reference: 'Location/w' } }, here] })
    expect(read(both, [[WARD], [BED, ROOM, WARD]])!.event).toMatchObject({ location: ['ICU', '101', 'A'] })
  })

  it('takes a place that does not say what it is for a room', () => {
    const plain: Location = { resourceType: 'Location', id: 'room-1' }
    expect(read(encounter({ location: [here] }), [[plain]])!.event).toMatchObject({
      location: ['', 'room-1'],
    })
  })

  it.each([
    ['finished', 'discharge'],
    ['cancelled', 'cancelAdmit'],
    ['entered-in-error', 'cancelAdmit'],
  ])('%s is %s', (status, type) => {
    const over = encounter({
      status,
      period: { end: '2026-01-05T02:10:00Z' },
      location: [{ ...here, status: 'completed' }],
    })
    const { event } = read(over, [[BED, ROOM, WARD]])!
    expect(event).toMatchObject({ type, location: ['ICU', '101', 'A'] })
    expect('occurred' in event && event.occurred?.fromMs).toBe(Date.UTC(2026, 0, 5, 2, 10))
  })

  it.each(['planned', 'unknown', 'constructor'])('%s says nothing of a room', (status) => {
    expect(read(encounter({ status, location: [here] }), [[BED, ROOM, WARD]])).toBeNull()
  })

  it('says nothing of a patient whose place cannot be read', () => {
    expect(read(encounter({ location: [here] }), [null])).toBeNull()
    expect(read(encounter({}), [])).toBeNull()
  })

  it('has nothing of the patient, and the same number for the same version alone', () => {
    const first = read(encounter({ location: [here] }), [[BED, ROOM, WARD]])!
    expect(first.text).not.toMatch(/Quittenbaum|4711/)
    const again = read(encounter({ location: [here] }), [[BED, ROOM, WARD]])!
    expect(again.text).toBe(first.text)
    const newer = encounter({
      location: [here],
      meta: { lastUpdated: '2026-01-05T02:30:00.250Z', versionId: '5' },
    })
    expect(read(newer, [[BED, ROOM, WARD]])!.message.value('MSH-10')).not.toBe(first.message.value('MSH-10'))
    expect(first.message.value('MSH-10')).not.toContain('e1')
  })
})
