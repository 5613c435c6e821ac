/**
 * What a new battery can do: so long with the lamp lit, or driving, and so long to charge. Proposed, until factsheets say
 * it; a battery that holds less than when it was new does less, in the same measure.
 */
export const BATTERY_LAMP_MS = 4 * 3_600_000
export const BATTERY_DRIVE_MS = 8 * 3_600_000
export const BATTERY_CHARGE_MS = 3 * 3_600_000

/** What is left at the end of a mission, of a full battery. Proposed. */
export const LANDING_BATTERY_FRACTION = 0.1

/** A battery that says nothing of its health is taken for new. A dead one can do nothing, and never divides by 0. */
export function healthOrNew(batteryHealth: number | null): number {
  return Math.max(0.01, batteryHealth ?? 1)
}

/** Charge that work with the lamp takes, of the battery as it is now: above 1 it cannot do it at all. */
export function chargeForWork(workMs: number, batteryHealth: number | null): number {
  return workMs / (BATTERY_LAMP_MS * healthOrNew(batteryHealth))
}
