import type { Action, OrderNode } from '@wardlight/core/vda5050'
import { actionParameter } from './order-rules.ts'
import { DEFAULT_REARM_TIMEOUT_S } from './uv-mission-runner.ts'

/** What every mission that a person arms has in its two actions: `awaitArming`, and the one that starts it. */
export interface ArmedActions {
  readonly missionId: string
  /** As the starting action has it; whoever starts it knows its schema. */
  readonly plan: unknown
  readonly rearmTimeoutS: number
  readonly awaitArmingId: string
  readonly startId: string
}

/** Says what is wrong with the parameters that the two have in common, or `null`. */
export function armedParametersProblem(awaiting: Action, starting: Action): string | null {
  const missionId = actionParameter(starting, 'missionId')
  if (typeof missionId !== 'string' || missionId === '') return `${starting.actionType} lacks its missionId`
  if (actionParameter(awaiting, 'missionId') !== missionId) return 'awaitArming is for another mission'
  const rearmTimeoutS = actionParameter(awaiting, 'rearmTimeoutS')
  return rearmTimeoutS !== undefined && !(typeof rearmTimeoutS === 'number' && rearmTimeoutS > 0)
    ? 'rearmTimeoutS is no positive number'
    : null
}

/** The two actions of a node without a problem; `null` when it has others, or none. */
export function armedActionsOf(node: Pick<OrderNode, 'actions'>, startType: string): ArmedActions | null {
  const [awaiting, starting] = node.actions as [Action?, Action?]
  if (awaiting === undefined || starting?.actionType !== startType) return null
  return {
    missionId: actionParameter(starting, 'missionId') as string,
    plan: actionParameter(starting, 'plan'),
    rearmTimeoutS:
      (actionParameter(awaiting, 'rearmTimeoutS') as number | undefined) ?? DEFAULT_REARM_TIMEOUT_S,
    awaitArmingId: awaiting.actionId,
    startId: starting.actionId,
  }
}
