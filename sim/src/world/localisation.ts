import { composePoses, inversePose, normalizeAngle, type Pose2 } from '@wardlight/core/geometry'
import type { Random } from '@wardlight/core/random'

/** AMCL on a 5 cm map with a 12 m lidar keeps within about a cell [proposed]. */
export const POSITION_SIGMA_M = 0.02
export const HEADING_SIGMA_RAD = Math.PI / 180
const NOWHERE_ELSE: Pose2 = { x: 0, y: 0, theta: 0 }
/** How slowly the error wanders. */
const CORRELATION_S = 10

/** The wheels' own reckoning: drifts with the distance driven. */
export class Odometry {
  readonly #random: Random
  readonly #scale: number
  readonly #turnScale: number
  #pose: Pose2 = { x: 0, y: 0, theta: 0 }

  constructor(random: Random) {
    this.#random = random
    // Wheel diameters and track are known to a fraction of a per cent.
    this.#scale = 1 + random.gaussian(0.004)
    this.#turnScale = 1 + random.gaussian(0.006)
  }

  get pose(): Pose2 {
    return this.#pose
  }

  /** @param drivenM along the heading; @param turnedRad counter-clockwise. */
  step(drivenM: number, turnedRad: number): void {
    if (drivenM === 0 && turnedRad === 0) return
    // Slip grows with the square root of the way: 1 % after a metre, 1.5 % of a turn after a radian.
    const driven = drivenM * this.#scale + this.#random.gaussian(0.01 * Math.sqrt(Math.abs(drivenM)))
    const turned =
      turnedRad * this.#turnScale +
      this.#random.gaussian(0.015 * Math.sqrt(Math.abs(turnedRad)) + 0.002 * Math.sqrt(Math.abs(drivenM)))
    const heading = this.#pose.theta + turned / 2
    this.#pose = {
      x: this.#pose.x + driven * Math.cos(heading),
      y: this.#pose.y + driven * Math.sin(heading),
      theta: normalizeAngle(this.#pose.theta + turned),
    }
  }
}

/** Where the robot believes to be: its true pose with an error that wanders slowly (Ornstein–Uhlenbeck). */
export class Localisation {
  readonly #random: Random
  #error: Pose2
  /** Beside the truth for good, until somebody says where it is. */
  #astray: Pose2 = NOWHERE_ELSE

  constructor(random: Random) {
    this.#random = random
    this.#error = {
      x: random.gaussian(POSITION_SIGMA_M),
      y: random.gaussian(POSITION_SIGMA_M),
      theta: random.gaussian(HEADING_SIGMA_RAD),
    }
  }

  step(stepS: number): void {
    const keep = Math.exp(-stepS / CORRELATION_S)
    const fresh = Math.sqrt(1 - keep * keep)
    this.#error = {
      x: keep * this.#error.x + this.#random.gaussian(fresh * POSITION_SIGMA_M),
      y: keep * this.#error.y + this.#random.gaussian(fresh * POSITION_SIGMA_M),
      theta: keep * this.#error.theta + this.#random.gaussian(fresh * HEADING_SIGMA_RAD),
    }
  }

  /** Puts the estimate beside the truth, as when a robot is pushed away or takes one corridor for another; it finds back slowly. */
  disturb(offset: Pose2): void {
    this.#error = {
      x: this.#error.x + offset.x,
      y: this.#error.y + offset.y,
      theta: this.#error.theta + offset.theta,
    }
  }

  /** Takes another place for its own, and never finds back by itself. */
  goAstray(offset: Pose2): void {
    this.#astray = offset
  }

  /** Somebody says where it is; from there it finds to the truth as ever. */
  initialise(truePose: Pose2, told: Pose2): void {
    this.#astray = NOWHERE_ELSE
    this.#error = {
      x: told.x - truePose.x,
      y: told.y - truePose.y,
      theta: normalizeAngle(told.theta - truePose.theta),
    }
  }

  estimate(truePose: Pose2): Pose2 {
    return {
      x: truePose.x + this.#error.x + this.#astray.x,
      y: truePose.y + this.#error.y + this.#astray.y,
      theta: normalizeAngle(truePose.theta + this.#error.theta + this.#astray.theta),
    }
  }
}

/** The transform `map` → `odom` that makes the wheels' reckoning agree with the estimate. */
export function mapToOdom(estimate: Pose2, odometry: Pose2): Pose2 {
  return composePoses(estimate, inversePose(odometry))
}
