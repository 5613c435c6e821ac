/**
 * The ROS 2 message types that Wardlight speaks, as plain objects in the shape of rclnodejs.
 * Only standard packages. Units and frames after REP 103 and REP 105; fields as in the packages'
 * `.msg` files (common_interfaces, jazzy).
 */
export interface Time {
  sec: number
  nanosec: number
}

export interface Duration {
  sec: number
  nanosec: number
}

export interface Header {
  stamp: Time
  frame_id: string
}

export interface Vector3 {
  x: number
  y: number
  z: number
}

export interface Quaternion extends Vector3 {
  w: number
}

export interface RosPose {
  position: Vector3
  orientation: Quaternion
}

export interface PoseStamped {
  header: Header
  pose: RosPose
}

export interface PoseWithCovarianceStamped {
  header: Header
  /** Covariance row-major over (x, y, z, roll, pitch, yaw): 36 numbers. */
  pose: { pose: RosPose; covariance: number[] }
}

export interface Twist {
  linear: Vector3
  angular: Vector3
}

export interface LaserScan {
  header: Header
  angle_min: number
  angle_max: number
  angle_increment: number
  time_increment: number
  scan_time: number
  range_min: number
  range_max: number
  /** Metres; `Infinity` where nothing came back. */
  ranges: number[]
  intensities: number[]
}

export interface Odometry {
  header: Header
  child_frame_id: string
  pose: { pose: RosPose; covariance: number[] }
  twist: { twist: Twist; covariance: number[] }
}

export interface TransformStamped {
  header: Header
  child_frame_id: string
  transform: { translation: Vector3; rotation: Quaternion }
}

export interface TFMessage {
  transforms: TransformStamped[]
}

export interface BatteryState {
  header: Header
  voltage: number
  current: number
  /** 0 to 1. */
  percentage: number
  /** Ampere hours that it holds when full, now and by its design; NaN where nobody measures. */
  capacity: number
  design_capacity: number
  /** 1 charging, 2 discharging, 3 not charging, 4 full. */
  power_supply_status: number
  present: boolean
}

export interface RosOccupancyGrid {
  header: Header
  info: { map_load_time: Time; resolution: number; width: number; height: number; origin: RosPose }
  data: Int8Array | number[]
}

export interface Bool {
  data: boolean
}

export interface RosString {
  data: string
}

export interface Float32 {
  data: number
}

export interface Float32MultiArray {
  layout: { dim: { label: string; size: number; stride: number }[]; data_offset: number }
  data: number[]
}

export interface KeyValue {
  key: string
  value: string
}

export interface DiagnosticStatus {
  /** 0 OK, 1 WARN, 2 ERROR, 3 STALE. */
  level: number
  name: string
  message: string
  hardware_id: string
  values: KeyValue[]
}

export interface DiagnosticArray {
  header: Header
  status: DiagnosticStatus[]
}

export interface Temperature {
  header: Header
  /** Degrees Celsius. */
  temperature: number
  /** 0: not known. */
  variance: number
}

export interface RelativeHumidity {
  header: Header
  /** 0 to 1. */
  relative_humidity: number
  /** 0: not known. */
  variance: number
}

/** `vision_msgs` 4 (humble to rolling). */
export interface ObjectHypothesisWithPose {
  hypothesis: {
    /** As the detector's model names it: `person`, or `0`. */
    class_id: string
    /** 0 to 1. */
    score: number
  }
  /** Covariance row-major: 36 numbers. Detectors of pictures leave it empty. */
  pose: { pose: RosPose; covariance: number[] }
}

export interface Detection2D {
  header: Header
  results: ObjectHypothesisWithPose[]
  /** Pixels. */
  bbox: { center: { position: { x: number; y: number }; theta: number }; size_x: number; size_y: number }
  id: string
}

export interface Detection2DArray {
  header: Header
  detections: Detection2D[]
}

export interface SpeedLimit {
  header: Header
  /** In per cent of the robot's greatest speed, else in m/s. */
  percentage: boolean
  /** 0: no limit. */
  speed_limit: number
}

/** Message types by their full ROS names. */
export interface RosMessages {
  'std_msgs/msg/Bool': Bool
  'std_msgs/msg/String': RosString
  'std_msgs/msg/Float32': Float32
  'std_msgs/msg/Float32MultiArray': Float32MultiArray
  'geometry_msgs/msg/Twist': Twist
  'geometry_msgs/msg/PoseWithCovarianceStamped': PoseWithCovarianceStamped
  'sensor_msgs/msg/LaserScan': LaserScan
  'sensor_msgs/msg/BatteryState': BatteryState
  'sensor_msgs/msg/Temperature': Temperature
  'sensor_msgs/msg/RelativeHumidity': RelativeHumidity
  'nav_msgs/msg/Odometry': Odometry
  'nav2_msgs/msg/SpeedLimit': SpeedLimit
  'nav_msgs/msg/OccupancyGrid': RosOccupancyGrid
  'tf2_msgs/msg/TFMessage': TFMessage
  'diagnostic_msgs/msg/DiagnosticArray': DiagnosticArray
  'diagnostic_msgs/msg/KeyValue': KeyValue
  'vision_msgs/msg/Detection2DArray': Detection2DArray
}

export type RosMessageType = keyof RosMessages

/** Service types by their full ROS names. */
export interface RosServices {
  'std_srvs/srv/Trigger': {
    request: Record<string, never>
    response: { success: boolean; message: string }
  }
  'std_srvs/srv/SetBool': {
    request: { data: boolean }
    response: { success: boolean; message: string }
  }
}

export type RosServiceType = keyof RosServices

/** Action types by their full ROS names. */
export interface RosActions {
  'nav2_msgs/action/NavigateToPose': {
    goal: { pose: PoseStamped; behavior_tree: string }
    feedback: {
      current_pose: PoseStamped
      distance_remaining: number
      number_of_recoveries: number
    }
    result: { error_code: number; error_msg: string }
  }
  /** Nav2's docking server. Up to humble the same lies in the package `opennav_docking_msgs`. */
  'nav2_msgs/action/DockRobot': {
    goal: {
      /** Else `dock_pose` and `dock_type` say which. */
      use_dock_id: boolean
      dock_id: string
      dock_pose: PoseStamped
      dock_type: string
      /** Seconds. */
      max_staging_time: number
      navigate_to_staging_pose: boolean
    }
    /** `state`: 1 drives to the staging pose, 2 looks for the dock, 3 approaches, 4 waits for charge, 5 tries again. */
    feedback: { state: number; docking_time: Duration; num_retries: number }
    /** `success`: it charges. `error_code`: `DOCKING_ERRORS`. */
    result: { success: boolean; error_code: number; num_retries: number; error_msg: string }
  }
  'nav2_msgs/action/UndockRobot': {
    /** `dock_type` is needed only where a robot knows several types and came up in its dock. Seconds. */
    goal: { dock_type: string; max_undocking_time: number }
    feedback: Record<string, never>
    result: { success: boolean; error_code: number; error_msg: string }
  }
}

export type RosActionType = keyof RosActions
