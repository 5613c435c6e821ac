import { DockReportSchema, type DockReport } from '@wardlight/core/fleet'
import { Value } from 'typebox/value'
import { afterEach, describe, expect, it } from 'vitest'
import { dockOrder, errandAction, errandOrder } from '../testing/errand-order.ts'
import { createBench, uvOrder } from '../testing/robot-bench.ts'

let bench: ReturnType<typeof createBench>
afterEach(() => {
  bench.stop()
  if (bench.failures.length > 0) throw bench.failures[0]
})

function taken(order = dockOrder(), set: (hardware: typeof bench.hardware) => void = () => {}) {
  bench = createBench()
  bench.hardware.batteryFraction = 0.4
  set(bench.hardware)
  bench.start()
  expect(bench.orders.take(order)).toBeNull()
}

const phase = () => bench.orders.errand?.phase
const inPhase = (wanted: string, limitS = 60) => bench.until(() => phase() === wanted, limitS)
const state = () => bench.orders.context.actionStates.find(({ actionId }) => actionId === 'act-dock')!

function report(): DockReport {
  const told = JSON.parse(state().actionResult ?? 'null') as DockReport
  expect(Value.Check(DockReportSchema, told)).toBe(true)
  return told
}

/** As a charger does, so much a second. */
function charge(toFraction: number, perS = 0.01) {
  while (bench.hardware.batteryFraction < toFraction) {
    bench.hardware.batteryFraction += perS
    bench.clock.advance(1000)
  }
  bench.clock.advance(2000)
}

describe('a robot that is sent into its dock', () => {
  it('docks, charges to the level that was asked for, and tells of it', () => {
    taken()
    inPhase('charging')
    expect(state().actionStatus).toBe('RUNNING')
    expect(bench.orders.errand?.notes).toEqual(['charging in dock-a: 40 %, until 95 %'])
    charge(0.96)
    expect(state().actionStatus).toBe('FINISHED')
    expect(report()).toMatchObject({
      verdict: 'completed',
      end: 'charged',
      tries: 1,
      fromFraction: 0.4,
      isDocked: true,
    })
    expect(report().toFraction).toBeGreaterThanOrEqual(0.95)
    expect(bench.orders.isIdle).toBe(true)
  })

  it('comes out of its dock before it drives anywhere', () => {
    taken(dockOrder({ untilPercent: undefined }))
    bench.until(() => bench.orders.isIdle, 60)
    const { drives } = bench.hardware
    const { x, y } = bench.hardware.pose
    const order = uvOrder({ orderId: 'next' })
    order.nodes[0]!.nodePosition = { x, y, mapId: 'L1' }
    order.nodes[1]!.nodePosition = { x: -2, y: 1, theta: 0, mapId: 'L1' }
    order.nodes[1]!.actions = []
    expect(bench.orders.take(order)).toBeNull()
    bench.clock.advance(2900)
    expect(bench.hardware.drives).toBe(drives)
    expect(bench.hardware.undocked).toBe(0)
    bench.until(() => bench.orders.isIdle, 60)
    expect(bench.hardware.undocked).toBe(1)
    expect(bench.hardware.pose.x).toBeCloseTo(-2)
  })

  it('that came up in its dock comes out of it as well', () => {
    bench = createBench()
    bench.hardware.isCharging = true
    bench.start()
    expect(bench.orders.take(dockOrder())).toBeNull()
    bench.clock.advance(1000)
    expect(bench.hardware.drives).toBe(0)
    bench.until(() => bench.hardware.drives === 1, 10)
    expect(bench.hardware.undocked).toBe(1)
  })

  it('tries again where no current flows, and then says that it does not charge', () => {
    taken(dockOrder(), (hardware) => {
      hardware.docking = 'doesNotCharge'
    })
    bench.until(() => bench.orders.isIdle, 120)
    expect(state().actionStatus).toBe('FAILED')
    expect(report()).toMatchObject({ verdict: 'aborted', end: 'doesNotCharge', tries: 2, isDocked: true })
    expect(bench.hardware.undocked).toBe(1)
    expect(bench.orders.errand?.errors).toMatchObject([{ errorType: 'DOCKING_FAILED', errorLevel: 'URGENT' }])
  })

  it('says so when current flows and the charge does not rise', () => {
    taken()
    inPhase('charging')
    bench.clock.advance(21 * 60_000)
    expect(report()).toMatchObject({ end: 'doesNotCharge', isDocked: true })
  })

  it('goes out and in again when it loses the contact while it charges', () => {
    taken()
    inPhase('charging')
    bench.hardware.isCharging = false
    inPhase('backing', 20)
    inPhase('charging', 60)
    expect(bench.hardware.docked).toBe(2)
    charge(0.96)
    expect(report()).toMatchObject({ end: 'charged', tries: 2 })
  })

  it('says that there is no such dock', () => {
    taken(dockOrder(), (hardware) => {
      hardware.docking = 'notFound'
    })
    bench.until(() => bench.orders.isIdle, 60)
    expect(report()).toMatchObject({ end: 'dockNotFound', isDocked: false })
  })

  it('gives a docking server up that does not answer', () => {
    taken(dockOrder(), (hardware) => {
      hardware.docking = 'deaf'
    })
    bench.until(() => bench.orders.isIdle, 600)
    expect(report()).toMatchObject({ end: 'outOfReach', tries: 2 })
  })

  it('stands still for an emergency stop on its way into the dock, until somebody resumes it', () => {
    taken()
    inPhase('approaching')
    bench.clock.advance(1000)
    bench.hardware.setEmergencyStop(true)
    expect(phase()).toBe('held')
    bench.orders.resume()
    bench.hardware.setEmergencyStop(false)
    bench.clock.advance(60_000)
    expect(phase()).toBe('held')
    expect(bench.hardware.docked).toBe(1)
    bench.orders.resume()
    inPhase('charging')
  })

  it('is held by a pause on its way into the dock', () => {
    taken()
    inPhase('approaching')
    bench.orders.pause()
    expect(phase()).toBe('held')
    expect(state().actionStatus).toBe('PAUSED')
    bench.clock.advance(30_000)
    expect(bench.hardware.isCharging).toBe(false)
    bench.orders.resume()
    inPhase('charging')
    expect(state().actionStatus).toBe('RUNNING')
  })

  it('stays in the dock when it is cancelled while it charges, and is free', () => {
    taken()
    inPhase('charging')
    bench.orders.cancel()
    expect(bench.orders.isIdle).toBe(true)
    expect(report()).toMatchObject({ verdict: 'aborted', end: 'canceled', isDocked: true })
    expect(bench.hardware.undocked).toBe(0)
  })

  it('cannot be armed meanwhile', () => {
    taken()
    inPhase('charging')
    expect(bench.checklist()).toMatchObject([{ type: 'armingRefused' }])
  })
})

describe('an order with an errand is refused', () => {
  it.each([
    ['without a name of its dock', errandAction('dock', 'a', { missionId: 'm' }), 'dockId'],
    [
      'with a level that is none',
      errandAction('dock', 'a', { missionId: 'm', dockId: 'd', untilPercent: 140 }),
      'untilPercent',
    ],
    [
      'with a dock pose that is none',
      errandAction('dock', 'a', { missionId: 'm', dockId: 'd', dockPose: { x: 1 } }),
      'dockPose',
    ],
    ['without a mission', errandAction('dock', 'a', { dockId: 'd' }), 'missionId'],
    [
      'with a way to decontaminate that is none',
      errandAction('decontaminate', 'a', { missionId: 'm', zone: 'z', method: 'ownLamp' }),
      'wipe or uvStation',
    ],
    [
      'with a station without a time',
      errandAction('decontaminate', 'a', { missionId: 'm', zone: 'z', method: 'uvStation' }),
      'stationS',
    ],
    ['with a visit of nobody', errandAction('startTelepresence', 'a', { missionId: 'm' }), 'visitor'],
    [
      'that is not HARD',
      { ...errandAction('dock', 'a', { missionId: 'm', dockId: 'd' }), blockingType: 'NONE' as const },
      'HARD',
    ],
  ])('%s', (_, action, why) => {
    bench = createBench()
    bench.start()
    expect(bench.orders.take(errandOrder(action))).toMatchObject({
      errorType: 'INVALID_ORDER_ACTION',
      errorDescription: expect.stringContaining(why) as string,
    })
  })

  it('that is not alone on its node', () => {
    bench = createBench()
    bench.start()
    const order = dockOrder()
    order.nodes[1]!.actions.push(...uvOrder().nodes[1]!.actions)
    expect(bench.orders.take(order)).toMatchObject({ errorType: 'INVALID_ORDER_ACTION' })
  })
})
