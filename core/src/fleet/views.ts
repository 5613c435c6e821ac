import Type, { type Static } from 'typebox'
import {
  ArmingStepSchema,
  InterlockEventSchema,
  MissionPhaseSchema,
  TreatmentStopSchema,
  VerdictSchema,
} from './dose-report.ts'
import { PeroxideInterlockSchema, PeroxidePhaseSchema } from './peroxide.ts'
import { PlaceSearchViewSchema } from './place-search.ts'
import { RobotServiceSchema } from './robot-care.ts'
import { ScheduleWishSchema } from './schedule-wish.ts'

/** What a mission is doing, whatever its method. */
export const TreatmentPhaseSchema = Type.Union([MissionPhaseSchema, PeroxidePhaseSchema])
export type TreatmentPhase = Static<typeof TreatmentPhaseSchema>

export const TreatmentInterlockSchema = Type.Union([InterlockEventSchema, PeroxideInterlockSchema])
export type TreatmentInterlock = Static<typeof TreatmentInterlockSchema>

/** Light, or hydrogen peroxide as vapour or aerosol. */
export const TreatmentMethodSchema = Type.Enum(['uv', 'hpv', 'ahp'])
export type TreatmentMethod = Static<typeof TreatmentMethodSchema>

const NullableNumber = Type.Union([Type.Number(), Type.Null()])
const NullableText = Type.Union([Type.String(), Type.Null()])

/** Who changes something in the hospital. */
export const ActingRoleSchema = Type.Enum(['nurse', 'clinician', 'engineer', 'administrator'])
export type ActingRole = Static<typeof ActingRoleSchema>

/** An auditor reads everything and changes nothing. */
export const RoleSchema = Type.Enum(['nurse', 'clinician', 'engineer', 'administrator', 'auditor'])
export type Role = Static<typeof RoleSchema>

export const UserSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  displayName: Type.String(),
  role: RoleSchema,
  /** The wards that the person works on, as rooms name theirs; `null`: all of them. */
  wards: Type.Union([Type.Array(Type.String()), Type.Null()]),
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

/** The version of a protocol that a request or a mission follows. */
export const ProtocolRefSchema = Type.Object({
  id: Type.String(),
  version: Type.Integer(),
  name: Type.String(),
})
export type ProtocolRef = Static<typeof ProtocolRefSchema>

/** Something that a person has to have said before a mission goes on (`DueItem` of `core/disinfection`). */
export const DueItemSchema = Type.Object({
  id: Type.String(),
  text: Type.String(),
  /** Work by hand: who did it is asked for, and may be asked for the product. */
  needsName: Type.Boolean(),
})

/** A person has said that a prerequisite holds, or that a step by hand was done. */
export const ConfirmationViewSchema = Type.Object({
  /** Id of the prerequisite or of the step in the protocol. */
  itemId: Type.String(),
  /** The protocol's words at that time. */
  text: Type.String(),
  /** Who did the work, for steps by hand. */
  doneBy: NullableText,
  /** The product used, for steps by hand. */
  product: NullableText,
  /** Who confirmed it: display name and role, and when. */
  by: Type.String(),
  role: RoleSchema,
  at: Type.String(),
})
export type ConfirmationView = Static<typeof ConfirmationViewSchema>

/** A person's approval of a plan, or signature under a release. */
export const SignatureViewSchema = Type.Object({
  by: Type.String(),
  userId: Type.String(),
  role: RoleSchema,
  at: Type.String(),
  note: NullableText,
})
export type SignatureView = Static<typeof SignatureViewSchema>

export const RequestStatusSchema = Type.Enum([
  'planning',
  /** The plan is ready to be looked at. */
  'planned',
  'planningFailed',
  /** Approved: a mission exists. */
  'approved',
  'withdrawn',
])

/** Of a request that a discharge has made: nobody can approve it before a nurse says that the room is empty and stripped. */
export const RoomReadinessSchema = Type.Object({
  /** Who said so, and when; `null`: nobody yet. */
  by: NullableText,
  at: NullableText,
})
export type RoomReadiness = Static<typeof RoomReadinessSchema>

/** One thing that a robot does for a request. They are done in their order, each by a mission of its own. */
export const RequestStepViewSchema = Type.Object({
  /** Of the step in the protocol; `light` where there is none. */
  id: Type.String(),
  method: TreatmentMethodSchema,
  /** Once it is planned. */
  plannedS: NullableNumber,
  /** The robot fixed in the room that it is planned for; `null`: robots that drive do it. */
  unitId: NullableText,
  missionId: NullableText,
})
export type RequestStepView = Static<typeof RequestStepViewSchema>

export const RequestViewSchema = Type.Object({
  id: Type.String(),
  roomId: Type.String(),
  /** Of its light; `null` where it has none. */
  organismId: NullableText,
  targetLog: NullableNumber,
  /** The dose that its protocol asks for in place of a log reduction, mJ/cm²; else `null`. */
  targetMjPerCm2: Type.Union([Type.Number(), Type.Null()]),
  /** `null`: organism and target were chosen by hand. */
  protocol: Type.Union([ProtocolRefSchema, Type.Null()]),
  /** What is, or was, to be confirmed with the approval. */
  dueConfirmations: Type.Array(DueItemSchema),
  /** What was confirmed so far. */
  confirmations: Type.Array(ConfirmationViewSchema),
  /** Who approved so far, of `approvalsNeeded` different people in these roles; the last one makes the mission. */
  approvals: Type.Array(SignatureViewSchema),
  approvalsNeeded: Type.Integer({ minimum: 1 }),
  approvalRoles: Type.Array(RoleSchema),
  /** `null`: whoever approves looks to that. */
  roomReady: Type.Union([RoomReadinessSchema, Type.Null()]),
  /** By when, ISO 8601. */
  dueAt: NullableText,
  /** What people ask of the schedule. */
  wish: ScheduleWishSchema,
  status: RequestStatusSchema,
  /** Why planning failed, with what would help. */
  failure: NullableText,
  requestedBy: Type.String(),
  requestedAt: Type.String(),
  approvedBy: NullableText,
  steps: Type.Array(RequestStepViewSchema),
  /** Of its last step that has one. */
  missionId: NullableText,
  /** Of the whole plan, once there is one. */
  plannedS: NullableNumber,
})
export type RequestView = Static<typeof RequestViewSchema>

/** People with instruments of their own have cleared a gassed room that no robot clears. */
export const HandMeasurementViewSchema = Type.Object({
  readings: Type.Array(Type.Object({ place: Type.String(), ppm: Type.Number() })),
  /** Make, serial number, when it was calibrated. */
  instrument: Type.String(),
  by: Type.String(),
  role: RoleSchema,
  at: Type.String(),
})
export type HandMeasurementView = Static<typeof HandMeasurementViewSchema>

/** How the gas of a mission stands. */
export const GasViewSchema = Type.Object({
  /** From the first gas until sensors have cleared the room: nobody goes in. In doubt, when nobody has heard, it is. */
  isGassed: Type.Boolean(),
  /** Everybody leaves the rooms around at once. */
  mustEvacuate: Type.Boolean(),
  isGeneratorOn: Type.Boolean(),
  injectedG: Type.Number(),
  plannedG: Type.Number(),
  /** Longest time at the target by the sensor that was least long at it. */
  dwellS: Type.Number(),
  plannedDwellS: Type.Number(),
  targetPpm: Type.Number(),
  phaseS: Type.Number(),
  sensors: Type.Array(
    Type.Object({
      sensorId: Type.String(),
      roomId: Type.String(),
      /** In the room that is gassed, or beyond a door of it. */
      isInside: Type.Boolean(),
      /** The room's name, for those beyond. */
      place: Type.String(),
      ppm: NullableNumber,
      ageS: Type.Number(),
    }),
  ),
})
export type GasView = Static<typeof GasViewSchema>

/** `phase`, `interlocks` and what else is live belong to the mission's method; light is neutral in a mission with gas. */
export const MissionViewSchema = Type.Object({
  id: Type.String(),
  requestId: Type.String(),
  method: TreatmentMethodSchema,
  /** Which of its request's steps it is, from 0, and of how many. */
  stepNumber: Type.Integer({ minimum: 0 }),
  stepCount: Type.Integer({ minimum: 1 }),
  roomId: Type.String(),
  robotId: Type.String(),
  /** Of its light; `null` for gas. */
  organismId: NullableText,
  targetLog: NullableNumber,
  /** `null`: organism and target were chosen by hand. */
  protocol: Type.Union([ProtocolRefSchema, Type.Null()]),
  phase: TreatmentPhaseSchema,
  phaseSince: Type.String(),
  arming: ArmingStepSchema,
  stopIndex: Type.Integer(),
  stops: Type.Array(TreatmentStopSchema),
  countdownS: NullableNumber,
  /** With gas a prediction of when the room may be entered again. */
  remainingS: Type.Number(),
  plannedS: Type.Number(),
  isLampLit: Type.Boolean(),
  /** `null` where the mission is light. */
  gas: Type.Union([GasViewSchema, Type.Null()]),
  blockers: Type.Array(Type.String()),
  interlocks: Type.Array(TreatmentInterlockSchema),
  deliveredMjPerCm2: Type.Array(Type.Number()),
  verdict: Type.Union([VerdictSchema, Type.Null()]),
  orderedAt: Type.String(),
  finishedAt: NullableText,
  /** What is, or was, to be confirmed with the release, and by whom it has been. */
  dueConfirmations: Type.Array(DueItemSchema),
  confirmations: Type.Array(ConfirmationViewSchema),
  /** Who signed the report so far, of `signaturesNeeded` different people in these roles. */
  signatures: Type.Array(SignatureViewSchema),
  signaturesNeeded: Type.Integer({ minimum: 1 }),
  signatureRoles: Type.Array(RoleSchema),
  /** Nobody can sign before, where the protocol waits after the robot: ISO 8601. */
  signableFrom: NullableText,
  /** How people cleared the room, where no robot did. */
  handMeasurement: Type.Union([HandMeasurementViewSchema, Type.Null()]),
  /** Who signed last, and when: only then is the room clean. `null` while signatures are missing. */
  releasedBy: NullableText,
  releasedAt: NullableText,
  /** When the robot last said something about it. */
  updatedAt: Type.String(),
})
export type MissionView = Static<typeof MissionViewSchema>

export const RobotViewSchema = Type.Object({
  id: Type.String(),
  /** Stands for it on the live feed; another one after a restart of the server. */
  feedNumber: Type.Integer({ minimum: 0 }),
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
  /** It hangs in a room and does not move, by its factsheet. */
  isFixed: Type.Boolean(),
  /** 0 to 1. */
  batteryFraction: Type.Union([Type.Number(), Type.Null()]),
  /** What its battery holds when full against a new one, 0 to 1, as it was last told; `null`: it never was. */
  batteryHealth: NullableNumber,
  /** How far it has driven in its life, metres, as it was last told; `null`: it never was. */
  drivenM: NullableNumber,
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
  /** What its vaporiser gives, by its factsheet; `null`: it has none. */
  vaporiser: Type.Union([Type.Enum(['hpv', 'ahp']), Type.Null()]),
  /** Where its own screen is served; `null` where it does not say. */
  screenUrl: NullableText,
  /** Whether it is sent anywhere, by people's decision. */
  service: RobotServiceSchema,
  /** The last time that it was told where it stands; `null`: never since the server was started. */
  placeSearch: Type.Union([PlaceSearchViewSchema, Type.Null()]),
  /** How long its tubes have burned, as it says itself; empty where it does not. */
  lampTubes: Type.Array(
    Type.Object({ id: Type.String(), hours: Type.Number(), ratedLifeHours: Type.Number() }),
  ),
  lengthM: Type.Number(),
  widthM: Type.Number(),
  /** When the server last heard from it. */
  updatedAt: NullableText,
})
export type RobotView = Static<typeof RobotViewSchema>

/** What a robot can do that VDA 5050 forbids. */
export const OffenceKindSchema = Type.Enum([
  'message.malformed',
  'battery.missing',
  'state.repeated',
  'order.repeated',
  'horizon.entered',
  'clock.wrong',
])
export type OffenceKind = Static<typeof OffenceKindSchema>

/** What one robot did of one kind, since the server was started. */
export const OffenceViewSchema = Type.Object({
  kind: OffenceKindSchema,
  /** Of the newest one. */
  detail: Type.String(),
  count: Type.Integer({ minimum: 1 }),
  firstAt: Type.String(),
  lastAt: Type.String(),
})
export type OffenceView = Static<typeof OffenceViewSchema>

/** Robots are named by manufacturer and serial number, joined by a dot: `wardlight.uv-01`. */
export function robotIdOf(address: { readonly manufacturer: string; readonly serialNumber: string }): string {
  return `${address.manufacturer}.${address.serialNumber}`
}
