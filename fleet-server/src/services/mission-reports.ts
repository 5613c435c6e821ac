import {
  claimFor,
  gasClaimFor,
  logReductionIntervalForDose,
  organismById,
  surfacesOf,
  type PeroxidePlan,
  type Protocol,
  type TreatmentPlan,
} from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import {
  DoseReportSchema,
  PeroxideReportSchema,
  type DoseReport,
  type GasMissionReport,
  type MissionReport,
  type MissionView,
  type PeroxideReport,
  type ProofReport,
  type Verdict,
} from '@wardlight/core/fleet'
import { createHash } from 'node:crypto'
import { Compile } from 'typebox/compile'
import { judgePeroxideReport, outcomeOfPeroxide } from '../domain/gas-verdict.ts'
import { uvMissionReport } from '../domain/mission-report.ts'
import { releaseRule } from '../domain/protocol-rules.ts'
import { judgeReport, outcomeOf, promisedSurfaceIds } from '../domain/verdict.ts'
import type { RobotRegistry } from '../robots/robot-registry.ts'
import type { MissionRow, RequestRow } from '../store/schema.ts'
import type { Evidence } from './evidence.ts'
import type { FloorIndex } from './floor-index.ts'
import type { Ledger } from './ledger.ts'

const doseReport = Compile(DoseReportSchema)
const peroxideReport = Compile(PeroxideReportSchema)

export interface ReceivedReport {
  readonly verdict: Verdict
  /** For people: why the mission ended as it did. */
  readonly outcome: string
  readonly problem: string | null
  /** Gas is in the room, for all that the evidence shows. */
  readonly mayBeGassed: boolean
  /** Of light; empty for gas. */
  readonly deliveredMjPerCm2: readonly number[]
  /** `null` where the report cannot be read. */
  readonly interlocks: MissionView['interlocks'] | null
}

/** Reads and judges the evidence as the robot sent it. What cannot be read proves nothing, and clears nothing. */
export function receiveReport(text: string, mission: MissionRow): ReceivedReport {
  return mission.plan.method === 'uv'
    ? receiveDose(text, mission, mission.plan.treatment)
    : receiveCycle(text, mission, mission.plan.cycle)
}

function receiveDose(text: string, mission: MissionRow, plan: TreatmentPlan): ReceivedReport {
  const report = parse(text, doseReport)
  if (typeof report === 'string') return unreadable(report, false)
  const { verdict, problem } = judgeReport({
    report,
    mission: { ...mission, plan },
    planned: surfacesOf(plan.room, plan.surfaceSizeM),
    found: surfacesOf(report.room, report.surfaceSizeM),
  })
  return {
    verdict,
    problem,
    outcome: outcomeOf(report, verdict, problem),
    mayBeGassed: false,
    deliveredMjPerCm2: report.deliveredMjPerCm2,
    interlocks: report.interlocks,
  }
}

function receiveCycle(text: string, mission: MissionRow, cycle: PeroxidePlan): ReceivedReport {
  const report = parse(text, peroxideReport)
  if (typeof report === 'string') return unreadable(report, mission.mayBeGassed)
  const steps = mission.protocol?.steps ?? []
  const { verdict, problem, isCleared } = judgePeroxideReport(
    report,
    { ...mission, cycle, wasHeardGassed: mission.progress.gas?.isGassed ?? false },
    steps.find((step) => step.type === 'peroxide') ?? null,
    steps.find((step) => step.type === 'aerate')?.clearPpm,
  )
  return {
    verdict,
    problem,
    outcome: outcomeOfPeroxide(report, { verdict, problem }),
    mayBeGassed: !isCleared,
    deliveredMjPerCm2: [],
    interlocks: report.interlocks,
  }
}

function unreadable(why: string, mayBeGassed: boolean): ReceivedReport {
  const problem = `The robot's report cannot be read: ${why}`
  return {
    verdict: 'incomplete',
    outcome: `Disinfection incomplete: ${problem}`,
    problem,
    mayBeGassed,
    deliveredMjPerCm2: [],
    interlocks: null,
  }
}

/** How many surfaces people have to wipe before they may release the room. Gas has no shadows. */
export function missedSurfaces(mission: MissionRow): number {
  return mission.method === 'uv' ? readStored(mission, doseReport).missed.length : 0
}

/** @throws WARD_ERR_NOT_FOUND when the mission has none, or none that can be read */
function readStored<Report>(mission: MissionRow, validator: ReportValidator<Report>): Report {
  if (mission.reportText === null) {
    throw wardError('WARD_ERR_NOT_FOUND', {
      what: mission.finishedAt === null ? 'The mission has no report yet' : 'The robot left no report',
      where: 'missionId',
      remedy: mission.finishedAt === null ? 'Wait until it has finished.' : 'Disinfect the room again.',
    })
  }
  const report = parse(mission.reportText, validator)
  if (typeof report === 'string') {
    throw wardError('WARD_ERR_NOT_FOUND', {
      what: `The robot's report cannot be read: ${report}`,
      where: 'missionId',
      remedy: 'Disinfect the room again; the report is kept for the developers.',
    })
  }
  return report
}

/** Where a report's rows come from: the ledger, or a transaction that has just changed them. */
export interface ReportRows {
  request(id: string): Promise<RequestRow>
  mission(id: string): Promise<MissionRow>
}

export class MissionReports {
  readonly #ledger: Ledger
  readonly #floor: FloorIndex
  readonly #evidence: Evidence
  readonly #registry: RobotRegistry
  readonly #version: string

  constructor(options: {
    ledger: Ledger
    floor: FloorIndex
    evidence: Evidence
    registry: RobotRegistry
    version: string
  }) {
    this.#ledger = options.ledger
    this.#floor = options.floor
    this.#evidence = options.evidence
    this.#registry = options.registry
    this.#version = options.version
  }

  /** @throws WARD_ERR_NOT_FOUND when there is no such mission, or its robot has left no report that can be read */
  async report(missionId: string): Promise<MissionReport> {
    return this.#ofEvidence(await this.#ledger.mission(missionId), this.#ledger)
  }

  /** As `report`, and what is left of it where the robot told nothing that can be read. */
  async provable(missionId: string, rows: ReportRows): Promise<ProofReport> {
    const mission = await rows.mission(missionId)
    if (isReadable(mission)) return this.#ofEvidence(mission, rows)
    return {
      method: 'none',
      ...(await this.#known(mission, rows)),
      plannedMethod: mission.method,
      claim: 'Nothing is known of what was delivered.',
      validationId: null,
    }
  }

  #ofEvidence(mission: MissionRow, rows: ReportRows): Promise<MissionReport> {
    return mission.plan.method === 'uv'
      ? this.#doseReport(mission, mission.plan.treatment, rows)
      : this.#cycleReport(mission, mission.plan, rows)
  }

  async #doseReport(mission: MissionRow, plan: TreatmentPlan, rows: ReportRows): Promise<MissionReport> {
    const dose = readStored(mission, doseReport)
    const organism = organismById(mission.organismId!, this.#evidence.organisms)
    const planned = surfacesOf(plan.room, plan.surfaceSizeM)
    const found = surfacesOf(dose.room, dose.surfaceSizeM)
    const promised = promisedSurfaceIds(plan, planned)
    const doses = found.flatMap(({ id }, index) =>
      promised.has(id) ? [dose.deliveredMjPerCm2[index] ?? 0] : [],
    )
    const leastMjPerCm2 = doses.length === 0 ? 0 : Math.min(...doses)
    const claim = claimFor(
      { ...this.#doneIn(mission), organism, method: 'uv', dose: leastMjPerCm2 },
      this.#evidence.validations,
      Date.parse(dose.finishedAt),
    )
    return uvMissionReport(dose, plan, planned, found, {
      ...(await this.#known(mission, rows)),
      organismName: organism.name,
      claim: claim.text,
      validationId: claim.validationId,
      logReduction: logReductionIntervalForDose(organism, leastMjPerCm2),
    })
  }

  async #cycleReport(
    mission: MissionRow,
    { method, cycle: plan, prediction }: Extract<MissionRow['plan'], { cycle: unknown }>,
    rows: ReportRows,
  ): Promise<MissionReport> {
    const cycle = readStored(mission, peroxideReport)
    const claim = gasClaimFor(
      { ...this.#doneIn(mission), method, dose: cycle.ppmHours },
      this.#evidence.organisms,
      this.#evidence.validations,
      Date.parse(cycle.finishedAt),
    )
    return {
      method,
      ...(await this.#known(mission, rows)),
      claim: claim.text,
      validationId: claim.validationId,
      cycle,
      neighbours: plan.neighbours.map((neighbour) => ({ ...neighbour })),
      solutionMl: plan.solutionMl,
      // Readonly as core has it, plain as it goes over the wire.
      prediction: structuredClone(prediction) as GasMissionReport['prediction'],
      samples: [...mission.gasSamples],
    }
  }

  #doneIn({ roomId, robotId }: MissionRow) {
    return { roomId, robotId, ward: this.#floor.room(roomId).room.ward }
  }

  async #known(mission: MissionRow, rows: ReportRows) {
    const request = await rows.request(mission.requestId)
    const steps: MissionReport['steps'] = []
    // One after the other: a transaction has one connection.
    for (const { method, missionId } of request.steps) {
      const verdict = missionId === null ? null : (await rows.mission(missionId)).verdict
      steps.push({ method, missionId, verdict })
    }
    const wear = this.#registry.view(mission.robotId)
    return {
      missionId: mission.id,
      roomId: mission.roomId,
      roomName: this.#ledger.room(mission.roomId).name ?? this.#floor.room(mission.roomId).room.name,
      levelId: mission.levelId,
      verdict: mission.verdict ?? 'incomplete',
      problem: mission.reportProblem,
      outcome: mission.outcome,
      orderedAt: mission.orderedAt.toISOString(),
      endedAt: mission.finishedAt?.toISOString() ?? null,
      stoppedBy: mission.stopRequestedBy,
      steps,
      stepNumber: mission.stepNumber,
      requestedBy: request.requestedBy,
      requestedAt: request.requestedAt.toISOString(),
      approvedBy: request.approvedBy ?? '',
      protocol: citedProtocol(mission.protocol),
      confirmations: [...request.confirmations, ...mission.confirmations],
      approvals: [...request.approvals],
      signatures: [...mission.signatures],
      signaturesNeeded: releaseRule(mission.protocol).people,
      handMeasurement: mission.handMeasurement,
      missedSurfacesWiped: mission.missedSurfacesWiped,
      releasedBy: mission.releasedBy,
      releasedAt: mission.releasedAt?.toISOString() ?? null,
      releaseNote: mission.releaseNote,
      robot: {
        id: mission.robotId,
        batteryHealth: wear?.batteryHealth ?? null,
        drivenM: wear?.drivenM ?? null,
      },
      evidence:
        mission.reportText === null
          ? null
          : {
              sha256: createHash('sha256').update(mission.reportText).digest('hex'),
              receivedAt: mission.reportedAt?.toISOString() ?? null,
            },
      softwareVersion: this.#version,
    }
  }
}

function isReadable(mission: MissionRow): boolean {
  return evidenceOf(mission) !== null
}

export type Evidenced =
  | { readonly method: 'uv'; readonly dose: DoseReport }
  | { readonly method: 'hpv' | 'ahp'; readonly cycle: PeroxideReport }

/** What the robot reported of a mission; `null`: nothing, or nothing that can be read. */
export function evidenceOf({
  reportText,
  method,
}: Pick<MissionRow, 'reportText' | 'method'>): Evidenced | null {
  if (reportText === null) return null
  if (method === 'uv') {
    const dose = parse(reportText, doseReport)
    return typeof dose === 'string' ? null : { method, dose }
  }
  const cycle = parse(reportText, peroxideReport)
  return typeof cycle === 'string' ? null : { method, cycle }
}

function citedProtocol(protocol: Protocol | null): MissionReport['protocol'] {
  if (protocol === null) return null
  const { id, version, name, source, certainty } = protocol
  return { id, version, name, source, certainty }
}

interface ReportValidator<Report> {
  Check(value: unknown): value is Report
  Errors(value: unknown): readonly { readonly instancePath: string; readonly message: string }[]
}

function parse<Report>(text: string, validator: ReportValidator<Report>): Report | string {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return 'not JSON'
  }
  if (validator.Check(body)) return body
  const [error] = validator.Errors(body)
  return `${error?.instancePath ?? ''} ${error?.message ?? 'does not follow the schema'}`.trim()
}
