import { wardError } from '@wardlight/core/errors'
import type { RoomState, Verdict } from '@wardlight/core/fleet'

/** What happens to a room. People mark it; missions move it; only a signed release makes it clean. */
export type RoomEvent =
  | { readonly type: 'marked'; readonly state: RoomState; readonly by: string }
  | { readonly type: 'mission.approved' }
  /** Gas is in it, or may be at any moment. */
  | { readonly type: 'mission.gassed'; readonly mustEvacuate: boolean }
  /** Interrupted before any gas. */
  | { readonly type: 'mission.gasWithheld' }
  | {
      readonly type: 'mission.ended'
      readonly verdict: Verdict
      readonly outcome: string
      /** Nothing shows that the gas is gone. */
      readonly mayBeGassed?: boolean
      /** What comes next, where the request has another step; `null`: the release. */
      readonly nextStep?: string | null
    }
  /** People cleared it with instruments of their own. */
  | { readonly type: 'room.measured'; readonly outcome: string }
  | { readonly type: 'mission.released'; readonly by: string }

export interface RoomCondition {
  readonly state: RoomState
  /** For people. */
  readonly reason: string | null
}

export const AWAITING_RELEASE = 'Dose proven; waits for a nurse to read the report and release the room'
export const GASSED = 'Hydrogen peroxide: keep its doors locked. Only its sensors clear it'
export const EVACUATE = 'LEAVE THE ROOMS AROUND IT AT ONCE: hydrogen peroxide. Keep its doors locked'

/** The reason of a room whose report some have signed, and others still must. */
export function stillToSign(signedBy: readonly string[], people: number): string {
  const left = people - signedBy.length
  return `Dose proven; signed by ${signedBy.join(' and ')}; waits for ${left} more ${left === 1 ? 'signature' : 'signatures'}`
}

/** The states that a person may set by hand. The others are only reached by what robots prove. */
const MARKABLE: ReadonlySet<RoomState> = new Set(['dirty', 'cleanNext', 'stat', 'blocked', 'occupied'])

/**
 * The room's next condition.
 *
 * @param isMissionRunning whether a robot is at work in the room, or on its way
 * @throws WARD_ERR_CONFLICT when the event may not happen in this state.
 */
export function nextRoomCondition(
  state: RoomState,
  isMissionRunning: boolean,
  event: RoomEvent,
): RoomCondition {
  switch (event.type) {
    case 'marked':
      if (isMissionRunning) {
        throw wardError('WARD_ERR_CONFLICT', {
          what: `The room is being disinfected and cannot be marked ${event.state}`,
          where: 'state',
          remedy: 'Stop the mission first.',
        })
      }
      if (!MARKABLE.has(event.state)) {
        throw wardError('WARD_ERR_CONFLICT', {
          what: `A room cannot be marked ${event.state} by hand`,
          where: 'state',
          remedy:
            event.state === 'clean'
              ? 'Disinfect it, read the dose report and release it.'
              : `Choose one of ${[...MARKABLE].join(', ')}.`,
        })
      }
      return { state: event.state, reason: `Marked by ${event.by}` }
    case 'mission.approved':
      if (isMissionRunning) {
        throw wardError('WARD_ERR_CONFLICT', {
          what: 'A robot is already at work in this room',
          where: 'room',
          remedy: 'Wait for its report, or stop it.',
        })
      }
      if (state === 'occupied' || state === 'blocked') {
        throw wardError('WARD_ERR_CONFLICT', {
          what: `The room is ${state}`,
          where: 'room',
          remedy: 'Mark it dirty once nobody is in it and nothing keeps a robot out, then approve again.',
        })
      }
      return { state: 'inProgress', reason: null }
    case 'mission.gassed':
      return { state: 'blocked', reason: event.mustEvacuate ? EVACUATE : GASSED }
    case 'mission.gasWithheld':
      return { state: 'inProgress', reason: null }
    case 'mission.ended':
      if (event.mayBeGassed === true) {
        return { state: 'blocked', reason: `${event.outcome}. Keep its doors locked, and measure by hand` }
      }
      return event.verdict === 'proven'
        ? { state: 'inProgress', reason: event.nextStep ?? AWAITING_RELEASE }
        : { state: 'suspended', reason: event.outcome }
    case 'room.measured':
      return { state: 'suspended', reason: event.outcome }
    case 'mission.released':
      if (state !== 'inProgress' || isMissionRunning) {
        throw wardError('WARD_ERR_CONFLICT', {
          what: `The room is ${state} and does not wait for a release`,
          where: 'room',
          remedy: 'Disinfect it again.',
        })
      }
      return { state: 'clean', reason: `Released by ${event.by}` }
  }
}
