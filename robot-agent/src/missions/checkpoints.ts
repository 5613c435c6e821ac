import type { DoseBook, RoomModel, TreatmentPlan } from '@wardlight/core/disinfection'
import {
  ArmingStepSchema,
  InterlockEventSchema,
  MissionPhaseSchema,
  RoomModelSchema,
  TreatmentPlanSchema,
  VisitReportSchema,
  type ArmingStep,
  type DoseReport,
  type InterlockEvent,
  type MissionPhase,
  type VisitReport,
} from '@wardlight/core/fleet'
import {
  ActionSchema,
  ActionStateSchema,
  OrderEdgeSchema,
  OrderNodeSchema,
  OrderSchema,
} from '@wardlight/core/vda5050'
import Type, { type Static } from 'typebox'
import type { NumberedThing } from '../perception/room-as-found.ts'
import type { OrderContext } from './order-execution.ts'
import type { StopProgress } from './uv-mission.ts'

/*
 * What outlives the process, as it stands in the journal. These schemas are the format of `MEMORY_VERSION`: a change
 * that older checkpoints do not follow needs a new number there.
 */

const Point = Type.Object({ x: Type.Number(), y: Type.Number() })
const notNegative = Type.Number({ minimum: 0 })

/** The order held, as far as it was carried out: `OrderContext` and the ids of the orders before it. */
export const OrderCheckpointSchema = Type.Object({
  context: Type.Object({
    order: Type.Union([OrderSchema, Type.Null()]),
    nodes: Type.Array(OrderNodeSchema),
    edges: Type.Array(OrderEdgeSchema),
    lastNodeId: Type.String(),
    lastNodeSequenceId: Type.Integer({ minimum: 0 }),
    queue: Type.Array(Type.Object({ action: ActionSchema, nodeId: Type.String() })),
    actionStates: Type.Array(ActionStateSchema),
    isPaused: Type.Boolean(),
    wasCanceled: Type.Boolean(),
    driveTries: Type.Integer({ minimum: 0 }),
    unreachableNodeId: Type.Union([Type.String(), Type.Null()]),
  }),
  orderIds: Type.Array(Type.String()),
})
export interface OrderCheckpoint {
  readonly context: OrderContext
  readonly orderIds: readonly string[]
}

/** Evidence that no broker has confirmed yet, the oldest first. */
export const OutboxSchema = Type.Array(Type.Object({ orderId: Type.String(), state: ActionStateSchema }))
export type Outbox = readonly Readonly<Static<typeof OutboxSchema>[number]>[]

/** What the mission is: from its order, the same all along. */
export const MissionOrderSchema = Type.Object({
  missionId: Type.String(),
  plan: TreatmentPlanSchema,
  rearmTimeoutS: Type.Number({ exclusiveMinimum: 0 }),
  awaitArmingId: Type.String(),
  startUvDoseId: Type.String(),
})

/** What the last survey found, and what is known of the dose from before it. */
export const SurveyCheckpointSchema = Type.Object({
  /** The room as found: doses are in the order of its surfaces. */
  room: RoomModelSchema,
  /** Ids of these surfaces: another program may cut the same room into others. */
  surfaceIds: Type.Array(Type.String()),
  plan: TreatmentPlanSchema,
  things: Type.Array(
    Type.Object({
      number: Type.Integer(),
      footprint: Type.Array(Point, { minItems: 3 }),
      centre: Point,
      extentM: notNegative,
      mayBePerson: Type.Boolean(),
    }),
  ),
  thingsFound: Type.Integer({ minimum: 0 }),
  book: Type.Object({
    entries: Type.Array(
      Type.Object({ id: Type.String(), place: Type.Array(Type.Number()), doseMjPerCm2: notNegative }),
    ),
  }),
  notes: Type.Array(Type.String()),
})
export interface SurveyCheckpoint {
  readonly room: RoomModel
  readonly surfaceIds: readonly string[]
  readonly plan: TreatmentPlan
  readonly things: readonly NumberedThing[]
  readonly thingsFound: number
  readonly book: DoseBook
  readonly notes: readonly string[]
}

/** How far a mission has got. Written once a second while the lamp burns. */
export const ProgressCheckpointSchema = Type.Object({
  missionId: Type.String(),
  phase: MissionPhaseSchema,
  isUnderWay: Type.Boolean(),
  isLampOn: Type.Boolean(),
  stops: Type.Array(
    Type.Object({
      x: Type.Number(),
      y: Type.Number(),
      theta: Type.Number(),
      plannedDwellS: notNegative,
      deliveredDwellS: notNegative,
    }),
  ),
  stopIndex: Type.Integer({ minimum: 0 }),
  topUpRounds: Type.Integer({ minimum: 0 }),
  /** mJ/cm², in the order of the survey's surfaces; empty before the first survey. */
  doseMjPerCm2: Type.Array(notNegative),
  lampOnS: notNegative,
  lastOutput: Type.Union([Type.Array(Type.Number({ minimum: 0, maximum: 1 })), Type.Null()]),
  startedAtEpochMs: Type.Number(),
  /** Seconds since the start at this checkpoint, and the wall time then. */
  elapsedS: notNegative,
  atEpochMs: Type.Number(),
  interlocks: Type.Array(InterlockEventSchema),
  timeline: Type.Array(Type.Object({ at: Type.Number(), phase: MissionPhaseSchema })),
  arming: Type.Array(
    Type.Object({ at: Type.Number(), step: ArmingStepSchema, by: Type.Union([Type.String(), Type.Null()]) }),
  ),
})
export interface ProgressCheckpoint {
  readonly missionId: string
  readonly phase: MissionPhase
  readonly isUnderWay: boolean
  readonly isLampOn: boolean
  readonly stops: readonly StopProgress[]
  readonly stopIndex: number
  readonly topUpRounds: number
  readonly doseMjPerCm2: readonly number[]
  readonly lampOnS: number
  readonly lastOutput: readonly number[] | null
  readonly startedAtEpochMs: number
  readonly elapsedS: number
  readonly atEpochMs: number
  readonly interlocks: readonly InterlockEvent[]
  readonly timeline: DoseReport['timeline']
  readonly arming: readonly { readonly at: number; readonly step: ArmingStep; readonly by: string | null }[]
}

/** How far an errand has got. What it is stands in its order. */
export const ErrandCheckpointSchema = Type.Object({
  missionId: Type.String(),
  startedAtEpochMs: Type.Number(),
  /** The robot was where the errand is done, no longer on its way. */
  isAtPlace: Type.Boolean(),
  dock: Type.Optional(
    Type.Object({
      tries: Type.Integer({ minimum: 0 }),
      fromFraction: Type.Union([Type.Number(), Type.Null()]),
    }),
  ),
  visit: Type.Optional(
    Type.Object({
      drives: VisitReportSchema.properties.drives,
      refusedCommands: VisitReportSchema.properties.refusedCommands,
    }),
  ),
})
export interface ErrandCheckpoint {
  readonly missionId: string
  readonly startedAtEpochMs: number
  readonly isAtPlace: boolean
  readonly dock?: { readonly tries: number; readonly fromFraction: number | null }
  readonly visit?: Pick<VisitReport, 'drives' | 'refusedCommands'>
}

/** A mission that was not over. */
export interface MissionCheckpoint {
  readonly survey: SurveyCheckpoint | null
  readonly progress: ProgressCheckpoint
}
