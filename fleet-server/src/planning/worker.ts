import { planTreatment, proposePeroxideCycle } from '@wardlight/core/disinfection'
import type { StepPlan } from '@wardlight/core/fleet'
import { answerJobs } from './answer-jobs.ts'
import type { PlanningInput } from './worker-messages.ts'

/** The thread beside the server in which treatments are planned. */
answerJobs(planStep)

function planStep(input: PlanningInput): StepPlan {
  return input.method === 'uv'
    ? { method: 'uv', treatment: planTreatment(input.treatment) }
    : { method: input.cycle.method, ...proposePeroxideCycle(input.cycle) }
}
