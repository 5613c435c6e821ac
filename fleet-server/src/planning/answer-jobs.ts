import { parentPort } from 'node:worker_threads'
import { isWardError } from '@wardlight/core/errors'
import type { ThreadAnswer, ThreadJob } from './worker-messages.ts'

/** The inside of a thread: answers each job, one after the other; what goes wrong is an answer too. */
export function answerJobs<Input, Output>(work: (input: Input) => Output): void {
  parentPort?.on('message', ({ id, input }: ThreadJob<Input>) => {
    let answer: ThreadAnswer<Output>
    try {
      answer = { id, output: work(input) }
    } catch (error) {
      answer = { id, error: errorIn(error) }
    }
    parentPort?.postMessage(answer)
  })
}

function errorIn(error: unknown): Extract<ThreadAnswer<never>, { error: unknown }>['error'] {
  if (!isWardError(error)) return { code: null, what: String(error) }
  const { code, what, where, remedy } = error
  return { code, what, remedy, ...(where === undefined ? {} : { where }) }
}
