import { createRandom } from '@wardlight/core/random'
import {
  DEFAULT_WEIGHTS,
  type Schedule,
  type ScheduleJob,
  type ScheduleProblem,
  type ScheduleRobot,
} from '@wardlight/fleet-server/schedule'

export const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** 22:00 of a winter's night. */
const EVENING_MS = Date.parse('2026-01-05T21:00:00Z')
/** Rooms along each corridor, on both sides of it. */
const ROOMS_A_CORRIDOR = 20
/** Along a corridor, with people about. */
const SPEED_MPS = 0.8
/** Of the rooms. */
const ISOLATED_SHARE = 0.1
const CLEAN_SHARE = 0.05

interface Place {
  readonly corridor: number
  readonly xM: number
}

/**
 * A night's work of a hospital of long corridors that meet at one end: rooms of 12 to 40 minutes of light, some isolated,
 * some clean, some urgent; robots on docks where the corridors meet. Somebody is always there to arm.
 */
export function hospitalNight(options: {
  readonly robots: number
  readonly rooms: number
  readonly seed: number
  /** Without batteries, burdens and urgency: what a textbook model has words for. */
  readonly isPlain?: boolean
}): ScheduleProblem {
  const random = createRandom(options.seed)
  const isPlain = options.isPlain ?? false
  const places: Place[] = []
  const placeAt = (place: Place) => places.push(place) - 1
  /** By room index: 0 ordinary, 1 clean, 2 isolated. */
  const kinds: number[] = []
  const corridors = Math.ceil(options.rooms / ROOMS_A_CORRIDOR)
  const jobs = Array.from({ length: options.rooms }, (_, index): ScheduleJob => {
    const draw = random.uniform()
    const urgency = random.uniform()
    const workMin = 12 + random.integer(29)
    kinds.push(isPlain ? 0 : draw < ISOLATED_SHARE ? 2 : draw < ISOLATED_SHARE + CLEAN_SHARE ? 1 : 0)
    return {
      id: `room-${index}`,
      roomIndex: index,
      placeIndex: placeAt({
        corridor: Math.floor(index / ROOMS_A_CORRIDOR),
        xM: 8 + 5 * Math.floor((index % ROOMS_A_CORRIDOR) / 2),
      }),
      priority: isPlain || urgency > 0.2 ? 'routine' : urgency > 0.05 ? 'next' : 'stat',
      releaseMs: EVENING_MS,
      latestStartMs: null,
      deadlineMs: null,
      closed: [],
      armMs: 4 * MINUTE_MS,
      workMs: workMin * MINUTE_MS,
      // A lamp of four hours on one charge.
      energyFraction: isPlain ? 0 : workMin / 240,
      lampMs: workMin * MINUTE_MS,
      actionType: 'startUvDose',
      robotId: null,
    }
  })
  const robots = Array.from({ length: options.robots }, (_, index): ScheduleRobot => {
    const dockIndex = placeAt({ corridor: index % corridors, xM: isPlain ? 60 * random.uniform() : 2 })
    return {
      id: `uv-${index}`,
      placeIndex: dockIndex,
      availableMs: EVENING_MS,
      batteryFraction: isPlain ? 1 : 0.5 + 0.5 * random.uniform(),
      chargePerMs: 1 / (2 * HOUR_MS),
      drivePerMs: isPlain ? 0 : 1 / (8 * HOUR_MS),
      dockIndex,
      lampLeftMs: Infinity,
      actionTypes: new Set(['startUvDose']),
      burden: 0,
    }
  })
  return {
    nowMs: EVENING_MS,
    jobs,
    robots,
    travel: { ms: (from, to) => (1000 * metres(places[from]!, places[to]!)) / SPEED_MPS },
    burdens: {
      idOf: () => 0,
      // 0 nothing, 1 ordinary soil, 2 + n what is in isolation n.
      enter(burden, room) {
        const kind = kinds[room]!
        if (kind === 2) return burden <= 1 || burden === 2 + room ? 2 + room : -1
        if (kind === 1) return burden === 0 ? 0 : -1
        return burden <= 1 ? 1 : -1
      },
      agents: () => [],
    },
    staffed: [{ fromMs: EVENING_MS, toMs: EVENING_MS + 1000 * HOUR_MS }],
    decontamination: { durationMs: 8 * MINUTE_MS, placeIndex: null },
    previous: new Map(),
    freezeMs: 10 * MINUTE_MS,
    weights: DEFAULT_WEIGHTS,
  }
}

/** When the last room of a schedule is done, milliseconds after now. */
export function makespanMs({ nowMs }: ScheduleProblem, { routes }: Schedule): number {
  return Math.max(...routes.map(({ jobs, states }) => (jobs.length === 0 ? 0 : states.at(-1)!.atMs - nowMs)))
}

/** What people are told of a schedule, as `previous` of the next problem. */
export function told({ jobs, robots }: ScheduleProblem, { routes }: Schedule): ScheduleProblem['previous'] {
  return new Map(
    routes.flatMap((route) =>
      route.jobs.map((jobIndex, at) => [
        jobs[jobIndex]!.id,
        { robotId: robots[route.robotIndex]!.id, startMs: route.startsMs[at]! },
      ]),
    ),
  )
}

/** Rooms that both know and that have another robot now. */
export function movedRooms(before: ScheduleProblem['previous'], after: ScheduleProblem['previous']): number {
  return [...before].filter(([id, { robotId }]) => (after.get(id)?.robotId ?? robotId) !== robotId).length
}

/**
 * One robot at work at a time, as where one person orders, waits, releases and orders again: the nearest robot goes to
 * the nearest room. Neither batteries nor decontamination hold it up.
 *
 * @returns milliseconds until the last room is done
 */
export function oneAtATimeMs({ jobs, robots, travel }: ScheduleProblem): number {
  const at = robots.map(({ placeIndex }) => placeIndex)
  const left = new Set(jobs)
  let elapsedMs = 0
  while (left.size > 0) {
    let best = { wayMs: Infinity, robot: 0, job: jobs[0]! }
    for (const job of left) {
      for (const [robot, place] of at.entries()) {
        const wayMs = travel.ms(place, job.placeIndex)
        if (wayMs < best.wayMs) best = { wayMs, robot, job }
      }
    }
    elapsedMs += best.wayMs + best.job.armMs + best.job.workMs
    at[best.robot] = best.job.placeIndex
    left.delete(best.job)
  }
  return elapsedMs
}

function metres(a: Place, b: Place): number {
  if (a.corridor === b.corridor) return Math.abs(a.xM - b.xM)
  return a.xM + b.xM + 25 * Math.abs(a.corridor - b.corridor)
}
