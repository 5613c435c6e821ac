interface ErrorEntry {
  /** The HTTP status that a route answers with. */
  readonly httpStatus: number
  /** What to do about it, when the place that throws knows nothing better. */
  readonly remedy: string
}

/** Every error code of Wardlight, once. Codes are stable: logs, alarms and clients refer to them. */
export const ERROR_CATALOGUE = {
  // Floor plans
  WARD_ERR_PLAN_UNREADABLE: { httpStatus: 400, remedy: 'Check that the file exists and can be read.' },
  WARD_ERR_PLAN_FORMAT: {
    httpStatus: 400,
    remedy:
      'Give a Wardlight plan (.yaml), an Open-RMF *.building.yaml, or a ROS map_server .yaml with its image.',
  },
  WARD_ERR_PLAN_YAML: { httpStatus: 400, remedy: 'Correct the YAML at that line.' },
  WARD_ERR_PLAN_SCHEMA: { httpStatus: 400, remedy: 'Correct the field as described.' },
  WARD_ERR_PLAN_VERSION: { httpStatus: 400, remedy: 'Use a version that this Wardlight reads.' },
  WARD_ERR_PLAN_SCALE: { httpStatus: 400, remedy: 'Add a measurement of a known distance to the level.' },
  WARD_ERR_PLAN_IMAGE: { httpStatus: 400, remedy: 'Put the map image beside the YAML file, as PGM or PNG.' },
  WARD_ERR_PLAN_WALLS: {
    httpStatus: 400,
    remedy: 'Close the walls around the room, or draw its missing door.',
  },
  WARD_ERR_ROOM_UNKNOWN: { httpStatus: 404, remedy: 'List the rooms with `wardlight map FILE`.' },
  WARD_ERR_LEVEL_UNKNOWN: { httpStatus: 404, remedy: 'List the levels with `wardlight map FILE`.' },
  // Disinfection
  WARD_ERR_ORGANISM_UNKNOWN: { httpStatus: 404, remedy: 'Choose one of the catalogue.' },
  WARD_ERR_ORGANISM_SOURCE: { httpStatus: 400, remedy: 'Name the publication that the constant comes from.' },
  WARD_ERR_TARGET: { httpStatus: 400, remedy: 'Give a log reduction above 0 and at most 6.' },
  WARD_ERR_TREATMENT_IMPOSSIBLE: {
    httpStatus: 422,
    remedy: 'Clear floor space for the robot, or disinfect the room by hand.',
  },
  // Command line and configuration
  WARD_ERR_OPTION: { httpStatus: 400, remedy: 'See `wardlight --help`.' },
  WARD_ERR_CONFIG: { httpStatus: 500, remedy: 'Correct the configuration.' },
  // Hospital and fleet
  WARD_ERR_SIGN_IN: { httpStatus: 401, remedy: 'Check name and password.' },
  WARD_ERR_SIGN_IN_UNFINISHED: {
    httpStatus: 403,
    remedy: 'Finish signing in first: see `next` of GET /api/session.',
  },
  WARD_ERR_SIGN_IN_AGAIN: { httpStatus: 403, remedy: 'Sign out and in again, then do it at once.' },
  WARD_ERR_NO_ROLE: {
    httpStatus: 403,
    remedy: 'Ask the IT of the hospital for a group that has a role here.',
  },
  WARD_ERR_PROVIDER: {
    httpStatus: 503,
    remedy: 'Try again later, or sign in with a name and password of this server.',
  },
  WARD_ERR_NOT_SIGNED_IN: { httpStatus: 401, remedy: 'Sign in first.' },
  WARD_ERR_FORBIDDEN: { httpStatus: 403, remedy: 'Ask someone whose role allows it.' },
  WARD_ERR_NOT_FOUND: { httpStatus: 404, remedy: 'It may have been removed; load the list again.' },
  WARD_ERR_VALIDATION: { httpStatus: 400, remedy: 'Correct the field as described.' },
  WARD_ERR_NOT_ACCEPTABLE: { httpStatus: 406, remedy: 'Ask for a form that is served.' },
  WARD_ERR_CONFLICT: { httpStatus: 409, remedy: 'Load the current state and decide again.' },
  WARD_ERR_TOO_MANY: { httpStatus: 429, remedy: 'Wait a minute, then try again.' },
  WARD_ERR_NO_ROBOT: { httpStatus: 409, remedy: 'Wait until a robot is free, or bring one to this floor.' },
  WARD_ERR_ROBOT_OFFLINE: {
    httpStatus: 409,
    remedy: 'Look after the robot itself; its emergency stop and its interlocks work without the network.',
  },
  WARD_ERR_ARMING_ORDER: {
    httpStatus: 409,
    remedy: 'Start over: confirm the checklist, press the button on the robot, then start.',
  },
  WARD_ERR_SCHEDULE_RULE: {
    httpStatus: 400,
    remedy: 'Give a rule of RFC 5545 such as FREQ=WEEKLY;BYDAY=MO,TH, and a start such as 2026-01-05T02:30.',
  },
  WARD_ERR_INTERNAL: {
    httpStatus: 500,
    remedy: 'Try again; if it stays, send the server log to the developers.',
  },
  // Wires
  WARD_ERR_BROKER: {
    httpStatus: 503,
    remedy: 'Check that the MQTT broker runs and that the credentials are right.',
  },
  WARD_ERR_NO_LEADER: {
    httpStatus: 503,
    remedy: 'Another server takes over within seconds. Look then whether it was done before you try again.',
  },
  WARD_ERR_DATABASE: { httpStatus: 503, remedy: 'Check that the database runs and can be reached.' },
  WARD_ERR_BACKUP: { httpStatus: 400, remedy: 'Use another copy of the backup, or an older one.' },
  WARD_ERR_MESSAGE: { httpStatus: 400, remedy: 'Send a message that follows its schema.' },
  WARD_ERR_ROS: {
    httpStatus: 500,
    remedy: 'Source ROS 2 (humble, jazzy or later), or use the embedded simulation.',
  },
} as const satisfies Record<`WARD_ERR_${string}`, ErrorEntry>

export type WardErrorCode = keyof typeof ERROR_CATALOGUE
