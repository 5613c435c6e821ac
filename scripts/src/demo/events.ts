import type { Clock } from '@wardlight/core/clock'
import { gasNeighboursOf } from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import { entryDoor, roomStandingPose, type Level, type Room } from '@wardlight/core/floor'
import {
  boundsOf,
  distance,
  distanceToBoundary,
  distanceToSegment,
  isInsidePolygon,
  rectangle,
  type Point2,
} from '@wardlight/core/geometry'
import type { World } from '@wardlight/sim'

const pollMs = 10
const personClearanceM = 0.25
/** A dressing trolley, metres. */
const trolley = { lengthM: 0.9, widthM: 0.5, heightM: 1.1 } as const
/** Free around its middle: what half of its diagonal takes, and a hand's breadth. */
const trolleyClearanceM = 0.6
/** Nobody pushes it against the robot, or leaves it in a doorway. */
const trolleyApartM = 1

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

/** Of the sensors that warn people next door: a slower one would not warn within 10 s (docs/protocol.md). */
const WARNING_LAG_S = 3

/**
 * What people do before a room is gassed: a tested sensor in it and in each room beyond its doors, and tape on the gaps. It
 * counts while a door is shut: whoever goes in or out tapes it again behind them, and no gas flows before they did.
 */
export function prepareForGas(world: World, level: Level, room: Room): void {
  world.gas.placeSensor(`wall-${room.id}`, room.id)
  for (const { id } of gasNeighboursOf(level, room)) {
    world.gas.placeSensor(`outside-${id}`, id, { lagS: WARNING_LAG_S })
  }
  for (const doorId of room.doorIds) world.gas.setTaped(doorId, true)
}

/** One of the lamp's tubes goes dark. */
export function failTube(world: World, robotId: string): void {
  world.robots.get(robotId)!.weakenTube(0, 0)
}

/**
 * Somebody pushes a trolley into the room and leaves it there, as far from the robot as there is a place for it.
 *
 * @throws WARD_ERR_OPTION when there is none
 */
export function leaveTrolley(world: World, level: Level, room: Room, robotId: string): void {
  const robot = world.robots.get(robotId)!.truePose
  const doors = level.doors.filter(({ id }) => room.doorIds.includes(id))
  const isFree = (point: Point2): boolean =>
    isInsidePolygon(point, room.polygon) &&
    distanceToBoundary(point, room.polygon) >= trolleyClearanceM &&
    room.furniture.every(
      ({ footprint }) =>
        !isInsidePolygon(point, footprint) && distanceToBoundary(point, footprint) >= trolleyClearanceM,
    ) &&
    doors.every((door) => distanceToSegment(point, door) >= trolleyApartM) &&
    distance(point, robot) >= trolleyApartM
  const { minX, minY, maxX, maxY } = boundsOf(room.polygon)
  let place: Point2 | null = null
  for (let y = minY; y <= maxY; y += 0.1) {
    for (let x = minX; x <= maxX; x += 0.1) {
      const point = { x, y }
      if (!isFree(point)) continue
      if (place === null || distance(point, robot) > distance(place, robot)) place = point
    }
  }
  if (place === null) {
    throw wardError('WARD_ERR_OPTION', {
      what: `There is no room for a trolley in ${room.name}`,
      where: '--furniture-moved',
      remedy: 'Choose a larger room.',
    })
  }
  world.addObstacle(level.id, {
    id: 'trolley',
    name: 'trolley',
    kind: 'equipment',
    footprint: rectangle(place, trolley.lengthM, trolley.widthM),
    zMinM: 0,
    zMaxM: trolley.heightM,
  })
}
