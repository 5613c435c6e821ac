import Type, { type Static } from 'typebox'
import { DoseReportSchema } from './dose-report.ts'
import { IntervalSchema } from './organism-views.ts'

/** `GET /api/missions/:missionId/report`: the robot's evidence with what the fleet knows about it. */
export const MissionReportSchema = Type.Object({
  dose: DoseReportSchema,
  roomName: Type.String(),
  levelId: Type.String(),
  organismName: Type.String(),
  requestedBy: Type.String(),
  requestedAt: Type.String(),
  approvedBy: Type.String(),
  /** What may be said of it: the only text that claims an effect (`claimFor`). */
  claim: Type.String(),
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
