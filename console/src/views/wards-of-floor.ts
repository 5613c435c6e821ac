import type { FloorPlanView } from '@wardlight/core/fleet'

/** Wards that rooms of the plan belong to, in order. */
export function wardsOfFloor(floor: FloorPlanView): string[] {
  const wards = floor.levels.flatMap(({ rooms }) => rooms.map(({ ward }) => ward))
  return [...new Set(wards.filter((ward) => ward !== null && ward !== undefined))].toSorted()
}
