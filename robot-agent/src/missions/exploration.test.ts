import { describe, expect, it } from 'vitest'
import { initialTransition, transition, type SnapshotFrom } from 'xstate'
import { endOf, explore, hold, summaryOf } from '../testing/explore.ts'
import {
  effectsOf,
  leavesOf,
  pathOf,
  timersAfter,
  timersOf,
  type Done,
  type Timed,
} from '../testing/machine-walk.ts'
import { uvMission, type UvMissionEffect, type UvMissionEvent } from './uv-mission.ts'

/*
 * Every state × every event of the machine of a UV mission, over the real one by XState's pure `transition`. A timer of the
 * machine is an event, "its time has come", possible from when the machine sets it until it clears it. Beside the
 * machine goes a record of what its effects ask for (light, drives); the rules speak of that record.
 *
 * The abstraction: a dwell is none, part or all; of the stops that are behind only whether one was lit; plans have up to
 * two stops, top-ups one. What the machine does depends on nothing else of them. Events come in any order, sensible or not.
 */

describe('a UV mission, in every state and for every event', () => {
  const stop = (x: number) => ({ x, y: 1, theta: 0, dwellS: 2 })
  type Event = UvMissionEvent | Timed
  const EVENTS: readonly Event[] = [
    { type: 'recalled', stops: [], stopIndex: 0, topUpRounds: 0, isUnderWay: false },
    {
      type: 'recalled',
      stops: [{ x: 1, y: 1, theta: 0, plannedDwellS: 2, deliveredDwellS: 1 }],
      stopIndex: 0,
      topUpRounds: 1,
      isUnderWay: true,
    },
    { type: 'placed' },
    { type: 'arrived' },
    { type: 'travelFailed' },
    { type: 'surveyed', stops: [] },
    { type: 'surveyed', stops: [stop(1)] },
    { type: 'surveyed', stops: [stop(1), stop(2)] },
    { type: 'surveyFailed' },
    { type: 'roomChanged' },
    { type: 'armed' },
    { type: 'tripped' },
    { type: 'driveEnded', end: 'arrived' },
    { type: 'driveEnded', end: 'failed' },
    { type: 'driveEnded', end: 'canceled' },
    { type: 'settled' },
    { type: 'lit', seconds: 1 },
    { type: 'lit', seconds: 2 },
    { type: 'verified', topUpStops: [] },
    { type: 'verified', topUpStops: [stop(3)] },
    { type: 'canceled' },
    ...timersOf(uvMission.events),
  ]
  const nameOf = (event: Event): string => {
    switch (event.type) {
      case 'surveyed':
        return `surveyed ${event.stops.length} stops`
      case 'driveEnded':
        return `drive ${event.end}`
      case 'recalled':
        return `recalled with ${event.stops.length} stops`
      case 'lit':
        return `lit ${event.seconds} s`
      case 'verified':
        return `verified, ${event.topUpStops.length} stops more`
      default:
        return event.type
    }
  }

  type Snapshot = SnapshotFrom<typeof uvMission>
  interface Both {
    readonly snapshot: Snapshot
    readonly timers: readonly string[]
    /** What the effects ask for, and what really happened. */
    readonly isLightWanted: boolean
    readonly isDriving: boolean
    /** It stands at a stop and knows how the room looks from there. */
    readonly isSettled: boolean
    readonly isWaitingForArming: boolean
    /** Somebody armed for this wait, and nothing tripped since. */
    readonly isArmed: boolean
    readonly isExitDelayOver: boolean
    readonly isDoseCompared: boolean
    /** Whether the comparison that was asked for last may answer with more stops. */
    readonly mayTopUp: boolean
  }
  const RULES = {
    armed: 'light is wanted only while armed, since the last wait for it, with nothing tripped since',
    exitDelay: 'light is wanted only after the exit delay',
    stands: 'light is wanted only while the robot stands, settled, at a stop',
    drives: 'it drives inside the room only while armed',
    darkAtOnce: 'whatever trips or cancels ends light and drive in the same step',
    over: 'what is finished wants neither light nor a drive',
    completed: 'it is completed only when its dose was compared, or nobody could compare it in time',
    counted: 'seconds of light count once, only while light is wanted, and are never lost',
    bounded: 'a stop is tried at most twice, and topped up at most three times',
    surveyed: 'a new survey needs a new arming',
  } as const
  type Rule = keyof typeof RULES

  const delivered = ({ context }: Snapshot) =>
    context.stops.reduce((sum, { deliveredDwellS }) => sum + deliveredDwellS, 0)
  type Machine = typeof uvMission
  type Move = (snapshot: Snapshot, event: Event) => readonly [Snapshot, readonly Done[]]
  const real: Move = (snapshot, event) => transition(uvMission, snapshot, event as UvMissionEvent)

  const stepOf =
    (move: Move, only: Rule | null) =>
    (before: Both, event: Event): Both | null => {
      // An actor that is done takes no event.
      if (before.snapshot.status === 'done') return null
      if (event.type === 'verified' && event.topUpStops.length > 0 && !before.mayTopUp) return null
      if (event.type.startsWith('xstate.after.') && !before.timers.includes(event.type)) return null
      const check = (rule: Rule, isHeld: boolean) => {
        if (only === null || only === rule) hold(RULES[rule], isHeld)
      }
      const [snapshot, actions] = move(before.snapshot, event)
      let {
        isLightWanted,
        isDriving,
        isSettled,
        isWaitingForArming,
        isArmed,
        isExitDelayOver,
        isDoseCompared,
        mayTopUp,
      } = before
      if (event.type === 'armed' && isWaitingForArming) {
        isArmed = true
        isWaitingForArming = false
        isExitDelayOver = false
      }
      if (event.type === 'tripped') isArmed = false
      if (event.type.startsWith('xstate.after.exitDelay')) isExitDelayOver = true
      if (event.type === 'driveEnded') isDriving = false
      if (event.type === 'settled') isSettled = true
      if (event.type === 'verified' || event.type.startsWith('xstate.after.planTimeout')) {
        isDoseCompared = before.snapshot.matches({ verifying: 'comparing' })
      }
      const effects = effectsOf<UvMissionEffect>(actions)
      for (const effect of effects) {
        switch (effect.type) {
          case 'lamp':
            isLightWanted = effect.isWanted
            break
          case 'driveTo':
            isDriving = true
            isSettled = false
            break
          case 'cancelDrive':
            isDriving = false
            break
          case 'settle':
            isSettled = false
            break
          case 'waitForArming':
            isWaitingForArming = true
            isArmed = false
            break
          case 'survey':
          case 'locate':
            isWaitingForArming = false
            isArmed = false
            break
          case 'verify':
            isDoseCompared = false
            mayTopUp = effect.mayTopUp
            break
        }
        // Held at each effect: what is asked for on the way through counts too.
        if (isLightWanted) {
          check('armed', isArmed)
          check('exitDelay', isExitDelayOver)
          check('stands', !isDriving && isSettled)
        }
        if (effect.type === 'driveTo') check('drives', isArmed)
      }
      if (event.type === 'tripped' || event.type === 'canceled')
        check('darkAtOnce', !isLightWanted && !isDriving)
      if (snapshot.status === 'done') check('over', !isLightWanted && !isDriving)
      if (snapshot.context.end === 'completed') check('completed', isDoseCompared)
      const counts = event.type === 'lit' && before.isLightWanted ? event.seconds : 0
      // What is recalled is what the journal has; it stands for what was delivered before.
      const isRecalled = event.type === 'recalled' && snapshot.matches('locating')
      check('counted', isRecalled || delivered(snapshot) === delivered(before.snapshot) + counts)
      check('bounded', snapshot.context.driveTries <= 2 && snapshot.context.topUpRounds <= 3)
      if (snapshot.matches('surveying')) check('surveyed', !snapshot.context.isArmed && !isArmed)
      return {
        snapshot,
        timers: timersAfter(before.timers, actions),
        isLightWanted,
        isDriving,
        isSettled,
        isWaitingForArming,
        isArmed,
        isExitDelayOver,
        isDoseCompared,
        mayTopUp,
      }
    }

  function keyOf({ snapshot, timers, ...record }: Both): string {
    const { stops, stopIndex, driveTries, topUpRounds, isArmed, isUnderWay, end } = snapshot.context
    const dwell = ({ plannedDwellS, deliveredDwellS }: (typeof stops)[number]) =>
      deliveredDwellS === 0 ? 'none' : deliveredDwellS < plannedDwellS ? 'part' : 'all'
    const isAnyLit = stops.some(({ deliveredDwellS }) => deliveredDwellS > 0)
    const ahead = stops.slice(stopIndex).map(dwell)
    return JSON.stringify([
      pathOf(snapshot.value),
      ahead,
      isAnyLit,
      [driveTries, topUpRounds, isArmed, isUnderWay, end],
      timers.toSorted(),
      Object.values(record),
    ])
  }

  function walked(move: Move = real, only: Rule | null = null, machine = uvMission) {
    const [snapshot, actions] = initialTransition(machine, {
      rearmTimeoutMs: 1000,
      armingTimeoutMs: 1000,
      exitDelayMs: 1000,
    })
    return explore<Both, Event>({
      start: {
        snapshot,
        timers: timersAfter([], actions),
        isLightWanted: false,
        isDriving: false,
        isSettled: false,
        isWaitingForArming: false,
        isArmed: false,
        isExitDelayOver: false,
        isDoseCompared: false,
        mayTopUp: false,
      },
      events: EVENTS,
      step: stepOf(move, only),
      keyOf,
      nameOf,
    })
  }

  it('keeps every rule', () => {
    const ends = new Set<string>()
    const paths = new Set<string>()
    const walk = walked((snapshot, event) => {
      const result = real(snapshot, event)
      paths.add(pathOf(result[0].value))
      if (result[0].context.end !== null) ends.add(result[0].context.end)
      return result
    })
    console.log(summaryOf('UV mission', walk))
    expect(walk.counterexample).toBeNull()
    // All that there is was walked: each leaf of the machine where it can rest, and each end.
    const leaves = leavesOf(uvMission.root).filter((path) => path !== 'dosing.choosing')
    expect([...paths].toSorted()).toEqual(leaves.toSorted())
    expect([...ends].toSorted()).toEqual(
      [
        'armingTimedOut',
        'canceled',
        'completed',
        'rearmingTimedOut',
        'surveyFailed',
        'travelFailed',
      ].toSorted(),
    )
  })

  const without = (actions: readonly Done[], ...types: UvMissionEffect['type'][]): Done[] =>
    actions.filter((action) => !effectsOf<UvMissionEffect>([action]).some(({ type }) => types.includes(type)))
  /** Both, one after the other, in one step. */
  const twice = (snapshot: Snapshot, first: Event, second: Event): ReturnType<Move> => {
    const [between, before] = real(snapshot, first)
    const [after, then] = real(between, second)
    return [after, [...before, ...then]]
  }
  const tireless = uvMission.provide({ guards: { mayTryAgain: () => true } })
  const BROKEN: readonly (readonly [Rule, string, Move, machine?: Machine])[] = [
    [
      'armed',
      'does not hear that it was tripped',
      (snapshot, event) => (event.type === 'tripped' ? [snapshot, []] : real(snapshot, event)),
    ],
    [
      'exitDelay',
      'waits for nobody to leave',
      (snapshot, event) =>
        event.type === 'armed' && (snapshot.matches('awaitingArming') || snapshot.matches('interrupted'))
          ? twice(snapshot, event, { type: 'xstate.after.exitDelay.uvMission.exitDelay' })
          : real(snapshot, event),
    ],
    [
      'stands',
      'lights when it arrives, before it has looked around',
      (snapshot, event) =>
        event.type === 'driveEnded' && event.end === 'arrived' && snapshot.matches({ dosing: 'driving' })
          ? twice(snapshot, event, { type: 'settled' })
          : real(snapshot, event),
    ],
    [
      'drives',
      'takes a change in the room for an arming',
      (snapshot, event) =>
        real(
          snapshot,
          event.type === 'roomChanged' && snapshot.matches('interrupted') ? { type: 'armed' } : event,
        ),
    ],
    [
      'darkAtOnce',
      'leaves the lamp to itself when it is tripped',
      (snapshot, event) => {
        const [after, actions] = real(snapshot, event)
        return [after, event.type === 'tripped' ? without(actions, 'lamp') : actions]
      },
    ],
    [
      'over',
      'drives on when it is over',
      (snapshot, event) => {
        const [after, actions] = real(snapshot, event)
        return [after, after.status === 'done' ? without(actions, 'cancelDrive') : actions]
      },
    ],
    [
      'completed',
      'does not compare what it gave',
      (snapshot, event) =>
        event.type.startsWith('xstate.after.verifyDelay')
          ? twice(snapshot, event, { type: 'verified', topUpStops: [] })
          : real(snapshot, event),
    ],
    [
      'counted',
      'counts every second twice',
      (snapshot, event) =>
        real(snapshot, event.type === 'lit' ? { type: 'lit', seconds: 2 * event.seconds } : event),
    ],
    [
      'bounded',
      'never gives up a stop',
      (snapshot, event) => transition(tireless, snapshot, event as UvMissionEvent),
      tireless,
    ],
    [
      'surveyed',
      'surveys a room that is armed',
      (snapshot, event) => {
        if (event.type !== 'roomChanged' || !snapshot.matches('dosing')) return real(snapshot, event)
        const [after, actions] = twice(snapshot, { type: 'tripped' }, event)
        return [after, without(actions, 'waitForArming', 'survey')]
      },
    ],
  ]
  for (const [rule, name, move, machine] of BROKEN) {
    it(`${rule}: a mission that ${name} is found out`, () => {
      const { counterexample } = walked(move, rule, machine)
      console.log(endOf(`a mission that ${name}`, counterexample))
      expect(counterexample?.broken).toBe(RULES[rule])
    })
  }
  it('has no rule that cannot fail', () => {
    expect([...new Set(BROKEN.map(([rule]) => rule))].toSorted()).toEqual(Object.keys(RULES).toSorted())
  })
})
