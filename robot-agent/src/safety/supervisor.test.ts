import { ARMING_CHECKLIST, GAS_CHECKLIST, type InterlockKind } from '@wardlight/core/fleet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GuardState } from '../robot/ports.ts'
import {
  DARK_AND_DISARMED,
  hazardsOf,
  isLampMeasuredLit,
  supervise,
  SUPERVISOR_LIMITS,
  type SupervisorFact,
  type SupervisorInput,
  type SupervisorState,
} from './supervisor.ts'
import { TWO_DOOR_WATCH } from '../testing/two-door-watch.ts'

const ITEMS = ARMING_CHECKLIST.map(({ id }) => id)
const guards = (...states: GuardState[]): SupervisorInput => ({
  type: 'doorGuards',
  states: new Map(states.map((state, index) => [`door-${index + 1}`, state])),
})
const scan = (isPersonSeen: boolean): SupervisorInput => ({ type: 'scan', isPersonSeen })
const sensed = (isDetected: boolean): SupervisorInput => ({ type: 'personSensor', isDetected })
const localised = (x = 2, deviationM = 0.03): SupervisorInput => ({
  type: 'localisation',
  pose: { x, y: 2, theta: 0 },
  deviationM,
  deviationRad: 0.02,
})
const CHECKLIST: SupervisorInput = { type: 'checklist', missionId: 'm', by: 'nurse', items: ITEMS }
const START: SupervisorInput = { type: 'start', missionId: 'm', by: 'nurse' }
const PRESS: SupervisorInput = { type: 'armButton', isPressed: true }
const RELEASE: SupervisorInput = { type: 'armButton', isPressed: false }
const HELD: SupervisorInput = { type: 'armHeld' }

/** The hardware's messages in a safe, dark room. */
function safeReadings(litFraction: number): Record<string, SupervisorInput> {
  return {
    scan: scan(false),
    personSensor: { type: 'personSensor', isDetected: false },
    emergencyStop: { type: 'emergencyStop', isPressed: false },
    bumper: { type: 'bumper', isPressed: false },
    lampCurrent: { type: 'lampCurrent', fractions: [litFraction] },
    lampOutput: { type: 'lampOutput', fractions: [litFraction] },
    doorGuards: guards('closed', 'closed'),
    localisation: localised(),
    battery: { type: 'battery', fraction: 0.8 },
  }
}

class Rig {
  state: SupervisorState = DARK_AND_DISARMED
  nowMs = 1000
  facts: SupervisorFact[] = []
  /** Messages that differ from a safe room. `null`: silent. */
  unsafe: Record<string, SupervisorInput | null> = {}

  put(input: SupervisorInput): SupervisorFact[] {
    const { state, facts } = supervise(this.state, input, this.nowMs)
    this.state = state
    this.facts.push(...facts)
    return [...facts]
  }

  /** Lets time go by, with the hardware's messages every 100 ms and a tick every 50 ms. */
  run(ms: number): this {
    const endMs = this.nowMs + ms
    while (this.nowMs < endMs) {
      this.nowMs += 50
      if (this.nowMs % 100 === 0) this.hear()
      this.put({ type: 'tick' })
    }
    return this
  }

  hear(): void {
    const readings = { ...safeReadings(this.state.isLampOn ? 1 : 0), ...this.unsafe }
    for (const reading of Object.values(readings)) if (reading !== null) this.put(reading)
  }

  ready(): this {
    this.hear()
    this.put({ type: 'watch', watch: TWO_DOOR_WATCH })
    this.put(RELEASE)
    return this
  }

  arm(): SupervisorFact[] {
    return [
      ...this.put(CHECKLIST),
      ...this.put(PRESS),
      ...this.put(RELEASE),
      ...this.leave(),
      ...this.put(START),
    ]
  }

  /** Whoever pressed the button goes, by the first door; they have looked behind the second. */
  leave(): SupervisorFact[] {
    const steps = [
      sensed(true),
      guards('closed', 'open'),
      guards('open', 'closed'),
      guards('closed', 'closed'),
    ]
    // A sensor that is silent does not tell of it.
    return [...steps, sensed(false)].flatMap((step) =>
      this.unsafe[step.type] === null ? [] : this.put(step),
    )
  }

  light(): this {
    this.ready().arm()
    this.run(SUPERVISOR_LIMITS.exitDelayMs)
    this.put({ type: 'wantLamp', isWanted: true })
    if (!this.state.isLampOn) throw new Error('the lamp does not light')
    return this
  }

  get tripped(): InterlockKind[] {
    return this.facts.flatMap((fact) => (fact.type === 'tripped' ? [fact.kind] : []))
  }
}

describe('the safety supervisor', () => {
  it('starts dark and disarmed, and wanting alone does not light', () => {
    const rig = new Rig().ready().run(20_000)
    rig.put({ type: 'wantLamp', isWanted: true })
    expect(rig.state.isLampOn).toBe(false)
    expect(rig.state.armingStep).toBe('locked')
  })

  it('lights after the whole order and the exit delay, not a moment before', () => {
    const rig = new Rig().ready()
    rig.arm()
    expect(rig.state.armingStep).toBe('started')
    rig.put({ type: 'wantLamp', isWanted: true })
    rig.run(SUPERVISOR_LIMITS.exitDelayMs - 50)
    expect(rig.state.isLampOn).toBe(false)
    rig.run(50)
    expect(rig.state.isLampOn).toBe(true)
  })

  it('asks for the checklist of gas where gas is armed, whatever the fleet sends', () => {
    const rig = new Rig().ready()
    rig.put({ type: 'watch', watch: { ...TWO_DOOR_WATCH, method: 'hpv' } })
    const refused = [{ type: 'armingRefused', reasons: ['the checklist is not complete'] }]
    expect(rig.put(CHECKLIST)).toEqual(refused)
    const items = GAS_CHECKLIST.map(({ id }) => id)
    for (const missing of items) {
      const others = items.filter((id) => id !== missing)
      expect(rig.put({ ...CHECKLIST, items: others })).toEqual(refused)
    }
    expect(rig.state.armingStep).toBe('locked')
    rig.put({ ...CHECKLIST, items })
    expect(rig.state.armingStep).toBe('checklistConfirmed')
    // And not for light.
    rig.put({ type: 'watch', watch: TWO_DOOR_WATCH })
    expect(rig.put({ ...CHECKLIST, items })).toEqual(refused)
  })

  const hazards: [string, InterlockKind, SupervisorInput][] = [
    ['the person sensor', 'person.detected', { type: 'personSensor', isDetected: true }],
    ['the lidar', 'person.detected', scan(true)],
    ['an opened door', 'door.opened', guards('open', 'closed')],
    ['an opened second door', 'door.opened', guards('closed', 'open')],
    ['a moved guard', 'guard.moved', guards('moved', 'closed')],
    ['a lost guard', 'guard.lost', guards('closed', 'lost')],
    ['the emergency stop', 'emergencyStop.pressed', { type: 'emergencyStop', isPressed: true }],
    ['a requested emergency stop', 'emergencyStop.requested', { type: 'requestEmergencyStop', by: 'x' }],
    ['the bumper', 'bumper.pressed', { type: 'bumper', isPressed: true }],
    ['a wide covariance', 'localisation.lost', localised(2, 0.5)],
    ['a covariance that is no number', 'localisation.lost', localised(2, NaN)],
    ['another room', 'localisation.lost', localised(7)],
    ['a low battery', 'battery.low', { type: 'battery', fraction: 0.05 }],
    ['a pause', 'pause.requested', { type: 'pause' }],
    ['a button pressed while armed', 'arming.outOfOrder', PRESS],
    ['a hold on the screen while armed', 'arming.outOfOrder', HELD],
    ['a checklist while armed', 'arming.outOfOrder', CHECKLIST],
    ['a second start', 'arming.outOfOrder', START],
  ]
  it.each(hazards)('%s puts the lamp out within the event and latches (%s)', (_, kind, input) => {
    const rig = new Rig().light()
    const facts = rig.put(input)
    expect(rig.state.isLampOn).toBe(false)
    expect(rig.state.isLatched).toBe(true)
    expect(rig.state.armingStep).toBe('locked')
    expect(facts).toContainEqual(expect.objectContaining({ type: 'tripped', kind, wasLit: true }))
    // Gone again: it stays dark, whatever the mission wants.
    rig.hear()
    rig.put(RELEASE)
    rig.put({ type: 'resume' })
    rig.run(10_000)
    rig.put({ type: 'wantLamp', isWanted: true })
    expect(rig.state.isLampOn).toBe(false)
    // Only the whole order lights again.
    rig.arm()
    rig.run(SUPERVISOR_LIMITS.exitDelayMs)
    rig.put({ type: 'wantLamp', isWanted: true })
    expect(rig.state.isLampOn).toBe(true)
  })

  it.each([
    ['scan', 'sensor.stale', 500],
    ['personSensor', 'sensor.stale', 500],
    ['emergencyStop', 'sensor.stale', 500],
    ['bumper', 'sensor.stale', 500],
    ['doorGuards', 'guard.lost', 500],
    ['lampOutput', 'lamp.linkLost', 500],
    ['localisation', 'localisation.lost', 500],
    ['battery', 'sensor.stale', 5050],
  ] as const)('%s fallen silent is %s within %i ms', (sensor, kind, withinMs) => {
    const rig = new Rig().light()
    rig.unsafe = { [sensor]: null }
    rig.run(withinMs)
    expect(rig.state.isLampOn).toBe(false)
    expect(rig.tripped).toContain(kind)
  })

  it.each(hazards.filter(([, kind]) => kind !== 'arming.outOfOrder' && kind !== 'emergencyStop.requested'))(
    'does not arm while there is %s',
    (_, __, input) => {
      const rig = new Rig().ready()
      rig.put(CHECKLIST)
      rig.put(PRESS)
      rig.put(RELEASE)
      rig.leave()
      rig.put(input)
      const facts = rig.put(START)
      expect(rig.state.armingStep).not.toBe('started')
      expect(facts.some(({ type }) => type === 'armingRefused')).toBe(true)
    },
  )

  it('lets the person who presses the button stand before the sensor, but not the one who starts', () => {
    const rig = new Rig().ready()
    rig.put(CHECKLIST)
    rig.put(sensed(true))
    rig.put(PRESS)
    expect(rig.state.armingStep).toBe('buttonPressed')
    rig.leave()
    rig.put(guards('open', 'closed'))
    rig.put(sensed(true))
    rig.put(guards('closed', 'closed'))
    expect(rig.put(START)).toContainEqual({
      type: 'armingRefused',
      reasons: ['the person sensor sees someone'],
    })
    rig.put(sensed(false))
    rig.put(START)
    expect(rig.state.armingStep).toBe('started')
  })

  describe('distrusts what was never seen to tell', () => {
    const pressed = () => {
      const rig = new Rig().ready()
      rig.put(CHECKLIST)
      rig.put(PRESS)
      rig.put(RELEASE)
      return rig
    }
    const reasonsOf = (rig: Rig) =>
      rig.put(START).flatMap((fact) => (fact.type === 'armingRefused' ? fact.reasons : []))
    const UNSEEN = 'the person sensor did not see who pressed the button: it is not tested'
    const NOT_LEFT = 'whoever was in the room has not left by a door, or no guard has told of it'
    const untested = (name: string) => `the guard at ${name} is not tested: open the door once and shut it`

    it('a person sensor that does not see whoever presses the button is stuck or dead: refused, in words', () => {
      const rig = pressed()
      for (const states of [guards('closed', 'open'), guards('open', 'closed'), guards('closed', 'closed')]) {
        rig.put(states)
      }
      expect(reasonsOf(rig)).toEqual([UNSEEN])
      expect(rig.state.armingStep).toBe('buttonPressed')
      // What it saw before the button says nothing of now.
      rig.put({ type: 'watch', watch: TWO_DOOR_WATCH })
      rig.put(CHECKLIST)
      rig.put(sensed(true))
      rig.put(sensed(false))
      rig.put(PRESS)
      rig.put(RELEASE)
      rig.put(guards('open', 'closed'))
      rig.put(guards('closed', 'closed'))
      expect(reasonsOf(rig)).toEqual([UNSEEN])
    })

    it('a hold on the screen is no shorter way: whoever holds has to be seen, too', () => {
      const rig = new Rig().ready()
      rig.put(CHECKLIST)
      rig.put(HELD)
      expect(reasonsOf(rig)).toContain(UNSEEN)
      rig.leave()
      expect(reasonsOf(rig)).toEqual([])
      expect(rig.state.armingStep).toBe('started')
    })

    it('whoever pressed the button has to leave, by a door whose guard says so', () => {
      const rig = pressed()
      rig.put(guards('closed', 'open'))
      rig.put(guards('open', 'closed'))
      rig.put({ type: 'watch', watch: TWO_DOOR_WATCH })
      rig.put(CHECKLIST)
      rig.put(PRESS)
      rig.put(RELEASE)
      rig.put(sensed(true))
      rig.put(guards('closed', 'closed'))
      rig.put(sensed(false))
      // Stands still, and no sensor sees them any more.
      expect(reasonsOf(rig)).toEqual([NOT_LEFT])
      rig.put(guards('open', 'closed'))
      rig.put(guards('closed', 'closed'))
      expect(reasonsOf(rig)).toEqual([])
    })

    it.each([
      ['the person sensor', sensed(true), sensed(false)],
      ['the lidar', scan(true), scan(false)],
      [
        'a camera',
        { type: 'camera', camera: '/front', isPersonSeen: true },
        { type: 'camera', camera: '/front', isPersonSeen: false },
      ],
    ] as const)(
      'sensors that contradict one another: whom only %s saw behind shut doors is there until a door opens',
      (_, seen, gone) => {
        const rig = pressed()
        rig.leave()
        rig.put(seen)
        rig.put(gone)
        expect(reasonsOf(rig)).toEqual([NOT_LEFT])
        rig.run(20_000)
        rig.put({ type: 'camera', camera: '/front', isPersonSeen: false })
        expect(reasonsOf(rig)).toContain(NOT_LEFT)
        rig.put(guards('open', 'closed'))
        rig.put(guards('closed', 'closed'))
        expect(reasonsOf(rig)).not.toContain(NOT_LEFT)
      },
    )

    it('a guard that never told of an open door is named, and keeps it from being armed', () => {
      const rig = pressed()
      rig.put(sensed(true))
      rig.put(guards('open', 'closed'))
      rig.put(guards('closed', 'closed'))
      rig.put(sensed(false))
      expect(reasonsOf(rig)).toEqual([untested('the bathroom door')])
      // Somebody opens it and shuts it: no new arming is needed for that.
      rig.put(guards('closed', 'open'))
      rig.put(guards('closed', 'closed'))
      expect(reasonsOf(rig)).toEqual([])
      expect(rig.state.armingStep).toBe('started')
    })

    it('a test of a guard counts for one shift, and not for one that was taken off or lost since', () => {
      for (const undo of [
        (rig: Rig) => void rig.put(guards('closed', 'moved')),
        (rig: Rig) => void rig.put(guards('closed', 'lost')),
        (rig: Rig) => void (rig.nowMs += SUPERVISOR_LIMITS.guardTestMs),
      ]) {
        const rig = new Rig().ready()
        rig.put(guards('closed', 'open'))
        rig.put(guards('closed', 'closed'))
        undo(rig)
        rig.run(500)
        rig.put(CHECKLIST)
        rig.put(PRESS)
        rig.put(RELEASE)
        rig.put(sensed(true))
        rig.put(guards('open', 'closed'))
        rig.put(guards('closed', 'closed'))
        rig.put(sensed(false))
        expect(reasonsOf(rig)).toEqual([untested('the bathroom door')])
      }
    })

    it('a camera that sees someone, or is silent, keeps the lamp dark', () => {
      const rig = new Rig()
      rig.state = {
        ...DARK_AND_DISARMED,
        cameras: { '/front': { isPersonSeen: false, heardAtMs: -Infinity } },
      }
      rig.ready().arm()
      expect(hazardsOf(rig.state, rig.nowMs).map(({ detail }) => detail)).toEqual([
        'the camera /front is silent',
      ])
      rig.put({ type: 'camera', camera: '/front', isPersonSeen: false })
      rig.put(START)
      expect(rig.state.armingStep).toBe('started')
      rig.put({ type: 'camera', camera: '/front', isPersonSeen: true })
      expect(rig.tripped).toEqual(['person.detected'])
    })
  })

  it.each([
    ['button first', [PRESS]],
    ['start first', [START]],
    ['start without the button', [CHECKLIST, START]],
    ['button held since before', [PRESS, CHECKLIST, START]],
  ])('refuses another order (%s), records it, and locks', (_, inputs) => {
    const rig = new Rig().ready()
    for (const input of inputs) rig.put(input)
    expect(rig.tripped).toContain('arming.outOfOrder')
    expect(rig.state.armingStep).toBe('locked')
  })

  it.each(['constructor', '__proto__'])('knows a door without a guard by any name: %s', (id) => {
    const rig = new Rig().ready()
    rig.put({ type: 'watch', watch: { ...TWO_DOOR_WATCH, doors: [{ id, name: 'the door' }] } })
    rig.arm()
    expect(rig.state.armingStep).not.toBe('started')
  })

  it('wants a name from who starts', () => {
    const rig = new Rig().ready()
    rig.put(CHECKLIST)
    rig.put(PRESS)
    rig.put(RELEASE)
    expect(rig.put({ ...START, by: ' ' })).toContainEqual(expect.objectContaining({ type: 'armingRefused' }))
    expect(rig.state.armingStep).toBe('buttonPressed')
  })

  it('takes a hold on its own screen for the button, in the same place of the order', () => {
    const rig = new Rig()
    rig.hear()
    rig.put({ type: 'watch', watch: TWO_DOOR_WATCH })
    // No button ever spoke: the screen is the only one that this robot has.
    expect(rig.put(HELD)).toContainEqual(expect.objectContaining({ type: 'armingRefused' }))
    expect(rig.tripped).toEqual(['arming.outOfOrder'])
    rig.put(CHECKLIST)
    rig.put(HELD)
    expect(rig.state.armingStep).toBe('buttonPressed')
    rig.leave()
    rig.put(START)
    expect(rig.state.armingStep).toBe('started')
  })

  it('a hold on the screen leaves a button that is stuck down what it is', () => {
    const rig = new Rig().ready()
    rig.put(PRESS)
    rig.put(CHECKLIST)
    rig.put({ type: 'watch', watch: null })
    rig.put(HELD)
    rig.put({ type: 'watch', watch: TWO_DOOR_WATCH })
    rig.put(CHECKLIST)
    rig.put(PRESS)
    expect(rig.state.armingStep).toBe('checklistConfirmed')
  })

  it('forgets a half arming after its window', () => {
    const rig = new Rig().ready()
    rig.put(CHECKLIST)
    rig.run(SUPERVISOR_LIMITS.armingWindowMs + 100)
    expect(rig.state.armingStep).toBe('locked')
    rig.put(CHECKLIST)
    rig.put(PRESS)
    rig.put(RELEASE)
    rig.run(SUPERVISOR_LIMITS.armingWindowMs + 100)
    rig.put(START)
    expect(rig.state.armingStep).toBe('locked')
  })

  it('wants every item of the checklist, a name, and the mission that waits', () => {
    for (const input of [
      { ...CHECKLIST, items: ITEMS.slice(1) },
      { ...CHECKLIST, by: '  ' },
      { ...CHECKLIST, missionId: 'another' },
    ]) {
      const rig = new Rig().ready()
      expect(rig.put(input)).toContainEqual(expect.objectContaining({ type: 'armingRefused' }))
      expect(rig.state.armingStep).toBe('locked')
    }
  })

  it('keeps to the stricter limits of its owner', () => {
    const rig = new Rig()
    rig.state = {
      ...DARK_AND_DISARMED,
      limits: { exitDelayMs: 20_000, lampCapMs: 60_000, minBatteryFraction: 0.5 },
    }
    rig.ready().arm()
    rig.put({ type: 'wantLamp', isWanted: true })
    rig.run(19_900)
    expect(rig.state.isLampOn).toBe(false)
    rig.run(200)
    expect(rig.state.isLampOn).toBe(true)
    rig.run(59_800)
    expect(rig.state.isLampOn).toBe(true)
    rig.run(300)
    expect(rig.tripped).toContain('lamp.timeCapReached')
    rig.put({ type: 'battery', fraction: 0.49 })
    expect(hazardsOf(rig.state, rig.nowMs).map(({ kind }) => kind)).toContain('battery.low')
  })

  it('caps the lamp time of one arming at 30 minutes', () => {
    const rig = new Rig().light()
    rig.run(SUPERVISOR_LIMITS.lampCapMs - 100)
    expect(rig.state.isLampOn).toBe(true)
    rig.run(200)
    expect(rig.state.isLampOn).toBe(false)
    expect(rig.tripped).toContain('lamp.timeCapReached')
  })

  it.each([
    ['a stalled controller', 600],
    ['time that goes back', -600],
  ])('%s latches before anything else is believed', (_, jumpMs) => {
    const rig = new Rig().light()
    rig.nowMs += jumpMs
    rig.put({ type: 'tick' })
    expect(rig.state.isLampOn).toBe(false)
    expect(rig.tripped).toContain('controller.stalled')
  })

  it('time that goes back makes nothing fresh that fell silent, and a half arming does not outlive it', () => {
    const rig = new Rig().ready().run(1000)
    rig.put(CHECKLIST)
    rig.nowMs -= 600_000
    rig.unsafe = { scan: null, doorGuards: null }
    rig.hear()
    rig.put({ type: 'tick' })
    expect(rig.state.armingStep).toBe('locked')
    rig.run(1000)
    rig.arm()
    expect(rig.state.armingStep).not.toBe('started')
    const hazards = hazardsOf({ ...rig.state, armingStep: 'locked' }, rig.nowMs)
    expect(hazards.map(({ detail }) => detail)).toEqual([
      'no guard answers at the door',
      'no guard answers at the bathroom door',
      'the lidar is silent',
    ])
  })

  it('a clock that jumps ahead cannot make the lamp outlast its cap or skip the exit delay', () => {
    const rig = new Rig().ready()
    rig.arm()
    rig.put({ type: 'wantLamp', isWanted: true })
    rig.nowMs += 3_600_000
    rig.hear()
    expect(rig.state.isLampOn).toBe(false)
    expect(rig.state.isLatched).toBe(true)
  })

  it('tells of a lamp that is lit though it was switched off, armed or not', () => {
    const rig = new Rig().ready()
    rig.unsafe = { lampOutput: { type: 'lampOutput', fractions: [0, 0.9] } }
    rig.run(1000)
    expect(rig.tripped).toEqual(['lamp.stuckOn'])
    expect(rig.arm().some(({ type }) => type === 'armingRefused')).toBe(true)
  })

  it('takes a current that flows for light, though its light sensor says that it is dark', () => {
    const rig = new Rig().ready()
    rig.unsafe = { lampCurrent: { type: 'lampCurrent', fractions: [1] } }
    rig.run(1000)
    expect(rig.tripped).toEqual(['lamp.stuckOn'])
    expect(isLampMeasuredLit(rig.state)).toBe(true)
  })

  it('distrusts two sensors of the lamp that contradict one another for longer than it takes to light', () => {
    for (const [sensor, fractions] of [
      ['lampCurrent', [0]],
      ['lampOutput', [1, 0]],
    ] as const) {
      const rig = new Rig().light()
      rig.unsafe = { [sensor]: { type: sensor, fractions } }
      rig.run(SUPERVISOR_LIMITS.ignitionMs - 200)
      expect(rig.tripped).toEqual([])
      rig.run(500)
      expect(rig.tripped[0]).toBe('sensor.contradictory')
      expect(rig.state.isLampOn).toBe(false)
    }
  })

  it('trips when the lamp does not light', () => {
    const rig = new Rig().light()
    rig.unsafe = { lampOutput: { type: 'lampOutput', fractions: [0, 0] } }
    rig.run(SUPERVISOR_LIMITS.ignitionMs + 200)
    expect(rig.tripped).toContain('lamp.linkLost')
  })
})

describe('for any sequence of events', () => {
  const command = fc.oneof(
    { weight: 3, arbitrary: fc.constant<SupervisorInput>(CHECKLIST) },
    { weight: 3, arbitrary: fc.constant<SupervisorInput>(PRESS) },
    { weight: 1, arbitrary: fc.constant<SupervisorInput>(HELD) },
    { weight: 3, arbitrary: fc.constant<SupervisorInput>(RELEASE) },
    { weight: 3, arbitrary: fc.constant<SupervisorInput>(START) },
    { weight: 5, arbitrary: fc.constant<SupervisorInput>({ type: 'wantLamp', isWanted: true }) },
    fc.constantFrom<SupervisorInput>(
      { type: 'wantLamp', isWanted: false },
      { type: 'pause' },
      { type: 'resume' },
      { type: 'requestEmergencyStop', by: 'x' },
      { type: 'watch', watch: TWO_DOOR_WATCH },
      { type: 'watch', watch: null },
      { ...START, missionId: 'another' },
    ),
  )
  const event = fc.oneof(
    { weight: 4, arbitrary: command.map((input) => ({ kind: 'command' as const, input })) },
    // A safe room and the whole order at once, so that random traces do reach a lit lamp.
    { weight: 2, arbitrary: fc.constant({ kind: 'arm' as const }) },
    {
      weight: 3,
      arbitrary: fc.constantFrom(100, 1000, 4000).map((ms) => ({ kind: 'run' as const, ms })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(-400, 600, 100_000).map((ms) => ({ kind: 'jump' as const, ms })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.constantFrom(...Object.keys(safeReadings(0))),
          fc.constantFrom('silent' as const, 'unsafe' as const, 'safe' as const),
        )
        .map(([sensor, how]) => ({ kind: 'sensor' as const, sensor, how })),
    },
  )
  const unsafe: Record<string, SupervisorInput> = {
    scan: scan(true),
    personSensor: { type: 'personSensor', isDetected: true },
    emergencyStop: { type: 'emergencyStop', isPressed: true },
    bumper: { type: 'bumper', isPressed: true },
    lampOutput: { type: 'lampOutput', fractions: [NaN] },
    lampCurrent: { type: 'lampCurrent', fractions: [NaN] },
    doorGuards: guards('closed', 'open'),
    localisation: localised(9),
    battery: { type: 'battery', fraction: 0.01 },
  }

  it('the lamp is lit only when armed in order, unlatched, and no hazard is there', () => {
    let litTraces = 0
    fc.assert(
      fc.property(fc.array(event, { maxLength: 25 }), (events) => {
        const rig = new Rig().ready()
        let wasLit = false
        // Told apart from the supervisor's own bookkeeping: what was put in, in order.
        let progress = 0
        let startedAtMs = Infinity
        let isButtonDown = false
        const put = rig.put.bind(rig)
        rig.put = (input) => {
          const before = rig.state
          const facts = put(input)
          if (input.type === 'checklist') progress = 1
          if (input.type === 'armHeld') progress = progress >= 1 && progress < 3 ? 2 : 0
          if (input.type === 'armButton') {
            if (input.isPressed && !isButtonDown) progress = progress >= 1 && progress < 3 ? 2 : 0
            isButtonDown = input.isPressed
          }
          if (
            input.type === 'start' &&
            rig.state.armingStep === 'started' &&
            before.armingStep !== 'started'
          ) {
            expect(progress).toBe(2)
            progress = 3
            startedAtMs = rig.nowMs
          }
          if (facts.some(({ type }) => type === 'tripped')) progress = 0
          if (rig.state.isLampOn) {
            wasLit = true
            expect(progress).toBe(3)
            expect(rig.nowMs - startedAtMs).toBeGreaterThanOrEqual(SUPERVISOR_LIMITS.exitDelayMs)
            expect(rig.state.isLatched).toBe(false)
            expect(rig.state.watch).not.toBeNull()
            expect(hazardsOf(rig.state, rig.nowMs)).toEqual([])
          }
          return facts
        }
        for (const next of events) {
          if (next.kind === 'command') rig.put(next.input)
          else if (next.kind === 'arm') {
            rig.unsafe = {}
            rig.put({ type: 'watch', watch: TWO_DOOR_WATCH })
            rig.put({ type: 'resume' })
            rig.put(RELEASE)
            rig.run(100)
            rig.arm()
            rig.run(SUPERVISOR_LIMITS.exitDelayMs)
            rig.put({ type: 'wantLamp', isWanted: true })
          } else if (next.kind === 'run') rig.run(next.ms)
          else if (next.kind === 'jump') {
            rig.nowMs += next.ms
            rig.put({ type: 'tick' })
          } else if (next.how === 'safe') delete rig.unsafe[next.sensor]
          else {
            rig.unsafe[next.sensor] = next.how === 'silent' ? null : unsafe[next.sensor]!
            // Physically unsafe from the next message on: within 100 ms. A measurement without a number is silence.
            rig.run(next.sensor.startsWith('lamp') ? SUPERVISOR_LIMITS.staleMs + 100 : 100)
            if (next.how === 'unsafe') expect(rig.state.isLampOn).toBe(false)
          }
        }
        if (wasLit) litTraces += 1
      }),
      { numRuns: 100, seed: 4 },
    )
    // A property about a lamp that never burns would prove nothing.
    expect(litTraces).toBeGreaterThan(30)
  })
})
