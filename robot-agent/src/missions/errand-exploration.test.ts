import { DecontaminationEndSchema, DockEndSchema, VisitEndSchema } from '@wardlight/core/fleet'
import { describe, expect, it } from 'vitest'
import type { SnapshotFrom } from 'xstate'
import { endOf, summaryOf } from '../testing/explore.ts'
import { machineWalk, type Move, type Timed } from '../testing/machine-walk.ts'
import { decontamination, type DecontaminationEvent } from './decontamination.ts'
import { dockMission, MAX_DOCK_TRIES, type DockMissionEffect, type DockMissionEvent } from './dock-mission.ts'
import type { ErrandEvent } from './errand.ts'
import { visit, type VisitEffect, type VisitEvent } from './visit.ts'

/*
 * Every state × every event of the errands' machines, sensible or not, with time as an event. Beside each machine goes
 * a record of what its effects ask for and of what really happened; the rules speak of that record. A machine that is
 * wrong in one thing has to be found out by the rule that is against it.
 */

const COMMON: readonly ErrandEvent[] = [
  { type: 'recalled' },
  { type: 'arrived' },
  { type: 'travelFailed' },
  { type: 'held' },
  { type: 'released' },
  { type: 'canceled' },
]

const isTime = (event: { readonly type: string }, of: string) => event.type.startsWith(`xstate.after.${of}.`)

describe('docking, in every state and for every event', () => {
  type Snapshot = SnapshotFrom<typeof dockMission>
  type Event = DockMissionEvent
  type DockMove = Move<Snapshot, Event, DockMissionEffect>
  interface World {
    readonly isMoving: boolean
    /** It was restarted, or held, and nobody has released it since. */
    readonly mustRest: boolean
    /** Approaches since a person last let it go on. */
    readonly tries: number
    readonly isCharging: boolean
    readonly fraction: number | null
  }
  const failed = (problem: 'dockNotFound' | 'outOfReach' | 'doesNotCharge' | 'noDockingServer'): Event => ({
    type: 'dockingEnded',
    end: { end: 'failed', problem, detail: '' },
  })
  const EVENTS: readonly Event[] = [
    ...COMMON,
    { type: 'dockingEnded', end: { end: 'docked' } },
    { type: 'dockingEnded', end: { end: 'canceled' } },
    failed('dockNotFound'),
    failed('outOfReach'),
    failed('doesNotCharge'),
    failed('noDockingServer'),
    { type: 'undockingEnded', end: 'arrived' },
    { type: 'undockingEnded', end: 'canceled' },
    { type: 'undockingEnded', end: 'failed' },
    ...[0.4, 0.5, 0.95, NaN].flatMap((fraction): Event[] => [
      { type: 'battery', fraction, isCharging: true },
      { type: 'battery', fraction, isCharging: false },
    ]),
  ]
  const { real, walked, seen, leaves } = machineWalk<
    Snapshot,
    Event,
    DockMissionEffect,
    World,
    'rests' | 'stands' | 'bounded' | 'charged' | 'ends' | 'over'
  >({
    machine: dockMission,
    input: { untilFraction: 0.9 },
    events: EVENTS,
    begin: { isMoving: false, mustRest: false, tries: 0, isCharging: false, fraction: null },
    carryOut: (record, { before, event, effects }) => {
      let { isMoving, mustRest, tries, isCharging, fraction } = record
      if (event.type === 'recalled' && before.matches('traveling')) mustRest = true
      if (event.type === 'held') mustRest = true
      if (event.type === 'released') {
        mustRest = false
        tries = 0
      }
      if (event.type === 'arrived' && before.matches('traveling')) mustRest = false
      if (event.type === 'battery') ({ isCharging, fraction } = event)
      if (event.type === 'dockingEnded' || event.type === 'undockingEnded') isMoving = false
      // A charging robot that loses its contact has docked well: what comes is another visit to the dock.
      for (const { type } of effects) {
        isMoving = type !== 'cancelDocking'
        if (type === 'dock') tries = Math.min(tries + 1, MAX_DOCK_TRIES + 1)
      }
      return { isMoving, mustRest, tries, isCharging, fraction }
    },
    rules: {
      rests: 'after a restart, a stop or a pause it moves only when somebody lets it go on',
      stands: 'what stops or cancels leaves it standing in the same step',
      bounded: 'a dock is tried twice at most before somebody is told, and not without end',
      charged: 'it is charged only when current flows and the level is reached',
      ends: 'at its place it never waits without end',
      over: 'what is over does not move',
    },
    broken: ({ event, effects, after: { snapshot, timers, record } }) => {
      const { context, status } = snapshot
      const isDocking = effects.some(({ type }) => type === 'dock' || type === 'undock')
      const isStop = event.type === 'held' || event.type === 'canceled'
      return [
        ...(record.mustRest && isDocking ? (['rests'] as const) : []),
        ...(isStop && record.isMoving ? (['stands'] as const) : []),
        ...(record.tries > MAX_DOCK_TRIES ? (['bounded'] as const) : []),
        ...(context.end === 'charged' && !(record.isCharging && (record.fraction ?? 0) >= 0.9)
          ? (['charged'] as const)
          : []),
        ...(!snapshot.matches('traveling') && status === 'active' && timers.length === 0
          ? (['ends'] as const)
          : []),
        ...(status === 'done' && record.isMoving ? (['over'] as const) : []),
      ]
    },
    contextOf: ({ tries, ...context }) => ({ ...context, tries: Math.min(tries, MAX_DOCK_TRIES + 1) }),
  })

  it('keeps every rule', () => {
    const walk = walked()
    console.log(summaryOf('docking', walk))
    expect(endOf('docking', walk.counterexample)).toBe(endOf('docking', null))
    expect([...seen.paths].toSorted()).toEqual(leaves.toSorted())
    expect([...seen.ends].toSorted()).toEqual([...DockEndSchema.enum].toSorted())
  })

  const without =
    (type: DockMissionEffect['type']): DockMove =>
    (snapshot, event) => {
      const step = real(snapshot, event)
      return { ...step, effects: step.effects.filter((effect) => effect.type !== type) }
    }
  it.each<['rests' | 'stands' | 'bounded' | 'charged' | 'ends' | 'over', string, DockMove]>([
    [
      'rests',
      'docks when it is restarted',
      (snapshot, event) => real(snapshot, event.type === 'recalled' ? { type: 'arrived' } : event),
    ],
    ['stands', 'lets the docking server go on when it is stopped', without('cancelDocking')],
    [
      'bounded',
      'tries without end',
      (snapshot, event) => real({ ...snapshot, context: { ...snapshot.context, tries: 0 } }, event),
    ],
    [
      'charged',
      'takes a battery for charged that is not charging',
      (snapshot, event) => real(snapshot, event.type === 'battery' ? { ...event, isCharging: true } : event),
    ],
    ['ends', 'sets no time', (snapshot, event) => ({ ...real(snapshot, event), timersOf: [] })],
    ['over', 'docks on when it is cancelled', without('cancelDocking')],
  ])('%s: one that %s is found out', (rule, name, move) => {
    const { counterexample } = walked(move, rule)
    console.log(endOf(name, counterexample))
    expect(counterexample).not.toBeNull()
  })
})

describe('decontamination, in every state and for every event', () => {
  type Snapshot = SnapshotFrom<typeof decontamination>
  type Event = DecontaminationEvent
  type DecontaminationMove = Move<Snapshot, Event, never>
  type Rule = 'done' | 'whole' | 'early' | 'ends'
  interface World {
    /** It stands in the station, and has since the time there began. */
    readonly isUnbroken: boolean
  }
  const EVENTS: readonly Event[] = [
    ...COMMON,
    { type: 'confirmed', by: 'nurse', items: ['all'] },
    { type: 'moved' },
  ]
  const walkOf = (method: 'wipe' | 'uvStation') =>
    machineWalk<Snapshot, Event, never, World, Rule>({
      machine: decontamination,
      input: { method, stationMs: 60_000 },
      events: EVENTS,
      begin: { isUnbroken: false },
      carryOut: ({ isUnbroken }, { before, event, after }) => {
        if (['held', 'moved', 'canceled'].includes(event.type)) return { isUnbroken: false }
        return { isUnbroken: !before.matches('standing') && after.matches('standing') ? true : isUnbroken }
      },
      rules: {
        done: 'a wiped robot is clean only by a confirmation with a name, while it waits for one',
        whole: 'a robot in a station is clean only after the whole time, unbroken',
        early: 'whatever ends it early leaves it contaminated',
        ends: 'at its place it never waits without end',
      },
      broken: ({ before, event, after: { snapshot, timers } }) => {
        const { context, status } = snapshot
        const isNewlyDone = context.isDone && !before.snapshot.context.isDone
        const isWipedDone =
          before.snapshot.matches('wiping') && event.type === 'confirmed' && context.by !== null
        const isStationDone = isTime(event, 'stationTime') && before.record.isUnbroken
        return [
          ...(isNewlyDone && method === 'wipe' && !isWipedDone ? (['done'] as const) : []),
          ...(isNewlyDone && method === 'uvStation' && !isStationDone ? (['whole'] as const) : []),
          ...((context.end === 'decontaminated') !== context.isDone ||
          (event.type === 'canceled' && context.isDone)
            ? (['early'] as const)
            : []),
          ...(!snapshot.matches('traveling') && status === 'active' && timers.length === 0
            ? (['ends'] as const)
            : []),
        ]
      },
      contextOf: (context) => context,
    })
  const wipe = walkOf('wipe')
  const station = walkOf('uvStation')

  it('keeps every rule', () => {
    for (const [name, { walked }] of [
      ['decontamination by wiping', wipe],
      ['decontamination in a station', station],
    ] as const) {
      const walk = walked()
      console.log(summaryOf(name, walk))
      expect(endOf(name, walk.counterexample)).toBe(endOf(name, null))
    }
    const both = <Value>(of: (one: typeof wipe) => ReadonlySet<Value>) => [
      ...new Set([...of(wipe), ...of(station)]),
    ]
    expect(both(({ seen }) => seen.paths).toSorted()).toEqual(wipe.leaves.toSorted())
    expect(both(({ seen }) => seen.ends).toSorted()).toEqual([...DecontaminationEndSchema.enum].toSorted())
  })

  it.each<[Rule, string, typeof wipe, DecontaminationMove]>([
    [
      'done',
      'takes an hour without a confirmation for one',
      wipe,
      (snapshot, event) =>
        wipe.real(
          snapshot,
          isTime(event, 'wipeTimeout') ? { type: 'confirmed', by: 'nobody', items: [] } : event,
        ),
    ],
    [
      'whole',
      'does not hear that it was stopped',
      station,
      (snapshot, event) =>
        event.type === 'held' ? { snapshot, effects: [], timersOf: [] } : station.real(snapshot, event),
    ],
    [
      'early',
      'is clean when it is cancelled',
      station,
      (snapshot, event) => {
        const step = station.real(snapshot, event)
        const context = { ...step.snapshot.context, isDone: true }
        return event.type === 'canceled' ? { ...step, snapshot: { ...step.snapshot, context } } : step
      },
    ],
    [
      'ends',
      'sets no time',
      station,
      (snapshot, event) => ({ ...station.real(snapshot, event), timersOf: [] }),
    ],
  ])('%s: one that %s is found out', (rule, name, { walked }, move) => {
    const { counterexample } = walked(move, rule)
    console.log(endOf(name, counterexample))
    expect(counterexample).not.toBeNull()
  })
})

describe('a visit, in every state and for every event', () => {
  type Snapshot = SnapshotFrom<typeof visit>
  type Event = VisitEvent
  type VisitMove = Move<Snapshot, Event, VisitEffect>
  type Rule = 'consent' | 'oneDriver' | 'standing' | 'stops' | 'restart' | 'ends' | 'over'
  interface World {
    readonly hasConsent: boolean
    /** Whose commands the gate takes; `null`: it is shut. */
    readonly openFor: string | null
    /** The gate was shut, and nobody has seen the wheels stand since. */
    readonly mayRoll: boolean
    readonly isHalted: boolean
  }
  const EVENTS: readonly Event[] = [
    ...COMMON,
    { type: 'answered', isConsent: true },
    { type: 'answered', isConsent: false },
    { type: 'handedOver', sessionId: 's-1', driver: 'one' },
    { type: 'handedOver', sessionId: 's-2', driver: 'two' },
    { type: 'takenBack' },
    { type: 'stood' },
    { type: 'ended' },
  ]
  const { real, walked, seen, leaves } = machineWalk<Snapshot, Event, VisitEffect, World, Rule>({
    machine: visit,
    input: undefined,
    events: EVENTS,
    begin: { hasConsent: false, openFor: null, mayRoll: false, isHalted: false },
    carryOut: (record, { before, event, effects }) => {
      let { hasConsent, openFor, mayRoll, isHalted } = record
      if (event.type === 'answered' && before.matches('announcing')) hasConsent = event.isConsent
      if (event.type === 'recalled' && before.matches('traveling')) hasConsent = false
      if (event.type === 'stood') mayRoll = false
      isHalted = false
      for (const effect of effects) {
        if (effect.type === 'openGate') openFor = effect.sessionId
        else {
          mayRoll ||= openFor !== null
          openFor = null
        }
        if (effect.type === 'haltGate') isHalted = true
      }
      return { hasConsent, openFor, mayRoll, isHalted }
    },
    rules: {
      consent: 'nobody drives without consent',
      oneDriver: 'the gate is open for the one who has the drive, and for nobody else',
      standing: 'the drive is handed over only when nobody has it and the robot was seen to stand',
      stops: 'a stop or a pause takes the drive and halts the wheels in the same step',
      restart: 'after a restart nobody has the drive, and consent is asked for anew',
      ends: 'at the bedside it never waits without end',
      over: 'what is over leaves the gate shut',
    },
    broken: ({ before, event, effects, after: { snapshot, timers, record } }) => {
      const { context, status } = snapshot
      const isOpened = effects.some(({ type }) => type === 'openGate')
      const hadDriver = before.record.openFor !== null
      return [
        ...(record.openFor !== null && !record.hasConsent ? (['consent'] as const) : []),
        ...(record.openFor !== (context.driver?.sessionId ?? null) ? (['oneDriver'] as const) : []),
        ...(isOpened && (hadDriver || before.record.mayRoll) ? (['standing'] as const) : []),
        ...(event.type === 'held' && hadDriver && !(record.isHalted && record.openFor === null)
          ? (['stops'] as const)
          : []),
        ...(event.type === 'recalled' &&
        before.snapshot.matches('traveling') &&
        !snapshot.matches('announcing')
          ? (['restart'] as const)
          : []),
        ...(!snapshot.matches('traveling') && status === 'active' && timers.length === 0
          ? (['ends'] as const)
          : []),
        ...(status === 'done' && record.openFor !== null ? (['over'] as const) : []),
      ]
    },
    contextOf: (context) => context,
  })

  it('keeps every rule', () => {
    const walk = walked()
    console.log(summaryOf('visit', walk))
    expect(endOf('visit', walk.counterexample)).toBe(endOf('visit', null))
    expect([...seen.paths].toSorted()).toEqual(leaves.toSorted())
    expect([...seen.ends].toSorted()).toEqual([...VisitEndSchema.enum].toSorted())
  })

  const instead =
    (is: (snapshot: Snapshot, event: Event | Timed) => boolean, ...events: readonly Event[]): VisitMove =>
    (snapshot, event) => {
      if (!is(snapshot, event)) return real(snapshot, event)
      const steps: ReturnType<VisitMove>[] = []
      for (const one of events) steps.push(real(steps.at(-1)?.snapshot ?? snapshot, one))
      return {
        snapshot: steps.at(-1)?.snapshot ?? snapshot,
        effects: steps.flatMap(({ effects }) => effects),
        timersOf: steps.flatMap(({ timersOf }) => timersOf),
      }
    }
  const without =
    (type: VisitEffect['type']): VisitMove =>
    (snapshot, event) => {
      const step = real(snapshot, event)
      return { ...step, effects: step.effects.filter((effect) => effect.type !== type) }
    }
  const handOver: Event = { type: 'handedOver', sessionId: 's-2', driver: 'two' }
  it.each<[Rule, string, VisitMove]>([
    [
      'consent',
      'takes a no for a yes',
      instead((_, event) => event.type === 'answered', { type: 'answered', isConsent: true }),
    ],
    ['oneDriver', 'leaves the gate open when the drive is taken back', without('closeGate')],
    [
      'standing',
      'hands over on the way',
      instead(
        (snapshot, event) => event.type === 'handedOver' && snapshot.matches({ visiting: 'driven' }),
        { type: 'takenBack' },
        { type: 'stood' },
        handOver,
      ),
    ],
    ['stops', 'does not halt when it is stopped', without('haltGate')],
    [
      'restart',
      'goes on with the visit when it is restarted',
      instead(
        (snapshot, event) => event.type === 'recalled' && snapshot.matches('traveling'),
        { type: 'arrived' },
        {
          type: 'answered',
          isConsent: true,
        },
      ),
    ],
    ['ends', 'sets no time', (snapshot, event) => ({ ...real(snapshot, event), timersOf: [] })],
    [
      'over',
      'leaves without shutting the gate',
      (snapshot, event) => {
        const step = real(snapshot, event)
        return { ...step, effects: step.effects.filter(({ type }) => type === 'openGate') }
      },
    ],
  ])('%s: one that %s is found out', (rule, name, move) => {
    const { counterexample } = walked(move, rule)
    console.log(endOf(name, counterexample))
    expect(counterexample).not.toBeNull()
  })
})
