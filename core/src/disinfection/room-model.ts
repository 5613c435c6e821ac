import type { Level, Room } from '../floor/types.ts'
import { counterClockwise } from '../geometry/polygon.ts'
import type { RoomModel } from './types.ts'

/** A room of a plan as light sees it. Furniture counts as opaque over its whole height. */
export function roomModelOf(level: Level, room: Room): RoomModel {
  return {
    roomId: room.id,
    levelId: level.id,
    polygon: counterClockwise(room.polygon),
    heightM: room.heightM,
    obstacles: room.furniture.map(({ id, name, footprint, zMinM, zMaxM }) => ({
      id,
      name,
      footprint: counterClockwise(footprint),
      zMinM,
      zMaxM,
    })),
    doors: level.doors
      .filter(({ id }) => room.doorIds.includes(id))
      .map(({ id, name, a, b, kind }) => ({ id, name, a, b, hasLeaf: kind !== 'opening' })),
  }
}
