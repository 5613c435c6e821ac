import Type, { type Static } from 'typebox'
import {
  ArmingStepSchema,
  InstrumentsSchema,
  InterlockKindSchema,
  RoomModelSchema,
  VerdictSchema,
} from './dose-report.ts'

const positive = Type.Number({ exclusiveMinimum: 0 })
const nullableNumber = Type.Union([Type.Number(), Type.Null()])

/** `PeroxidePlan` of `core/disinfection` as it goes over a wire, in `startPeroxideCycle`. */
export const PeroxidePlanSchema = Type.Object({
  method: Type.Enum(['hpv', 'ahp']),
  room: RoomModelSchema,
  volumeM3: positive,
  /** With its ventilation on; `null`: the plan does not say. */
  airChangesPerHour: nullableNumber,
  /** Pure H2O2 to be brought in, g. */
  h2o2G: positive,
  solutionMl: positive,
  rateGPerMin: positive,
  /** Where any sensor in the room reads more, no more is brought in, ppm. */
  ceilingPpm: positive,
  targetPpm: positive,
  /** At or above the target without a break. */
  dwellS: positive,
  /** Rooms beyond its doors: each is watched by a sensor. */
  neighbours: Type.Array(Type.Object({ roomId: Type.String(), name: Type.String() })),
  /** Whether people tape the gaps of its doors. */
  areDoorsTaped: Type.Boolean(),
  expectedS: Type.Number({ minimum: 0 }),
})

const EstimateSchema = Type.Object({ least: Type.Number(), likely: Type.Number(), most: Type.Number() })

/** `PeroxideCycle` of `core/disinfection` as it goes over a wire: what is to be expected of a plan. */
export const PeroxidePredictionSchema = Type.Object({
  method: Type.Enum(['hpv', 'ahp']),
  h2o2G: Type.Number(),
  solutionMl: Type.Number(),
  phases: Type.Array(
    Type.Object({
      name: Type.Enum([
        'preCheck',
        'isolateHvac',
        'condition',
        'gas',
        'dwell',
        'aerate',
        'verify',
        'release',
      ]),
      seconds: EstimateSchema,
    }),
  ),
  totalS: EstimateSchema,
  peakPpm: EstimateSchema,
  ppmHours: EstimateSchema,
  course: Type.Array(Type.Object({ atS: Type.Number(), ppm: Type.Number() })),
  airChangesPerHour: Type.Number(),
  neighbours: Type.Array(Type.Object({ name: Type.String(), peakPpm: Type.Number() })),
  conditioning: Type.Array(Type.String()),
  notes: Type.Array(Type.String()),
  refusals: Type.Array(Type.String()),
})

/** What a peroxide mission is doing, as people see it. */
export const PeroxidePhaseSchema = Type.Enum([
  'traveling',
  /** Looks at the room with its lidar. */
  'surveying',
  /** Everything is checked again and again until somebody arms. */
  'awaitingArming',
  /** Armed; the last person leaves. */
  'exitDelay',
  /** Dampers shut, supply first and then exhaust. */
  'isolating',
  /** Temperature and humidity have to be in the method's window. */
  'conditioning',
  /** The generator runs. From here on the room counts as gassed. */
  'gassing',
  'dwelling',
  /** Dampers open. Nothing skips it. */
  'aerating',
  /** The sensors have to stay low for ten minutes. */
  'verifying',
  /** Tripped before any gas: waits for a new arming, for a limited time. */
  'interrupted',
  /** Restarted between shut dampers and the first gas: opens them again, and ends. */
  'unsealing',
  'finished',
])
export type PeroxidePhase = Static<typeof PeroxidePhaseSchema>

export const GasInterlockKindSchema = Type.Enum([
  /** Over 1 ppm outside, or a sensor outside that is silent. */
  'gas.leak',
  /** Over 2 ppm outside. */
  'gas.evacuate',
  'hvac.unsealed',
  'gasSensor.lost',
  'vaporiser.linkLost',
  'vaporiser.stuckOn',
  'gas.stalled',
  /** Not armed (any more), or an interlock of the robot holds. */
  'gas.notPermitted',
])
export type GasInterlockKind = Static<typeof GasInterlockKindSchema>

export const PeroxideInterlockSchema = Type.Object({
  /** Seconds since the robot took the mission. */
  at: Type.Number(),
  kind: Type.Union([InterlockKindSchema, GasInterlockKindSchema]),
  detail: Type.String(),
  /** Whether the generator was commanded on when it tripped. */
  wasGassing: Type.Boolean(),
})
export type PeroxideInterlock = Static<typeof PeroxideInterlockSchema>

/** Ended how. */
export const PeroxideEndSchema = Type.Enum([
  'completed',
  'canceled',
  /** An interlock, or a pause, after the first gas. */
  'interrupted',
  'restarted',
  /** The generator did not bring in the dose in time. */
  'doseNotReached',
  'dwellNotReached',
  'armingTimedOut',
  'rearmingTimedOut',
  'surveyFailed',
  'travelFailed',
  'isolationFailed',
  /** The air did not come into its window. */
  'conditionsNotMet',
])
export type PeroxideEnd = Static<typeof PeroxideEndSchema>

/** What one sensor in the room has said over the whole mission. */
export const InsideSensorSchema = Type.Object({
  sensorId: Type.String(),
  /** It has seen this gas, so that its low readings count. */
  isProven: Type.Boolean(),
  peakPpm: Type.Number(),
  ppmHours: Type.Number(),
  /** Longest time at or above the target without a break, after the gas was in. */
  dwellS: Type.Number(),
  /** Its last reading before the room was cleared. */
  atClearancePpm: nullableNumber,
})

export const OutsideSensorSchema = Type.Object({
  sensorId: Type.String(),
  roomId: Type.String(),
  peakPpm: Type.Number(),
})

/**
 * The evidence of one peroxide mission, made by the robot. It travels as JSON in the `actionResult` of
 * `startPeroxideCycle`. A mission that has brought in gas has no report before its sensors have cleared the room.
 */
export const PeroxideReportSchema = Type.Object({
  missionId: Type.String(),
  robotId: Type.String(),
  roomId: Type.String(),
  levelId: Type.String(),
  method: Type.Enum(['hpv', 'ahp']),
  /** `proven`: the planned dose, and the planned dwell by every sensor in the room. `aborted`: no gas at all. */
  verdict: VerdictSchema,
  end: PeroxideEndSchema,
  startedAt: Type.String(),
  finishedAt: Type.String(),
  elapsedS: Type.Number(),
  wasGassed: Type.Boolean(),
  plannedH2o2G: Type.Number(),
  /** As measured at the generator. */
  injectedG: Type.Number(),
  targetPpm: Type.Number(),
  plannedDwellS: Type.Number(),
  /** By the sensor that was least long at the target. */
  dwellS: Type.Number(),
  peakPpm: Type.Number(),
  /** By the sensor that reads least. */
  ppmHours: Type.Number(),
  /** Of the room when the gas began; `null` when none did. */
  conditions: Type.Union([
    Type.Object({ temperatureC: Type.Number(), relativeHumidityPercent: Type.Number() }),
    Type.Null(),
  ]),
  sensors: Type.Array(InsideSensorSchema),
  outside: Type.Array(OutsideSensorSchema),
  wasEvacuated: Type.Boolean(),
  interlocks: Type.Array(PeroxideInterlockSchema),
  timeline: Type.Array(Type.Object({ at: Type.Number(), phase: PeroxidePhaseSchema })),
  arming: Type.Array(
    Type.Object({ at: Type.Number(), step: ArmingStepSchema, by: Type.Union([Type.String(), Type.Null()]) }),
  ),
  /** When the sensors cleared the room; `null` when there was nothing to clear. */
  clearedAt: Type.Union([Type.String(), Type.Null()]),
  /** Left out by robots that do not tell. */
  instruments: Type.Optional(InstrumentsSchema),
})
export type PeroxideReport = Static<typeof PeroxideReportSchema>

/** Live state of a peroxide mission, robot → fleet on `wardlight/v1/…/peroxide`: every 0.5 s while one runs, and on every change. */
export const PeroxideStatusSchema = Type.Object({
  missionId: Type.String(),
  roomId: Type.String(),
  timestamp: Type.String(),
  phase: PeroxidePhaseSchema,
  /** How long it has been in this phase. */
  phaseS: Type.Number({ minimum: 0 }),
  /** Seconds until the phase ends by itself (exit delay, waiting to be armed); `null` where it does not. */
  countdownS: nullableNumber,
  /** Predicted seconds until the room may be entered again (`predictedRemainingS`); only sensors clear it. */
  remainingS: nullableNumber,
  arming: ArmingStepSchema,
  /** From the first gas until the sensors have cleared the room: keep its doors locked. */
  isGassed: Type.Boolean(),
  mustEvacuate: Type.Boolean(),
  isGeneratorOn: Type.Boolean(),
  injectedG: Type.Number(),
  dwellS: Type.Number(),
  /** Latest readings, in the room and around it. */
  sensors: Type.Array(
    Type.Object({ sensorId: Type.String(), roomId: Type.String(), ppm: nullableNumber, ageS: Type.Number() }),
  ),
  /** What keeps the mission from its next step now, in words. */
  blockers: Type.Array(Type.String()),
  interlocks: Type.Array(PeroxideInterlockSchema),
  /** Once it is finished: the same as in the action's result, for a mission that outlived its order in a restart. */
  report: Type.Union([PeroxideReportSchema, Type.Null()]),
})
export type PeroxideStatus = Static<typeof PeroxideStatusSchema>

/** The robot's error, in VDA 5050's words, that calls people out of the rooms around: its `errorType`. */
export const GAS_EVACUATE = 'GAS_EVACUATE'
