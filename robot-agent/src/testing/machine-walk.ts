import {
  initialTransition,
  transition,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyStateNode,
} from 'xstate'
import { explore, hold, type Walk } from './explore.ts'

/** What XState's `transition` returns beside the new state. */
export interface Done {
  readonly type: string
  readonly params?: unknown
}

/** "Its time has come", of a timer of a machine. */
export interface Timed {
  readonly type: `xstate.after.${string}`
}

export interface MachineState<Snapshot, Record> {
  readonly snapshot: Snapshot
  /** Timers that are set. */
  readonly timers: readonly string[]
  /** What the effects have made of the world, and what really happened. */
  readonly record: Record
}

/** One step of a walk, for the rules. */
export interface MachineStep<Snapshot, Event, Effect, Record> {
  readonly before: MachineState<Snapshot, Record>
  readonly event: Event | Timed
  readonly effects: readonly Effect[]
  readonly after: MachineState<Snapshot, Record>
}

/** A machine, or one that stands in for it and is wrong in something. */
export type Move<Snapshot, Event, Effect> = (
  snapshot: Snapshot,
  event: Event | Timed,
) => { readonly snapshot: Snapshot; readonly effects: readonly Effect[]; readonly timersOf: readonly Done[] }

export interface MachineWalk<
  Snapshot extends AnyMachineSnapshot,
  Event,
  Effect,
  Record,
  Rule extends string,
> {
  readonly machine: AnyStateMachine
  readonly input: unknown
  /** Every kind of event, with every value that the machine tells apart. */
  readonly events: readonly Event[]
  readonly begin: Record
  /** The record after an event and what the machine asked for because of it, in order. */
  readonly carryOut: (
    record: Record,
    step: {
      readonly before: Snapshot
      readonly event: Event | Timed
      readonly effects: readonly Effect[]
      readonly after: Snapshot
    },
  ) => Record
  readonly rules: { readonly [Name in Rule]: string }
  /** Which rules do not hold after a step. */
  readonly broken: (step: MachineStep<Snapshot, Event, Effect, Record>) => readonly Rule[]
  /** What of the context counts for a state to be another one. */
  readonly contextOf: (context: Snapshot['context']) => unknown
}

/** All that a machine of XState can come to, by its pure `transition`, time abstracted. */
export function machineWalk<
  Snapshot extends AnyMachineSnapshot,
  Event extends { readonly type: string },
  Effect extends { readonly type: string },
  Record,
  Rule extends string,
>(about: MachineWalk<Snapshot, Event, Effect, Record, Rule>) {
  type State = MachineState<Snapshot, Record>
  const { machine, rules } = about
  const real: Move<Snapshot, Event, Effect> = (snapshot, event) => {
    const [after, actions] = transition(machine, snapshot, event)
    return {
      snapshot: after as unknown as Snapshot,
      effects: effectsOf<Effect>(actions),
      timersOf: actions,
    }
  }
  const timed = timersOf(machine.events)
  const seen = { paths: new Set<string>(), ends: new Set<string>() }

  function walked(move: Move<Snapshot, Event, Effect> = real, only: Rule | null = null): Walk<State> {
    const [snapshot, actions] = initialTransition(machine, about.input)
    return explore<State, Event | Timed>({
      start: {
        snapshot: snapshot as unknown as Snapshot,
        timers: timersAfter([], actions),
        record: about.begin,
      },
      events: [...about.events, ...timed],
      step: (before, event) => {
        if (before.snapshot.status === 'done') return null
        if (event.type.startsWith('xstate.after.') && !before.timers.includes(event.type)) return null
        const { snapshot: after, effects, timersOf } = move(before.snapshot, event)
        const record = about.carryOut(before.record, { before: before.snapshot, event, effects, after })
        const state: State = { snapshot: after, timers: timersAfter(before.timers, timersOf), record }
        const broken = about.broken({ before, event, effects, after: state })
        for (const rule of broken) if (only === null || only === rule) hold(rules[rule], false)
        seen.paths.add(pathOf(after.value))
        const { end } = after.context as { readonly end?: string | null }
        if (typeof end === 'string') seen.ends.add(end)
        return state
      },
      keyOf: ({ snapshot: { value, status, context }, timers, record }) =>
        JSON.stringify([pathOf(value), status, about.contextOf(context), timers.toSorted(), record]),
      nameOf: (event) => JSON.stringify(event),
    })
  }
  return {
    real,
    walked,
    /** States in which it rested, and ends that it came to, in all walks until now. */
    seen,
    leaves: leavesOf(machine.root),
  }
}

/** The timers among a machine's events. */
export function timersOf(events: readonly string[]): Timed[] {
  return events
    .filter((type): type is Timed['type'] => type.startsWith('xstate.after.'))
    .map((type) => ({ type }))
}

export function effectsOf<Effect>(actions: readonly Done[]): Effect[] {
  return actions.flatMap(({ type, params }) =>
    type === 'xstate.emit' ? [(params as { readonly event: Effect }).event] : [],
  )
}

/** Timers that are set, after these actions. */
export function timersAfter(before: readonly string[], actions: readonly Done[]): string[] {
  const timers = new Set(before)
  for (const { type, params } of actions) {
    if (type === 'xstate.cancel') timers.delete((params as { readonly sendId: string }).sendId)
    if (type === 'xstate.raise') timers.add((params as { readonly id: string }).id)
  }
  return [...timers]
}

export function pathOf(value: unknown): string {
  return typeof value === 'string'
    ? value
    : Object.entries(value as object)
        .map(([name, inner]) => `${name}.${pathOf(inner)}`)
        .join()
}

export function leavesOf({ path, states }: AnyStateNode): string[] {
  const inner = Object.values(states)
  return inner.length === 0 ? [path.join('.')] : inner.flatMap(leavesOf)
}
