import type { MissionView, RequestView, RoomView, User } from '@wardlight/core/fleet'
import { isRunning, isToRelease } from '../store/fleet-selectors.ts'
import { signingOf } from './signing.ts'

export type DoorStep =
  /** Nobody goes in. */
  | 'keepOut'
  | 'leaveNow'
  | 'robotComes'
  | 'arm'
  | 'othersArm'
  | 'release'
  | 'othersRelease'
  | 'confirmEmpty'
  | 'othersConfirmEmpty'
  | 'planning'
  | 'planFailed'
  | 'approve'
  | 'othersApprove'
  | 'ask'
  | 'othersAsk'

export interface AtTheDoor {
  readonly room: RoomView
  readonly request: RequestView | null
  readonly mission: MissionView | null
  /** What was heard of the mission is old. */
  readonly isStale: boolean
  readonly user: Pick<User, 'id' | 'role'>
}

/** What is next for this person at this door. What is not known to be safe says: keep out. */
export function doorStepOf({ room, request, mission, isStale, user }: AtTheDoor): DoorStep {
  const isNurse = user.role === 'nurse'
  if (mission !== null && (isRunning(mission) || mission.gas?.isGassed === true)) {
    if (mission.gas?.isGassed === true || mission.isLampLit) return 'keepOut'
    if (mission.phase === 'exitDelay') return 'leaveNow'
    if (mission.phase === 'queued') return 'robotComes'
    if (isStale) return 'keepOut'
    if (mission.phase === 'traveling' || mission.phase === 'surveying') return 'robotComes'
    if (mission.phase === 'awaitingArming' || mission.phase === 'interrupted') {
      return isNurse ? 'arm' : 'othersArm'
    }
    return 'keepOut'
  }
  if (mission !== null && room.state === 'inProgress' && room.missionId === mission.id) {
    if (!isToRelease(mission)) return 'robotComes'
    return signingOf(user, mission.signatureRoles, mission.signatures) === 'may' ? 'release' : 'othersRelease'
  }
  if (request === null) return isNurse ? 'ask' : 'othersAsk'
  if (request.roomReady !== null && request.roomReady.by === null) {
    return isNurse ? 'confirmEmpty' : 'othersConfirmEmpty'
  }
  if (request.status === 'planning') return 'planning'
  if (request.status === 'planningFailed') return 'planFailed'
  return signingOf(user, request.approvalRoles, request.approvals) === 'may' ? 'approve' : 'othersApprove'
}
