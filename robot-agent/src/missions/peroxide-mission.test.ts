import { SimulatedClock } from '@wardlight/core/clock'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createActor, initialTransition, transition } from 'xstate'
import type { SnapshotFrom } from 'xstate'
import {
  peroxideMission,
  type PeroxideMissionEffect,
  type PeroxideMissionEvent,
  type PeroxideMissionInput,
} from './peroxide-mission.ts'

type Snapshot = SnapshotFrom<typeof peroxideMission>

const INPUT: PeroxideMissionInput = {
  armingTimeoutMs: 1_800_000,
  rearmTimeoutMs: 120_000,
  exitDelayMs: 8000,
  gasTimeoutMs: 2_400_000,
  dwellTimeoutMs: 7_200_000,
  resume: null,
}

/** Every kind of event, with every value that the machine tells apart. */
const EVENTS: readonly PeroxideMissionEvent[] = [
  { type: 'arrived' },
  { type: 'travelFailed' },
  { type: 'surveyed' },
  { type: 'surveyFailed' },
  { type: 'roomChanged' },
  { type: 'checked', blockers: [] },
  { type: 'checked', blockers: ['something'] },
  { type: 'armed' },
  { type: 'tripped' },
  { type: 'alarm', isEvacuation: false },
  { type: 'alarm', isEvacuation: true },
  { type: 'settled' },
  { type: 'damperShut', damper: 'supply' },
  { type: 'damperShut', damper: 'exhaust' },
  { type: 'dampersOpen' },
  { type: 'climate', needs: [] },
  { type: 'climate', needs: ['Dry it.'] },
  { type: 'doseIn' },
  { type: 'dwellOver' },
  { type: 'sensed', isLow: false, isClear: false },
  { type: 'sensed', isLow: true, isClear: false },
  { type: 'sensed', isLow: true, isClear: true },
  { type: 'canceled' },
]
const CLEAR = EVENTS.find((event) => event.type === 'sensed' && event.isClear)!

/** What the effects have made of the world, whatever the machine's context says. */
interface Hardware {
  readonly isGeneratorOn: boolean
  readonly dampers: { readonly supply: 'shut' | 'open'; readonly exhaust: 'shut' | 'open' }
  readonly isGuarded: boolean
  readonly mustHold: boolean
  /** Written down before a damper is shut, and before the first gas. */
  readonly isRemembered: boolean
  /** The generator ran at any time. */
  readonly hasGassed: boolean
  /** The dampers stood open after the last gas. */
  readonly isAired: boolean
}

const AT_REST: Hardware = {
  isGeneratorOn: false,
  dampers: { supply: 'open', exhaust: 'open' },
  isGuarded: false,
  mustHold: false,
  isRemembered: false,
  hasGassed: false,
  isAired: true,
}

function carryOut(hardware: Hardware, effect: PeroxideMissionEffect): Hardware {
  switch (effect.type) {
    case 'generator': {
      const { isWanted: isGeneratorOn, mustHold } = effect
      return {
        ...hardware,
        isGeneratorOn,
        mustHold,
        hasGassed: hardware.hasGassed || isGeneratorOn,
        isAired: hardware.isAired && !isGeneratorOn,
      }
    }
    case 'damper': {
      const dampers = { ...hardware.dampers, [effect.damper]: effect.position }
      const areOpen = dampers.supply === 'open' && dampers.exhaust === 'open'
      return { ...hardware, dampers, isAired: hardware.isAired || areOpen }
    }
    case 'guard':
      return { ...hardware, isGuarded: effect.isOn }
    case 'remember':
      return { ...hardware, isRemembered: true }
    case 'survey':
    case 'settle':
    case 'waitForArming':
      return hardware
  }
}

interface Node {
  readonly snapshot: Snapshot
  readonly hardware: Hardware
}

interface Step {
  readonly before: Node
  readonly event: { readonly type: string }
  readonly after: Node
}

type Actions = ReturnType<typeof transition<typeof peroxideMission>>[1]

function effectsOf(actions: Actions): PeroxideMissionEffect[] {
  // The type that XState gives an emitting action is not in its typings.
  return (actions as readonly { readonly type: string; readonly params?: unknown }[]).flatMap(
    ({ type, params }) =>
      type === 'xstate.emit' ? [(params as { event: PeroxideMissionEffect }).event] : [],
  )
}

function beginning(input: PeroxideMissionInput): Node {
  const [snapshot, actions] = initialTransition(peroxideMission, input)
  // A restart finds the room as it was left.
  const found: Hardware =
    input.resume === null
      ? AT_REST
      : { ...AT_REST, dampers: { supply: 'shut', exhaust: 'shut' }, isRemembered: true }
  return { snapshot, hardware: effectsOf(actions).reduce(carryOut, found) }
}

function step({ snapshot, hardware }: Node, event: PeroxideMissionEvent | { readonly type: string }): Node {
  const [next, actions] = transition(peroxideMission, snapshot, event as PeroxideMissionEvent)
  return { snapshot: next, hardware: effectsOf(actions).reduce(carryOut, hardware) }
}

/** The ends of all the times that run in a state: time is abstracted, any of them may come next. */
function timeoutsOf(snapshot: Snapshot): { type: string }[] {
  // XState keeps the delayed transitions of the states that are entered as events of their own.
  return snapshot._nodes.flatMap(({ after }) => after.map(({ eventType }) => ({ type: eventType })))
}

const keyOf = ({ snapshot: { value, context, status }, hardware }: Node) =>
  JSON.stringify([value, status, { ...context, blockers: context.blockers.length > 0 }, hardware])

function isIn(snapshot: Snapshot, ...phases: string[]): boolean {
  const [top, inner] =
    typeof snapshot.value === 'string' ? [snapshot.value, null] : Object.entries(snapshot.value)[0]!
  const own = typeof inner === 'string' ? inner : inner === null ? null : Object.keys(inner)[0]!
  return phases.includes(top) || (own !== null && own !== undefined && phases.includes(own))
}

/** Walks everything that can be reached, breadth first. */
function walk(input: PeroxideMissionInput): { nodes: Node[]; steps: Step[] } {
  const first = beginning(input)
  const seen = new Set([keyOf(first)])
  const nodes = [first]
  const steps: Step[] = []
  for (let index = 0; index < nodes.length; index += 1) {
    const before = nodes[index]!
    if (before.snapshot.status !== 'active') continue
    for (const event of [...EVENTS, ...timeoutsOf(before.snapshot)]) {
      const after = step(before, event)
      steps.push({ before, event, after })
      const key = keyOf(after)
      if (seen.has(key)) continue
      seen.add(key)
      nodes.push(after)
    }
  }
  return { nodes, steps }
}

function expectSafe({ snapshot, hardware }: Node): void {
  const { context, status } = snapshot
  const where = JSON.stringify(snapshot.value)
  // Generator on ⇒ sealed, armed, guarded, remembered.
  expect(hardware.isGeneratorOn, where).toBe(isIn(snapshot, 'gassing'))
  expect(context.isGeneratorOn, where).toBe(hardware.isGeneratorOn)
  if (hardware.isGeneratorOn) {
    expect(context.isArmed && context.isSealed && context.isGassed, where).toBe(true)
    expect(hardware.dampers, where).toEqual({ supply: 'shut', exhaust: 'shut' })
    expect(hardware.isGuarded && hardware.mustHold && hardware.isRemembered, where).toBe(true)
  }
  // While gas is held in the room it is held shut, and watched.
  if (isIn(snapshot, 'gassing', 'dwelling', 'conditioning')) {
    expect(hardware.dampers, where).toEqual({ supply: 'shut', exhaust: 'shut' })
    expect(hardware.mustHold && hardware.isGuarded, where).toBe(true)
  }
  // Whoever could have gas next door is listened to, before the first gas and after.
  if (isIn(snapshot, 'awaitingArming', 'sealing', 'interrupted', 'gassed')) {
    expect(hardware.isGuarded, where).toBe(true)
  }
  // Everywhere else the room is aired.
  if (isIn(snapshot, 'aerating', 'verifying', 'interrupted', 'unsealing', 'finished', 'awaitingArming')) {
    expect(hardware.dampers, where).toEqual({ supply: 'open', exhaust: 'open' })
    expect(hardware.mustHold, where).toBe(false)
  }
  // No damper is shut that a restart would not know of.
  if (hardware.dampers.supply === 'shut' || hardware.dampers.exhaust === 'shut') {
    expect(hardware.isRemembered, where).toBe(true)
  }
  // Gas ⇒ gassed, until the sensors have cleared it.
  if (hardware.hasGassed) expect(context.isGassed !== context.isCleared, where).toBe(true)
  if (context.isGassed) expect(isIn(snapshot, 'gassed'), where).toBe(true)
  if (context.isCleared) {
    expect(status, where).toBe('done')
    expect(hardware.isAired, where).toBe(true)
  }
  if (status === 'done') {
    expect(context.isGassed, where).toBe(false)
    expect(context.end, where).not.toBeNull()
    if (hardware.hasGassed) expect(context.isCleared, where).toBe(true)
    if (context.end === 'completed') expect(context.isDwellDone, where).toBe(true)
  }
}

/** What has to hold from one node to the next. */
function expectSafeStep({ before, event, after }: Step): void {
  const from = before.snapshot
  const to = after.snapshot
  const where = `${JSON.stringify(from.value)} --${JSON.stringify(event)}→ ${JSON.stringify(to.value)}`
  if (from.context.isGassed) {
    // Nothing but sensors that say clear, in the phase that asks them, ends it.
    if (!to.context.isGassed) {
      expect(isIn(from, 'verifying'), where).toBe(true)
      expect(event, where).toEqual(CLEAR)
    }
    // No second gas without a new mission: what once left stays out.
    if (!isIn(from, 'gassing')) expect(isIn(to, 'gassing'), where).toBe(false)
    if (isIn(from, 'aerating', 'verifying'))
      expect(isIn(to, 'aerating', 'verifying', 'finished'), where).toBe(true)
  }
  // Gas or held gas: every one of these leads at once to aeration.
  if (
    isIn(from, 'gassing', 'dwelling') &&
    (event.type === 'tripped' || event.type === 'alarm' || event.type === 'canceled')
  ) {
    expect(isIn(to, 'aerating'), where).toBe(true)
    expect(after.hardware.isGeneratorOn, where).toBe(false)
  }
  // … and before any gas it takes everything back.
  if (isIn(from, 'sealing') && (event.type === 'tripped' || event.type === 'alarm')) {
    expect(isIn(to, 'interrupted'), where).toBe(true)
  }
  if (isIn(to, 'gassing') && !isIn(from, 'gassing')) {
    expect(event, where).toEqual({ type: 'climate', needs: [] })
  }
  // What was not checked, or has something against it, is not armed.
  if (!from.context.isArmed && to.context.isArmed) {
    expect(event.type, where).toBe('armed')
    expect(from.context.blockers, where).toEqual([])
  }
  // Who was told to leave is told so until people have armed it anew: what still reads high keeps them from it.
  const isArmedAnew = isIn(to, 'sealing') && !isIn(from, 'sealing')
  if (from.context.mustEvacuate) expect(to.context.mustEvacuate, where).toBe(!isArmedAnew)
  if (from.context.end !== null) expect(to.context.end, where).toBe(from.context.end)
}

describe('the peroxide mission, every state with every event', () => {
  const fresh = walk(INPUT)
  const resume = { isGassed: true, end: 'restarted', isDwellDone: false, wasEvacuated: false } as const
  const resumed = walk({ ...INPUT, resume })
  const unsealed = walk({ ...INPUT, resume: { ...resume, isGassed: false } })
  const transitions = [...fresh.steps, ...resumed.steps, ...unsealed.steps]

  it('is walked as a whole', () => {
    const nodes = fresh.nodes.length + resumed.nodes.length + unsealed.nodes.length
    process.stdout.write(`peroxide mission: ${nodes} states, ${transitions.length} transitions walked\n`)
    const phases = new Set(
      fresh.nodes.flatMap(({ snapshot: { value } }) =>
        typeof value === 'string'
          ? [value]
          : Object.entries(value).flatMap(([a, b]) => [a, JSON.stringify(b)]),
      ),
    )
    // Each state of the machine was really reached: a walk that stops early proves nothing.
    for (const phase of [
      'traveling',
      'surveying',
      'awaitingArming',
      '"exitDelay"',
      '{"isolating":"supply"}',
      '{"isolating":"exhaust"}',
      '{"conditioning":"looking"}',
      '{"conditioning":"waiting"}',
      'interrupted',
      '"gassing"',
      '"dwelling"',
      '"aerating"',
      '"verifying"',
      'finished',
    ]) {
      expect(phases).toContain(phase)
    }
    const ends = new Set(fresh.nodes.map(({ snapshot }) => snapshot.context.end))
    expect(ends.size).toBeGreaterThanOrEqual(11)
  })

  it('never gasses a room that is not sealed, armed and guarded; never holds gas without guarding it', () => {
    for (const node of [...fresh.nodes, ...resumed.nodes, ...unsealed.nodes]) expectSafe(node)
    expect(fresh.nodes.some(({ hardware }) => hardware.isGeneratorOn)).toBe(true)
  })

  it('never leaves a gassed room by anything but its sensors; every hazard leads to aeration', () => {
    for (const one of transitions) expectSafeStep(one)
    expect(transitions.some(({ after }) => after.snapshot.context.isCleared)).toBe(true)
  })

  it('from every gassed state aeration, and then the sensors, lead to the end, and nothing else is needed', () => {
    for (const node of [...fresh.nodes, ...resumed.nodes]) {
      if (!node.snapshot.context.isGassed) continue
      let end = step(node, { type: 'canceled' })
      expect(isIn(end.snapshot, 'aerating', 'verifying')).toBe(true)
      end = step(step(end, CLEAR), CLEAR)
      expect(end.snapshot.status).toBe('done')
      expect(end.snapshot.context.isCleared).toBe(true)
    }
  })

  it('comes up after a restart aerating, with generator off and dampers open, and never gasses again', () => {
    const [first] = resumed.nodes
    expect(isIn(first!.snapshot, 'aerating')).toBe(true)
    expect(first!.hardware.dampers).toEqual({ supply: 'open', exhaust: 'open' })
    for (const { hardware } of resumed.nodes) expect(hardware.hasGassed).toBe(false)
  })

  it('comes up after a restart in a sealed room opening its dampers, and ends without gas', () => {
    const [first] = unsealed.nodes
    expect(isIn(first!.snapshot, 'unsealing')).toBe(true)
    expect(first!.hardware.dampers).toEqual({ supply: 'open', exhaust: 'open' })
    for (const { snapshot, hardware } of unsealed.nodes) {
      expect(hardware.hasGassed).toBe(false)
      expect(isIn(snapshot, 'unsealing', 'finished')).toBe(true)
    }
    expect(unsealed.nodes.some(({ snapshot }) => snapshot.status === 'done')).toBe(true)
  })
})

describe('the peroxide mission, over long random days', () => {
  /** Events in a likely order, so that traces get deep, with everything else strewn in. */
  const course: readonly PeroxideMissionEvent[] = [
    { type: 'arrived' },
    { type: 'surveyed' },
    { type: 'checked', blockers: [] },
    { type: 'armed' },
    { type: 'damperShut', damper: 'supply' },
    { type: 'damperShut', damper: 'exhaust' },
    { type: 'settled' },
    { type: 'climate', needs: [] },
    { type: 'doseIn' },
    { type: 'dwellOver' },
    { type: 'sensed', isLow: true, isClear: false },
    { type: 'sensed', isLow: true, isClear: true },
  ]
  /** Any of the course, everything else, time that passes, and often whatever it is that would move the mission on. */
  const anything = fc.oneof(
    { weight: 20, arbitrary: fc.constant('onwards' as const) },
    { weight: 2, arbitrary: fc.constantFrom(...course) },
    { weight: 1, arbitrary: fc.constantFrom(...EVENTS) },
    { weight: 5, arbitrary: fc.record({ passMs: fc.integer({ min: 1, max: 20_000 }) }) },
    { weight: 1, arbitrary: fc.record({ passMs: fc.integer({ min: 1, max: 2_400_000 }) }) },
  )
  type Anything = PeroxideMissionEvent | { readonly passMs: number }
  const onwards = (snapshot: Snapshot): Anything =>
    course.find(
      (event) =>
        keyOf(step({ snapshot, hardware: AT_REST }, event)) !== keyOf({ snapshot, hardware: AT_REST }),
    ) ?? {
      passMs: INPUT.exitDelayMs,
    }

  it('keeps to the same rules with real times', () => {
    let gassed = 0
    fc.assert(
      fc.property(fc.array(anything, { minLength: 20, maxLength: 120 }), (trace) => {
        const clock = new SimulatedClock()
        let hardware = AT_REST
        const actor = createActor(peroxideMission, { clock, input: INPUT })
        actor.on('*', (effect) => {
          hardware = carryOut(hardware, effect)
        })
        actor.start()
        for (const drawn of trace) {
          const before = { snapshot: actor.getSnapshot(), hardware }
          if (before.snapshot.status !== 'active') break
          const one: Anything = drawn === 'onwards' ? onwards(before.snapshot) : drawn
          if ('passMs' in one) clock.advance(one.passMs)
          else actor.send(one)
          const after = { snapshot: actor.getSnapshot(), hardware }
          expectSafe(after)
          if (!('passMs' in one)) expectSafeStep({ before, event: one, after })
          else if (before.snapshot.context.isGassed) expect(after.snapshot.context.isGassed).toBe(true)
        }
        if (hardware.hasGassed) gassed += 1
        actor.stop()
      }),
      { numRuns: 150 },
    )
    // Else the traces would say nothing.
    expect(gassed).toBeGreaterThan(20)
  })

  it('waits without end in a gassed room of which no sensor says that it is clear', () => {
    const clock = new SimulatedClock()
    const actor = createActor(peroxideMission, { clock, input: INPUT }).start()
    for (const event of course.slice(0, 4)) actor.send(event)
    clock.advance(INPUT.exitDelayMs)
    for (const event of course.slice(4, 8)) actor.send(event)
    expect(isIn(actor.getSnapshot(), 'gassing')).toBe(true)
    clock.advance(30 * 24 * 3600_000)
    expect(isIn(actor.getSnapshot(), 'aerating')).toBe(true)
    expect(actor.getSnapshot().context.end).toBe('doseNotReached')
  })
})
