import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ROBOT_TOPICS } from '@wardlight/core/ros'
import { DECONTAMINATION_CHECKLIST, ErrandReportSchema } from '@wardlight/core/fleet'
import { Value } from 'typebox/value'
import { decontaminationOrder, dockOrder, STATION, visitOrder } from '../testing/errand-order.ts'
import { hold } from '../testing/explore.ts'
import { createBench } from '../testing/robot-bench.ts'
import { isOver } from './order-execution.ts'

/*
 * Order, errand, drive gate and supervisor together, over scripted hardware: whatever people and faults do, in whatever
 * order, nothing is lit, and nothing begins to move while something holds the robot.
 */

const ORDERS = [dockOrder(), decontaminationOrder(), decontaminationOrder(STATION), visitOrder()]
const ITEMS = DECONTAMINATION_CHECKLIST.map(({ id }) => id)
const HAPPENINGS = [
  'pass a moment',
  'pass a while',
  'pause',
  'resume',
  'press the emergency stop',
  'release the emergency stop',
  'ask for a stop',
  'bump',
  'stop bumping',
  'lose the place',
  'find the place',
  'silence the lidar',
  'let the lidar speak',
  'no current',
  'current',
  'arm',
  'yes',
  'no',
  'wiped',
  'hand over to one',
  'hand over to two',
  'take back',
  'one drives',
  'two drives',
  'end the visit',
  'cancel',
  'all is well again',
  'yes, and one drives',
] as const
type Happening = (typeof HAPPENINGS)[number]

class Storm {
  readonly bench = createBench()
  sequence = 0
  /** How long the robot has been held without a break, ms. */
  heldMs = 0
  #begun = 0
  #written = 0

  constructor(order: (typeof ORDERS)[number]) {
    this.bench.hardware.batteryFraction = 0.4
    this.bench.start()
    hold('the order is taken', this.bench.orders.take(structuredClone(order)) === null)
    this.#begun = this.#beginnings
  }

  /** Drives and dockings that began. */
  get #beginnings(): number {
    const { drives, docked } = this.bench.hardware
    return drives + docked
  }

  pass(ms: number): void {
    const { bench } = this
    for (let left = ms; left > 0; left -= 50) {
      bench.clock.advance(50)
      const { supervisor, hardware } = bench
      const isHeld = supervisor.mustStand || supervisor.state.isPaused
      this.heldMs = isHeld ? this.heldMs + 50 : 0
      // One step is left to what was on its way when it was held.
      if (this.heldMs > 50) {
        hold('no drive and no docking begins while it is held', this.#beginnings === this.#begun)
        const written = hardware.teleoperation.slice(this.#written)
        hold(
          'nothing is driven from afar while it is held',
          written.every(({ speedMps, turnRadPerS }) => speedMps === 0 && turnRadPerS === 0),
        )
      }
      this.#begun = this.#beginnings
      this.#written = hardware.teleoperation.length
      hold('it is not lit', hardware.litS === 0)
      hold('it is not armed', supervisor.state.armingStep !== 'started')
    }
  }

  do(happening: Happening): void {
    const { hardware, orders, supervisor } = this.bench
    const { errand } = orders
    const visit = errand?.kind === 'visit' ? errand : null
    switch (happening) {
      case 'pass a moment':
        return this.pass(300)
      case 'pass a while':
        return this.pass(12_000)
      case 'pause':
        return orders.pause()
      case 'resume':
        return orders.resume()
      case 'press the emergency stop':
        return hardware.setEmergencyStop(true)
      case 'release the emergency stop':
        return hardware.setEmergencyStop(false)
      case 'ask for a stop':
        supervisor.command({ type: 'requestEmergencyStop', by: 'nurse' })
        return
      case 'bump':
      case 'stop bumping':
        hardware.isBumperPressed = happening === 'bump'
        return
      case 'lose the place':
      case 'find the place':
        hardware.deviationM = happening === 'lose the place' ? 1 : 0.03
        return
      case 'silence the lidar':
        hardware.silence(ROBOT_TOPICS.scan)
        return
      case 'let the lidar speak':
        hardware.speak(ROBOT_TOPICS.scan)
        return
      case 'no current':
      case 'current':
        hardware.docking = happening === 'current' ? 'docks' : 'doesNotCharge'
        hardware.isCharging &&= happening === 'current'
        return
      case 'arm':
        this.bench.arm()
        return
      case 'yes':
      case 'no':
        visit?.answer(happening === 'yes', 'patient')
        return
      case 'wiped':
        if (errand?.kind === 'decontamination') errand.confirm('nurse', ITEMS)
        return
      case 'hand over to one':
        visit?.handOver('one', 'one')
        return
      case 'hand over to two':
        visit?.handOver('two', 'two')
        return
      case 'take back':
        visit?.takeBack('')
        return
      case 'one drives':
      case 'two drives':
        return this.drive(happening === 'one drives' ? 'one' : 'two')
      case 'end the visit':
        visit?.end('nurse')
        return
      case 'cancel':
        return orders.cancel()
      case 'all is well again':
        hardware.setEmergencyStop(false)
        for (const mended of ['stop bumping', 'find the place', 'let the lidar speak', 'current'] as const) {
          this.do(mended)
        }
        this.pass(500)
        return orders.resume()
      case 'yes, and one drives':
        for (const step of [
          'all is well again',
          'pass a moment',
          'yes',
          'pass a moment',
          'hand over to one',
        ] as const) {
          this.do(step)
        }
        return this.drive('one')
    }
  }

  drive(sessionId: string): void {
    const { errand } = this.bench.orders
    if (errand?.kind !== 'visit') return
    for (let step = 0; step < 10; step += 1) {
      this.sequence += 1
      const refusal = errand.drive({
        sessionId,
        sequence: this.sequence,
        sentAtEpochMs: this.bench.clock.epochMs(),
        pictureAgeMs: 50,
        isHeld: step > 0,
        speedMps: 0.3,
        turnRadPerS: 0.2,
      })
      hold('only who has the drive is heard', refusal !== null || errand.driver?.sessionId === sessionId)
      this.pass(50)
    }
  }
}

describe('an errand in any storm', () => {
  it('property: is never lit, begins nothing while it is held, and ends with its report', () => {
    const moved = { byHand: 0, docked: 0, ended: 0 }
    fc.assert(
      fc.property(
        fc.constantFrom(...ORDERS),
        // What goes well is drawn more often, or the storm is soon over.
        fc.array(fc.constantFrom(...HAPPENINGS, ...HAPPENINGS.slice(-2), ...HAPPENINGS.slice(-2)), {
          minLength: 10,
          maxLength: 50,
        }),
        (order, happenings) => {
          const storm = new Storm(order)
          const { bench } = storm
          try {
            // To its place first, so that the storm is not over before it begins.
            storm.pass(6000)
            for (const happening of happenings) {
              storm.do(happening)
              storm.pass(100)
            }
            if (!bench.orders.isIdle) bench.orders.cancel()
            storm.pass(6000)
            expect(bench.orders.isIdle).toBe(true)
            for (const { actionStatus, actionResult } of bench.orders.context.actionStates) {
              expect(isOver(actionStatus)).toBe(true)
              if (actionResult === undefined) continue
              expect(Value.Check(ErrandReportSchema, JSON.parse(actionResult))).toBe(true)
              moved.ended += 1
            }
            expect(bench.hardware.teleoperation.at(-1)?.speedMps ?? 0).toBe(0)
            moved.byHand += Number(bench.hardware.teleoperation.some(({ speedMps }) => speedMps > 0))
            moved.docked += Number(bench.hardware.docked > 0)
            if (bench.failures.length > 0) throw bench.failures[0]
          } finally {
            bench.stop()
          }
        },
      ),
      { numRuns: 60 },
    )
    console.log(`storms: ${JSON.stringify(moved)}`)
    // It was not quiet by mistake.
    expect(moved.docked).toBeGreaterThan(0)
    expect(moved.byHand).toBeGreaterThan(0)
    expect(moved.ended).toBeGreaterThan(50)
  }, 300_000)
})
