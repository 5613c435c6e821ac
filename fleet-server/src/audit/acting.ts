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

/** Does some work, and all that it waits for, on somebody's behalf. @returns what ends that */
export function actingAs(acting: Acting, work: () => void): () => void {
  const task: Task = { acting, isOver: false }
  tasks.run(task, work)
  return () => {
    task.isOver = true
  }
}

/** On whose behalf this is done; `null`: by the system itself, or what a robot has said. */
export function whoActs(): Acting | null {
  const task = tasks.getStore()
  return task === undefined || task.isOver ? null : task.acting
}
