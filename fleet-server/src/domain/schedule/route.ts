import { MIN_BATTERY_FRACTION } from '../allocation.ts'
import { LANDING_BATTERY_FRACTION } from '../energy.ts'
import {
  CHARGE_TO_FRACTION,
  CHARGE_WHILE_WAITING_MS,
  isAble,
  type ScheduleProblem,
  type ScheduleRobot,
} from './problem.ts'
import { nextStart, startTimes } from './start-times.ts'

const MINUTE_MS = 60_000
const SHIFT_COUNTED_MIN = 60

/** A robot at some point of its route. */
export interface RobotState {
  atMs: number
  placeIndex: number
  batteryFraction: number
  burden: number
  lampLeftMs: number
  /** Points so far. */
  cost: number
}

export type StepKind = 'drive' | 'charge' | 'decontaminate' | 'wait' | 'arm' | 'work'

/** What a robot does; steps follow one another without a gap. */
export interface Step {
  readonly kind: StepKind
  readonly fromMs: number
  readonly toMs: number
  readonly jobIndex: number
}

/** The problem with what a search asks for again and again worked out. */
export interface Prepared {
  readonly problem: ScheduleProblem
  readonly starts: readonly Float64Array[]
  readonly staffedStarts: Float64Array
  readonly previousRobot: Int32Array
  readonly previousStartMs: Float64Array
  /** Steps tried so far: the budget of a search is counted in these, so that it is the same on every machine. */
  effort: number
}

export function prepare(problem: ScheduleProblem): Prepared {
  const robotIndex = new Map(problem.robots.map(({ id }, index) => [id, index]))
  const before = problem.jobs.map(({ id }) => problem.previous.get(id))
  return {
    problem,
    starts: problem.jobs.map((job) => startTimes(job, problem.staffed)),
    staffedStarts: startTimes(
      {
        releaseMs: problem.nowMs,
        latestStartMs: null,
        closed: [],
        armMs: problem.decontamination.durationMs,
        workMs: 0,
      },
      problem.staffed,
    ),
    previousRobot: Int32Array.from(before, (each) =>
      each === undefined ? -1 : (robotIndex.get(each.robotId) ?? -1),
    ),
    previousStartMs: Float64Array.from(before, (each) => each?.startMs ?? NaN),
    effort: 0,
  }
}

export function initialState(robot: ScheduleRobot, nowMs: number): RobotState {
  return {
    atMs: Math.max(robot.availableMs, nowMs),
    placeIndex: robot.placeIndex,
    batteryFraction: robot.batteryFraction,
    burden: robot.burden,
    lampLeftMs: robot.lampLeftMs,
    cost: 0,
  }
}

/** What it costs that a job begins and ends then, by that robot, without the ways to it. */
export function jobCost(
  { problem, previousRobot, previousStartMs }: Prepared,
  robotIndex: number,
  jobIndex: number,
  startMs: number,
): number {
  const { weights, nowMs } = problem
  const job = problem.jobs[jobIndex]!
  const endMs = startMs + job.armMs + job.workMs
  let cost = (weights.waiting[job.priority] * (endMs - Math.max(job.releaseMs, nowMs))) / MINUTE_MS
  if (job.deadlineMs !== null && endMs > job.deadlineMs) {
    cost += (weights.late[job.priority] * (endMs - job.deadlineMs)) / MINUTE_MS
  }
  const before = previousRobot[jobIndex]!
  if (before >= 0) {
    if (before !== robotIndex) cost += weights.moved
    const shiftMin = Math.abs(startMs - previousStartMs[jobIndex]!) / MINUTE_MS
    cost += weights.shiftedPerMin * Math.min(shiftMin, SHIFT_COUNTED_MIN)
  }
  return cost
}

/**
 * Lets a robot do one job more: decontaminated first where it must be, charged where it would not come home, waiting
 * until the job may begin. Charging and decontamination are put in by rule, so a route is only an order of jobs
 * (decision 0342).
 *
 * @param into where the state afterwards is written; may be `from`
 * @param steps where what it does is written, if asked for
 * @returns when the job begins, or `Infinity` where the robot cannot do it then; `into` is void in that case
 */
export function advance(
  prepared: Prepared,
  robotIndex: number,
  from: RobotState,
  jobIndex: number,
  into: RobotState,
  steps?: Step[],
): number {
  prepared.effort += 1
  const { problem, starts } = prepared
  const { travel, burdens, weights, decontamination } = problem
  const robot = problem.robots[robotIndex]!
  const job = problem.jobs[jobIndex]!
  if (!isAble(robot, job) || from.lampLeftMs < job.lampMs) return Infinity
  const energyFraction = job.energyFraction / (robot.batteryHealth ?? 1)
  let { atMs, placeIndex, batteryFraction, burden, cost } = from
  let isWay = true
  const drive = (toIndex: number) => {
    if (toIndex === placeIndex) return
    const ms = travel.ms(placeIndex, toIndex)
    if (ms === Infinity) {
      isWay = false
      return
    }
    steps?.push({ kind: 'drive', fromMs: atMs, toMs: atMs + ms, jobIndex })
    atMs += ms
    batteryFraction -= ms * robot.drivePerMs
    cost += (weights.drivingPerMin * ms) / MINUTE_MS
    placeIndex = toIndex
  }

  let after = burdens.enter(burden, job.roomIndex)
  if (after < 0) {
    if (decontamination.placeIndex !== null) drive(decontamination.placeIndex)
    const begunMs = nextStart(prepared.staffedStarts, atMs)
    if (begunMs === Infinity) return Infinity
    if (begunMs > atMs) steps?.push({ kind: 'wait', fromMs: atMs, toMs: begunMs, jobIndex })
    atMs = begunMs + decontamination.durationMs
    steps?.push({ kind: 'decontaminate', fromMs: begunMs, toMs: atMs, jobIndex })
    cost += weights.decontamination
    burden = 0
    after = burdens.enter(0, job.roomIndex)
  }

  // There, the work, and back to the dock.
  const homeMs = travel.ms(job.placeIndex, robot.dockIndex)
  const neededFrom = (wayMs: number) =>
    Math.max(
      MIN_BATTERY_FRACTION + 0.01,
      (wayMs + homeMs) * robot.drivePerMs + energyFraction + LANDING_BATTERY_FRACTION,
    )
  if (batteryFraction < neededFrom(travel.ms(placeIndex, job.placeIndex))) {
    drive(robot.dockIndex)
    const needed = neededFrom(travel.ms(robot.dockIndex, job.placeIndex))
    if (needed > 1 || batteryFraction < 0) return Infinity
    const target = Math.max(CHARGE_TO_FRACTION, needed)
    if (batteryFraction < target) {
      const ms = (target - batteryFraction) / robot.chargePerMs
      steps?.push({ kind: 'charge', fromMs: atMs, toMs: atMs + ms, jobIndex })
      atMs += ms
      batteryFraction = target
    }
  }

  const wayMs = travel.ms(placeIndex, job.placeIndex)
  const startMs = nextStart(starts[jobIndex]!, atMs + wayMs)
  if (startMs === Infinity || !isWay) return Infinity
  // Nothing to do until then: better on the dock.
  const toDockMs = travel.ms(placeIndex, robot.dockIndex)
  const fromDockMs = travel.ms(robot.dockIndex, job.placeIndex)
  const spareMs = startMs - atMs - toDockMs - fromDockMs
  if (spareMs > CHARGE_WHILE_WAITING_MS && batteryFraction < 1) {
    drive(robot.dockIndex)
    steps?.push({ kind: 'charge', fromMs: atMs, toMs: atMs + spareMs, jobIndex })
    atMs += spareMs
    batteryFraction = Math.min(1, batteryFraction + spareMs * robot.chargePerMs)
  }
  drive(job.placeIndex)
  if (!isWay) return Infinity
  if (startMs > atMs) steps?.push({ kind: 'wait', fromMs: atMs, toMs: startMs, jobIndex })
  const armedMs = startMs + job.armMs
  const endMs = armedMs + job.workMs
  steps?.push({ kind: 'arm', fromMs: startMs, toMs: armedMs, jobIndex })
  steps?.push({ kind: 'work', fromMs: armedMs, toMs: endMs, jobIndex })
  into.cost = cost + jobCost(prepared, robotIndex, jobIndex, startMs)
  into.atMs = endMs
  into.placeIndex = job.placeIndex
  into.batteryFraction = batteryFraction - energyFraction
  into.burden = after
  into.lampLeftMs = from.lampLeftMs - job.lampMs
  return startMs
}

/** One robot's jobs in their order, with its state before the first and after each. A value. */
export interface Route {
  readonly robotIndex: number
  readonly jobs: readonly number[]
  /** One more than jobs. */
  readonly states: readonly RobotState[]
  readonly startsMs: readonly number[]
}

export function emptyRoute({ problem }: Prepared, robotIndex: number): Route {
  return {
    robotIndex,
    jobs: [],
    states: [initialState(problem.robots[robotIndex]!, problem.nowMs)],
    startsMs: [],
  }
}

export function routeCost({ states }: Route): number {
  return states.at(-1)!.cost
}

/** The route with these jobs from a position on, or `null` where the robot cannot do them. */
export function rerouted(
  prepared: Prepared,
  route: Route,
  position: number,
  jobs: readonly number[],
): Route | null {
  const states = route.states.slice(0, position + 1)
  const startsMs = route.startsMs.slice(0, position)
  for (const jobIndex of jobs) {
    const into = { ...states.at(-1)! }
    const startMs = advance(prepared, route.robotIndex, states.at(-1)!, jobIndex, into)
    if (startMs === Infinity) return null
    states.push(into)
    startsMs.push(startMs)
  }
  return {
    robotIndex: route.robotIndex,
    jobs: [...route.jobs.slice(0, position), ...jobs],
    states,
    startsMs,
  }
}
