import type { Pose2 } from '@wardlight/core/geometry'
import type { Action, Order, OrderNode, VdaError } from '@wardlight/core/vda5050'

/** What an order is judged against. */
export interface OrderSituation {
  /** The order that the robot holds, as it was last accepted; `null` when it never had one. */
  readonly held: Order | null
  /** Whether nodes, or actions that are not over, are left of it. */
  readonly isBusy: boolean
  readonly wasCanceled: boolean
  readonly lastNodeId: string
  readonly lastNodeSequenceId: number
  /** End of the released part of the order held. */
  readonly baseEnd: { readonly nodeId: string; readonly sequenceId: number } | null
  /** Orders that were in work before the one held. */
  readonly formerOrderIds: ReadonlySet<string>
  /** Actions of the order held that an update cannot replace: over, running, or released. */
  readonly fixedActionIds: ReadonlySet<string>
  readonly pose: Pose2 | null
  /** The fastest that it drives. */
  readonly speedMps: number
  /** Of every level that it has a map of. */
  readonly mapIds: ReadonlySet<string>
  /** Says what is wrong with the actions of a node, or `null`. */
  readonly actionProblem: (node: OrderNode) => string | null
}

export type OrderDecision =
  | { readonly kind: 'accept' }
  | { readonly kind: 'update' }
  | { readonly kind: 'ignore' }
  | { readonly kind: 'reject'; readonly error: VdaError }

/**
 * What an order may ask of an edge and this robot cannot do: it finds its own way between nodes, at its own speed.
 * 6.1.4.2 wants such an order refused rather than driven otherwise. Names of 3.0, then those of 2.1 that differ.
 */
const EDGE_FIELDS_NOT_USED: readonly string[] = [
  'trajectory',
  'corridor',
  'orientation',
  'direction',
  'reachOrientationBeforeEntering',
  'maxRotationSpeed',
  'maximumMobileRobotHeight',
  'minimumLoadHandlingDeviceHeight',
  'maxHeight',
  'minHeight',
]
type EdgeFields = Readonly<Record<string, unknown>>

/** A first node without an allowed deviation of its own may be so far from the robot. */
const START_DEVIATION_M = 1

/**
 * Judges an order after VDA 5050 3.0, 6.1.4 "Order rejection" and figure "Process of receiving an
 * order": error types are the predefined ones.
 */
export function judgeOrder(order: Order, situation: OrderSituation): OrderDecision {
  const reject = (
    errorType: string,
    errorDescription: string,
    errorLevel: VdaError['errorLevel'] = 'WARNING',
    references: NonNullable<VdaError['errorReferences']> = [],
  ): OrderDecision => ({
    kind: 'reject',
    error: {
      errorType,
      errorLevel,
      errorDescription,
      errorReferences: [
        { referenceKey: 'orderId', referenceValue: order.orderId },
        { referenceKey: 'orderUpdateId', referenceValue: String(order.orderUpdateId) },
        ...references,
      ],
    },
  })
  const { held } = situation
  const isUpdate = held !== null && held.orderId === order.orderId

  if (isUpdate && order.orderUpdateId < held.orderUpdateId) {
    return reject('OUTDATED_ORDER_UPDATE', `update ${held.orderUpdateId} is held already`)
  }
  if (isUpdate && order.orderUpdateId === held.orderUpdateId) {
    return isSameOrder(order, held)
      ? { kind: 'ignore' }
      : reject('SAME_ORDER_UPDATE_ID', 'another order came under this orderUpdateId')
  }
  // A message that a broker held back, say: what was done once is not done again.
  if (!isUpdate && situation.formerOrderIds.has(order.orderId)) {
    return reject(
      'OUTDATED_ORDER_UPDATE',
      `order ${order.orderId} was in work before; give a new one a new id`,
    )
  }
  const structure = structureProblem(order)
  if (structure !== null) return reject('VALIDATION_FAILURE', structure)
  for (const edge of order.edges) {
    const unusable = EDGE_FIELDS_NOT_USED.filter((field) => (edge as EdgeFields)[field] != null)
    // One that it never exceeds is kept.
    if ((edge.maximumSpeed ?? Infinity) < situation.speedMps) unusable.push('maximumSpeed')
    if (unusable.length > 0) {
      return reject(
        'UNSUPPORTED_PARAMETER',
        `the robot cannot keep to ${unusable.join(', ')} of edge ${edge.edgeId}`,
        'CRITICAL',
        unusable.map((field) => ({ referenceKey: 'parameter', referenceValue: `edge.${field}` })),
      )
    }
  }
  const otherMap = order.nodes.find(
    ({ nodePosition }) => nodePosition !== undefined && !situation.mapIds.has(nodePosition.mapId),
  )
  if (otherMap !== undefined) {
    return reject(
      'UNKNOWN_MAP_ID',
      `${otherMap.nodeId} is on ${otherMap.nodePosition?.mapId}; the robot knows ${[...situation.mapIds].join(', ')}`,
    )
  }
  for (const edge of order.edges) {
    if (edge.actions.length > 0) {
      return reject('INVALID_ORDER_ACTION', `edge ${edge.edgeId} has actions; the robot does none on edges`)
    }
  }
  for (const node of order.nodes) {
    const problem = situation.actionProblem(node)
    if (problem !== null) return reject('INVALID_ORDER_ACTION', problem)
  }
  const first = order.nodes[0]!

  if (isUpdate) {
    if (situation.wasCanceled) {
      return reject('ORDER_UPDATE_FOLLOWING_CANCEL', 'the order was cancelled; send a new one')
    }
    const stitch = situation.isBusy
      ? situation.baseEnd
      : { nodeId: situation.lastNodeId, sequenceId: situation.lastNodeSequenceId }
    if (stitch === null || first.nodeId !== stitch.nodeId || first.sequenceId !== stitch.sequenceId) {
      return reject(
        'VALIDATION_FAILURE',
        `an update must begin at ${stitch?.nodeId ?? 'no node'} (${stitch?.sequenceId ?? '-'})`,
      )
    }
    const usedAgain = order.nodes
      .slice(1)
      .flatMap(({ actions }) => actions)
      .find(({ actionId }) => situation.fixedActionIds.has(actionId))
    if (usedAgain !== undefined) {
      return reject('VALIDATION_FAILURE', `the order has an action ${usedAgain.actionId} already`)
    }
    return { kind: 'update' }
  }
  if (situation.isBusy) {
    return reject('OTHER_ORDER_ACTIVE', `order ${held?.orderId ?? ''} is in work; cancel it first`)
  }
  // Figure 8, (4). What came before it is lost, and with it the way that was meant.
  if (order.orderUpdateId !== 0) {
    return reject('VALIDATION_FAILURE', `a new order begins with orderUpdateId 0, not ${order.orderUpdateId}`)
  }
  const start = startProblem(first, situation)
  return start === null ? { kind: 'accept' } : reject('START_NODE_OUT_OF_RANGE', start)
}

/** The same order sent again; headers differ between two sendings. */
function isSameOrder(a: Order, b: Order): boolean {
  const body = ({ nodes, edges }: Order) => JSON.stringify([nodes, edges])
  return body(a) === body(b)
}

function structureProblem({ nodes, edges }: Order): string | null {
  if (edges.length !== nodes.length - 1) {
    return `${nodes.length} nodes need ${nodes.length - 1} edges, not ${edges.length}`
  }
  if (!nodes[0]!.released) return 'the first node is not released'
  const elements = nodes.flatMap((node, index) => {
    const edge = edges[index]
    return edge === undefined ? [node] : [node, edge]
  })
  const offset = elements[0]!.sequenceId
  for (const [index, element] of elements.entries()) {
    const name = 'nodeId' in element ? element.nodeId : element.edgeId
    if (element.sequenceId !== offset + index || ('nodeId' in element && element.sequenceId % 2 !== 0)) {
      return `${name} has sequenceId ${element.sequenceId}; nodes have even, edges odd numbers without a gap`
    }
    const next = elements[index + 1]
    if (next !== undefined && next.released && !element.released) {
      return `${name} is not released, but what follows it is`
    }
  }
  const withoutPlace = nodes.slice(1).find(({ nodePosition }) => nodePosition === undefined)
  if (withoutPlace !== undefined)
    return `${withoutPlace.nodeId} has no nodePosition; the robot navigates freely`
  const actionIds = nodes.flatMap(({ actions }) => actions.map(({ actionId }) => actionId))
  if (new Set(actionIds).size !== actionIds.length) return 'an actionId comes twice'
  return null
}

function startProblem({ nodeId, nodePosition }: OrderNode, situation: OrderSituation): string | null {
  if (situation.pose === null) return 'the robot does not know where it is'
  if (nodePosition === undefined) {
    return nodeId === situation.lastNodeId ? null : `${nodeId} has no position, and the robot is not on it`
  }
  const awayM = Math.hypot(nodePosition.x - situation.pose.x, nodePosition.y - situation.pose.y)
  const { allowedDeviationXY } = nodePosition
  const allowedM = Math.max(START_DEVIATION_M, allowedDeviationXY?.a ?? 0, allowedDeviationXY?.b ?? 0)
  return awayM <= allowedM ? null : `${nodeId} is ${awayM.toFixed(1)} m away from the robot`
}

/** A parameter of an action by its key. */
export function actionParameter(
  action: { readonly actionParameters?: Action['actionParameters'] },
  key: string,
): unknown {
  return action.actionParameters?.find((parameter) => parameter.key === key)?.value
}
