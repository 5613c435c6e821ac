import Type, { type Static } from 'typebox'
import { MOST_REFLECTANCE } from '../disinfection/reflection.ts'

const Point = Type.Object({ x: Type.Number(), y: Type.Number() })
const Point3 = Type.Object({ x: Type.Number(), y: Type.Number(), z: Type.Number() })

/** `RoomModel` of `core/disinfection` as it goes over a wire. */
export const RoomModelSchema = Type.Object({
  roomId: Type.String(),
  levelId: Type.String(),
  polygon: Type.Array(Point, { minItems: 3 }),
  heightM: Type.Number({ exclusiveMinimum: 0 }),
  obstacles: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      footprint: Type.Array(Point, { minItems: 3 }),
      zMinM: Type.Number(),
      zMaxM: Type.Number(),
      kind: Type.Optional(Type.String()),
    }),
  ),
  doors: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      a: Point,
      b: Point,
      hasLeaf: Type.Optional(Type.Boolean()),
    }),
  ),
  touchPoints: Type.Optional(
    Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        centre: Point3,
        normal: Point3,
        sizeM: Type.Tuple([Type.Number(), Type.Number()]),
      }),
    ),
  ),
  isFloorTreated: Type.Optional(Type.Boolean()),
})

export const MissedSurfaceSchema = Type.Object({
  id: Type.String(),
  label: Type.String(),
  reason: Type.Enum([
    'shadowed',
    'facesAway',
    'tooFar',
    'robotCannotReach',
    'outsideRoom',
    'noTime',
    'interrupted',
    'underDosed',
  ]),
  explanation: Type.String(),
  remedy: Type.Union([Type.String(), Type.Null()]),
})

export const TreatmentStopSchema = Type.Object({
  x: Type.Number(),
  y: Type.Number(),
  theta: Type.Number(),
  dwellS: Type.Number({ minimum: 0 }),
})

/** `PlanOptions` of `core/disinfection` as they go over a wire. */
export const PlanOptionsSchema = Type.Object(
  {
    goal: Type.Optional(Type.Enum(['leastTime', 'fewestStops'])),
    highTouchFirst: Type.Optional(Type.Boolean()),
    timeBudgetS: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    litOnWays: Type.Optional(Type.Boolean()),
    reflectance: Type.Optional(Type.Number({ minimum: 0, maximum: MOST_REFLECTANCE })),
  },
  { additionalProperties: false },
)

/** Of these what a nurse may ask for: no robot of today keeps its lamp lit on its ways, or counts on reflection. */
export const RequestedPlanOptionsSchema = Type.Object(
  {
    goal: PlanOptionsSchema.properties.goal,
    highTouchFirst: PlanOptionsSchema.properties.highTouchFirst,
    timeBudgetS: PlanOptionsSchema.properties.timeBudgetS,
  },
  { additionalProperties: false },
)

/** `TreatmentPlan` of `core/disinfection` as it goes over a wire. */
export const TreatmentPlanSchema = Type.Object({
  room: RoomModelSchema,
  surfaceSizeM: Type.Number({ exclusiveMinimum: 0 }),
  organismId: Type.String(),
  targetLog: Type.Number(),
  targetMjPerCm2: Type.Number({ exclusiveMinimum: 0 }),
  stops: Type.Array(TreatmentStopSchema),
  predictedMjPerCm2: Type.Array(Type.Number()),
  unreachable: Type.Array(MissedSurfaceSchema),
  dwellS: Type.Number(),
  travelS: Type.Number(),
  plannedS: Type.Number(),
  notes: Type.Array(Type.String()),
  options: Type.Optional(PlanOptionsSchema),
  highTouchDoneS: Type.Optional(Type.Number()),
})

/** What a mission is doing, as people see it. */
export const MissionPhaseSchema = Type.Enum([
  /** Ordered, the robot has not taken it yet. */
  'queued',
  'traveling',
  /** Looks at the room with its lidar, and plans on what it finds. */
  'surveying',
  'awaitingArming',
  /** Armed; the last person leaves. */
  'exitDelay',
  /** Lamp lit, or driving from stop to stop. */
  'dosing',
  /** Dark and latched after an interlock or a pause: waits for a new arming, for a limited time. */
  'interrupted',
  'verifying',
  'finished',
])
export type MissionPhase = Static<typeof MissionPhaseSchema>

export const InterlockKindSchema = Type.Enum([
  'person.detected',
  'door.opened',
  'guard.lost',
  'guard.moved',
  'emergencyStop.pressed',
  'emergencyStop.requested',
  'lamp.linkLost',
  'lamp.timeCapReached',
  'lamp.stuckOn',
  'sensor.stale',
  /** A sensor has not shown that it can tell: it did not see whoever armed, or its door was not opened. */
  'sensor.untested',
  /** Two sensors contradict one another: a tube gives light and draws no current, or the other way round. */
  'sensor.contradictory',
  'localisation.lost',
  'bumper.pressed',
  'battery.low',
  'arming.outOfOrder',
  'pause.requested',
  'controller.stalled',
  /** The robot's program was restarted in mid-mission. */
  'controller.restarted',
])
export type InterlockKind = Static<typeof InterlockKindSchema>

export const InterlockEventSchema = Type.Object({
  /** Seconds since the robot took the mission. */
  at: Type.Number(),
  kind: InterlockKindSchema,
  /** Which door, which sensor. */
  detail: Type.String(),
  /** Whether the lamp was commanded on when it tripped. */
  wasLit: Type.Boolean(),
})
export type InterlockEvent = Static<typeof InterlockEventSchema>

/** Steps of arming, in the only order that lights the lamp. */
export const ArmingStepSchema = Type.Enum(['locked', 'checklistConfirmed', 'buttonPressed', 'started'])
export type ArmingStep = Static<typeof ArmingStepSchema>

export const VerdictSchema = Type.Enum([
  /** Every surface that the approved plan promised got the target dose. */
  'proven',
  /** Some promised surface did not. */
  'incomplete',
  /** Ended by a person or a fault before any dose could be proven. */
  'aborted',
])
export type Verdict = Static<typeof VerdictSchema>

/** That one instrument of a robot was calibrated. */
export const CalibrationSchema = Type.Object(
  {
    /** Which: a topic, a sensor's id, a serial number. */
    instrument: Type.String({ minLength: 1, maxLength: 200 }),
    /** The day, as `2026-03-31`. */
    calibratedOn: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
    /** Who did it. */
    by: Type.String({ minLength: 1, maxLength: 200 }),
    /** Left out: nobody has said. */
    validUntil: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
    /** Where the certificate lies, or its number. */
    certificate: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
  },
  { additionalProperties: false },
)
export type Calibration = Static<typeof CalibrationSchema>

/**
 * With what a robot measured, as it knows it itself when its mission ends. What it does not know is `null`, or not listed:
 * nobody makes it up later.
 */
export const InstrumentsSchema = Type.Object({
  /** Of the robot's own program. */
  softwareVersion: Type.String(),
  /** Of its lamp; none where it gave no light. */
  tubes: Type.Array(
    Type.Object({
      id: Type.String(),
      /** Burned, as the robot counts them. */
      hours: Type.Number(),
      ratedLifeHours: Type.Number(),
      /** Its output was measured with a radiometer, and is not reckoned from its hours. */
      isOutputMeasured: Type.Boolean(),
      /** Against rated, 0 to 1, as the robot's own sensors measured it when the lamp was last lit. */
      lastOutput: Type.Union([Type.Number(), Type.Null()]),
    }),
  ),
  /** Of the doors of the room: when each guard last showed that it can tell an open door, ISO 8601. */
  doorGuards: Type.Array(
    Type.Object({
      doorId: Type.String(),
      name: Type.String(),
      openedAt: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
  /** That the mission heard: when each last answered to test gas. */
  gasSensors: Type.Array(
    Type.Object({
      sensorId: Type.String(),
      roomId: Type.String(),
      bumpTestedAt: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
  /** Of its instruments, as whoever looks after the robot wrote them into its file. */
  calibrations: Type.Array(CalibrationSchema),
})
export type Instruments = Static<typeof InstrumentsSchema>

/**
 * The evidence of one UV mission, made by the robot. It travels as JSON in the `actionResult` of
 * `startUvDose`, so that it outlives a lost connection and a restarted server.
 */
export const DoseReportSchema = Type.Object({
  missionId: Type.String(),
  robotId: Type.String(),
  roomId: Type.String(),
  organismId: Type.String(),
  targetLog: Type.Number(),
  targetMjPerCm2: Type.Number(),
  verdict: VerdictSchema,
  startedAt: Type.String(),
  finishedAt: Type.String(),
  plannedS: Type.Number(),
  elapsedS: Type.Number(),
  lampOnS: Type.Number(),
  stops: Type.Array(
    Type.Object({
      x: Type.Number(),
      y: Type.Number(),
      theta: Type.Number(),
      plannedDwellS: Type.Number(),
      deliveredDwellS: Type.Number(),
    }),
  ),
  /** The room as the robot found it, on which the dose was integrated. */
  room: RoomModelSchema,
  surfaceSizeM: Type.Number(),
  /** Dose of each surface of `surfacesOf(room, surfaceSizeM)`, in that order, rounded to 0.01. */
  deliveredMjPerCm2: Type.Array(Type.Number()),
  /** Every surface under the target, promised or not, with the reason. */
  missed: Type.Array(MissedSurfaceSchema),
  interlocks: Type.Array(InterlockEventSchema),
  timeline: Type.Array(Type.Object({ at: Type.Number(), phase: MissionPhaseSchema })),
  arming: Type.Array(
    Type.Object({ at: Type.Number(), step: ArmingStepSchema, by: Type.Union([Type.String(), Type.Null()]) }),
  ),
  /** Left out by robots that do not tell. */
  instruments: Type.Optional(InstrumentsSchema),
})
export type DoseReport = Static<typeof DoseReportSchema>

/** Live mission state, robot → fleet on `wardlight/v1/…/mission`: every 0.5 s while a mission runs, and on every change. */
export const MissionStatusSchema = Type.Object({
  missionId: Type.String(),
  timestamp: Type.String(),
  phase: MissionPhaseSchema,
  arming: ArmingStepSchema,
  /** Of the robot's current plan; it may differ from the fleet's proposal. */
  stopIndex: Type.Integer({ minimum: 0 }),
  stops: Type.Array(TreatmentStopSchema),
  /** Seconds until the phase ends by itself (exit delay, dwell, waiting for a new arming); `null` where it does not. */
  countdownS: Type.Union([Type.Number(), Type.Null()]),
  /** Seconds of the plan still to go. */
  remainingS: Type.Number(),
  isLampLit: Type.Boolean(),
  /** What keeps the lamp dark now, in words; empty when nothing does. */
  blockers: Type.Array(Type.String()),
  interlocks: Type.Array(InterlockEventSchema),
  /** As in `DoseReport`, once the room was surveyed; empty before. */
  deliveredMjPerCm2: Type.Array(Type.Number()),
})
export type MissionStatus = Static<typeof MissionStatusSchema>

/** What the lidar sees, robot → fleet on `wardlight/v1/…/scan`, 2 Hz. */
export const ScanViewSchema = Type.Object({
  timestamp: Type.String(),
  levelId: Type.String(),
  /** Pose of the lidar in the level's map frame. */
  x: Type.Number(),
  y: Type.Number(),
  theta: Type.Number(),
  angleMinRad: Type.Number(),
  angleIncrementRad: Type.Number(),
  /** Centimetres; 0 where nothing came back. */
  rangesCm: Type.Array(Type.Integer({ minimum: 0 })),
})
export type ScanView = Static<typeof ScanViewSchema>
