/** A rule that a walk found broken, with the events that lead there. */
export interface Counterexample {
  readonly broken: string
  /** Names of the events since the start; by breadth first there is no shorter one. */
  readonly trace: readonly string[]
}

export interface Walk<State> {
  /** Different by `keyOf`, the start included. */
  readonly states: number
  /** Events tried in a state, those that change nothing included. */
  readonly transitions: number
  /** Events from the start to the farthest state. */
  readonly depth: number
  readonly counterexample: Counterexample | null
  /** Whether the walk came by a state with this key. */
  readonly knows: (state: State) => boolean
}

/**
 * Walks every state that real code can come to, breadth first, and tries every event in each.
 *
 * @param keyOf equal keys are one state: only the first that is met is walked on from
 * @param step `null` where the event cannot happen. It throws `BrokenRule` where a rule does not hold.
 */
export function explore<State, Event>(options: {
  readonly start: State
  readonly events: readonly Event[]
  readonly step: (state: State, event: Event) => State | null
  readonly keyOf: (state: State) => string | number
  readonly nameOf: (event: Event) => string
}): Walk<State> {
  const { start, events, step, keyOf, nameOf } = options
  const states: State[] = [start]
  const cameFrom: { readonly index: number; readonly event: Event }[] = []
  const depths = [0]
  const known = new Set([keyOf(start)])
  const traceTo = (index: number): string[] => {
    const names: string[] = []
    for (let at = index; at > 0; at = cameFrom[at]!.index) names.push(nameOf(cameFrom[at]!.event))
    return names.toReversed()
  }
  cameFrom.push({ index: -1, event: events[0]! })
  let transitions = 0
  const walk = (counterexample: Counterexample | null): Walk<State> => ({
    states: states.length,
    transitions,
    depth: depths.at(-1)!,
    counterexample,
    knows: (state) => known.has(keyOf(state)),
  })
  for (let index = 0; index < states.length; index += 1) {
    for (const event of events) {
      let after: State | null
      try {
        after = step(states[index]!, event)
      } catch (error) {
        if (!(error instanceof BrokenRule)) throw error
        return walk({ broken: error.message, trace: [...traceTo(index), nameOf(event)] })
      }
      if (after === null) continue
      transitions += 1
      const key = keyOf(after)
      if (known.has(key)) continue
      known.add(key)
      states.push(after)
      cameFrom.push({ index, event })
      depths.push(depths[index]! + 1)
    }
  }
  return walk(null)
}

/** A walk's end in one line: who was walked, which rule was broken, and by which way. */
export function endOf(name: string, counterexample: Counterexample | null): string {
  return `${name}: ${counterexample?.broken ?? 'nothing'}: ${counterexample?.trace.join(' → ') ?? ''}`
}

/** Thrown by a step in which one of the rules that it is held against does not hold. */
export class BrokenRule extends Error {}

/** @throws BrokenRule when the rule does not hold. */
export function hold(rule: string, isHeld: boolean): void {
  if (!isHeld) throw new BrokenRule(rule)
}

/** In the words of a test's output. */
export function summaryOf(name: string, { states, transitions, depth }: Walk<never> | Walk<unknown>): string {
  return `${name}: ${states} states, ${transitions} transitions, farthest ${depth} events from the start`
}

/**
 * The same walk over real parts that keep their state to themselves: a state is come to by doing again, from a new
 * start, all that led there. An event that does not change the key is not taken back: the next one is tried from
 * where it left.
 *
 * @param act `false` where the event cannot happen, and nothing was done. It throws `BrokenRule` where a rule does
 *   not hold.
 * @throws Error when the same events do not lead to the same state: then the parts are not deterministic.
 */
export function exploreByReplay<System, Event>(options: {
  readonly create: () => System
  readonly dispose: (system: System) => void
  readonly events: readonly Event[]
  readonly act: (system: System, event: Event) => boolean
  readonly keyOf: (system: System) => string
  readonly nameOf: (event: Event) => string
}): Walk<System> & { readonly keys: ReadonlySet<string> } {
  const { create, dispose, events, act, keyOf, nameOf } = options
  /** Key and the events that lead there. */
  const states: { readonly key: string; readonly path: readonly Event[] }[] = []
  const known = new Set<string>()
  let transitions = 0
  const walk = (counterexample: Counterexample | null) => ({
    states: states.length,
    transitions,
    depth: Math.max(0, ...states.map(({ path }) => path.length)),
    counterexample,
    knows: (system: System) => known.has(keyOf(system)),
    keys: known,
  })
  const replayed = (path: readonly Event[]): System => {
    const system = create()
    for (const event of path) act(system, event)
    return system
  }
  const meet = (key: string, path: readonly Event[]) => {
    known.add(key)
    states.push({ key, path })
  }
  const first = create()
  meet(keyOf(first), [])
  dispose(first)
  for (let index = 0; index < states.length; index += 1) {
    const { key, path } = states[index]!
    let system: System | null = null
    /** All that was done since the start, what changed nothing included. */
    let done: Event[] = []
    for (const event of events) {
      if (system === null) {
        system = replayed(path)
        done = [...path]
        if (keyOf(system) !== key) {
          throw new Error(`not the same again: ${path.map(nameOf).join(' → ')}: ${key} and ${keyOf(system)}`)
        }
      }
      let hasHappened: boolean
      try {
        hasHappened = act(system, event)
      } catch (error) {
        if (!(error instanceof BrokenRule)) throw error
        return walk({ broken: error.message, trace: [...done, event].map(nameOf) })
      }
      if (!hasHappened) continue
      transitions += 1
      done.push(event)
      const after = keyOf(system)
      if (after === key) continue
      if (!known.has(after)) {
        // The short way where it leads to the same, else the way that was really gone.
        const short = [...path, event]
        const again = short.length === done.length ? null : replayed(short)
        meet(after, again === null || keyOf(again) === after ? short : done)
        if (again !== null) dispose(again)
      }
      dispose(system)
      system = null
    }
    if (system !== null) dispose(system)
  }
  return walk(null)
}
