import {
  claimFor,
  logReductionIntervalForDose,
  organismById,
  surfacesOf,
  type Protocol,
} from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import { DoseReportSchema, type DoseReport, type MissionReport, type Verdict } from '@wardlight/core/fleet'
import { Compile } from 'typebox/compile'
import { missionReport } from '../domain/mission-report.ts'
import { releaseRule } from '../domain/protocol-rules.ts'
import { judgeReport, outcomeOf, promisedSurfaceIds } from '../domain/verdict.ts'
import type { MissionRow } from '../store/schema.ts'
import type { Evidence } from './evidence.ts'
import type { FloorIndex } from './floor-index.ts'
import type { Ledger } from './ledger.ts'

const doseReport = Compile(DoseReportSchema)

export interface ReceivedReport {
  readonly verdict: Verdict
  /** For people: why the mission ended as it did. */
  readonly outcome: string
  readonly problem: string | null
  readonly report: DoseReport | null
}

/** Reads and judges the evidence as the robot sent it. What cannot be read proves nothing. */
export function receiveReport(text: string, mission: MissionRow): ReceivedReport {
  const report = parse(text)
  if (typeof report === 'string') {
    const problem = `The robot's report cannot be read: ${report}`
    return { verdict: 'incomplete', outcome: `Disinfection incomplete: ${problem}`, problem, report: null }
  }
  const { verdict, problem } = judgeReport({
    report,
    mission,
    planned: surfacesOf(mission.plan.room, mission.plan.surfaceSizeM),
    found: surfacesOf(report.room, report.surfaceSizeM),
  })
  return { verdict, problem, report, outcome: outcomeOf(report, verdict, problem) }
}

/** @throws WARD_ERR_NOT_FOUND when the mission has none, or none that can be read */
export function readStoredReport(mission: MissionRow): DoseReport {
  if (mission.reportText === null) {
    throw wardError('WARD_ERR_NOT_FOUND', {
      what: mission.finishedAt === null ? 'The mission has no report yet' : 'The robot left no report',
      where: 'missionId',
      remedy: mission.finishedAt === null ? 'Wait until it has finished.' : 'Disinfect the room again.',
    })
  }
  const report = parse(mission.reportText)
  if (typeof report === 'string') {
    throw wardError('WARD_ERR_NOT_FOUND', {
      what: `The robot's report cannot be read: ${report}`,
      where: 'missionId',
      remedy: 'Disinfect the room again; the report is kept for the developers.',
    })
  }
  return report
}

export class MissionReports {
  readonly #ledger: Ledger
  readonly #floor: FloorIndex
  readonly #evidence: Evidence
  readonly #version: string

  constructor(options: { ledger: Ledger; floor: FloorIndex; evidence: Evidence; version: string }) {
    this.#ledger = options.ledger
    this.#floor = options.floor
    this.#evidence = options.evidence
    this.#version = options.version
  }

  async report(missionId: string): Promise<MissionReport> {
    const mission = await this.#ledger.mission(missionId)
    const dose = readStoredReport(mission)
    const request = await this.#ledger.request(mission.requestId)
    const { plan } = mission
    const organism = organismById(mission.organismId, this.#evidence.organisms)
    const promised = promisedSurfaceIds(plan, surfacesOf(plan.room, plan.surfaceSizeM))
    const doses = surfacesOf(dose.room, dose.surfaceSizeM).flatMap(({ id }, index) =>
      promised.has(id) ? [dose.deliveredMjPerCm2[index] ?? 0] : [],
    )
    const leastMjPerCm2 = doses.length === 0 ? 0 : Math.min(...doses)
    const placed = this.#floor.room(mission.roomId).room
    const claim = claimFor(
      {
        organism,
        method: 'uv',
        dose: leastMjPerCm2,
        roomId: mission.roomId,
        ward: placed.ward,
        robotId: mission.robotId,
      },
      this.#evidence.validations,
      Date.parse(dose.finishedAt),
    )
    return missionReport(
      dose,
      plan,
      surfacesOf(plan.room, plan.surfaceSizeM),
      surfacesOf(dose.room, dose.surfaceSizeM),
      {
        roomName: this.#ledger.room(mission.roomId).name ?? placed.name,
        levelId: mission.levelId,
        organismName: organism.name,
        requestedBy: request.requestedBy,
        requestedAt: request.requestedAt.toISOString(),
        approvedBy: request.approvedBy ?? '',
        protocol: citedProtocol(mission.protocol),
        confirmations: [...request.confirmations, ...mission.confirmations],
        approvals: [...request.approvals],
        signatures: [...mission.signatures],
        signaturesNeeded: releaseRule(mission.protocol).people,
        claim: claim.text,
        validationId: claim.validationId,
        logReduction: logReductionIntervalForDose(organism, leastMjPerCm2),
        releasedBy: mission.releasedBy,
        releasedAt: mission.releasedAt?.toISOString() ?? null,
        releaseNote: mission.releaseNote,
        softwareVersion: this.#version,
      },
    )
  }
}

function citedProtocol(protocol: Protocol | null): MissionReport['protocol'] {
  if (protocol === null) return null
  const { id, version, name, source, certainty } = protocol
  return { id, version, name, source, certainty }
}

function parse(text: string): DoseReport | string {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return 'not JSON'
  }
  if (doseReport.Check(body)) return body
  const [error] = doseReport.Errors(body)
  return `${error?.instancePath ?? ''} ${error?.message ?? 'does not follow the schema'}`.trim()
}
