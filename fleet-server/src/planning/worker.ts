import { parentPort } from 'node:worker_threads'
import { planTreatment, proposePeroxideCycle } from '@wardlight/core/disinfection'
import { isWardError } from '@wardlight/core/errors'
import type { StepPlan } from '@wardlight/core/fleet'
import type { PlanningAnswer, PlanningInput, PlanningJob } from './worker-messages.ts'

/** The thread beside the server in which plans are computed. */
parentPort?.on('message', (job: PlanningJob) => {
  parentPort?.postMessage(answer(job))
})

function answer({ id, input }: PlanningJob): PlanningAnswer {
  try {
    return { id, plan: planStep(input) }
  } catch (error) {
    if (!isWardError(error)) return { id, error: { code: null, what: String(error) } }
    const { code, what, where, remedy } = error
    return { id, error: { code, what, remedy, ...(where === undefined ? {} : { where }) } }
  }
}

function planStep(input: PlanningInput): StepPlan {
  return input.method === 'uv'
    ? { method: 'uv', treatment: planTreatment(input.treatment) }
    : { method: input.cycle.method, ...proposePeroxideCycle(input.cycle) }
}
