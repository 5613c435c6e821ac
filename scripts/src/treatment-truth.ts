import type { TreatmentCase, TreatmentRun } from './simulated-treatment.ts'

/** A surface that the robot reports as reached may truly lack this share of the target: it stood some centimetres beside where it believed. */
const WORST_SHARE = 0.9
/** … and no more than this share of the surfaces may be such. */
export const MOST_FALSE = 0.01

/** What a robot reported, held against the world's own reckoning. */
export interface Tally {
  readonly promised: number
  /** Of the promised, with the target dose by the world's own reckoning. */
  readonly trulyReached: number
  readonly reportedMissed: number
  /** Truly under the target, and not among the report's missed. */
  readonly unreported: number
  /** Least share of the target that an unreported one truly has; 1 when there is none. */
  readonly worstShare: number
}

export function tally({ plan }: TreatmentCase, { report, surfaces, trueMjPerCm2 }: TreatmentRun): Tally {
  const notPromised = new Set(plan.unreachable.map(({ id }) => id))
  const missed = new Set(report.missed.map(({ id }) => id))
  const target = plan.targetMjPerCm2
  let [promised, trulyReached, unreported, worstShare] = [0, 0, 0, 1]
  surfaces.forEach(({ id }, index) => {
    // What the robot found has the outline that its lidar saw: the sides it guessed are not in the world.
    if (id.startsWith('found-')) return
    const dose = trueMjPerCm2[index]!
    if (!notPromised.has(id)) {
      promised += 1
      if (dose >= target) trulyReached += 1
    }
    if (dose < target && !missed.has(id)) {
      unreported += 1
      worstShare = Math.min(worstShare, dose / target)
    }
  })
  return { promised, trulyReached, reportedMissed: missed.size, unreported, worstShare }
}

/** What is wrong with a report, in words; `null` when it may be believed. */
export function dishonestyOf({ unreported, worstShare }: Tally, run: TreatmentRun): string | null {
  if (unreported > MOST_FALSE * run.surfaces.length) {
    return `${unreported} of ${run.surfaces.length} surfaces are under the target and not reported as missed`
  }
  return worstShare < WORST_SHARE
    ? `a surface that is reported as reached has ${(100 * worstShare).toFixed(0)} % of the target`
    : null
}
