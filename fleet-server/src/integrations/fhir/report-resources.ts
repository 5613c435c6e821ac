import type { ProofReport, ProofView, Verdict } from '@wardlight/core/fleet'
import type { DiagnosticReport, DocumentReference, Observation, Reference } from 'fhir/r4.js'
import { fhirId } from './ids.ts'
import { SYSTEMS } from './systems.ts'
import { mjPerCm2 } from './task.ts'

/** What is measured or computed of a treatment. Ids of FHIR hold 64 characters: with a mission's, these have 19. */
const MEASURES = {
  'dose-min': 'Lowest dose on a promised surface',
  'dose-p5': 'Dose that 95 % of the promised surfaces got or exceeded',
  'dose-p50': 'Dose that half of the promised surfaces got or exceeded',
  'surfaces-reached': 'Surfaces at or above the target dose',
  'surfaces-promised': 'Surfaces to which the approved plan promised the target dose',
  'surfaces-total': 'Surfaces of the room as found',
  'peak-ppm': 'Highest concentration of hydrogen peroxide in the air of the room',
  'ppm-hours': 'Concentration of hydrogen peroxide over time, by the sensor that read least',
} as const
type Measure = keyof typeof MEASURES

const OF_LIGHT = [
  'dose-min',
  'dose-p5',
  'dose-p50',
  'surfaces-reached',
  'surfaces-promised',
  'surfaces-total',
] as const satisfies readonly Measure[]
const OF_GAS = ['peak-ppm', 'ppm-hours'] as const satisfies readonly Measure[]

export function measuresOf(method: 'uv' | 'hpv' | 'ahp'): readonly Measure[] {
  return method === 'uv' ? OF_LIGHT : OF_GAS
}

export function observationId(missionId: string, measure: Measure): string {
  return `${fhirId('mission', missionId)}.${measure}`
}

const METHODS: Readonly<Record<'uv' | 'hpv' | 'ahp', string>> = {
  uv: 'Disinfection with UV-C light',
  hpv: 'Disinfection with hydrogen peroxide vapour',
  ahp: 'Disinfection with aerosolised hydrogen peroxide',
}

/** `partial`: something was done, and the dose is not proven. `cancelled`: nothing was. */
export function reportStatus(verdict: Verdict): 'final' | 'partial' | 'cancelled' {
  if (verdict === 'proven') return 'final'
  return verdict === 'incomplete' ? 'partial' : 'cancelled'
}

export function diagnosticReport(report: ProofReport, room: Reference): DiagnosticReport {
  const method = report.method === 'none' ? report.plannedMethod : report.method
  const results = observations(report, room)
  const issued = report.releasedAt ?? report.endedAt
  return {
    resourceType: 'DiagnosticReport',
    id: fhirId('mission', report.missionId),
    identifier: [{ system: SYSTEMS.mission, value: report.missionId }],
    status: reportStatus(report.verdict),
    code: {
      coding: [{ system: SYSTEMS.report, code: method, display: METHODS[method] }],
      text: METHODS[method],
    },
    subject: room,
    effectivePeriod: periodOf(report),
    ...(issued === null ? {} : { issued }),
    ...(results.length === 0
      ? {}
      : { result: results.map(({ id }) => ({ reference: `Observation/${id ?? ''}` })) }),
    // The only words that claim an effect, and no others.
    ...(report.claim.trim() === '' ? {} : { conclusion: report.claim }),
  }
}

/** None where the evidence does not hold together: its numbers count for nothing. */
export function observations(report: ProofReport, room: Reference): Observation[] {
  if (report.method === 'none' || report.problem !== null) return []
  const { end } = periodOf(report)
  const make = (
    measure: Measure,
    value: Pick<Observation, 'valueQuantity' | 'valueInteger'>,
  ): Observation => ({
    resourceType: 'Observation',
    id: observationId(report.missionId, measure),
    status: 'final',
    code: {
      coding: [{ system: SYSTEMS.measure, code: measure, display: MEASURES[measure] }],
      text: MEASURES[measure],
    },
    subject: room,
    ...(end === undefined ? {} : { effectiveDateTime: end }),
    ...value,
  })
  if (report.method === 'uv') {
    const { doseMjPerCm2, surfaces } = report
    const values = {
      'dose-min': { valueQuantity: mjPerCm2(doseMjPerCm2.min) },
      'dose-p5': { valueQuantity: mjPerCm2(doseMjPerCm2.p5) },
      'dose-p50': { valueQuantity: mjPerCm2(doseMjPerCm2.p50) },
      'surfaces-reached': { valueInteger: surfaces.reached },
      'surfaces-promised': { valueInteger: surfaces.promised },
      'surfaces-total': { valueInteger: surfaces.total },
    }
    return OF_LIGHT.map((measure) => make(measure, values[measure]))
  }
  const { peakPpm, ppmHours } = report.cycle
  const values = {
    'peak-ppm': { valueQuantity: { value: peakPpm, unit: 'ppm', system: SYSTEMS.ucum, code: '[ppm]' } },
    'ppm-hours': {
      valueQuantity: { value: ppmHours, unit: 'ppm·h', system: SYSTEMS.ucum, code: '[ppm].h' },
    },
  }
  return OF_GAS.map((measure) => make(measure, values[measure]))
}

/**
 * A signed proof, as its file and to read and print. Without `attachment.hash`: that is SHA-1, which proves nothing any more;
 * the SHA-256 of the file is its identifier.
 *
 * @param origin of this server, as whoever asks reaches it
 * @param isNewest no later proof of the same mission is there
 */
export function documentReference(
  proof: ProofView,
  requestId: string,
  room: Reference,
  origin: string,
  isNewest: boolean,
): DocumentReference {
  const { sequence, missionId, issuedAt, kind, sha256 } = proof
  const missionFhirId = fhirId('mission', missionId)
  const title = `Proof ${sequence} (${kind})`
  return {
    resourceType: 'DocumentReference',
    id: fhirId('proof', sequence),
    identifier: [{ system: SYSTEMS.proofSha256, value: sha256 }],
    status: isNewest ? 'current' : 'superseded',
    docStatus: 'final',
    type: {
      coding: [{ system: SYSTEMS.report, code: 'proof', display: 'Signed proof of a treatment' }],
      text: 'Signed proof of a treatment',
    },
    date: issuedAt,
    description: title,
    content: [
      {
        attachment: {
          contentType: 'application/json',
          url: `${origin}/api/proofs/${sequence}`,
          title: `${title}, signed file`,
          creation: issuedAt,
        },
      },
      {
        attachment: {
          contentType: 'application/pdf',
          url: `${origin}/api/proofs/${sequence}/pdf`,
          title: `${title}, to read and print`,
          creation: issuedAt,
        },
      },
    ],
    context: {
      related: [
        { reference: `DiagnosticReport/${missionFhirId}` },
        { reference: `Task/${fhirId('request', requestId)}` },
        { reference: `Task/${missionFhirId}` },
        room,
      ],
    },
  }
}

/** By the robot's clock where it told, else by the server's. */
function periodOf(report: ProofReport): { start: string; end?: string } {
  if (report.method === 'uv') return { start: report.dose.startedAt, end: report.dose.finishedAt }
  if (report.method !== 'none') return { start: report.cycle.startedAt, end: report.cycle.finishedAt }
  return { start: report.orderedAt, ...(report.endedAt === null ? {} : { end: report.endedAt }) }
}
