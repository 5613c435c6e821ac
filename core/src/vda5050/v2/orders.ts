import type { Action, ActionParameter } from '../actions.ts'
import type { InstantActions, NodePosition, Order } from '../messages.ts'
import { headerFromV2, headerToV2, optional, without, type V2Version } from './headers.ts'
import type { V2Action, V2InstantActions, V2NodePosition, V2Order } from './messages.ts'

/** The one predefined action that 3.0 calls by another name than 2.x. */
const INITIALIZE = { v3: 'initializePosition', v2: 'initPosition' } as const

/**
 * An order for a robot of 2.x.
 *
 * Lost: `orderDescription`, `retriable`, and what is not a circle in an `allowedDeviationXY`. SINGLE becomes
 * HARD, which forbids more: 2.x has no blocking type that lets the robot drive and nothing else run.
 */
export function orderToV2(order: Order, version: V2Version): V2Order {
  return {
    ...headerToV2(without(order, 'orderDescription', 'nodes', 'edges'), version),
    nodes: order.nodes.map(({ nodeDescriptor, nodePosition, actions, ...node }) => ({
      ...node,
      ...optional('nodeDescription', nodeDescriptor),
      ...optional('nodePosition', nodePosition && nodePositionToV2(nodePosition)),
      actions: actions.map((action) => actionToV2(action, version)),
    })),
    edges: order.edges.map(({ edgeDescriptor, maximumSpeed, actions, ...edge }, index) => ({
      ...edge,
      ...optional('edgeDescription', edgeDescriptor),
      ...optional('maxSpeed', maximumSpeed),
      // 3.0 dropped them: edges lie between the nodes beside them in the list.
      startNodeId: order.nodes[index]?.nodeId ?? '',
      endNodeId: order.nodes[index + 1]?.nodeId ?? '',
      actions: actions.map((action) => actionToV2(action, version)),
    })),
  }
}

/**
 * Lost: `startNodeId` and `endNodeId`, which the sequence says again, `zoneSetId` and `mapDescription`.
 * Optional fields of edges that a robot may have to refuse (`trajectory`, `corridor`, …) keep their names.
 */
export function orderFromV2(order: V2Order): Order {
  return {
    ...headerFromV2(without(order, 'zoneSetId', 'nodes', 'edges')),
    nodes: order.nodes.map(({ nodeDescription, nodePosition, actions, ...node }) => ({
      ...node,
      ...optional('nodeDescriptor', nodeDescription),
      ...optional('nodePosition', nodePosition && nodePositionFromV2(nodePosition)),
      actions: actions.map(actionFromV2),
    })),
    edges: order.edges.map(({ edgeDescription, maxSpeed, actions, ...edge }) => ({
      ...without(edge, 'startNodeId', 'endNodeId'),
      ...optional('edgeDescriptor', edgeDescription),
      ...optional('maximumSpeed', maxSpeed),
      actions: actions.map(actionFromV2),
    })),
  }
}

/**
 * For 2.0 each action carries `actionName` too: so the published schema calls it, against the text. And the list is
 * there a second time as `instantActions`, its name in 1.1, which robots of 2.0 go on reading (vda-5050-lib does).
 */
export function instantActionsToV2(message: InstantActions, version: V2Version): V2InstantActions {
  const actions = message.actions.map((action) => actionToV2(action, version))
  const head = headerToV2(without(message, 'actions'), version)
  if (version === '2.1') return { ...head, actions }
  const named = actions.map((action) => ({ ...action, actionName: action.actionType }))
  return { ...head, actions: named, instantActions: named } as V2InstantActions
}

/** Instant actions by their names in 2.1, where a fleet of 2.0 says `instantActions` and `actionName`. */
export function withNamesOf21(message: unknown): unknown {
  if (typeof message !== 'object' || message === null) return message
  const { instantActions, ...rest } = message as Readonly<Record<string, unknown>>
  const actions: unknown = rest['actions'] ?? instantActions
  if (!Array.isArray(actions)) return message
  return {
    ...rest,
    actions: actions.map((action: unknown) => {
      if (typeof action !== 'object' || action === null || 'actionType' in action) return action
      return { ...action, actionType: (action as { readonly actionName?: unknown }).actionName }
    }),
  }
}

/** Lost: the blocking type, which 3.0 has as NONE always (6.2.1). */
export function instantActionsFromV2(message: V2InstantActions): InstantActions {
  return {
    ...headerFromV2(without(message, 'actions')),
    actions: message.actions.map((action) => ({
      ...without(actionFromV2(action), 'actionName'),
      blockingType: 'NONE',
    })),
  }
}

export function actionTypeToV2(actionType: string): string {
  return actionType === INITIALIZE.v3 ? INITIALIZE.v2 : actionType
}

export function actionTypeFromV2(actionType: string): string {
  return actionType === INITIALIZE.v2 ? INITIALIZE.v3 : actionType
}

export function nodePositionToV2({ allowedDeviationXY, ...position }: NodePosition): V2NodePosition {
  return {
    ...without(position),
    // The circle inside the ellipse: a robot must not deviate further than it was allowed to.
    ...optional(
      'allowedDeviationXY',
      allowedDeviationXY && Math.min(allowedDeviationXY.a, allowedDeviationXY.b),
    ),
  } as V2NodePosition
}

export function nodePositionFromV2({
  allowedDeviationXY: radiusM,
  ...position
}: V2NodePosition): NodePosition {
  return {
    ...without(position, 'mapDescription'),
    ...optional(
      'allowedDeviationXY',
      radiusM === undefined ? undefined : { a: radiusM, b: radiusM, theta: 0 },
    ),
  }
}

function actionToV2(action: Omit<Action, 'retriable'>, version: V2Version): V2Action {
  const { actionDescriptor, actionParameters, blockingType, ...rest } = action
  return {
    ...without(rest, 'retriable'),
    actionType: actionTypeToV2(action.actionType),
    ...optional('actionDescription', actionDescriptor),
    ...optional(
      'actionParameters',
      version === '2.0' ? actionParameters?.map(withoutObject) : actionParameters,
    ),
    blockingType: blockingType === 'SINGLE' ? 'HARD' : blockingType,
  }
}

function actionFromV2({ actionDescription, actionParameters, ...action }: V2Action): Action {
  return {
    ...action,
    actionType: actionTypeFromV2(action.actionType),
    ...optional('actionDescriptor', actionDescription),
    ...optional('actionParameters', actionParameters?.map(withObject)),
  }
}

/** 2.0 has no objects as values of parameters (its order schema): they travel as JSON text. */
function withoutObject({ key, value }: ActionParameter): ActionParameter {
  const isObject = typeof value === 'object' && !Array.isArray(value)
  return { key, value: isObject ? JSON.stringify(value) : value }
}

/** A text that is a JSON object was one before 2.0 made a text of it. */
function withObject({ key, value }: ActionParameter): ActionParameter {
  if (typeof value !== 'string' || !value.startsWith('{')) return { key, value }
  try {
    return { key, value: JSON.parse(value) as object }
  } catch {
    return { key, value }
  }
}
