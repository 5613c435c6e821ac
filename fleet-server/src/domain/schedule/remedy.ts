import { bestPlace } from './insertion.ts'
import type { Schedule } from './optimise.ts'
import type { ScheduleJob, ScheduleProblem } from './problem.ts'
import { advance, emptyRoute, prepare, rerouted, type Prepared, type Route } from './route.ts'

/**
 * "unless …": the first single change that would let a job be done in time, by trying each: other rooms after it,
 * another robot than the wanted one, somebody to arm it at any time, the room opened, a robot with nothing else to do, that robot also charged and clean.
 */
export function remedyFor(
  prepared: Prepared,
  schedule: Schedule,
  jobIndex: number,
  time: (ms: number) => string,
): string {
  const { problem } = prepared
  const job = problem.jobs[jobIndex]!
  const lengthMs = job.armMs + job.workMs
  const isInTime = (startMs: number) =>
    startMs !== Infinity && startMs + lengthMs <= (job.deadlineMs ?? Infinity)
  const idle = problem.robots.map((_, robotIndex) => emptyRoute(prepared, robotIndex))

  const firstMs = soonest(problem, schedule.routes, jobIndex, before)
  if (isInTime(firstMs)) {
    return `unless it goes before other rooms: ${time(firstMs)} is possible, but makes those wait`
  }
  if (job.robotId !== null) {
    const anyRobot = { ...problem, jobs: changed(problem, jobIndex, { robotId: null }) }
    const otherMs = soonest(anyRobot, schedule.routes, jobIndex, beside)
    if (isInTime(otherMs)) return `unless another robot may do it: ${time(otherMs)} is possible`
  }
  const staffedMs = soonest(
    { ...problem, staffed: [{ fromMs: problem.nowMs, toMs: Infinity }] },
    schedule.routes,
    jobIndex,
    beside,
  )
  if (isInTime(staffedMs)) return `unless somebody is there to arm it at ${time(staffedMs)}`
  const jobs = changed(problem, jobIndex, { closed: [] })
  const openMs = soonest({ ...problem, jobs }, schedule.routes, jobIndex, beside)
  if (isInTime(openMs)) return `unless the room is opened to robots at ${time(openMs)}`
  const freeMs = soonest(problem, idle, jobIndex, beside)
  if (isInTime(freeMs)) return `unless one more robot is free at ${time(freeMs)}`
  const ready = { burden: 0, batteryFraction: 1 }
  const readyMs = soonest(
    problem,
    idle.map((route) => ({ ...route, states: [{ ...route.states[0]!, ...ready }] })),
    jobIndex,
    beside,
  )
  if (isInTime(readyMs)) return 'unless a robot that is charged and decontaminated is brought'
  return readyMs === Infinity
    ? 'unless its window or the hours in which somebody can arm it are longer'
    : `unless the deadline is later: a robot with nothing else to do would be done at ${time(readyMs + lengthMs)}`
}

function changed(problem: ScheduleProblem, jobIndex: number, patch: Partial<ScheduleJob>): ScheduleJob[] {
  return problem.jobs.map((each, index) => (index === jobIndex ? { ...each, ...patch } : each))
}

type Search = (prepared: Prepared, route: Route, jobIndex: number) => number

/** The soonest start on any route without the job itself. */
function soonest(
  problem: ScheduleProblem,
  routes: readonly Route[],
  jobIndex: number,
  search: Search,
): number {
  const prepared = prepare(problem)
  let leastMs = Infinity
  for (const route of routes) {
    const others = route.jobs.filter((job) => job !== jobIndex)
    const trimmed = rerouted(prepared, route, 0, others)
    if (trimmed !== null) leastMs = Math.min(leastMs, search(prepared, trimmed, jobIndex))
  }
  return leastMs
}

/** Where it fits best without pushing another one out. */
function beside(prepared: Prepared, route: Route, jobIndex: number): number {
  const { position } = bestPlace(prepared, route, jobIndex, 0)
  return position < 0 ? Infinity : startAt(prepared, route, position, jobIndex)
}

/** As soon as possible, whatever becomes of the others. */
function before(prepared: Prepared, route: Route, jobIndex: number): number {
  return Math.min(...route.states.map((_, position) => startAt(prepared, route, position, jobIndex)))
}

function startAt(prepared: Prepared, route: Route, position: number, jobIndex: number): number {
  return advance(prepared, route.robotIndex, route.states[position]!, jobIndex, {
    ...route.states[position]!,
  })
}
