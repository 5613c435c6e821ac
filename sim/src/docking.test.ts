import { dockStagingPose } from '@wardlight/core/floor'
import { DOCKING_ERRORS, ROBOT_ACTIONS, ROBOT_TOPICS, rosHeader, rosPose } from '@wardlight/core/ros'
import { describe, expect, it } from 'vitest'
import { twoRooms } from './testing/plans.ts'
import { startTestWorld, type TestWorld } from './testing/test-world.ts'

const PLAN = twoRooms()
const DOCK = PLAN.levels[0]!.docks[0]!
const STAGING = dockStagingPose(DOCK)

function started(pose = STAGING, batteryFraction = 0.5): TestWorld {
  return startTestWorld({ plan: PLAN, poses: [pose], batteryFraction })
}

function dock({ robot }: TestWorld, dockId = DOCK.id) {
  const told = { status: null as string | null, errorCode: -1, retries: -1, states: new Set<number>() }
  const client = robot.graph.createActionClient('nav2_msgs/action/DockRobot', ROBOT_ACTIONS.dockRobot)
  const handle = client.sendGoal(
    {
      use_dock_id: true,
      dock_id: dockId,
      dock_pose: { header: rosHeader(0, 'map'), pose: rosPose({ x: 0, y: 0, theta: 0 }) },
      dock_type: '',
      max_staging_time: 1000,
      navigate_to_staging_pose: false,
    },
    {
      onFeedback: ({ state }) => told.states.add(state),
      onResult: (status, result) => {
        told.status = status
        told.errorCode = result?.error_code ?? -1
        told.retries = result?.num_retries ?? -1
      },
    },
  )
  return { told, handle }
}

function undock({ robot }: TestWorld) {
  const told = { status: null as string | null }
  robot.graph
    .createActionClient('nav2_msgs/action/UndockRobot', ROBOT_ACTIONS.undockRobot)
    .sendGoal({ dock_type: '', max_undocking_time: 30 }, { onResult: (status) => (told.status = status) })
  return told
}

describe('the docking server of a simulated robot', () => {
  it('reverses into the dock, says that it charges, and comes out to where it began', () => {
    const world = started()
    const batteries = world.robot.record('sensor_msgs/msg/BatteryState', ROBOT_TOPICS.battery)
    const { told } = dock(world)
    expect(world.runUntil(() => told.status !== null, 60_000)).not.toBeNull()
    expect(told).toMatchObject({ status: 'succeeded', errorCode: DOCKING_ERRORS.none, retries: 0 })
    expect([...told.states]).toEqual([3, 4])
    const { handle } = world.robot
    expect(Math.hypot(handle.truePose.x - DOCK.pose.x, handle.truePose.y - DOCK.pose.y)).toBeLessThan(0.1)
    world.clock.advance(2000)
    expect(batteries.at(-1)).toMatchObject({ power_supply_status: 1 })
    const out = undock(world)
    expect(world.runUntil(() => out.status !== null, 30_000)).not.toBeNull()
    expect(out.status).toBe('succeeded')
    expect(Math.hypot(handle.truePose.x - STAGING.x, handle.truePose.y - STAGING.y)).toBeLessThan(0.15)
  })

  it('tries three times more in a dock without current, and says so', () => {
    const world = started()
    world.world.docks.setFault(DOCK.id, 'noPower')
    const { told } = dock(world)
    expect(world.runUntil(() => told.status !== null, 300_000)).not.toBeNull()
    expect(told).toMatchObject({ status: 'aborted', errorCode: DOCKING_ERRORS.failedToCharge, retries: 3 })
  })

  it('knows its docks by name, and sees them only from near', () => {
    const world = started()
    const unknown = dock(world, 'no such dock')
    expect(unknown.told).toMatchObject({ status: 'aborted', errorCode: DOCKING_ERRORS.dockNotInDatabase })
    const far = started({ x: 4.5, y: 1, theta: 0 })
    const { told } = dock(far)
    expect(told).toMatchObject({ status: 'aborted', errorCode: DOCKING_ERRORS.failedToDetectDock })
  })

  it('stands when its goal is cancelled, and for a direct zero over its head', () => {
    const world = started()
    const { told, handle } = dock(world)
    world.clock.advance(2000)
    expect(world.robot.handle.speedMps).toBeLessThan(0)
    handle.cancel()
    expect(told.status).toBe('canceled')
    world.clock.advance(500)
    expect(world.robot.handle.speedMps).toBe(0)
  })

  it('gives way to a newer goal', () => {
    const world = started()
    const first = dock(world)
    world.clock.advance(1000)
    const second = dock(world)
    expect(first.told.status).toBe('aborted')
    expect(world.runUntil(() => second.told.status !== null, 60_000)).not.toBeNull()
    expect(second.told.status).toBe('succeeded')
  })
})

describe('a simulated robot that is driven from afar', () => {
  it('forgets the last command after half a second, and a zero of the agent goes before it', () => {
    const world = started({ x: 2, y: 1, theta: 0 })
    const { robot, clock } = world
    const drive = robot.graph.createPublisher('geometry_msgs/msg/Twist', ROBOT_TOPICS.teleoperation)
    const stop = robot.graph.createPublisher('geometry_msgs/msg/Twist', ROBOT_TOPICS.commandVelocity)
    const twist = (speedMps: number) => ({
      linear: { x: speedMps, y: 0, z: 0 },
      angular: { x: 0, y: 0, z: 0 },
    })
    drive.publish(twist(0.3))
    clock.advance(480)
    expect(robot.handle.speedMps).toBeGreaterThan(0.2)
    clock.advance(500)
    expect(robot.handle.speedMps).toBe(0)
    drive.publish(twist(0.3))
    clock.advance(300)
    stop.publish(twist(0))
    drive.publish(twist(0.3))
    clock.advance(400)
    expect(robot.handle.speedMps).toBe(0)
  })
})
