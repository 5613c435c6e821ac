import { wardError } from '@wardlight/core/errors'
import { centroid, distance, isInsidePolygon, type Point2 } from '@wardlight/core/geometry'
import { entryDoor, type FloorPlan } from '@wardlight/core/floor'

/** How far before and behind the door the way begins and ends, metres. */
const BEFORE_M = 1.5
const BEHIND_M = 1

/** The way of someone who comes in by a room's entry, and stops just inside. */
export function pathThroughDoor(plan: FloorPlan, roomId: string): { levelId: string; path: Point2[] } {
  for (const level of plan.levels) {
    const room = level.rooms.find(({ id }) => id === roomId)
    if (room === undefined) continue
    const door = entryDoor(level, room)
    if (door === null) {
      throw wardError('WARD_ERR_NOT_FOUND', { what: `${room.name} has no door`, where: 'people.enterRoom' })
    }
    const middle = { x: (door.a.x + door.b.x) / 2, y: (door.a.y + door.b.y) / 2 }
    const width = distance(door.a, door.b)
    const across = { x: -(door.b.y - door.a.y) / width, y: (door.b.x - door.a.x) / width }
    const at = (byM: number): Point2 => ({ x: middle.x + across.x * byM, y: middle.y + across.y * byM })
    // Which side is inside: a point near the door, or where the room is too slim for that its centre.
    const centre = centroid(room.polygon)
    const towardsCentre = (centre.x - middle.x) * across.x + (centre.y - middle.y) * across.y
    const isLeft = isInsidePolygon(at(0.3), room.polygon)
    const isRight = isInsidePolygon(at(-0.3), room.polygon)
    const side = isLeft === isRight ? Math.sign(towardsCentre) || 1 : isLeft ? 1 : -1
    return { levelId: level.id, path: [at(-side * BEFORE_M), middle, at(side * BEHIND_M)] }
  }
  throw wardError('WARD_ERR_ROOM_UNKNOWN', {
    what: `the plan has no room ${roomId}`,
    where: 'people.enterRoom',
  })
}
