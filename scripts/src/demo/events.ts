import type { Clock } from '@wardlight/core/clock'
import { entryDoor, roomStandingPose, type Level, type Room } from '@wardlight/core/floor'
import type { World } from '@wardlight/sim'

const pollMs = 10
const personClearanceM = 0.25

/** Calls back once, the first time that the robot's lamp is really lit. */
export function onceLit(clock: Clock, world: World, robotId: string, callback: () => void): void {
  const look = (): void => {
    if (world.robots.get(robotId)?.isLampLit === true) callback()
    else clock.setTimeout(look, pollMs)
  }
  look()
}

/** A person walks in through the room's entry, opening it; into a room without a door they step from nowhere. */
export function letPersonEnter(world: World, level: Level, room: Room): void {
  if (entryDoor(level, room) === null) {
    world.people.enter(level.id, [roomStandingPose(level, room, personClearanceM)])
  } else world.people.enterRoom(room.id)
}

export function openDoor(world: World, level: Level, room: Room): void {
  const door = entryDoor(level, room)
  if (door !== null) world.doors.setOpen(door.id, true)
}
