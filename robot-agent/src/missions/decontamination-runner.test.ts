import {
  DECONTAMINATION_CHECKLIST,
  DecontaminationReportSchema,
  type DecontaminationReport,
} from '@wardlight/core/fleet'
import { Value } from 'typebox/value'
import { afterEach, describe, expect, it } from 'vitest'
import { decontaminationOrder, STATION } from '../testing/errand-order.ts'
import { createBench, uvOrder } from '../testing/robot-bench.ts'

let bench: ReturnType<typeof createBench>
afterEach(() => {
  bench.stop()
  if (bench.failures.length > 0) throw bench.failures[0]
})

const ALL = DECONTAMINATION_CHECKLIST.map(({ id }) => id)
const phase = () => bench.orders.errand?.phase

function begun(order = decontaminationOrder()) {
  bench = createBench()
  bench.start()
  expect(bench.orders.take(order)).toBeNull()
  bench.until(() => phase() === 'wiping' || phase() === 'standing', 60)
}

function errand() {
  const { errand } = bench.orders
  if (errand?.kind !== 'decontamination') throw new Error('no decontamination')
  return errand
}

function report(): DecontaminationReport {
  const state = bench.orders.context.actionStates.find(({ actionId }) => actionId === 'act-clean')!
  const told = JSON.parse(state.actionResult ?? 'null') as DecontaminationReport
  expect(Value.Check(DecontaminationReportSchema, told)).toBe(true)
  return told
}

describe('a robot that is to be decontaminated', () => {
  it('is clean when a person has confirmed the whole checklist by name, and says who and when', () => {
    begun()
    bench.clock.advance(600_000)
    const nowEpochMs = bench.clock.epochMs()
    expect(errand().confirm('Ms. Adeyemi', ALL)).toBeNull()
    expect(report()).toMatchObject({
      verdict: 'completed',
      end: 'decontaminated',
      isContaminated: false,
      by: 'Ms. Adeyemi',
      doneAtEpochMs: nowEpochMs,
      items: ALL,
      zone: 'isolation 3',
      organism: 'mrsa',
    })
    expect(bench.orders.errand?.errors).toEqual([])
  })

  it.each([
    ['without a name', ' ', ALL, 'name'],
    ['with an item that is lacking', 'Ms. Adeyemi', ALL.slice(1), 'not everything'],
    ['with nothing', 'Ms. Adeyemi', [], 'not everything'],
  ])('does not count a confirmation %s', (_, by, items, why) => {
    begun()
    expect(errand().confirm(by, items)).toContain(why)
    expect(phase()).toBe('wiping')
  })

  it('is not confirmed on its way, nor in the station', () => {
    bench = createBench()
    bench.start()
    bench.orders.take(decontaminationOrder())
    expect(errand().confirm('Ms. Adeyemi', ALL)).toContain('does not wait')
    bench.stop()
    begun(decontaminationOrder(STATION))
    expect(errand().confirm('Ms. Adeyemi', ALL)).toContain('does not wait')
  })

  it('stands in the station for the whole time, dark itself, and names the station', () => {
    begun(decontaminationOrder(STATION))
    bench.clock.advance(119_000)
    expect(phase()).toBe('standing')
    bench.clock.advance(1500)
    expect(report()).toMatchObject({
      verdict: 'completed',
      by: 'station-1',
      stationS: 120,
      method: 'uvStation',
    })
    expect(bench.hardware.litS).toBe(0)
  })

  it('begins its time in the station anew after a pause or a stop', () => {
    begun(decontaminationOrder(STATION))
    bench.clock.advance(100_000)
    bench.orders.pause()
    expect(phase()).toBe('held')
    bench.orders.resume()
    bench.clock.advance(100_000)
    expect(phase()).toBe('standing')
    bench.hardware.setEmergencyStop(true)
    expect(phase()).toBe('held')
    bench.hardware.setEmergencyStop(false)
    bench.orders.resume()
    bench.clock.advance(119_000)
    expect(phase()).toBe('standing')
    bench.clock.advance(2000)
    expect(report().isContaminated).toBe(false)
  })

  it('stays contaminated when it is pushed out of the station', () => {
    begun(decontaminationOrder(STATION))
    bench.clock.advance(60_000)
    bench.hardware.pose = { ...bench.hardware.pose, x: bench.hardware.pose.x + 0.4 }
    bench.clock.advance(1000)
    expect(report()).toMatchObject({ verdict: 'aborted', end: 'leftStation', isContaminated: true, by: null })
  })

  it.each([
    ['wiped', decontaminationOrder()],
    ['in the station', decontaminationOrder(STATION)],
  ])('stays contaminated when it is cancelled while it is %s', (_, order) => {
    begun(order)
    bench.orders.cancel()
    expect(bench.orders.isIdle).toBe(true)
    expect(report()).toMatchObject({
      verdict: 'aborted',
      end: 'canceled',
      isContaminated: true,
      by: null,
      doneAtEpochMs: null,
      stationS: 0,
    })
    expect(bench.orders.errand?.errors).toMatchObject([{ errorType: 'STILL_CONTAMINATED' }])
  })

  it('stays contaminated when nobody confirms', () => {
    begun()
    bench.clock.advance(61 * 60_000)
    expect(report()).toMatchObject({ end: 'notConfirmed', isContaminated: true })
  })

  it('does nothing else before it ended: it drives not on, takes no other order, and is not armed', () => {
    begun(decontaminationOrder(undefined, 'errand-order', true))
    const { drives } = bench.hardware
    bench.clock.advance(120_000)
    expect(bench.hardware.drives).toBe(drives)
    expect(bench.orders.take(uvOrder({ orderId: 'other' }))).toMatchObject({
      errorType: 'OTHER_ORDER_ACTIVE',
    })
    expect(bench.arm().some(({ type }) => type === 'armingAdvanced')).toBe(false)
    expect(errand().confirm('Ms. Adeyemi', ALL)).toBeNull()
    bench.until(() => bench.orders.isIdle, 60)
    expect(bench.hardware.drives).toBe(drives + 1)
  })
})
