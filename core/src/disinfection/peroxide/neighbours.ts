import type { Level, Room } from '../../floor/types.ts'
import { distance } from '../../geometry/pose.ts'
import type { GasNeighbour } from './predict-cycle.ts'

/** Air exchanged through a shut door, m³ an hour for each metre of its width (proposed: an undercut of 1 cm, no pressure across it). */
export const SHUT_DOOR_M3_PER_HOUR_PER_M = 10

/** Air changes of rooms for which the plan names none (proposed). */
const USUAL_AIR_CHANGES = 2

/** The rooms beyond a room's doors, with what their shut doors let through. */
export function gasNeighboursOf(level: Level, room: Room): GasNeighbour[] {
  const leaks = new Map<string, number>()
  for (const door of level.doors.filter(({ id }) => room.doorIds.includes(id))) {
    const other = door.roomIds.find((id) => id !== room.id)
    if (other === undefined) continue
    leaks.set(other, (leaks.get(other) ?? 0) + SHUT_DOOR_M3_PER_HOUR_PER_M * distance(door.a, door.b))
  }
  return level.rooms.flatMap(({ id, name, volumeM3, airChangesPerHour }) => {
    const leakM3PerHour = leaks.get(id)
    return leakM3PerHour === undefined
      ? []
      : [{ id, name, volumeM3, airChangesPerHour: airChangesPerHour ?? USUAL_AIR_CHANGES, leakM3PerHour }]
  })
}
