import type { Surface } from '@wardlight/core/disinfection'
import { distance } from '@wardlight/core/geometry'
import { LAMP_HEARTBEAT_MS, ROBOT_TOPICS, pose2Of, type RosMessageType } from '@wardlight/core/ros'
import { describe, expect, it } from 'vitest'
import {
  box,
  fourWalls,
  plainLevel,
  plainPlan,
  plainRoom,
  slidingDoor,
  twoRooms,
  wall,
} from './testing/plans.ts'
import { GUARD_DELAY_MS } from './ros/robot-node.ts'
import { startTestWorld } from './testing/test-world.ts'

const IN_A = { x: 2, y: 5, theta: 0 }
const TOPIC_TYPES: readonly [RosMessageType, string][] = [
  ['sensor_msgs/msg/LaserScan', ROBOT_TOPICS.scan],
  ['nav_msgs/msg/Odometry', ROBOT_TOPICS.odometry],
  ['tf2_msgs/msg/TFMessage', ROBOT_TOPICS.tf],
  ['tf2_msgs/msg/TFMessage', ROBOT_TOPICS.tfStatic],
  ['geometry_msgs/msg/PoseWithCovarianceStamped', ROBOT_TOPICS.localisation],
  ['sensor_msgs/msg/BatteryState', ROBOT_TOPICS.battery],
  ['std_msgs/msg/Float32MultiArray', ROBOT_TOPICS.lampOutput],
  ['std_msgs/msg/Float32MultiArray', ROBOT_TOPICS.lampCurrent],
  ['vision_msgs/msg/Detection2DArray', ROBOT_TOPICS.camera],
  ['diagnostic_msgs/msg/DiagnosticArray', ROBOT_TOPICS.doorGuards],
  ['std_msgs/msg/Bool', ROBOT_TOPICS.personSensor],
  ['std_msgs/msg/Bool', ROBOT_TOPICS.emergencyStop],
  ['std_msgs/msg/Bool', ROBOT_TOPICS.armButton],
  ['std_msgs/msg/Bool', ROBOT_TOPICS.bumper],
]

function surface(id: string, centre: Surface['centre'], normal: Surface['normal']): Surface {
  return { id, faceId: id, label: id, centre, normal, areaM2: 0.04, isHighTouch: false, sizeM: [0.2, 0.2] }
}

/** 1 m from the axis of a lamp at `IN_A`, facing it. */
const AT_ONE_METRE = surface('s', { x: 3, y: 5, z: 0.9 }, { x: -1, y: 0, z: 0 })

describe('a simulated robot', () => {
  function logOf(seed: number): string[] {
    const { robot, world, clock } = startTestWorld({ plan: twoRooms(), poses: [IN_A], seed, walkers: 2 })
    const log: string[] = []
    for (const [type, topic] of TOPIC_TYPES) {
      robot.graph.createSubscription(type, topic, (message) =>
        log.push(`${topic} ${JSON.stringify(message)}`),
      )
    }
    robot.navigate({ x: 10, y: 1, theta: 0 })
    clock.advance(15_000)
    world.people.enterRoom('a')
    clock.advance(5000)
    return log
  }

  it('says the same for the same seed, byte for byte, and something else for another', () => {
    const first = logOf(3)
    expect(first.length).toBeGreaterThan(1500)
    expect(logOf(3)).toEqual(first)
    expect(logOf(4)).not.toEqual(first)
  })

  it('publishes at the rates that the protocol promises', () => {
    const { robot, clock } = startTestWorld({ plan: twoRooms(), poses: [IN_A] })
    const counts = TOPIC_TYPES.map(([type, topic]) => ({ topic, messages: robot.record(type, topic) }))
    const map = robot.record('nav_msgs/msg/OccupancyGrid', ROBOT_TOPICS.map)
    expect(map).toHaveLength(1)
    clock.advance(10_000)
    const rates = Object.fromEntries(
      counts.map(({ topic, messages }) => [topic, Math.round(messages.length / 10)]),
    )
    expect(rates).toEqual({
      [ROBOT_TOPICS.scan]: 10,
      [ROBOT_TOPICS.odometry]: 20,
      [ROBOT_TOPICS.tf]: 20,
      [ROBOT_TOPICS.tfStatic]: 0,
      [ROBOT_TOPICS.localisation]: 5,
      [ROBOT_TOPICS.battery]: 1,
      [ROBOT_TOPICS.lampOutput]: 10,
      [ROBOT_TOPICS.lampCurrent]: 10,
      [ROBOT_TOPICS.camera]: 10,
      [ROBOT_TOPICS.doorGuards]: 10,
      [ROBOT_TOPICS.personSensor]: 10,
      [ROBOT_TOPICS.emergencyStop]: 10,
      [ROBOT_TOPICS.armButton]: 10,
      [ROBOT_TOPICS.bumper]: 10,
    })
  })

  it('believes to be within centimetres of where it is, and its transforms agree with that', () => {
    const { robot, clock } = startTestWorld({ plan: twoRooms(), poses: [IN_A] })
    const estimates = robot.record('geometry_msgs/msg/PoseWithCovarianceStamped', ROBOT_TOPICS.localisation)
    robot.navigate({ x: 10, y: 1, theta: 0 })
    let worst = 0
    let sum = 0
    for (let turn = 0; turn < 1000; turn += 1) {
      clock.advance(200)
      const gap = distance(pose2Of(estimates.at(-1)!.pose.pose), robot.handle.truePose)
      worst = Math.max(worst, gap)
      sum += gap
    }
    expect(sum / 1000).toBeGreaterThan(0.01)
    expect(sum / 1000).toBeLessThan(0.05)
    expect(worst).toBeLessThan(0.12)
  })

  it('somebody who presses the arming button comes in by the door, is seen, and goes out again', () => {
    const { world, robot, runUntil } = startTestWorld({ plan: twoRooms(), poses: [IN_A] })
    const sensed = robot.record('std_msgs/msg/Bool', ROBOT_TOPICS.personSensor)
    const presses = robot.record('std_msgs/msg/Bool', ROBOT_TOPICS.armButton)
    robot.handle.pressArmButton()
    expect(robot.handle.isAttended).toBe(true)
    expect(world.people.all()).toHaveLength(1)
    expect(runUntil(() => presses.some(({ data }) => data), 30_000)).not.toBeNull()
    const [person] = world.people.all()
    expect(distance(person!, robot.handle.truePose)).toBeLessThan(1)
    sensed.length = 0
    expect(runUntil(() => !robot.handle.isAttended, 30_000)).not.toBeNull()
    expect(sensed.some(({ data }) => data)).toBe(true)
    expect(world.people.all()).toEqual([])
    expect(world.doors.isOpen('door-a')).toBe(true)
    expect(runUntil(() => !world.doors.isOpen('door-a'), 10_000)).not.toBeNull()
    expect(sensed.at(-1)).toEqual({ data: false })
  })

  it('holds the arming button for half a second, heard at once', () => {
    const { robot, clock, runUntil } = startTestWorld({ plan: twoRooms(), poses: [IN_A] })
    const presses = robot.record('std_msgs/msg/Bool', ROBOT_TOPICS.armButton)
    clock.advance(1005)
    presses.length = 0
    robot.handle.pressArmButton()
    expect(runUntil(() => presses.some(({ data }) => data), 30_000)).not.toBeNull()
    clock.advance(450)
    presses.splice(
      0,
      presses.findIndex(({ data }) => data),
    )
    expect(presses.every(({ data }) => data)).toBe(true)
    clock.advance(60)
    expect(presses.at(-1)).toEqual({ data: false })
  })

  it('runs its battery down with the lamp and fills it at its dock', () => {
    const dock = { x: 0.6, y: 1, theta: 0 }
    const { robot, clock } = startTestWorld({ plan: twoRooms(), poses: [dock], batteryFraction: 0.5 })
    const states = robot.record('sensor_msgs/msg/BatteryState', ROBOT_TOPICS.battery)
    clock.advance(60_000)
    expect(states.at(-1)).toMatchObject({ power_supply_status: 1, present: true })
    const charged = robot.handle.batteryFraction
    expect(charged).toBeGreaterThan(0.5)
    robot.navigate({ x: 5, y: 1, theta: 0 })
    clock.advance(60_000)
    expect(robot.handle.batteryFraction).toBeLessThan(charged + 0.001)
    expect(states.at(-1)).toMatchObject({ power_supply_status: 2 })
  })

  it('touches a wall with its bumper and drives away from it again', () => {
    const { robot, clock } = startTestWorld({ plan: twoRooms(), poses: [IN_A] })
    const bumps = robot.record('std_msgs/msg/Bool', ROBOT_TOPICS.bumper)
    const drive = robot.graph.createPublisher('geometry_msgs/msg/Twist', ROBOT_TOPICS.commandVelocity)
    const push = (speed: number, beats: number) => {
      for (let beat = 0; beat < beats; beat += 1) {
        drive.publish({ linear: { x: speed, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } })
        clock.advance(200)
      }
    }
    push(0.5, 60)
    expect(bumps.at(-1)).toEqual({ data: true })
    expect(robot.handle.truePose.x).toBeLessThanOrEqual(5.75)
    expect(robot.handle.truePose.x).toBeGreaterThan(5.7)
    push(-0.3, 10)
    expect(bumps.at(-1)).toEqual({ data: false })
    expect(robot.handle.truePose.x).toBeLessThan(5.5)
  })

  it('goes silent on a topic whose sensor fails', () => {
    const { robot, clock } = startTestWorld({ plan: twoRooms(), poses: [IN_A] })
    const scans = robot.record('sensor_msgs/msg/LaserScan', ROBOT_TOPICS.scan)
    clock.advance(1000)
    robot.handle.silenceSensor(ROBOT_TOPICS.scan, true)
    const heard = scans.length
    clock.advance(1000)
    expect(scans).toHaveLength(heard)
    robot.handle.silenceSensor(ROBOT_TOPICS.scan, false)
    clock.advance(1000)
    expect(scans).toHaveLength(heard + 10)
  })

  it('stops speaking and moving when the world stops', () => {
    const { robot, world, clock } = startTestWorld({ plan: twoRooms(), poses: [IN_A] })
    const scans = robot.record('sensor_msgs/msg/LaserScan', ROBOT_TOPICS.scan)
    clock.advance(1000)
    world.stop()
    const heard = scans.length
    expect(clock.nextTimerMs()).toBeNull()
    clock.advance(1000)
    expect(scans).toHaveLength(heard)
  })
})

describe('the lamp', () => {
  it('warms up, and goes dark 250 ms after the last heartbeat', () => {
    const { robot, clock } = startTestWorld({ plan: twoRooms(), poses: [IN_A] })
    const outputs = robot.record('std_msgs/msg/Float32MultiArray', ROBOT_TOPICS.lampOutput)
    clock.advance(1000)
    const lamp = robot.light()
    clock.advance(100)
    expect(robot.handle.isLampLit).toBe(true)
    expect(outputs.at(-1)!.data[0]).toBeLessThan(0.2)
    clock.advance(1500)
    expect(outputs.at(-1)!.data).toEqual([1])
    lamp.stop()
    const lastBeatMs = clock.monotonicMs()
    clock.advance(LAMP_HEARTBEAT_MS - 101)
    expect(robot.handle.isLampLit).toBe(true)
    clock.advance(101)
    expect(robot.handle.isLampLit).toBe(false)
    expect(clock.monotonicMs() - lastBeatMs).toBeLessThanOrEqual(LAMP_HEARTBEAT_MS)
    expect(outputs.at(-1)!.data).toEqual([0])
  })

  it('goes dark at once on false, and says so at once', () => {
    const { robot, clock } = startTestWorld({ plan: twoRooms(), poses: [IN_A] })
    const outputs = robot.record('std_msgs/msg/Float32MultiArray', ROBOT_TOPICS.lampOutput)
    const lamp = robot.light()
    clock.advance(2003)
    lamp.off()
    expect(robot.handle.isLampLit).toBe(false)
    expect(outputs.at(-1)!.data).toEqual([0])
  })

  it('has a current beside its light: a worn tube draws it all the same, a failed one none; either sensor may lie', () => {
    const { robot, clock } = startTestWorld({ plan: twoRooms(), poses: [IN_A] })
    const outputs = robot.record('std_msgs/msg/Float32MultiArray', ROBOT_TOPICS.lampOutput)
    const currents = robot.record('std_msgs/msg/Float32MultiArray', ROBOT_TOPICS.lampCurrent)
    const said = () => {
      clock.advance(200)
      return [outputs.at(-1)!.data, currents.at(-1)!.data]
    }
    expect(said()).toEqual([[0], [0]])
    robot.light()
    clock.advance(2000)
    expect(said()).toEqual([[1], [1]])
    robot.handle.weakenTube(0, 0.6)
    expect(said()).toEqual([[0.6], [1]])
    robot.handle.weakenTube(0, 0)
    expect(said()).toEqual([[0], [0]])
    robot.handle.setLampSensorFault('output', 'lit')
    expect(said()).toEqual([[1], [0]])
    robot.handle.setLampSensorFault('output', null)
    robot.handle.setLampSensorFault('current', 'lit')
    expect(said()).toEqual([[0], [1]])
  })

  it('goes dark and mute when it is unplugged', () => {
    const { robot, clock } = startTestWorld({ plan: twoRooms(), poses: [IN_A] })
    const outputs = robot.record('std_msgs/msg/Float32MultiArray', ROBOT_TOPICS.lampOutput)
    robot.light()
    clock.advance(2000)
    robot.handle.unplugLamp(true)
    const heard = outputs.length
    clock.advance(LAMP_HEARTBEAT_MS)
    expect(robot.handle.isLampLit).toBe(false)
    expect(outputs).toHaveLength(heard)
  })
})

describe('truth', () => {
  it('adds up the light that arrives, where the robot truly stands', () => {
    const { robot, world, clock } = startTestWorld({ plan: twoRooms(), poses: [IN_A] })
    world.truth.watch('a', [AT_ONE_METRE])
    const lamp = robot.light()
    clock.advance(60_000)
    lamp.off()
    const [dose] = world.truth.doseMjPerCm2('a', [AT_ONE_METRE])
    // 331.52 µW/cm² for a minute, of which the first second warms up to half on average.
    expect(dose! / ((331.52 * 59.5) / 1000)).toBeCloseTo(1, 2)
    clock.advance(60_000)
    expect(world.truth.doseMjPerCm2('a', [AT_ONE_METRE])).toEqual([dose])
  })

  it('knows the shadow of something that no plan knows, and of a person', () => {
    const { robot, world, clock } = startTestWorld({ plan: twoRooms(), poses: [IN_A] })
    const far = surface('far', { x: 5, y: 5, z: 0.9 }, { x: -1, y: 0, z: 0 })
    const doseOfSecond = () => {
      const before = world.truth.doseMjPerCm2('a', [far])[0]!
      clock.advance(1000)
      return world.truth.doseMjPerCm2('a', [far])[0]! - before
    }
    world.truth.watch('a', [far])
    robot.light()
    clock.advance(2000)
    const open = doseOfSecond()
    expect(open).toBeGreaterThan(0.03)
    world.addObstacle('L1', box('screen', { x: 4, y: 5 }, 0.1, 1, 0, 2))
    clock.advance(100)
    expect(doseOfSecond()).toBe(0)
    world.moveFurniture('screen', null)
    clock.advance(100)
    expect(doseOfSecond()).toBeCloseTo(open, 6)
    world.people.enter('L1', [{ x: 4, y: 5 }])
    clock.advance(100)
    expect(doseOfSecond()).toBe(0)
  })

  it('halves with half of the tubes, and refuses surfaces that it does not watch', () => {
    const { robot, world, clock } = startTestWorld({ plan: twoRooms(), poses: [IN_A] })
    world.truth.watch('a', [AT_ONE_METRE])
    robot.handle.weakenTube(0, 0.5)
    robot.light()
    clock.advance(30_000)
    expect(world.truth.doseMjPerCm2('a', [AT_ONE_METRE])[0]! / ((331.52 * 0.5 * 29.5) / 1000)).toBeCloseTo(
      1,
      1,
    )
    expect(() => world.truth.doseMjPerCm2('a', [{ ...AT_ONE_METRE, id: 'other' }])).toThrow(/not watched/)
    expect(() => world.truth.watch('nowhere', [])).toThrow(/no room nowhere/)
  })

  it('has no latency when nothing was dangerous', () => {
    const { robot, world, clock } = startTestWorld({ plan: twoRooms(), poses: [IN_A] })
    const lamp = robot.light()
    clock.advance(3000)
    lamp.off()
    world.doors.setOpen('door-a', true)
    clock.advance(3000)
    expect(world.truth.lampOffLatencyMs).toBeNull()
  })

  it.each([
    ['door', (t: ReturnType<typeof startTestWorld>) => t.world.doors.setOpen('door-a', true)],
    ['emergencyStop', (t: ReturnType<typeof startTestWorld>) => t.robot.handle.pressEmergencyStop(true)],
    ['person', (t: ReturnType<typeof startTestWorld>) => t.world.people.enter('L1', [{ x: 4, y: 3 }])],
  ] as const)('measures from the %s to the dark', (kind, happen) => {
    const t = startTestWorld({ plan: twoRooms(), poses: [IN_A] })
    const lamp = t.robot.light()
    t.clock.advance(3000)
    happen(t)
    t.clock.setTimeout(() => lamp.off(), 130)
    t.clock.advance(100)
    expect(t.world.truth.lampOffLatencyMs).toBeGreaterThanOrEqual(90)
    t.clock.advance(1000)
    expect(t.world.truth.lampOffLatencyMs).toBeGreaterThanOrEqual(120)
    expect(t.world.truth.lampOffLatencyMs).toBeLessThanOrEqual(130)
    expect(t.world.truth.events.find(({ kind }) => kind === 'hazard.began')?.detail).toBe(kind)
  })
})

describe('doors and people', () => {
  it('reports each guard on change and at 10 Hz, with faults that are set', () => {
    const { robot, world, clock } = startTestWorld({ plan: twoRooms(), poses: [IN_A] })
    const reports = robot.record('diagnostic_msgs/msg/DiagnosticArray', ROBOT_TOPICS.doorGuards)
    const levelOf = (id: string) => reports.at(-1)!.status.find(({ name }) => name === id)!.level
    clock.advance(1003)
    expect([levelOf('door-a'), levelOf('door-b')]).toEqual([0, 0])
    const heard = reports.length
    world.doors.setOpen('door-a', true)
    clock.advance(10 + GUARD_DELAY_MS)
    expect(reports.length).toBeGreaterThan(heard)
    expect([levelOf('door-a'), levelOf('door-b')]).toEqual([1, 0])
    world.doors.setGuard('door-b', 'moved')
    clock.advance(10 + GUARD_DELAY_MS)
    expect(levelOf('door-b')).toBe(2)
    world.doors.setGuard('door-b', 'lost')
    clock.advance(10 + GUARD_DELAY_MS)
    expect(levelOf('door-b')).toBe(3)
    world.doors.setOpen('door-a', false)
    clock.advance(1700)
    expect(levelOf('door-a')).toBe(0)
  })

  it('lets a person in through the door, seen by the sensors only inside', () => {
    const { robot, world, clock, runUntil } = startTestWorld({ plan: twoRooms(), poses: [IN_A] })
    const seen = robot.record('std_msgs/msg/Bool', ROBOT_TOPICS.personSensor)
    clock.advance(500)
    world.people.enterRoom('a')
    expect(runUntil(() => world.doors.isOpen('door-a'), 3000)).not.toBeNull()
    expect(seen.at(-1)).toEqual({ data: false })
    expect(runUntil(() => seen.at(-1)!.data, 3000)).not.toBeNull()
    clock.advance(4000)
    expect(world.people.all()[0]!.y).toBeCloseTo(3, 6)
    // Whoever stands still is not seen by infrared.
    expect(seen.at(-1)).toEqual({ data: false })
    expect(world.truth.events.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['door.opened', 'person.entered']),
    )
  })

  it('never closes a door on someone who stands in it', () => {
    const { world, clock } = startTestWorld({ plan: twoRooms(), poses: [IN_A] })
    const id = world.people.enter('L1', [
      { x: 3, y: 0.6 },
      { x: 3, y: 2 },
    ])
    clock.advance(20_000)
    expect(world.people.all()[0]!.y).toBeCloseTo(2, 6)
    expect(world.doors.isOpen('door-a')).toBe(true)
    world.people.remove(id)
    clock.advance(5000)
    expect(world.doors.isOpen('door-a')).toBe(false)
  })

  it('lets a person stop before a robot', () => {
    const { world, clock, robot } = startTestWorld({ plan: twoRooms(), poses: [{ x: 6, y: 1, theta: 0 }] })
    world.people.enter('L1', [
      { x: 2, y: 1 },
      { x: 10, y: 1 },
    ])
    clock.advance(10_000)
    expect(distance(world.people.all()[0]!, robot.handle.truePose)).toBeGreaterThan(0.5)
  })

  it('has people walk about the corridors all the time', () => {
    const { world, clock } = startTestWorld({ plan: twoRooms(), poses: [IN_A], walkers: 3 })
    clock.advance(1000)
    const places = new Map(world.people.all().map((person) => [person.id, [person]]))
    expect(places.size).toBe(3)
    for (let turn = 0; turn < 60; turn += 1) {
      clock.advance(1000)
      for (const person of world.people.all()) places.get(person.id)!.push(person)
    }
    for (const visited of places.values()) {
      const xs = visited.map(({ x }) => x)
      expect(Math.max(...xs) - Math.min(...xs)).toBeGreaterThan(1)
      expect(visited.every(({ y }) => y > 0.2 && y < 1.8)).toBe(true)
    }
  })
})

describe('lifts', () => {
  it('take a robot to another level, with the map of that level', () => {
    const shaft = fourWalls(0, 0, 2, 2)
    const level = (id: string, elevationM: number) =>
      plainLevel(id, {
        elevationM,
        walls: [...shaft.filter((_, index) => index !== 1), wall(2, 0, 2, 0.4), wall(2, 1.6, 2, 2)],
        rooms: [
          plainRoom(
            `hall-${id}`,
            [
              { x: 2, y: 0 },
              { x: 6, y: 0 },
              { x: 6, y: 2 },
              { x: 2, y: 2 },
            ],
            { kind: 'corridor' },
          ),
        ],
        doors: [slidingDoor(`lift-${id}`, { x: 2, y: 0.4 }, { x: 2, y: 1.6 }, [`hall-${id}`])],
      })
    const plan = plainPlan(
      [level('L1', 0), level('L2', 4)],
      [
        {
          id: 'lift',
          name: 'Lift',
          cabin: [
            { x: 0, y: 0 },
            { x: 2, y: 0 },
            { x: 2, y: 2 },
            { x: 0, y: 2 },
          ],
          levelIds: ['L1', 'L2'],
          doorIds: { L1: ['lift-L1'], L2: ['lift-L2'] },
        },
      ],
    )
    const { robot, world, runUntil } = startTestWorld({ plan, poses: [{ x: 4, y: 1, theta: 0 }] })
    const maps = robot.record('nav_msgs/msg/OccupancyGrid', ROBOT_TOPICS.map)
    world.lifts.call('lift', 'L1')
    expect(runUntil(() => world.lifts.isOpen('lift'), 5000)).not.toBeNull()
    const going = robot.navigate({ x: 1, y: 1, theta: 0 })
    runUntil(() => going.status !== null, 30_000)
    expect(going.status, going.message).toBe('succeeded')
    world.lifts.call('lift', 'L2')
    expect(runUntil(() => robot.handle.levelId === 'L2', 60_000)).not.toBeNull()
    expect(maps).toHaveLength(2)
    world.lifts.call('lift', 'L2')
    expect(runUntil(() => world.lifts.isOpen('lift'), 10_000)).not.toBeNull()
    const out = robot.navigate({ x: 4, y: 1, theta: 0 })
    runUntil(() => out.status !== null, 30_000)
    expect(out.status, out.message).toBe('succeeded')
    expect(() => world.lifts.call('lift', 'L9')).toThrow(/does not stop at L9/)
  })

  it('are had by one at a time, and never taken from people', () => {
    const cabin = [
      { x: 0, y: 0 },
      { x: 2, y: 0 },
      { x: 2, y: 2 },
      { x: 0, y: 2 },
    ]
    const plan = plainPlan(
      ['L1', 'L2'].map((id, index) =>
        plainLevel(id, {
          elevationM: 4 * index,
          walls: fourWalls(0, 0, 6, 2),
          doors: [slidingDoor(`lift-${id}`, { x: 2, y: 0.4 }, { x: 2, y: 1.6 }, [])],
        }),
      ),
      [
        {
          id: 'lift',
          name: 'Lift',
          cabin,
          levelIds: ['L1', 'L2'],
          doorIds: { L1: ['lift-L1'], L2: ['lift-L2'] },
        },
      ],
    )
    const { world, runUntil } = startTestWorld({ plan, poses: [{ x: 4, y: 1, theta: 0 }] })
    const status = () => world.lifts.status('lift')
    const person = world.people.enter('L1', [{ x: 1, y: 1 }])
    expect(status().mode).toBe('human')
    expect(world.lifts.request('lift', 'one', 'L1')).toBe(false)
    world.people.remove(person)
    expect(world.lifts.request('lift', 'one', 'L2')).toBe(true)
    expect(world.lifts.request('lift', 'other', 'L1')).toBe(false)
    world.lifts.endSession('lift', 'other')
    // Whoever calls it waits until the session is over.
    world.lifts.call('lift', 'L1')
    expect(runUntil(() => status().levelId === 'L2' && status().doors === 'open', 20_000)).not.toBeNull()
    expect(runUntil(() => status().doors !== 'open', 60_000)).toBeNull()
    expect(status()).toMatchObject({ sessionId: 'one', mode: 'agv', isMoving: false })
    world.lifts.endSession('lift', 'one')
    expect(runUntil(() => status().levelId === 'L1' && status().doors === 'open', 30_000)).not.toBeNull()
    expect(() => world.lifts.request('lift', 'one', 'L9')).toThrow(/does not stop at L9/)
  })

  it('takes a room in the middle of a hall for itself: doors and people of the hall are no hazard there', () => {
    const square = (min: number, max: number) =>
      [
        [min, min],
        [max, min],
        [max, max],
        [min, max],
      ].map(([x, y]) => ({ x: x!, y: y! }))
    // As Open-RMF plans come: the hall first, and its outline around everything. By area it leaves the inner room out.
    const hall = plainRoom('hall', square(0, 12), { doorIds: ['outer'], areaM2: 108 })
    const inner = plainRoom('inner', square(3, 9))
    const plan = plainPlan([
      plainLevel('L1', {
        walls: [...fourWalls(0, 0, 12, 12), ...fourWalls(3, 3, 9, 9)],
        rooms: [hall, inner],
        doors: [slidingDoor('outer', { x: 0, y: 5 }, { x: 0, y: 6 }, ['hall'])],
      }),
    ])
    const { robot, world, clock } = startTestWorld({ plan, poses: [{ x: 6, y: 6, theta: 0 }] })
    const seen = surface('s', { x: 7, y: 6, z: 0.9 }, { x: -1, y: 0, z: 0 })
    world.truth.watch('inner', [seen])
    const lamp = robot.light()
    clock.advance(3000)
    world.doors.setOpen('outer', true)
    world.people.enter('L1', [{ x: 1, y: 1 }])
    clock.advance(3000)
    expect(world.truth.lampOffLatencyMs).toBeNull()
    expect(world.truth.doseMjPerCm2('inner', [seen])[0]).toBeGreaterThan(1)
    world.people.enter('L1', [{ x: 4, y: 4 }])
    clock.advance(100)
    lamp.off()
    expect(world.truth.lampOffLatencyMs).toBeGreaterThan(0)
  })
})
