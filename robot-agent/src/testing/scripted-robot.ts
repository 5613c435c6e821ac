import type { SimulatedClock, TimerId } from '@wardlight/core/clock'
import {
  composePoses,
  createGrid,
  distance,
  drawSegment,
  intersectSegments,
  OCCUPIED,
  polygonEdges,
  type Point2,
  type Polygon,
  type Pose2,
  type Segment2,
} from '@wardlight/core/geometry'
import { createRandom } from '@wardlight/core/random'
import {
  LAMP_HEARTBEAT_MS,
  pose2Of,
  quaternionOfYaw,
  ROBOT_ACTIONS,
  ROBOT_TOPICS,
  rosHeader,
  rosPose,
  type Detection2D,
  type Header,
  type RosGraph,
  type ServerGoal,
  type TransformStamped,
} from '@wardlight/core/ros'

const BEAMS = 360
const SPEED_MPS = 0.8
const STEP_MS = 50

export interface ScriptedRobotOptions {
  readonly clock: SimulatedClock
  readonly graph: RosGraph
  readonly walls: readonly Polygon[]
  readonly doorIds: readonly string[]
  readonly cameraTopics?: readonly string[]
  readonly pose: Pose2
  /** Standard deviation of each range, metres. */
  readonly rangeSigmaM?: number
  /** Constant error of the localisation. */
  readonly localisationError?: Pose2
  readonly seed?: number
}

/**
 * The hardware of a robot for tests, on a real in-memory graph: straight drives, a lidar that sees
 * polygons and people, a lamp with its own heartbeat, and sensors that a test sets by hand.
 */
export function createScriptedRobot(options: ScriptedRobotOptions) {
  const { clock, graph, walls } = options
  const random = createRandom(options.seed ?? 1)
  const silent = new Set<string>()
  const guards = new Map<string, number>(options.doorIds.map((id) => [id, 0]))
  const robot = {
    pose: options.pose,
    people: [] as Point2[],
    things: [] as Polygon[],
    isPersonSensed: false,
    /** Somebody stands before the cameras. */
    isPersonPictured: false,
    /** Tells of the same picture again and again. */
    areCamerasStuck: false,
    /** The person sensor tells of nobody, whoever moves before it. */
    isPersonSensorStuck: false,
    /** Guards that say what they said last, whatever their doors do. */
    stuckGuards: new Set<string>(),
    isEmergencyStopPressed: false,
    isBumperPressed: false,
    isArmButtonPressed: false,
    batteryFraction: 0.9,
    batteryVoltage: 24,
    /** Of its design, Ah; NaN: it does not measure. */
    batteryCapacityAh: NaN,
    deviationM: 0.03,
    tubeHealth: 1,
    isLampStuck: false,
    canDrive: true,
    /** What its docking server does with a goal; `deaf`: takes it and never ends it. */
    docking: 'docks' as 'docks' | 'deaf' | 'doesNotCharge' | 'notFound',
    /** Current flows into it. */
    isCharging: false,
    docked: 0,
    undocked: 0,
    /** What was written to the wheels from afar, and when. */
    teleoperation: [] as { atMs: number; speedMps: number; turnRadPerS: number }[],
    /** What the wheels do of themselves, m/s: it is pushed. */
    measuredMps: 0,
    /** Takes goals and never ends one. */
    isNavigationDeaf: false,
    isLit: false,
    /** What the lidar makes of what it sees. */
    alterRanges: (ranges: number[]): number[] => ranges,
    /** What the lamp's sensors say; `null`: the truth. */
    tubeOutput: null as number[] | null,
    tubeCurrent: null as number[] | null,
    localisationError: options.localisationError ?? { x: 0, y: 0, theta: 0 },
    /** Seconds that the lamp was really lit. */
    litS: 0,
    /** Every value that was sent to the lamp. */
    zeroCommands: 0,
    drives: 0,
    silence: (topic: string) => silent.add(topic),
    speak: (topic: string) => silent.delete(topic),
    setGuard(doorId: string, level: number) {
      if (robot.stuckGuards.has(doorId)) return
      guards.set(doorId, level)
      publishGuards()
    },
    setPersonSensed(isSensed: boolean) {
      robot.isPersonSensed = isSensed && !robot.isPersonSensorStuck
      say(ROBOT_TOPICS.personSensor, () => personSensor.publish({ data: robot.isPersonSensed }))
    },
    setEmergencyStop(isPressed: boolean) {
      robot.isEmergencyStopPressed = isPressed
      say(ROBOT_TOPICS.emergencyStop, () => emergencyStop.publish({ data: isPressed }))
    },
    /** One message about a door with several statuses in it. */
    tellGuard(doorId: string, ...levels: number[]) {
      doorGuards.publish({
        header: rosHeader(clock.epochMs(), ''),
        status: levels.map((level) => ({ level, name: doorId, message: '', hardware_id: '', values: [] })),
      })
    },
    /** Somebody presses it and leaves; what was before is again. */
    pressArmButton() {
      robot.touchArmButton()
      robot.walkOut()
    },
    /** Somebody walks from the robot to the first door, and is gone. */
    walkOut() {
      const { isPersonSensed } = robot
      const [doorId] = options.doorIds
      robot.setPersonSensed(true)
      if (doorId !== undefined) robot.openAndShut(doorId)
      robot.setPersonSensed(isPersonSensed)
    },
    /** The button alone: nobody is there, or no sensor tells of them. */
    touchArmButton() {
      armButton.publish({ data: true })
      armButton.publish({ data: false })
    },
    openAndShut(doorId: string) {
      const level = guards.get(doorId) ?? 0
      robot.setGuard(doorId, 1)
      robot.setGuard(doorId, level)
    },
    /** The map that the localisation works with: the walls, at 5 cm. */
    publishMap() {
      const grid = createGrid({ minX: -10, minY: -10, maxX: 10, maxY: 10 }, 0.05)
      for (const edge of walls.flatMap(polygonEdges)) drawSegment(grid, edge, OCCUPIED)
      const info = {
        map_load_time: rosHeader(clock.epochMs(), '').stamp,
        resolution: grid.resolutionM,
        width: grid.width,
        height: grid.height,
        origin: rosPose(grid.origin),
      }
      map.publish({ header: rosHeader(clock.epochMs(), 'map'), info, data: grid.data })
    },
    start() {
      tfStatic.publish({ transforms: [transform('base_link', 'laser', { x: 0, y: 0, theta: 0 }, 0.2)] })
      step()
    },
    stop() {
      clock.clearTimeout(timer)
      graph.close()
    },
  }
  const bool = (topic: string) => graph.createPublisher('std_msgs/msg/Bool', topic)
  const personSensor = bool(ROBOT_TOPICS.personSensor)
  const emergencyStop = bool(ROBOT_TOPICS.emergencyStop)
  const armButton = bool(ROBOT_TOPICS.armButton)
  const bumper = bool(ROBOT_TOPICS.bumper)
  const scan = graph.createPublisher('sensor_msgs/msg/LaserScan', ROBOT_TOPICS.scan, 'sensorData')
  const tf = graph.createPublisher('tf2_msgs/msg/TFMessage', ROBOT_TOPICS.tf)
  const tfStatic = graph.createPublisher('tf2_msgs/msg/TFMessage', ROBOT_TOPICS.tfStatic, 'latched')
  const localisation = graph.createPublisher(
    'geometry_msgs/msg/PoseWithCovarianceStamped',
    ROBOT_TOPICS.localisation,
  )
  const battery = graph.createPublisher('sensor_msgs/msg/BatteryState', ROBOT_TOPICS.battery)
  const lampOutput = graph.createPublisher('std_msgs/msg/Float32MultiArray', ROBOT_TOPICS.lampOutput)
  const lampCurrent = graph.createPublisher('std_msgs/msg/Float32MultiArray', ROBOT_TOPICS.lampCurrent)
  const doorGuards = graph.createPublisher('diagnostic_msgs/msg/DiagnosticArray', ROBOT_TOPICS.doorGuards)
  const map = graph.createPublisher('nav_msgs/msg/OccupancyGrid', ROBOT_TOPICS.map, 'latched')
  const odometry = graph.createPublisher('nav_msgs/msg/Odometry', ROBOT_TOPICS.odometry)
  const cameras = (options.cameraTopics ?? []).map((topic) => ({
    topic,
    publisher: graph.createPublisher('vision_msgs/msg/Detection2DArray', topic, 'sensorData'),
  }))
  let pictureMs = 0
  let timer: TimerId = null
  let tick = 0
  let lastBeatMs = -Infinity
  let drive: { to: Pose2; goal: ServerGoal<unknown, { error_code: number; error_msg: string }> } | null = null

  graph.createSubscription('std_msgs/msg/Bool', ROBOT_TOPICS.lampEnable, ({ data }) => {
    lastBeatMs = data ? clock.monotonicMs() : -Infinity
    if (!data) robot.isLit = robot.isLampStuck && robot.isLit
  })
  graph.createSubscription('geometry_msgs/msg/Twist', ROBOT_TOPICS.commandVelocity, () => {
    robot.zeroCommands += 1
  })
  graph.createActionServer('nav2_msgs/action/NavigateToPose', ROBOT_ACTIONS.navigateToPose, {
    execute: (goal, handle) => {
      robot.drives += 1
      if (robot.isNavigationDeaf) return
      if (!robot.canDrive) handle.abort({ error_code: 0, error_msg: '' })
      else drive = { to: pose2Of(goal.pose.pose), goal: handle }
    },
    onCancelRequest: (handle) => {
      drive = null
      handle.canceled({ error_code: 0, error_msg: '' })
    },
  })

  let dockGoal: ServerGoal<
    unknown,
    { success: boolean; error_code: number; num_retries: number; error_msg: string }
  > | null = null
  graph.createSubscription('geometry_msgs/msg/Twist', ROBOT_TOPICS.teleoperation, ({ linear, angular }) => {
    robot.teleoperation.push({ atMs: clock.monotonicMs(), speedMps: linear.x, turnRadPerS: angular.z })
  })
  graph.createActionServer('nav2_msgs/action/DockRobot', ROBOT_ACTIONS.dockRobot, {
    execute: ({ dock_id }, handle) => {
      dockGoal?.abort({ success: false, error_code: 999, num_retries: 0, error_msg: 'a newer goal' })
      dockGoal = handle
      const fail = (error_code: number) =>
        handle.abort({ success: false, error_code, num_retries: 3, error_msg: '' })
      if (dock_id === '' || robot.docking === 'notFound') return fail(901)
      robot.docked += 1
      if (robot.docking === 'deaf') return
      clock.setTimeout(() => {
        if (dockGoal !== handle) return
        if (robot.docking === 'doesNotCharge') return fail(906)
        robot.isCharging = true
        handle.succeed({ success: true, error_code: 0, num_retries: 0, error_msg: '' })
      }, 5000)
    },
    onCancelRequest: (handle) => {
      if (dockGoal === handle) dockGoal = null
      handle.canceled({ success: false, error_code: 0, num_retries: 0, error_msg: '' })
    },
  })
  let undockGoal: ServerGoal<unknown, { success: boolean; error_code: number; error_msg: string }> | null =
    null
  graph.createActionServer('nav2_msgs/action/UndockRobot', ROBOT_ACTIONS.undockRobot, {
    execute: (_, handle) => {
      undockGoal = handle
      clock.setTimeout(() => {
        if (undockGoal !== handle) return
        robot.undocked += 1
        robot.isCharging = false
        handle.succeed({ success: true, error_code: 0, error_msg: '' })
      }, 3000)
    },
    onCancelRequest: (handle) => {
      if (undockGoal === handle) undockGoal = null
      handle.canceled({ success: false, error_code: 0, error_msg: '' })
    },
  })

  function say(topic: string, publish: () => void): void {
    if (!silent.has(topic)) publish()
  }

  function publishGuards(): void {
    say(ROBOT_TOPICS.doorGuards, () =>
      doorGuards.publish({
        header: rosHeader(clock.epochMs(), ''),
        status: [...guards].map(([name, level]) => ({
          level,
          name,
          message: '',
          hardware_id: '',
          values: [],
        })),
      }),
    )
  }

  function segments(): Segment2[] {
    return [...walls, ...robot.things].flatMap(polygonEdges)
  }

  function look(): number[] {
    const edges = segments()
    return Array.from({ length: BEAMS }, (_, beam) => {
      const angle = robot.pose.theta + (beam * 2 * Math.PI) / BEAMS
      const end = { x: robot.pose.x + 12 * Math.cos(angle), y: robot.pose.y + 12 * Math.sin(angle) }
      let range = Infinity
      for (const edge of edges) {
        const along = intersectSegments({ a: robot.pose, b: end }, edge)
        if (along !== null) range = Math.min(range, along * 12)
      }
      for (const person of robot.people) range = Math.min(range, rangeToDisc(robot.pose, angle, person, 0.18))
      return range + random.gaussian(options.rangeSigmaM ?? 0.02)
    })
  }

  function step(): void {
    timer = clock.setTimeout(step, STEP_MS)
    const nowMs = clock.monotonicMs()
    const isBeating = nowMs - lastBeatMs < LAMP_HEARTBEAT_MS
    robot.isLit = isBeating || (robot.isLampStuck && robot.isLit)
    if (robot.isLit) robot.litS += STEP_MS / 1000
    move()
    const error = robot.localisationError
    const estimate = {
      x: robot.pose.x + error.x,
      y: robot.pose.y + error.y,
      theta: robot.pose.theta + error.theta,
    }
    const at = (frame: string) => rosHeader(clock.epochMs(), frame)
    tf.publish({
      transforms: [
        transform('map', 'odom', estimate, 0),
        transform('odom', 'base_link', { x: 0, y: 0, theta: 0 }, 0),
      ],
    })
    odometry.publish({
      header: at('odom'),
      child_frame_id: 'base_link',
      pose: { pose: rosPose(robot.pose), covariance: [] },
      twist: {
        twist: {
          linear: { x: drive === null ? robot.measuredMps : SPEED_MPS, y: 0, z: 0 },
          angular: { x: 0, y: 0, z: 0 },
        },
        covariance: [],
      },
    })
    if (tick % 2 === 0) {
      say(ROBOT_TOPICS.scan, () =>
        scan.publish({
          header: at('laser'),
          angle_min: 0,
          angle_max: 2 * Math.PI,
          angle_increment: (2 * Math.PI) / BEAMS,
          time_increment: 0,
          scan_time: 0.1,
          range_min: 0.1,
          range_max: 12,
          ranges: robot.alterRanges(look()),
          intensities: [],
        }),
      )
      say(ROBOT_TOPICS.personSensor, () => personSensor.publish({ data: robot.isPersonSensed }))
      if (!robot.areCamerasStuck) pictureMs = clock.epochMs()
      for (const { topic, publisher } of cameras) {
        const header = rosHeader(pictureMs, 'camera')
        say(topic, () =>
          publisher.publish({ header, detections: robot.isPersonPictured ? [personIn(header)] : [] }),
        )
      }
      say(ROBOT_TOPICS.emergencyStop, () => emergencyStop.publish({ data: robot.isEmergencyStopPressed }))
      say(ROBOT_TOPICS.bumper, () => bumper.publish({ data: robot.isBumperPressed }))
      say(ROBOT_TOPICS.armButton, () => armButton.publish({ data: robot.isArmButtonPressed }))
      say(ROBOT_TOPICS.lampCurrent, () =>
        lampCurrent.publish({
          layout: { dim: [], data_offset: 0 },
          data:
            robot.tubeCurrent ?? Array.from({ length: 8 }, () => Number(robot.isLit && robot.tubeHealth > 0)),
        }),
      )
      say(ROBOT_TOPICS.lampOutput, () =>
        lampOutput.publish({
          layout: { dim: [], data_offset: 0 },
          data: robot.tubeOutput ?? Array.from({ length: 8 }, () => (robot.isLit ? robot.tubeHealth : 0)),
        }),
      )
      publishGuards()
    }
    if (tick % 4 === 0) {
      const covariance = Array.from({ length: 36 }, () => 0)
      covariance[0] = covariance[7] = robot.deviationM ** 2
      covariance[35] = 0.0004
      say(ROBOT_TOPICS.localisation, () =>
        localisation.publish({ header: at('map'), pose: { pose: rosPose(estimate), covariance } }),
      )
    }
    if (tick % 20 === 0) {
      say(ROBOT_TOPICS.battery, () =>
        battery.publish({
          header: at(''),
          voltage: robot.batteryVoltage,
          capacity: robot.batteryCapacityAh,
          design_capacity: 80,
          current: -1,
          percentage: robot.batteryFraction,
          power_supply_status: robot.isCharging ? 1 : 2,
          present: true,
        }),
      )
    }
    tick += 1
  }

  function move(): void {
    if (drive === null) return
    const { to, goal } = drive
    const left = distance(robot.pose, to)
    const stepM = (SPEED_MPS * STEP_MS) / 1000
    if (left <= stepM) {
      robot.pose = to
      drive = null
      goal.succeed({ error_code: 0, error_msg: '' })
      return
    }
    const theta = Math.atan2(to.y - robot.pose.y, to.x - robot.pose.x)
    robot.pose = {
      x: robot.pose.x + stepM * Math.cos(theta),
      y: robot.pose.y + stepM * Math.sin(theta),
      theta,
    }
  }

  function transform(frame: string, child: string, pose: Pose2, z: number): TransformStamped {
    return {
      header: rosHeader(clock.epochMs(), frame),
      child_frame_id: child,
      transform: { translation: { x: pose.x, y: pose.y, z }, rotation: quaternionOfYaw(pose.theta) },
    }
  }

  return robot
}

function personIn(header: Header): Detection2D {
  const pose = rosPose({ x: 0, y: 0, theta: 0 })
  return {
    header,
    results: [{ hypothesis: { class_id: 'person', score: 0.9 }, pose: { pose, covariance: [] } }],
    bbox: { center: { position: { x: 320, y: 240 }, theta: 0 }, size_x: 90, size_y: 240 },
    id: '',
  }
}

export type ScriptedRobot = ReturnType<typeof createScriptedRobot>

function rangeToDisc(from: Pose2, angle: number, centre: Point2, radiusM: number): number {
  const { x, y } = composePoses(
    { x: 0, y: 0, theta: -angle },
    {
      x: centre.x - from.x,
      y: centre.y - from.y,
      theta: 0,
    },
  )
  if (x <= 0 || Math.abs(y) >= radiusM) return Infinity
  return x - Math.sqrt(radiusM ** 2 - y ** 2)
}
