import { InterlockKindSchema } from '@wardlight/core/fleet'
import { describe, expect, it } from 'vitest'
import { summaryOf, type Counterexample } from '../testing/explore.ts'
import { isStartOf, RULES, type Supervise } from '../testing/supervisor-rules.ts'
import { LONG_MS, sights, STEPS, walked, walkOfReal } from '../testing/supervisor-walk.ts'
import { EVENTS, nameOf, PLAIN_EVENTS, SAYINGS, SENSORS, TICK } from '../testing/supervisor-world.ts'
import { supervise } from './supervisor.ts'

/** Of the second walk: see `supervisor-walk.ts`. */
const MAX_FAULTS = Number(process.env['WARDLIGHT_EXPLORE_FAULTS'] ?? 2)

describe('the supervisor, in every state and for every event', () => {
  it('keeps every rule, whatever one sensor tells', () => {
    const walk = walkOfReal()
    console.log(summaryOf('supervisor, one fault at a time, every event', walk))
    expect(walk.counterexample).toBeNull()
  }, 300_000)

  it('keeps every rule on the way to light, whatever two sensors tell', () => {
    const walk = walked({ events: PLAIN_EVENTS, maxFaults: MAX_FAULTS })
    console.log(summaryOf(`supervisor, ${MAX_FAULTS} faults at a time, the way to light`, walk))
    expect(walk.counterexample).toBeNull()
  }, 3_600_000)

  it('comes by every step of arming, and is put out by every interlock', () => {
    // A walk that never lights would keep every rule.
    walkOfReal()
    const flags = ['lit', 'latched', 'paused', 'stopped']
    // A lamp that is lit though it was switched off was not lit by the supervisor; of a restart the mission tells. What is
    // untested is never lit: it refuses the start.
    const others = new Set<string>(['lamp.stuckOn', 'controller.restarted', 'sensor.untested'])
    const kinds = InterlockKindSchema.enum.filter((kind) => !others.has(kind))
    expect([...sights].toSorted()).toEqual([...STEPS, ...flags, ...kinds].toSorted())
  }, 300_000)
})

/** Supervisors that are wrong in one way each, and the rule that has to find it. */
const BROKEN: readonly (readonly [keyof typeof RULES, string, Supervise])[] = [
  [
    'person',
    'believes that whoever the lidar sees is furniture',
    (before, input, nowMs) =>
      supervise(before, input.type === 'scan' ? { ...input, isPersonSeen: false } : input, nowMs),
  ],
  [
    'person',
    'does not look through its camera',
    (before, input, nowMs) =>
      supervise(before, input.type === 'camera' ? { ...input, isPersonSeen: false } : input, nowMs),
  ],
  [
    'door',
    'knows the first door only',
    (before, input, nowMs) =>
      supervise(
        before,
        input.type === 'watch' && input.watch !== null
          ? { ...input, watch: { ...input.watch, doors: input.watch.doors.slice(0, 1) } }
          : input,
        nowMs,
      ),
  ],
  [
    'stops',
    'does not feel the bumper',
    (before, input, nowMs) =>
      supervise(before, input.type === 'bumper' ? { ...input, isPressed: false } : input, nowMs),
  ],
  [
    'silence',
    'takes the last word of the person sensor for news',
    (before, input, nowMs) =>
      supervise({ ...before, heardAtMs: { ...before.heardAtMs, personSensor: nowMs } }, input, nowMs),
  ],
  [
    'place',
    'forgets where it was lit',
    (before, input, nowMs) => supervise({ ...before, litPose: null }, input, nowMs),
  ],
  [
    'means',
    'reads every battery as half full',
    (before, input, nowMs) =>
      supervise(before, input.type === 'battery' ? { ...input, fraction: 0.5 } : input, nowMs),
  ],
  [
    'means',
    'believes the light, whatever the current is',
    (before, input, nowMs) => supervise({ ...before, lampContradictsSinceMs: null }, input, nowMs),
  ],
  [
    'visit',
    'lights on a visit',
    (before, input, nowMs) =>
      supervise({ ...before, isVisit: false }, input.type === 'visit' ? TICK : input, nowMs),
  ],
  [
    'latch',
    'stays armed when it trips',
    (before, input, nowMs) => {
      const { state, facts } = supervise(before, input, nowMs)
      const isTripped = before.armingStep === 'started' && state.isLatched
      return { state: isTripped ? { ...state, armingStep: 'started' } : state, facts }
    },
  ],
  [
    'arming',
    'needs no button',
    (before, input, nowMs) =>
      supervise(
        input.type === 'start' && before.armingStep === 'checklistConfirmed'
          ? { ...before, armingStep: 'buttonPressed' }
          : before,
        input,
        nowMs,
      ),
  ],
  [
    'arming',
    'does not notice when its clock goes back',
    (before, input, nowMs) => supervise({ ...before, steppedAtMs: nowMs }, input, nowMs),
  ],
  [
    'tested',
    'takes its person sensor on trust',
    (before, input, nowMs) =>
      supervise({ ...before, isPresserSensed: before.armingStep === 'buttonPressed' }, input, nowMs),
  ],
  [
    'tested',
    'believes that everybody has left',
    (before, input, nowMs) =>
      supervise({ ...before, isRoomLeft: before.armingStep === 'buttonPressed' }, input, nowMs),
  ],
  [
    'tested',
    'takes its guards on trust',
    (before, input, nowMs) => {
      const trusted = Object.entries(before.guards).map(([id, guard]) => [
        id,
        { ...guard, openedAtMs: nowMs },
      ])
      return supervise({ ...before, guards: Object.fromEntries(trusted) }, input, nowMs)
    },
  ],
  [
    'delay',
    'lights at once',
    (before, input, nowMs) => {
      const { state, facts } = supervise(before, input, nowMs)
      const isStarted = state.armingStep === 'started' && before.armingStep !== 'started'
      return { state: isStarted ? { ...state, armingSinceMs: nowMs - LONG_MS } : state, facts }
    },
  ],
  [
    'wanted',
    'stays lit when the mission wants dark',
    (before, input, nowMs) =>
      supervise(before, input.type === 'wantLamp' && !input.isWanted ? TICK : input, nowMs),
  ],
  [
    'trip',
    'does not latch',
    (before, input, nowMs) => {
      const { state, facts } = supervise(before, input, nowMs)
      return { state: { ...state, isLatched: false }, facts }
    },
  ],
  [
    'told',
    'keeps to itself why it goes out',
    (before, input, nowMs) => {
      const { state, facts } = supervise(before, input, nowMs)
      return { state, facts: facts.filter(({ type }) => type !== 'tripped') }
    },
  ],
  [
    'secondStart',
    'swallows a second start',
    (before, input, nowMs) =>
      supervise(before, isStartOf(input) && before.armingStep === 'started' ? TICK : input, nowMs),
  ],
  [
    'wheels',
    'lets the wheels turn when a stop was asked for',
    (before, input, nowMs) => {
      const { state, facts } = supervise(before, input, nowMs)
      return { state: { ...state, isRemotelyStopped: false }, facts }
    },
  ],
]

/** As few as show them all, for time's sake. */
const BROKEN_NAMES = new Set([
  'a visit begins',
  'want dark',
  'ask for a stop',
  'time goes back, then tick',
  'time of contradiction',
])
const BROKEN_EVENTS = EVENTS.filter(
  (event) => PLAIN_EVENTS.includes(event) || BROKEN_NAMES.has(nameOf(event)),
)

describe('a supervisor that is wrong in one thing is found out', () => {
  it.each(BROKEN)(
    '%s: one that %s',
    (rule, name, mind) => {
      const { counterexample, states } = walked({
        mind: { supervise: mind, only: rule },
        events: BROKEN_EVENTS,
      })
      console.log(told(name, counterexample, states))
      expect(counterexample?.broken).toBe(RULES[rule])
    },
    120_000,
  )

  it('by every rule: there is none that cannot fail', () => {
    expect([...new Set(BROKEN.map(([rule]) => rule))].toSorted()).toEqual(Object.keys(RULES).toSorted())
  })
})

function told(name: string, counterexample: Counterexample | null, states: number): string {
  const trace = counterexample?.trace ?? []
  const firstWords = SENSORS.map((sensor) => `${sensor} says ${SAYINGS[sensor][0]}`)
  const rest = trace.filter((event, index) => event !== firstWords[index])
  return `a supervisor that ${name} (${states} states): ${rest.join(' → ')}`
}
