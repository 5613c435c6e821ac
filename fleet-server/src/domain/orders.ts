import type { PeroxidePlan, TreatmentPlan } from '@wardlight/core/disinfection'
import { ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import type { Point2, Pose2 } from '@wardlight/core/geometry'
import {
  VDA5050_VERSION,
  type ActionParameter,
  type InstantActions,
  type Order,
  type OrderEdge,
  type OrderNode,
  type RobotAddress,
} from '@wardlight/core/vda5050'

/**
 * How far from an order's first node the robot may stand when it takes the order, metres. It stood there
 * a moment ago; half a metre covers what localisation shifts meanwhile.
 */
const START_TOLERANCE_M = 0.5

interface OrderHead {
  readonly address: RobotAddress
  /** ISO 8601. */
  readonly timestamp: string
  readonly headerId: number
}

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
  const { startUvDose } = missionActionIds(input.missionId)
  return armedOrder(input, ROBOT_ACTION_TYPES.startUvDose, startUvDose, input.plan)
}

/** The same for gas: survey and arming, and the whole cycle. */
export function peroxideOrder(input: MissionOrderInput & { readonly plan: PeroxidePlan }): Order {
  const { startPeroxideCycle } = missionActionIds(input.missionId)
  return armedOrder(input, ROBOT_ACTION_TYPES.startPeroxideCycle, startPeroxideCycle, input.plan)
}

function armedOrder(
  input: MissionOrderInput,
  actionType: string,
  actionId: string,
  plan: TreatmentPlan | PeroxidePlan,
): Order {
  const { missionId } = input
  const order = driveOrder({
    ...input,
    orderId: missionId,
    orderDescription: `Treatment of ${plan.room.roomId}`,
    destination: input.standing,
  })
  order.nodes.at(-1)!.actions.push(
    {
      actionType: ROBOT_ACTION_TYPES.awaitArming,
      actionId: missionActionIds(missionId).awaitArming,
      blockingType: 'HARD',
      actionParameters: [{ key: 'missionId', value: missionId }],
    },
    {
      actionType,
      actionId,
      blockingType: 'HARD',
      actionParameters: [
        { key: 'missionId', value: missionId },
        { key: 'plan', value: plan },
      ],
    },
  )
  return order
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
  return { ...header(input.head), orderId, orderUpdateId: 0, orderDescription, nodes, edges }
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
    ...header(input.head),
    actions: [{ actionType, actionId, blockingType: 'NONE', actionParameters: [...parameters] }],
  }
}

function header({ address, timestamp, headerId }: OrderHead) {
  return {
    headerId,
    timestamp,
    version: VDA5050_VERSION,
    manufacturer: address.manufacturer,
    serialNumber: address.serialNumber,
  }
}

/** Drops points that lie within a centimetre of the one before; the last one always stays. */
function withoutRepetitions(points: readonly Point2[]): Point2[] {
  return points.filter((point, index) => {
    const next = points[index + 1]
    return next === undefined || Math.hypot(next.x - point.x, next.y - point.y) > 0.01
  })
}
