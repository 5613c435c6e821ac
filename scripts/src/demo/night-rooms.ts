import { findRoom, isThoroughfare, type FloorPlan, type FoundRoom } from '@wardlight/core/floor'
import type { NightRoom } from './night-result.ts'

/** Larger rooms are halls: no single approval of one plan covers them. */
const MOST_M2 = 60
const LEAST_M2 = 4

/** Rooms that are asked for, and those that are not, with the reason. */
export function nightRooms(
  plan: FloorPlan,
  { rooms, level: levelName }: { readonly rooms: string; readonly level?: string | undefined },
): { readonly treated: readonly FoundRoom[]; readonly left: readonly NightRoom[] } {
  if (rooms !== 'all') {
    return { treated: rooms.split(',').map((name) => findRoom(plan, name.trim(), levelName)), left: [] }
  }
  const treated: FoundRoom[] = []
  const left: NightRoom[] = []
  for (const level of plan.levels) {
    if (levelName !== undefined && level.id !== levelName && level.name !== levelName) continue
    for (const room of level.rooms) {
      const reason = whyNot({ level, room })
      if (reason === null) treated.push({ level, room })
      else left.push({ ...emptyResult({ level, room }), verdict: 'skipped', reason })
    }
  }
  return { treated, left }
}

function whyNot({ room }: FoundRoom): string | null {
  if (isThoroughfare(room)) return 'people come through here all night'
  if (room.doorIds.length === 0) return 'no door shuts it off'
  if (room.areaM2 > MOST_M2)
    return `a hall of ${Math.round(room.areaM2)} m²: more than one lamp's plan covers`
  return room.areaM2 < LEAST_M2 ? `${room.areaM2.toFixed(1)} m²: no robot turns in it` : null
}

export function emptyResult({ level, room }: FoundRoom): Omit<NightRoom, 'verdict' | 'reason'> {
  return {
    roomId: room.id,
    name: room.name,
    level: level.id,
    robotId: null,
    orderedAtS: null,
    finishedAtS: null,
    missedSurfaces: 0,
    interlocks: [],
  }
}
