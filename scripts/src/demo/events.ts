import type { Clock } from '@wardlight/core/clock'
import { roomStandingPose, type Level, type Room } from '@wardlight/core/floor'
import { isInsidePolygon, type Point2 } from '@wardlight/core/geometry'
import type { World } from '@wardlight/sim'

const pollMs = 10
const personClearanceM = 0.25
/** How far outside the door a person stands before walking in. */
const approachM = 1.2

/** Calls back once, the first time that the robot's lamp is really lit. */
export function onceLit(clock: Clock, world: World, robotId: string, callback: () => void): void {
  const look = (): void => {
    if (world.robots.get(robotId)?.isLampLit === true) callback()
    else clock.setTimeout(look, pollMs)
  }
  look()
}

/** A person walks in through the room's door, opening it. */
export function letPersonEnter(world: World, level: Level, room: Room): void {
  const inside = roomStandingPose(level, room, personClearanceM)
  const door = doorsOf(level, room)[0]
  if (door === undefined) {
    world.people.enter(level.id, [inside])
    return
  }
  const middle = { x: (door.a.x + door.b.x) / 2, y: (door.a.y + door.b.y) / 2 }
  const length = Math.hypot(door.b.x - door.a.x, door.b.y - door.a.y)
  const normal = { x: -(door.b.y - door.a.y) / length, y: (door.b.x - door.a.x) / length }
  const beside = (distanceM: number): Point2 => ({
    x: middle.x + normal.x * distanceM,
    y: middle.y + normal.y * distanceM,
  })
  const outward = isInsidePolygon(beside(0.4), room.polygon) ? -1 : 1
  world.people.enter(level.id, [beside(outward * approachM), beside(-outward * 0.6), inside])
}

export function openDoor(world: World, level: Level, room: Room): void {
  const door = doorsOf(level, room)[0]
  if (door !== undefined) world.doors.setOpen(door.id, true)
}

function doorsOf(level: Level, room: Room) {
  return level.doors.filter(({ id }) => room.doorIds.includes(id))
}
