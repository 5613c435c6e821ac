import type { PeroxideMethod, PeroxidePlan, TreatmentPlan } from '@wardlight/core/disinfection'
import { ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import type { Point2, Pose2 } from '@wardlight/core/geometry'
import type {
  Action,
  ActionParameter,
  InstantActions,
  Order,
  OrderEdge,
  OrderNode,
} from '@wardlight/core/vda5050'
import { messageHeader, START_TOLERANCE_M, type OrderHead } from './order-parts.ts'

/** The VDA 5050 action ids of a mission, derived so that they are the same after any restart. */
export function missionActionIds(missionId: string) {
  return {
    awaitArming: `${missionId}.await-arming`,
    startUvDose: `${missionId}.dose`,
    startPeroxideCycle: `${missionId}.cycle`,
    cancelOrder: `${missionId}.cancel`,
  }
}

export function returnOrderId(missionId: string): string {
  return `return-${missionId}`
}

/** What an order of a mission is made from. */
interface MissionOrderInput {
  readonly head: OrderHead
  readonly missionId: string
  readonly levelId: string
  /** From where the robot stands to where its work begins. */
  readonly route: readonly Point2[]
  readonly standing: Pose2
}

/** Way to the room, then the two HARD actions at its last node: survey and arming, and the dose. */
export function treatmentOrder(input: MissionOrderInput & { readonly plan: TreatmentPlan }): Order {
  const { missionId, plan } = input
  return armedOrder(input, missionActions(missionId, { method: 'uv', treatment: plan }), plan)
}

/** The same for gas: survey and arming, and the whole cycle. */
export function peroxideOrder(input: MissionOrderInput & { readonly plan: PeroxidePlan }): Order {
  const { missionId, plan } = input
  return armedOrder(input, missionActions(missionId, { method: plan.method, cycle: plan }), plan)
}

function armedOrder(
  input: MissionOrderInput,
  actions: readonly Action[],
  plan: TreatmentPlan | PeroxidePlan,
): Order {
  const order = driveOrder({
    ...input,
    orderId: input.missionId,
    orderDescription: missionDescription(plan.room.roomId),
    destination: input.standing,
  })
  order.nodes.at(-1)!.actions.push(...actions)
  return order
}

export function missionDescription(roomId: string): string {
  return `Treatment of ${roomId}`
}

/** What a robot does where a mission's way ends, both HARD: survey and arming, then the dose or the gas cycle. */
export function missionActions(
  missionId: string,
  plan:
    | { readonly method: 'uv'; readonly treatment: TreatmentPlan }
    | { readonly method: PeroxideMethod; readonly cycle: PeroxidePlan },
): Action[] {
  const ids = missionActionIds(missionId)
  const [actionType, actionId, value] =
    plan.method === 'uv'
      ? [ROBOT_ACTION_TYPES.startUvDose, ids.startUvDose, plan.treatment]
      : [ROBOT_ACTION_TYPES.startPeroxideCycle, ids.startPeroxideCycle, plan.cycle]
  return [
    {
      actionType: ROBOT_ACTION_TYPES.awaitArming,
      actionId: ids.awaitArming,
      blockingType: 'HARD',
      actionParameters: [{ key: 'missionId', value: missionId }],
    },
    {
      actionType,
      actionId,
      blockingType: 'HARD',
      actionParameters: [
        { key: 'missionId', value: missionId },
        { key: 'plan', value },
      ],
    },
  ]
}

/** A way, and nothing to do at its end. */
export function driveOrder(input: {
  readonly head: OrderHead
  readonly orderId: string
  /** The published schema of 3.0 wants one. */
  readonly orderDescription?: string
  readonly levelId: string
  readonly route: readonly Point2[]
  readonly destination: Pose2
}): Order {
  const { orderId, orderDescription = 'A way with nothing to do at its end', levelId, destination } = input
  const points = withoutRepetitions([...input.route.slice(0, -1), destination])
  // VDA 5050: nodes have the even sequence ids of an order, edges the odd ones between them.
  const nodes = points.map((point, index): OrderNode => {
    const isLast = index === points.length - 1
    return {
      nodeId: `${orderId}.n${index}`,
      sequenceId: 2 * index,
      released: true,
      nodePosition: {
        x: point.x,
        y: point.y,
        mapId: levelId,
        ...(isLast ? { theta: destination.theta } : {}),
        ...(index === 0
          ? { allowedDeviationXY: { a: START_TOLERANCE_M, b: START_TOLERANCE_M, theta: 0 } }
          : {}),
      },
      actions: [],
    }
  })
  const edges = points.slice(1).map((_, index): OrderEdge => ({
    edgeId: `${orderId}.e${index}`,
    sequenceId: 2 * index + 1,
    released: true,
    actions: [],
  }))
  return { ...messageHeader(input.head), orderId, orderUpdateId: 0, orderDescription, nodes, edges }
}

/** One instant action as a message. VDA 5050 3.0 allows only the blocking type NONE for these. */
export function instantAction(input: {
  readonly head: OrderHead
  readonly actionType: string
  readonly actionId: string
  readonly parameters?: readonly ActionParameter[]
}): InstantActions {
  const { actionType, actionId, parameters = [] } = input
  return {
    ...messageHeader(input.head),
    actions: [{ actionType, actionId, blockingType: 'NONE', actionParameters: [...parameters] }],
  }
}

/** Drops points that lie within a centimetre of the one before; the last one always stays. */
function withoutRepetitions(points: readonly Point2[]): Point2[] {
  return points.filter((point, index) => {
    const next = points[index + 1]
    return next === undefined || Math.hypot(next.x - point.x, next.y - point.y) > 0.01
  })
}
