import { wardError } from '@wardlight/core/errors'
import { centroid, distance, isInsidePolygon, type Point2, type Segment2 } from '@wardlight/core/geometry'
import { entryDoor, type FloorPlan, type Room } from '@wardlight/core/floor'

/** How far before and behind the door the way begins and ends, metres. */
const BEFORE_M = 1.5
const BEHIND_M = 1
/** How near to a door somebody stands who opens it and looks behind it, metres. */
const AT_DOOR_M = 0.6

/** The way of someone who comes in by a room's entry, and stops just inside. */
export function pathThroughDoor(plan: FloorPlan, roomId: string): { levelId: string; path: Point2[] } {
  for (const level of plan.levels) {
    const room = level.rooms.find(({ id }) => id === roomId)
    if (room === undefined) continue
    const door = entryDoor(level, room)
    if (door === null) {
      throw wardError('WARD_ERR_NOT_FOUND', { what: `${room.name} has no door`, where: 'people.enterRoom' })
    }
    const inwards = wayInwards(room, door)
    return { levelId: level.id, path: [inwards(-BEFORE_M), inwards(0), inwards(BEHIND_M)] }
  }
  throw wardError('WARD_ERR_ROOM_UNKNOWN', {
    what: `the plan has no room ${roomId}`,
    where: 'people.enterRoom',
  })
}

/** Where somebody in the room stands who opens one of its doors. */
export function placeBehindDoor(room: Room, door: Segment2): Point2 {
  return wayInwards(room, door)(AT_DOOR_M)
}

/** Places on the line across a doorway's middle, by metres inwards from it. */
function wayInwards(room: Room, door: Segment2): (byM: number) => Point2 {
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
  return (byM) => at(side * byM)
}
