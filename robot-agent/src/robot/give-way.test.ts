import { SimulatedClock } from '@wardlight/core/clock'
import { createGrid, type Pose2 } from '@wardlight/core/geometry'
import { createRandom } from '@wardlight/core/random'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawnScan, type Post } from '../testing/drawn-scan.ts'
import { SILENT_LOG } from '../testing/robot-bench.ts'
import { giveWay } from './give-way.ts'
import type { DriveEnd, Robot, RobotReading } from './ports.ts'
import { CAUTION_LIMITS } from './way-caution.ts'

const WALL = [
  { x: -10, y: -10 },
  { x: 10, y: -10 },
  { x: 10, y: 10 },
  { x: -10, y: 10 },
]
const HERE: Pose2 = { x: 0, y: 0, theta: 0 }
const TARGET: Pose2 = { x: 5, y: 0, theta: 0 }
const legsAt = (x: number, y = 0): Post[] => [
  { x, y: y - 0.12 },
  { x, y: y + 0.12 },
]
const IN_THE_WAY = legsAt(0.9)
const NEAR_THE_WAY = legsAt(1.9)

/** A robot that gives way, over hardware that does nothing but what it is told to say, and notes what it is asked. */
function createRig() {
  const clock = new SimulatedClock(0)
  const random = createRandom(1)
  const listeners = new Set<(reading: RobotReading) => void>()
  const asked: string[] = []
  let goal: ((end: DriveEnd) => void) | null = null
  const changes: number[] = []
  const endGoal = (end: DriveEnd) => {
    const ended = goal
    goal = null
    ended?.(end)
  }
  const hardware: Robot = {
    sensors: {
      subscribe: (listener) => {
        listeners.add(listener)
        return { dispose: () => listeners.delete(listener) }
      },
    },
    base: {
      driveTo: (_, onEnd) => {
        asked.push('drive')
        endGoal('canceled')
        goal = onEnd
      },
      cancel: () => {
        asked.push('cancel')
        endGoal('canceled')
      },
      limitSpeed: (speedMps) => asked.push(`limit ${speedMps ?? 'none'}`),
      commandZero: () => asked.push('zero'),
      commandTeleoperation: () => {},
      initializePosition: () => {},
    },
    docking: { dock: () => {}, undock: () => {}, cancel: () => {} },
    lamp: { setEnabled: () => {} },
    gas: {
      subscribe: () => ({ dispose: () => {} }),
      commandVaporiser: () => {},
      commandDamper: () => {},
    },
  }
  const robot = giveWay(hardware, {
    clock,
    mover: { radiusM: 0.25, speedMps: 0.5 },
    log: SILENT_LOG,
    onChange: () => changes.push(clock.monotonicMs()),
  })
  const say = (reading: RobotReading) => {
    for (const listener of [...listeners]) listener(reading)
  }
  const rig = {
    clock,
    robot,
    asked,
    changes,
    endGoal,
    get hasGoal() {
      return goal !== null
    },
    speedMps: 0.5,
    say,
    drive() {
      const ends: DriveEnd[] = []
      robot.base.driveTo(TARGET, (end) => ends.push(end))
      return ends
    },
    /** Goes on with these about, the lidar at 10 Hz. */
    run(ms: number, posts: readonly Post[] = []) {
      for (let untilMs = clock.monotonicMs() + ms; clock.monotonicMs() < untilMs;) {
        clock.advance(100)
        say({ kind: 'pose', pose: HERE })
        say({ kind: 'odometry', speedMps: rig.speedMps, turnRadPerS: 0 })
        say({ kind: 'scan', scan: drawnScan(HERE, [WALL], posts, random) })
      }
    },
    /** What was asked since the last time. */
    news: () => asked.splice(0),
  }
  say({ kind: 'map', grid: createGrid({ minX: -9, minY: -9, maxX: 9, maxY: 9 }, 0.05) })
  rig.run(500)
  return rig
}

describe('a robot that gives way', () => {
  it('drives as it is told where nobody is', () => {
    const rig = createRig()
    const ends = rig.drive()
    rig.run(3000)
    expect(rig.news()).toEqual(['drive'])
    rig.endGoal('arrived')
    expect(ends).toEqual(['arrived'])
  })

  it('slows down for somebody near its way, repeats it every second, and lifts it when they have gone', () => {
    const rig = createRig()
    rig.drive()
    rig.news()
    rig.run(2500, NEAR_THE_WAY)
    expect(rig.robot.caution).toBe('slow')
    const limit = `limit ${CAUTION_LIMITS.slowMps}`
    expect(rig.news()).toEqual([limit, limit, limit])
    rig.run(4000)
    expect(rig.news().at(-1)).toBe('limit none')
  })

  it('within 200 ms of the first scan takes the goal from the navigation and brakes; it goes on by itself', () => {
    const rig = createRig()
    const ends = rig.drive()
    rig.run(500)
    rig.news()
    rig.run(300, IN_THE_WAY)
    expect(rig.robot.caution).toBe('hold')
    expect(rig.news()).toEqual(expect.arrayContaining(['cancel', 'zero']))
    rig.speedMps = 0
    rig.run(5000, IN_THE_WAY)
    expect(rig.news()).toEqual([])
    expect(ends).toEqual([])
    rig.run(3000)
    expect(rig.news()[0]).toBe('drive')
    rig.endGoal('arrived')
    expect(ends).toEqual(['arrived'])
  })

  it('does not set out while somebody stands before it', () => {
    const rig = createRig()
    rig.speedMps = 0.3
    rig.run(500, IN_THE_WAY)
    rig.speedMps = 0
    rig.drive()
    rig.run(1000, IN_THE_WAY)
    expect(rig.news()).not.toContain('drive')
    rig.run(3000)
    expect(rig.news()).toContain('drive')
  })

  it('says after 10 s that people are in its way, and no more when it goes on', () => {
    const rig = createRig()
    rig.drive()
    rig.run(500, IN_THE_WAY)
    rig.speedMps = 0
    rig.run(9000, IN_THE_WAY)
    expect(rig.robot.wayErrors).toEqual([])
    rig.run(1500, IN_THE_WAY)
    expect(rig.robot.wayErrors).toMatchObject([{ errorType: 'PEOPLE_IN_THE_WAY', errorLevel: 'WARNING' }])
    expect(rig.changes).toHaveLength(1)
    rig.run(4000)
    expect(rig.robot.wayErrors).toEqual([])
    expect(rig.changes).toHaveLength(2)
  })

  it('cancelled while it holds, it is over, and drives nowhere afterwards', () => {
    const rig = createRig()
    const ends = rig.drive()
    rig.run(500, IN_THE_WAY)
    rig.robot.base.cancel()
    expect(ends).toEqual(['canceled'])
    rig.news()
    rig.run(5000)
    expect(rig.news()).toEqual([])
  })

  it('holds when its lidar falls silent, or is covered, on the way', () => {
    const rig = createRig()
    rig.drive()
    rig.news()
    rig.clock.advance(600)
    expect(rig.robot.caution).toBe('hold')
    expect(rig.news()).toEqual(expect.arrayContaining(['cancel', 'zero']))
    rig.run(2000)
    expect(rig.robot.caution).toBe('free')
    const covered = { ...drawnScan(HERE, [WALL], [], createRandom(2)), ranges: Array(360).fill(Infinity) }
    rig.say({ kind: 'scan', scan: covered })
    expect(rig.robot.caution).toBe('hold')
  })

  it('leaves a robot alone that nobody sends: driving by hand has its own gate', () => {
    const rig = createRig()
    rig.run(3000, IN_THE_WAY)
    expect(rig.news()).toEqual([])
  })

  it('property: every drive ends exactly once, and while it holds the navigation has no goal', () => {
    const steps = fc.array(
      fc.constantFrom('drive', 'cancel', 'somebody', 'nobody', 'arrive', 'fail', 'silence'),
      { maxLength: 25 },
    )
    fc.assert(
      fc.property(steps, (sequence) => {
        const rig = createRig()
        const drives: DriveEnd[][] = []
        for (const step of sequence) {
          if (step === 'drive') drives.push(rig.drive())
          else if (step === 'cancel') rig.robot.base.cancel()
          else if (step === 'arrive') rig.endGoal('arrived')
          else if (step === 'fail') rig.endGoal('failed')
          else if (step === 'silence') rig.clock.advance(700)
          else rig.run(1300, step === 'somebody' ? IN_THE_WAY : [])
          if (rig.robot.caution === 'hold') expect(rig.hasGoal).toBe(false)
          for (const ends of drives.slice(0, -1)) expect(ends).toHaveLength(1)
          expect(drives.at(-1)?.length ?? 0).toBeLessThanOrEqual(1)
        }
        rig.robot.base.cancel()
        for (const ends of drives) expect(ends).toHaveLength(1)
      }),
      { numRuns: 60 },
    )
  })
})
