import { wardError } from '@wardlight/core/errors'
import { armingChecklist, type MissionView } from '@wardlight/core/fleet'

/**
 * Spares a person the walk when a step of arming cannot succeed. The robot is the authority: it checks
 * the same again, and latches when steps come out of order.
 */
export function checkChecklist(mission: MissionView, items: readonly string[]): void {
  checkAwaitsArming(mission)
  const missing = armingChecklist(mission.method).filter(({ id }) => !items.includes(id))
  if (missing.length > 0) {
    throw wardError('WARD_ERR_ARMING_ORDER', {
      what: `Not confirmed: ${missing.map(({ id }) => id).join(', ')}`,
      where: 'items',
      remedy: `Confirm every item: ${missing.map(({ text }) => text).join(' ')}`,
    })
  }
}

/** As `checkChecklist`, for the last step. */
export function checkStart(mission: MissionView): void {
  checkAwaitsArming(mission)
  if (mission.arming === 'locked') {
    throw wardError('WARD_ERR_ARMING_ORDER', {
      what: 'The checklist is not confirmed',
      where: 'arming',
      remedy: 'Confirm the checklist, then press the button on the robot, then start.',
    })
  }
  if (mission.arming === 'checklistConfirmed') {
    throw wardError('WARD_ERR_ARMING_ORDER', {
      what: 'The button on the robot has not been pressed',
      where: 'arming',
      remedy: 'Press and hold the green button on the robot, leave the room, then start.',
    })
  }
}

function checkAwaitsArming({ phase }: MissionView): void {
  if (phase !== 'awaitingArming' && phase !== 'interrupted') {
    throw wardError('WARD_ERR_ARMING_ORDER', {
      what: `The robot is not waiting for arming, it is ${phase}`,
      where: 'phase',
      remedy: 'Arm it when the mission shows that it waits for arming.',
    })
  }
}
