import type { CapabilityStatement } from 'fhir/r4.js'
import type { SearchParameters } from './search-query.ts'

export const FHIR_JSON = 'application/fhir+json'
export const JSON_PATCH = 'application/json-patch+json'

/** Every resource that is served, and by what it is found: the routes are made from this, and so is what is said of them. */
export const SERVED = {
  Location: {
    _id: 'token',
    identifier: 'token',
    status: 'token',
    'operational-status': 'token',
    partof: 'reference',
  },
  Task: {
    _id: 'token',
    identifier: 'token',
    status: 'token',
    'business-status': 'token',
    code: 'token',
    focus: 'reference',
    subject: 'reference',
    'part-of': 'reference',
  },
  DiagnosticReport: { _id: 'token', identifier: 'token', status: 'token', subject: 'reference' },
  Observation: { _id: 'token', subject: 'reference' },
  DocumentReference: { _id: 'token', identifier: 'token', status: 'token', related: 'reference' },
  Measure: { _id: 'token', status: 'token' },
  MeasureReport: { _id: 'token', status: 'token', measure: 'reference' },
} as const satisfies Readonly<Record<string, SearchParameters>>
export type ServedType = keyof typeof SERVED

const NEWEST =
  'Searches look through what is open and the newest 300 requests and missions; anything older is read by its id.'

const SAID: Readonly<Record<ServedType, string>> = {
  Location:
    'Rooms, their levels, and the hospital as one building. operationalStatus is table 0116 of HL7 v2.',
  Task: `A request to disinfect a room (code disinfect-room) and each treatment by a robot for it (treat-room, partOf). A Task that is created is a request; a nurse approves it in Wardlight. It can be changed to cancelled and in no other way. ${NEWEST}`,
  DiagnosticReport: `What came of a treatment that is over. conclusion is the only text that claims an effect. ${NEWEST}`,
  Observation: `Numbers of a DiagnosticReport. ${NEWEST}`,
  DocumentReference: `Signed proofs, as their file and as PDF. ${NEWEST}`,
  Measure: 'What the reports of a month count, and how.',
  MeasureReport:
    'One measure of one month and one ward (subject), from the month of the first request on, newest first. Of a month that is not over yet it is pending. No total over wards: whoever adds percentiles gets none.',
}

/** What this server does with FHIR (R4, 5.2). */
export function capabilityStatement({
  base,
  version,
  hospitalName,
}: {
  readonly base: string
  readonly version: string
  readonly hospitalName: string
}): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-11-27',
    kind: 'instance',
    software: { name: 'Wardlight', version },
    implementation: { description: `Wardlight of ${hospitalName}`, url: base },
    fhirVersion: '4.0.1',
    format: [FHIR_JSON, 'json'],
    patchFormat: [JSON_PATCH],
    rest: [
      {
        mode: 'server',
        documentation:
          'Parameters of searches that are not listed are refused. Whoever works on some wards sees only their rooms.',
        security: {
          cors: false,
          description:
            'Sign in with POST /api/session; the cookie of its answer goes with every call. Only this statement is open to anyone.',
        },
        resource: (Object.keys(SERVED) as ServedType[]).map((type) => ({
          type,
          documentation: SAID[type],
          interaction: [
            { code: 'read' as const },
            { code: 'search-type' as const },
            ...(type === 'Task'
              ? [{ code: 'create' as const }, { code: 'update' as const }, { code: 'patch' as const }]
              : []),
          ],
          versioning: 'no-version' as const,
          readHistory: false,
          ...(type === 'Task' ? { updateCreate: false, conditionalCreate: true } : {}),
          searchParam: Object.entries(SERVED[type]).map(([name, kind]) => ({ name, type: kind })),
        })),
      },
    ],
  }
}
