import { VisitReportSchema, type VisitReport } from '@wardlight/core/fleet'
import { ROBOT_TOPICS } from '@wardlight/core/ros'
import { Value } from 'typebox/value'
import { afterEach, describe, expect, it } from 'vitest'
import type { DriveCommand } from '../telepresence/drive-gate.ts'
import { visitOrder } from '../testing/errand-order.ts'
import { createBench } from '../testing/robot-bench.ts'

let bench: ReturnType<typeof createBench>
afterEach(() => {
  bench.stop()
  if (bench.failures.length > 0) throw bench.failures[0]
})

const phase = () => bench.orders.errand?.phase
let sequence = 0

function visit() {
  const { errand } = bench.orders
  if (errand?.kind !== 'visit') throw new Error('no visit')
  return errand
}

function atBedside(onto = false) {
  sequence = 0
  bench = createBench()
  bench.start()
  expect(bench.orders.take(visitOrder({}, 'errand-order', onto))).toBeNull()
  bench.until(() => phase() === 'announcing', 60)
}

function consented(onto = false) {
  atBedside(onto)
  expect(visit().answer(true, 'Ms. Klein')).toBeNull()
  bench.clock.advance(500)
}

function handedOver() {
  consented()
  expect(visit().handOver('s-1', 'Dr. Weber')).toBeNull()
}

function command(given: Partial<DriveCommand> = {}) {
  sequence += 1
  return visit().drive({
    sessionId: 's-1',
    sequence,
    sentAtEpochMs: bench.clock.epochMs() - 20,
    pictureAgeMs: 60,
    isHeld: true,
    speedMps: 0.4,
    turnRadPerS: 0,
    ...given,
  })
}

/** The driver holds the stick; @returns the speed that was written last. */
function drive(seconds: number, given: Partial<DriveCommand> = {}): number {
  for (let ms = 0; ms < 1000 * seconds; ms += 50) {
    command(given)
    bench.clock.advance(50)
  }
  return written()
}

function driven() {
  handedOver()
  command({ isHeld: false, speedMps: 0 })
  expect(drive(2)).toBeCloseTo(0.4)
}

const written = () => bench.hardware.teleoperation.at(-1)?.speedMps ?? 0

function report(): VisitReport {
  const state = bench.orders.context.actionStates.find(({ actionId }) => actionId === 'act-visit')!
  const told = JSON.parse(state.actionResult ?? 'null') as VisitReport
  expect(Value.Check(VisitReportSchema, told)).toBe(true)
  return told
}

describe('a visit', () => {
  it('drives to the bedside, asks, is driven, is given back, and ends; the report says who and when', () => {
    driven()
    expect(visit().driver).toEqual({ sessionId: 's-1', driver: 'Dr. Weber' })
    expect(visit().takeBack('s-1')).toBeNull()
    bench.until(() => phase() === 'autonomous', 5)
    expect(written()).toBe(0)
    expect(visit().end('Dr. Weber')).toBeNull()
    bench.until(() => bench.orders.isIdle, 10)
    const told = report()
    expect(told).toMatchObject({
      verdict: 'completed',
      end: 'ended',
      endedBy: 'Dr. Weber',
      visitor: 'Dr. Weber',
      consent: { isGiven: true, answeredBy: 'Ms. Klein' },
      drives: [{ sessionId: 's-1', driver: 'Dr. Weber' }],
    })
    expect(told.drives[0]!.toEpochMs! - told.drives[0]!.fromEpochMs).toBeGreaterThanOrEqual(2000)
  })

  it('lets nobody drive before there is consent', () => {
    atBedside()
    expect(visit().handOver('s-1', 'Dr. Weber')).toContain('announcing')
    expect(command()).toBe('nobodyHasTheDrive')
    bench.clock.advance(1000)
    expect(bench.hardware.teleoperation.every(({ speedMps }) => speedMps === 0)).toBe(true)
  })

  it('ends when the patient says no, or nobody answers, and says so', () => {
    atBedside()
    expect(visit().answer(false, 'Ms. Klein')).toBeNull()
    expect(report()).toMatchObject({ verdict: 'aborted', end: 'refused', consent: { isGiven: false } })
    bench.stop()
    atBedside()
    bench.clock.advance(5 * 60_000 + 1000)
    expect(report()).toMatchObject({ verdict: 'aborted', end: 'noConsent', consent: null })
  })

  it('has one driver at a time, and hands over only while the robot stands', () => {
    driven()
    expect(visit().handOver('s-2', 'Dr. Osei')).toContain('Dr. Weber drives')
    expect(visit().takeBack('s-2')).toContain('another session')
    expect(command({ sessionId: 's-2' })).toBe('otherSession')
    expect(visit().takeBack('')).toBeNull()
    expect(visit().handOver('s-2', 'Dr. Osei')).toContain('stopping')
    bench.hardware.measuredMps = 0.2
    bench.clock.advance(1000)
    expect(phase()).toBe('stopping')
    bench.hardware.measuredMps = 0
    bench.until(() => phase() === 'autonomous', 5)
    bench.hardware.measuredMps = 0.2
    bench.clock.advance(100)
    expect(visit().handOver('s-2', 'Dr. Osei')).toContain('stands')
    bench.hardware.measuredMps = 0
    bench.clock.advance(100)
    expect(visit().handOver('s-2', 'Dr. Osei')).toBeNull()
    expect(command({ isHeld: false })).toBe('otherSession')
  })

  it('stops within half a second when commands stop coming, and needs a new press', () => {
    driven()
    const lastMs = bench.clock.monotonicMs()
    bench.clock.advance(1500)
    const zero = bench.hardware.teleoperation.find(({ atMs, speedMps }) => atMs > lastMs && speedMps === 0)!
    expect(zero.atMs - lastMs).toBeLessThanOrEqual(500)
    expect(drive(1)).toBe(0)
    command({ isHeld: false })
    expect(drive(1)).toBeGreaterThan(0.3)
  })

  it.each<[string, (hardware: typeof bench.hardware) => void, number]>([
    ['the emergency stop', (hardware) => hardware.setEmergencyStop(true), 0],
    [
      'the bumper',
      (hardware) => {
        hardware.isBumperPressed = true
      },
      100,
    ],
    [
      'a lost place',
      (hardware) => {
        hardware.deviationM = 1
      },
      200,
    ],
    ['a silent localisation', (hardware) => hardware.silence(ROBOT_TOPICS.localisation), 500],
  ])('%s takes the drive and stops the wheels', (_, cause, limitMs) => {
    driven()
    const fromMs = bench.clock.monotonicMs()
    cause(bench.hardware)
    drive(1)
    expect(phase()).toBe('held')
    expect(visit().driver).toBeNull()
    const after = bench.hardware.teleoperation.filter(({ atMs }) => atMs >= fromMs)
    expect(after.find(({ speedMps }) => speedMps === 0)!.atMs - fromMs).toBeLessThanOrEqual(limitMs + 50)
    expect(after.at(-1)!.speedMps).toBe(0)
    expect(command()).toBe('nobodyHasTheDrive')
    expect(visit().handOver('s-1', 'Dr. Weber')).toContain('held')
  })

  it('a stop asked for by a message, and a pause, take the drive as well; resuming hands it to nobody', () => {
    driven()
    bench.supervisor.command({ type: 'requestEmergencyStop', by: 'the ward' })
    expect(phase()).toBe('held')
    expect(written()).toBe(0)
    bench.orders.resume()
    bench.until(() => phase() === 'autonomous', 5)
    expect(visit().driver).toBeNull()
    expect(visit().handOver('s-1', 'Dr. Weber')).toBeNull()
    bench.orders.pause()
    expect(phase()).toBe('held')
    expect(visit().driver).toBeNull()
  })

  it('is never armed, whoever tries, from its first moment to its last', () => {
    bench = createBench()
    bench.start()
    bench.orders.take(visitOrder())
    const tries = () => {
      bench.supervisor.command({
        type: 'watch',
        watch: { missionId: 'visit-1', polygon: ROOM_AROUND, doors: [] },
      })
      bench.arm()
      bench.supervisor.command({ type: 'wantLamp', isWanted: true })
      expect(bench.supervisor.state.armingStep).not.toBe('started')
      expect(bench.supervisor.blockers()).toContain('the robot is on a visit: people are in the room')
      bench.clock.advance(1000)
    }
    tries()
    bench.until(() => phase() === 'announcing', 60)
    tries()
    visit().answer(true, 'Ms. Klein')
    tries()
    expect(visit().handOver('s-1', 'Dr. Weber')).toBeNull()
    tries()
    expect(visit().end('Dr. Weber')).toBeNull()
    tries()
    bench.until(() => bench.orders.isIdle, 10)
    expect(bench.hardware.litS).toBe(0)
    expect(bench.supervisor.blockers()).not.toContain('the robot is on a visit: people are in the room')
  })

  it('puts a lamp out that is lit when one begins', () => {
    bench = createBench()
    bench.start()
    bench.hardware.pose = { x: 1, y: 1, theta: 0 }
    bench.clock.advance(1000)
    bench.supervisor.command({
      type: 'watch',
      watch: { missionId: 'mission-1', polygon: ROOM_AROUND, doors: [] },
    })
    bench.arm()
    bench.supervisor.command({ type: 'wantLamp', isWanted: true })
    bench.clock.advance(9000)
    expect(bench.hardware.isLit).toBe(true)
    bench.supervisor.command({ type: 'visit', isOn: true })
    expect(bench.hardware.isLit).toBe(false)
    expect(bench.supervisor.state.armingStep).toBe('locked')
  })

  it('comes to a stand before the order goes on', () => {
    consented(true)
    expect(visit().handOver('s-1', 'Dr. Weber')).toBeNull()
    command({ isHeld: false })
    drive(1)
    const { drives } = bench.hardware
    bench.hardware.measuredMps = 0.3
    expect(visit().end('the ward')).toBeNull()
    bench.clock.advance(1000)
    expect(phase()).toBe('leaving')
    expect(bench.hardware.drives).toBe(drives)
    bench.hardware.measuredMps = 0
    bench.until(() => bench.orders.isIdle, 30)
    expect(bench.hardware.drives).toBe(drives + 1)
  })

  it('comes to a stand when its order is cancelled while it is driven', () => {
    driven()
    bench.orders.cancel()
    bench.until(() => bench.orders.isIdle, 10)
    expect(written()).toBe(0)
    expect(report()).toMatchObject({ verdict: 'aborted', end: 'canceled' })
    expect(report().drives[0]!.toEpochMs).not.toBeNull()
  })

  it('counts the commands that it refused', () => {
    driven()
    command({ sessionId: 's-9' })
    command({ sentAtEpochMs: bench.clock.epochMs() - 5000 })
    visit().end('Dr. Weber')
    bench.until(() => bench.orders.isIdle, 10)
    expect(report().refusedCommands).toEqual({ otherSession: 1, tooOld: 1 })
  })
})

/** Around wherever the bench's robot may be. */
const ROOM_AROUND = [
  { x: -9, y: -9 },
  { x: 9, y: -9 },
  { x: 9, y: 9 },
  { x: -9, y: 9 },
]
