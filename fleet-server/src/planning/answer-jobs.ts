import { parentPort } from 'node:worker_threads'
import { toldError, type ThreadAnswer, type ThreadJob } from './worker-messages.ts'

/** The inside of a thread: answers each job, one after the other; what goes wrong is an answer too. */
export function answerJobs<Input, Output>(work: (input: Input) => Output): void {
  parentPort?.on('message', ({ id, input }: ThreadJob<Input>) => {
    let answer: ThreadAnswer<Output>
    try {
      answer = { id, output: work(input) }
    } catch (error) {
      answer = { id, error: toldError(error) }
    }
    parentPort?.postMessage(answer)
  })
}
