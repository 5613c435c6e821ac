import { composePoses, type OccupancyGrid, type Pose2 } from '@wardlight/core/geometry'
import {
  gridOf,
  NO_SPEED_LIMIT,
  pose2Of,
  ROBOT_ACTIONS,
  ROBOT_TOPICS,
  rosGrid,
  rosHeader,
  rosPose,
  yawOf,
  type BatteryState,
  type Detection2DArray,
  type Disposable,
  type GoalHandle,
  type Publisher,
  type RosGraph,
  type RosOccupancyGrid,
  type TFMessage,
  type TransformStamped,
} from '@wardlight/core/ros'
import type { Clock } from '@wardlight/core/clock'
import type { GuardState, Robot, RobotReading } from '../robot/ports.ts'
import type { CameraSettings } from '../robot/camera-settings.ts'
import { createRosDocking } from './ros-docking.ts'
import { createRosGas } from './ros-gas.ts'

/** `diagnostic_msgs/DiagnosticStatus` levels OK, WARN, ERROR, STALE as `docs/protocol.md` uses them. */
const GUARD_STATES: readonly GuardState[] = ['closed', 'open', 'moved', 'lost']

export interface RosRobot extends Robot {
  /** Shows the room as found to whoever looks on the robot's graph. */
  showRoom(grid: OccupancyGrid): void
  /** Offers the level's map to its navigation: it is Nav2's to take it. */
  showMap(grid: OccupancyGrid): void
  start(): void
  /** Drops every publisher, subscription and goal. */
  stop(): void
}

/** A robot over its ROS graph: topics and actions of `ROBOT_TOPICS`, each turned into the agent's own words. */
export function createRosRobot(
  graph: RosGraph,
  clock: Clock,
  cameras: readonly CameraSettings[] = [],
): RosRobot {
  const listeners = new Set<(reading: RobotReading) => void>()
  const tell = (reading: RobotReading) => {
    for (const listener of [...listeners]) listener(reading)
  }
  const disposables: Disposable[] = []
  let mapToOdom: Pose2 | null = null
  let goal: { handle: GoalHandle; isOver: boolean } | null = null
  const lampEnable = graph.createPublisher('std_msgs/msg/Bool', ROBOT_TOPICS.lampEnable)
  const commandVelocity = graph.createPublisher('geometry_msgs/msg/Twist', ROBOT_TOPICS.commandVelocity)
  const initialPose = graph.createPublisher(
    'geometry_msgs/msg/PoseWithCovarianceStamped',
    ROBOT_TOPICS.initialPose,
  )
  const teleoperation = graph.createPublisher('geometry_msgs/msg/Twist', ROBOT_TOPICS.teleoperation)
  const roomAsFound = graph.createPublisher('nav_msgs/msg/OccupancyGrid', ROBOT_TOPICS.roomAsFound, 'latched')
  let enabledMap: Publisher<RosOccupancyGrid> | null = null
  const speedLimit = graph.createPublisher('nav2_msgs/msg/SpeedLimit', ROBOT_TOPICS.speedLimit)
  const gas = createRosGas(graph)
  const docking = createRosDocking(graph, clock)
  const navigate = graph.createActionClient('nav2_msgs/action/NavigateToPose', ROBOT_ACTIONS.navigateToPose)

  function onTransforms({ transforms }: TFMessage): void {
    for (const transform of transforms) {
      const frames = `${transform.header.frame_id}>${transform.child_frame_id}`
      if (frames === 'map>odom') mapToOdom = planar(transform)
      if (frames === 'odom>base_link' && mapToOdom !== null) {
        tell({ kind: 'pose', pose: composePoses(mapToOdom, planar(transform)) })
      }
      if (frames === 'base_link>laser') {
        const heightM = transform.transform.translation.z
        tell({ kind: 'laserMount', mount: { pose: planar(transform), heightM } })
      }
    }
  }

  function subscribeCamera(camera: CameraSettings): void {
    const { topic } = camera
    let lastStamp = ''
    disposables.push(
      graph.createSubscription(
        'vision_msgs/msg/Detection2DArray',
        topic,
        (message) => {
          const { sec, nanosec } = message.header.stamp
          const stamp = `${sec}.${nanosec}`
          // An old picture that is told of again says nothing: that is silence.
          if (stamp === lastStamp) return
          lastStamp = stamp
          tell({ kind: 'camera', camera: topic, isPersonSeen: showsPerson(message, camera) })
        },
        'sensorData',
      ),
    )
  }

  function subscribeBool(topic: string, reading: (data: boolean) => RobotReading): void {
    disposables.push(graph.createSubscription('std_msgs/msg/Bool', topic, ({ data }) => tell(reading(data))))
  }

  return {
    sensors: {
      subscribe(listener) {
        listeners.add(listener)
        return { dispose: () => listeners.delete(listener) }
      },
    },
    base: {
      driveTo(pose, onEnd) {
        goal?.handle.cancel()
        const own: { isOver: boolean; handle: GoalHandle } = { isOver: false, handle: { cancel: () => {} } }
        goal = own
        own.handle = navigate.sendGoal(
          {
            pose: { header: rosHeader(clock.epochMs(), 'map'), pose: rosPose(pose) },
            behavior_tree: '',
          },
          {
            onResult: (status) => {
              if (own.isOver) return
              own.isOver = true
              if (goal === own) goal = null
              onEnd(status === 'succeeded' ? 'arrived' : status === 'canceled' ? 'canceled' : 'failed')
            },
          },
        )
      },
      cancel: () => goal?.handle.cancel(),
      limitSpeed: (speedMps) =>
        speedLimit.publish({
          header: rosHeader(clock.epochMs(), ''),
          percentage: false,
          // Nav2 takes 0 for "no limit", not for "stand".
          speed_limit: speedMps ?? NO_SPEED_LIMIT,
        }),
      initializePosition: (pose) =>
        initialPose.publish({
          header: rosHeader(clock.epochMs(), 'map'),
          pose: { pose: rosPose(pose), covariance: INITIAL_COVARIANCE },
        }),
      commandZero() {
        const zero = { x: 0, y: 0, z: 0 }
        commandVelocity.publish({ linear: zero, angular: zero })
      },
      commandTeleoperation: (speedMps, turnRadPerS) =>
        teleoperation.publish({
          linear: { x: speedMps, y: 0, z: 0 },
          angular: { x: 0, y: 0, z: turnRadPerS },
        }),
    },
    docking,
    lamp: { setEnabled: (isEnabled) => lampEnable.publish({ data: isEnabled }) },
    gas: gas.equipment,
    showRoom: (grid) => roomAsFound.publish(rosGrid(grid, clock.epochMs())),
    showMap(grid) {
      // Only of a robot that keeps maps there is such a topic.
      enabledMap ??= graph.createPublisher('nav_msgs/msg/OccupancyGrid', ROBOT_TOPICS.enabledMap, 'latched')
      enabledMap.publish(rosGrid(grid, clock.epochMs()))
    },
    start() {
      gas.start()
      disposables.push(
        graph.createSubscription(
          'sensor_msgs/msg/LaserScan',
          ROBOT_TOPICS.scan,
          (scan) => tell({ kind: 'scan', scan }),
          'sensorData',
        ),
        graph.createSubscription('nav_msgs/msg/Odometry', ROBOT_TOPICS.odometry, ({ twist: { twist } }) =>
          tell({
            kind: 'odometry',
            speedMps: Math.hypot(twist.linear.x, twist.linear.y),
            turnRadPerS: twist.angular.z,
          }),
        ),
        graph.createSubscription('tf2_msgs/msg/TFMessage', ROBOT_TOPICS.tf, onTransforms),
        graph.createSubscription('tf2_msgs/msg/TFMessage', ROBOT_TOPICS.tfStatic, onTransforms, 'latched'),
        graph.createSubscription(
          'geometry_msgs/msg/PoseWithCovarianceStamped',
          ROBOT_TOPICS.localisation,
          ({ pose: { pose, covariance } }) => {
            // Row-major over (x, y, z, roll, pitch, yaw): variances of x, y and yaw on the diagonal.
            const [xx = NaN, yy = NaN, yaw = NaN] = [covariance[0], covariance[7], covariance[35]]
            tell({
              kind: 'localisation',
              pose: pose2Of(pose),
              deviationM: Math.sqrt(Math.max(xx, yy)),
              deviationRad: Math.sqrt(yaw),
            })
          },
        ),
        graph.createSubscription(
          'nav_msgs/msg/OccupancyGrid',
          ROBOT_TOPICS.map,
          (map) => tell({ kind: 'map', grid: gridOf(map) }),
          'latched',
        ),
        graph.createSubscription('sensor_msgs/msg/BatteryState', ROBOT_TOPICS.battery, (battery) =>
          tell({
            kind: 'battery',
            fraction: battery.percentage,
            // Full, and drawn from: it stands beside no charger.
            isCharging:
              battery.power_supply_status === 1 ||
              (battery.power_supply_status === 4 && !(battery.current < 0)),
            voltage: battery.voltage,
            health: healthOf(battery),
          }),
        ),
        graph.createSubscription('std_msgs/msg/Float32MultiArray', ROBOT_TOPICS.lampOutput, ({ data }) =>
          tell({ kind: 'lampOutput', fractions: data }),
        ),
        graph.createSubscription('std_msgs/msg/Float32MultiArray', ROBOT_TOPICS.lampCurrent, ({ data }) =>
          tell({ kind: 'lampCurrent', fractions: data }),
        ),
        graph.createSubscription(
          'diagnostic_msgs/msg/DiagnosticArray',
          ROBOT_TOPICS.doorGuards,
          ({ status }) =>
            tell({
              kind: 'doorGuards',
              states: worstStates(status),
            }),
        ),
      )
      for (const camera of cameras) subscribeCamera(camera)
      subscribeBool(ROBOT_TOPICS.personSensor, (data) => ({ kind: 'personSensor', isDetected: data }))
      subscribeBool(ROBOT_TOPICS.emergencyStop, (data) => ({ kind: 'emergencyStop', isPressed: data }))
      subscribeBool(ROBOT_TOPICS.armButton, (data) => ({ kind: 'armButton', isPressed: data }))
      subscribeBool(ROBOT_TOPICS.bumper, (data) => ({ kind: 'bumper', isPressed: data }))
    },
    stop() {
      goal?.handle.cancel()
      docking.cancel()
      gas.stop()
      for (const disposable of disposables.splice(0)) disposable.dispose()
      listeners.clear()
    },
  }
}

/** New batteries often hold a little more than their design: as good as new is all that is said. */
function healthOf({ capacity, design_capacity }: BatteryState): number | null {
  const share = capacity / design_capacity
  return capacity > 0 && design_capacity > 0 && Number.isFinite(share) ? Math.min(1, share) : null
}

/** As RViz's "2D Pose Estimate" has it: half a metre and 15° (variances of x, y and yaw on the diagonal). */
const INITIAL_COVARIANCE = Array.from({ length: 36 }, (_, index) =>
  index === 0 || index === 7 ? 0.25 : index === 35 ? (Math.PI / 12) ** 2 : 0,
)

/** A door that comes twice in one message, opened and closed again, was open. */
function worstStates(
  status: readonly { readonly name: string; readonly level: number }[],
): Map<string, GuardState> {
  const worst = new Map<string, GuardState>()
  for (const { name, level } of status) {
    const state = GUARD_STATES[level] ?? 'lost'
    const earlier = worst.get(name) ?? 'closed'
    worst.set(name, GUARD_STATES.indexOf(state) > GUARD_STATES.indexOf(earlier) ? state : earlier)
  }
  return worst
}

/** A thing without a name, or a score that is no number, may be somebody. */
function showsPerson({ detections }: Detection2DArray, { personClass, minScore }: CameraSettings): boolean {
  return detections.some(
    ({ results }) =>
      results.length === 0 ||
      results.some(({ hypothesis: { class_id, score } }) => class_id === personClass && !(score < minScore)),
  )
}

function planar({ transform: { translation, rotation } }: TransformStamped): Pose2 {
  return { x: translation.x, y: translation.y, theta: yawOf(rotation) }
}
