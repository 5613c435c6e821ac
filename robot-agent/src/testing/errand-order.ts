import type { Action, Order } from '@wardlight/core/vda5050'
import { uvOrder } from './robot-bench.ts'

type Values = Readonly<Record<string, unknown>>

export function errandAction(actionType: string, actionId: string, parameters: Values): Action {
  return {
    actionType,
    actionId,
    blockingType: 'HARD',
    actionParameters: Object.entries(parameters).map(([key, value]) => ({
      key,
      value: value as NonNullable<Action['actionParameters']>[number]['value'],
    })),
  }
}

export const DOCK = { missionId: 'dock-1', dockId: 'dock-a', untilPercent: 95 }
export const WIPE = { missionId: 'clean-1', zone: 'isolation 3', organism: 'mrsa', method: 'wipe' }
export const STATION = { ...WIPE, method: 'uvStation', stationId: 'station-1', stationS: 120 }
export const VISIT = { missionId: 'visit-1', visitor: 'Dr. Weber', reason: 'round' }

/** From where the robot stands to one node with the action; after it, where `onto` says, another node without any. */
export function errandOrder(action: Action, orderId = 'errand-order', onto = false): Order {
  const order = uvOrder({ orderId })
  order.nodes[1]!.actions = [action]
  if (onto) {
    order.nodes.push({
      nodeId: 'away',
      sequenceId: 4,
      released: true,
      nodePosition: { x: -2, y: 1, mapId: 'L1' },
      actions: [],
    })
    order.edges.push({ edgeId: 'way-2', sequenceId: 3, released: true, actions: [] })
  }
  return order
}

export const dockOrder = (parameters: Values = {}, orderId?: string) =>
  errandOrder(errandAction('dock', 'act-dock', { ...DOCK, ...parameters }), orderId)
export const decontaminationOrder = (parameters: Values = WIPE, orderId?: string, onto = false) =>
  errandOrder(errandAction('decontaminate', 'act-clean', parameters), orderId, onto)
export const visitOrder = (parameters: Values = {}, orderId?: string, onto = false) =>
  errandOrder(errandAction('startTelepresence', 'act-visit', { ...VISIT, ...parameters }), orderId, onto)
