import Type, { type Static } from 'typebox'
import {
  ArmingStepSchema,
  InterlockEventSchema,
  MissionPhaseSchema,
  TreatmentStopSchema,
  VerdictSchema,
} from './dose-report.ts'

const NullableText = Type.Union([Type.String(), Type.Null()])

export const RoleSchema = Type.Enum(['nurse', 'clinician', 'engineer', 'administrator'])
export type Role = Static<typeof RoleSchema>

export const UserSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  displayName: Type.String(),
  role: RoleSchema,
})
export type User = Static<typeof UserSchema>

/** After the terms of environmental services (TeleTracking); mapped to HL7 table 0116 elsewhere. */
export const RoomStateSchema = Type.Enum([
  'dirty',
  'cleanNext',
  'stat',
  'inProgress',
  'suspended',
  'blocked',
  'clean',
  'occupied',
])
export type RoomState = Static<typeof RoomStateSchema>

export const RoomViewSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  levelId: Type.String(),
  kind: Type.String(),
  ward: NullableText,
  state: RoomStateSchema,
  /** ISO 8601. */
  since: Type.String(),
  /** Why it is in this state, for people; e.g. "mission interrupted: door opened". */
  reason: NullableText,
  requestId: NullableText,
  missionId: NullableText,
})
export type RoomView = Static<typeof RoomViewSchema>

export const RequestStatusSchema = Type.Enum([
  'planning',
  /** The plan is ready to be looked at. */
  'planned',
  'planningFailed',
  /** Approved: a mission exists. */
  'approved',
  'withdrawn',
])

export const RequestViewSchema = Type.Object({
  id: Type.String(),
  roomId: Type.String(),
  organismId: Type.String(),
  targetLog: Type.Number(),
  /** By when, ISO 8601. */
  dueAt: NullableText,
  status: RequestStatusSchema,
  /** Why planning failed, with what would help. */
  failure: NullableText,
  requestedBy: Type.String(),
  requestedAt: Type.String(),
  approvedBy: NullableText,
  missionId: NullableText,
  /** Of the plan, once there is one. */
  plannedS: Type.Union([Type.Number(), Type.Null()]),
})
export type RequestView = Static<typeof RequestViewSchema>

export const MissionViewSchema = Type.Object({
  id: Type.String(),
  requestId: Type.String(),
  roomId: Type.String(),
  robotId: Type.String(),
  organismId: Type.String(),
  targetLog: Type.Number(),
  phase: MissionPhaseSchema,
  phaseSince: Type.String(),
  arming: ArmingStepSchema,
  stopIndex: Type.Integer(),
  stops: Type.Array(TreatmentStopSchema),
  countdownS: Type.Union([Type.Number(), Type.Null()]),
  remainingS: Type.Number(),
  plannedS: Type.Number(),
  isLampLit: Type.Boolean(),
  blockers: Type.Array(Type.String()),
  interlocks: Type.Array(InterlockEventSchema),
  deliveredMjPerCm2: Type.Array(Type.Number()),
  verdict: Type.Union([VerdictSchema, Type.Null()]),
  orderedAt: Type.String(),
  finishedAt: NullableText,
  /** Who signed the room off after reading the report, and when. */
  releasedBy: NullableText,
  releasedAt: NullableText,
  /** When the robot last said something about it. */
  updatedAt: Type.String(),
})
export type MissionView = Static<typeof MissionViewSchema>

export const RobotViewSchema = Type.Object({
  id: Type.String(),
  manufacturer: Type.String(),
  serialNumber: Type.String(),
  connection: Type.Enum(['ONLINE', 'OFFLINE', 'HIBERNATING', 'CONNECTION_BROKEN', 'UNKNOWN']),
  position: Type.Union([
    Type.Object({
      x: Type.Number(),
      y: Type.Number(),
      theta: Type.Number(),
      levelId: Type.String(),
      isLocalized: Type.Boolean(),
    }),
    Type.Null(),
  ]),
  /** 0 to 1. */
  batteryFraction: Type.Union([Type.Number(), Type.Null()]),
  isCharging: Type.Boolean(),
  isDriving: Type.Boolean(),
  /** Stands until somebody resumes it, whatever its order says. */
  isPaused: Type.Boolean(),
  isLampLit: Type.Boolean(),
  operatingMode: NullableText,
  emergencyStop: Type.Enum(['MANUAL', 'REMOTE', 'NONE']),
  orderId: NullableText,
  missionId: NullableText,
  errors: Type.Array(Type.Object({ type: Type.String(), level: Type.String(), description: Type.String() })),
  lengthM: Type.Number(),
  widthM: Type.Number(),
  /** When the server last heard from it. */
  updatedAt: NullableText,
})
export type RobotView = Static<typeof RobotViewSchema>

/** Robots are named by manufacturer and serial number, joined by a dot: `wardlight.uv-01`. */
export function robotIdOf(address: { readonly manufacturer: string; readonly serialNumber: string }): string {
  return `${address.manufacturer}.${address.serialNumber}`
}
