import fc from 'fast-check'
import type { Task } from 'fhir/r4.js'
import { describe, expect, it } from 'vitest'
import { ORGANISMS } from '@wardlight/core/disinfection'
import { NO_SCHEDULE_WISH, type ProofReport, type RoomState } from '@wardlight/core/fleet'
import { BED_STATUSES, bedStatusOf } from '../hl7/bed-status.ts'
import { capabilityStatement } from './capability-statement.ts'
import { fhirId } from './ids.ts'
import { buildingLocation, levelLocation, roomLocation } from './location.ts'
import { measure, measureReport, measureReportId, MEASURE_IDS } from './measures.ts'
import { organismConcept, organismIdOf } from './organism-codes.ts'
import { checkCancellation, checkIfNoneExist, readTask, withoutUnread } from './read-task.ts'
import { diagnosticReport, documentReference, observations } from './report-resources.ts'
import { isFound, readSearch } from './search-query.ts'
import { SYSTEMS } from './systems.ts'
import { missionTask, requestTask, requestTaskState, type TaskMission, type TaskRequest } from './task.ts'
import { schemaProblems } from './testing/fhir-schema.ts'

const ID = /^[A-Za-z0-9.-]{1,64}$/
const instant = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
/** What people type: anything, also nothing at all. */
const words = fc.string({ unit: 'grapheme', maxLength: 40 })
const someName = fc.string({ minLength: 1, maxLength: 30 }).filter((text) => text.trim() !== '')
const states = [
  'dirty',
  'cleanNext',
  'stat',
  'inProgress',
  'suspended',
  'blocked',
  'clean',
  'occupied',
] as const satisfies readonly RoomState[]
const phases = [
  'queued',
  'traveling',
  'surveying',
  'awaitingArming',
  'exitDelay',
  'dosing',
  'interrupted',
  'gassing',
  'dwelling',
  'aerating',
  'verifying',
  'isolating',
  'conditioning',
  'unsealing',
  'finished',
] as const

const request: fc.Arbitrary<TaskRequest> = fc.record({
  id: fc.uuid(),
  organismId: fc.option(fc.constantFrom(...ORGANISMS.map(({ id }) => id))),
  targetLog: fc.option(fc.double({ min: 0.1, max: 6, noNaN: true })),
  targetMjPerCm2: fc.option(fc.double({ min: 0.1, max: 500, noNaN: true })),
  isFloorTreated: fc.boolean(),
  protocol: fc.constant(null),
  dueAt: fc.option(instant),
  status: fc.constantFrom('planning', 'planned', 'planningFailed', 'approved', 'withdrawn'),
  failure: fc.option(words),
  requestedBy: someName,
  requestedAt: instant,
  roomReady: fc.option(fc.record({ by: fc.option(someName), at: fc.constant(null) })),
  wish: fc
    .constantFrom('stat' as const, 'next' as const, 'routine' as const, null)
    .map((priority) => ({ ...NO_SCHEDULE_WISH, priority })),
})

const mission: fc.Arbitrary<
  TaskMission & { organismId: string | null; targetLog: number | null; protocol: null }
> = fc.record({
  id: fc.uuid(),
  requestId: fc.uuid(),
  method: fc.constantFrom('uv', 'hpv', 'ahp'),
  stepNumber: fc.integer({ min: 0, max: 2 }),
  stepCount: fc.constant(3),
  phase: fc.constantFrom(...phases),
  verdict: fc.option(fc.constantFrom('proven' as const, 'incomplete' as const, 'aborted' as const)),
  outcome: fc.option(words),
  orderedAt: instant,
  finishedAt: fc.option(instant),
  releasedAt: fc.option(instant),
  organismId: fc.constantFrom('mrsa', null),
  targetLog: fc.constantFrom(3, null),
  protocol: fc.constant(null),
})

const context = {
  room: { reference: 'Location/room-1', display: 'Room 1' },
  organismName: (id: string) => `Organism ${id}`,
}

function anOrder(patch: object = {}): object {
  return {
    resourceType: 'Task',
    identifier: [{ system: 'urn:oid:1.2.3', value: 'A-17' }],
    status: 'requested',
    intent: 'order',
    code: { coding: [{ system: SYSTEMS.taskCode, code: 'disinfect-room' }] },
    focus: { reference: 'Location/room-1' },
    restriction: { period: { end: '2026-01-05T06:00:00+01:00' } },
    input: [
      {
        type: { coding: [{ system: SYSTEMS.taskInput, code: 'organism' }] },
        valueCodeableConcept: { coding: [{ system: SYSTEMS.snomedCt, code: '115329001' }] },
      },
      {
        type: { coding: [{ system: SYSTEMS.taskInput, code: 'target-log' }] },
        valueDecimal: 3,
      },
    ],
    ...patch,
  }
}
const roomIdOf = (locationId: string) => (/^room-[12]$/.test(locationId) ? locationId : null)

describe('the schema that resources are held to', () => {
  it('is that of R4, and refuses what is wrong', () => {
    const good = missionTaskSample()
    expect(schemaProblems(good)).toEqual([])
    const wrong: readonly [object, RegExp][] = [
      [{ ...good, status: 'done' }, /status/],
      [{ ...good, intent: undefined, note: 'hello' }, /note/],
      [{ ...good, focus: 'Location/room-1' }, /focus/],
      [{ ...good, colour: 'blue' }, /additional/],
      [{ ...good, output: [] }, /output is empty/],
      [{ ...good, resourceType: 'Chore' }, /no resource/],
      [{ ...good, id: 'room 1' }, /id/],
      [
        { resourceType: 'Bundle', type: 'searchset', entry: [{ resource: { ...good, status: 'done' } }] },
        /status/,
      ],
    ]
    for (const [resource, problem] of wrong) {
      expect(schemaProblems(resource).join('\n')).toMatch(problem)
    }
  })
})

describe('a Task of a request', () => {
  it('follows the schema, whatever the request and its missions are like', () => {
    fc.assert(
      fc.property(request, fc.array(mission, { maxLength: 3 }), fc.boolean(), (row, missions, isNewest) => {
        const task = requestTask(row, missions, isNewest, [{ system: 'urn:x', value: '1' }], context)
        expect(schemaProblems(task)).toEqual([])
        expect(task.id).toMatch(ID)
        for (const each of missions) expect(schemaProblems(missionTask(each, context))).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('is completed by nothing but the release of people', () => {
    fc.assert(
      fc.property(request, fc.option(mission), fc.boolean(), (row, last, isNewest) => {
        const { status } = requestTaskState(row, last, isNewest)
        const isReleased = row.status === 'approved' && last !== null && last.releasedAt !== null
        expect(status === 'completed').toBe(isReleased)
        expect(status === 'cancelled').toBe(row.status === 'withdrawn')
      }),
    )
  })

  it('goes the way from asked to released by its own words', () => {
    const row = fc.sample(request, 1)[0]!
    const run = fc.sample(mission, 1)[0]!
    const open = { ...run, stepNumber: 0, stepCount: 1, finishedAt: null, releasedAt: null, verdict: null }
    const approved = { ...row, status: 'approved' as const }
    const at = new Date('2026-01-05T03:00:00Z')
    const proven = { ...open, phase: 'finished' as const, verdict: 'proven' as const, finishedAt: at }
    const way: readonly [TaskRequest, TaskMission | null, string, string][] = [
      [{ ...row, status: 'planning' }, null, 'requested', 'planning'],
      [{ ...row, status: 'planned', roomReady: { by: null, at: null } }, null, 'received', 'roomNotReady'],
      [{ ...row, status: 'planned', roomReady: null }, null, 'received', 'planned'],
      [{ ...row, status: 'planningFailed' }, null, 'failed', 'planningFailed'],
      [approved, null, 'accepted', 'approved'],
      [approved, { ...open, phase: 'queued' }, 'accepted', 'queued'],
      [approved, { ...open, phase: 'traveling' }, 'accepted', 'traveling'],
      [approved, { ...open, phase: 'awaitingArming' }, 'ready', 'awaitingArming'],
      [approved, { ...open, phase: 'dosing' }, 'in-progress', 'dosing'],
      [approved, { ...open, phase: 'interrupted' }, 'on-hold', 'interrupted'],
      [approved, proven, 'in-progress', 'awaitingRelease'],
      [approved, { ...proven, stepCount: 2 }, 'in-progress', 'awaitingNextStep'],
      [approved, { ...open, stepNumber: 1, stepCount: 2, phase: 'traveling' }, 'in-progress', 'traveling'],
      [approved, { ...proven, verdict: 'incomplete' }, 'failed', 'incomplete'],
      [approved, { ...proven, verdict: 'aborted' }, 'failed', 'aborted'],
      [approved, { ...proven, releasedAt: at }, 'completed', 'released'],
      [{ ...row, status: 'withdrawn' }, null, 'cancelled', 'withdrawn'],
    ]
    for (const [asked, last, status, code] of way) {
      expect(requestTaskState(asked, last, true)).toMatchObject({ status, code })
    }
    expect(requestTaskState(approved, proven, false)).toMatchObject({ status: 'failed', code: 'notReleased' })
  })

  it('points to the report of each treatment that is over', () => {
    const row = { ...fc.sample(request, 1)[0]!, status: 'approved' as const }
    const ended = { ...fc.sample(mission, 1)[0]!, finishedAt: new Date(0), verdict: 'proven' as const }
    const task = requestTask(row, [ended], true, [], context)
    expect(task.output?.map(({ valueReference }) => valueReference?.reference)).toEqual([
      `DiagnosticReport/mission-${ended.id}`,
    ])
    const running = requestTask(row, [{ ...ended, finishedAt: null }], true, [], context)
    expect(running.output).toBeUndefined()
  })
})

describe('a Location', () => {
  it('follows the schema, tells the bed by table 0116, and free of none but a clean room', () => {
    fc.assert(
      fc.property(
        fc.record({
          id: someName,
          name: words,
          kind: fc.constantFrom('corridor', 'patientRoom'),
          ward: fc.option(words),
        }),
        fc.constantFrom(...states),
        fc.record({ isIsolated: fc.boolean(), isContaminated: fc.boolean() }),
        (room, state, carries) => {
          const status = bedStatusOf(state, carries)
          const location = roomLocation('L 1', room, { name: null, state }, status)
          expect(schemaProblems(location)).toEqual([])
          expect(location.operationalStatus?.code).toBe(status)
          expect(location.operationalStatus?.display?.toLowerCase()).toBe(BED_STATUSES[status])
          expect(location.operationalStatus?.code === 'U').toBe(state === 'clean')
          expect(location.status).toBe(state === 'blocked' ? 'suspended' : 'active')
        },
      ),
      { numRuns: 60 },
    )
    expect(schemaProblems(levelLocation({ id: 'Level 1', name: 'Ground' }))).toEqual([])
    expect(schemaProblems(buildingLocation('St. Wardlight'))).toEqual([])
  })

  it('has an id of FHIR for every id of a plan, the same for the same and another for any other', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 90 }), fc.string({ maxLength: 90 }), (a, b) => {
        expect(fhirId('room', a)).toMatch(ID)
        expect(fhirId('room', a) === fhirId('room', b)).toBe(a === b)
      }),
    )
    expect(fhirId('room', 'room-1')).toBe('room-room-1')
    expect(fhirId('room', 'a b')).not.toBe(fhirId('room', 'a.20.b'))
  })
})

describe('reports', () => {
  const known = {
    missionId: '00000000-0000-4000-8000-000000000000',
    roomId: 'room-1',
    verdict: 'proven',
    problem: null,
    claim: 'At least 3 log by this site’s validation.',
    orderedAt: '2026-01-05T03:00:00.000Z',
    endedAt: '2026-01-05T03:10:00.000Z',
    releasedAt: null,
  }
  const light = (patch: object = {}) =>
    ({
      ...known,
      method: 'uv',
      dose: { startedAt: known.orderedAt, finishedAt: known.endedAt },
      doseMjPerCm2: { min: 27.4, p5: 28.1, p50: 61.9 },
      surfaces: { reached: 90, promised: 88, total: 120 },
      ...patch,
    }) as unknown as ProofReport
  const gas = {
    ...known,
    method: 'hpv',
    cycle: { startedAt: known.orderedAt, finishedAt: known.endedAt, peakPpm: 480, ppmHours: 300 },
  } as unknown as ProofReport

  it('tell dose and gas in UCUM, and claim in the words of the claim alone', () => {
    for (const report of [light(), gas]) {
      const resource = diagnosticReport(report, context.room)
      expect(schemaProblems(resource)).toEqual([])
      expect(resource).toMatchObject({ status: 'final', conclusion: known.claim, subject: context.room })
      expect(resource.conclusionCode).toBeUndefined()
      const results = observations(report, context.room)
      for (const each of results) {
        expect(schemaProblems(each)).toEqual([])
        expect(each.id).toMatch(ID)
      }
      expect(resource.result?.map(({ reference }) => reference)).toEqual(
        results.map(({ id }) => `Observation/${id!}`),
      )
    }
    const values = (report: ProofReport) =>
      Object.fromEntries(
        observations(report, context.room).map(({ id, valueQuantity, valueInteger }) => [
          id!.split('.')[1],
          valueInteger ?? [valueQuantity?.value, valueQuantity?.code],
        ]),
      )
    expect(values(light())).toEqual({
      'dose-min': [27.4, 'mJ/cm2'],
      'dose-p5': [28.1, 'mJ/cm2'],
      'dose-p50': [61.9, 'mJ/cm2'],
      'surfaces-reached': 90,
      'surfaces-promised': 88,
      'surfaces-total': 120,
    })
    expect(values(gas)).toEqual({ 'peak-ppm': [480, '[ppm]'], 'ppm-hours': [300, '[ppm].h'] })
  })

  it('are not final where nothing is proven, and have no numbers where the evidence does not hold together', () => {
    const status = (patch: object) => diagnosticReport(light(patch), context.room).status
    expect([status({ verdict: 'incomplete' }), status({ verdict: 'aborted' })]).toEqual([
      'partial',
      'cancelled',
    ])
    const spoiled = light({ verdict: 'incomplete', problem: 'The report names another room' })
    expect(observations(spoiled, context.room)).toEqual([])
    expect(diagnosticReport(spoiled, context.room).result).toBeUndefined()
    const none = { ...known, method: 'none', plannedMethod: 'uv', verdict: 'aborted', endedAt: null }
    const resource = diagnosticReport(none as unknown as ProofReport, context.room)
    expect(schemaProblems(resource)).toEqual([])
    expect(resource).toMatchObject({ status: 'cancelled', code: { coding: [{ code: 'uv' }] } })
  })

  it('lead to the signed proof', () => {
    const document = documentReference(
      {
        sequence: 7,
        previousSha256: null,
        sha256: 'a'.repeat(64),
        missionId: known.missionId,
        kind: 'released',
        issuedAt: known.endedAt,
        keyId: 'b'.repeat(64),
      },
      'r1',
      context.room,
      'https://wardlight.example',
      false,
    )
    expect(schemaProblems(document)).toEqual([])
    expect(document).toMatchObject({ id: 'proof-7', status: 'superseded' })
    expect(document.content.map(({ attachment }) => [attachment.contentType, attachment.url])).toEqual([
      ['application/json', 'https://wardlight.example/api/proofs/7'],
      ['application/pdf', 'https://wardlight.example/api/proofs/7/pdf'],
    ])
  })
})

it('states its capabilities by the schema', () => {
  const statement = capabilityStatement({
    base: 'https://w.example/api/fhir',
    version: '1',
    hospitalName: 'H',
  })
  expect(schemaProblems(statement)).toEqual([])
  expect(statement.fhirVersion).toBe('4.0.1')
})

describe('a Task of another system', () => {
  it('is read as a request', () => {
    expect(schemaProblems(anOrder())).toEqual([])
    expect(readTask(anOrder(), roomIdOf)).toEqual({
      identifier: { system: 'urn:oid:1.2.3', value: 'A-17' },
      wish: { roomId: 'room-1', organismId: 'mrsa', targetLog: 3, dueAt: '2026-01-05T06:00:00+01:00' },
    })
  })

  it('is refused with the place of what is wrong, never half read', () => {
    const input = (code: string, value: object) => ({
      type: { coding: [{ system: SYSTEMS.taskInput, code }] },
      ...value,
    })
    const wrong: readonly [object, string][] = [
      [{ resourceType: 'ServiceRequest' }, 'Task'],
      [{ identifier: undefined }, 'Task.identifier'],
      [{ identifier: [{ value: '1' }] }, 'Task.identifier.system'],
      [{ status: 'draft' }, 'Task.status'],
      [{ intent: 'plan' }, 'Task.intent'],
      [{ priority: 'stat' }, 'Task.priority'],
      [{ code: { text: 'Disinfect' } }, 'Task.code'],
      [{ focus: { reference: 'Patient/1' } }, 'Task.focus.reference'],
      [{ focus: { reference: 'Location/room-9' } }, 'Task.focus.reference'],
      [{ focus: undefined }, 'Task.focus'],
      [{ for: { reference: 'Location/room-2' } }, 'Task.for'],
      [{ for: { reference: 'Patient/7' } }, 'Task.for.reference'],
      [{ encounter: { reference: 'Encounter/7' } }, 'Task.encounter'],
      [{ modifierExtension: [{ url: 'urn:not', valueBoolean: true }] }, 'Task.modifierExtension'],
      [{ restriction: { period: { end: '2026-01-05' } } }, 'Task.restriction.period.end'],
      [{ restriction: { repetitions: 3 } }, 'Task.restriction'],
      [{ input: [] }, 'Task.input'],
      [{ input: [input('colour', { valueString: 'blue' })] }, 'Task.input[0].type'],
      [{ input: [input('target-log', { valueDecimal: 9 })] }, 'Task.input[0].valueDecimal'],
      [
        { input: [input('floor', { valueBoolean: true }), input('floor', { valueBoolean: false })] },
        'Task.input[1]',
      ],
      [
        {
          input: [
            input('organism', {
              valueCodeableConcept: {
                coding: [
                  { system: SYSTEMS.organism, code: 'vre' },
                  { system: SYSTEMS.snomedCt, code: '115329001' },
                ],
              },
            }),
          ],
        },
        'Task.input[0].valueCodeableConcept',
      ],
      [
        {
          input: [
            input('protocol', {
              valueCodeableConcept: { coding: [{ system: SYSTEMS.protocol, code: 'daily', version: '1' }] },
            }),
          ],
        },
        'Task.input[0].valueCodeableConcept',
      ],
    ]
    for (const [patch, where] of wrong) {
      const order = JSON.parse(JSON.stringify(anOrder(patch))) as unknown
      expect(() => readTask(order, roomIdOf), where).toThrow(
        expect.objectContaining({ code: 'WARD_ERR_VALIDATION', where }),
      )
    }
  })

  it('is either read or refused as input, whatever is sent', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(anOrder())), fc.jsonValue()), (patch) => {
        try {
          readTask({ ...anOrder(), ...patch }, roomIdOf)
        } catch (error) {
          expect(error).toMatchObject({ code: 'WARD_ERR_VALIDATION' })
        }
      }),
    )
  })

  it('keeps no words of its own, so none of patients', () => {
    const told = anOrder({
      description: 'for Mr. Miller',
      note: [{ text: 'Miller' }],
      text: { div: 'Miller' },
      encounter: { display: 'Miller' },
    })
    const kept = withoutUnread(told)
    expect(JSON.stringify(kept)).not.toContain('Miller')
    expect(() => readTask(kept, roomIdOf)).toThrow(expect.objectContaining({ where: 'Task.encounter' }))
  })

  it('can be called off, and changed in no other way', () => {
    const cancelled = { op: 'replace', path: '/status', value: 'cancelled' }
    checkCancellation([cancelled], 'PATCH', 'request-1')
    checkCancellation({ resourceType: 'Task', id: 'request-1', status: 'cancelled' }, 'PUT', 'request-1')
    const wrong: readonly [unknown, 'PUT' | 'PATCH'][] = [
      [[{ ...cancelled, value: 'completed' }], 'PATCH'],
      [[cancelled, cancelled], 'PATCH'],
      [[{ ...cancelled, path: '/focus' }], 'PATCH'],
      [{ resourceType: 'Task', id: 'request-1', status: 'cancelled' }, 'PATCH'],
      [{ resourceType: 'Task', id: 'request-2', status: 'cancelled' }, 'PUT'],
      [{ resourceType: 'Task', id: 'request-1', status: 'completed' }, 'PUT'],
      [[cancelled], 'PUT'],
    ]
    for (const [body, method] of wrong) {
      expect(() => checkCancellation(body, method, 'request-1')).toThrow(
        expect.objectContaining({ code: 'WARD_ERR_VALIDATION' }),
      )
    }
  })

  it('is looked for by its own number alone', () => {
    const order = readTask(anOrder(), roomIdOf)
    checkIfNoneExist('identifier=urn:oid:1.2.3|A-17', order)
    checkIfNoneExist('identifier=urn%3Aoid%3A1.2.3%7CA-17', order)
    for (const header of [
      'identifier=A-17',
      'identifier=urn:x|A-17',
      'status=ready',
      'identifier=urn:oid:1.2.3|A-17&status=ready',
    ])
      expect(() => checkIfNoneExist(header, order)).toThrow(
        expect.objectContaining({ where: 'If-None-Exist' }),
      )
  })
})

it('knows the organisms that it codes, each by one code, there and back', () => {
  for (const organism of ORGANISMS) {
    for (const coding of organismConcept(organism).coding ?? [])
      expect(organismIdOf(coding)).toBe(organism.id)
  }
})

describe('a search', () => {
  const parameters = { _id: 'token', status: 'token', focus: 'reference' } as const
  const task = {
    tokens: {
      _id: [{ code: 'request-1' }],
      status: [{ system: SYSTEMS.taskStatus, code: 'ready' as Task['status'] }],
    },
    references: { focus: ['Location/room-1'] },
  }
  const base = 'https://w.example/api/fhir'

  it.each([
    ['', true],
    ['status=ready', true],
    ['status=completed,ready', true],
    ['status=completed', false],
    [`status=${SYSTEMS.taskStatus}|ready`, true],
    [`status=${SYSTEMS.taskStatus}|`, true],
    ['status=urn:x|ready', false],
    ['status=|ready', false],
    ['_id=|request-1', true],
    ['status=ready&_id=request-2', false],
    ['focus=Location/room-1', true],
    ['focus=room-1', true],
    [`focus=${base}/Location/room-1`, true],
    ['focus=Patient/room-1', false],
  ])('%s finds it: %s', (text, isThere) => {
    expect(isFound(task, readSearch(new URLSearchParams(text), parameters), base)).toBe(isThere)
  })

  it('refuses what it does not know, so that nobody finds too much', () => {
    for (const text of [
      'colour=blue',
      'status:not=ready',
      '_count=-1',
      '_count=many',
      '_lastUpdated=gt2026-01-01',
    ]) {
      expect(() => readSearch(new URLSearchParams(text), parameters)).toThrow(
        expect.objectContaining({ code: 'WARD_ERR_VALIDATION' }),
      )
    }
  })
})

function missionTaskSample(): Task {
  return missionTask(
    {
      id: '00000000-0000-4000-8000-000000000000',
      requestId: '00000000-0000-4000-8000-000000000001',
      method: 'uv',
      stepNumber: 0,
      stepCount: 1,
      phase: 'finished',
      verdict: 'proven',
      outcome: null,
      orderedAt: new Date('2026-01-05T03:00:00Z'),
      finishedAt: new Date('2026-01-05T03:10:00Z'),
      releasedAt: null,
      organismId: 'mrsa',
      targetLog: 3,
      protocol: null,
    },
    context,
  )
}

describe('measures of FHIR', () => {
  const ward = fc.option(words)
  const month = fc
    .tuple(fc.integer({ min: 2020, max: 2040 }), fc.integer({ min: 1, max: 12 }))
    .map(([year, number]) => `${year}-${String(number).padStart(2, '0')}`)
  const count = fc.nat({ max: 1000 })
  const seconds = fc.double({ min: 0, max: 1e7, noNaN: true })

  it('follow the schema, whatever wards are called and whatever was counted', () => {
    for (const id of MEASURE_IDS) expect(schemaProblems(measure(id))).toEqual([])
    fc.assert(
      fc.property(
        fc.constantFrom(...MEASURE_IDS),
        month,
        ward,
        fc.boolean(),
        fc.record({ inTime: count, late: count, without: count, open: count, overdue: count }),
        fc.option(fc.record({ medianS: seconds, p90S: seconds, longestS: seconds })),
        (id, name, of, isOver, { inTime, late, without, open, overdue }, times) => {
          const done = inTime + late + without
          const report = measureReport(
            id,
            { month: name, ward: of, isOver },
            {
              due: {
                due: done + open + overdue,
                done,
                doneInTime: inTime,
                doneLate: late,
                doneWithoutDueTime: without,
                failed: 0,
                open: open + overdue,
                overdue,
                missedDates: 0,
                withdrawn: 0,
              },
              turnaround: {
                count: times === null ? 0 : 3,
                medianS: times?.medianS ?? null,
                p90S: times?.p90S ?? null,
                longestS: times?.longestS ?? null,
                buckets: [],
              },
            },
          )
          expect(schemaProblems(report)).toEqual([])
          expect(report.id).toMatch(ID)
          const scores = (report.group ?? []).map(({ measureScore }) => measureScore?.value)
          if (id === 'rooms-done') {
            for (const score of scores) expect(score ?? 0).toBeLessThanOrEqual(1)
            expect(scores[0] === undefined).toBe(done + open + overdue === 0)
          } else expect(scores.every((score) => score === undefined)).toBe(times === null)
        },
      ),
    )
  })

  it('have another id for another month or ward', () => {
    fc.assert(
      fc.property(month, ward, month, ward, (monthA, wardA, monthB, wardB) => {
        const isSame = monthA === monthB && wardA === wardB
        expect(
          measureReportId('turnaround', monthA, wardA) === measureReportId('turnaround', monthB, wardB),
        ).toBe(isSame)
      }),
    )
  })
})
