export { advanceGas, aerationHours, ppmOf } from './gas-model.ts'
export type { GasContent, GasKinetics, GasLeak, GasSource, GasState, GasZone } from './gas-model.ts'
export { MG_PER_M3_PER_PPM, PEROXIDE_METHODS, peroxideDose } from './methods.ts'
export type { PeroxideMethod, PeroxideMethodFacts, Spread } from './methods.ts'
export { gasNeighboursOf, SHUT_DOOR_M3_PER_HOUR_PER_M } from './neighbours.ts'
export { peroxidePlanInputOf, planPeroxideCycle, proposePeroxideCycle } from './plan-cycle.ts'
export type { PeroxidePlan, PeroxidePlanInput } from './plan-cycle.ts'
export { conditioningNeeds, predictPeroxideCycle } from './predict-cycle.ts'
export type {
  CyclePhaseName,
  Estimate,
  GasNeighbour,
  PeroxideCycle,
  PeroxideCycleInput,
} from './predict-cycle.ts'
export { predictedRemainingS } from './remaining-time.ts'
export type { CycleStanding } from './remaining-time.ts'
export type { CyclePoint } from './run-cycle.ts'
export * from './sensor-rules.ts'
