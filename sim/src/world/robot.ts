import type { LampModel } from '@wardlight/core/disinfection'
import type { Pose2 } from '@wardlight/core/geometry'
import type { Random } from '@wardlight/core/random'
import { Battery } from './battery.ts'
import { DEFAULT_LIMITS, DriveBody, type Clearance } from './drive-body.ts'
import { Lamp } from './lamp.ts'
import { Localisation, Odometry } from './localisation.ts'

/** Half of the base's width, metres, unless a robot says otherwise. */
export const DEFAULT_RADIUS_M = 0.25
/** A direct motion command holds this long, then the navigation has the wheels again (as twist_mux does). */
const DIRECT_COMMAND_MS = 500

export interface RobotParts {
  readonly id: string
  readonly levelId: string
  readonly pose: Pose2
  readonly lamp: LampModel
  readonly batteryFraction: number
  readonly batteryHealth?: number | undefined
  readonly radiusM: number
  readonly speedMps?: number | undefined
  readonly isNavigationBlind?: boolean | undefined
  readonly isFixed?: boolean | undefined
  readonly random: Random
}

/** A robot's body and hardware as they truly are, before any topic. */
export class Robot {
  readonly id: string
  /** A lift changes it. */
  levelId: string
  readonly body: DriveBody
  readonly lamp: Lamp
  readonly battery: Battery
  readonly odometry: Odometry
  readonly localisation: Localisation
  readonly isNavigationBlind: boolean
  /** It hangs there, fed by the mains. */
  readonly isFixed: boolean
  isEmergencyPressed = false
  isLampUnplugged = false
  /** What its infrared sensors say whatever is; `null`: the truth. */
  personSensorSays: 'nobody' | 'somebody' | null = null
  armPressedUntilMs = -Infinity
  readonly silentTopics = new Set<string>()
  #direct = { speedMps: 0, turnRateRadps: 0, untilMs: -Infinity }
  #driven = { speedMps: 0, turnRateRadps: 0, untilMs: -Infinity }
  #navigation = { speedMps: 0, turnRateRadps: 0 }

  constructor(parts: RobotParts) {
    const { id, levelId, pose, lamp, batteryFraction, radiusM, random } = parts
    this.id = id
    this.levelId = levelId
    this.isFixed = parts.isFixed ?? false
    this.isNavigationBlind = parts.isNavigationBlind ?? false
    const { speedMps = DEFAULT_LIMITS.speedMps } = parts
    this.body = new DriveBody(pose, radiusM, { ...DEFAULT_LIMITS, speedMps })
    this.lamp = new Lamp(lamp)
    this.battery = new Battery(batteryFraction, parts.batteryHealth)
    this.odometry = new Odometry(random.fork('odometry'))
    this.localisation = new Localisation(random.fork('localisation'))
  }

  get x(): number {
    return this.body.pose.x
  }

  get y(): number {
    return this.body.pose.y
  }

  get radiusM(): number {
    return this.body.radiusM
  }

  /** Where it believes to be. */
  get estimate(): Pose2 {
    return this.isFixed ? this.body.pose : this.localisation.estimate(this.body.pose)
  }

  /** From `/cmd_vel`. */
  commandDirectly(speedMps: number, turnRateRadps: number, nowMs: number): void {
    this.#direct = { speedMps, turnRateRadps, untilMs: nowMs + DIRECT_COMMAND_MS }
  }

  /** From `/cmd_vel_teleop`: somebody drives from afar. */
  commandFromAfar(speedMps: number, turnRateRadps: number, nowMs: number): void {
    this.#driven = { speedMps, turnRateRadps, untilMs: nowMs + DIRECT_COMMAND_MS }
  }

  /** From the navigation: holds until the next. */
  commandFromNavigation(speedMps: number, turnRateRadps: number): void {
    this.#navigation = { speedMps, turnRateRadps }
  }

  isArmPressed(nowMs: number): boolean {
    return nowMs < this.armPressedUntilMs
  }

  step(nowMs: number, stepMs: number, clearance: Clearance, isAtDock: boolean): void {
    if (this.isFixed) {
      this.lamp.step(nowMs, stepMs, true)
      return
    }
    const stepS = stepMs / 1000
    // The pressed emergency stop cuts the motors in hardware; the base brakes to a stand.
    const mayDrive = !this.isEmergencyPressed && this.battery.fraction > 0
    // By rank, as twist_mux has it.
    const command = [this.#direct, this.#driven].find(({ untilMs }) => nowMs < untilMs) ?? this.#navigation
    const before = this.body.pose
    this.body.step(stepS, mayDrive ? command.speedMps : 0, mayDrive ? command.turnRateRadps : 0, clearance)
    const after = this.body.pose
    if (after !== before) {
      const heading = before.theta
      const turned = after.theta - before.theta
      this.odometry.step(
        (after.x - before.x) * Math.cos(heading) + (after.y - before.y) * Math.sin(heading),
        turned > Math.PI ? turned - 2 * Math.PI : turned < -Math.PI ? turned + 2 * Math.PI : turned,
      )
    }
    this.lamp.step(nowMs, stepMs, this.battery.fraction > 0)
    this.battery.step(
      stepS,
      Math.abs(this.body.speedMps) / this.body.limits.speedMps,
      this.lamp.radiantW,
      isAtDock,
    )
  }
}
