import { ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import type { Pose2 } from '@wardlight/core/geometry'
import type { OrderNode } from '@wardlight/core/vda5050'
import { errandOf, errandProblem, hasErrand, type ErrandOrder, type NodeErrand } from './errand-orders.ts'
import { isOver, type OrderContext } from './order-execution.ts'
import {
  peroxideActionProblem,
  peroxideMissionOrderOf,
  type PeroxideMissionOrder,
  type VaporiserFacts,
} from './peroxide-actions.ts'
import { isWhereItHangs } from '../robot/fixed-base.ts'
import { uvActionProblem, uvMissionOrderOf, type UvMissionOrder } from './uv-actions.ts'

type NodeActions = Pick<OrderNode, 'actions'>

/** A mission as one node of an order carries it, of whichever kind. */
export type MissionOrder = {
  readonly missionId: string
  /** Of the action that runs when the robot has reached the node. */
  readonly firstActionId: string
  /** Of the action that carries the report. */
  readonly resultActionId: string
} & (
  | ErrandOrder
  | { readonly kind: 'uv'; readonly order: UvMissionOrder }
  | { readonly kind: 'peroxide'; readonly order: PeroxideMissionOrder }
)

export function uvMission(order: UvMissionOrder): MissionOrder {
  const { missionId, awaitArmingId, startUvDoseId } = order
  return { kind: 'uv', missionId, firstActionId: awaitArmingId, resultActionId: startUvDoseId, order }
}

export function peroxideMission(order: PeroxideMissionOrder): MissionOrder {
  const { missionId, awaitArmingId, startPeroxideCycleId } = order
  return {
    kind: 'peroxide',
    missionId,
    firstActionId: awaitArmingId,
    resultActionId: startPeroxideCycleId,
    order,
  }
}

/** An errand's one action is its first and its last. */
export function errandMission({ actionId, ...errand }: NodeErrand): MissionOrder {
  return { ...errand, firstActionId: actionId, resultActionId: actionId }
}

/**
 * Says what is wrong with a node's actions, of whichever mission, or `null`.
 *
 * @param fixedAt of a unit that does not move
 */
export function missionActionProblem(
  node: OrderNode,
  levelId: string,
  vaporiser: VaporiserFacts | null,
  fixedAt?: Pose2,
): string | null {
  if (fixedAt !== undefined) return fixedActionProblem(node, levelId, fixedAt)
  if (hasErrand(node)) return errandProblem(node)
  return node.actions.some(({ actionType }) => actionType === ROBOT_ACTION_TYPES.startPeroxideCycle)
    ? peroxideActionProblem(node, levelId, vaporiser)
    : uvActionProblem(node, levelId)
}

function fixedActionProblem(node: OrderNode, levelId: string, fixedAt: Pose2): string | null {
  const problem = uvActionProblem(node, levelId)
  if (problem !== null) return problem
  const stops = uvMissionOrderOf(node)?.plan.stops ?? []
  return stops.every((stop) => isWhereItHangs(fixedAt, stop))
    ? null
    : `the plan stops elsewhere than at (${fixedAt.x}, ${fixedAt.y}), where the unit hangs`
}

/** The missions of nodes that `missionActionProblem` has no problem with, in their order. */
export function missionsOf(nodes: readonly NodeActions[]): MissionOrder[] {
  return nodes.flatMap((node): MissionOrder[] => {
    const errand = errandOf(node)
    if (errand !== null) return [errandMission(errand)]
    const uv = uvMissionOrderOf(node)
    if (uv !== null) return [uvMission(uv)]
    const peroxide = peroxideMissionOrderOf(node)
    return peroxide === null ? [] : [peroxideMission(peroxide)]
  })
}

/** The missions of the order held that have no result yet, the one in work first. */
export function missionsAhead({ queue, nodes, actionStates }: OrderContext): MissionOrder[] {
  const over = new Set(
    actionStates.filter(({ actionStatus }) => isOver(actionStatus)).map(({ actionId }) => actionId),
  )
  return missionsOf([
    // A mission's actions follow one another in the queue, as they do on their node.
    ...queue.map((_, index) => ({ actions: queue.slice(index, index + 2).map(({ action }) => action) })),
    ...nodes,
  ]).filter(({ resultActionId }) => !over.has(resultActionId))
}
