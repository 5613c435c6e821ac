import { AsyncLocalStorage } from 'node:async_hooks'
import type { Role } from '@wardlight/core/fleet'

/** On whose behalf something is done. */
export interface Acting {
  /** Of the account; `null`: not a person's. */
  readonly id: string | null
  /** For people. */
  readonly name: string
  readonly role: Role | null
  /** The address that it came from. */
  readonly from: string
  /** "POST /api/rooms/:roomId". */
  readonly did: string
}

interface Task {
  readonly acting: Acting
  /** What was begun meanwhile goes on, but on nobody's behalf: a timer would else be somebody's for ever. */
  isOver: boolean
}

const tasks = new AsyncLocalStorage<Task>()

/** Does something on somebody's behalf, with all that it waits for. */
export async function actingAs<Result>(acting: Acting, work: () => Promise<Result>): Promise<Result> {
  const task: Task = { acting, isOver: false }
  try {
    return await tasks.run(task, work)
  } finally {
    task.isOver = true
  }
}

/** As `actingAs`, where what is begun ends elsewhere. @returns ends it */
export function beginActing(acting: Acting, begin: () => void): () => void {
  const task: Task = { acting, isOver: false }
  tasks.run(task, begin)
  return () => {
    task.isOver = true
  }
}

/** On whose behalf this is done; `null`: by the system itself, or what a robot has said. */
export function whoActs(): Acting | null {
  const task = tasks.getStore()
  return task === undefined || task.isOver ? null : task.acting
}
