import { distance, type Point2, type Pose2 } from '@wardlight/core/geometry'
import type { WayView } from '../perception/people-on-the-way.ts'
import type { TrackedPerson } from '../perception/people-tracks.ts'

/**
 * How a robot that drives by itself takes people in its way. All of it is proposed but where a source is named. Metres,
 * seconds, metres a second.
 */
export const CAUTION_LIMITS = {
  /** Half of a shoulder's width, and what tracking errs by. */
  personRadiusM: 0.3,
  /** From a scan to the brakes: it looks twice (0.1 s), is told (0.1 s), and the navigation's next step (0.05 s). */
  reactionS: 0.3,
  /** Less than any base that it is to run on can do: 1.2 in the simulation, and what the drive gate counts on. */
  brakingMps2: 1,
  /** It holds for who would be nearer than this, edge to edge, before it could stand, and so long after. */
  holdGapM: 0.3,
  holdBeyondS: 0.5,
  /** Once it holds, it goes on only when there is so much more. */
  releaseMoreM: 0.2,
  releaseMs: 1000,
  /** It slows for who would be nearer than this within so long at its full speed. */
  slowGapM: 0.45,
  slowWithinS: 3,
  slowMps: 0.25,
  slowForMs: 1000,
  /** Who, or what, has not moved by `steadyM` for so long is passed at a creep, near, if the navigation finds a way round. */
  steadyMs: 20_000,
  steadyM: 0.3,
  creepMps: 0.15,
  creepGapM: 0.1,
  /** It counts on so much speed where it stands and would set out. */
  setOutMps: 0.2,
} as const

/** What it does now: drives as it likes, at most at `slowMps`, at most at `creepMps`, or stands. */
export type CautionKind = 'free' | 'slow' | 'creep' | 'hold'

interface Anchor extends Point2 {
  readonly sinceMs: number
}

export interface Caution {
  readonly kind: CautionKind
  readonly lastHoldMs: number
  readonly lastSlowMs: number
  readonly lastCreepMs: number
  /** Where each of the people was when they last moved. */
  readonly anchors: ReadonlyMap<number, Anchor>
}

export const NO_CAUTION: Caution = {
  kind: 'free',
  lastHoldMs: -Infinity,
  lastSlowMs: -Infinity,
  lastCreepMs: -Infinity,
  anchors: new Map(),
}

export interface Mover {
  readonly radiusM: number
  /** Its full speed. */
  readonly speedMps: number
}

/** What to do about the people of a view. Who cannot look holds. */
export function wayCaution(before: Caution, view: WayView, mover: Mover): Caution {
  const { atMs, people } = view
  const limits = CAUTION_LIMITS
  const isHolding = before.kind === 'hold'
  const anchors = anchorsOf(before.anchors, people ?? [], atMs)
  const steady = (person: TrackedPerson) => atMs - anchors.get(person.id)!.sinceMs >= limits.steadyMs
  const holdMps = isHolding ? Math.max(view.speedMps, limits.setOutMps) : view.speedMps
  const standS = limits.reactionS + holdMps / limits.brakingMps2
  const more = isHolding ? limits.releaseMoreM : 0
  const mustHold =
    people === null ||
    people.some((person) =>
      steady(person)
        ? nearest(person, view, mover, holdMps, standS) < limits.creepGapM
        : nearest(person, view, mover, holdMps, standS + limits.holdBeyondS) < limits.holdGapM + more,
    )
  const near = (people ?? []).filter(
    (person) => nearest(person, view, mover, mover.speedMps, limits.slowWithinS) < limits.slowGapM,
  )
  const lastHoldMs = mustHold ? atMs : before.lastHoldMs
  const lastSlowMs = near.length > 0 ? atMs : before.lastSlowMs
  const lastCreepMs = near.some(steady) ? atMs : before.lastCreepMs
  const kind = mustHold
    ? 'hold'
    : isHolding && atMs - lastHoldMs < limits.releaseMs
      ? 'hold'
      : atMs - lastCreepMs < limits.slowForMs
        ? 'creep'
        : atMs - lastSlowMs < limits.slowForMs
          ? 'slow'
          : 'free'
  return { kind, lastHoldMs, lastSlowMs, lastCreepMs, anchors }
}

/** The speed that it may drive at, m/s; `null`: its own. */
export function speedLimitOf(kind: CautionKind): number | null {
  if (kind === 'slow') return CAUTION_LIMITS.slowMps
  return kind === 'creep' ? CAUTION_LIMITS.creepMps : null
}

const STEP_S = 0.1
/** A turn is carried on for so long, then it drives straight. */
const TURN_S = 0.5

/**
 * How near a person will be, edge to edge, within a time in which the robot drives on at a speed and they walk on as they do,
 * metres. Who is behind it now is left out: it drives away from them.
 */
function nearest(
  person: TrackedPerson,
  { pose, turnRadPerS }: WayView,
  { radiusM }: Mover,
  speedMps: number,
  withinS: number,
): number {
  if (!isAhead(person, pose)) return Infinity
  let [x, y] = [pose.x, pose.y]
  let least = distance(person, pose)
  for (let atS = STEP_S; atS <= withinS + 1e-9; atS += STEP_S) {
    const theta = pose.theta + turnRadPerS * Math.min(atS, TURN_S)
    x += speedMps * STEP_S * Math.cos(theta)
    y += speedMps * STEP_S * Math.sin(theta)
    least = Math.min(least, Math.hypot(person.x + person.vx * atS - x, person.y + person.vy * atS - y))
  }
  return least - radiusM - CAUTION_LIMITS.personRadiusM
}

function isAhead(person: Point2, { x, y, theta }: Pose2): boolean {
  return (person.x - x) * Math.cos(theta) + (person.y - y) * Math.sin(theta) > 0
}

function anchorsOf(
  before: ReadonlyMap<number, Anchor>,
  people: readonly TrackedPerson[],
  atMs: number,
): Map<number, Anchor> {
  return new Map(
    people.map(({ id, x, y }) => {
      const anchor = before.get(id)
      return anchor !== undefined && distance(anchor, { x, y }) <= CAUTION_LIMITS.steadyM
        ? [id, anchor]
        : [id, { x, y, sinceMs: atMs }]
    }),
  )
}
