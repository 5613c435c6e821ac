/** A value that can be watched. `get` gives the same object until something changes. */
export interface ExternalStore<State> {
  readonly get: () => State
  readonly set: (next: State) => void
  /** Calls `listener` after every change; gives back how to stop. */
  readonly subscribe: (listener: () => void) => () => void
}

export function createExternalStore<State>(initial: State): ExternalStore<State> {
  let state = initial
  const listeners = new Set<() => void>()
  return {
    get: () => state,
    set(next) {
      if (Object.is(next, state)) return
      state = next
      for (const listener of [...listeners]) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
