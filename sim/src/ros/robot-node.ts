import type { Clock } from '@wardlight/core/clock'
import type { Dock } from '@wardlight/core/floor'
import type { Pose2 } from '@wardlight/core/geometry'
import type { Random } from '@wardlight/core/random'
import {
  ROBOT_ACTIONS,
  ROBOT_TOPICS,
  pose2Of,
  quaternionOfYaw,
  rosHeader,
  rosPose,
  type Detection2DArray,
  type DiagnosticStatus,
  type Header,
  type Publisher,
  type QosProfile,
  type RosGraph,
  type RosMessages,
  type RosMessageType,
  type RosOccupancyGrid,
  type TransformStamped,
} from '@wardlight/core/ros'
import type { PicturedPerson } from '../world/camera.ts'
import { LIDAR_HEIGHT_M } from '../world/level-scene.ts'
import {
  LIDAR_ANGLE_MIN_RAD,
  LIDAR_BEAMS,
  LIDAR_INCREMENT_RAD,
  LIDAR_RANGE_MAX_M,
  LIDAR_RANGE_MIN_M,
  scanRanges,
  type Circle,
} from '../world/lidar.ts'
import { DESIGN_CAPACITY_AH } from '../world/battery.ts'
import { HEADING_SIGMA_RAD, POSITION_SIGMA_M, mapToOdom } from '../world/localisation.ts'
import type { Robot } from '../world/robot.ts'
import type { GuardBoard } from './guard-board.ts'
import { DockingServer } from './docking-server.ts'
import { Navigator, type NavigationScene } from './navigator.ts'

/** What a robot's sensors find around it. */
export interface RobotSurroundings extends NavigationScene {
  guards(levelId: string): GuardBoard
  map(levelId: string): RosOccupancyGrid
  /** What the lidar's plane cuts beside walls and furniture. */
  lidarCircles(levelId: string, exceptRobotId: string): readonly Circle[]
  /** Whether the infrared sensors of a robot see someone move. */
  seesPerson(robot: Robot): boolean
  /** Who is before its camera. */
  picturedPeople(robot: Robot): readonly PicturedPerson[]
}

/** From a door's movement to the robot: a contact's debouncing and a hop by radio [proposed]. */
export const GUARD_DELAY_MS = 30
/** Steps of 10 ms between two messages. */
const EVERY = { sensors: 10, odometry: 5, localisation: 20, battery: 100, control: 5, person: 2 } as const

const ODOMETRY_COVARIANCE = covariance(1e-3, 1e-3)
const TWIST_COVARIANCE = covariance(1e-4, 1e-4)
const LOCALISATION_COVARIANCE = covariance(POSITION_SIGMA_M ** 2, HEADING_SIGMA_RAD ** 2)

/** The robot's side of `robot-topics.ts` on its own graph: what a real robot's drivers and Nav2 offer. */
export class RobotNode {
  readonly #robot: Robot
  readonly #graph: RosGraph
  readonly #clock: Clock
  readonly #random: Random
  readonly #around: RobotSurroundings
  readonly #navigator: Navigator
  readonly #docking: DockingServer
  readonly #onLampChange: () => void
  readonly #publishers = new Map<string, Publisher<never>>()
  readonly #disposables: { dispose(): void }[] = []
  readonly #phase: number
  #step = 0
  #mapLevelId: string | null = null
  /** The guards as the robot has heard them, then what is still on its way. */
  #guardReadings: { statuses: DiagnosticStatus[]; heardMs: number }[] = []
  readonly #flags = new Map<string, boolean>()
  #isPersonSeen = false
  #picture: { readonly header: Header; readonly people: readonly PicturedPerson[] } | null = null
  #wasLit = false

  /** @param phase spreads the robots' messages over the steps. */
  constructor(
    robot: Robot,
    graph: RosGraph,
    clock: Clock,
    random: Random,
    around: RobotSurroundings,
    phase: number,
    onLampChange: () => void,
    docks: () => readonly Dock[],
  ) {
    this.#robot = robot
    this.#graph = graph
    this.#clock = clock
    this.#random = random
    this.#around = around
    this.#phase = phase
    this.#onLampChange = onLampChange
    this.#navigator = new Navigator(robot, around)
    this.#docking = new DockingServer(robot, docks, ({ x, y }) => {
      const { bodies } = around.scene(robot.levelId)
      return bodies.clearance(x, y, robot.radiusM + 0.05) >= robot.radiusM
    })
  }

  start(): void {
    const robot = this.#robot
    this.#step = this.#phase
    this.#guardReadings = [{ statuses: this.#around.guards(robot.levelId).statuses, heardMs: -Infinity }]
    this.#disposables.push(
      this.#graph.createSubscription('std_msgs/msg/Bool', ROBOT_TOPICS.lampEnable, ({ data }) => {
        if (robot.isLampUnplugged) return
        robot.lamp.enable(data, this.#clock.monotonicMs())
        if (!data) this.#onLampChange()
      }),
    )
    if (!robot.isFixed) this.#offerBase()
    this.#publish(
      'tf2_msgs/msg/TFMessage',
      ROBOT_TOPICS.tfStatic,
      {
        transforms: [this.#transform('base_link', 'laser', { x: 0, y: 0, theta: 0 }, LIDAR_HEIGHT_M)],
      },
      'latched',
    )
    this.#publishMap()
  }

  /** What a robot that drives has beside its sensors. */
  #offerBase(): void {
    const robot = this.#robot
    this.#disposables.push(
      this.#graph.createSubscription(
        'geometry_msgs/msg/Twist',
        ROBOT_TOPICS.commandVelocity,
        ({ linear, angular }) => robot.commandDirectly(linear.x, angular.z, this.#clock.monotonicMs()),
      ),
      this.#graph.createSubscription('nav2_msgs/msg/SpeedLimit', ROBOT_TOPICS.speedLimit, (limit) =>
        this.#navigator.limitSpeed(limit),
      ),
      this.#graph.createSubscription(
        'geometry_msgs/msg/PoseWithCovarianceStamped',
        ROBOT_TOPICS.initialPose,
        ({ pose: { pose } }) => robot.localisation.initialise(robot.body.pose, pose2Of(pose)),
      ),
      this.#graph.createActionServer('nav2_msgs/action/NavigateToPose', ROBOT_ACTIONS.navigateToPose, {
        accept: ({ pose }) => Number.isFinite(pose.pose.position.x) && Number.isFinite(pose.pose.position.y),
        execute: (goal, handle) => this.#navigator.execute(goal, handle),
        onCancelRequest: (handle) => this.#navigator.cancel(handle),
      }),
      this.#graph.createSubscription(
        'geometry_msgs/msg/Twist',
        ROBOT_TOPICS.teleoperation,
        ({ linear, angular }) => robot.commandFromAfar(linear.x, angular.z, this.#clock.monotonicMs()),
      ),
      this.#graph.createActionServer('nav2_msgs/action/DockRobot', ROBOT_ACTIONS.dockRobot, {
        execute: (goal, handle) => this.#docking.dock(goal, handle, this.#clock.monotonicMs()),
        onCancelRequest: (handle) => this.#docking.cancel(handle),
      }),
      this.#graph.createActionServer('nav2_msgs/action/UndockRobot', ROBOT_ACTIONS.undockRobot, {
        execute: (goal, handle) => this.#docking.undock(goal, handle, this.#clock.monotonicMs()),
        onCancelRequest: (handle) => this.#docking.cancel(handle),
      }),
    )
  }

  stop(): void {
    for (const disposable of this.#disposables.splice(0)) disposable.dispose()
    this.#publishers.clear()
    this.#mapLevelId = null
  }

  /** What moves the robot in the coming step. */
  control(): void {
    this.#step += 1
    if (this.#isDue(EVERY.control) && !this.#robot.isFixed) {
      this.#robot.localisation.step((EVERY.control * 10) / 1000)
      this.#navigator.control(this.#clock.monotonicMs())
      this.#docking.control(this.#clock.monotonicMs())
    }
  }

  /** What the sensors say after a step. Flags and guards that changed go first: they keep people safe. */
  report(): void {
    const robot = this.#robot
    const nowMs = this.#clock.monotonicMs()
    if (this.#isDue(EVERY.person)) {
      const { personSensorSays } = robot
      this.#isPersonSeen =
        personSensorSays === null ? this.#around.seesPerson(robot) : personSensorSays === 'somebody'
    }
    const isRegular = this.#isDue(EVERY.sensors)
    this.#publishFlag(ROBOT_TOPICS.emergencyStop, robot.isEmergencyPressed, isRegular)
    this.#publishFlag(ROBOT_TOPICS.personSensor, this.#isPersonSeen, isRegular)
    this.#publishGuards(isRegular)
    this.#publishFlag(ROBOT_TOPICS.armButton, robot.isArmPressed(nowMs), isRegular)
    if (!robot.isFixed) this.#publishFlag(ROBOT_TOPICS.bumper, robot.body.isTouching, isRegular)
    this.publishLampOutput(isRegular)
    if (isRegular) {
      this.#publishScan()
      this.#publishPicture()
      if (!robot.isFixed) this.#navigator.publishFeedback(this.#clock.epochMs())
    }
    if (!robot.isFixed) this.#reportBase()
    if (this.#mapLevelId !== robot.levelId) this.#publishMap()
  }

  #reportBase(): void {
    if (this.#isDue(EVERY.odometry)) this.#publishOdometry()
    if (this.#isDue(EVERY.localisation)) this.#publishLocalisation()
    if (this.#isDue(EVERY.battery)) this.#publishBattery()
  }

  /** At once, when a button was pressed between two steps. */
  reportButtons(): void {
    this.#publishFlag(ROBOT_TOPICS.emergencyStop, this.#robot.isEmergencyPressed, false)
    this.#publishFlag(ROBOT_TOPICS.armButton, this.#robot.isArmPressed(this.#clock.monotonicMs()), false)
  }

  /** On change between dark and lit, and when regular. */
  publishLampOutput(isRegular: boolean): void {
    const { lamp, isLampUnplugged } = this.#robot
    const isChange = lamp.isLit !== this.#wasLit
    this.#wasLit = lamp.isLit
    if (isLampUnplugged || (!isRegular && !isChange)) return
    const { length: size } = lamp.model.tubes
    const layout = { dim: [{ label: 'tube', size, stride: size }], data_offset: 0 }
    const type = 'std_msgs/msg/Float32MultiArray'
    this.#publish(type, ROBOT_TOPICS.lampCurrent, { layout, data: [...lamp.measuredCurrent] })
    this.#publish(type, ROBOT_TOPICS.lampOutput, { layout, data: [...lamp.measuredOutput] })
  }

  #isDue(every: number): boolean {
    return this.#step % every === 0
  }

  #publish<Type extends RosMessageType>(
    type: Type,
    topic: string,
    message: RosMessages[Type],
    qos: QosProfile = 'default',
  ): void {
    if (this.#robot.silentTopics.has(topic)) return
    let publisher = this.#publishers.get(topic) as Publisher<RosMessages[Type]> | undefined
    if (publisher === undefined) {
      publisher = this.#graph.createPublisher(type, topic, qos)
      this.#publishers.set(topic, publisher)
    }
    publisher.publish(message)
  }

  #publishFlag(topic: string, isSet: boolean, isRegular: boolean): void {
    if (!isRegular && this.#flags.get(topic) === isSet) return
    this.#flags.set(topic, isSet)
    this.#publish('std_msgs/msg/Bool', topic, { data: isSet })
  }

  #publishGuards(isRegular: boolean): void {
    const nowMs = this.#clock.monotonicMs()
    const { statuses } = this.#around.guards(this.#robot.levelId)
    if (statuses !== this.#guardReadings.at(-1)!.statuses) {
      this.#guardReadings.push({ statuses, heardMs: nowMs + GUARD_DELAY_MS })
    }
    const isNews = this.#guardReadings.length > 1 && this.#guardReadings[1]!.heardMs <= nowMs
    if (isNews) this.#guardReadings.shift()
    if (!isRegular && !isNews) return
    this.#publish('diagnostic_msgs/msg/DiagnosticArray', ROBOT_TOPICS.doorGuards, {
      header: this.#header('map'),
      status: this.#guardReadings[0]!.statuses,
    })
  }

  #publishScan(): void {
    const { body, levelId, id, estimate } = this.#robot
    const ranges = scanRanges(
      body.pose,
      this.#around.scene(levelId),
      this.#around.lidarCircles(levelId, id),
      this.#random,
    )
    this.#navigator.look(estimate, ranges)
    this.#publish(
      'sensor_msgs/msg/LaserScan',
      ROBOT_TOPICS.scan,
      {
        header: this.#header('laser'),
        angle_min: LIDAR_ANGLE_MIN_RAD,
        angle_max: LIDAR_ANGLE_MIN_RAD + (LIDAR_BEAMS - 1) * LIDAR_INCREMENT_RAD,
        angle_increment: LIDAR_INCREMENT_RAD,
        time_increment: 0,
        scan_time: 0.1,
        range_min: LIDAR_RANGE_MIN_M,
        range_max: LIDAR_RANGE_MAX_M,
        ranges,
        intensities: [],
      },
      'sensorData',
    )
  }

  /** The detector needs about as long as to the next picture: it tells of the one before. */
  #publishPicture(): void {
    const picture = this.#picture
    this.#picture = { header: this.#header('camera'), people: this.#around.picturedPeople(this.#robot) }
    if (picture === null) return
    this.#publish(
      'vision_msgs/msg/Detection2DArray',
      ROBOT_TOPICS.camera,
      detectionsIn(picture.header, picture.people),
      'sensorData',
    )
  }

  #publishOdometry(): void {
    const { body, odometry, estimate } = this.#robot
    const mapInOdom = mapToOdom(estimate, odometry.pose)
    this.#publish('nav_msgs/msg/Odometry', ROBOT_TOPICS.odometry, {
      header: this.#header('odom'),
      child_frame_id: 'base_link',
      pose: { pose: rosPose(odometry.pose), covariance: ODOMETRY_COVARIANCE },
      twist: {
        twist: {
          linear: { x: body.speedMps, y: 0, z: 0 },
          angular: { x: 0, y: 0, z: body.turnRateRadps },
        },
        covariance: TWIST_COVARIANCE,
      },
    })
    this.#publish('tf2_msgs/msg/TFMessage', ROBOT_TOPICS.tf, {
      transforms: [
        this.#transform('map', 'odom', mapInOdom, 0),
        this.#transform('odom', 'base_link', odometry.pose, 0),
      ],
    })
  }

  #publishLocalisation(): void {
    this.#publish('geometry_msgs/msg/PoseWithCovarianceStamped', ROBOT_TOPICS.localisation, {
      header: this.#header('map'),
      pose: {
        pose: rosPose(this.#robot.estimate),
        covariance: LOCALISATION_COVARIANCE,
      },
    })
  }

  #publishBattery(): void {
    const { battery } = this.#robot
    this.#publish('sensor_msgs/msg/BatteryState', ROBOT_TOPICS.battery, {
      header: this.#header('base_link'),
      voltage: battery.voltageV,
      current: battery.currentA,
      percentage: battery.fraction,
      capacity: battery.capacityAh,
      design_capacity: DESIGN_CAPACITY_AH,
      power_supply_status: battery.fraction >= 1 ? 4 : battery.isCharging ? 1 : 2,
      present: true,
    })
  }

  #publishMap(): void {
    this.#mapLevelId = this.#robot.levelId
    this.#publish(
      'nav_msgs/msg/OccupancyGrid',
      ROBOT_TOPICS.map,
      { ...this.#around.map(this.#robot.levelId), header: this.#header('map') },
      'latched',
    )
  }

  #header(frameId: string) {
    return rosHeader(this.#clock.epochMs(), frameId)
  }

  #transform(frameId: string, child: string, pose: Pose2, z: number): TransformStamped {
    return {
      header: this.#header(frameId),
      child_frame_id: child,
      transform: { translation: { x: pose.x, y: pose.y, z }, rotation: quaternionOfYaw(pose.theta) },
    }
  }
}

function detectionsIn(header: Header, people: readonly PicturedPerson[]): Detection2DArray {
  const pose = rosPose({ x: 0, y: 0, theta: 0 })
  return {
    header,
    detections: people.map(({ id, x, y, widthPx, heightPx }) => ({
      header,
      results: [{ hypothesis: { class_id: 'person', score: 0.9 }, pose: { pose, covariance: [] } }],
      bbox: { center: { position: { x, y }, theta: 0 }, size_x: widthPx, size_y: heightPx },
      id,
    })),
  }
}

/** Row-major over (x, y, z, roll, pitch, yaw), with only x, y and yaw known. */
function covariance(positionM2: number, yawRad2: number): number[] {
  const matrix = Array.from({ length: 36 }, () => 0)
  matrix[0] = positionM2
  matrix[7] = positionM2
  matrix[35] = yawRad2
  return matrix
}
