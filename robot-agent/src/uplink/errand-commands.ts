import { ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import type { InstantAction } from '@wardlight/core/vda5050'
import type { ErrandRunner } from '../missions/create-errand.ts'
import { actionParameter } from '../missions/order-rules.ts'

/** Carries out an instant action that is for an errand. @returns why not, in words; `null` when it was done. */
export function commandErrand(errand: ErrandRunner | null, action: InstantAction): string | null {
  const text = (key: string) => {
    const value = actionParameter(action, key)
    return typeof value === 'string' ? value : ''
  }
  if (errand === null || errand.missionId !== text('missionId')) return 'no such errand is in work'
  if (action.actionType === ROBOT_ACTION_TYPES.confirmDecontamination) {
    if (errand.kind !== 'decontamination') return 'the errand is no decontamination'
    const items = actionParameter(action, 'items')
    return errand.confirm(
      text('confirmedBy'),
      Array.isArray(items) ? items.filter((item) => typeof item === 'string') : [],
    )
  }
  if (errand.kind !== 'visit') return 'the errand is no visit'
  switch (action.actionType) {
    case ROBOT_ACTION_TYPES.answerVisit: {
      const isConsent = actionParameter(action, 'isConsent')
      // Anything but a plain yes or no is no answer.
      if (typeof isConsent !== 'boolean') return 'isConsent must be true or false'
      return errand.answer(isConsent, text('answeredBy'))
    }
    case ROBOT_ACTION_TYPES.handOverDrive:
      return errand.handOver(text('sessionId'), text('driver'))
    case ROBOT_ACTION_TYPES.takeBackDrive:
      return errand.takeBack(text('sessionId'))
    default:
      return errand.end(text('endedBy'))
  }
}
