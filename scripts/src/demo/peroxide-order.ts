import type { PeroxidePlan } from '@wardlight/core/disinfection'
import { ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import type { Point2, Pose2 } from '@wardlight/core/geometry'
import type { Order, RobotAddress } from '@wardlight/core/vda5050'
import { driveOrder } from '@wardlight/fleet-server'

/** The id of the action whose result is the evidence. */
export function cycleActionId(missionId: string): string {
  return `${missionId}.cycle`
}

/** Way to the room, then `awaitArming` and `startPeroxideCycle` at its last node. The fleet server gives no such order yet. */
export function peroxideOrder(input: {
  readonly head: { readonly address: RobotAddress; readonly timestamp: string; readonly headerId: number }
  readonly missionId: string
  readonly levelId: string
  readonly route: readonly Point2[]
  readonly standing: Pose2
  readonly plan: PeroxidePlan
}): Order {
  const { missionId } = input
  const order = driveOrder({ ...input, orderId: missionId, destination: input.standing })
  order.nodes.at(-1)!.actions.push(
    {
      actionType: ROBOT_ACTION_TYPES.awaitArming,
      actionId: `${missionId}.await-arming`,
      blockingType: 'HARD',
      actionParameters: [{ key: 'missionId', value: missionId }],
    },
    {
      actionType: ROBOT_ACTION_TYPES.startPeroxideCycle,
      actionId: cycleActionId(missionId),
      blockingType: 'HARD',
      actionParameters: [
        { key: 'missionId', value: missionId },
        { key: 'plan', value: input.plan },
      ],
    },
  )
  return order
}
