export { SIMPLEX_SOLVER, worstShortfall } from './covering-solver.ts'
export type { CoveringProblem, CoveringSolver } from './covering-solver.ts'
export { doseStatistics } from './dose-statistics.ts'
export { explainMissed } from './explain-missed.ts'
export type { MissedInput } from './explain-missed.ts'
export { createIrradianceField } from './irradiance-field.ts'
export type { IrradianceField } from './irradiance-field.ts'
export { DEFAULT_LAMP, ringOfTubes } from './lamp.ts'
export { defineOrganism } from './define-organism.ts'
export {
  d90MjPerCm2,
  doseForLogReduction,
  doseIntervalForLogReduction,
  logReductionForDose,
  logReductionIntervalForDose,
} from './dose-response.ts'
export type { Interval } from './dose-response.ts'
export { ORGANISMS } from './organism-catalogue.ts'
export { organismById, withOrganism } from './organisms.ts'
export { LAMP_ON_CAP_S, LONGEST_DWELL_S, planTreatment } from './plan-treatment.ts'
export type { TreatmentInput } from './plan-treatment.ts'
export { planPlanarRoom } from './planar/plan-planar-room.ts'
export { readPlanarProblem } from './planar/read-planar-problem.ts'
export type * from './planar/types.ts'
export { waysAmong } from './planar/ways.ts'
export type { Ways } from './planar/ways.ts'
export { confirmationsDue } from './protocols/confirmations.ts'
export type { DueItem } from './protocols/confirmations.ts'
export type * from './protocols/protocol-schema.ts'
export { roomModelOf } from './room-model.ts'
export type * from './site-validation.ts'
export { surfacesOf } from './surfaces.ts'
export type * from './types.ts'
