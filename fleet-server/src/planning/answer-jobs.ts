import { parentPort } from 'node:worker_threads'
import { toldError, type ThreadAnswer, type ThreadJob } from './worker-messages.ts'

/** The inside of a thread: answers each job, one after the other; what goes wrong is an answer too. */
export function answerJobs<Input, Output>(work: (input: Input) => Output | Promise<Output>): void {
  let last = Promise.resolve()
  parentPort?.on('message', ({ id, input }: ThreadJob<Input>) => {
    last = last.then(async () => {
      let answer: ThreadAnswer<Output>
      try {
        answer = { id, output: await work(input) }
      } catch (error) {
        answer = { id, error: toldError(error) }
      }
      parentPort?.postMessage(answer)
    })
  })
}
