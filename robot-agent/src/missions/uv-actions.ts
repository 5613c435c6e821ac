import type { TreatmentPlan } from '@wardlight/core/disinfection'
import { ROBOT_ACTION_TYPES, TreatmentPlanSchema } from '@wardlight/core/fleet'
import type { OrderNode } from '@wardlight/core/vda5050'
import { Compile } from 'typebox/compile'
import { armedActionsOf, armedParametersProblem } from './armed-actions.ts'
import { actionParameter } from './order-rules.ts'

/** A UV mission as an order carries it: `awaitArming` and `startUvDose` on one node. */
export interface UvMissionOrder {
  readonly missionId: string
  readonly plan: TreatmentPlan
  readonly rearmTimeoutS: number
  readonly awaitArmingId: string
  readonly startUvDoseId: string
}

const planValidator = Compile(TreatmentPlanSchema)

/** Says what is wrong with a node's actions, or `null`. */
export function uvActionProblem(node: OrderNode, levelId: string): string | null {
  for (const action of node.actions) {
    if (
      action.actionType !== ROBOT_ACTION_TYPES.awaitArming &&
      action.actionType !== ROBOT_ACTION_TYPES.startUvDose
    ) {
      return `the robot has no action ${action.actionType} on nodes`
    }
    if (action.blockingType !== 'HARD') return `${action.actionType} must be HARD`
  }
  if (node.actions.length === 0) return null
  const [awaiting, starting, ...rest] = node.actions
  if (
    awaiting?.actionType !== ROBOT_ACTION_TYPES.awaitArming ||
    starting?.actionType !== ROBOT_ACTION_TYPES.startUvDose ||
    rest.length > 0
  ) {
    return `${node.nodeId} must have awaitArming and then startUvDose, and nothing else`
  }
  const armedProblem = armedParametersProblem(awaiting, starting)
  if (armedProblem !== null) return armedProblem
  const plan = actionParameter(starting, 'plan')
  const [problem] = planValidator.Errors(plan)
  if (problem !== undefined) return `the plan of startUvDose: ${problem.instancePath} ${problem.message}`
  const { room, options } = plan as TreatmentPlan
  // Nobody watches for people with a moving lidar yet: the lamp is dark while it drives.
  if (options?.litOnWays ?? false)
    return 'the plan counts on light between stops, where this robot drives dark'
  // Nor does a ledger know what the walls throw back.
  if ((options?.reflectance ?? 0) > 0) return 'the plan counts on reflected light, which proves nothing'
  return room.levelId === levelId ? null : `the room is on level ${room.levelId}, the robot on ${levelId}`
}

/** The UV mission of a node that `uvActionProblem` has no problem with; `null` when it has none. */
export function uvMissionOrderOf(node: Pick<OrderNode, 'actions'>): UvMissionOrder | null {
  const armed = armedActionsOf(node, ROBOT_ACTION_TYPES.startUvDose)
  if (armed === null) return null
  const { startId, plan, ...rest } = armed
  return { ...rest, plan: plan as TreatmentPlan, startUvDoseId: startId }
}
