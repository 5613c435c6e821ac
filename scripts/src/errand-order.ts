import type { Pose2 } from '@wardlight/core/geometry'
import { routeBetween, type Level } from '@wardlight/core/floor'
import type { Action, ActionParameter, Order } from '@wardlight/core/vda5050'
import { driveOrder } from '@wardlight/fleet-server'

export interface ErrandStop {
  readonly at: Pose2
  readonly action: Action
}

/** The one action of an errand, alone on its node. */
export function errandAction(
  actionType: string,
  actionId: string,
  parameters: Readonly<Record<string, unknown>>,
): Action {
  return { actionType, actionId, blockingType: 'HARD', actionParameters: parametersOf(parameters) }
}

export function parametersOf(values: Readonly<Record<string, unknown>>): ActionParameter[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: value as ActionParameter['value'] }))
}

/** One order from where the robot is, with one errand at each of its places. */
export function errandRound(input: {
  readonly head: Parameters<typeof driveOrder>[0]['head']
  readonly orderId: string
  readonly level: Level
  readonly from: Pose2
  readonly stops: readonly ErrandStop[]
}): Order {
  const { head, orderId, level, stops } = input
  let { from } = input
  const legs = stops.map(({ at, action }, index) => {
    const route = routeBetween(level, from, at)
    from = at
    const leg = driveOrder({
      head,
      orderId: `${orderId}-${index}`,
      levelId: level.id,
      route,
      destination: at,
    })
    leg.nodes.at(-1)!.actions.push(action)
    return leg
  })
  const nodes = legs.flatMap((leg, index) => (index === 0 ? leg.nodes : leg.nodes.slice(1)))
  const edges = legs.flatMap((leg) => leg.edges)
  return {
    ...legs[0]!,
    nodes: nodes.map((node, index) => ({ ...node, sequenceId: 2 * index })),
    edges: edges.map((edge, index) => ({ ...edge, sequenceId: 2 * index + 1 })),
  }
}
