import { MAX_READING_GAP_MS, OUTSIDE_LIMITS_PPM } from '@wardlight/core/disinfection'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DamperState } from '../robot/ports.ts'
import { GAS_GUARD_LIMITS, guardGas, NO_GAS, type GasGuardInput, type GasGuardState } from './gas-guard.ts'

const CYCLE = {
  missionId: 'mission-1',
  roomId: 'room-1',
  insideSensorIds: ['a', 'b'],
  outsideSensorIds: ['x'],
} as const
const RATE = 20

const sensor = (sensorId: string, ppm: number | null, ageMs = 0): GasGuardInput => ({
  type: 'gasSensors',
  sensors: [{ sensorId, roomId: 'any', ppm, ageMs, bumpTestAgeMs: 0 }],
})
const dampers = (supply: DamperState, exhaust: DamperState): GasGuardInput => ({
  type: 'dampers',
  states: new Map([
    ['room-1/supply', supply],
    ['room-1/exhaust', exhaust],
  ]),
})
const want = (rateGPerMin: number, mustHold = rateGPerMin > 0): GasGuardInput => ({
  type: 'want',
  rateGPerMin,
  mustHold,
})

function run(state: GasGuardState, nowMs: number, ...inputs: readonly GasGuardInput[]) {
  return inputs.reduce((before, input) => guardGas(before, input, nowMs).state, state)
}

const GOOD: readonly GasGuardInput[] = [
  { type: 'permit', reasons: [] },
  dampers('shut', 'shut'),
  sensor('a', 0),
  sensor('b', 0),
  sensor('x', 0),
  { type: 'vaporiserRate', gPerMin: 0 },
]

/** Gas flows at time 1000. */
function flowing(): GasGuardState {
  const state = run(NO_GAS, 1000, { type: 'cycle', cycle: CYCLE }, ...GOOD, want(RATE))
  expect(state.commandedGPerMin).toBe(RATE)
  return state
}

describe('the gas guard', () => {
  it('gives gas when everything speaks for it, and stops when it is wanted no more', () => {
    expect(run(flowing(), 1050, want(0)).commandedGPerMin).toBe(0)
  })

  const reasons: readonly (readonly [string, string, GasGuardInput])[] = [
    ['the supervisor', 'gas.notPermitted', { type: 'permit', reasons: ['a door is open'] }],
    ['the supply damper', 'hvac.unsealed', dampers('moving', 'shut')],
    ['the exhaust damper', 'hvac.unsealed', dampers('shut', 'lost')],
    ['a sensor in the room', 'gasSensor.lost', sensor('a', null)],
    ['gas outside', 'gas.leak', sensor('x', 1.05)],
    ['much gas outside', 'gas.evacuate', sensor('x', 2.05)],
    ['a sensor outside that has no reading', 'gas.leak', sensor('x', null)],
  ]
  it.each(reasons)('%s stops it within the message, once and for all', (_, kind, input) => {
    const stopped = guardGas(flowing(), input, 1050)
    expect(stopped.state.commandedGPerMin).toBe(0)
    expect(stopped.facts[0]).toMatchObject({ type: 'gasTripped', kind, wasGassing: true })
    // All is well again, and it is wanted again: not in this cycle.
    expect(run(stopped.state, 1100, ...GOOD, want(RATE)).commandedGPerMin).toBe(0)
    expect(
      run(stopped.state, 1100, { type: 'cycle', cycle: CYCLE }, ...GOOD, want(RATE)).commandedGPerMin,
    ).toBe(RATE)
  })

  it.each([
    ['dampers', 'hvac.unsealed', GAS_GUARD_LIMITS.staleMs],
    ['vaporiserRate', 'vaporiser.linkLost', GAS_GUARD_LIMITS.staleMs],
    ['a', 'gasSensor.lost', MAX_READING_GAP_MS],
    ['x', 'gas.leak', MAX_READING_GAP_MS],
  ])('silence of %s stops it', (silent, kind, limitMs) => {
    let state = flowing()
    let tripped: string | null = null
    let nowMs = 1000
    for (; tripped === null && nowMs < 20_000;) {
      nowMs += GAS_GUARD_LIMITS.stepMs
      const speaking = GOOD.filter(
        (input) =>
          input.type !== silent && !(input.type === 'gasSensors' && input.sensors[0]!.sensorId === silent),
      )
      for (const input of [...speaking, { type: 'tick' } as const]) {
        const step = guardGas(state, input, nowMs)
        state = step.state
        tripped ??= step.facts[0]?.kind ?? null
      }
    }
    expect(tripped).toBe(kind)
    expect(state.commandedGPerMin).toBe(0)
    expect(nowMs - 1000).toBeLessThanOrEqual(limitMs + GAS_GUARD_LIMITS.stepMs)
  })

  it('an old reading that is told again and again is no reading', () => {
    const state = run(flowing(), 1400, dampers('shut', 'shut'), sensor('a', 0, 6000), {
      type: 'vaporiserRate',
      gPerMin: RATE,
    })
    // The reading of time 1000 still counts, and the older one does not make it younger.
    expect(state.commandedGPerMin).toBe(RATE)
    let aged = state
    for (let nowMs = 1450; nowMs <= 6100; nowMs += 50) {
      const rest = GOOD.filter(
        (input) => !(input.type === 'gasSensors' && input.sensors[0]!.sensorId === 'a'),
      )
      aged = run(aged, nowMs, ...rest, sensor('a', 0, nowMs - 1000))
    }
    expect(aged.commandedGPerMin).toBe(0)
  })

  it('a guard that stood still does not go on as if nothing were', () => {
    const { state, facts } = guardGas(flowing(), { type: 'tick' }, 1000 + GAS_GUARD_LIMITS.stallMs + 1)
    expect(facts[0]).toMatchObject({ kind: 'gas.stalled' })
    expect(state.commandedGPerMin).toBe(0)
    expect(guardGas(flowing(), { type: 'tick' }, 900).facts[0]).toMatchObject({ kind: 'gas.stalled' })
  })

  it('tells of output that nobody commanded, and of a leak while the room is only aired', () => {
    const off = run(flowing(), 1050, want(0, false))
    const late = 1050 + GAS_GUARD_LIMITS.afterflowMs + 1
    const fed = (nowMs: number) => run(off, nowMs, sensor('x', 0))
    expect(guardGas(fed(late), { type: 'vaporiserRate', gPerMin: 3 }, late).facts[0]).toMatchObject({
      kind: 'vaporiser.stuckOn',
      wasGassing: false,
    })
    expect(guardGas(fed(late), sensor('x', 2.2), late).facts[0]).toMatchObject({ kind: 'gas.evacuate' })
    // Dampers may open then, and people may be about.
    expect(guardGas(fed(late), dampers('open', 'open'), late).facts).toEqual([])
  })

  it('whatever happens in whichever order: gas only while all of it was said just now', () => {
    const ppm = fc.constantFrom(null, 0, 0.3, 1, 1.01, 2.5, 300, Number.NaN, -1)
    const damper = fc.constantFrom<DamperState>('shut', 'open', 'moving', 'faulty', 'lost')
    const input: fc.Arbitrary<GasGuardInput> = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...GOOD) },
      { weight: 3, arbitrary: fc.constant(want(RATE)) },
      { weight: 3, arbitrary: fc.constant({ type: 'tick' as const }) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom('a', 'b', 'x', 'y'), ppm, fc.nat(7000))
          .map(([id, value, age]) => sensor(id, value, age)),
      },
      { weight: 1, arbitrary: fc.tuple(damper, damper).map(([supply, exhaust]) => dampers(supply, exhaust)) },
      { weight: 1, arbitrary: fc.constantFrom(want(0), want(Number.NaN), want(Infinity), want(0, true)) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          { type: 'permit' as const, reasons: ['someone'] },
          { type: 'vaporiserRate' as const, gPerMin: Number.NaN },
        ),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          { type: 'cycle' as const, cycle: CYCLE },
          { type: 'cycle' as const, cycle: null },
        ),
      },
    )
    const burst: fc.Arbitrary<readonly GasGuardInput[]> = fc.oneof(
      { weight: 1, arbitrary: fc.constant([{ type: 'cycle' as const, cycle: CYCLE }, ...GOOD, want(RATE)]) },
      { weight: 4, arbitrary: fc.constant(GOOD) },
      { weight: 2, arbitrary: input.map((one) => [one]) },
    )
    let flowed = 0
    fc.assert(
      fc.property(fc.array(fc.tuple(burst, fc.integer({ min: 0, max: 300 })), { maxLength: 60 }), (trace) => {
        let state = run(NO_GAS, 0, { type: 'cycle', cycle: CYCLE })
        let nowMs = 0
        // What was said, kept apart from the guard.
        let cycle: typeof CYCLE | null = CYCLE
        let permitted = false
        let shutAtMs = -Infinity
        let rateAtMs = -Infinity
        let insideAtMs = new Map<string, number>()
        let outsideAtMs = 0
        let isSmelt = false
        let isWanted = false
        for (const [one, gapMs] of trace.flatMap(([inputs, gap]) =>
          inputs.map((each, index) => [each, index === 0 ? gap : 0] as const),
        )) {
          nowMs += gapMs
          state = guardGas(state, one, nowMs).state
          if (one.type === 'cycle') {
            cycle = one.cycle as typeof CYCLE | null
            insideAtMs = new Map()
            ;[outsideAtMs, isSmelt, isWanted] = [nowMs, false, false]
          } else if (one.type === 'permit') permitted = one.reasons.length === 0
          else if (one.type === 'dampers') {
            shutAtMs = [...one.states.values()].every((damperState) => damperState === 'shut')
              ? nowMs
              : -Infinity
          } else if (one.type === 'vaporiserRate' && Number.isFinite(one.gPerMin)) rateAtMs = nowMs
          else if (one.type === 'want') isWanted = one.rateGPerMin === RATE
          else if (one.type === 'gasSensors') {
            const { sensorId, ppm: value, ageMs } = one.sensors[0]!
            if (sensorId === 'x') {
              if (value === null || !(value >= 0 && value <= OUTSIDE_LIMITS_PPM.stopGas)) isSmelt = true
              else outsideAtMs = Math.max(outsideAtMs, nowMs - ageMs)
            } else if (value === null) insideAtMs.delete(sensorId)
            else insideAtMs.set(sensorId, Math.max(insideAtMs.get(sensorId) ?? -Infinity, nowMs - ageMs))
          }
          if (state.commandedGPerMin === 0) continue
          flowed += 1
          expect(state.commandedGPerMin).toBe(RATE)
          expect(cycle !== null && permitted && isWanted && !isSmelt).toBe(true)
          expect(nowMs - shutAtMs).toBeLessThanOrEqual(GAS_GUARD_LIMITS.staleMs)
          expect(nowMs - rateAtMs).toBeLessThanOrEqual(GAS_GUARD_LIMITS.staleMs)
          for (const id of ['a', 'b']) {
            expect(nowMs - insideAtMs.get(id)!).toBeLessThanOrEqual(MAX_READING_GAP_MS)
          }
          expect(nowMs - outsideAtMs).toBeLessThanOrEqual(MAX_READING_GAP_MS)
        }
      }),
      { numRuns: 600 },
    )
    expect(flowed).toBeGreaterThan(500)
  })
})
