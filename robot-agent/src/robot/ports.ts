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
  /** What the detector behind one camera made of a picture. `camera`: its topic. */
  | { readonly kind: 'camera'; readonly camera: string; readonly isPersonSeen: boolean }
  | { readonly kind: 'doorGuards'; readonly states: ReadonlyMap<string, GuardState> }
  | { readonly kind: 'emergencyStop'; readonly isPressed: boolean }
  | { readonly kind: 'armButton'; readonly isPressed: boolean }
  | { readonly kind: 'bumper'; readonly isPressed: boolean }
  /** Measured output of each tube, as a fraction of its rated output. */
  | { readonly kind: 'lampOutput'; readonly fractions: readonly number[] }
  /** Measured current of each tube, as a fraction of its rated current. */
  | { readonly kind: 'lampCurrent'; readonly fractions: readonly number[] }
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
      /** What it holds when full against what it was built for, 0 to 1; `null` where nobody measures. */
      readonly health: number | null
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
  /** Tells the navigation how fast it may drive, m/s, from now on and on later drives; `null`: as fast as it likes. */
  limitSpeed(speedMps: number | null): void
  /** Tells the localisation where the robot is, map frame. */
  initializePosition(pose: Pose2): void
  /** One direct command of zero speed, over the head of the navigation. */
  commandZero(): void
  /** One command of somebody who drives from afar; the base forgets it after 0.5 s. Only the drive gate calls it. */
  commandTeleoperation(speedMps: number, turnRadPerS: number): void
}

/** A dock by its name in the robot's own list; with a pose in the map frame it need not be in there. */
export interface DockTarget {
  readonly dockId: string
  readonly pose: Pose2 | null
}

export type DockingEnd =
  /** In the dock, and current flows. */
  | { readonly end: 'docked' }
  | { readonly end: 'canceled' }
  | {
      readonly end: 'failed'
      readonly problem: 'dockNotFound' | 'outOfReach' | 'doesNotCharge' | 'noDockingServer'
      readonly detail: string
    }

/** Into a dock and out of it, from and to its staging pose. Each `onEnd` is called exactly once. */
export interface RobotDocking {
  dock(target: DockTarget, onEnd: (end: DockingEnd) => void): void
  undock(onEnd: (end: DriveEnd | 'noDockingServer') => void): void
  /** Cancels both, if any. */
  cancel(): void
}

export interface RobotLamp {
  /** One heartbeat. The lamp hardware goes dark by itself `LAMP_HEARTBEAT_MS` after the last `true`. */
  setEnabled(isEnabled: boolean): void
}

/** What a damper says. `moving`: neither quite shut nor quite open; `lost`: no contact. */
export type DamperState = 'shut' | 'open' | 'moving' | 'faulty' | 'lost'

export type Damper = 'supply' | 'exhaust'

/** One hydrogen peroxide sensor, on the robot, in the room or outside of it. */
export interface GasSensorState {
  readonly sensorId: string
  readonly roomId: string
  /** `null`: it says that it has no reading. */
  readonly ppm: number | null
  /** How old the reading is, ms; `Infinity` when nobody knows. */
  readonly ageMs: number
  /** Since it last answered to test gas, ms; `Infinity` when it never did. */
  readonly bumpTestAgeMs: number
}

/** One message of what a robot has, or hears, to do with gas. */
export type GasEquipmentReading =
  /** Measured output of the generator, pure H2O2. */
  | { readonly kind: 'vaporiserRate'; readonly gPerMin: number }
  | { readonly kind: 'vaporiserTank'; readonly solutionMl: number }
  /** By `<room id>/supply` and `<room id>/exhaust`. */
  | { readonly kind: 'dampers'; readonly states: ReadonlyMap<string, DamperState> }
  | { readonly kind: 'gasSensors'; readonly sensors: readonly GasSensorState[] }
  | { readonly kind: 'temperature'; readonly celsius: number }
  | { readonly kind: 'humidity'; readonly percent: number }

/** Generator, ventilation and sensors. Silent on a robot that has none. */
export interface GasEquipment {
  subscribe(listener: (reading: GasEquipmentReading) => void): Disposable
  /**
   * One heartbeat: pure H2O2, g/min. The generator stops at once on 0, and by itself `VAPORISER_HEARTBEAT_MS` after the
   * last one. Only the gas guard calls it.
   */
  commandVaporiser(gPerMin: number): void
  commandDamper(roomId: string, damper: Damper, position: 'shut' | 'open'): void
}

export function damperKey(roomId: string, damper: Damper): string {
  return `${roomId}/${damper}`
}

/** A robot, as the agent drives it. */
export interface Robot {
  readonly sensors: RobotSensors
  readonly base: RobotBase
  readonly docking: RobotDocking
  readonly lamp: RobotLamp
  readonly gas: GasEquipment
}
