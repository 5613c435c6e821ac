import type { PeroxidePlan } from '@wardlight/core/disinfection'
import {
  plannedSOf,
  ROBOT_ACTION_TYPES,
  type GasView,
  type MissionStatus,
  type MissionView,
  type PeroxideStatus,
  type StepPlan,
  type TreatmentMethod,
  type TreatmentPhase,
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
  | 'gas'
  | 'blockers'
  | 'interlocks'
  | 'deliveredMjPerCm2'
>

/** Before the robot has said anything: what the plan proposes. */
export function initialProgress(plan: StepPlan): Progress {
  return {
    arming: 'locked',
    stopIndex: 0,
    stops:
      plan.method === 'uv'
        ? plan.treatment.stops.map(({ x, y, theta, dwellS }) => ({ x, y, theta, dwellS }))
        : [],
    countdownS: null,
    remainingS: plannedSOf(plan),
    isLampLit: false,
    gas:
      plan.method === 'uv'
        ? null
        : {
            isGassed: false,
            mustEvacuate: false,
            isGeneratorOn: false,
            injectedG: 0,
            plannedG: plan.cycle.h2o2G,
            dwellS: 0,
            plannedDwellS: plan.cycle.dwellS,
            targetPpm: plan.cycle.targetPpm,
            phaseS: 0,
            sensors: [],
          },
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
    gas: null,
    blockers,
    interlocks,
    deliveredMjPerCm2,
  }
}

/**
 * @param cycle as it was ordered
 * @param before what was known of its gas: that there was some is not forgotten by a word that says otherwise
 */
export function progressOfPeroxide(
  status: PeroxideStatus,
  cycle: PeroxidePlan,
  before: GasView | null,
): Progress {
  const places = new Map(cycle.neighbours.map(({ roomId, name }) => [roomId, name]))
  return {
    arming: status.arming,
    stopIndex: 0,
    stops: [],
    countdownS: status.countdownS,
    // Nobody knows when it will be armed: until then the whole of it is to come.
    remainingS: status.remainingS ?? (status.phase === 'finished' ? 0 : cycle.expectedS),
    isLampLit: false,
    gas: {
      isGassed: status.isGassed || before?.isGassed === true,
      mustEvacuate: status.mustEvacuate,
      isGeneratorOn: status.isGeneratorOn,
      injectedG: status.injectedG,
      plannedG: cycle.h2o2G,
      dwellS: status.dwellS,
      plannedDwellS: cycle.dwellS,
      targetPpm: cycle.targetPpm,
      phaseS: status.phaseS,
      sensors: status.sensors.flatMap(({ sensorId, roomId, ppm, ageS }) => {
        const isInside = roomId === cycle.room.roomId
        const place = isInside ? '' : places.get(roomId)
        // A radio may hear sensors of rooms that have nothing to do with it.
        return place === undefined ? [] : [{ sensorId, roomId, isInside, place, ppm, ageS }]
      }),
    },
    blockers: status.blockers,
    interlocks: status.interlocks,
    deliveredMjPerCm2: [],
  }
}

/** What people must learn at once, and a killed server must still know. */
export function isWorthStoring(
  before: Progress & { readonly phase: TreatmentPhase },
  after: Progress & { readonly phase: TreatmentPhase },
): boolean {
  return (
    before.phase !== after.phase ||
    before.arming !== after.arming ||
    before.isLampLit !== after.isLampLit ||
    before.gas?.isGassed !== after.gas?.isGassed ||
    before.gas?.mustEvacuate !== after.gas?.mustEvacuate ||
    before.stopIndex !== after.stopIndex ||
    before.interlocks.length !== after.interlocks.length
  )
}

/**
 * The phase as the VDA 5050 state tells it, for a robot that does not speak on its mission topic. `null` while the state
 * is not about this mission, and where it cannot tell: of a cycle that runs it says neither gas nor aeration.
 */
export function phaseFromState(
  state: State,
  { id, method }: { readonly id: string; readonly method: TreatmentMethod },
): TreatmentPhase | null {
  if (state.orderId !== id) return null
  const treatment = treatmentAction(state, { id, method })?.actionStatus
  const { awaitArming } = missionActionIds(id)
  const arming = state.actionStates.find(({ actionId }) => actionId === awaitArming)?.actionStatus
  if (treatment === 'FINISHED' || treatment === 'FAILED') return 'finished'
  if (treatment === 'RUNNING' || treatment === 'INITIALIZING') return method === 'uv' ? 'dosing' : null
  if (treatment === 'PAUSED') return method === 'uv' ? 'interrupted' : null
  if (arming === 'INITIALIZING') return 'surveying'
  if (arming === 'RUNNING' || arming === 'PAUSED') return 'awaitingArming'
  return 'traveling'
}

/** How the robot's action that carries the evidence stands. */
export function treatmentAction(
  state: State,
  { id, method }: { readonly id: string; readonly method: TreatmentMethod },
) {
  const type = method === 'uv' ? ROBOT_ACTION_TYPES.startUvDose : ROBOT_ACTION_TYPES.startPeroxideCycle
  const wanted = missionActionIds(id)[type]
  return state.actionStates.find(
    ({ actionId, actionType }) => actionId === wanted && (actionType === undefined || actionType === type),
  )
}
