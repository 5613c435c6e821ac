import { normalizeAngle, type Pose2 } from '@wardlight/core/geometry'

/** What a ward robot's base can do. @see MotionLimits for the units. */
export interface MotionLimits {
  readonly speedMps: number
  readonly accelerationMps2: number
  readonly brakingMps2: number
  readonly turnRateRadps: number
  readonly turnAccelerationRadps2: number
}

/** A walking pace's half, as disinfection robots drive indoors [proposed]. */
export const DEFAULT_LIMITS: MotionLimits = {
  speedMps: 0.5,
  accelerationMps2: 0.6,
  brakingMps2: 1.2,
  turnRateRadps: 1.2,
  turnAccelerationRadps2: 2.5,
}

/** Distance in metres from a point to the nearest thing that a body may not touch, at most `limitM`. */
export type Clearance = (x: number, y: number, limitM: number) => number

/** A round differential-drive base: follows a commanded twist within its limits, and never enters what is solid. */
export class DriveBody {
  #pose: Pose2
  #speedMps = 0
  #turnRateRadps = 0
  #isTouching = false
  readonly radiusM: number
  readonly limits: MotionLimits

  constructor(pose: Pose2, radiusM: number, limits: MotionLimits = DEFAULT_LIMITS) {
    this.#pose = pose
    this.radiusM = radiusM
    this.limits = limits
  }

  get pose(): Pose2 {
    return this.#pose
  }

  get speedMps(): number {
    return this.#speedMps
  }

  get turnRateRadps(): number {
    return this.#turnRateRadps
  }

  /** Whether the last step was stopped by something solid. */
  get isTouching(): boolean {
    return this.#isTouching
  }

  step(stepS: number, commandMps: number, commandRadps: number, clearance: Clearance): void {
    const { limits } = this
    const targetMps = clamp(commandMps, limits.speedMps)
    const isBraking = Math.abs(targetMps) < Math.abs(this.#speedMps) || targetMps * this.#speedMps < 0
    this.#speedMps = approach(
      this.#speedMps,
      targetMps,
      (isBraking ? limits.brakingMps2 : limits.accelerationMps2) * stepS,
    )
    this.#turnRateRadps = approach(
      this.#turnRateRadps,
      clamp(commandRadps, limits.turnRateRadps),
      limits.turnAccelerationRadps2 * stepS,
    )
    if (this.#speedMps === 0 && this.#turnRateRadps === 0) {
      if (targetMps === 0) this.#isTouching = false
      return
    }
    const { x, y, theta } = this.#pose
    // The mean heading of the step: exact to second order for an arc.
    const heading = theta + (this.#turnRateRadps * stepS) / 2
    const nextX = x + this.#speedMps * stepS * Math.cos(heading)
    const nextY = y + this.#speedMps * stepS * Math.sin(heading)
    const nextTheta = normalizeAngle(theta + this.#turnRateRadps * stepS)
    if (this.#speedMps !== 0 && !this.#mayMove(x, y, nextX, nextY, clearance)) {
      this.#isTouching = true
      this.#speedMps = 0
      this.#pose = { x, y, theta: nextTheta }
      return
    }
    if (this.#speedMps !== 0) this.#isTouching = false
    this.#pose = { x: nextX, y: nextY, theta: nextTheta }
  }

  /** Free of contact there, or, for a body that something else has walked into, no deeper than now. */
  #mayMove(x: number, y: number, nextX: number, nextY: number, clearance: Clearance): boolean {
    const next = clearance(nextX, nextY, this.radiusM + 0.01)
    return next >= this.radiusM || next > clearance(x, y, this.radiusM + 0.01)
  }
}

function clamp(value: number, limit: number): number {
  return Number.isFinite(value) ? Math.max(-limit, Math.min(limit, value)) : 0
}

function approach(value: number, target: number, by: number): number {
  return value < target ? Math.min(target, value + by) : Math.max(target, value - by)
}
