import Type, { type Static } from 'typebox'
import { DoseReportSchema } from './dose-report.ts'
import { CertaintySchema, IntervalSchema } from './organism-views.ts'
import { ConfirmationViewSchema, SignatureViewSchema } from './views.ts'

/** `GET /api/missions/:missionId/report`: the robot's evidence with what the fleet knows about it. */
export const MissionReportSchema = Type.Object({
  dose: DoseReportSchema,
  roomName: Type.String(),
  levelId: Type.String(),
  organismName: Type.String(),
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
  /** log10 reduction that the lowest dose on a promised surface stands for, with its uncertainty. */
  logReduction: IntervalSchema,
  releasedBy: Type.Union([Type.String(), Type.Null()]),
  releasedAt: Type.Union([Type.String(), Type.Null()]),
  releaseNote: Type.Union([Type.String(), Type.Null()]),
  softwareVersion: Type.String(),
  surfaces: Type.Object({
    total: Type.Integer(),
    /** At or above the target. */
    reached: Type.Integer(),
    /** Promised by the approved plan. */
    promised: Type.Integer(),
  }),
  /** Over the promised surfaces. */
  doseMjPerCm2: Type.Object({ min: Type.Number(), p5: Type.Number(), p50: Type.Number() }),
})
export type MissionReport = Static<typeof MissionReportSchema>
