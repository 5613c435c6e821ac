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
/** With this many doors, or from this size on, a room is one that people pass through. */
const HUB_DOORS = 5
const HUB_M2 = 200
/** A corridor's mean width is below this, metres: its own width less what its ends take off. */
const WIDEST_CORRIDOR_M = 2.8
/** Looking across a door for the room behind it: past a niche in a thick wall, metres. */
const ACROSS_DOOR_M = [0.05, 0.2, 0.4, 0.6]

export interface LevelRoomsInput {
  readonly levelId: string
  readonly faces: readonly Face[]
  /** Every piece of a wall between two of its junctions. */
  readonly walls: readonly Segment2[]
  readonly doors: readonly LevelDoor[]
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

/** A face, and what belongs to it. */
interface Place {
  readonly face: Face
  /** With what stands in it, m². */
  readonly outlineM2: number
  isRoom: boolean
  readonly waypointNames: Set<string>
  /** Those that shut it off from what is on their other side. */
  readonly doors: LevelDoor[]
}

type LevelDoor = Omit<Door, 'roomIds'>

/** Rooms from faces: which are rooms, which doors lead into them, and what they are called. */
export function levelRooms(input: LevelRoomsInput): LevelRooms {
  const places = input.faces
    .map((face): Place => ({
      face,
      outlineM2: signedArea(face.outline),
      isRoom: isWideEnough(face) && !input.cabins.some((cabin) => isCabin(face, cabin)),
      waypointNames: new Set(),
      doors: [],
    }))
    .toSorted((a, b) => a.outlineM2 - b.outlineM2)
  for (const { name, ...point } of input.waypoints) innermostAt(places, point)?.waypointNames.add(name)
  const roomsBeside = new Map<LevelDoor, readonly Place[]>()
  const openDoorIds: string[] = []
  for (const door of input.doors) {
    const found = [1, -1].flatMap((sign) => roomAcross(places, door, sign) ?? [])
    const beside = [...new Set(found)]
    roomsBeside.set(door, beside)
    if (beside.length < found.length) openDoorIds.push(door.id)
    else for (const place of beside) place.doors.push(door)
  }
  for (const place of places) {
    if (place.doors.length === 0 && place.waypointNames.size === 0 && isShaft(place, input.cabins)) {
      place.isRoom = false
    }
  }
  // Top to bottom, left to right, as one reads a plan: numbers stay while the drawing does.
  const rooms = places.filter(({ isRoom }) => isRoom).toSorted((a, b) => readingOrder(a.face, b.face))
  const outlines = rooms.map(({ face }) => face.outline)
  const counts = new Map<string, number>()
  const ids = new Map<Place, string>()
  const finished = rooms.map((place): Room => {
    const described: UnnamedRoom = {
      isHub: isHub(place),
      isElongated: isElongated(place.face),
      doorCount: place.doors.length,
      ownDoorNames: place.doors
        .filter((door) =>
          roomsBeside.get(door)!.every((other) => other === place || leadsOutOf(other, place)),
        )
        .map(({ name }) => name),
      waypointNames: [...place.waypointNames],
    }
    const given = givenName(described)
    const kind = guessKind(described, given)
    const name = given ?? numbered(kind === 'corridor' ? 'corridor' : isHub(place) ? 'hall' : 'room')
    const id = input.takeId(name)
    ids.set(place, id)
    const names = new Set([...place.waypointNames, ...place.doors.map((door) => door.name)])
    names.delete(name)
    return {
      id,
      name,
      aliases: [...names],
      kind,
      ward: null,
      polygon: place.face.outline,
      heightM: input.heightM,
      areaM2: place.face.areaM2,
      volumeM3: place.face.areaM2 * input.heightM,
      airChangesPerHour: null,
      furniture: builtInFurniture(place.face, id, input.heightM, input.walls, input.doors, outlines),
      doorIds: input.doors.filter((door) => roomsBeside.get(door)!.includes(place)).map((door) => door.id),
    }
  })
  const doors = input.doors.map((door) => ({
    ...door,
    roomIds: roomsBeside.get(door)!.map((place) => ids.get(place)!),
  }))
  return { rooms: finished, doors, openDoorIds }

  function numbered(noun: string): string {
    const count = (counts.get(noun) ?? 0) + 1
    counts.set(noun, count)
    return `${input.levelId} ${noun}${noun === 'hall' && count === 1 ? '' : ` ${count}`}`
  }
}

/** @param places from small to large. */
function innermostAt(places: readonly Place[], point: Point2): Place | undefined {
  return places.find(({ face }) => isInsidePolygon(point, face.outline))
}

/** The room behind a door, past a niche in a thick wall; `null` at the building's edge. */
function roomAcross(places: readonly Place[], door: LevelDoor, sign: number): Place | null {
  for (const reachM of ACROSS_DOOR_M) {
    const place = innermostAt(places, beside(door, sign * reachM))
    if (place === undefined) return null
    if (place.isRoom) return place
  }
  return null
}

function isHub({ face, doors }: Place): boolean {
  return doors.length >= HUB_DOORS || face.areaM2 >= HUB_M2
}

/** Whether a door between them is rather the second one's. */
function leadsOutOf(from: Place, into: Place): boolean {
  if (isHub(from) !== isHub(into)) return isHub(from)
  if (from.doors.length !== into.doors.length) return from.doors.length > into.doors.length
  return from.outlineM2 >= into.outlineM2
}

/** Whether a face is as a corridor is: narrow, and at least about four times as long as wide. */
function isElongated(face: Face): boolean {
  const widthM = meanWidth(face)
  return widthM < WIDEST_CORRIDOR_M && face.areaM2 > 6 * widthM * widthM
}

function isWideEnough(face: Face): boolean {
  return face.areaM2 >= SMALLEST_ROOM_M2 && meanWidth(face) >= NARROWEST_ROOM_M
}

function isCabin(face: Face, cabin: Polygon): boolean {
  return isInsidePolygon(middle(cabin), face.outline) && signedArea(face.outline) < 2 * signedArea(cabin)
}

/** Whether a face without a door is too small for a room, or what a lift's cabin leaves of its shaft. */
function isShaft({ face }: Place, cabins: readonly Polygon[]): boolean {
  const isAround = (cabin: Polygon) =>
    cabin.some(
      (corner) => isInsidePolygon(corner, face.outline) || distanceToBoundary(corner, face.outline) < 0.1,
    )
  return face.areaM2 < SMALLEST_DOORLESS_ROOM_M2 || cabins.some(isAround)
}

/** A point off the middle of a segment, at a right angle. */
function beside({ a, b }: { readonly a: Point2; readonly b: Point2 }, reachM: number): Point2 {
  const lengthM = Math.max(1e-9, distance(a, b))
  return {
    x: (a.x + b.x) / 2 - (reachM * (b.y - a.y)) / lengthM,
    y: (a.y + b.y) / 2 + (reachM * (b.x - a.x)) / lengthM,
  }
}

/** Twice the area by the perimeter; of a long strip its width. */
function meanWidth({ outline, islands, areaM2 }: Face): number {
  const perimeterM = [outline, ...islands]
    .flatMap(polygonEdges)
    .reduce((sum, { a, b }) => sum + distance(a, b), 0)
  return (2 * areaM2) / perimeterM
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
