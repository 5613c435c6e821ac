import { distance, distanceToSegment, type Point2 } from '@wardlight/core/geometry'

/** Robots that stand or drive keep this much between their edges, metres: localisation errs by centimetres on each side. Proposed. */
export const GAP_M = 0.2

/** A place that robots drive to or through. */
export interface Place extends Point2 {
  /** Unique in the graph. */
  readonly id: string
  /** VDA 5050 `mapId`. */
  readonly levelId: string
  /** What robots do there: nobody waits in a doorway, in a lift, or where it is too narrow to stop. */
  readonly kind: 'way' | 'narrow' | 'door' | 'lift' | 'room' | 'dock' | 'passing'
  /** In words: "Room 101". */
  readonly name: string
  /** `door`: of the door; `lift`: of the lift; `room`: of the room; `dock`: of the dock; else `null`. */
  readonly of: string | null
  /** A doorway in which a robot's navigation refuses to stop: never a node of an order. */
  readonly isTight?: boolean
  /** The room that it lies in; `null` in a doorway or outside of all rooms. */
  readonly roomId: string | null
}

/** A way between two places, or a lift's ride. */
export interface Way {
  readonly from: number
  readonly to: number
  readonly isOneWay: boolean
  readonly speedLimitMps: number | null
  /** The widest robot that fits through, as a radius, metres; `null`: not known, all do. */
  readonly clearanceM: number | null
  /** What it takes beyond driving, seconds: a lift's call and ride. */
  readonly extraS: number
}

export interface Link {
  readonly from: number
  readonly to: number
  readonly lengthM: number
  readonly speedLimitMps: number | null
  readonly clearanceM: number | null
  readonly extraS: number
  /** All that a robot must hold to drive it and to stand at its end: indices of places. */
  readonly tokens: readonly number[]
}

/**
 * Places and links with what excludes what. Each place is a token that one robot holds at a time. Who stands at a place
 * holds the tokens of all places nearer than two robots' width and a gap; who drives a link those of all places that
 * near to it. So two robots that hold what they need are never nearer than the gap, on crossings too: of two segments
 * that come that near to one another without crossing, an end of one is that near to the other; and no link is longer
 * than `longestLinkM`, so that of two that cross an end is near enough.
 */
export interface TrafficGraph {
  readonly places: readonly Place[]
  readonly links: readonly Link[]
  /** Indices of the links that leave a place. */
  readonly leaving: readonly (readonly number[])[]
  /** What a robot holds that stands at a place: indices of places, its own included. */
  readonly standing: readonly (readonly number[])[]
  /** Of the widest robot, metres. */
  readonly radiusM: number
  readonly indexOf: ReadonlyMap<string, number>
}

/** Nobody stops there: with the way in goes the way out. */
export function isPassage(kind: Place['kind']): boolean {
  return kind === 'door' || kind === 'lift' || kind === 'narrow'
}

/** Two robots' centres are at least this far apart, metres. */
export function separationM(radiusM: number): number {
  return 2 * radiusM + GAP_M
}

/** Links are cut so that they are no longer, metres. */
export function longestLinkM(radiusM: number): number {
  return 1.9 * separationM(radiusM)
}

/**
 * @param radiusM of the widest robot of the fleet, metres
 * @param wholeRooms rooms that are one robot's while it stands at their place of kind `room`: it works there
 */
export function compileGraph(
  places: readonly Place[],
  ways: readonly Way[],
  radiusM: number,
  wholeRooms: ReadonlySet<string> = new Set(),
): TrafficGraph {
  const apartM = separationM(radiusM)
  const near = placesNear(places, apartM)
  const inRoom = new Map<string, number[]>()
  const inLift = new Map<string, number[]>()
  for (const [index, { roomId, kind, of }] of places.entries()) {
    if (roomId !== null) inRoom.set(roomId, [...(inRoom.get(roomId) ?? []), index])
    if (kind === 'lift') inLift.set(of!, [...(inLift.get(of!) ?? []), index])
  }
  const standing = places.map((place, index) => {
    const tokens = new Set([index, ...near(place, place)])
    if (place.kind === 'room' && wholeRooms.has(place.of!)) {
      for (const other of inRoom.get(place.of!) ?? []) tokens.add(other)
    }
    // A cabin is one place, whatever the level it is seen from.
    if (place.kind === 'lift') for (const other of inLift.get(place.of!)!) tokens.add(other)
    return [...tokens]
  })
  const links: Link[] = []
  const leaving: number[][] = places.map(() => [])
  for (const way of ways) {
    add(way, way.from, way.to)
    if (!way.isOneWay) add(way, way.to, way.from)
  }
  return {
    places,
    links,
    leaving,
    standing,
    radiusM,
    indexOf: new Map(places.map(({ id }, index) => [id, index])),
  }

  function add({ speedLimitMps, clearanceM, extraS }: Way, from: number, to: number): void {
    const [a, b] = [places[from]!, places[to]!]
    const isOnLevel = a.levelId === b.levelId
    leaving[from]!.push(links.length)
    links.push({
      from,
      to,
      lengthM: isOnLevel ? distance(a, b) : 0,
      speedLimitMps,
      clearanceM,
      extraS,
      tokens: [...new Set([...(isOnLevel ? near(a, b) : []), ...standing[from]!, ...standing[to]!])],
    })
  }
}

/** Finds the places nearer than `apartM` to a segment of their level. */
function placesNear(places: readonly Place[], apartM: number): (a: Place, b: Place) => number[] {
  const cells = new Map<string, number[]>()
  const cellOf = (value: number) => Math.floor(value / apartM)
  for (const [index, { levelId, x, y }] of places.entries()) {
    const key = `${levelId} ${cellOf(x)} ${cellOf(y)}`
    const cell = cells.get(key)
    if (cell === undefined) cells.set(key, [index])
    else cell.push(index)
  }
  return (a, b) => {
    const found: number[] = []
    const columns = [cellOf(Math.min(a.x, b.x)) - 1, cellOf(Math.max(a.x, b.x)) + 1] as const
    const rows = [cellOf(Math.min(a.y, b.y)) - 1, cellOf(Math.max(a.y, b.y)) + 1] as const
    for (let column = columns[0]; column <= columns[1]; column += 1) {
      for (let row = rows[0]; row <= rows[1]; row += 1) {
        for (const index of cells.get(`${a.levelId} ${column} ${row}`) ?? []) {
          if (distanceToSegment(places[index]!, { a, b }) < apartM) found.push(index)
        }
      }
    }
    return found
  }
}
