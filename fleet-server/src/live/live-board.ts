import {
  changedValue,
  isEncodable,
  type LiveChange,
  type LiveCollection,
  type LiveServerMessage,
  type LiveState,
  type RobotMotion,
  type RobotView,
} from '@wardlight/core/fleet'

type Value<C extends LiveCollection> = LiveState[C][string]
type Shown = { readonly [C in LiveCollection]: Map<string, Value<C>> }

/**
 * What everyone sees: the newest view of everything, and what changed since the last delta. It is a copy of
 * what the store has committed, with the robots' live words on top; nothing decides by it alone.
 */
export class LiveBoard {
  readonly #state: Shown = byCollection(() => new Map())
  /** As the clients have it. */
  readonly #sent = byCollection(() => new Map<string, Sent>())
  /** Fields of the last one that was new, in their order. */
  readonly #names = byCollection((): readonly string[] => [])
  readonly #touched = byCollection(() => new Set<string>())
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
    this.#touched[collection].add(value.id)
    if (isUrgent) this.#onUrgent()
    this.onPut(collection, value)
  }

  remove(collection: LiveCollection, id: string): void {
    if (this.#state[collection].delete(id)) this.#touched[collection].add(id)
  }

  /** As another server shows everything: for a board that mirrors that one's. Whoever looks needs a snapshot. */
  replace(state: LiveState): void {
    for (const collection of COLLECTIONS) {
      this.#state[collection].clear()
      for (const value of Object.values(state[collection])) this.#set(collection, value)
      this.#touched[collection].clear()
      this.#sent[collection].clear()
      for (const [id, value] of this.#state[collection]) this.#send(collection, id, value)
    }
  }

  /** What changed on the board that this one mirrors. It was gathered there, so it goes out at once. */
  apply(changes: readonly LiveChange[]): void {
    for (const change of changes) {
      const { collection, id } = change
      const value = changedValue(this.#state[collection].get(id), change)
      if (value === undefined) this.#state[collection].delete(id)
      else this.#set(collection, value as Value<typeof collection>)
      this.#touched[collection].add(id)
    }
    this.#onUrgent()
  }

  /** What changed since the last time, numbered: a `delta`, a `motion`, both, or nothing. */
  takeChanges(at: string): LiveServerMessage[] {
    const changes: LiveChange[] = []
    const rows: RobotMotion[] = []
    let heardAt = at
    for (const collection of COLLECTIONS) {
      for (const id of this.#touched[collection]) {
        const sent = this.#sent[collection].get(id)
        const before = sent?.value
        const value = this.#state[collection].get(id)
        const change = changeTo(sent, value)
        if (value === undefined) this.#sent[collection].delete(id)
        else if (sent === undefined) this.#send(collection, id, value)
        if (change === null) continue
        const row = collection === 'robots' ? motionOf(before as RobotView, change) : null
        if (row === null) changes.push({ collection, id, ...change } as LiveChange)
        else {
          rows.push(row)
          const { updatedAt } = value as RobotView
          if (updatedAt! < heardAt) heardAt = updatedAt!
        }
      }
      this.#touched[collection].clear()
    }
    const messages: LiveServerMessage[] = []
    if (changes.length > 0) messages.push({ type: 'delta', sequence: (this.#sequence += 1), at, changes })
    if (rows.length > 0) {
      messages.push({ type: 'motion', sequence: (this.#sequence += 1), at, heardAt, rows })
    }
    return messages
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

  #send(collection: LiveCollection, id: string, value: object): void {
    const sent = sentOf(value, this.#names[collection])
    this.#names[collection] = sent.names
    this.#sent[collection].set(id, sent)
  }

  #set<C extends LiveCollection>(collection: C, value: Value<C>): void {
    this.#state[collection].set(value.id, value)
  }
}

function byCollection<Content>(make: () => Content): Record<LiveCollection, Content> {
  return {
    rooms: make(),
    requests: make(),
    missions: make(),
    robots: make(),
    schedule: make(),
    alarms: make(),
  }
}

const COLLECTIONS = Object.keys(byCollection(() => null)) as LiveCollection[]

type Fields = Readonly<Record<string, unknown>>

/** Of values as JSON has them. Called for every field of every robot, five times a second: Node's own takes thrice as long. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    for (let index = 0; index < a.length; index += 1) if (!isSame(a[index], b[index])) return false
    return true
  }
  if (Array.isArray(b)) return false
  const [one, other] = [a as Fields, b as Fields]
  for (const key in one) if (!isSame(one[key], other[key])) return false
  return Object.keys(one).length === Object.keys(other).length
}

/** A value that was sent, and its fields in their order: a look by place is several times as quick as one by name. */
interface Sent {
  value: object
  names: readonly string[]
  values: unknown[]
}

/** @param names that the value probably has: of many alike one list is kept, which stays in the processor's cache */
function sentOf(value: object, names: readonly string[]): Sent {
  const own = Object.keys(value)
  const isAlike = own.length === names.length && own.every((name, index) => name === names[index])
  return { value, names: isAlike ? names : own, values: Object.values(value) }
}

/** What makes a value of what was sent, which is it from now on; `null`: nothing changed. */
function changeTo(
  sent: Sent | undefined,
  value: object | undefined,
): { readonly value: object | null } | { readonly set: Readonly<Record<string, unknown>> } | null {
  // Who joined meanwhile may have it, though it was never sent.
  if (value === undefined) return { value: null }
  if (sent === undefined) return { value }
  const { names, values } = sent
  const [old, young] = [sent.value, value] as [Fields, Fields]
  let set: Record<string, unknown> | null = null
  let place = 0
  let kept = 0
  let inPlace = 0
  for (const key in young) {
    // Views of one kind have their fields in one order, nearly always.
    const isInPlace = names[place] === key
    const was = isInPlace ? values[place] : old[key]
    const is = young[key]
    if (isInPlace) {
      values[place] = is
      inPlace += 1
    }
    place += 1
    if (isInPlace || was !== undefined || key in old) kept += 1
    if (was === is || isSame(was, is)) continue
    set ??= {}
    set[key] = is
  }
  sent.value = value
  if (inPlace < place || place < names.length) Object.assign(sent, sentOf(value, names))
  // A field that is gone cannot be set.
  if (kept < names.length) return { value }
  return set === null ? null : { set }
}

/** Where a robot is, if nothing else of it changed but when it was heard. */
function motionOf(before: RobotView, change: NonNullable<ReturnType<typeof changeTo>>): RobotMotion | null {
  if (!('set' in change)) return null
  for (const key in change.set) if (key !== 'position' && key !== 'updatedAt') return null
  const { position, updatedAt } = change.set as Partial<RobotView>
  if (typeof updatedAt !== 'string') return null
  const now = position === undefined ? before.position : position
  if (now === null || before.position === null) return null
  const { levelId, isLocalized } = before.position
  if (now.levelId !== levelId || now.isLocalized !== isLocalized) return null
  const row = { number: before.feedNumber, x: now.x, y: now.y, theta: now.theta }
  return isEncodable(row) ? row : null
}
