import type { Schedule } from './optimise.ts'
import { isAble, type ScheduleProblem } from './problem.ts'
import { remedyFor } from './remedy.ts'
import { comesAs } from '../ward-scope.ts'
import { advance, prepare, type Prepared, type Route, type Step } from './route.ts'
import { startTimes } from './start-times.ts'

/** One room of a schedule, with what its robot does before, and why, in words. */
export interface ExplainedVisit {
  readonly jobIndex: number
  readonly robotIndex: number
  /** From the end of the work before to the end of this one. */
  readonly steps: readonly Step[]
  readonly startMs: number
  readonly endMs: number
  /** After the deadline, milliseconds; 0 in time. */
  readonly lateMs: number
  readonly isFrozen: boolean
  /** That its robot comes from; `null`: none before. */
  readonly afterJobIndex: number | null
  readonly reason: string
}

export interface ExplainedSchedule {
  readonly visits: readonly ExplainedVisit[]
  readonly unmet: readonly { readonly jobIndex: number; readonly reason: string }[]
}

/** How things are called. */
export interface Names {
  readonly robot: (robotIndex: number) => string
  readonly room: (jobIndex: number) => string
  /** A moment by the clocks of the hospital: "02:40". */
  readonly time: (ms: number) => string
}

/** Which robot does what when, and why; what is late or left out, with what would help. */
export function explain(problem: ScheduleProblem, schedule: Schedule, names: Names): ExplainedSchedule {
  const prepared = prepare(problem)
  const visits = schedule.routes.flatMap((route) => visitsOf(prepared, schedule, route, names))
  return {
    visits: visits.toSorted((a, b) => a.startMs - b.startMs || a.jobIndex - b.jobIndex),
    unmet: schedule.unmet.map((jobIndex) => ({
      jobIndex,
      reason: `Nobody gets to ${names.room(jobIndex)}: ${unmetWords(prepared, schedule, jobIndex, names)}.`,
    })),
  }
}

function visitsOf(prepared: Prepared, schedule: Schedule, route: Route, names: Names): ExplainedVisit[] {
  return route.jobs.map((jobIndex, at) => {
    const steps: Step[] = []
    const startMs = advance(
      prepared,
      route.robotIndex,
      route.states[at]!,
      jobIndex,
      { ...route.states[at]! },
      steps,
    )
    const job = prepared.problem.jobs[jobIndex]!
    const endMs = startMs + job.armMs + job.workMs
    const lateMs = job.deadlineMs === null ? 0 : Math.max(0, endMs - job.deadlineMs)
    const isFrozen = at < schedule.frozen[route.robotIndex]!
    const head = `${names.robot(route.robotIndex)}, ${names.time(startMs)}`
    const because = [
      whyThen(prepared, route, at, steps, names),
      // What was to begin soon may have been put off since: by the hours of people, for one.
      isFrozen && startMs - prepared.problem.nowMs <= prepared.problem.freezeMs
        ? 'it begins soon and is not moved any more'
        : whyThatRobot(prepared, schedule, route, at, names),
    ].filter((words) => words !== null)
    const late =
      lateMs === 0
        ? ''
        : `. Cannot meet the deadline of ${names.room(jobIndex)}, ${names.time(job.deadlineMs!)}, ${remedyFor(prepared, schedule, jobIndex, names.time)}`
    return {
      jobIndex,
      robotIndex: route.robotIndex,
      steps,
      startMs,
      endMs,
      lateMs,
      isFrozen,
      afterJobIndex: route.jobs[at - 1] ?? null,
      reason: `${head}, because ${because.join('; ')}${late}.`,
    }
  })
}

/** What it waits for: that which would have to change for it to begin sooner. */
function whyThen(
  { problem }: Prepared,
  route: Route,
  at: number,
  steps: readonly Step[],
  names: Names,
): string {
  const job = problem.jobs[route.jobs[at]!]!
  const { fromMs: startMs } = steps.find(({ kind }) => kind === 'arm')!
  const ready = steps
    .filter(({ kind }) => kind === 'decontaminate' || kind === 'charge')
    .map(({ kind }) => kind)
  const waits = steps.some(({ kind, toMs }) => kind === 'wait' && toMs === startMs)
  const chargesUntilStart = steps.some(({ kind }) => kind === 'charge') && !waits
  if (waits || (chargesUntilStart && isHeldBack(problem, job, startMs))) {
    if (startMs === job.releaseMs) return 'it is not wanted before'
    if (job.closed.some(({ toMs }) => toMs === startMs)) return 'the room is closed to robots until then'
    if (problem.staffed.some(({ fromMs }) => fromMs === startMs)) return 'nobody is there to arm it before'
  }
  const before = route.jobs[at - 1]
  const after = before === undefined ? 'it is free' : comesAs(names.room(before))
  if (ready.includes('decontaminate')) return `${after} and has to be decontaminated first`
  if (ready.includes('charge')) return `${after} and has to charge first`
  const driveMs = steps.reduce(
    (sum, { kind, fromMs, toMs }) => sum + (kind === 'drive' ? toMs - fromMs : 0),
    0,
  )
  return `${after}, ${Math.max(1, Math.round(driveMs / 60_000))} min away`
}

function isHeldBack(
  problem: ScheduleProblem,
  job: ScheduleProblem['jobs'][number],
  startMs: number,
): boolean {
  return (
    startMs === job.releaseMs ||
    job.closed.some(({ toMs }) => toMs === startMs) ||
    problem.staffed.some(({ fromMs }) => fromMs === startMs)
  )
}

function whyThatRobot(
  prepared: Prepared,
  schedule: Schedule,
  route: Route,
  at: number,
  names: Names,
): string | null {
  const jobIndex = route.jobs[at]!
  if (prepared.problem.jobs[jobIndex]!.robotId !== null) return 'people asked for this robot'
  const startMs = route.startsMs[at]!
  let next: { robotIndex: number; startMs: number } | null = null
  for (const other of schedule.routes) {
    if (other.robotIndex === route.robotIndex) continue
    const otherMs = appendedStart(prepared, other, jobIndex)
    if (otherMs !== Infinity && (next === null || otherMs < next.startMs))
      next = { robotIndex: other.robotIndex, startMs: otherMs }
  }
  if (next === null) return schedule.routes.length > 1 ? 'no other robot can do it' : null
  const name = names.robot(next.robotIndex)
  return next.startMs > startMs
    ? `${name} after its own work only at ${names.time(next.startMs)}`
    : `${name} could at ${names.time(next.startMs)}, but that costs the others more`
}

function appendedStart(prepared: Prepared, route: Route, jobIndex: number): number {
  const last = route.states.at(-1)!
  return advance(prepared, route.robotIndex, last, jobIndex, { ...last })
}

/** Why a job has no robot at all. */
function unmetWords(prepared: Prepared, schedule: Schedule, jobIndex: number, names: Names): string {
  const { problem, starts } = prepared
  const job = problem.jobs[jobIndex]!
  if (problem.robots.length === 0) return 'there is no robot that is connected and ready'
  if (job.robotId !== null && !problem.robots.some(({ id }) => id === job.robotId)) {
    return 'the robot that people asked for is not connected and ready; let another one do it, or wait'
  }
  const able = problem.robots.filter((robot) => isAble(robot, job))
  if (able.length === 0) {
    if (job.unitId !== undefined) return `the unit ${job.unitId} is not ready`
    return job.robotId === null
      ? 'no robot can do such work'
      : 'the robot that people asked for cannot do such work'
  }
  if (able.every(({ lampLeftMs }) => lampLeftMs < job.lampMs)) return 'no lamp has enough hours left'
  const reachable = able.filter(
    ({ placeIndex }) => problem.travel.ms(placeIndex, job.placeIndex) !== Infinity,
  )
  if (reachable.length === 0) return 'no robot that could do it finds a way there'
  if (starts[jobIndex]!.length === 0) {
    return startTimes(job, [{ fromMs: problem.nowMs, toMs: Infinity }]).length > 0
      ? 'nobody is there to arm it while it is wanted'
      : 'it is closed to robots while it is wanted'
  }
  return `all robots are busy, charging or elsewhere while it may begin; ${remedyFor(prepared, schedule, jobIndex, names.time)}`
}
