import type { PeroxidePlanInput, planTreatment } from '@wardlight/core/disinfection'
import type { WardErrorCode } from '@wardlight/core/errors'

export type UvPlanningInput = Parameters<typeof planTreatment>[0]

/** What one step is planned from. */
export type PlanningInput =
  | { readonly method: 'uv'; readonly treatment: UvPlanningInput }
  | { readonly method: 'peroxide'; readonly cycle: PeroxidePlanInput }

/** What goes to a thread, */
export interface ThreadJob<Input> {
  readonly id: number
  readonly input: Input
}

/** and what comes back. */
export type ThreadAnswer<Output> =
  | { readonly id: number; readonly output: Output }
  | {
      readonly id: number
      readonly error: {
        readonly code: WardErrorCode | null
        readonly what: string
        readonly where?: string
        readonly remedy?: string
      }
    }
