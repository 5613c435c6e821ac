import type { PeroxidePlanInput, planTreatment } from '@wardlight/core/disinfection'
import { isWardError, wardError, type WardErrorCode } from '@wardlight/core/errors'

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
  | { readonly id: number; readonly error: ToldError }

/** An error as it goes from one thread or process to another. */
export interface ToldError {
  /** `null`: no error of Wardlight's, so a defect. */
  readonly code: WardErrorCode | null
  readonly what: string
  readonly where?: string
  readonly remedy?: string
}

export function toldError(error: unknown): ToldError {
  if (!isWardError(error)) return { code: null, what: String(error) }
  const { code, what, where, remedy } = error
  return { code, what, remedy, ...(where === undefined ? {} : { where }) }
}

export function errorOf({ code, ...details }: ToldError): Error {
  return code === null ? new Error(details.what) : wardError(code, details)
}
