import type { TreatmentPlan } from '@wardlight/core/disinfection'
import type { planTreatment } from '@wardlight/core/disinfection'
import type { WardErrorCode } from '@wardlight/core/errors'

export type PlanningInput = Parameters<typeof planTreatment>[0]

export interface PlanningJob {
  readonly id: number
  readonly input: PlanningInput
}

export type PlanningAnswer =
  | { readonly id: number; readonly plan: TreatmentPlan }
  | {
      readonly id: number
      readonly error: {
        readonly code: WardErrorCode | null
        readonly what: string
        readonly where?: string
        readonly remedy?: string
      }
    }
