import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { PeroxidePhase } from '@wardlight/core/fleet'
import { ROBOT_TOPICS } from '@wardlight/core/ros'
import { benchScreen } from '../testing/bench-screen.ts'
import { createBench, uvOrder } from '../testing/robot-bench.ts'
import { screenViewOf, type ScreenMode } from './screen-view.ts'

let bench = createBench()
afterEach(() => bench.stop())

/** A robot with an order, or without one, and what its screen shows. Nothing is served. */
function begin(order: ReturnType<typeof uvOrder> | null = uvOrder()) {
  bench = createBench()
  bench.start()
  if (order !== null) bench.orders.take(order)
  const screen = benchScreen(bench)
  return screen
}

describe("what the robot's screen shows", () => {
  it('follows a treatment from the way to the verdict', () => {
    const screen = begin()
    const modes: ScreenMode[] = []
    const look = () => {
      const { mode } = screen.view()
      if (mode !== modes.at(-1)) modes.push(mode)
      return bench.report !== null
    }
    look()
    bench.until(() => look() || bench.phase === 'awaitingArming', 60)
    bench.clock.advance(1500)
    expect(screen.view()).toMatchObject({ arming: 'locked', blockers: [], armBy: 'robotButton' })
    bench.arm()
    expect(screen.view()).toMatchObject({ mode: 'leaveNow', countdownS: 8 })
    bench.until(look, 3000)
    expect(modes).toEqual([
      'driving',
      'looking',
      'awaitingArming',
      'leaveNow',
      'keepOut',
      'checking',
      'finished',
    ])
    expect(screen.view()).toMatchObject({ verdict: 'proven', remainingS: null, lamp: 'dark' })
  })

  it('says keep out through the whole treatment, between two stops and in the afterglow as well', () => {
    const screen = begin()
    bench.until(() => bench.phase === 'awaitingArming', 60)
    bench.clock.advance(1500)
    bench.arm()
    bench.until(() => bench.phase === 'dosing', 60)
    let darkInTreatment = 0
    bench.until(() => {
      const isOver = bench.phase !== 'dosing'
      if (bench.hardware.isLit || !isOver) expect(screen.view().mode).toBe('keepOut')
      if (!bench.hardware.isLit && !isOver) darkInTreatment += 1
      return isOver
    }, 3000)
    expect(darkInTreatment).toBeGreaterThan(10)
  })

  const ERRAND = {
    missionId: 'm',
    kind: 'visit' as const,
    subject: 'Dr. Okafor',
    reason: null,
    driver: null,
    chargePercent: null,
    items: [],
    ask: null,
  }
  const CYCLE = {
    missionId: 'm',
    phase: 'aerating' as PeroxidePhase,
    arming: 'locked' as const,
    isGassed: true,
    mustEvacuate: false,
    countdownS: null,
    remainingS: 1234.2,
    blockers: ['why'],
    interlocks: [
      { at: 10, kind: 'door.opened' as const, detail: 'the door is open', wasGassing: true },
      { at: 900, kind: 'gas.evacuate' as const, detail: '2.4 ppm at outside', wasGassing: false },
    ],
  }
  const gasView = (cycle: Partial<NonNullable<Parameters<typeof screenViewOf>[0]['peroxide']>>) =>
    screenViewOf({
      robotName: 'hpv-01',
      isIdle: false,
      mission: null,
      peroxide: { ...CYCLE, ...cycle },
      verdict: null,
      supervisor: bench.supervisor.state,
      nowMs: 0,
      armBy: 'robotButton',
    })

  it('drives everybody out when the mission says so, with the reason, before anything else', () => {
    begin(null)
    for (const phase of ['gassing', 'aerating', 'verifying', 'interrupted'] as const) {
      expect(gasView({ phase, mustEvacuate: true })).toMatchObject({
        mode: 'evacuate',
        causes: [{ kind: 'gas.evacuate', detail: '2.4 ppm at outside' }],
      })
    }
    // It is taken back by the end of the mission, and by nothing before.
    expect(gasView({ phase: 'finished', mustEvacuate: true, isGassed: false }).mode).not.toBe('evacuate')
  })

  it('says of gas what it does, for how long at a guess, and why it does not start', () => {
    begin(null)
    expect(gasView({})).toMatchObject({ mode: 'gas', gasPhase: 'aerating', remainingS: 1235 })
    expect(
      gasView({ phase: 'awaitingArming', isGassed: false, countdownS: 1700.4, remainingS: null }),
    ).toMatchObject({ gasPhase: 'awaitingArming', countdownS: 1701, remainingS: null, blockers: ['why'] })
  })

  it.each<[PeroxidePhase, boolean, ScreenMode]>([
    ['traveling', false, 'driving'],
    ['awaitingArming', false, 'awaitingArming'],
    ['exitDelay', false, 'leaveNow'],
    ['exitDelay', true, 'gas'],
    ['isolating', false, 'gas'],
    ['gassing', true, 'gas'],
    ['dwelling', true, 'gas'],
    ['aerating', true, 'gas'],
    ['verifying', true, 'gas'],
    ['interrupted', false, 'interrupted'],
    ['finished', false, 'finished'],
    // Whatever else: gas is gas.
    ['finished', true, 'gas'],
    ['interrupted', true, 'gas'],
  ])('of a mission with gas that is %s, gassed: %s, it says %s', (phase, isGassed, mode) => {
    const { view, state } = { view: begin(null).view(), state: bench.supervisor.state }
    expect(view.mode).not.toBe('gas')
    const shown = screenViewOf({
      robotName: 'hpv-01',
      isIdle: false,
      mission: null,
      peroxide: { ...CYCLE, phase, isGassed },
      verdict: 'incomplete',
      supervisor: { ...state, heardAtMs: { ...state.heardAtMs, lampOutput: 0 } },
      nowMs: 0,
      armBy: 'robotButton',
    })
    expect(shown).toMatchObject({ mode, missionId: 'm' })
  })

  it('says what interrupted, and no more that arming out of order followed', () => {
    const screen = begin()
    bench.until(() => bench.phase === 'awaitingArming', 60)
    bench.clock.advance(1500)
    bench.arm()
    bench.until(() => bench.hardware.isLit, 60)
    bench.hardware.setGuard('door-1', 1)
    bench.hardware.setGuard('door-1', 0)
    bench.clock.advance(600)
    const door = { kind: 'door.opened', detail: 'the door to the corridor is open' }
    expect(screen.view()).toMatchObject({ mode: 'interrupted', causes: [door], lamp: 'dark' })
    bench.hardware.pressArmButton()
    expect(bench.orders.mission!.status().interlocks.at(-1)!.kind).toBe('arming.outOfOrder')
    expect(screen.view().causes).toEqual([door])
  })

  it.each<[string, () => void]>([
    ['a lamp that falls silent', () => bench.hardware.silence(ROBOT_TOPICS.lampOutput)],
    [
      'a lamp that is lit against its order',
      () => {
        bench.hardware.tubeOutput = [1]
      },
    ],
  ])('says keep out of %s, even without an order', (_, happen) => {
    const screen = begin(null)
    expect(screen.view().mode).toBe('idle')
    happen()
    bench.clock.advance(1000)
    expect(screen.view().mode).toBe('keepOut')
  })

  it('knows nothing of a lamp that it has not heard, and says keep out', () => {
    const screen = begin(null)
    const { supervisor } = bench
    const view = screenViewOf({
      robotName: 'x',
      isIdle: true,
      mission: null,
      peroxide: null,
      verdict: null,
      supervisor: { ...supervisor.state, heardAtMs: {} },
      nowMs: bench.clock.monotonicMs(),
      armBy: 'robotButton',
    })
    expect(view).toMatchObject({ mode: 'keepOut', lamp: 'unknown' })
    expect(screen.view().lamp).toBe('dark')
  })

  it('shows announced words while nothing is more urgent, and never over what keeps people out or asks them', () => {
    const screen = begin()
    bench.announcer.show('Robot coming through', null, () => {})
    bench.announcer.show('Mind the robot', null, () => {})
    bench.announcer.show('Robot coming through', null, () => {})
    const words = ['Robot coming through', 'Mind the robot']
    const seen = new Map<ScreenMode, readonly string[]>()
    const look = () => {
      const { mode, announcements } = screen.view()
      seen.set(mode, announcements)
      return bench.report !== null
    }
    bench.until(() => look() || bench.phase === 'awaitingArming', 60)
    bench.clock.advance(1500)
    bench.arm()
    bench.until(look, 3000)
    expect(Object.fromEntries(seen)).toEqual({
      driving: words,
      looking: [],
      awaitingArming: [],
      leaveNow: [],
      keepOut: [],
      checking: [],
      finished: [],
    })
    for (const phase of ['gassing', 'verifying'] as const) {
      const supervisor = bench.supervisor.state
      for (const mustEvacuate of [true, false]) {
        const view = screenViewOf({
          robotName: 'hpv-01',
          isIdle: false,
          mission: null,
          peroxide: { ...CYCLE, phase, mustEvacuate },
          announcements: words,
          verdict: null,
          supervisor,
          nowMs: 0,
          armBy: 'robotButton',
        })
        expect([view.mode, view.announcements]).toEqual([mustEvacuate ? 'evacuate' : 'gas', []])
      }
    }
  })

  it('property: of all that it can say only of doing nothing, driving and charging it gives way to words', () => {
    fc.assert(
      fc.property(
        fc.record({
          isIdle: fc.boolean(),
          phase: fc.constantFrom<PeroxidePhase | null>(
            null,
            'traveling',
            'awaitingArming',
            'exitDelay',
            'gassing',
            'finished',
          ),
          isGassed: fc.boolean(),
          mustEvacuate: fc.boolean(),
          lampOutput: fc.option(fc.constant(0), { nil: undefined }),
          isLampOn: fc.boolean(),
          isPaused: fc.boolean(),
          errandMode: fc.option(
            fc.constantFrom<ScreenMode>(
              'announcing',
              'visit',
              'wiping',
              'station',
              'contaminated',
              'docking',
              'charging',
            ),
          ),
        }),
        ({ isIdle, phase, isGassed, mustEvacuate, lampOutput, isLampOn, isPaused, errandMode }) => {
          const { state } = bench.supervisor
          const heardAtMs = {
            ...state.heardAtMs,
            ...(lampOutput === undefined ? {} : { lampOutput, lampCurrent: 0 }),
          }
          const { mode, announcements } = screenViewOf({
            robotName: 'x',
            isIdle,
            mission: null,
            peroxide: phase === null ? null : { ...CYCLE, phase, isGassed, mustEvacuate },
            errand: errandMode === null ? null : { ...ERRAND, mode: errandMode },
            announcements: ['Robot coming through'],
            verdict: null,
            supervisor: { ...state, heardAtMs, isLampOn, isPaused },
            nowMs: 0,
            armBy: 'screen',
          })
          expect(announcements.length > 0).toBe(['idle', 'driving', 'charging'].includes(mode))
        },
      ),
    )
  })

  it('says that it is stopped, by what, and when it is no more', () => {
    const screen = begin()
    bench.clock.advance(300)
    bench.hardware.setEmergencyStop(true)
    bench.clock.advance(300)
    expect(screen.view()).toMatchObject({ mode: 'stopped', isStopped: false })
    expect(screen.view().blockers).toContain('the emergency stop is pressed')
    bench.hardware.setEmergencyStop(false)
    bench.clock.advance(300)
    expect(screen.view()).toMatchObject({
      mode: 'stopped',
      blockers: ['the robot is paused: resume it first'],
    })
    bench.orders.resume()
    expect(screen.view().mode).toBe('driving')
  })
})
