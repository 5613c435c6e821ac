import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { root } from '../../paths.ts'

type Handlers = Readonly<Record<string, (argument: never) => unknown>>

interface Call {
  readonly id: number
  readonly name: string
  readonly argument: unknown
}

interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

/** A process of a measurement: what it costs is its own, and nobody else's. */
export class Part<Methods extends Handlers> {
  readonly #child: ChildProcess
  #calls = 0

  /** @param name of its file, which serves `Methods` */
  constructor(name: string) {
    // Children run what is built, whatever runs this.
    this.#child = fork(path.join(root, 'scripts', 'dist', 'bench', 'wire', `${name}.js`), [], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
  }

  async call<Name extends keyof Methods & string>(
    name: Name,
    argument: Parameters<Methods[Name]>[0],
  ): Promise<Awaited<ReturnType<Methods[Name]>>> {
    const id = (this.#calls += 1)
    const answered = new Promise<unknown>((resolve, reject) => {
      const end = () => {
        this.#child.off('message', onMessage)
        this.#child.off('exit', onExit)
      }
      const onExit = () => {
        end()
        reject(new Error(`a part of the measurement ended before it had answered "${name}"`))
      }
      const onMessage = ({ id: answers, value, error }: Answer) => {
        if (answers !== id) return
        end()
        if (error === undefined) resolve(value)
        else reject(new Error(error))
      }
      this.#child.on('message', onMessage)
      this.#child.once('exit', onExit)
    })
    this.#child.send({ id, name, argument } satisfies Call)
    return (await answered) as Awaited<ReturnType<Methods[Name]>>
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exit
  }
}

/** Answers whoever has started this process, one call after another. */
export function servePart(handlers: Handlers): void {
  let last = Promise.resolve()
  process.on('message', ({ id, name, argument }: Call) => {
    last = last.then(async () => {
      try {
        const value = await handlers[name]!(argument as never)
        process.send!({ id, value } satisfies Answer)
      } catch (error) {
        process.send!({ id, error: error instanceof Error ? error.message : String(error) } satisfies Answer)
      }
    })
  })
  process.once('disconnect', () => process.exit())
}

/** Processor time of this process since it began, all threads, microseconds. */
export function spentUs(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
