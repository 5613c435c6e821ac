import { distance, normalizeAngle, type Point2, type Pose2 } from '@wardlight/core/geometry'
import type { MotionLimits } from '../world/drive-body.ts'

const LOOKAHEAD_M = 0.35
/** Nearer than this the goal's place counts as reached. */
export const GOAL_TOLERANCE_M = 0.05
export const GOAL_YAW_TOLERANCE_RAD = 0.06
/** Above this heading error the robot turns on the spot. */
const TURN_ON_SPOT_RAD = 0.6

export interface Command {
  readonly speedMps: number
  readonly turnRateRadps: number
  readonly isThere: boolean
}

/** A way as a line, with the length up to each of its corners. */
export interface Track {
  readonly points: readonly Point2[]
  readonly startsM: readonly number[]
  readonly lengthM: number
}

export function trackOf(points: readonly Point2[]): Track {
  const startsM = [0]
  for (let index = 1; index < points.length; index += 1) {
    startsM.push(startsM[index - 1]! + distance(points[index - 1]!, points[index]!))
  }
  return { points, startsM, lengthM: startsM.at(-1)! }
}

/** The point at a length along the track, held at its ends. */
export function pointAlong({ points, startsM, lengthM }: Track, alongM: number): Point2 {
  if (points.length === 1 || alongM <= 0) return points[0]!
  if (alongM >= lengthM) return points.at(-1)!
  let leg = 0
  while (startsM[leg + 1]! < alongM) leg += 1
  const a = points[leg]!
  const b = points[leg + 1]!
  const share = (alongM - startsM[leg]!) / (startsM[leg + 1]! - startsM[leg]!)
  return { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) }
}

/**
 * Follows a track by pure pursuit (Coulter 1992): turns on the spot when it points elsewhere, slows
 * down towards the end, and there turns to the final yaw.
 */
export class PathFollower {
  readonly track: Track
  readonly #goalTheta: number
  readonly #limits: MotionLimits
  #alongM = 0
  #isTurningToGoal = false

  constructor(points: readonly Point2[], goalTheta: number, limits: MotionLimits) {
    this.track = trackOf(points)
    this.#goalTheta = goalTheta
    this.#limits = limits
  }

  /** How much of the track lies behind the robot. */
  get alongM(): number {
    return this.#alongM
  }

  get remainingM(): number {
    return Math.max(0, this.track.lengthM - this.#alongM)
  }

  follow(pose: Pose2): Command {
    this.#advance(pose)
    const end = this.track.points.at(-1)!
    const toEndM = distance(pose, end)
    if (!this.#isTurningToGoal && this.#hasArrived(pose, end, toEndM)) this.#isTurningToGoal = true
    if (this.#isTurningToGoal) {
      const error = normalizeAngle(this.#goalTheta - pose.theta)
      return {
        speedMps: 0,
        turnRateRadps: this.#turn(error),
        isThere: Math.abs(error) < GOAL_YAW_TOLERANCE_RAD,
      }
    }
    const target = pointAlong(this.track, this.#alongM + LOOKAHEAD_M)
    const error = normalizeAngle(Math.atan2(target.y - pose.y, target.x - pose.x) - pose.theta)
    if (Math.abs(error) > TURN_ON_SPOT_RAD) {
      return { speedMps: 0, turnRateRadps: this.#turn(error), isThere: false }
    }
    const { speedMps, brakingMps2, turnRateRadps } = this.#limits
    const gapM = Math.max(0.1, distance(pose, target))
    const curvature = (2 * Math.sin(error)) / gapM
    const speed = Math.min(
      speedMps * Math.cos(error),
      // Half of the braking power: the other half is kept for what comes unforeseen.
      Math.sqrt(brakingMps2 * Math.max(0.002, toEndM)),
      curvature === 0 ? Infinity : (0.8 * turnRateRadps) / Math.abs(curvature),
    )
    return { speedMps: speed, turnRateRadps: speed * curvature, isThere: false }
  }

  #hasArrived(pose: Pose2, end: Point2, toEndM: number): boolean {
    if (toEndM < GOAL_TOLERANCE_M * 0.6) return true
    const bearing = Math.abs(normalizeAngle(Math.atan2(end.y - pose.y, end.x - pose.x) - pose.theta))
    // Past it, or beside it: near enough, and turning back would only begin a dance.
    return toEndM < 2 * GOAL_TOLERANCE_M && this.remainingM < 2 * GOAL_TOLERANCE_M && bearing > 1.2
  }

  #turn(error: number): number {
    const { turnRateRadps, turnAccelerationRadps2 } = this.#limits
    const rate = Math.min(turnRateRadps, Math.sqrt(turnAccelerationRadps2 * Math.abs(error)))
    return Math.sign(error) * rate
  }

  /** Moves on to the nearest point of the next metre of track; never back. */
  #advance(pose: Pose2): void {
    let nearest = Infinity
    let best = this.#alongM
    for (let ahead = 0; ahead <= 1; ahead += 0.05) {
      const along = Math.min(this.track.lengthM, this.#alongM + ahead)
      const gap = distance(pointAlong(this.track, along), pose)
      if (gap < nearest - 1e-9) {
        nearest = gap
        best = along
      }
    }
    this.#alongM = best
  }
}
