import { ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import type { State } from '@wardlight/core/vda5050'

/** Whether nothing of an order is left to do. */
export function isOrderDone(state: State): boolean {
  return (
    state.nodeStates.length === 0 &&
    state.edgeStates.length === 0 &&
    state.actionStates.every(({ actionStatus }) => actionStatus === 'FINISHED' || actionStatus === 'FAILED')
  )
}

/** The description of the error by which the robot refused this order; `null` when it did not. */
export function orderRefusal(state: State, orderId: string): string | null {
  if (state.orderId === orderId) return null
  const error = state.errors.find(({ errorReferences }) =>
    errorReferences?.some(
      ({ referenceKey, referenceValue }) => referenceKey === 'orderId' && referenceValue === orderId,
    ),
  )
  return error === undefined
    ? null
    : `${error.errorType}: ${error.errorDescription ?? error.errorHint ?? 'no reason given'}`
}

type OperatingMode = State['operatingMode']

/** Whether a robot in this mode may be sent orders (VDA 5050 3.0, table 10; 2.1, table 1). */
export function mayBeOrdered(mode: OperatingMode): boolean {
  return mode === 'AUTOMATIC' || mode === 'SEMIAUTOMATIC' || mode === 'INTERVENED'
}

/**
 * Our own actions that stop a robot, or end what a person does with it: they go out in every mode. The standard allows
 * nothing but cancelOrder while a person has the robot; what makes dark or takes the wheel back is above it.
 */
const SENT_IN_EVERY_MODE: ReadonlySet<string> = new Set([
  ROBOT_ACTION_TYPES.emergencyStop,
  ROBOT_ACTION_TYPES.answerVisit,
  ROBOT_ACTION_TYPES.handOverDrive,
  ROBOT_ACTION_TYPES.takeBackDrive,
  ROBOT_ACTION_TYPES.endVisit,
])

/** Whether a robot in this mode may be sent this instant action (VDA 5050 3.0, table 10; 2.1, table 1). */
export function mayBeInstructed(mode: OperatingMode, actionType: string): boolean {
  if (SENT_IN_EVERY_MODE.has(actionType)) return true
  if (mode === 'INTERVENED') return actionType === ROBOT_ACTION_TYPES.cancelOrder
  return mayBeOrdered(mode)
}

/** What keeps a robot from every order until somebody has been there (3.0, 6.6.5.1; 2.1, 6.10.6); `null`: nothing. */
export function fatalError(errors: State['errors']): string | null {
  return errors.find(({ errorLevel }) => errorLevel === 'FATAL')?.errorType ?? null
}
