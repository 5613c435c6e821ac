import { wardError } from '@wardlight/core/errors'
import type { ScheduleChange } from '@wardlight/core/fleet'
import type { RequestRow } from '../store/schema.ts'
import type { Fleet } from './fleet.ts'
import { withChange } from './schedule-problem.ts'

/**
 * Whether somebody may ask this of the schedule.
 *
 * @throws WARD_ERR_NOT_FOUND for the request or the robot, WARD_ERR_CONFLICT where the request is no longer open,
 *   WARD_ERR_VALIDATION for hours in which nothing can begin
 */
export function checkChange(
  { ledger, registry }: Fleet,
  requestId: string,
  change: ScheduleChange,
): RequestRow {
  const request = ledger.requestAtHand(requestId)
  if (request.status !== 'planned' && request.status !== 'planning') {
    throw wardError('WARD_ERR_CONFLICT', {
      what: 'The request is no longer open: it is approved, withdrawn, or could not be planned',
      where: 'requestId',
      remedy: 'Look at its room: what is running can be stopped, and what is over asked for again.',
    })
  }
  const { notBefore, startBy, robotId } = change
  if (robotId !== null && registry.view(robotId) === undefined) {
    throw wardError('WARD_ERR_NOT_FOUND', {
      what: `There is no robot ${JSON.stringify(robotId)}`,
      where: 'robotId',
    })
  }
  if (startBy !== null && Date.parse(startBy) <= ledger.now().getTime()) {
    throw wardError('WARD_ERR_VALIDATION', {
      what: 'The latest time to begin has passed',
      where: 'startBy',
      remedy: 'Give a later one, or none.',
    })
  }
  if (startBy !== null && notBefore !== null && Date.parse(startBy) < Date.parse(notBefore)) {
    throw wardError('WARD_ERR_VALIDATION', {
      what: 'The latest time to begin lies before the earliest one',
      where: 'startBy',
      remedy: 'Exchange them, or leave one out.',
    })
  }
  return request
}

/** @throws as `checkChange` */
export async function storeChange(fleet: Fleet, requestId: string, change: ScheduleChange): Promise<void> {
  await fleet.ledger.change((ledgerChange) => {
    const { wish, dueAt } = withChange(checkChange(fleet, requestId, change), change)
    ledgerChange.patchRequest(requestId, { wish, dueAt })
  })
}
