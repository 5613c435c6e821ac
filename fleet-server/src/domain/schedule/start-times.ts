import type { ScheduleJob } from './problem.ts'
import type { Interval } from './weekly-hours.ts'

/**
 * When a job may begin: from its release to its latest start, with somebody there to arm, and the room open until it is
 * done. Inclusive pairs `[first, last, …]`, ascending; the last one may be open to infinity.
 */
export function startTimes(
  job: Pick<ScheduleJob, 'releaseMs' | 'latestStartMs' | 'closed' | 'armMs' | 'workMs'>,
  staffed: readonly Interval[],
): Float64Array {
  const lengthMs = job.armMs + job.workMs
  let open: [number, number][] = staffed.map(({ fromMs, toMs }) => [
    Math.max(fromMs, job.releaseMs),
    Math.min(toMs - job.armMs, job.latestStartMs ?? Infinity),
  ])
  for (const { fromMs, toMs } of job.closed) {
    // Beginning in (fromMs - length, toMs) would leave the robot in the room while it is closed.
    open = open.flatMap(([first, last]): [number, number][] => [
      [first, Math.min(last, fromMs - lengthMs)],
      [Math.max(first, toMs), last],
    ])
  }
  return Float64Array.from(open.filter(([first, last]) => last >= first).flat())
}

/** The first allowed start at or after a moment; `Infinity` when there is none. */
export function nextStart(starts: Float64Array, fromMs: number): number {
  for (let index = 0; index < starts.length; index += 2) {
    if (starts[index + 1]! >= fromMs) return Math.max(fromMs, starts[index]!)
  }
  return Infinity
}
