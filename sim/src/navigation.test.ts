import { distance, normalizeAngle } from '@wardlight/core/geometry'
import { ROBOT_TOPICS, rosHeader } from '@wardlight/core/ros'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { box, scanned, twoRooms } from './testing/plans.ts'
import { startTestWorld } from './testing/test-world.ts'

const START = { x: 1, y: 1, theta: 0 }

describe('NavigateToPose', () => {
  it.each([
    ['drawn', twoRooms()],
    ['with a barrier in the doorway', twoRooms({ doorKind: 'opening' })],
    ['with double doors', twoRooms({ doorKind: 'doubleHinged' })],
    ['scanned', scanned(twoRooms())],
  ] as const)(
    'goes from room to room through doors that open for it and shut behind it (%s)',
    (_name, plan) => {
      const { robot, world, runUntil, clock, errors } = startTestWorld({ plan, poses: [START] })
      for (const goal of [
        { x: 1.5, y: 5.5, theta: 2 },
        { x: 10, y: 3.2, theta: -1 },
        { x: 0.6, y: 1, theta: 0 },
      ]) {
        const going = robot.navigate(goal)
        expect(runUntil(() => going.status !== null, 120_000)).not.toBeNull()
        expect(going.status, going.message).toBe('succeeded')
        expect(going.feedback).toBeGreaterThan(20)
        expect(distance(robot.handle.truePose, goal)).toBeLessThan(0.2)
        expect(Math.abs(normalizeAngle(robot.handle.truePose.theta - goal.theta))).toBeLessThan(0.2)
      }
      expect(world.truth.events.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(
        expect.arrayContaining(['door.opened door-a', 'door.shut door-a', 'door.opened door-b']),
      )
      clock.advance(6000)
      expect(world.doors.isOpen('door-a')).toBe(false)
      expect(world.doors.isOpen('door-b')).toBe(false)
      expect(errors).toEqual([])
    },
  )

  it('reaches any free pose of the room, to the tolerances', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 5.5, noNaN: true }),
        fc.double({ min: 2.5, max: 6.5, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.integer({ min: 0, max: 1000 }),
        (x, y, theta, seed) => {
          const { robot, runUntil } = startTestWorld({
            plan: twoRooms(),
            poses: [{ x: 3, y: 4, theta: 0 }],
            seed,
          })
          const going = robot.navigate({ x, y, theta })
          runUntil(() => going.status !== null, 90_000)
          expect(going.status, going.message).toBe('succeeded')
          const believed = robot.handle.estimatedPose
          expect(distance(believed, { x, y })).toBeLessThan(0.12)
          expect(Math.abs(normalizeAngle(believed.theta - theta))).toBeLessThan(0.1)
        },
      ),
      { numRuns: 15 },
    )
  })

  it('says why when there is no way, or no room at the goal', () => {
    const { robot, runUntil } = startTestWorld({ plan: twoRooms(), poses: [START] })
    for (const [goal, reason] of [
      [{ x: 6, y: 5, theta: 0 }, 'does not fit'],
      [{ x: 80, y: 5, theta: 0 }, 'outside the map'],
    ] as const) {
      const going = robot.navigate(goal)
      runUntil(() => going.status !== null, 1000)
      expect(going.status).toBe('aborted')
      expect(going.message).toContain(reason)
    }
  })

  it('is cancelled, and stands', () => {
    const { robot, runUntil, clock } = startTestWorld({ plan: twoRooms(), poses: [START] })
    const going = robot.navigate({ x: 10, y: 1, theta: 0 })
    clock.advance(3000)
    expect(robot.handle.speedMps).toBeGreaterThan(0.3)
    going.handle.cancel()
    expect(going.status).toBe('canceled')
    expect(runUntil(() => robot.handle.speedMps === 0, 1000)).not.toBeNull()
  })

  it('obeys a zero twist at once, and goes on when none comes any more', () => {
    const { robot, clock, runUntil } = startTestWorld({ plan: twoRooms(), poses: [START] })
    const stop = robot.graph.createPublisher('geometry_msgs/msg/Twist', ROBOT_TOPICS.commandVelocity)
    const going = robot.navigate({ x: 10, y: 1, theta: 0 })
    clock.advance(3000)
    for (let beat = 0; beat < 20; beat += 1) {
      stop.publish({ linear: { x: 0, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } })
      clock.advance(100)
    }
    expect(robot.handle.speedMps).toBe(0)
    expect(going.status).toBeNull()
    runUntil(() => going.status !== null, 60_000)
    expect(going.status).toBe('succeeded')
  })

  it('waits for a person in its way and goes on when they have left', () => {
    const { robot, world, clock, runUntil } = startTestWorld({ plan: twoRooms(), poses: [START] })
    const going = robot.navigate({ x: 10, y: 1, theta: 0 })
    clock.advance(2000)
    const people = [0.35, 1, 1.65].map((y) => world.people.enter('L1', [{ x: 5, y }]))
    clock.advance(10_000)
    expect(going.status).toBeNull()
    expect(robot.handle.truePose.x).toBeLessThan(4.6)
    expect(robot.handle.speedMps).toBe(0)
    for (const id of people) world.people.remove(id)
    runUntil(() => going.status !== null, 60_000)
    expect(going.status).toBe('succeeded')
  })

  it('keeps to /speed_limit as Nav2 does: m/s or per cent, on later goals as well, and 0 is no limit', () => {
    const { robot, clock, runUntil } = startTestWorld({ plan: twoRooms(), poses: [START] })
    const limit = robot.graph.createPublisher('nav2_msgs/msg/SpeedLimit', ROBOT_TOPICS.speedLimit)
    const setLimit = (percentage: boolean, speed_limit: number) =>
      limit.publish({ header: rosHeader(0, ''), percentage, speed_limit })
    const fastest = (ms: number) => {
      let speedMps = 0
      for (let at = 0; at < ms; at += 50) {
        clock.advance(50)
        speedMps = Math.max(speedMps, robot.handle.speedMps)
      }
      return speedMps
    }
    setLimit(false, 0.2)
    const going = robot.navigate({ x: 5, y: 1, theta: 0 })
    expect(fastest(6000)).toBeCloseTo(0.2)
    setLimit(true, 50)
    expect(fastest(4000)).toBeCloseTo(0.25)
    runUntil(() => going.status !== null, 60_000)
    expect(going.status).toBe('succeeded')
    const back = robot.navigate({ x: 1, y: 1, theta: 0 })
    expect(fastest(9000)).toBeCloseTo(0.25)
    setLimit(false, 0)
    expect(fastest(2000)).toBeCloseTo(0.5)
    runUntil(() => back.status !== null, 60_000)
    expect(back.status).toBe('succeeded')
  })

  it('plans around something that the map does not know', () => {
    const { robot, world, runUntil } = startTestWorld({ plan: twoRooms(), poses: [START] })
    world.addObstacle('L1', box('cart', { x: 5, y: 0.6 }, 0.6, 1.0, 0, 1.2))
    const going = robot.navigate({ x: 9, y: 0.6, theta: 0 })
    runUntil(() => going.status !== null, 90_000)
    expect(going.status, going.message).toBe('succeeded')
  })

  it('gives up after 20 s where nothing helps', () => {
    const { robot, world, runUntil } = startTestWorld({ plan: twoRooms(), poses: [START] })
    world.addObstacle('L1', box('bed', { x: 5, y: 1 }, 0.8, 1.9, 0, 1))
    const going = robot.navigate({ x: 9, y: 1, theta: 0 })
    const tookMs = runUntil(() => going.status !== null, 90_000)
    expect(going.status).toBe('aborted')
    expect(going.message).toContain('stuck')
    expect(tookMs).toBeGreaterThan(20_000)
  })

  it('lets two robots pass one another', () => {
    const { robots, runUntil } = startTestWorld({
      plan: twoRooms(),
      poses: [START, { x: 11, y: 1, theta: Math.PI }],
    })
    const goings = [
      robots[0]!.navigate({ x: 11, y: 1, theta: 0 }),
      robots[1]!.navigate({ x: 9, y: 5, theta: 0 }),
    ]
    let nearest = Infinity
    runUntil(() => {
      nearest = Math.min(nearest, distance(robots[0]!.handle.truePose, robots[1]!.handle.truePose))
      return goings.every(({ status }) => status !== null)
    }, 120_000)
    expect(goings.map(({ status, message }) => `${status} ${message}`.trim())).toEqual([
      'succeeded',
      'succeeded',
    ])
    expect(nearest).toBeGreaterThanOrEqual(0.5 - 1e-9)
  })
})
