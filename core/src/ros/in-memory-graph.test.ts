import { describe, expect, it } from 'vitest'
import { InMemoryRosNetwork } from './in-memory-graph.ts'
import { epochMsOf, quaternionOfYaw, rosHeader, rosPose, rosTime, yawOf } from './conversions.ts'

function network() {
  const errors: string[] = []
  const ros = new InMemoryRosNetwork((_, where) => errors.push(where))
  return { errors, robot: ros.createNode(), agent: ros.createNode() }
}

describe('the ROS graph in memory', () => {
  it('delivers to every subscriber, in order of publishing, even from within a callback', () => {
    const { robot, agent } = network()
    const seen: string[] = []
    const publisher = robot.createPublisher('std_msgs/msg/String', '/words')
    agent.createSubscription('std_msgs/msg/String', '/words', ({ data }) => {
      seen.push(`a:${data}`)
      if (data === 'one') publisher.publish({ data: 'two' })
    })
    agent.createSubscription('std_msgs/msg/String', '/words', ({ data }) => seen.push(`b:${data}`))
    publisher.publish({ data: 'one' })
    expect(seen).toEqual(['a:one', 'b:one', 'a:two', 'b:two'])
  })

  it('keeps the last message of a latched topic for those who come later, and of no other', () => {
    const { robot, agent } = network()
    const seen: string[] = []
    robot.createPublisher('std_msgs/msg/String', '/map_name', 'latched').publish({ data: 'L1' })
    robot.createPublisher('std_msgs/msg/String', '/chatter').publish({ data: 'gone' })
    agent.createSubscription('std_msgs/msg/String', '/map_name', ({ data }) => seen.push(data), 'latched')
    agent.createSubscription('std_msgs/msg/String', '/chatter', ({ data }) => seen.push(data))
    expect(seen).toEqual(['L1'])
  })

  it('hands an error of a callback to onError and serves the others', () => {
    const { errors, robot, agent } = network()
    let served = 0
    agent.createSubscription('std_msgs/msg/Bool', '/button', () => {
      throw new Error('a defect')
    })
    agent.createSubscription('std_msgs/msg/Bool', '/button', () => (served += 1))
    robot.createPublisher('std_msgs/msg/Bool', '/button').publish({ data: true })
    expect(errors).toEqual(['/button'])
    expect(served).toBe(1)
  })

  it('refuses a second type on a topic', () => {
    const { robot, agent } = network()
    robot.createPublisher('std_msgs/msg/Bool', '/button')
    expect(() => agent.createSubscription('std_msgs/msg/String', '/button', () => {})).toThrow(
      /carries std_msgs\/msg\/Bool/,
    )
  })

  it('drops what a closed node had', () => {
    const { robot, agent } = network()
    let count = 0
    const publisher = robot.createPublisher('std_msgs/msg/Bool', '/button')
    agent.createSubscription('std_msgs/msg/Bool', '/button', () => (count += 1))
    agent.close()
    publisher.publish({ data: true })
    expect(count).toBe(0)
  })

  it('answers services, and rejects when there is none', async () => {
    const { robot, agent } = network()
    robot.createService('std_srvs/srv/SetBool', '/lamp_power', ({ data }) => ({
      success: data,
      message: 'done',
    }))
    await expect(
      agent.createClient('std_srvs/srv/SetBool', '/lamp_power').call({ data: true }),
    ).resolves.toEqual({
      success: true,
      message: 'done',
    })
    await expect(
      agent.createClient('std_srvs/srv/SetBool', '/nothing').call({ data: true }),
    ).rejects.toMatchObject({
      code: 'WARD_ERR_ROS',
    })
  })

  it('takes an action goal through feedback, cancel and end, and ends it once', () => {
    const { robot, agent } = network()
    const log: string[] = []
    robot.createActionServer('nav2_msgs/action/NavigateToPose', '/navigate_to_pose', {
      accept: (goal) => goal.pose.header.frame_id === 'map',
      execute: (goal, handle) =>
        handle.publishFeedback({ current_pose: goal.pose, distance_remaining: 2, number_of_recoveries: 0 }),
      onCancelRequest: (handle) => {
        handle.canceled({ error_code: 0, error_msg: '' })
        handle.succeed({ error_code: 0, error_msg: 'too late' })
      },
    })
    const client = agent.createActionClient('nav2_msgs/action/NavigateToPose', '/navigate_to_pose')
    const pose = (frame: string) => ({
      header: { stamp: { sec: 0, nanosec: 0 }, frame_id: frame },
      pose: { position: { x: 1, y: 2, z: 0 }, orientation: quaternionOfYaw(0) },
    })
    const handle = client.sendGoal(
      { pose: pose('map'), behavior_tree: '' },
      {
        onFeedback: ({ distance_remaining }) => log.push(`feedback ${distance_remaining}`),
        onResult: (status) => log.push(status),
      },
    )
    handle.cancel()
    handle.cancel()
    client.sendGoal({ pose: pose('odom'), behavior_tree: '' }, { onResult: (status) => log.push(status) })
    agent
      .createActionClient('nav2_msgs/action/NavigateToPose', '/elsewhere')
      .sendGoal({ pose: pose('map'), behavior_tree: '' }, { onResult: (status) => log.push(status) })
    expect(log).toEqual(['feedback 2', 'canceled', 'rejected', 'unavailable'])
  })
})

describe('conversions', () => {
  it('round trip yaw and time', () => {
    for (const yaw of [-3, -1.2, 0, 0.5, 3.1]) expect(yawOf(quaternionOfYaw(yaw))).toBeCloseTo(yaw, 12)
    for (const epochMs of [0, 1.5, 1_763_760_000_123.25])
      expect(epochMsOf(rosTime(epochMs))).toBeCloseTo(epochMs, 3)
  })

  it('drops what a closed node wants of an action, and leaves its goal to itself', () => {
    const network = new InMemoryRosNetwork(() => {})
    const ends: string[] = []
    let goals = 0
    let canceled = 0
    let last: { succeed(result: { error_code: number; error_msg: string }): void } | null = null
    network.createNode().createActionServer('nav2_msgs/action/NavigateToPose', '/navigate_to_pose', {
      execute: (_, handle) => {
        goals += 1
        last = handle
      },
      onCancelRequest: () => (canceled += 1),
    })
    const node = network.createNode()
    const client = node.createActionClient('nav2_msgs/action/NavigateToPose', '/navigate_to_pose')
    const goal = {
      pose: { header: rosHeader(0, 'map'), pose: rosPose({ x: 0, y: 0, theta: 0 }) },
      behavior_tree: '',
    }
    const handle = client.sendGoal(goal, { onResult: (status) => ends.push(status) })
    node.close()
    handle.cancel()
    client.sendGoal(goal, { onResult: (status) => ends.push(status) })
    last!.succeed({ error_code: 0, error_msg: '' })
    expect([goals, canceled, ends]).toEqual([1, 0, []])
  })
})
