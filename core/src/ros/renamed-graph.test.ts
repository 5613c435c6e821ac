import { expect, it } from 'vitest'
import { InMemoryRosNetwork } from './in-memory-graph.ts'
import { renamedGraph } from './renamed-graph.ts'

it("speaks and hears under the robot's own names, and under the usual ones where it has none", () => {
  const network = new InMemoryRosNetwork((error) => {
    throw error
  })
  const robot = network.createNode()
  const graph = renamedGraph(network.createNode(), new Map([['/bumper/pressed', '/base/bump']]))
  const heard: string[] = []
  graph.createSubscription('std_msgs/msg/Bool', '/bumper/pressed', ({ data }) => heard.push(`bumper ${data}`))
  graph.createSubscription('std_msgs/msg/Bool', '/arm_button/pressed', ({ data }) =>
    heard.push(`arm ${data}`),
  )
  robot.createPublisher('std_msgs/msg/Bool', '/bumper/pressed').publish({ data: false })
  robot.createPublisher('std_msgs/msg/Bool', '/base/bump').publish({ data: true })
  robot.createPublisher('std_msgs/msg/Bool', '/arm_button/pressed').publish({ data: true })
  expect(heard).toEqual(['bumper true', 'arm true'])
  const told: boolean[] = []
  robot.createSubscription('std_msgs/msg/Bool', '/base/bump', ({ data }) => told.push(data))
  graph.createPublisher('std_msgs/msg/Bool', '/bumper/pressed').publish({ data: false })
  expect(told).toEqual([false])
  heard.length = 0
  graph.close()
  robot.createPublisher('std_msgs/msg/Bool', '/base/bump').publish({ data: true })
  expect(heard).toEqual([])
})
