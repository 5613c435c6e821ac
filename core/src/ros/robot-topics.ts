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
  /** `geometry_msgs/PoseWithCovarianceStamped`, from the agent: where the robot is, when somebody knows better than its localisation, as after a lift's ride. Nav2's own name. */
  initialPose: '/initialpose',
  /** `sensor_msgs/BatteryState`, 1 Hz. */
  battery: '/battery_state',
  /** `nav_msgs/OccupancyGrid`, latched: the level's map. */
  map: '/map',
  /** `nav_msgs/OccupancyGrid`, latched, from an agent that keeps maps: the level's map that is enabled, a downloaded one or what `/map` says. */
  enabledMap: '/enabled_map',
  /** `nav_msgs/OccupancyGrid`, latched, from the agent: the room of its mission as the lidar finds it, after each look around. */
  roomAsFound: '/room_as_found',
  /** `geometry_msgs/Twist`: direct motion command; the agent publishes only zeros on it, to stop. */
  commandVelocity: '/cmd_vel',
  /** `geometry_msgs/Twist`: a person drives from afar. Only the agent's drive gate publishes here, at 20 Hz while somebody has the drive; an input of twist_mux above the navigation and below every stop, which forgets it after 500 ms. */
  teleoperation: '/cmd_vel_teleop',
  /** `nav2_msgs/SpeedLimit`, from the agent on change and once a second while limited: how fast Nav2 may drive, m/s. */
  speedLimit: '/speed_limit',
  /** `std_msgs/Bool`, published by the agent at 10 Hz while the lamp is to be lit; the lamp goes dark 250 ms after the last `true`, at once on `false`. */
  lampEnable: '/uv_lamp/enable',
  /** `std_msgs/Float32MultiArray`, 10 Hz: measured output of each tube as a fraction of its rated output, 0 dark to 1. */
  lampOutput: '/uv_lamp/tube_output',
  /** `std_msgs/Float32MultiArray`, 10 Hz: measured current of each tube as a fraction of its rated current, 0 dark to 1. A worn tube gives less light and draws its current all the same. */
  lampCurrent: '/uv_lamp/tube_current',
  /** `diagnostic_msgs/DiagnosticArray`, 10 Hz and on change: one status a guarded door, `name` = door id, level OK closed, WARN open, ERROR guard moved or broken, STALE no contact. */
  doorGuards: '/door_guards',
  /** `std_msgs/Bool`, 10 Hz and on change: the passive infrared sensors see a person. */
  personSensor: '/person_sensor/detected',
  /** `vision_msgs/Detection2DArray`, 10 Hz: what a detector made of each picture of the simulated robot's camera, an empty one too. Of a real robot its file names the topics. */
  camera: '/front_camera/detections',
  /** `std_msgs/Bool`, 10 Hz and on change: the hard emergency stop is pressed. */
  emergencyStop: '/emergency_stop/pressed',
  /** `std_msgs/Bool`, 10 Hz and on change: the arming button on the robot is held down. */
  armButton: '/arm_button/pressed',
  /** `std_msgs/Bool`, 10 Hz and on change: the bumper is pressed. */
  bumper: '/bumper/pressed',
} as const

/**
 * What a robot with a hydrogen peroxide generator offers beside `ROBOT_TOPICS`: the generator itself, and what it
 * hears by radio of the room's ventilation and of the gas sensors that people have placed.
 */
export const GAS_TOPICS = {
  /** `std_msgs/Float32`, published by the agent at 10 Hz while gas is to flow: pure H2O2, g/min. The generator stops at once on 0, and by itself 500 ms after the last command. */
  vaporiserCommand: '/vaporiser/command',
  /** `std_msgs/Float32`, 10 Hz and on change: measured output, pure H2O2, g/min. */
  vaporiserRate: '/vaporiser/rate',
  /** `std_msgs/Float32`, 1 Hz: solution left in the tank, ml. */
  vaporiserTank: '/vaporiser/tank',
  /** `diagnostic_msgs/KeyValue`, from the agent, repeated until the damper is there: `key` = `<room id>/supply` or `<room id>/exhaust`, `value` = `shut` or `open`. */
  damperCommand: '/ventilation/command',
  /** `diagnostic_msgs/DiagnosticArray`, 10 Hz and on change: one status a damper, `name` as in the command, level OK fully shut, WARN not shut, ERROR faulty, STALE no contact; `message` is `shut`, `open` or `moving`. */
  dampers: '/ventilation/dampers',
  /** `diagnostic_msgs/DiagnosticArray`, 1 Hz: one status a sensor, `name` = sensor id, level OK or STALE; `values`: `room_id`, `h2o2_ppm` (lacking when it has no reading), `age_s` of the reading, `bump_test_age_s` since it last answered to test gas. */
  gasSensors: '/gas_sensors',
  /** `sensor_msgs/Temperature`, 1 Hz: of the air around the robot. */
  temperature: '/room_climate/temperature',
  /** `sensor_msgs/RelativeHumidity`, 1 Hz: of the air around the robot. */
  humidity: '/room_climate/humidity',
} as const

export const ROBOT_ACTIONS = {
  /** `nav2_msgs/action/NavigateToPose`. */
  navigateToPose: '/navigate_to_pose',
  /** `nav2_msgs/action/DockRobot`, from the dock's staging pose. */
  dockRobot: '/dock_robot',
  /** `nav2_msgs/action/UndockRobot`: back to the staging pose. */
  undockRobot: '/undock_robot',
} as const

/** What Nav2's controllers take for "no limit" in a `SpeedLimit` (`nav2_costmap_2d::NO_SPEED_LIMIT`): it is no way to stand. */
export const NO_SPEED_LIMIT = 0

/** Error codes of Nav2's docking actions (`DockRobot.action`, jazzy). */
export const DOCKING_ERRORS = {
  none: 0,
  dockNotInDatabase: 901,
  dockNotValid: 902,
  failedToStage: 903,
  failedToDetectDock: 904,
  failedToControl: 905,
  failedToCharge: 906,
  unknown: 999,
} as const

/** How long after the last `true` on `lampEnable` the lamp hardware goes dark by itself, milliseconds. */
export const LAMP_HEARTBEAT_MS = 250

/** How long after the last command the generator stops by itself, milliseconds: "link to gas hardware lost, at most 0.5 s". */
export const VAPORISER_HEARTBEAT_MS = 500
