import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BrokenRule } from '../testing/explore.ts'
import { stepped, type Both } from '../testing/supervisor-rules.ts'
import { firstUnheard, REAL, rebased, walkOfReal } from '../testing/supervisor-walk.ts'
import {
  AT_POWER_UP,
  COMING_UP,
  COMMANDS,
  doesLampContradict,
  faultsOf,
  limitMsOf,
  messageOf,
  SAYINGS,
  SENSORS,
  TICK,
  type SensorName,
  type World,
} from '../testing/supervisor-world.ts'
import { SUPERVISOR_LIMITS, type SupervisorInput } from './supervisor.ts'

/** The same pair in real time: messages every 100 ms, ticks every 50, unless a sensor is silent or time jumps. */
class RealTime {
  both: Both = { state: COMING_UP, world: AT_POWER_UP }
  nowMs = 1000
  calls = 0
  litCalls = 0
  manyFaultCalls = 0
  /** Since the button was pressed. What they showed is remembered up to the start. */
  hadManyFaults = false
  readonly silent = new Set<SensorName>()
  readonly saying: Record<string, string> = Object.fromEntries(
    SENSORS.map((sensor) => [sensor, SAYINGS[sensor][0]]),
  )
  readonly #heardAtMs = new Map<SensorName, number>()
  #startedAtMs = 0
  #lampChangedAtMs = -Infinity
  #contradictsSinceMs: number | null = null
  #calledAtMs = 1000

  put(input: SupervisorInput, sensor: SensorName | null = null): void {
    const { world, state } = this.both
    const gapMs = this.nowMs - this.#calledAtMs
    this.#calledAtMs = this.nowMs
    // What was heard before a clock went back has no age.
    if (gapMs < 0) this.#heardAtMs.clear()
    if (sensor !== null) this.#heardAtMs.set(sensor, this.nowMs)
    const { exitDelayMs, ignitionMs, afterglowMs, stallMs } = SUPERVISOR_LIMITS
    const sinceLampMs = this.nowMs - this.#lampChangedAtMs
    const isStalled = world.steps === 'start' && (gapMs < 0 || gapMs > stallMs)
    const said = sensor === null ? world.said : { ...world.said, [sensor]: this.#word(sensor) }
    if (!doesLampContradict({ ...world, said })) this.#contradictsSinceMs = null
    else if (gapMs < 0) this.#contradictsSinceMs = this.nowMs
    else this.#contradictsSinceMs ??= this.nowMs
    const seen: World = {
      ...world,
      said,
      isContradictionLong: this.nowMs - (this.#contradictsSinceMs ?? this.nowMs) > ignitionMs,
      isSilent: Object.fromEntries(
        SENSORS.map((each) => [
          each,
          this.nowMs - (this.#heardAtMs.get(each) ?? -Infinity) > limitMsOf(each),
        ]),
      ) as World['isSilent'],
      isExitDelayOver: world.steps === 'start' && this.nowMs - this.#startedAtMs >= exitDelayMs,
      isIgnitionOver: world.isLampOn && sinceLampMs > ignitionMs,
      isAfterglowOver: !world.isLampOn && (gapMs < 0 || world.isAfterglowOver || sinceLampMs > afterglowMs),
      ...(gapMs < 0 ? { isTested: AT_POWER_UP.isTested } : {}),
      ...(isStalled ? { steps: 'none', isLampWanted: false, isExitDelayOver: false } : {}),
    }
    this.both = stepped(REAL, this.both, seen, input, this.nowMs)
    if (world.steps !== 'start' && this.both.world.steps === 'start') this.#startedAtMs = this.nowMs
    if (state.isLampOn !== this.both.state.isLampOn) this.#lampChangedAtMs = this.nowMs
    const { world: after } = this.both
    this.hadManyFaults = after.steps === 'button' && (this.hadManyFaults || faultsOf(after) > 1)
    this.calls += 1
    if (this.both.state.isLampOn) this.litCalls += 1
    if (faultsOf(this.both.world) > 2) this.manyFaultCalls += 1
  }

  hear(sensor: SensorName): void {
    this.put(messageOf(sensor, this.#word(sensor)), sensor)
  }

  /** Whoever pressed the button looks behind one door and leaves by the other. */
  walkOut(eachCall: () => void): void {
    const steps = [
      // One after the other, so that the walk with one fault at a time has been there, too.
      ['personSensor', 'person'],
      ['personSensor', 'clear'],
      ['door-2', 'open'],
      ['door-2', 'closed'],
      ['door-1', 'open'],
      ['door-1', 'closed'],
    ] as const
    for (const [sensor, saying] of steps) {
      this.saying[sensor] = saying
      this.hear(sensor)
      eachCall()
    }
  }

  run(ms: number, eachCall: () => void): void {
    for (let left = ms; left > 0; left -= 50) {
      this.nowMs += 50
      if (left % 100 === 0) {
        for (const sensor of SENSORS) {
          if (this.silent.has(sensor)) continue
          this.hear(sensor)
          eachCall()
        }
      }
      this.put(TICK)
      eachCall()
    }
  }

  /** The lamp's sensors tell the truth, unless they are told to lie. */
  #word(sensor: SensorName): string {
    if (sensor !== 'lampOutput' && sensor !== 'lampCurrent') return this.saying[sensor]!
    const isLit = this.both.state.isLampOn !== (this.saying[sensor] === 'lit')
    return isLit ? 'lit' : 'dark'
  }
}

describe('for any long trace in real time, with any number of faults', () => {
  type Action =
    | { readonly kind: 'light' }
    | { readonly kind: 'run'; readonly ms: number }
    | { readonly kind: 'jump'; readonly ms: number }
    | { readonly kind: 'command'; readonly input: SupervisorInput }
    | { readonly kind: 'sensor'; readonly sensor: SensorName; readonly saying: number }
  const action: fc.Arbitrary<Action> = fc.oneof(
    { weight: 1, arbitrary: fc.constant<Action>({ kind: 'light' }) },
    {
      weight: 5,
      arbitrary: fc.constantFrom(50, 150, 400, 700, 3100).map((ms) => ({ kind: 'run' as const, ms })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(-5000, -400, 500, 9000).map((ms) => ({ kind: 'jump' as const, ms })),
    },
    {
      weight: 4,
      arbitrary: fc
        .constantFrom(...Object.values(COMMANDS))
        .map((input) => ({ kind: 'command' as const, input })),
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.constantFrom(...SENSORS), fc.integer({ min: -1, max: 3 }))
        .map(([sensor, saying]) => ({ kind: 'sensor' as const, sensor, saying })),
    },
  )

  it('keeps every rule, and comes by no state with one fault or none that the walk does not know', () => {
    const walk = walkOfReal()
    let calls = 0
    let litCalls = 0
    let manyFaultCalls = 0
    let compared = 0
    fc.assert(
      fc.property(fc.array(action, { minLength: 30, maxLength: 100 }), (actions) => {
        const real = new RealTime()
        const compare = () => {
          const { state, world } = real.both
          if (firstUnheard(world) !== null || faultsOf(world) > 1 || real.hadManyFaults) return
          compared += 1
          const seen = { state: rebased(state, real.nowMs), world }
          if (!walk.knows(seen)) throw new BrokenRule(`the walk does not know ${JSON.stringify(seen)}`)
        }
        real.run(100, () => {})
        for (const next of actions) {
          switch (next.kind) {
            case 'light':
              // A safe room and the whole order at once, so that random traces do reach a lit lamp.
              real.silent.clear()
              for (const sensor of SENSORS) real.saying[sensor] = SAYINGS[sensor][0]
              for (const name of ['watch', 'resume', 'release button']) real.put(COMMANDS[name]!)
              real.run(700, compare)
              for (const name of ['checklist', 'press button', 'release button']) {
                real.put(COMMANDS[name]!)
                compare()
              }
              real.walkOut(compare)
              real.put(COMMANDS['start']!)
              compare()
              real.run(SUPERVISOR_LIMITS.exitDelayMs, compare)
              real.put(COMMANDS['want light']!)
              break
            case 'run':
              real.run(next.ms, compare)
              break
            case 'jump':
              real.nowMs += next.ms
              real.put(TICK)
              break
            case 'command':
              real.put(next.input)
              break
            case 'sensor': {
              const { sensor, saying } = next
              const sayings = SAYINGS[sensor]
              if (saying < 0) real.silent.add(sensor)
              else {
                real.silent.delete(sensor)
                real.saying[sensor] = sayings[saying % sayings.length]!
              }
              break
            }
          }
          compare()
        }
        calls += real.calls
        litCalls += real.litCalls
        manyFaultCalls += real.manyFaultCalls
      }),
      { numRuns: 40 },
    )
    console.log(
      `supervisor, random traces: ${calls} calls, ${litCalls} of them lit, ${manyFaultCalls} with three faults or more, ${compared} states compared with the walk`,
    )
    // A rule about a lamp that never burns would prove nothing.
    expect(litCalls).toBeGreaterThan(500)
    expect(manyFaultCalls).toBeGreaterThan(500)
  }, 120_000)
})
