import { wardError, type WardError } from '@wardlight/core/errors'
import { plannedSOf, ROBOT_ACTION_TYPES, unitOf, type RobotView, type StepPlan } from '@wardlight/core/fleet'
import { chargeForWork, LANDING_BATTERY_FRACTION } from './energy.ts'
import { outOfService } from './care/robot-service.ts'
import type { VaporiserOffer } from './vaporiser-offer.ts'

/** Below this a robot is not sent out: a dose must not end because the battery does. Proposed. */
export const MIN_BATTERY_FRACTION = 0.3

export interface RobotCandidate {
  readonly view: RobotView
  /** Whether its last state shows nothing left to do. */
  readonly isIdle: boolean
  /** `null` before its factsheet came. */
  readonly actionTypes: ReadonlySet<string> | null
  /** By its factsheet; `null`: it has none, or none that it describes. */
  readonly vaporiser: VaporiserOffer | null
  /** What it carries and may not bring, in words; `null`: nothing. Only asked of robots that could go. */
  readonly contamination: () => string | null
  /** Whether it has a map of the room's level, and lifts lead there from its own. */
  readonly canChangeLevel: () => boolean
  /** Whether the schedule has it for this request. */
  readonly isScheduled: boolean
  /** Way to the room, metres; only asked of robots that could go. */
  readonly distanceM: () => number
}

export interface RobotNeed {
  readonly levelId: string
  readonly levelName: string
  readonly plan: StepPlan
  /** People want this one and no other; `null`: whichever. */
  readonly robotId: string | null
}

/**
 * The robot that can take the mission now: the one that the schedule has for it, else the nearest. A robot that just
 * found no way is asked last: most likely it still finds none, and would spoil one room after the other.
 *
 * @throws WARD_ERR_NO_ROBOT with the reason of each robot, in words.
 */
export function chooseRobot(candidates: readonly RobotCandidate[], need: RobotNeed): RobotCandidate {
  const refusals: string[] = []
  let best: { candidate: RobotCandidate; isStuck: boolean; distanceM: number } | null = null
  for (const candidate of candidates) {
    // A unit in another room, or one that the plan is not for, is nobody who could come.
    if (candidate.view.isFixed && candidate.view.id !== unitOf(need.plan)) continue
    const refusal = whyNot(candidate, need)
    if (refusal !== null) {
      refusals.push(`${candidate.view.serialNumber} ${refusal}`)
      continue
    }
    const isStuck = hasFoundNoWay(candidate.view)
    if (candidate.isScheduled && !isStuck) return candidate
    const distanceM = candidate.distanceM()
    const isBetter = best === null || (isStuck === best.isStuck ? distanceM < best.distanceM : best.isStuck)
    if (isBetter) best = { candidate, isStuck, distanceM }
  }
  if (best === null) throw noRobot(refusals, candidates.length > 0)
  return best.candidate
}

/** Its last order ended because a node was out of its reach; it says so until it takes another one. */
function hasFoundNoWay({ errors }: RobotView): boolean {
  return errors.some(({ type }) => type === 'NODE_UNREACHABLE')
}

function whyNot(
  { view, isIdle, actionTypes, vaporiser, contamination, canChangeLevel }: RobotCandidate,
  need: RobotNeed,
): string | null {
  if (need.robotId !== null && need.robotId !== view.id) return 'is not the one that people asked for'
  const unitId = unitOf(need.plan)
  if (unitId !== null && view.id !== unitId) return `drives, and the plan is for the unit ${unitId}`
  const isOut = outOfService(view)
  if (isOut !== null) return isOut
  if (view.connection !== 'ONLINE') return 'is not connected'
  if (view.missionId !== null) return 'is on another mission'
  if (view.emergencyStop !== 'NONE') return 'has its emergency stop pressed'
  if (view.isPaused) return 'is paused; resume it first'
  if (view.operatingMode !== null && view.operatingMode !== 'AUTOMATIC') {
    return `is in mode ${view.operatingMode}, not AUTOMATIC`
  }
  const fatal = view.errors.find(({ level }) => level === 'FATAL')
  // VDA 5050 3.0, 6.6.5.1: such a robot can take no order.
  if (fatal !== undefined) return `has an error that needs a person: ${fatal.type}`
  if (view.position === null || !view.position.isLocalized) return 'does not know where it is'
  if (view.position.levelId !== need.levelId && !canChangeLevel())
    return `is not on ${need.levelName}, and no lift brings it there`
  if (view.batteryFraction === null) return 'has not told its battery yet'
  if (view.batteryFraction <= MIN_BATTERY_FRACTION) {
    const percent = Math.round(view.batteryFraction * 100)
    return `has ${percent} % battery and needs more than ${MIN_BATTERY_FRACTION * 100} %`
  }
  const work = whyNotEnough(view, need.plan)
  if (work !== null) return work
  if (!isIdle) return 'is still busy with an order'
  if (need.plan.method === 'uv') {
    const isUnable = actionTypes !== null && !actionTypes.has(ROBOT_ACTION_TYPES.startUvDose)
    return isUnable ? 'cannot disinfect with UV' : contamination()
  }
  return whyNoGas(need.plan.cycle, actionTypes, vaporiser) ?? contamination()
}

/** Whether its charge, in a battery as old as it is, carries the mission. What hangs on its charger is fed meanwhile. */
function whyNotEnough(
  { batteryFraction, batteryHealth, isFixed, isCharging }: RobotView,
  plan: StepPlan,
): string | null {
  if (plan.method !== 'uv' || (isFixed && isCharging)) return null
  const needed = chargeForWork(1000 * plannedSOf(plan), batteryHealth) + LANDING_BATTERY_FRACTION
  if (!(batteryFraction! < needed)) return null
  const percent = (fraction: number) => `${Math.round(100 * fraction)} %`
  const worn =
    batteryHealth === null || batteryHealth >= 1 ? '' : ` that holds ${percent(batteryHealth)} of a new one`
  return `has ${percent(batteryFraction!)} of a battery${worn}, and the mission takes ${percent(needed)}`
}

/** A robot of which nobody knows that it can is not sent: it would refuse, and people would have sealed the room. */
function whyNoGas(
  cycle: Extract<StepPlan, { cycle: unknown }>['cycle'],
  actionTypes: RobotCandidate['actionTypes'],
  vaporiser: VaporiserOffer | null,
): string | null {
  if (actionTypes?.has(ROBOT_ACTION_TYPES.startPeroxideCycle) !== true || vaporiser === null) {
    return 'has no vaporiser'
  }
  const { method, solutionMl, rateGPerMin } = cycle
  if (vaporiser.method !== method) return `has a vaporiser for ${vaporiser.method}, not for ${method}`
  if (solutionMl > vaporiser.tankMl) {
    return `holds ${vaporiser.tankMl} ml of solution, the room needs ${Math.ceil(solutionMl)} ml`
  }
  if (rateGPerMin > vaporiser.maxRateGPerMin) {
    return `gives ${vaporiser.maxRateGPerMin} g/min, the room needs ${rateGPerMin.toFixed(1)} g/min`
  }
  return null
}

function noRobot(refusals: readonly string[], isAnyKnown: boolean): WardError {
  return wardError('WARD_ERR_NO_ROBOT', {
    what:
      refusals.length === 0
        ? `No robot ${isAnyKnown ? 'that drives ' : ''}is registered`
        : `No robot can go: ${refusals.join('; ')}`,
    where: 'robots',
  })
}
