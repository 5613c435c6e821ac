import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { TreatmentInput, TreatmentPlan } from '@wardlight/core/disinfection'

/**
 * How a robot plans on the room as found. A promise lets time go by meanwhile; a plan at once does not,
 * which is right where time is simulated.
 */
export type PlanTreatment = (input: TreatmentInput) => TreatmentPlan | Promise<TreatmentPlan>

/** A thread needs JavaScript, which only the build makes: also the sources under a test runner use it. */
const WORKER_FILE = fileURLToPath(new URL('../../dist/planning/worker.js', import.meta.url))

/**
 * Plans beside the agent's own thread, so that the safety supervisor judges on while the robot stands
 * armed: a plan of half a second in its thread would be a controller that stalls.
 *
 * @throws what `planTreatment` throws, by its message, and when the thread ends without a plan.
 */
export function planInThread(input: TreatmentInput): Promise<TreatmentPlan> {
  return new Promise((resolve, reject) => {
    // Conditions and loaders of the parent (a test runner's) would lead the thread back to the sources.
    const worker = new Worker(WORKER_FILE, { workerData: input, execArgv: [] })
    // An agent that ends need not wait for it.
    worker.unref()
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the planning thread ended with ${code}, without a plan`)))
  })
}
