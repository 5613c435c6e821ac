import { parentPort } from 'node:worker_threads'
import { planTreatment, proposePeroxideCycle } from '@wardlight/core/disinfection'
import type { StepPlan } from '@wardlight/core/fleet'
import { toldError, type PlanningAnswer, type PlanningInput, type PlanningJob } from './worker-messages.ts'

/** The thread beside the server in which plans are computed. */
parentPort?.on('message', (job: PlanningJob) => {
  parentPort?.postMessage(answer(job))
})

function answer({ id, input }: PlanningJob): PlanningAnswer {
  try {
    return { id, plan: planStep(input) }
  } catch (error) {
    return { id, error: toldError(error) }
  }
}

function planStep(input: PlanningInput): StepPlan {
  return input.method === 'uv'
    ? { method: 'uv', treatment: planTreatment(input.treatment) }
    : { method: input.cycle.method, ...proposePeroxideCycle(input.cycle) }
}
