import { isDeepStrictEqual } from 'node:util'
import type { InstantAction, MobileRobotPosition, Order } from '@wardlight/core/vda5050'
import type { TestedVersion } from './catalogue.ts'
import type { Heard } from './heard.ts'
import type { Judgement } from './judge-messages.ts'
import { isOnNode, type Taken } from './virtual-vehicle.ts'

/** An order as 3.0 has it, and the robot as it was when it came. */
export interface HeardOrder {
  readonly order: Order
  readonly atMs: number
  readonly situation: {
    readonly position: MobileRobotPosition
    readonly isIdle: boolean
    readonly lastNodeId: string
    /** Empty when it holds none. */
    readonly heldOrderId: string
  }
  readonly taken: Taken | 'missed'
}

export function countProblems(orders: readonly HeardOrder[]): Judgement {
  return orders.flatMap(({ order }) =>
    order.edges.length === order.nodes.length - 1
      ? []
      : [`${nameOf(order)} has ${order.nodes.length} nodes and ${order.edges.length} edges`],
  )
}

export function sequenceProblems(orders: readonly HeardOrder[]): Judgement {
  return orders.flatMap(({ order }) => {
    const { nodes, edges, orderUpdateId } = order
    // An update goes on from its stitching node.
    const first = orderUpdateId === 0 ? 0 : nodes[0]!.sequenceId
    const isWrong = (list: readonly { readonly sequenceId: number }[], from: number) =>
      list.some(({ sequenceId }, index) => sequenceId !== from + 2 * index)
    return first % 2 === 1 || isWrong(nodes, first) || isWrong(edges, first + 1)
      ? [
          `${nameOf(order)} has nodes ${numbersOf(nodes)} and edges ${numbersOf(edges)} where ${first} is the first`,
        ]
      : []
  })
}

/** Of 2.1, where an edge says it; so the messages are looked at as they came. */
export function edgeEndProblems(heard: readonly Heard[]): Judgement {
  return heard.flatMap(({ topic, body }) => {
    if (topic !== 'order') return []
    const { nodes = [], edges = [] } = (body ?? {}) as {
      nodes?: { nodeId: string; sequenceId: number }[]
      edges?: { edgeId: string; sequenceId: number; startNodeId?: string; endNodeId?: string }[]
    }
    if (!Array.isArray(nodes) || !Array.isArray(edges)) return []
    const nodeAt = (sequenceId: number) => nodes.find((node) => node.sequenceId === sequenceId)?.nodeId
    return edges.flatMap(({ edgeId, sequenceId, startNodeId, endNodeId }) =>
      startNodeId === nodeAt(sequenceId - 1) && endNodeId === nodeAt(sequenceId + 1)
        ? []
        : [`edge ${edgeId} goes from ${startNodeId} to ${endNodeId}, not between its neighbours`],
    )
  })
}

export function releaseProblems(orders: readonly HeardOrder[]): Judgement {
  return orders.flatMap(({ order }) => {
    const way = [...order.nodes, ...order.edges].toSorted((a, b) => a.sequenceId - b.sequenceId)
    const firstHeld = way.findIndex(({ released }) => !released)
    const isBehind = firstHeld >= 0 && way.slice(firstHeld).some(({ released }) => released)
    const last = firstHeld > 0 ? way[firstHeld - 1]! : undefined
    // The base ends on a node: an edge whose end is not released is none.
    const endsOnEdge = last !== undefined && 'edgeId' in last
    return isBehind || endsOnEdge ? [`${nameOf(order)} releases something behind its horizon`] : []
  })
}

export function firstNodeProblems(orders: readonly HeardOrder[]): Judgement {
  return orders.flatMap(({ order, situation }) => {
    const first = order.nodes[0]!
    if (!first.released) return [`the first node of ${nameOf(order)} is not released`]
    const isNew = situation.heldOrderId !== order.orderId
    // Where it drives, what it is ordered to do anew is wrong already.
    return !isNew || !situation.isIdle || isOnNode(first, situation)
      ? []
      : [`${nameOf(order)} begins at ${first.nodeId}, where the robot does not stand`]
  })
}

/**
 * An order that the robot has left behind comes again as a new one. It may where the robot never took it, or lost it in a
 * restart.
 */
export function orderIdProblems(orders: readonly HeardOrder[]): Judgement {
  const known = new Set<string>()
  return orders.flatMap(({ order, situation: { heldOrderId }, taken }) => {
    const isAgain = known.has(order.orderId) && heldOrderId !== order.orderId && heldOrderId !== ''
    if (taken === 'accepted') known.add(order.orderId)
    return isAgain && order.orderUpdateId === 0 ? [`${nameOf(order)} was used before ${heldOrderId}`] : []
  })
}

/** An update of an order that the robot has left behind is no new order: `cancelledProblems` looks at those. */
export function firstUpdateProblems(orders: readonly HeardOrder[]): Judgement {
  const known = new Set<string>()
  return orders.flatMap(({ order, situation: { heldOrderId }, taken }) => {
    const isNew = !known.has(order.orderId) || heldOrderId === ''
    if (taken === 'accepted') known.add(order.orderId)
    return isNew && order.orderUpdateId !== 0 ? [`${nameOf(order)} is none that the robot holds`] : []
  })
}

export function updateIdProblems(orders: readonly HeardOrder[]): Judgement {
  const newest = new Map<string, Order>()
  return orders.flatMap(({ order }) => {
    const before = newest.get(order.orderId)
    const isFine = before === undefined || order.orderUpdateId > before.orderUpdateId || isSame(order, before)
    if (isFine) newest.set(order.orderId, order)
    return isFine ? [] : [`${nameOf(order)} comes after update ${before.orderUpdateId} with another content`]
  })
}

/** @param version 2.1 leaves open what the repeated node says beside its ids: the robot goes by the first (6.6.2) */
export function stitchProblems(orders: readonly HeardOrder[], version: TestedVersion): Judgement {
  let base: { readonly orderId: string; readonly end: Order['nodes'][number]; updateId: number } | null = null
  const problems: string[] = []
  for (const { order, taken } of orders) {
    const first = order.nodes[0]!
    const isUpdate = base?.orderId === order.orderId && order.orderUpdateId > base.updateId
    if (isUpdate) {
      const { end } = base!
      const isStitched =
        version === '3.0'
          ? isDeepStrictEqual(first, end)
          : first.nodeId === end.nodeId && first.sequenceId === end.sequenceId
      if (!isStitched) {
        problems.push(
          `${nameOf(order)} begins with ${first.nodeId} (${first.sequenceId}), the base ends with ${end.nodeId} (${end.sequenceId})${first.nodeId === end.nodeId ? ', which says something else' : ''}`,
        )
      }
    }
    if (taken !== 'accepted' && taken !== 'updated') continue
    const end = order.nodes.findLast(({ released }) => released) ?? first
    base = { orderId: order.orderId, end, updateId: order.orderUpdateId }
  }
  return problems
}

export function otherOrderProblems(orders: readonly HeardOrder[]): Judgement {
  return orders.flatMap(({ order, situation: { isIdle, heldOrderId }, taken }) =>
    taken !== 'missed' && !isIdle && heldOrderId !== order.orderId
      ? [`${nameOf(order)} comes while ${heldOrderId} is in work`]
      : [],
  )
}

/** @param cancelledAtMs by orderId, when the robot had ended it */
export function cancelledProblems(
  orders: readonly HeardOrder[],
  cancelledAtMs: ReadonlyMap<string, number>,
): Judgement {
  return orders.flatMap(({ order, atMs }) => {
    const sinceMs = cancelledAtMs.get(order.orderId)
    return sinceMs !== undefined && atMs > sinceMs ? [`${nameOf(order)} comes after its cancel`] : []
  })
}

/** An action said again as it was is the same one; a stitching node repeats its actions. */
export function actionIdProblems(
  orders: readonly HeardOrder[],
  instantActions: readonly InstantAction[],
): Judgement {
  const known = new Map<string, unknown>()
  const uses = [
    ...orders.flatMap(({ order }) =>
      [...order.nodes, ...order.edges].flatMap(({ sequenceId, actions }) =>
        actions.map((action) => ({ action, place: `${order.orderId} ${sequenceId}` })),
      ),
    ),
    ...instantActions.map(({ actionId, actionType, blockingType, actionParameters }) => ({
      action: { actionId, actionType, blockingType, actionParameters },
      place: 'instantActions',
    })),
  ]
  return uses.flatMap((use) => {
    const { actionId, actionType } = use.action
    const before = known.get(actionId)
    if (before === undefined) known.set(actionId, use)
    return before === undefined || isDeepStrictEqual(before, use)
      ? []
      : [`${actionId} is used again, for ${actionType}`]
  })
}

function isSame({ nodes, edges }: Order, before: Order): boolean {
  return isDeepStrictEqual(nodes, before.nodes) && isDeepStrictEqual(edges, before.edges)
}

function nameOf({ orderId, orderUpdateId }: Order): string {
  return `order ${orderId} (${orderUpdateId})`
}

function numbersOf(list: readonly { readonly sequenceId: number }[]): string {
  return list.map(({ sequenceId }) => sequenceId).join(', ')
}
