import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { wardError } from '@wardlight/core/errors'
import type { StepPlan } from '@wardlight/core/fleet'
import { errorOf, type PlanningAnswer, type PlanningInput, type PlanningJob } from './worker-messages.ts'

/**
 * A thread needs JavaScript, which only the build makes: the same file is used from `dist` and from the
 * sources under a test runner.
 */
const WORKER_FILE = fileURLToPath(new URL('../../dist/planning/worker.js', import.meta.url))

export interface Planner {
  /** @throws WARD_ERR_TREATMENT_IMPOSSIBLE and the like, as `planTreatment` and `proposePeroxideCycle`. */
  plan(input: PlanningInput): Promise<StepPlan>
  stop(): Promise<void>
}

interface Waiting {
  readonly resolve: (plan: StepPlan) => void
  readonly reject: (error: unknown) => void
}

/**
 * Plans treatments in a thread of their own, one after the other, so that the server goes on answering.
 * The thread is started with the first job and again after it crashed.
 *
 * @throws WARD_ERR_CONFIG when Wardlight is not built.
 */
export function createPlanner(): Planner {
  if (!existsSync(WORKER_FILE)) {
    throw wardError('WARD_ERR_CONFIG', {
      what: 'The planning thread is not built',
      where: WORKER_FILE,
      remedy: 'Run `npm run build`.',
    })
  }
  const waiting = new Map<number, Waiting>()
  let worker: Worker | null = null
  let lastId = 0

  function lose(lost: Worker, reason: string): void {
    if (worker === lost) worker = null
    const error = wardError('WARD_ERR_CONFIG', {
      what: `The planning thread ended: ${reason}`,
      remedy: 'Try again.',
    })
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }

  function running(): Worker {
    if (worker !== null) return worker
    // Conditions and loaders of the parent (a test runner's) would lead the thread back to the sources.
    const started = new Worker(WORKER_FILE, { execArgv: [] })
    started.on('message', (answer: PlanningAnswer) => {
      const job = waiting.get(answer.id)
      waiting.delete(answer.id)
      if ('plan' in answer) job?.resolve(answer.plan)
      else job?.reject(errorOf(answer.error))
    })
    started.on('error', (error) => lose(started, String(error)))
    started.on('exit', (code) => {
      if (worker === started) lose(started, `exit code ${code}`)
    })
    // A server that stops need not wait for it.
    started.unref()
    worker = started
    return started
  }

  return {
    plan(input) {
      const id = ++lastId
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        running().postMessage({ id, input } satisfies PlanningJob)
      })
    },
    async stop() {
      const running = worker
      worker = null
      if (running !== null) {
        await running.terminate()
        lose(running, 'the server stops')
      }
    },
  }
}
