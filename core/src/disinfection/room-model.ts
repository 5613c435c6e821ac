import type { Level, Room } from '../floor/types.ts'
import { counterClockwise } from '../geometry/polygon.ts'
import { touchPointsOf } from './high-touch.ts'
import type { RoomModel } from './types.ts'

/**
 * A room of a plan as light sees it. Furniture counts as opaque over its whole height; what hands touch most
 * follows from the furniture and from what the plan names.
 *
 * @param isFloorTreated whether the floor is to get its dose too
 */
export function roomModelOf(level: Level, room: Room, isFloorTreated = false): RoomModel {
  const touchPoints = touchPointsOf(room)
  return {
    roomId: room.id,
    levelId: level.id,
    polygon: counterClockwise(room.polygon),
    heightM: room.heightM,
    obstacles: room.furniture.map(({ id, name, kind, footprint, zMinM, zMaxM }) => ({
      id,
      name,
      kind,
      footprint: counterClockwise(footprint),
      zMinM,
      zMaxM,
    })),
    doors: level.doors
      .filter(({ id }) => room.doorIds.includes(id))
      .map(({ id, name, a, b, kind }) => ({ id, name, a, b, hasLeaf: kind !== 'opening' })),
    ...(touchPoints.length === 0 ? {} : { touchPoints }),
    ...(isFloorTreated ? { isFloorTreated } : {}),
  }
}
