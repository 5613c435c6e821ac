import Type, { type Static } from 'typebox'

/**
 * Doors and lifts as Open-RMF's messages have them (`rmf_lift_msgs`, `rmf_door_msgs`), as JSON with their field names.
 * What is not named here may be there as well, and is not looked at.
 */

/** `builtin_interfaces/Time`. */
interface RosTime {
  readonly sec: number
  readonly nanosec: number
}

/** `rmf_lift_msgs/LiftState`: DOOR_CLOSED, DOOR_MOVING, DOOR_OPEN. */
export const LIFT_DOOR = { closed: 0, moving: 1, open: 2 } as const
/** MOTION_STOPPED, and three kinds of not being so. */
export const LIFT_STOPPED = 0
/** MODE_HUMAN and MODE_AGV; every other mode (unknown, fire, offline, emergency) is none for robots. */
export const LIFT_MODE = { human: 1, agv: 2 } as const
/** REQUEST_END_SESSION, REQUEST_AGV_MODE. */
export const LIFT_REQUEST = { endSession: 0, agv: 1 } as const
/** `rmf_door_msgs/DoorMode`: MODE_CLOSED, MODE_MOVING, MODE_OPEN. */
export const DOOR_MODE = { closed: 0, moving: 1, open: 2 } as const

export const LiftStateMessageSchema = Type.Object({
  lift_name: Type.String(),
  /** A level of the plan, by its id or its name. */
  current_floor: Type.String(),
  door_state: Type.Integer(),
  motion_state: Type.Integer(),
  current_mode: Type.Integer(),
  /** Empty outside of a session. */
  session_id: Type.String(),
})
export type LiftStateMessage = Static<typeof LiftStateMessageSchema>

export interface LiftRequestMessage {
  readonly lift_name: string
  readonly request_time: RosTime
  readonly session_id: string
  readonly request_type: number
  readonly destination_floor: string
  readonly door_state: number
}

export const DoorStateMessageSchema = Type.Object({
  door_name: Type.String(),
  current_mode: Type.Object({ value: Type.Integer() }),
})
export type DoorStateMessage = Static<typeof DoorStateMessageSchema>

export interface DoorRequestMessage {
  readonly door_name: string
  readonly request_time: RosTime
  readonly requester_id: string
  readonly requested_mode: { readonly value: number }
}

/** Open-RMF's topics, one for all lifts and one for all doors, under a name of ours. */
export const BUILDING_TOPICS = {
  liftStates: 'wardlight/v1/building/lift_states',
  liftRequests: 'wardlight/v1/building/lift_requests',
  doorStates: 'wardlight/v1/building/door_states',
  doorRequests: 'wardlight/v1/building/door_requests',
} as const
