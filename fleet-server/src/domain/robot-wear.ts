import { ODOMETER_INFORMATION } from '@wardlight/core/fleet'
import type { State } from '@wardlight/core/vda5050'

/** How worn a robot is, by its own words. */
export interface RobotWear {
  /** What its battery holds when full against a new one, 0 to 1; `null`: it does not say. */
  readonly batteryHealth: number | null
  /** `null`: it does not say. */
  readonly drivenM: number | null
}

export const UNKNOWN_WEAR: RobotWear = { batteryHealth: null, drivenM: null }

/** Stored again after so many metres more: a few kilometres of many. */
const DRIVEN_STEP_M = 100

/** What a state tells; of what it does not tell, what was told before stays. */
export function wearOf({ powerSupply, information }: State, before: RobotWear): RobotWear {
  const { infoType, drivenKey } = ODOMETER_INFORMATION
  const told = information
    ?.find((each) => each.infoType === infoType)
    ?.infoReferences?.find(({ referenceKey }) => referenceKey === drivenKey)?.referenceValue
  // What does not read as metres is left out.
  const drivenM = told !== undefined && /^\d{1,9}(?:\.\d+)?$/.test(told) ? Number(told) : before.drivenM
  const { batteryHealth = -1 } = powerSupply
  const isHealth = batteryHealth >= 0 && batteryHealth <= 100
  return { batteryHealth: isHealth ? batteryHealth / 100 : before.batteryHealth, drivenM }
}

/** Whether it is worth another row: a percent of the battery, some way more, or another robot's wheels. */
export function isNewWear(kept: RobotWear, now: RobotWear): boolean {
  return (
    kept.batteryHealth !== now.batteryHealth ||
    (kept.drivenM === null) !== (now.drivenM === null) ||
    Math.abs((now.drivenM ?? 0) - (kept.drivenM ?? 0)) >= DRIVEN_STEP_M
  )
}
