import type { TreatmentPlan } from '@wardlight/core/disinfection'
import {
  ROBOT_ACTION_TYPES,
  type MissionPhase,
  type MissionStatus,
  type MissionView,
} from '@wardlight/core/fleet'
import type { State } from '@wardlight/core/vda5050'
import { missionActionIds } from './orders.ts'

export type Progress = Pick<
  MissionView,
  | 'arming'
  | 'stopIndex'
  | 'stops'
  | 'countdownS'
  | 'remainingS'
  | 'isLampLit'
  | 'blockers'
  | 'interlocks'
  | 'deliveredMjPerCm2'
>

/** Before the robot has said anything: what the plan proposes. */
export function initialProgress(plan: TreatmentPlan): Progress {
  return {
    arming: 'locked',
    stopIndex: 0,
    stops: plan.stops.map(({ x, y, theta, dwellS }) => ({ x, y, theta, dwellS })),
    countdownS: null,
    remainingS: plan.plannedS,
    isLampLit: false,
    blockers: [],
    interlocks: [],
    deliveredMjPerCm2: [],
  }
}

export function progressOf(status: MissionStatus): Progress {
  const {
    arming,
    stopIndex,
    stops,
    countdownS,
    remainingS,
    isLampLit,
    blockers,
    interlocks,
    deliveredMjPerCm2,
  } = status
  return {
    arming,
    stopIndex,
    stops,
    countdownS,
    remainingS,
    isLampLit,
    blockers,
    interlocks,
    deliveredMjPerCm2,
  }
}

/** What people must learn at once, and a killed server must still know. */
export function isWorthStoring(
  before: Progress & { readonly phase: MissionPhase },
  after: Progress & { readonly phase: MissionPhase },
): boolean {
  return (
    before.phase !== after.phase ||
    before.arming !== after.arming ||
    before.isLampLit !== after.isLampLit ||
    before.stopIndex !== after.stopIndex ||
    before.interlocks.length !== after.interlocks.length
  )
}

/**
 * The phase as the VDA 5050 state tells it, for a robot that does not speak on the mission topic.
 * `null` while the state is not about this mission.
 */
export function phaseFromState(state: State, missionId: string): MissionPhase | null {
  if (state.orderId !== missionId) return null
  const ids = missionActionIds(missionId)
  const statusOf = (actionId: string) =>
    state.actionStates.find((action) => action.actionId === actionId)?.actionStatus
  const dose = statusOf(ids.startUvDose)
  const arming = statusOf(ids.awaitArming)
  if (dose === 'FINISHED' || dose === 'FAILED') return 'finished'
  if (dose === 'RUNNING' || dose === 'INITIALIZING') return 'dosing'
  if (dose === 'PAUSED') return 'interrupted'
  if (arming === 'INITIALIZING') return 'surveying'
  if (arming === 'RUNNING' || arming === 'PAUSED') return 'awaitingArming'
  return 'traveling'
}

/** How the robot's action `startUvDose` stands. */
export function doseAction(state: State, missionId: string) {
  const { startUvDose } = missionActionIds(missionId)
  return state.actionStates.find(
    ({ actionId, actionType }) =>
      actionId === startUvDose && (actionType === undefined || actionType === ROBOT_ACTION_TYPES.startUvDose),
  )
}
