export { SIMPLEX_SOLVER, worstShortfall } from './covering-solver.ts'
export type { CoveringProblem, CoveringSolver } from './covering-solver.ts'
export { dosesIn, EMPTY_DOSE_BOOK, withDoses } from './dose-book.ts'
export type { DoseBook } from './dose-book.ts'
export { doseStatistics } from './dose-statistics.ts'
export { checkedValidation, claimFor, gasClaimFor, hasPassed, shownLog } from './efficacy-claim.ts'
export type { TreatmentDone } from './efficacy-claim.ts'
export { explainMissed } from './explain-missed.ts'
export type { MissedInput } from './explain-missed.ts'
export { FACE_SIDES, gridFaces, lineLampFaceKernel } from './grid-field/grid-faces.ts'
export type { FaceKernel, GridFaces } from './grid-field/grid-faces.ts'
export { createGridField, lineLampKernel } from './grid-field/grid-field.ts'
export type { GridField } from './grid-field/grid-field.ts'
export type { ShadowGrid } from './grid-field/shadow-grid.ts'
export { createWasmGridField } from './grid-field/grid-field-wasm.ts'
export { createIrradianceField } from './irradiance-field.ts'
export type { IrradianceField } from './irradiance-field.ts'
export {
  agedOutputFraction,
  asRated,
  DEFAULT_LAMP,
  lampAsMeasured,
  meanOutput,
  ringOfTubes,
  tubeOutput,
} from './lamp.ts'
export { correctionAt, withMeasuredCurve } from './lamp-curve.ts'
export type { MeasuredCurve } from './lamp-curve.ts'
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
export type { PlannedRobot, TreatmentInput } from './plan-treatment.ts'
export { doseAlong } from './path-dose.ts'
export * from './peroxide/index.ts'
export { planPlanarRoom } from './planar/plan-planar-room.ts'
export { readPlanarProblem } from './planar/read-planar-problem.ts'
export type * from './planar/types.ts'
export { waysAmong } from './planar/ways.ts'
export type { Ways } from './planar/ways.ts'
export { MOST_REFLECTANCE } from './reflection.ts'
export { replanInput, replanTreatment } from './replan-treatment.ts'
export type { ReplanInput } from './replan-treatment.ts'
export { checkedProtocol, protocolById, robotStepsOf, uvStepOf } from './protocols/check-protocol.ts'
export { PROTOCOLS } from './protocols/shipped-protocols.ts'
export { confirmationsDue } from './protocols/confirmations.ts'
export type { DueItem } from './protocols/confirmations.ts'
export type * from './protocols/protocol-schema.ts'
export { roomModelOf } from './room-model.ts'
export type * from './site-validation.ts'
export { surfacesOf } from './surfaces.ts'
export type * from './types.ts'
