/**
 * What a ward robot offers on its ROS graph, beside Nav2. `docs/protocol.md` says the same in words.
 * All of it uses standard message types; a bridge node on a real robot maps its hardware onto it.
 */
export const ROBOT_TOPICS = {
  /** `sensor_msgs/LaserScan`, 10 Hz, frame `laser`, sensor data QoS. */
  scan: '/scan',
  /** `nav_msgs/Odometry`, 20 Hz, `odom` to `base_link`. */
  odometry: '/odom',
  /** `tf2_msgs/TFMessage`: `map` → `odom` (localisation) and `odom` → `base_link`. */
  tf: '/tf',
  /** `tf2_msgs/TFMessage`, latched: `base_link` → `laser`. */
  tfStatic: '/tf_static',
  /** `geometry_msgs/PoseWithCovarianceStamped`, 5 Hz: the localisation's estimate (AMCL) with its covariance. */
  localisation: '/amcl_pose',
  /** `sensor_msgs/BatteryState`, 1 Hz. */
  battery: '/battery_state',
  /** `nav_msgs/OccupancyGrid`, latched: the level's map. */
  map: '/map',
  /** `geometry_msgs/Twist`: direct motion command; the agent publishes only zeros on it, to stop. */
  commandVelocity: '/cmd_vel',
  /** `std_msgs/Bool`, published by the agent at 10 Hz while the lamp is to be lit; the lamp goes dark 250 ms after the last `true`, at once on `false`. */
  lampEnable: '/uv_lamp/enable',
  /** `std_msgs/Float32MultiArray`, 10 Hz: measured output of each tube as a fraction of its rated output, 0 dark to 1. */
  lampOutput: '/uv_lamp/tube_output',
  /** `diagnostic_msgs/DiagnosticArray`, 10 Hz and on change: one status a guarded door, `name` = door id, level OK closed, WARN open, ERROR guard moved or broken, STALE no contact. */
  doorGuards: '/door_guards',
  /** `std_msgs/Bool`, 10 Hz and on change: the passive infrared sensors see a person. */
  personSensor: '/person_sensor/detected',
  /** `std_msgs/Bool`, 10 Hz and on change: the hard emergency stop is pressed. */
  emergencyStop: '/emergency_stop/pressed',
  /** `std_msgs/Bool`, 10 Hz and on change: the arming button on the robot is held down. */
  armButton: '/arm_button/pressed',
  /** `std_msgs/Bool`, 10 Hz and on change: the bumper is pressed. */
  bumper: '/bumper/pressed',
} as const

export const ROBOT_ACTIONS = {
  /** `nav2_msgs/action/NavigateToPose`. */
  navigateToPose: '/navigate_to_pose',
} as const

/** How long after the last `true` on `lampEnable` the lamp hardware goes dark by itself, milliseconds. */
export const LAMP_HEARTBEAT_MS = 250
