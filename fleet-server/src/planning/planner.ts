import type { StepPlan } from '@wardlight/core/fleet'
import type { ExplainedSchedule } from '../domain/schedule/explain.ts'
import type { ScheduleInput } from '../domain/schedule/solve.ts'
import { createThread } from './thread.ts'
import type { PlanningInput } from './worker-messages.ts'

export interface Planner {
  /** @throws WARD_ERR_TREATMENT_IMPOSSIBLE and the like, as `planTreatment` and `proposePeroxideCycle`. */
  plan(input: PlanningInput): Promise<StepPlan>
  /** As `solveSchedule`. */
  schedule(input: ScheduleInput): Promise<ExplainedSchedule>
  stop(): Promise<void>
}

/**
 * Plans treatments in one thread and schedules in another, so that the server goes on answering.
 *
 * @throws WARD_ERR_CONFIG when Wardlight is not built.
 */
export function createPlanner(): Planner {
  const treatments = createThread<PlanningInput, StepPlan>('planning/worker')
  const schedules = createThread<ScheduleInput, ExplainedSchedule>('planning/schedule-worker')
  return {
    plan: (input) => treatments.run(input),
    schedule: (input) => schedules.run(input),
    async stop() {
      await Promise.all([treatments.stop(), schedules.stop()])
    },
  }
}
