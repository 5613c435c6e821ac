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
