import { afterEach, describe, expect, it } from 'vitest'
import { createBench, uvOrder } from '../testing/robot-bench.ts'

let bench = createBench()
afterEach(() => bench.stop())

function waiting() {
  bench = createBench()
  bench.start()
  expect(bench.orders.take(uvOrder())).toBeNull()
  bench.until(() => bench.phase === 'awaitingArming', 60)
  bench.clock.advance(1500)
  return bench
}

function lit() {
  waiting().arm()
  bench.until(() => bench.hardware.isLit, 60)
  bench.clock.advance(1000)
  return bench.hardware
}

function darkAfterMs(): number {
  const fromMs = bench.clock.monotonicMs()
  bench.until(() => !bench.hardware.isLit && bench.phase === 'interrupted', 5)
  return bench.clock.monotonicMs() - fromMs
}

describe('hardware that speaks, but does not tell the truth, puts the lamp out', () => {
  it.each([
    ['sees nothing any more', Infinity],
    ['gives no numbers', NaN],
    ['is covered by a hand', 0.02],
  ])('a lidar that %s', (_, range) => {
    lit().alterRanges = (ranges) => ranges.map(() => range)
    expect(darkAfterMs()).toBeLessThanOrEqual(550)
  })

  it('a lidar that is stuck: it tells one scan again and again', () => {
    let stuck: number[] | null = null
    lit().alterRanges = (ranges) => (stuck ??= ranges)
    expect(darkAfterMs()).toBeLessThanOrEqual(550)
    expect(bench.supervisor.blockers()).toContain('the lidar is silent')
  })

  it('a localisation that is sure of a wrong place in the same room', () => {
    waiting().hardware.publishMap()
    bench.clock.advance(3000)
    expect(bench.supervisor.blockers()).toEqual([])
    bench.hardware.localisationError = { x: 0, y: 0, theta: 0.8 }
    bench.clock.advance(2000)
    expect(bench.supervisor.blockers()).toContain('the robot is unsure where it is')
    expect(bench.supervisor.mustStand).toBe(true)
    bench.hardware.localisationError = { x: 0, y: 0, theta: 0 }
    bench.clock.advance(2000)
    expect(bench.supervisor.mustStand).toBe(false)
  })

  it('a lidar that somebody stands against: a third of its beams come back no more', () => {
    lit().alterRanges = (ranges) => ranges.map((range, beam) => (beam < ranges.length / 3 ? 0.02 : range))
    expect(darkAfterMs()).toBeLessThanOrEqual(200)
  })

  it('perception that fails: who cannot look sees somebody', () => {
    lit()
    bench.roomWatch.see = () => {
      throw new Error('no such beam')
    }
    expect(darkAfterMs()).toBeLessThanOrEqual(200)
    expect(bench.supervisor.blockers()).toContain('the lidar sees someone or something new')
  })

  it('a lamp sensor that is stuck at "lit" over a lamp that has died proves nothing, at the last stop either', () => {
    lit()
    const isAtTheLast = () => {
      const { stops, stopIndex } = bench.orders.mission!.status()
      return stopIndex === stops.length - 1 && bench.hardware.isLit
    }
    bench.until(isAtTheLast, 4000)
    bench.clock.advance(500)
    bench.hardware.tubeOutput = Array.from({ length: 8 }, () => 1)
    bench.until(() => bench.report !== null, 4000)
    expect(bench.report!.interlocks.map(({ kind }) => kind)).toContain('lamp.stuckOn')
    expect(bench.report!.verdict).toBe('incomplete')
  })

  it('a lamp that died, and its light sensor stuck at "lit" for a while only: the lower of two measurements counts', () => {
    const hardware = lit()
    const doseNow = () => bench.orders.mission!.status().deliveredMjPerCm2
    const sum = () => doseNow().reduce((all, dose) => all + dose, 0)
    const given = () => {
      const before = sum()
      bench.clock.advance(2000)
      return sum() - before
    }
    bench.clock.advance(1000)
    const whileLit = given()
    expect(whileLit).toBeGreaterThan(0)
    hardware.tubeOutput = Array.from({ length: 8 }, () => 1)
    hardware.tubeHealth = 0
    bench.clock.advance(150)
    expect(given()).toBe(0)
    hardware.tubeOutput = null
    hardware.tubeHealth = 1
    bench.clock.advance(150)
    expect(given()).toBeGreaterThan(0.9 * whileLit)
    expect(bench.hardware.isLit).toBe(true)
  })

  it('a scan without beams', () => {
    lit().alterRanges = () => []
    expect(darkAfterMs()).toBeLessThanOrEqual(550)
  })

  it.each([
    ['without tubes', []],
    ['that is no number', Array.from({ length: 8 }, () => NaN)],
  ])('a lamp measurement %s', (_, tubeOutput) => {
    lit().tubeOutput = tubeOutput
    expect(darkAfterMs()).toBeLessThanOrEqual(550)
    expect(bench.supervisor.blockers()).toContain('the lamp is silent')
  })

  it('a door that opened and closed within one message', () => {
    lit().tellGuard('door-1', 1, 0)
    expect(bench.hardware.isLit).toBe(false)
  })

  it('an estimate that jumps within the room while the robot stands', () => {
    lit().localisationError = { x: 0.5, y: 0, theta: 0 }
    expect(darkAfterMs()).toBeLessThanOrEqual(300)
  })

  it('an estimate that is no number, or a battery that is none', () => {
    lit().localisationError = { x: NaN, y: 0, theta: 0 }
    expect(darkAfterMs()).toBeLessThanOrEqual(300)
    bench.stop()
    lit().batteryFraction = NaN
    expect(darkAfterMs()).toBeLessThanOrEqual(1100)
  })
})

describe('before arming', () => {
  it('one estimate that is no number does not blind the lidar to somebody who stands there', () => {
    waiting().hardware.localisationError = { x: NaN, y: NaN, theta: NaN }
    bench.clock.advance(200)
    bench.hardware.localisationError = { x: 0, y: 0, theta: 0 }
    bench.hardware.people = [{ x: 2.5, y: 2.5 }]
    bench.clock.advance(2500)
    expect(bench.supervisor.blockers()).toContain('the lidar sees someone or something new')
  })

  it('a covered lidar keeps the lamp dark', () => {
    waiting().hardware.alterRanges = (ranges) => ranges.map(() => Infinity)
    bench.clock.advance(2000)
    expect(bench.arm().some(({ type }) => type === 'armingRefused')).toBe(true)
  })

  it('arming steps during a new survey are refused and finish nothing', () => {
    waiting().hardware.things = [
      [
        { x: 2, y: 1.9 },
        { x: 2.9, y: 1.9 },
        { x: 2.9, y: 2.6 },
        { x: 2, y: 2.6 },
      ],
    ]
    bench.until(() => bench.phase === 'surveying', 5)
    expect(bench.arm().some(({ type }) => type === 'armingRefused')).toBe(true)
    expect(bench.supervisor.state.armingStep).toBe('locked')
    expect(bench.orders.context.actionStates[0]!.actionStatus).toBe('RUNNING')
    bench.until(() => bench.phase === 'awaitingArming', 10)
  })
})

describe('a navigation', () => {
  it('that never answers becomes a missed surface with its reason, not a hang', () => {
    waiting().hardware.isNavigationDeaf = true
    bench.arm()
    bench.until(() => bench.report !== null, 3600)
    expect(bench.report!.verdict).toBe('aborted')
    expect(bench.orders.isIdle).toBe(true)
  })

  it('that cannot reach stops: what they were to light is missed for that reason', () => {
    const hardware = lit()
    hardware.canDrive = false
    bench.until(() => bench.report !== null, 3600)
    expect(bench.report!.verdict).toBe('incomplete')
    const stops = bench.report!.stops.filter(({ deliveredDwellS }) => deliveredDwellS === 0)
    const [stop] = stops
    const explanation = expect.stringContaining(
      `did not get to (${stop!.x.toFixed(1)}, ${stop!.y.toFixed(1)})`,
    )
    expect(bench.report!.missed).toContainEqual(
      expect.objectContaining({ reason: 'robotCannotReach', explanation }),
    )
    expect(bench.report!.missed.map(({ reason }) => reason)).not.toContain('underDosed')
    expect(bench.orders.isIdle).toBe(true)
  })

  it('that never answers on the way ends the order, and the robot is free', () => {
    bench = createBench()
    bench.hardware.isNavigationDeaf = true
    bench.start()
    bench.orders.take(uvOrder())
    bench.until(() => bench.orders.isIdle, 3600)
    expect(bench.orders.context.unreachableNodeId).toBe('in-room')
    expect(bench.report!.verdict).toBe('aborted')
  })
})

describe('a stop of the wheels', () => {
  it('asked for by the fleet while idle holds the next order too, until somebody resumes', () => {
    bench = createBench()
    bench.start()
    bench.supervisor.command({ type: 'requestEmergencyStop', by: 'nurse' })
    bench.clock.advance(2000)
    expect(bench.orders.take(uvOrder())).toBeNull()
    bench.clock.advance(5000)
    expect(bench.hardware.drives).toBe(0)
    expect(bench.orders.context.isPaused).toBe(true)
    bench.orders.resume()
    bench.until(() => bench.phase === 'awaitingArming', 60)
  })

  it('a robot that lost itself on the way stands until somebody resumes', () => {
    bench = createBench()
    bench.start()
    bench.orders.take(uvOrder())
    bench.clock.advance(500)
    bench.hardware.deviationM = 0.5
    bench.clock.advance(400)
    const { x } = bench.hardware.pose
    bench.clock.advance(5000)
    expect(bench.hardware.pose.x).toBe(x)
    bench.hardware.deviationM = 0.03
    bench.clock.advance(1000)
    expect(bench.orders.context.isPaused).toBe(true)
    bench.orders.resume()
    bench.until(() => bench.phase === 'awaitingArming', 60)
  })
})
