import { createRandom, type Random } from '@wardlight/core/random'
import { insertByRegret } from './insertion.ts'
import { PRIORITIES, type ScheduleProblem } from './problem.ts'
import { emptyRoute, prepare, rerouted, routeCost, type Prepared, type Route } from './route.ts'

export interface Schedule {
  readonly routes: readonly Route[]
  /** Jobs that nobody gets to. */
  readonly unmet: readonly number[]
  readonly cost: number
  /** How many jobs at the head of each route were frozen. */
  readonly frozen: readonly number[]
}

export interface SearchOptions {
  readonly seed: number
  /** How many steps of robots may be tried; about five million a second. */
  readonly effort: number
}

/** Jobs that the first solution takes together, the most urgent first. */
const BATCH = 120
/** Most jobs that are taken out in one move. */
const MOST_REMOVED = 24
/** What a worse solution may cost more and still be gone on from, at the beginning; falls to nothing. */
const THRESHOLD = 0.003

/**
 * Who treats which room when. First every room by regret insertion, on top of what people were told before; then large
 * neighbourhood search: some related rooms are taken out and put back better, for as long as the effort lasts. The same
 * problem, seed and effort give the same schedule.
 */
export function optimise(problem: ScheduleProblem, { seed, effort }: SearchOptions): Schedule {
  const prepared = prepare(problem)
  const random = createRandom(seed)
  const kept = keptFrom(prepared)
  let current = finish(prepared, kept.routes, insertInBatches(prepared, kept), kept.frozen)
  let best = current
  const movable = problem.jobs.map((_, index) => index).filter((jobIndex) => !kept.isFrozen[jobIndex])
  if (movable.length === 0 || problem.robots.length === 0) return best
  while (prepared.effort < effort) {
    const threshold = THRESHOLD * best.cost * (1 - prepared.effort / effort)
    const next = moved(prepared, current, movable, random)
    if (next.cost < current.cost + threshold) current = next
    if (next.cost < best.cost - 1e-9) best = next
  }
  return best
}

interface Kept {
  readonly routes: Route[]
  readonly frozen: number[]
  readonly isFrozen: readonly boolean[]
  readonly pending: readonly number[]
}

/** The schedule that people were told, as far as it still can be kept; its next work is frozen. */
function keptFrom(prepared: Prepared): Kept {
  const { problem, previousRobot, previousStartMs } = prepared
  const isFrozen = problem.jobs.map(() => false)
  const isPending = problem.jobs.map(() => true)
  const frozen: number[] = []
  const routes = problem.robots.map((_, robotIndex) => {
    const before = problem.jobs
      .map((_, jobIndex) => jobIndex)
      .filter((jobIndex) => previousRobot[jobIndex] === robotIndex)
      .toSorted((a, b) => previousStartMs[a]! - previousStartMs[b]!)
    let route = emptyRoute(prepared, robotIndex)
    let isHead = true
    let count = 0
    for (const jobIndex of before) {
      const longer = rerouted(prepared, route, route.jobs.length, [jobIndex])
      if (longer === null) {
        isHead = false
        continue
      }
      route = longer
      isPending[jobIndex] = false
      isHead &&= previousStartMs[jobIndex]! <= problem.nowMs + problem.freezeMs
      if (isHead) {
        isFrozen[jobIndex] = true
        count += 1
      }
    }
    frozen.push(count)
    return route
  })
  return {
    routes,
    frozen,
    isFrozen,
    pending: problem.jobs.map((_, index) => index).filter((index) => isPending[index]),
  }
}

function insertInBatches(prepared: Prepared, { routes, frozen, pending }: Kept): number[] {
  const { jobs } = prepared.problem
  const urgency = (index: number) => PRIORITIES.indexOf(jobs[index]!.priority)
  const dueMs = (index: number) => jobs[index]!.deadlineMs ?? Infinity
  const byUrgency = pending.toSorted(
    (a, b) =>
      urgency(a) - urgency(b) ||
      Math.sign(dueMs(a) - dueMs(b) || 0) ||
      jobs[a]!.releaseMs - jobs[b]!.releaseMs ||
      a - b,
  )
  const leftOver: number[] = []
  for (let at = 0; at < byUrgency.length; at += BATCH) {
    leftOver.push(...insertByRegret(prepared, routes, byUrgency.slice(at, at + BATCH), frozen))
  }
  return leftOver
}

function finish(
  { problem }: Prepared,
  routes: readonly Route[],
  unmet: readonly number[],
  frozen: readonly number[],
): Schedule {
  const cost =
    routes.reduce((sum, route) => sum + routeCost(route), 0) +
    unmet.reduce((sum, index) => sum + problem.weights.unmet[problem.jobs[index]!.priority], 0)
  return { routes, unmet, cost, frozen }
}

function moved(prepared: Prepared, schedule: Schedule, movable: readonly number[], random: Random): Schedule {
  const count = 1 + random.integer(Math.min(MOST_REMOVED, movable.length))
  const removed = chooseRemoved(prepared, schedule, movable, count, random)
  const routes = schedule.routes.map((route) => without(prepared, route, removed))
  // A route may fall apart without one of its jobs: what then no longer fits is put back as well.
  const fallen = schedule.routes.flatMap((route, index) =>
    route.jobs.filter((job) => !removed.has(job) && !routes[index]!.jobs.includes(job)),
  )
  const pending = new Set([...removed, ...fallen, ...schedule.unmet])
  const unmet = insertByRegret(prepared, routes, [...pending], schedule.frozen)
  return finish(prepared, routes, unmet, schedule.frozen)
}

/** Where the rest no longer fits, only the head stays. */
function without(prepared: Prepared, route: Route, removed: ReadonlySet<number>): Route {
  const first = route.jobs.findIndex((job) => removed.has(job))
  if (first < 0) return route
  const rest = route.jobs.slice(first).filter((job) => !removed.has(job))
  return rerouted(prepared, route, first, rest) ?? rerouted(prepared, route, first, [])!
}

/** Random ones, the dearest, one robot's, or ones that are alike in place and time (Shaw 1998). */
function chooseRemoved(
  prepared: Prepared,
  { routes }: Schedule,
  movable: readonly number[],
  count: number,
  random: Random,
): Set<number> {
  const draw = random.uniform()
  if (draw < 0.2) return pickFrom(movable, () => random.uniform(), count)
  const startOf = new Map<number, { startMs: number; route: Route; at: number }>()
  for (const route of routes) {
    for (const [at, job] of route.jobs.entries())
      startOf.set(job, { startMs: route.startsMs[at]!, route, at })
  }
  if (draw < 0.4) {
    // Noise keeps the same ones from coming out every time.
    return pickFrom(
      movable,
      (job) => {
        const found = startOf.get(job)
        if (found === undefined) return -Infinity
        const { states } = found.route
        return -(states[found.at + 1]!.cost - states[found.at]!.cost) * (0.5 + random.uniform())
      },
      count,
    )
  }
  if (draw < 0.5) {
    const route = routes[random.integer(routes.length)]!
    const own = route.jobs.filter((job) => movable.includes(job))
    if (own.length > 0) return new Set(own)
  }
  const { travel, jobs } = prepared.problem
  const seed = movable[random.integer(movable.length)]!
  const seedMs = startOf.get(seed)?.startMs ?? jobs[seed]!.releaseMs
  return pickFrom(
    movable,
    (job) =>
      job === seed
        ? -Infinity
        : (Math.abs((startOf.get(job)?.startMs ?? seedMs) - seedMs) +
            4 * travel.ms(jobs[seed]!.placeIndex, jobs[job]!.placeIndex)) *
          (0.7 + 0.6 * random.uniform()),
    count,
  )
}

/** The `count` jobs with the least scores. */
function pickFrom(jobs: readonly number[], score: (job: number) => number, count: number): Set<number> {
  const scored = jobs.map((job) => ({ job, score: score(job) }))
  return new Set(
    scored
      .toSorted((a, b) => a.score - b.score || a.job - b.job)
      .slice(0, count)
      .map(({ job }) => job),
  )
}
