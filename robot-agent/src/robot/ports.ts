import type { OccupancyGrid, Pose2 } from '@wardlight/core/geometry'
import type { Disposable, LaserScan } from '@wardlight/core/ros'

/** What a door's guard says. `lost`: it was heard of, but has no contact to its door. */
export type GuardState = 'closed' | 'open' | 'moved' | 'lost'

/** Where the lidar sits on the robot (`base_link` → `laser`). */
export interface LaserMount {
  readonly pose: Pose2
  readonly heightM: number
}

/** One message of the robot's hardware, in the agent's own words. Map frame, metres, radians. */
export type RobotReading =
  | { readonly kind: 'scan'; readonly scan: LaserScan }
  | { readonly kind: 'personSensor'; readonly isDetected: boolean }
  | { readonly kind: 'doorGuards'; readonly states: ReadonlyMap<string, GuardState> }
  | { readonly kind: 'emergencyStop'; readonly isPressed: boolean }
  | { readonly kind: 'armButton'; readonly isPressed: boolean }
  | { readonly kind: 'bumper'; readonly isPressed: boolean }
  /** Measured output of each tube, as a fraction of its rated output. */
  | { readonly kind: 'lampOutput'; readonly fractions: readonly number[] }
  /** The localisation's own estimate, with one standard deviation. */
  | {
      readonly kind: 'localisation'
      readonly pose: Pose2
      readonly deviationM: number
      readonly deviationRad: number
    }
  /** The pose as odometry carries it on between two estimates. */
  | { readonly kind: 'pose'; readonly pose: Pose2 }
  | { readonly kind: 'odometry'; readonly speedMps: number; readonly turnRadPerS: number }
  | {
      readonly kind: 'battery'
      readonly fraction: number
      readonly isCharging: boolean
      readonly voltage: number
    }
  | { readonly kind: 'laserMount'; readonly mount: LaserMount }
  /** The level's map, as the robot's navigation has it. */
  | { readonly kind: 'map'; readonly grid: OccupancyGrid }

export interface RobotSensors {
  subscribe(listener: (reading: RobotReading) => void): Disposable
}

export type DriveEnd = 'arrived' | 'canceled' | 'failed'

export interface RobotBase {
  /** Drives to a pose in the map frame. `onEnd` is called exactly once; a later drive cancels an earlier one. */
  driveTo(pose: Pose2, onEnd: (end: DriveEnd) => void): void
  /** Cancels the drive, if any. */
  cancel(): void
  /** One direct command of zero speed, over the head of the navigation. */
  commandZero(): void
}

export interface RobotLamp {
  /** One heartbeat. The lamp hardware goes dark by itself `LAMP_HEARTBEAT_MS` after the last `true`. */
  setEnabled(isEnabled: boolean): void
}

/** A robot, as the agent drives it. */
export interface Robot {
  readonly sensors: RobotSensors
  readonly base: RobotBase
  readonly lamp: RobotLamp
}
