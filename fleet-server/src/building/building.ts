/**
 * What a lift says of itself, in the words of Open-RMF's `rmf_lift_msgs/LiftState`. `human`: people have called it or
 * ride in it, and robots wait; whatever else it may be in (fire, offline, emergency) is no mode for robots either.
 */
export interface LiftState {
  readonly levelId: string
  readonly doors: 'open' | 'moving' | 'closed'
  readonly isMoving: boolean
  readonly mode: 'human' | 'agv' | 'outOfService'
  /** Who has it; `null` outside of a session. */
  readonly sessionId: string | null
}

/** `rmf_door_msgs/DoorMode`. */
export type DoorState = 'open' | 'moving' | 'closed'

/**
 * Doors and lifts that obey the fleet. Requests are repeated until they are no longer meant; an adapter may pass each
 * on or only what changed. Nothing here is a safety function: doors do not close on robots by themselves, and a robot
 * stops before a door that is shut.
 */
export interface Building {
  readonly liftIds: ReadonlySet<string>
  /** Doors that stay shut before a robot until they are asked. Others open by themselves, or a person opens them. */
  readonly doorIds: ReadonlySet<string>
  /** As it was heard last; `null` before that. */
  liftState(liftId: string): LiftState | null
  /** `LiftRequest`, AGV mode: the cabin for oneself, doors open at a level. People who have it keep it. */
  requestLift(liftId: string, sessionId: string, levelId: string): void
  /** `LiftRequest`, end of session; harmless without one. */
  releaseLift(liftId: string, sessionId: string): void
  doorState(doorId: string): DoorState | null
  requestDoor(doorId: string, sessionId: string): void
  releaseDoor(doorId: string, sessionId: string): void
}
