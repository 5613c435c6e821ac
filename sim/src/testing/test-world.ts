import { SimulatedClock } from '@wardlight/core/clock'
import type { LampModel } from '@wardlight/core/disinfection'
import type { FloorPlan } from '@wardlight/core/floor'
import type { Pose2 } from '@wardlight/core/geometry'
import {
  InMemoryRosNetwork,
  ROBOT_ACTIONS,
  ROBOT_TOPICS,
  rosHeader,
  rosPose,
  type GoalHandle,
  type GoalStatus,
  type RosGraph,
  type RosMessages,
  type RosMessageType,
} from '@wardlight/core/ros'
import { createWorld } from '../create-world.ts'
import type { RobotHandle, World } from '../world-api.ts'

/** One tube of 40 W on the robot's axis: the lamp of the written test vectors. */
export const ONE_TUBE: LampModel = {
  name: 'one tube',
  tubes: [{ x: 0, y: 0, zBottomM: 0.3, zTopM: 1.5, radiantPowerW: 40 }],
  outputFraction: 1,
}

export interface TestRobot {
  readonly handle: RobotHandle
  /** A second node on the robot's network: where an agent would be. */
  readonly graph: RosGraph
  /** Keeps every message of a topic from now on. */
  record<Type extends RosMessageType>(type: Type, topic: string): RosMessages[Type][]
  /** Sends the robot somewhere; `status` fills when the goal has ended. */
  navigate(goal: Pose2): { status: GoalStatus | null; message: string; feedback: number; handle: GoalHandle }
  /** Beats the lamp's heart at 10 Hz until told to stop. */
  light(): { stop(): void; off(): void }
}

export interface TestWorld {
  readonly world: World
  readonly clock: SimulatedClock
  readonly robots: readonly TestRobot[]
  /** The first robot. */
  readonly robot: TestRobot
  readonly errors: unknown[]
  /** Advances until a condition holds. @returns simulated milliseconds, `null` when it never held. */
  readonly runUntil: (condition: () => boolean, atMostMs: number) => number | null
}

export function startTestWorld(options: {
  plan: FloorPlan
  poses: readonly Pose2[]
  seed?: number
  lamp?: LampModel
  walkers?: number
  batteryFraction?: number
}): TestWorld {
  const clock = new SimulatedClock(Date.UTC(2026, 0, 1))
  const errors: unknown[] = []
  const networks = options.poses.map(() => new InMemoryRosNetwork((error) => errors.push(error)))
  const levelId = options.plan.levels[0]!.id
  const world = createWorld({
    plan: options.plan,
    seed: options.seed ?? 1,
    clock,
    walkers: options.walkers ?? 0,
    robots: options.poses.map((pose, index) => ({
      id: `robot-${index + 1}`,
      levelId,
      pose,
      graph: networks[index]!.createNode(),
      lamp: options.lamp ?? ONE_TUBE,
      ...(options.batteryFraction === undefined ? {} : { batteryFraction: options.batteryFraction }),
    })),
  })
  const robots = networks.map((network, index) =>
    testRobot(world.robots.get(`robot-${index + 1}`)!, network.createNode(), clock),
  )
  world.start()
  return {
    world,
    clock,
    robots,
    robot: robots[0]!,
    errors,
    runUntil(condition, atMostMs) {
      const beginMs = clock.monotonicMs()
      while (!condition()) {
        if (clock.monotonicMs() - beginMs >= atMostMs) return null
        clock.advance(10)
      }
      return clock.monotonicMs() - beginMs
    },
  }
}

function testRobot(handle: RobotHandle, graph: RosGraph, clock: SimulatedClock): TestRobot {
  const enable = graph.createPublisher('std_msgs/msg/Bool', ROBOT_TOPICS.lampEnable)
  const navigation = graph.createActionClient('nav2_msgs/action/NavigateToPose', ROBOT_ACTIONS.navigateToPose)
  return {
    handle,
    graph,
    record(type, topic) {
      const messages: RosMessages[typeof type][] = []
      const isLatched = topic === ROBOT_TOPICS.map || topic === ROBOT_TOPICS.tfStatic
      graph.createSubscription(
        type,
        topic,
        (message) => messages.push(message),
        isLatched ? 'latched' : 'default',
      )
      return messages
    },
    navigate(goal) {
      const outcome: ReturnType<TestRobot['navigate']> = {
        status: null,
        message: '',
        feedback: 0,
        handle: navigation.sendGoal(
          { pose: { header: rosHeader(clock.epochMs(), 'map'), pose: rosPose(goal) }, behavior_tree: '' },
          {
            onFeedback: () => {
              outcome.feedback += 1
            },
            onResult: (status, result) => {
              outcome.status = status
              outcome.message = result?.error_msg ?? ''
            },
          },
        ),
      }
      return outcome
    },
    light() {
      let isBeating = true
      const beat = (): void => {
        if (!isBeating) return
        enable.publish({ data: true })
        clock.setTimeout(beat, 100)
      }
      beat()
      return {
        stop() {
          isBeating = false
        },
        off() {
          isBeating = false
          enable.publish({ data: false })
        },
      }
    },
  }
}
