import type { LiveChange, LiveCollection, LiveServerMessage, LiveState } from '@wardlight/core/fleet'

type Value<C extends LiveCollection> = LiveState[C][string]

/**
 * What everyone sees: the newest view of everything, and what changed since the last delta. It is a copy of
 * what the store has committed, with the robots' live words on top; nothing decides by it alone.
 */
export class LiveBoard {
  readonly #state: { readonly [C in LiveCollection]: Map<string, Value<C>> } = {
    rooms: new Map(),
    requests: new Map(),
    missions: new Map(),
    robots: new Map(),
    schedule: new Map(),
    alarms: new Map(),
  }
  #pending = new Map<string, LiveChange>()
  #sequence = 0
  #onUrgent: () => void = () => {}
  /** Called with everything that is shown, after it is. */
  onPut: (collection: LiveCollection, value: Value<LiveCollection>) => void = () => {}

  /** Called when a change must not wait for the next beat. */
  set onUrgent(listener: () => void) {
    this.#onUrgent = listener
  }

  get sequence(): number {
    return this.#sequence
  }

  get<C extends LiveCollection>(collection: C, id: string): Value<C> | undefined {
    return this.#state[collection].get(id)
  }

  all<C extends LiveCollection>(collection: C): Value<C>[] {
    return [...this.#state[collection].values()]
  }

  /** @param isUrgent for alarms: lamp, emergency stop, interlock, phase; they go out at once */
  put<C extends LiveCollection>(collection: C, value: Value<C>, isUrgent = false): void {
    this.#set(collection, value)
    this.#pending.set(`${collection}/${value.id}`, { collection, id: value.id, value } as LiveChange)
    if (isUrgent) this.#onUrgent()
    this.onPut(collection, value)
  }

  remove(collection: LiveCollection, id: string): void {
    if (!this.#state[collection].delete(id)) return
    this.#pending.set(`${collection}/${id}`, { collection, id, value: null })
  }

  /** As another server shows everything: for a board that mirrors that one's. */
  replace(state: LiveState): void {
    this.#pending = new Map()
    for (const collection of Object.keys(this.#state) as LiveCollection[]) {
      this.#state[collection].clear()
      for (const value of Object.values(state[collection])) this.#set(collection, value)
    }
  }

  /** What changed on the board that this one mirrors. It was gathered there, so it goes out at once. */
  apply(changes: readonly LiveChange[]): void {
    for (const change of changes) {
      if (change.value === null) this.#state[change.collection].delete(change.id)
      else this.#set(change.collection, change.value)
      this.#pending.set(`${change.collection}/${change.id}`, change)
    }
    this.#onUrgent()
  }

  /** The next delta, or `null` when nothing changed. */
  takeDelta(at: string): LiveServerMessage | null {
    if (this.#pending.size === 0) return null
    const changes = [...this.#pending.values()]
    this.#pending = new Map()
    this.#sequence += 1
    return { type: 'delta', sequence: this.#sequence, at, changes }
  }

  /** Everything as of the last delta and after; a change that is still pending will come again, which is harmless. */
  snapshot(at: string): LiveServerMessage {
    return {
      type: 'snapshot',
      sequence: this.#sequence,
      at,
      state: {
        rooms: Object.fromEntries(this.#state.rooms),
        requests: Object.fromEntries(this.#state.requests),
        missions: Object.fromEntries(this.#state.missions),
        robots: Object.fromEntries(this.#state.robots),
        schedule: Object.fromEntries(this.#state.schedule),
        alarms: Object.fromEntries(this.#state.alarms),
      },
    }
  }

  #set<C extends LiveCollection>(collection: C, value: Value<C>): void {
    this.#state[collection].set(value.id, value)
  }
}
