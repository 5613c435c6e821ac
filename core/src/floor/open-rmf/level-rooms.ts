import {
  boundsOf,
  distance,
  distanceToBoundary,
  isInsidePolygon,
  polygonEdges,
  signedArea,
  type Point2,
  type Polygon,
  type Segment2,
} from '../../geometry/index.ts'
import type { Face } from '../planar-faces.ts'
import type { Door, Room } from '../types.ts'
import { builtInFurniture } from './inner-walls.ts'
import { givenName, guessKind, type UnnamedRoom } from './name-rooms.ts'

/** A smaller face is a shaft, a column or a niche, m². */
const SMALLEST_ROOM_M2 = 1
/** A face that is narrower on the whole is the thickness of a wall, metres. */
const NARROWEST_ROOM_M = 0.5
/** A face without a door is a room only from this size on; below it is a shaft, m². */
const SMALLEST_DOORLESS_ROOM_M2 = 4
/** With this many doors a room is one that people pass through. */
const HUB_DOORS = 5
/** Looking across a door for the room behind it: past a niche in a thick wall, metres. */
const ACROSS_DOOR_M = [0.05, 0.2, 0.4, 0.6]

export interface LevelRoomsInput {
  readonly levelId: string
  readonly faces: readonly Face[]
  /** Every piece of a wall between two of its junctions. */
  readonly walls: readonly Segment2[]
  readonly doors: readonly Omit<Door, 'roomIds'>[]
  readonly waypoints: readonly (Point2 & { readonly name: string })[]
  readonly cabins: readonly Polygon[]
  readonly heightM: number
  /** Gives each id of a room or a piece of furniture once in the building. */
  readonly takeId: (name: string) => string
}

export interface LevelRooms {
  readonly rooms: readonly Room[]
  readonly doors: readonly Door[]
  /** Doors with one and the same room on both sides: the walls of the room behind them are open. */
  readonly openDoorIds: readonly string[]
}

/** Rooms from faces: which are rooms, which doors lead into them, and what they are called. */
export function levelRooms(input: LevelRoomsInput): LevelRooms {
  const places = input.faces
    .map((face) => ({ face, size: signedArea(face.outline), isRoom: false }))
    .toSorted((a, b) => a.size - b.size)
  const innermostAt = (point: Point2) => places.find(({ face }) => isInsidePolygon(point, face.outline))
  for (const place of places) {
    const { face } = place
    place.isRoom =
      face.areaM2 >= SMALLEST_ROOM_M2 &&
      meanWidth(face) >= NARROWEST_ROOM_M &&
      !input.cabins.some(
        (cabin) => isInsidePolygon(middle(cabin), face.outline) && place.size < 2 * signedArea(cabin),
      )
  }
  const acrossDoors = input.doors.map((door) =>
    [1, -1].flatMap((sign) => {
      for (const reachM of ACROSS_DOOR_M) {
        const place = innermostAt(beside(door, sign * reachM))
        if (place === undefined) return []
        if (place.isRoom) return [place]
      }
      return []
    }),
  )
  const sides = acrossDoors.map((found) => [...new Set(found)])
  const waypointPlaces = input.waypoints.map((waypoint) => innermostAt(waypoint))
  for (const place of places) {
    const isEntered = sides.some((side) => side.includes(place)) || waypointPlaces.includes(place)
    const isShaft =
      place.face.areaM2 < SMALLEST_DOORLESS_ROOM_M2 ||
      input.cabins.some((cabin) => isAroundCabin(place.face.outline, cabin))
    if (!isEntered && isShaft) place.isRoom = false
  }
  // Top to bottom, left to right, as one reads a plan: numbers stay while the drawing does.
  const rooms = places.filter(({ isRoom }) => isRoom).toSorted((a, b) => readingOrder(a.face, b.face))
  const doorCount = (place: Place) => sides.filter((side) => side.includes(place)).length
  const isHub = (place: Place) => doorCount(place) >= HUB_DOORS
  const unnamed = rooms.map((place): UnnamedRoom => {
    const leadsInto = (side: readonly Place[]) =>
      side.includes(place) &&
      side.every(
        (other) =>
          other === place || (isHub(other) === isHub(place) ? other.size >= place.size : isHub(other)),
      )
    return {
      areaM2: place.face.areaM2,
      meanWidthM: meanWidth(place.face),
      isHub: isHub(place),
      ownDoorNames: input.doors.filter((_, index) => leadsInto(sides[index]!)).map(({ name }) => name),
      waypointNames: namesIn(place),
    }
  })
  const names = unnamed.map(givenName)
  const counts = { hall: 0, corridor: 0, room: 0 }
  const finished = rooms.map((place, index): Room => {
    const given = names[index]!
    const kind = guessKind(unnamed[index]!, given)
    const generic = unnamed[index]!.isHub ? (kind === 'corridor' ? 'corridor' : 'hall') : 'room'
    if (given === null) counts[generic] += 1
    const name =
      given ??
      `${input.levelId} ${generic}${generic === 'hall' && counts.hall === 1 ? '' : ` ${counts[generic]}`}`
    const id = input.takeId(name)
    const doorNames = input.doors.filter((_, door) => sides[door]!.includes(place)).map((door) => door.name)
    const aliases = new Set([...namesIn(place), ...doorNames].filter((alias) => alias !== name))
    return {
      id,
      name,
      aliases: [...aliases],
      kind,
      ward: null,
      polygon: place.face.outline,
      heightM: input.heightM,
      areaM2: place.face.areaM2,
      volumeM3: place.face.areaM2 * input.heightM,
      airChangesPerHour: null,
      furniture: builtInFurniture(
        place.face,
        id,
        input.heightM,
        input.walls,
        input.doors,
        rooms.map(({ face }) => face.outline),
      ),
      doorIds: input.doors.filter((_, door) => sides[door]!.includes(place)).map((door) => door.id),
    }
  })
  const doors = input.doors.map((door, index) => ({
    ...door,
    roomIds: sides[index]!.map((place) => finished[rooms.indexOf(place)]!.id),
  }))
  return {
    rooms: finished,
    doors,
    openDoorIds: input.doors
      .filter((_, index) => acrossDoors[index]!.length > sides[index]!.length)
      .map(({ id }) => id),
  }

  type Place = (typeof places)[number]

  function namesIn(place: Place): string[] {
    return [
      ...new Set(
        input.waypoints.filter((_, index) => waypointPlaces[index] === place).map(({ name }) => name),
      ),
    ]
  }
}

/** A point off the middle of a segment, at a right angle. */
function beside({ a, b }: { readonly a: Point2; readonly b: Point2 }, reachM: number): Point2 {
  const lengthM = Math.max(1e-9, distance(a, b))
  return {
    x: (a.x + b.x) / 2 - (reachM * (b.y - a.y)) / lengthM,
    y: (a.y + b.y) / 2 + (reachM * (b.x - a.x)) / lengthM,
  }
}

function meanWidth({ outline, islands, areaM2 }: Face): number {
  const perimeterM = [outline, ...islands]
    .flatMap(polygonEdges)
    .reduce((sum, { a, b }) => sum + distance(a, b), 0)
  return (2 * areaM2) / perimeterM
}

/** Whether a face is what is left of a lift's shaft beside or around its cabin. */
function isAroundCabin(outline: Polygon, cabin: Polygon): boolean {
  return cabin.some((corner) => isInsidePolygon(corner, outline) || distanceToBoundary(corner, outline) < 0.1)
}

function middle(polygon: Polygon): Point2 {
  const { minX, minY, maxX, maxY } = boundsOf(polygon)
  return { x: (minX + maxX) / 2, y: (minY + maxY) / 2 }
}

function readingOrder(one: Face, other: Face): number {
  const a = middle(one.outline)
  const b = middle(other.outline)
  // Half-metre rows: rooms side by side count as beside one another.
  return Math.round(2 * b.y) - Math.round(2 * a.y) || a.x - b.x
}
