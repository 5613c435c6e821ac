import Type, { type Static } from 'typebox'
import { DoseReportSchema, VerdictSchema } from './dose-report.ts'
import { CertaintySchema, IntervalSchema } from './organism-views.ts'
import { PeroxidePredictionSchema, PeroxideReportSchema } from './peroxide.ts'
import {
  ConfirmationViewSchema,
  HandMeasurementViewSchema,
  SignatureViewSchema,
  TreatmentMethodSchema,
} from './views.ts'

const NullableText = Type.Union([Type.String(), Type.Null()])
const NullableNumber = Type.Union([Type.Number(), Type.Null()])

/** What the fleet knows about a mission's evidence, whatever its method. */
const known = {
  missionId: Type.String(),
  roomId: Type.String(),
  roomName: Type.String(),
  levelId: Type.String(),
  /** The server's own judgement of the evidence; it counts, whatever the robot says. */
  verdict: VerdictSchema,
  /** What is wrong with the evidence itself; `null` when it holds together. */
  problem: Type.Union([Type.String(), Type.Null()]),
  /** Every mission of the same request, in order, this one among them. */
  steps: Type.Array(
    Type.Object({
      method: TreatmentMethodSchema,
      /** `null`: not ordered. */
      missionId: Type.Union([Type.String(), Type.Null()]),
      verdict: Type.Union([VerdictSchema, Type.Null()]),
    }),
  ),
  /** Which of them this one is, from 0. */
  stepNumber: Type.Integer({ minimum: 0 }),
  requestedBy: Type.String(),
  requestedAt: Type.String(),
  approvedBy: Type.String(),
  /** `null`: organism and target were chosen by hand. */
  protocol: Type.Union([
    Type.Object({
      id: Type.String(),
      version: Type.Integer(),
      name: Type.String(),
      source: Type.String(),
      certainty: CertaintySchema,
    }),
    Type.Null(),
  ]),
  /** What people confirmed, with the approval and with the release, in the protocol's order. */
  confirmations: Type.Array(ConfirmationViewSchema),
  approvals: Type.Array(SignatureViewSchema),
  signatures: Type.Array(SignatureViewSchema),
  signaturesNeeded: Type.Integer({ minimum: 1 }),
  /** What may be said of it: the only text that claims an effect (`claimFor`). */
  claim: Type.String(),
  /** The site's validation that the claim rests on; `null` when it claims no effect. */
  validationId: Type.Union([Type.String(), Type.Null()]),
  releasedBy: Type.Union([Type.String(), Type.Null()]),
  releasedAt: Type.Union([Type.String(), Type.Null()]),
  releaseNote: Type.Union([Type.String(), Type.Null()]),
  /** Why it ended as it did, in words. */
  outcome: NullableText,
  orderedAt: Type.String(),
  endedAt: NullableText,
  /** Who stopped it before its end; `null`: nobody. */
  stoppedBy: NullableText,
  /** How people with instruments of their own cleared a gassed room; `null`: they did not. */
  handMeasurement: Type.Union([HandMeasurementViewSchema, Type.Null()]),
  missedSurfacesWiped: Type.Union([Type.Boolean(), Type.Null()]),
  robot: Type.Object({
    id: Type.String(),
    /** As the fleet heard last when this was written: against a new battery, 0 to 1; `null`: it does not say. */
    batteryHealth: NullableNumber,
    drivenM: NullableNumber,
  }),
  /** The robot's report as it came; `null`: none did. */
  evidence: Type.Union([Type.Object({ sha256: Type.String(), receivedAt: NullableText }), Type.Null()]),
  /** Of the server. */
  softwareVersion: Type.String(),
} as const

/** One surface of the room as found: what was planned for it, and what it got. */
export const SurfaceDoseSchema = Type.Object({
  id: Type.String(),
  label: Type.String(),
  /** By the approved plan; `null`: it did not know of this surface. */
  plannedMjPerCm2: NullableNumber,
  deliveredMjPerCm2: Type.Number(),
  /** The approved plan promised it the target. */
  isPromised: Type.Boolean(),
})
export type SurfaceDose = Static<typeof SurfaceDoseSchema>

export const UvMissionReportSchema = Type.Object({
  method: Type.Literal('uv'),
  ...known,
  dose: DoseReportSchema,
  organismName: Type.String(),
  /** log10 reduction that the lowest dose on a promised surface stands for, with its uncertainty. */
  logReduction: IntervalSchema,
  surfaces: Type.Object({
    total: Type.Integer(),
    /** At or above the target. */
    reached: Type.Integer(),
    /** Promised by the approved plan. */
    promised: Type.Integer(),
  }),
  /** Every one, in the order of the doses of `dose`. */
  surfaceDoses: Type.Array(SurfaceDoseSchema),
  /** Over the promised surfaces. */
  doseMjPerCm2: Type.Object({ min: Type.Number(), p5: Type.Number(), p50: Type.Number() }),
})
export type UvMissionReport = Static<typeof UvMissionReportSchema>

/** What the sensors said while the gas was in, as the server heard it: at most once a minute. Not evidence: it has gaps. */
export const GasSampleSchema = Type.Object({
  /** By the robot's clock, ISO 8601. */
  at: Type.String(),
  /** Highest in the room, ppm; `null`: no sensor there had a reading. */
  insidePpm: Type.Union([Type.Number(), Type.Null()]),
  /** Lowest in the room. */
  lowestPpm: Type.Union([Type.Number(), Type.Null()]),
  /** Highest in the rooms beyond its doors. */
  outsidePpm: Type.Union([Type.Number(), Type.Null()]),
})
export type GasSample = Static<typeof GasSampleSchema>

export const GasMissionReportSchema = Type.Object({
  method: Type.Enum(['hpv', 'ahp']),
  ...known,
  cycle: PeroxideReportSchema,
  /** Rooms beyond its doors, by id. */
  neighbours: Type.Array(Type.Object({ roomId: Type.String(), name: Type.String() })),
  solutionMl: Type.Number(),
  prediction: PeroxidePredictionSchema,
  samples: Type.Array(GasSampleSchema),
})
export type GasMissionReport = Static<typeof GasMissionReportSchema>

/** What is left where the robot told nothing that can be read: nothing is proven, and who did what still counts. */
export const UnevidencedMissionReportSchema = Type.Object({
  method: Type.Literal('none'),
  ...known,
  plannedMethod: TreatmentMethodSchema,
})
export type UnevidencedMissionReport = Static<typeof UnevidencedMissionReportSchema>

/** `GET /api/missions/:missionId/report`: the robot's evidence with what the fleet knows about it. */
export const MissionReportSchema = Type.Union([UvMissionReportSchema, GasMissionReportSchema])
export type MissionReport = Static<typeof MissionReportSchema>
