import type { Surface, TreatmentPlan } from '@wardlight/core/disinfection'
import type { DoseReport, Verdict } from '@wardlight/core/fleet'

/** Reports round doses down to 0.01 mJ/cm²: so much may be missing in them without a dose being short. */
const ROUNDING_MJ_PER_CM2 = 0.01

export interface Judgement {
  readonly verdict: Verdict
  /** What is wrong with the evidence itself; `null` when it holds together. */
  readonly problem: string | null
}

/** Surfaces that the approved plan promises, by id. */
export function promisedSurfaceIds(plan: TreatmentPlan, planned: readonly Surface[]): Set<string> {
  const unreachable = new Set(plan.unreachable.map(({ id }) => id))
  return new Set(planned.map(({ id }) => id).filter((id) => !unreachable.has(id)))
}

/**
 * Judges the robot's evidence against the approved plan. The fleet believes a `proven` only when the
 * report speaks of this mission and its own doses carry it; in doubt the verdict is `incomplete`.
 *
 * @param planned `surfacesOf` the plan's room
 * @param found `surfacesOf` the report's room
 */
export function judgeReport(input: {
  readonly report: DoseReport
  readonly mission: {
    readonly id: string
    readonly roomId: string
    readonly robotId: string
    readonly plan: TreatmentPlan
  }
  readonly planned: readonly Surface[]
  readonly found: readonly Surface[]
}): Judgement {
  const { report, mission, planned, found } = input
  if (report.verdict !== 'proven') return { verdict: report.verdict, problem: null }
  const problem =
    contradiction(report, mission) ?? lyingLamp(report) ?? shortfall(report, mission.plan, planned, found)
  return problem === null ? { verdict: 'proven', problem: null } : { verdict: 'incomplete', problem }
}

function contradiction(
  report: DoseReport,
  { id, roomId, robotId, plan }: { id: string; roomId: string; robotId: string; plan: TreatmentPlan },
): string | null {
  const pairs: readonly (readonly [string, string | number, string | number])[] = [
    ['mission', report.missionId, id],
    ['room', report.roomId, roomId],
    ['robot', report.robotId, robotId],
    ['organism', report.organismId, plan.organismId],
    ['target log reduction', report.targetLog, plan.targetLog],
  ]
  for (const [what, reported, expected] of pairs) {
    if (reported !== expected) return `The report names ${what} ${reported}, the mission ${expected}`
  }
  if (report.targetMjPerCm2 < plan.targetMjPerCm2 - ROUNDING_MJ_PER_CM2) {
    return `The report aims at ${report.targetMjPerCm2} mJ/cm², the plan at ${plan.targetMjPerCm2}`
  }
  return null
}

/** A sensor that tells of light from a lamp that is switched off says nothing about the light before. */
function lyingLamp({ interlocks }: DoseReport): string | null {
  return interlocks.some(({ kind }) => kind === 'lamp.stuckOn')
    ? 'The lamp was measured as lit though it was switched off: its measurements prove nothing'
    : null
}

function shortfall(
  report: DoseReport,
  plan: TreatmentPlan,
  planned: readonly Surface[],
  found: readonly Surface[],
): string | null {
  if (report.deliveredMjPerCm2.length !== found.length) {
    return `The report gives ${report.deliveredMjPerCm2.length} doses for ${found.length} surfaces`
  }
  const promised = promisedSurfaceIds(plan, planned)
  const missed = report.missed.filter(({ id }) => promised.has(id))
  if (missed.length > 0) return `${missed.length} promised surfaces are listed as missed`
  const short = found.filter(
    ({ id }, index) =>
      promised.has(id) && report.deliveredMjPerCm2[index]! < plan.targetMjPerCm2 - ROUNDING_MJ_PER_CM2,
  )
  return short.length === 0 ? null : `${short.length} promised surfaces got less than the target dose`
}

/** Why a mission ended as it did, for the room list. */
export function outcomeOf(report: DoseReport, verdict: Verdict, problem: string | null): string {
  if (verdict === 'proven') return 'Dose proven'
  const interlock = report.interlocks.at(-1)
  const cause =
    problem ??
    (interlock === undefined
      ? `${report.missed.length} surfaces missed their dose`
      : `${interlock.kind.replace('.', ' ')}${interlock.detail === '' ? '' : ` (${interlock.detail})`}`)
  return `Disinfection ${verdict === 'aborted' ? 'aborted' : 'incomplete'}: ${cause}`
}
