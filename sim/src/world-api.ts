import type { Clock } from '@wardlight/core/clock'
import type { LampModel, Surface } from '@wardlight/core/disinfection'
import type { FloorPlan, Furniture } from '@wardlight/core/floor'
import type { Point2, Polygon, Pose2, Segment2 } from '@wardlight/core/geometry'
import type { RosGraph } from '@wardlight/core/ros'
import type { DockFault } from './world/docks.ts'
import type { GuardState } from './world/doors.ts'
import type { RoomAir } from './ros/gas-node.ts'
import type { Gas, GasSensorFault, GasSensorOptions } from './world/gas.ts'
import type { LampSaying } from './world/lamp.ts'
import type { Person } from './world/people.ts'
import type { LiftStatus } from './world/lifts.ts'
import type { TruthEvent } from './world/truth.ts'
import type { VaporiserFault, VaporiserOptions } from './world/vaporiser.ts'
import type { DamperFault, DamperName } from './world/ventilation.ts'

export interface WorldRobot {
  readonly id: string
  readonly levelId: string
  /** Where it stands at first, map frame of its level. */
  readonly pose: Pose2
  /** The robot's own graph; the world speaks for its drivers and its Nav2. */
  readonly graph: RosGraph
  readonly lamp: LampModel
  /** 0 empty to 1 full; 1 by default. */
  readonly batteryFraction?: number
  /** What its battery holds when full against its design, 0 to 1; 1 by default. It ages with what is drawn. */
  readonly batteryHealth?: number
  /** Half of the base's width, metres; 0.25 by default. */
  readonly radiusM?: number
  /** What its base can drive at most, m/s; 0.5 by default. */
  readonly speedMps?: number
  /** It hangs there and does not move: no wheels, no navigation, no place of its own making; fed by the mains. */
  readonly isFixed?: boolean
  /** Its navigation sees no people and no other robots, as one without an obstacle layer; by default it waits for them. */
  readonly isNavigationBlind?: boolean
  /** A hydrogen peroxide generator, and with it a gas sensor named `<id>/gas`; none by default. */
  readonly vaporiser?: VaporiserOptions
}

export interface WorldOptions {
  readonly plan: FloorPlan
  readonly seed: number
  readonly clock: Clock
  readonly robots: readonly WorldRobot[]
  /** People who walk about the corridors all the time; none by default. */
  readonly walkers?: number
}

/** One robot from outside: what it truly is, and what hands can do to it. */
export interface RobotHandle {
  readonly id: string
  readonly truePose: Pose2
  /** Where its localisation believes it to be. */
  readonly estimatedPose: Pose2
  readonly levelId: string
  /** The room in which it truly stands. */
  readonly roomId: string | null
  readonly speedMps: number
  readonly isLampLit: boolean
  /** Pure H2O2 that its generator truly gives off now, g/min. */
  readonly vaporiserGPerMin: number
  setVaporiserFault(fault: VaporiserFault | null): void
  /** 0 to 1. */
  readonly batteryFraction: number
  /**
   * Somebody comes in by the door of the robot's room, looks behind its other doors, holds the arming button down, 500 ms
   * unless said, and goes out again: sensors and guards see them.
   */
  pressArmButton(durationMs?: number): void
  /** Somebody is on the way to the robot's arming button, or on the way out again. */
  readonly isAttended: boolean
  /** The hard emergency stop. It cuts the motors; the lamp is left to the controller, so that one which fails shows. */
  pressEmergencyStop(isPressed: boolean): void
  /** The link to the lamp is gone: no command reaches it, no measurement comes back. */
  unplugLamp(isUnplugged: boolean): void
  /** Output of one tube against what it gave before: 1 as new, 0 failed. */
  weakenTube(tube: number, fraction: number): void
  /** Its infrared sensors say so, whatever is; `null`: the truth. */
  setPersonSensorFault(saying: 'nobody' | 'somebody' | null): void
  /** One of the lamp's two sensors says so, whatever is; `null`: the truth. */
  setLampSensorFault(sensor: 'output' | 'current', saying: LampSaying | null): void
  /** Nothing is published on this topic any more. */
  silenceSensor(topic: string, isSilent: boolean): void
  /** Adds an error to what the localisation believes. */
  disturbLocalisation(offset: Pose2): void
  /** The localisation takes another place for its own, and is sure of it, until somebody sets it. */
  loseItsPlace(offset: Pose2): void
}

export interface World {
  start(): void
  stop(): void
  readonly doors: {
    /** `true` opens it and holds it; `false` lets go: it shuts when nothing stands in it. */
    setOpen(doorId: string, isOpen: boolean): void
    /** Whether it is not fully shut. */
    isOpen(doorId: string): boolean
    /** 0 shut to 1 open. */
    openness(doorId: string): number
    /** What its guard says: `inPlace`, `moved` (reported as an error), `lost` (reported as stale), `stuck` (reported as closed). */
    setGuard(doorId: string, guard: GuardState): void
  }
  readonly docks: {
    /** @throws WARD_ERR_NOT_FOUND */
    setFault(dockId: string, fault: DockFault | null): void
  }
  readonly lifts: {
    call(liftId: string, levelId: string): void
    /** Asks for a cabin to oneself, doors open at a level; people go first. @returns whether it is the caller's */
    request(liftId: string, sessionId: string, levelId: string): boolean
    /** Gives it back; harmless from somebody who has not got it. */
    endSession(liftId: string, sessionId: string): void
    status(liftId: string): LiftStatus
    levelOf(liftId: string): string
    isOpen(liftId: string): boolean
  }
  readonly people: {
    /** Someone walks along a path, opening doors, and stays at its end. @returns their id. */
    enter(levelId: string, path: readonly Point2[], speedMps?: number): string
    /** Someone comes through the room's door and stays in the room. */
    enterRoom(roomId: string, speedMps?: number): string
    remove(id: string): void
    all(): readonly Person[]
  }
  readonly robots: ReadonlyMap<string, RobotHandle>
  /** A mirror hangs there, of which no plan knows; the lidar sees things behind it. */
  addMirror(levelId: string, mirror: Segment2): void
  /** Something that the plan does not know is left standing there. */
  addObstacle(levelId: string, furniture: Furniture): void
  /** Moves a piece of furniture or an added obstacle to a new footprint; `null` takes it away. */
  moveFurniture(furnitureId: string, footprint: Polygon | null): void
  /** Hydrogen peroxide in the air of connected rooms. */
  readonly gas: Pick<
    Gas,
    'setSource' | 'setDampers' | 'setTaped' | 'sensor' | 'ppm' | 'worstBreathedPpm' | 'balance'
  > & {
    /** Somebody sets a sensor up that speaks by radio to every robot with a vaporiser; tested with gas unless said. */
    placeSensor(
      id: string,
      roomId: string,
      options?: GasSensorOptions & { readonly isTested?: boolean },
    ): void
    removeSensor(id: string): void
    setSensorFault(id: string, fault: GasSensorFault | null): void
    setClimate(roomId: string, air: RoomAir): void
    /** Whether both dampers of a room are shut. */
    isShutOff(roomId: string): boolean
    setDamperFault(roomId: string, damper: DamperName, fault: DamperFault | null): void
    /** Another hand moves a damper: 0 shut to 1 open. */
    forceDamper(roomId: string, damper: DamperName, openness: number): void
  }
  readonly truth: {
    watch(roomId: string, surfaces: readonly Surface[]): void
    /** What really reached each surface, mJ/cm². @throws WARD_ERR_NOT_FOUND for one that was not watched. */
    doseMjPerCm2(roomId: string, surfaces: readonly Surface[]): number[]
    /** Worst simulated time from a hazard in the lit room to the lamp dark; `null` when there was none. */
    readonly lampOffLatencyMs: number | null
    readonly events: readonly TruthEvent[]
  }
}
