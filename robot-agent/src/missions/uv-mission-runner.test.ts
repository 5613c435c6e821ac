import { DoseReportSchema } from '@wardlight/core/fleet'
import { Value } from 'typebox/value'
import { afterEach, describe, expect, it } from 'vitest'
import { gridOf, ROBOT_TOPICS } from '@wardlight/core/ros'
import { rectangle, valueAt, type OccupancyGrid } from '@wardlight/core/geometry'
import { planTreatment, surfacesOf, type TreatmentPlan } from '@wardlight/core/disinfection'
import { createBench, planForRoom, uvOrder } from '../testing/robot-bench.ts'

let bench = createBench()
afterEach(() => bench.stop())

function begin(options: Parameters<typeof createBench>[0] = {}, order = uvOrder()) {
  bench = createBench(options)
  bench.start()
  expect(bench.orders.take(order)).toBeNull()
  bench.until(() => bench.phase === 'awaitingArming', 60)
  bench.clock.advance(1500)
  return bench
}

describe('a UV mission', () => {
  it('runs from the order to a proven report, and every phase is told', () => {
    begin()
    bench.arm()
    bench.until(() => bench.report !== null, 3000)
    const report = bench.report!
    expect(Value.Errors(DoseReportSchema, report)).toEqual([])
    expect(report.verdict).toBe('proven')
    expect(report.timeline.map(({ phase }) => phase)).toEqual(
      expect.arrayContaining([
        'traveling',
        'surveying',
        'awaitingArming',
        'exitDelay',
        'dosing',
        'verifying',
        'finished',
      ]),
    )
    expect(report.arming.map(({ step }) => step)).toEqual(['checklistConfirmed', 'buttonPressed', 'started'])
    expect(report.room.obstacles.map(({ id }) => id)).toEqual(['bed-1'])
    expect(report.lampOnS).toBeGreaterThan(0)
    expect(Math.abs(report.lampOnS - bench.hardware.litS)).toBeLessThan(0.3 * report.stops.length)
    expect(bench.orders.isIdle).toBe(true)
    expect(bench.orders.context.actionStates.map(({ actionStatus }) => actionStatus)).toEqual([
      'FINISHED',
      'FINISHED',
    ])
    expect(bench.failures).toEqual([])
  })
  it('goes dark within 200 ms of a person, and never lights again by itself', () => {
    begin()
    bench.arm()
    bench.until(() => bench.hardware.isLit, 60)
    bench.clock.advance(3000)
    bench.hardware.setPersonSensed(true)
    expect(bench.hardware.isLit).toBe(false)
    bench.hardware.setPersonSensed(false)
    bench.clock.advance(20_000)
    expect(bench.hardware.isLit).toBe(false)
    expect(bench.phase).toBe('interrupted')
    bench.until(() => bench.report !== null, 130)
    expect(bench.report!.verdict).toBe('incomplete')
    expect(bench.report!.interlocks[0]).toMatchObject({ kind: 'person.detected', wasLit: true })
    expect(bench.orders.context.actionStates[1]!.actionStatus).toBe('FINISHED')
  })

  it('sees with the lidar somebody who enters a lit room', () => {
    begin()
    bench.arm()
    bench.until(() => bench.hardware.isLit, 60)
    bench.clock.advance(2000)
    const enteredAtMs = bench.clock.monotonicMs()
    bench.hardware.people = [{ x: 0.6, y: 1.1 }]
    bench.until(() => !bench.hardware.isLit, 1)
    expect(bench.clock.monotonicMs() - enteredAtMs).toBeLessThanOrEqual(200)
    expect(bench.phase).toBe('interrupted')
  })

  it('goes on from the delivered dose after a new arming', () => {
    begin({}, uvOrder({ rearmTimeoutS: 300 }))
    bench.arm()
    bench.until(() => bench.hardware.isLit, 60)
    bench.clock.advance(4000)
    bench.hardware.setGuard('door-1', 1)
    expect(bench.hardware.isLit).toBe(false)
    bench.hardware.setGuard('door-1', 0)
    bench.clock.advance(1000)
    const before = bench.orders.mission!.status().deliveredMjPerCm2
    const litBeforeS = bench.hardware.litS
    expect(Math.max(...before)).toBeGreaterThan(0)
    bench.clock.advance(10_000)
    expect(bench.orders.mission!.status().deliveredMjPerCm2).toEqual(before)
    bench.arm()
    bench.until(() => bench.report !== null, 3000)
    expect(bench.report!.verdict).toBe('proven')
    expect(bench.report!.deliveredMjPerCm2.every((dose, index) => dose >= before[index]!)).toBe(true)
    const plannedS = bench.report!.stops.reduce((sum, stop) => sum + stop.plannedDwellS, 0)
    // Nothing is lost (no dwell is repeated) and nothing counts twice (the lamp really burned for it).
    expect(bench.hardware.litS).toBeLessThan(plannedS + 0.4 * (bench.report!.stops.length + 2))
    expect(bench.hardware.litS).toBeGreaterThanOrEqual(plannedS - 0.2)
    expect(litBeforeS).toBeGreaterThan(3)
  })

  it('is aborted when an interlock trips in the exit delay and nobody arms again', () => {
    begin({}, uvOrder({ rearmTimeoutS: 30 }))
    bench.arm()
    bench.clock.advance(4000)
    expect(bench.phase).toBe('exitDelay')
    bench.hardware.setEmergencyStop(true)
    expect(bench.phase).toBe('interrupted')
    bench.until(() => bench.report !== null, 35)
    expect(bench.report!.verdict).toBe('aborted')
    expect(bench.hardware.litS).toBe(0)
    const [awaiting, dose] = bench.orders.context.actionStates
    expect(awaiting!.actionStatus).toBe('FINISHED')
    expect(dose!.actionStatus).toBe('FAILED')
    expect(JSON.parse(dose!.actionResult!)).toMatchObject({ verdict: 'aborted' })
  })

  it('is dark in the same instant when the order is cancelled, and says what was delivered', () => {
    begin()
    bench.arm()
    bench.until(() => bench.hardware.isLit, 60)
    bench.clock.advance(3000)
    bench.orders.cancel()
    expect(bench.hardware.isLit).toBe(false)
    expect(bench.report!.verdict).toBe('incomplete')
    expect(bench.orders.isIdle).toBe(true)
    expect(bench.orders.context.nodes).toEqual([])
  })

  it('cancelled on the way it is aborted, and the evidence says so', () => {
    bench = createBench()
    bench.start()
    bench.orders.take(uvOrder())
    bench.clock.advance(500)
    bench.orders.cancel()
    expect(bench.report!.verdict).toBe('aborted')
    expect(bench.orders.context.actionStates.map(({ actionStatus }) => actionStatus)).toEqual([
      'FAILED',
      'FAILED',
    ])
    expect(JSON.parse(bench.orders.context.actionStates[1]!.actionResult!)).toMatchObject({
      missionId: 'mission-1',
    })
  })

  it('a pause puts the lamp out; resuming alone does not light it', () => {
    begin({}, uvOrder({ rearmTimeoutS: 300 }))
    bench.arm()
    bench.until(() => bench.hardware.isLit, 60)
    bench.orders.pause()
    expect(bench.hardware.isLit).toBe(false)
    expect(bench.phase).toBe('interrupted')
    expect(bench.arm()).toContainEqual({
      type: 'armingRefused',
      reasons: ['the robot is paused: resume it first'],
    })
    bench.orders.resume()
    bench.clock.advance(15_000)
    expect(bench.hardware.isLit).toBe(false)
    bench.arm()
    bench.until(() => bench.hardware.isLit, 30)
  })

  it('gives up after 30 minutes without arming', () => {
    begin()
    // A lidar that is silent keeps the lamp dark, and the test quick.
    bench.hardware.silence(ROBOT_TOPICS.scan)
    bench.clock.advance(29 * 60_000)
    expect(bench.phase).toBe('awaitingArming')
    bench.clock.advance(61_000)
    expect(bench.report!.verdict).toBe('aborted')
    expect(bench.orders.isIdle).toBe(true)
  })

  it('plans on the room as found, and says what it found', () => {
    bench = createBench()
    bench.hardware.things = [rectangle({ x: 2.4, y: 2.2 }, 0.9, 0.7)]
    bench.start()
    bench.orders.take(uvOrder())
    bench.until(() => bench.phase === 'awaitingArming', 60)
    bench.clock.advance(1500)
    expect(bench.orders.mission!.notes).toHaveLength(1)
    bench.arm()
    bench.until(() => bench.report !== null, 4000)
    expect(bench.report!.room.obstacles.map(({ id }) => id)).toEqual(['bed-1', 'found-1'])
    expect(bench.report!.deliveredMjPerCm2).toHaveLength(surfacesOf(bench.report!.room, 1).length)
  })

  it('plans anew when something is left in the room while it is interrupted, and keeps what was delivered', () => {
    begin({}, uvOrder({ rearmTimeoutS: 300 }))
    bench.arm()
    bench.until(() => bench.hardware.isLit, 60)
    bench.clock.advance(5000)
    bench.hardware.setPersonSensed(true)
    bench.hardware.setPersonSensed(false)
    expect(bench.phase).toBe('interrupted')
    const before = bench.orders.mission!.status().deliveredMjPerCm2
    // Two people who stand together look like this: they do not stand still for ten seconds.
    for (let step = 0; step < 4; step += 1) {
      bench.hardware.things = [rectangle({ x: 2.2 + 0.3 * (step % 2), y: 2.2 }, 0.9, 0.7)]
      bench.clock.advance(6000)
    }
    expect(bench.report).toBeNull()
    expect(bench.phase).toBe('interrupted')
    bench.hardware.things = [rectangle({ x: 2.4, y: 2.2 }, 0.9, 0.7)]
    bench.until(() => bench.phase === 'surveying', 30)
    bench.until(() => bench.phase === 'interrupted', 30)
    expect(bench.orders.mission!.status().arming).toBe('locked')
    bench.clock.advance(2000)
    bench.arm()
    bench.until(() => bench.report !== null, 4000)
    const report = bench.report!
    const surfaces = surfacesOf(report.room, report.surfaceSizeM)
    expect(report.room.obstacles.map(({ id }) => id)).toEqual(['bed-1', 'found-1'])
    const atFirst = surfacesOf(planForRoom().room, report.surfaceSizeM)
    const doses = new Map(surfaces.map(({ id }, index) => [id, report.deliveredMjPerCm2[index]!]))
    atFirst.forEach(({ id }, index) => {
      if (doses.has(id)) expect(doses.get(id)!).toBeGreaterThanOrEqual(before[index]!)
    })
    expect(before.some((dose) => dose > 0)).toBe(true)
    expect(report.stops[0]!.deliveredDwellS).toBeGreaterThan(3)
    // What the new thing hides is listed, whatever it got before.
    expect(report.timeline.filter(({ phase }) => phase === 'surveying')).toHaveLength(2)
    expect(Value.Errors(DoseReportSchema, report)).toEqual([])
  })

  it('surveys again when something is brought in before arming', () => {
    begin()
    bench.hardware.things = [rectangle({ x: 2.4, y: 2.2 }, 0.9, 0.7)]
    bench.until(() => bench.phase === 'surveying', 5)
    bench.until(() => bench.phase === 'awaitingArming', 5)
    bench.clock.advance(1500)
    expect(bench.orders.mission!.notes).toHaveLength(1)
    expect(bench.orders.mission!.status().blockers).toEqual([])
    // Whoever looks on the robot's graph sees the room as it is now.
    const shown: OccupancyGrid[] = []
    bench.network
      .createNode()
      .createSubscription(
        'nav_msgs/msg/OccupancyGrid',
        ROBOT_TOPICS.roomAsFound,
        (grid) => shown.push(gridOf(grid)),
        'latched',
      )
    const near = [1.9, 1.95, 2, 2.05].flatMap((x) => [2, 2.1, 2.2].map((y) => valueAt(shown[0]!, { x, y })))
    expect(Math.max(...near)).toBeGreaterThan(65)
    expect(valueAt(shown[0]!, { x: 2.4, y: 2.2 })).toBe(-1)
  })

  it('somebody who stands still in the room keeps it from being armed', () => {
    bench = createBench()
    bench.hardware.people = [{ x: 2.5, y: 2.5 }]
    bench.start()
    bench.orders.take(uvOrder())
    bench.until(() => bench.phase === 'awaitingArming', 60)
    bench.clock.advance(2000)
    expect(bench.orders.mission!.status().blockers).toContain('the lidar sees someone or something new')
    expect(bench.arm().some(({ type }) => type === 'armingRefused')).toBe(true)
    bench.hardware.people = []
    bench.clock.advance(3000)
    expect(bench.orders.mission!.status().blockers).toEqual([])
    expect(bench.orders.mission!.notes).toEqual([])
  })

  it('ends the order when the room cannot be reached', () => {
    bench = createBench()
    bench.hardware.canDrive = false
    bench.start()
    bench.orders.take(uvOrder())
    bench.clock.advance(1000)
    expect(bench.report!.verdict).toBe('aborted')
    expect(bench.orders.context.unreachableNodeId).toBe('in-room')
    expect(bench.orders.isIdle).toBe(true)
  })

  it('an emergency stop on the way holds the order until somebody resumes it', () => {
    bench = createBench()
    bench.start()
    bench.orders.take(uvOrder())
    bench.clock.advance(500)
    bench.hardware.setEmergencyStop(true)
    const { x } = bench.hardware.pose
    bench.clock.advance(5000)
    expect(bench.hardware.pose.x).toBe(x)
    expect(bench.hardware.zeroCommands).toBeGreaterThan(15)
    bench.hardware.setEmergencyStop(false)
    bench.clock.advance(2000)
    expect(bench.hardware.pose.x).toBe(x)
    bench.orders.resume()
    bench.until(() => bench.phase === 'awaitingArming', 60)
  })

  it('comes up dark and disarmed after a restart in mid-mission', () => {
    begin()
    bench.arm()
    bench.until(() => bench.hardware.isLit, 60)
    bench.supervisor.stop()
    expect(bench.hardware.isLit).toBe(false)
    bench.supervisor.start()
    bench.clock.advance(20_000)
    expect(bench.hardware.isLit).toBe(false)
    expect(bench.supervisor.state.armingStep).toBe('locked')
  })
})

describe('a plan that takes its time', () => {
  /** A mission whose approved plan burns too short, at the moment when it plans a top-up. */
  async function planningTopUp() {
    let finish: () => void = () => {}
    const order = uvOrder()
    const approved = planForRoom()
    const tooShort = {
      ...approved,
      stops: approved.stops.map((stop) => ({ ...stop, dwellS: stop.dwellS / 2 })),
    }
    order.nodes[1]!.actions[1]!.actionParameters![1]!.value = structuredClone(tooShort) as never
    begin(
      {
        plan: (input) =>
          new Promise<TreatmentPlan>((resolve) => {
            finish = () => resolve(planTreatment(input))
          }),
      },
      order,
    )
    bench.arm()
    bench.until(() => bench.phase === 'verifying', 3000)
    bench.clock.advance(10_000)
    expect(bench.phase).toBe('verifying')
    return async () => {
      finish()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  it('stalls nothing: the robot stays armed, and goes on when it has it', async () => {
    const finish = await planningTopUp()
    expect(bench.supervisor.state.armingStep).toBe('started')
    await finish()
    expect(bench.phase).toBe('dosing')
    bench.until(() => bench.hardware.isLit, 60)
    expect(bench.report).toBeNull()
  })

  it('does not keep an interlock from disarming: the top-up waits for a new arming', async () => {
    const finish = await planningTopUp()
    bench.hardware.setGuard('door-1', 1)
    bench.hardware.setGuard('door-1', 0)
    await finish()
    expect(bench.phase).toBe('interrupted')
    bench.clock.advance(20_000)
    expect(bench.hardware.isLit).toBe(false)
  })

  it('that never comes leaves the report to say what is lacking', async () => {
    await planningTopUp()
    bench.until(() => bench.report !== null, 60)
    expect(bench.report!.verdict).toBe('incomplete')
    expect(bench.orders.isIdle).toBe(true)
  })

  it('is forgotten when the mission was cancelled meanwhile', async () => {
    const finish = await planningTopUp()
    bench.orders.cancel()
    const { report } = bench
    await finish()
    expect(bench.report).toBe(report)
    expect(bench.orders.isIdle).toBe(true)
  })
})
