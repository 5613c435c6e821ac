import type { PeroxidePlanInput, planTreatment } from '@wardlight/core/disinfection'
import type { WardErrorCode } from '@wardlight/core/errors'
import type { StepPlan } from '@wardlight/core/fleet'

export type UvPlanningInput = Parameters<typeof planTreatment>[0]

/** What one step is planned from. */
export type PlanningInput =
  | { readonly method: 'uv'; readonly treatment: UvPlanningInput }
  | { readonly method: 'peroxide'; readonly cycle: PeroxidePlanInput }

export interface PlanningJob {
  readonly id: number
  readonly input: PlanningInput
}

export type PlanningAnswer =
  | { readonly id: number; readonly plan: StepPlan }
  | {
      readonly id: number
      readonly error: {
        readonly code: WardErrorCode | null
        readonly what: string
        readonly where?: string
        readonly remedy?: string
      }
    }
