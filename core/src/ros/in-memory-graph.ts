import { wardError } from '../errors/index.ts'
import type {
  ActionHandlers,
  Disposable,
  GoalCallbacks,
  GoalStatus,
  QosProfile,
  RosGraph,
  ServerGoal,
} from './graph.ts'

type Callback = (message: unknown) => void

interface Topic {
  readonly type: string
  readonly subscriptions: Set<Callback>
  last: unknown
  hasLast: boolean
}

interface Service {
  readonly type: string
  readonly handler: (request: unknown) => unknown
}

interface ActionServer {
  readonly type: string
  readonly handlers: ActionHandlers<unknown, unknown, unknown>
}

/**
 * A ROS graph in memory, where a simulation plays a robot. Everything is delivered synchronously,
 * first published first delivered: a message published inside a callback waits for that callback
 * to end. So a run on a simulated clock is deterministic.
 *
 * Messages are handed over by reference; receivers must not change them.
 */
export class InMemoryRosNetwork {
  readonly #topics = new Map<string, Topic>()
  readonly #services = new Map<string, Service>()
  readonly #actions = new Map<string, ActionServer>()
  readonly #queue: (() => void)[] = []
  #draining = false
  readonly #onError: (error: unknown, where: string) => void

  /** @param onError gets what a callback throws; the others still run. */
  constructor(onError: (error: unknown, where: string) => void) {
    this.#onError = onError
  }

  /** A node on this network. */
  createNode(): RosGraph {
    const disposables = new Set<Disposable>()
    const keep = (dispose: () => void): Disposable => {
      const disposable = {
        dispose: () => {
          if (disposables.delete(disposable)) dispose()
        },
      }
      disposables.add(disposable)
      return disposable
    }
    return {
      createPublisher: (type, topic, qos: QosProfile = 'default') => {
        const found = this.#topic(topic, type)
        let isOpen = true
        keep(() => {
          isOpen = false
        })
        return {
          publish: (message) => {
            if (!isOpen) return
            if (qos === 'latched') {
              found.last = message
              found.hasLast = true
            }
            this.#enqueue(() => {
              for (const callback of [...found.subscriptions]) {
                // A subscription may be disposed by an earlier callback of the same message.
                if (found.subscriptions.has(callback)) this.#guard(topic, () => callback(message))
              }
            })
          },
        }
      },
      createSubscription: (type, topic, callback, qos: QosProfile = 'default') => {
        const found = this.#topic(topic, type)
        const own: Callback = (message) => callback(message as never)
        found.subscriptions.add(own)
        if (qos === 'latched' && found.hasLast) {
          const last = found.last
          this.#enqueue(() => {
            if (found.subscriptions.has(own)) this.#guard(topic, () => own(last))
          })
        }
        return keep(() => found.subscriptions.delete(own))
      },
      createService: (type, name, handler) => {
        if (this.#services.has(name)) {
          throw wardError('WARD_ERR_ROS', { what: `a service named ${name} is there already`, where: name })
        }
        this.#services.set(name, { type, handler: handler as Service['handler'] })
        return keep(() => this.#services.delete(name))
      },
      createClient: (type, name) => ({
        call: (request) =>
          new Promise((resolve, reject) => {
            this.#enqueue(() => {
              const service = this.#services.get(name)
              if (service === undefined || service.type !== type) {
                reject(wardError('WARD_ERR_ROS', { what: `no server offers ${name} (${type})`, where: name }))
                return
              }
              try {
                resolve(service.handler(request) as never)
              } catch (error) {
                this.#onError(error, name)
                reject(wardError('WARD_ERR_ROS', { what: `${name} failed`, where: name, cause: error }))
              }
            })
          }),
      }),
      createActionServer: (type, name, handlers) => {
        if (this.#actions.has(name)) {
          throw wardError('WARD_ERR_ROS', { what: `an action named ${name} is there already`, where: name })
        }
        this.#actions.set(name, { type, handlers: handlers as ActionServer['handlers'] })
        return keep(() => this.#actions.delete(name))
      },
      createActionClient: (type, name) => {
        let isOpen = true
        keep(() => {
          isOpen = false
        })
        return {
          sendGoal: (goal, callbacks) => {
            // A node that is closed asks for nothing and hears of nothing; its goals go on, as in ROS.
            if (!isOpen) return { cancel: () => {} }
            const { onFeedback, onResult } = callbacks as GoalCallbacks<unknown, unknown>
            const handle = this.#sendGoal(type, name, goal, {
              onFeedback: (feedback) => isOpen && onFeedback?.(feedback),
              onResult: (status, result) => isOpen && onResult(status, result),
            })
            return { cancel: () => isOpen && handle.cancel() }
          },
        }
      },
      close: () => {
        for (const disposable of [...disposables]) disposable.dispose()
      },
    }
  }

  #topic(name: string, type: string): Topic {
    const found = this.#topics.get(name)
    if (found === undefined) {
      const topic: Topic = { type, subscriptions: new Set(), last: undefined, hasLast: false }
      this.#topics.set(name, topic)
      return topic
    }
    if (found.type !== type) {
      throw wardError('WARD_ERR_ROS', {
        what: `${name} carries ${found.type}, not ${type}`,
        where: name,
        remedy: 'Use one type per topic.',
      })
    }
    return found
  }

  #sendGoal(type: string, name: string, goal: unknown, callbacks: GoalCallbacks<unknown, unknown>) {
    let isOver = false
    let isCancelRequested = false
    let server: ActionServer | undefined
    const end = (status: GoalStatus, result: unknown) => {
      if (isOver) return
      isOver = true
      this.#enqueue(() => this.#guard(name, () => callbacks.onResult(status, result)))
    }
    const serverGoal: ServerGoal<unknown, unknown> = {
      get isCancelRequested() {
        return isCancelRequested
      },
      publishFeedback: (feedback) => {
        if (!isOver) this.#enqueue(() => this.#guard(name, () => callbacks.onFeedback?.(feedback)))
      },
      succeed: (result) => end('succeeded', result),
      abort: (result) => end('aborted', result),
      canceled: (result) => end('canceled', result),
    }
    this.#enqueue(() => {
      server = this.#actions.get(name)
      if (server === undefined || server.type !== type) {
        end('unavailable', null)
        return
      }
      const { handlers } = server
      this.#guard(name, () => {
        if (handlers.accept?.(goal) === false) end('rejected', null)
        else handlers.execute(goal, serverGoal)
      })
    })
    return {
      cancel: () => {
        this.#enqueue(() => {
          if (isOver || isCancelRequested) return
          isCancelRequested = true
          this.#guard(name, () => server?.handlers.onCancelRequest?.(serverGoal))
        })
      },
    }
  }

  #enqueue(task: () => void): void {
    this.#queue.push(task)
    if (this.#draining) return
    this.#draining = true
    try {
      for (let task = this.#queue.shift(); task !== undefined; task = this.#queue.shift()) task()
    } finally {
      this.#draining = false
    }
  }

  #guard(where: string, callback: () => void): void {
    try {
      callback()
    } catch (error) {
      this.#onError(error, where)
    }
  }
}
