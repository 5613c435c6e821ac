import { wardError } from '@wardlight/core/errors'
import { findLevel, findRoom, type FloorPlan, type Level, type Room } from '@wardlight/core/floor'

/** Rooms that a robot is sent to, the likeliest first. */
const preferred = ['isolationRoom', 'patientRoom', 'other'] as const

/** The room that the caller named, or one that such a hospital would treat. */
export function chooseRoom(
  plan: FloorPlan,
  {
    room: name,
    level: levelName,
  }: { readonly room?: string | undefined; readonly level?: string | undefined },
): { readonly level: Level; readonly room: Room } {
  const level = levelName === undefined ? undefined : findLevel(plan, levelName)
  if (name !== undefined) return findRoom(plan, name, level?.id)
  const levels = level === undefined ? plan.levels : [level]
  for (const kind of preferred) {
    for (const candidate of levels) {
      const room = candidate.rooms.find(
        ({ kind: own, areaM2, doorIds }) => own === kind && areaM2 >= 6 && areaM2 <= 60 && doorIds.length > 0,
      )
      if (room !== undefined) return { level: candidate, room }
    }
  }
  throw wardError('WARD_ERR_ROOM_UNKNOWN', { what: `${plan.name} has no room of 6 to 60 m² with a door` })
}
