import Type from 'typebox'
import type { PeroxideCycle, PeroxideMethod, PeroxidePlan, TreatmentPlan } from '../disinfection/index.ts'
import { TreatmentPlanSchema } from './dose-report.ts'
import { PeroxidePlanSchema, PeroxidePredictionSchema } from './peroxide.ts'

/** The plan of one step of a request: what a robot is ordered to do, and for gas what is to be expected of it. */
export type StepPlan =
  | {
      readonly method: 'uv'
      readonly treatment: TreatmentPlan
      /** The robot that does not move, and that the plan is for alone; left out: for any that drives. */
      readonly unitId?: string
    }
  | {
      readonly method: PeroxideMethod
      readonly cycle: PeroxidePlan
      /** Never what clears a room. */
      readonly prediction: PeroxideCycle
    }

export const StepPlanSchema = Type.Unsafe<StepPlan>(
  Type.Union([
    Type.Object({
      method: Type.Literal('uv'),
      treatment: TreatmentPlanSchema,
      unitId: Type.Optional(Type.String()),
    }),
    Type.Object({
      method: Type.Enum(['hpv', 'ahp']),
      cycle: PeroxidePlanSchema,
      prediction: PeroxidePredictionSchema,
    }),
  ]),
)

/** The unit fixed in the room that a plan is for; `null`: robots that drive do it. */
export function unitOf(plan: StepPlan): string | null {
  return plan.method === 'uv' ? (plan.unitId ?? null) : null
}

/** Seconds that it is likely to take. */
export function plannedSOf(plan: StepPlan): number {
  return plan.method === 'uv' ? plan.treatment.plannedS : plan.cycle.expectedS
}
