import type { ScheduleJob, ScheduleProblem } from './problem.ts'
import { nextStart, startTimes } from './start-times.ts'

const MINUTE_MS = 60_000

/** What no schedule can beat, whatever the search. Batteries, contamination and capabilities only make it harder. */
export interface LowerBound {
  /** From now to the end of the last room, milliseconds. */
  readonly makespanMs: number
  /** Points of waiting alone; ways, lateness and changes come on top. */
  readonly waitingCost: number
}

/** Of a schedule that does every job. */
export function lowerBound(problem: ScheduleProblem): LowerBound {
  const { jobs, robots, nowMs } = problem
  if (jobs.length === 0) return { makespanMs: 0, waitingCost: 0 }
  const firstFreeMs = robots.reduce(
    (least, { availableMs }) => Math.min(least, Math.max(availableMs, nowMs)),
    Infinity,
  )
  const waysIn = shortestWaysIn(problem)
  const ownMs = jobs.map((job, index) => job.armMs + job.workMs + waysIn[index]!)
  const soonestEndMs = jobs.map((job, index) => {
    const reachedMs = robots.reduce(
      (least, { availableMs, placeIndex }) =>
        Math.min(least, Math.max(availableMs, nowMs) + problem.travel.ms(placeIndex, job.placeIndex)),
      Infinity,
    )
    const aloneMs = Math.min(reachedMs, firstFreeMs + waysIn[index]!)
    return nextStart(startTimes(job, problem.staffed), aloneMs) + job.armMs + job.workMs
  })
  const sharedMs = ownMs.reduce((sum, ms) => sum + ms, 0) / robots.length
  return {
    makespanMs: Math.max(sharedMs + firstFreeMs - nowMs, Math.max(...soonestEndMs) - nowMs),
    waitingCost: waitingBound(problem, ownMs, soonestEndMs, firstFreeMs),
  }
}

/**
 * The greater of two: every job as soon as if it were alone, and the bound of Eastman, Even and Isaacs (1964) for the
 * weighted sum of ends on identical machines that are free from the first robot's moment on.
 */
function waitingBound(
  { jobs, robots, nowMs, weights }: ScheduleProblem,
  ownMs: readonly number[],
  soonestEndMs: readonly number[],
  firstFreeMs: number,
): number {
  const weightOf = ({ priority }: ScheduleJob) => weights.waiting[priority]
  const machines = robots.length
  const order = jobs
    .map((_, index) => index)
    .toSorted((a, b) => ownMs[a]! / weightOf(jobs[a]!) - ownMs[b]! / weightOf(jobs[b]!))
  let elapsedMs = 0
  let oneMachine = 0
  let ownWeighted = 0
  for (const index of order) {
    const weight = weightOf(jobs[index]!)
    elapsedMs += ownMs[index]!
    oneMachine += weight * elapsedMs
    ownWeighted += weight * ownMs[index]!
  }
  const weights_ = jobs.reduce((sum, job) => sum + weightOf(job), 0)
  const together =
    oneMachine / machines + ((machines - 1) / (2 * machines)) * ownWeighted + weights_ * (firstFreeMs - nowMs)
  const alone = jobs.reduce((sum, job, index) => sum + weightOf(job) * (soonestEndMs[index]! - nowMs), 0)
  const beforeRelease = jobs.reduce(
    (sum, job) => sum + weightOf(job) * (Math.max(job.releaseMs, nowMs) - nowMs),
    0,
  )
  return Math.max(0, (Math.max(together, alone) - beforeRelease) / MINUTE_MS)
}

/** Of each job, the shortest way that any robot can come by. */
function shortestWaysIn({ jobs, robots, travel }: ScheduleProblem): number[] {
  const robotPlaces = new Set(robots.map(({ placeIndex }) => placeIndex))
  return jobs.map(({ placeIndex }, index) => {
    let least = Infinity
    for (const from of robotPlaces) least = Math.min(least, travel.ms(from, placeIndex))
    for (const [other, { placeIndex: from }] of jobs.entries()) {
      if (other !== index) least = Math.min(least, travel.ms(from, placeIndex))
    }
    return least
  })
}
