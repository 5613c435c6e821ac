import { peroxideDose, type PeroxideMethod, type PeroxidePlan } from '@wardlight/core/disinfection'
import { PeroxidePlanSchema, ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import { signedArea } from '@wardlight/core/geometry'
import type { OrderNode } from '@wardlight/core/vda5050'
import { Compile } from 'typebox/compile'
import { armedActionsOf, armedParametersProblem } from './armed-actions.ts'
import { actionParameter } from './order-rules.ts'

/** The generator of a robot that has one. */
export interface VaporiserFacts {
  readonly method: PeroxideMethod
  /** The most that it brings in, pure H2O2. */
  readonly maxRateGPerMin: number
  readonly tankMl: number
}

/** A peroxide mission as an order carries it: `awaitArming` and `startPeroxideCycle` on one node. */
export interface PeroxideMissionOrder {
  readonly missionId: string
  readonly plan: PeroxidePlan
  readonly rearmTimeoutS: number
  readonly awaitArmingId: string
  readonly startPeroxideCycleId: string
}

const planValidator = Compile(PeroxidePlanSchema)

/** A dose may be so much above the method's own for the volume: rounding, and a site's validation (proposed). */
const MOST_DOSE_FACTOR = 1.2
/** A stated volume may be so much above what the room's outline and height give (proposed: niches). */
const MOST_VOLUME_FACTOR = 1.05

/** Says what is wrong with a peroxide node's actions, or `null`. */
export function peroxideActionProblem(
  node: OrderNode,
  levelId: string,
  vaporiser: VaporiserFacts | null,
): string | null {
  if (vaporiser === null) {
    return 'this robot has no vaporiser: its configuration names none, so it cannot do startPeroxideCycle'
  }
  const [awaiting, starting, ...rest] = node.actions
  if (
    awaiting?.actionType !== ROBOT_ACTION_TYPES.awaitArming ||
    starting?.actionType !== ROBOT_ACTION_TYPES.startPeroxideCycle ||
    rest.length > 0
  ) {
    return `${node.nodeId} must have awaitArming and then startPeroxideCycle, and nothing else`
  }
  for (const { actionType, blockingType } of [awaiting, starting]) {
    if (blockingType !== 'HARD') return `${actionType} must be HARD`
  }
  const armedProblem = armedParametersProblem(awaiting, starting)
  if (armedProblem !== null) return armedProblem
  const plan = actionParameter(starting, 'plan')
  const [problem] = planValidator.Errors(plan)
  if (problem !== undefined) {
    return `the plan of startPeroxideCycle: ${problem.instancePath} ${problem.message}`
  }
  return planProblem(plan as PeroxidePlan, levelId, vaporiser)
}

/** What a robot does not do whoever orders it: it does not trust the sender's arithmetic. */
function planProblem(plan: PeroxidePlan, levelId: string, vaporiser: VaporiserFacts): string | null {
  const { room, method, volumeM3, h2o2G, rateGPerMin } = plan
  if (room.levelId !== levelId) return `the room is on level ${room.levelId}, the robot on ${levelId}`
  if (method !== vaporiser.method) return `the plan is for ${method}, the robot has ${vaporiser.method}`
  const mostM3 = MOST_VOLUME_FACTOR * Math.abs(signedArea(room.polygon)) * room.heightM
  if (volumeM3 > mostM3) {
    return `the plan says ${volumeM3.toFixed(1)} m³, the room's outline and height give at most ${mostM3.toFixed(1)} m³`
  }
  const mostG = MOST_DOSE_FACTOR * peroxideDose(method, volumeM3).h2o2G
  if (h2o2G > mostG) {
    return `the plan brings in ${h2o2G.toFixed(1)} g, at most ${mostG.toFixed(1)} g are right for ${volumeM3.toFixed(1)} m³`
  }
  if (rateGPerMin > vaporiser.maxRateGPerMin) {
    return `the plan asks for ${rateGPerMin.toFixed(2)} g/min, the vaporiser gives at most ${vaporiser.maxRateGPerMin} g/min`
  }
  if (plan.solutionMl > vaporiser.tankMl) {
    return `the plan needs ${Math.ceil(plan.solutionMl)} ml of solution, the tank holds ${vaporiser.tankMl} ml`
  }
  if (plan.airChangesPerHour !== null && !(plan.airChangesPerHour > 0)) {
    return 'the room has no ventilation: it could not be aerated'
  }
  const open = room.doors.find(({ hasLeaf }) => hasLeaf === false)
  if (open !== undefined) return `${open.name} has no leaf: the room cannot be sealed`
  if (room.doors.length > 0 && plan.neighbours.length === 0) {
    return 'the plan names no room beyond the doors: nobody would watch what comes out'
  }
  return null
}

/** The peroxide mission of a node that `peroxideActionProblem` has no problem with; `null` when it has none. */
export function peroxideMissionOrderOf(node: Pick<OrderNode, 'actions'>): PeroxideMissionOrder | null {
  const armed = armedActionsOf(node, ROBOT_ACTION_TYPES.startPeroxideCycle)
  if (armed === null) return null
  const { startId, plan, ...rest } = armed
  return { ...rest, plan: plan as PeroxidePlan, startPeroxideCycleId: startId }
}
