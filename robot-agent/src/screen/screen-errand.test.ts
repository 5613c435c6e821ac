import { DECONTAMINATION_CHECKLIST } from '@wardlight/core/fleet'
import { afterEach, describe, expect, it } from 'vitest'
import { decontaminationOrder, dockOrder, STATION, visitOrder } from '../testing/errand-order.ts'
import { benchScreen } from '../testing/bench-screen.ts'
import { createBench } from '../testing/robot-bench.ts'
import type { RobotScreen } from './robot-screen.ts'
import { answerErrand } from './screen-errand.ts'
import type { ScreenMode } from './screen-view.ts'

let bench = createBench()
afterEach(() => bench.stop())

function begin(order: ReturnType<typeof dockOrder>) {
  bench = createBench()
  bench.hardware.batteryFraction = 0.4
  bench.start()
  expect(bench.orders.take(order)).toBeNull()
  return benchScreen(bench)
}

function seen(screen: RobotScreen, until: () => boolean, limitS = 60): ScreenMode[] {
  const modes: ScreenMode[] = []
  bench.until(() => {
    const { mode } = screen.view()
    if (mode !== modes.at(-1)) modes.push(mode)
    return until()
  }, limitS)
  return modes
}

describe("what the robot's screen shows of an errand", () => {
  it('of a dock: the way, the dock, and how far it is charged', () => {
    const screen = begin(dockOrder())
    expect(seen(screen, () => screen.view().mode === 'charging')).toEqual(['driving', 'docking', 'charging'])
    expect(screen.view().errand).toMatchObject({ subject: 'dock-a', chargePercent: 40, ask: null })
    bench.hardware.batteryFraction = 0.96
    bench.clock.advance(3000)
    expect(screen.view()).toMatchObject({ mode: 'idle', errand: null })
  })

  it('of a robot to be wiped: where it was, and the checklist; then that it is clean', () => {
    const screen = begin(decontaminationOrder())
    seen(screen, () => screen.view().mode === 'wiping')
    const items = DECONTAMINATION_CHECKLIST.map(({ id }) => id)
    expect(screen.view().errand).toMatchObject({
      subject: 'isolation 3',
      reason: 'mrsa',
      items,
      ask: 'wiped',
    })
    const answer = { type: 'wiped', missionId: 'clean-1', by: 'Ms. Adeyemi', items } as const
    expect(answerErrand(bench.orders.errand, { ...answer, items: [] })).toContain('not everything')
    expect(answerErrand(bench.orders.errand, answer)).toBeNull()
    expect(screen.view()).toMatchObject({ mode: 'idle', errand: null })
  })

  it('of one that was not decontaminated: that it still carries what it came with', () => {
    const screen = begin(decontaminationOrder(STATION))
    seen(screen, () => screen.view().mode === 'station')
    bench.orders.cancel()
    expect(screen.view()).toMatchObject({ mode: 'contaminated', errand: { subject: 'isolation 3' } })
  })

  it('of a visit: who comes, the question, who drives, and how to end it', () => {
    const screen = begin(visitOrder())
    seen(screen, () => screen.view().mode === 'announcing')
    expect(screen.view().errand).toMatchObject({ subject: 'Dr. Weber', reason: 'round', ask: 'consent' })
    const consent = { type: 'consent', missionId: 'visit-1', isConsent: true } as const
    expect(answerErrand(bench.orders.errand, { ...consent, missionId: 'yesterday' })).toBe('it is over')
    expect(answerErrand(bench.orders.errand, consent)).toBeNull()
    bench.clock.advance(500)
    expect(screen.view()).toMatchObject({ mode: 'visit', errand: { driver: null, ask: 'endVisit' } })
    const { errand } = bench.orders
    if (errand?.kind === 'visit') errand.handOver('s-1', 'Dr. Weber')
    expect(screen.view().errand).toMatchObject({ driver: 'Dr. Weber' })
    expect(answerErrand(errand, { type: 'endVisit', missionId: 'visit-1' })).toBeNull()
    bench.until(() => bench.orders.isIdle, 10)
    expect(screen.view()).toMatchObject({ mode: 'idle', errand: null })
  })

  it('says keep out before anything else when the lamp does not say that it is dark', () => {
    const screen = begin(visitOrder())
    seen(screen, () => screen.view().mode === 'announcing')
    bench.hardware.tubeOutput = Array.from({ length: 8 }, () => 1)
    bench.clock.advance(1000)
    expect(screen.view().mode).toBe('keepOut')
  })

  it('says that it is stopped while a visit is held', () => {
    const screen = begin(visitOrder())
    seen(screen, () => screen.view().mode === 'announcing')
    answerErrand(bench.orders.errand, { type: 'consent', missionId: 'visit-1', isConsent: true })
    bench.hardware.setEmergencyStop(true)
    expect(screen.view()).toMatchObject({
      mode: 'stopped',
      blockers: expect.arrayContaining(['the emergency stop is pressed']) as string[],
    })
  })
})
