import type { ArmingStep, InterlockKind, TreatmentMethod } from '@wardlight/core/fleet'
import type { Polygon, Pose2 } from '@wardlight/core/geometry'
import type { GuardState } from '../robot/ports.ts'

/** Response times after `docs/protocol.md`, "Interlocks". */
export const SUPERVISOR_LIMITS = {
  /** The supervisor's own timer. */
  stepMs: 50,
  /** Silence of a 10 Hz sensor, or of the 5 Hz localisation. With one step it stays within the 0.5 s that is allowed. */
  staleMs: 450,
  /** The battery speaks at 1 Hz. */
  batteryStaleMs: 5000,
  /** Longest gap between two steps, and so the longest time without judgement. */
  stallMs: 450,
  armingWindowMs: 60_000,
  /** After the UVD model B manual. */
  exitDelayMs: 8000,
  /** Lamp time of one arming, after the UVD model B manual. */
  lampCapMs: 30 * 60_000,
  maxDeviationM: 0.3,
  maxDeviationRad: 0.2,
  minBatteryFraction: 0.1,
  /** Output above which a tube counts as lit. */
  litFraction: 0.05,
  /** How long after the last heartbeat light is still explained by the hardware's own 250 ms. */
  afterglowMs: 500,
  /** How long a lamp may take to light. */
  ignitionMs: 3000,
  /** For so long a guard that has told of its open door counts as tested: one shift [proposed]. */
  guardTestMs: 12 * 3_600_000,
} as const

/** Limits that the owner of a robot may set stricter than `SUPERVISOR_LIMITS`, and never laxer. */
export interface RobotLimits {
  /** To leave the room, from the start to the first light or gas. */
  readonly exitDelayMs: number
  /** Lamp time of one arming. */
  readonly lampCapMs: number
  readonly minBatteryFraction: number
}

/** The room that a mission is about to light. */
export interface Watch {
  readonly missionId: string
  readonly polygon: Polygon
  readonly doors: readonly WatchedDoor[]
  /** Whose checklist is asked for; light where it is left out. */
  readonly method?: TreatmentMethod
}

export interface WatchedDoor {
  readonly id: string
  readonly name: string
}

export type Sensor =
  | 'scan'
  | 'personSensor'
  | 'emergencyStop'
  | 'bumper'
  | 'lampOutput'
  | 'lampCurrent'
  | 'localisation'
  | 'battery'

export type SupervisorInput =
  | { readonly type: 'tick' }
  | { readonly type: 'scan'; readonly isPersonSeen: boolean }
  | { readonly type: 'camera'; readonly camera: string; readonly isPersonSeen: boolean }
  | { readonly type: 'personSensor'; readonly isDetected: boolean }
  | { readonly type: 'doorGuards'; readonly states: ReadonlyMap<string, GuardState> }
  | { readonly type: 'emergencyStop'; readonly isPressed: boolean }
  | { readonly type: 'bumper'; readonly isPressed: boolean }
  | { readonly type: 'armButton'; readonly isPressed: boolean }
  /** One whole hold-to-arm on the robot's own screen, where the maker wired the screen as the button. */
  | { readonly type: 'armHeld' }
  /** Light and current of each tube, against what is rated. */
  | { readonly type: 'lampOutput' | 'lampCurrent'; readonly fractions: readonly number[] }
  | {
      readonly type: 'localisation'
      readonly pose: Pose2
      readonly deviationM: number
      readonly deviationRad: number
    }
  | { readonly type: 'battery'; readonly fraction: number }
  /** A mission waits to be armed in this room; `null`: none does any more. */
  | { readonly type: 'watch'; readonly watch: Watch | null }
  /** A visit begins, or is over: while it lasts there are people in the room, whoever sees them. */
  | { readonly type: 'visit'; readonly isOn: boolean }
  | { readonly type: 'wantLamp'; readonly isWanted: boolean }
  | {
      readonly type: 'checklist'
      readonly missionId: string
      readonly by: string
      readonly items: readonly string[]
    }
  | { readonly type: 'start'; readonly missionId: string; readonly by: string }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'requestEmergencyStop'; readonly by: string }

export interface Hazard {
  readonly kind: InterlockKind
  /** In words, for a nurse. */
  readonly detail: string
}

export type SupervisorFact =
  | (Hazard & { readonly type: 'tripped'; readonly wasLit: boolean; readonly mustStopDrive: boolean })
  | { readonly type: 'armingAdvanced'; readonly step: ArmingStep; readonly by: string | null }
  | { readonly type: 'armingRefused'; readonly reasons: readonly string[] }

export interface SupervisorState {
  readonly limits: RobotLimits
  readonly steppedAtMs: number | null
  readonly watch: Watch | null
  readonly armingStep: ArmingStep
  readonly armingSinceMs: number
  readonly isLatched: boolean
  readonly isPaused: boolean
  /** Stopped by a message, until someone arms or resumes. */
  readonly isRemotelyStopped: boolean
  readonly isLampWanted: boolean
  /** The one output that counts: whether the heartbeat to the lamp is sent. */
  readonly isLampOn: boolean
  readonly lampChangedAtMs: number
  /** Lamp time since the last arming. */
  readonly lampOnMs: number
  readonly heardAtMs: Readonly<Partial<Record<Sensor, number>>>
  /** `openedAtMs`: when it last said that its door is open; `-Infinity` when it never did. */
  readonly guards: Readonly<
    Record<string, { readonly state: GuardState; readonly heardAtMs: number; readonly openedAtMs: number }>
  >
  readonly isPersonSensed: boolean
  readonly isPersonSeen: boolean
  readonly isVisit: boolean
  /** By name: every camera that the robot has, heard of or not. */
  readonly cameras: Readonly<Record<string, { readonly isPersonSeen: boolean; readonly heardAtMs: number }>>
  /** The person sensor has told of somebody since the button was pressed. */
  readonly isPresserSensed: boolean
  /** Since the button was pressed a door of the room was open, and since then nobody came into sight behind shut doors. */
  readonly isRoomLeft: boolean
  readonly isEmergencyStopPressed: boolean
  readonly isBumperPressed: boolean
  readonly isArmButtonPressed: boolean
  /** By tube; empty before the first measurement. */
  readonly lampOutput: readonly number[]
  readonly lampCurrent: readonly number[]
  /** Since when light and current of a tube say different things; `null` while they agree. */
  readonly lampContradictsSinceMs: number | null
  readonly pose: Pose2 | null
  /** Where the robot was when the lamp went on; `null` while it is off. */
  readonly litPose: Pose2 | null
  readonly deviationM: number
  readonly deviationRad: number
  readonly batteryFraction: number
}

export const DARK_AND_DISARMED: SupervisorState = {
  limits: SUPERVISOR_LIMITS,
  steppedAtMs: null,
  watch: null,
  armingStep: 'locked',
  armingSinceMs: 0,
  isLatched: false,
  isPaused: false,
  isRemotelyStopped: false,
  isLampWanted: false,
  isLampOn: false,
  lampChangedAtMs: -Infinity,
  lampOnMs: 0,
  heardAtMs: {},
  guards: {},
  isPersonSensed: false,
  isPersonSeen: false,
  isVisit: false,
  cameras: {},
  isPresserSensed: false,
  isRoomLeft: false,
  isEmergencyStopPressed: false,
  isBumperPressed: false,
  // A button that is down when the robot starts was not pressed for this mission.
  isArmButtonPressed: true,
  lampOutput: [],
  lampCurrent: [],
  lampContradictsSinceMs: null,
  pose: null,
  litPose: null,
  deviationM: Infinity,
  deviationRad: Infinity,
  batteryFraction: 0,
}
