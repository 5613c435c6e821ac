import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { wardError } from '@wardlight/core/errors'
import { errorOf, type ThreadAnswer, type ThreadJob } from './worker-messages.ts'

/** Work that is done beside the server, one job after the other, so that the server goes on answering. */
export interface Thread<Input, Output> {
  /** @throws what the work throws; WARD_ERR_CONFIG when the thread ends before its answer */
  run(input: Input): Promise<Output>
  stop(): Promise<void>
}

interface Waiting<Output> {
  readonly resolve: (output: Output) => void
  readonly reject: (error: unknown) => void
}

/**
 * A thread that is started with its first job, and again after it crashed.
 *
 * @param name of its file among the sources, `planning/worker`; a thread needs JavaScript, which only the build makes: the same file is
 *   used from `dist` and from the sources under a test runner
 * @throws WARD_ERR_CONFIG when Wardlight is not built.
 */
export function createThread<Input, Output>(name: string): Thread<Input, Output> {
  const file = fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url))
  if (!existsSync(file)) {
    throw wardError('WARD_ERR_CONFIG', {
      what: `The thread ${name} is not built`,
      where: file,
      remedy: 'Run `npm run build`.',
    })
  }
  const waiting = new Map<number, Waiting<Output>>()
  let worker: Worker | null = null
  let lastId = 0

  function lose(lost: Worker, reason: string): void {
    if (worker === lost) worker = null
    const error = wardError('WARD_ERR_CONFIG', {
      what: `The thread ${name} ended: ${reason}`,
      remedy: 'Try again.',
    })
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }

  function running(): Worker {
    if (worker !== null) return worker
    // Conditions and loaders of the parent (a test runner's) would lead the thread back to the sources.
    const started = new Worker(file, { execArgv: [] })
    started.on('message', (answer: ThreadAnswer<Output>) => {
      const job = waiting.get(answer.id)
      waiting.delete(answer.id)
      if ('output' in answer) job?.resolve(answer.output)
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
    run(input) {
      const id = ++lastId
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        running().postMessage({ id, input } satisfies ThreadJob<Input>)
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
