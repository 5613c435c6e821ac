import { isInSight, roomAt, type Level } from '@wardlight/core/floor'
import { distance, distanceToPolygon, type Point2, type Polygon } from '@wardlight/core/geometry'
import { roomsOnWay } from '../domain/contamination/way.ts'
import type { DerivedGraph } from '../domain/traffic/derive-graph.ts'
import { RouteFinder, type Mover } from '../domain/traffic/find-route.ts'
import type { FloorIndex } from './floor-index.ts'
import type { TravelPlace } from './travel-costs.ts'

/** So many of the nearest places are tried from a point off the graph. */
const TRIED = 40
/** A place this near serves also where a plan draws something in between, metres. */
const BESIDE_M = 2
/** Points that are kept; then all are forgotten. */
const MOST_KEPT = 50_000
/** A robot's speed between rooms until it tells its own, metres a second. Proposed. */
export const ASSUMED_SPEED_MPS = 0.6
const ASSUMED_MOVER: Mover = { radiusM: 0.3, speedMps: ASSUMED_SPEED_MPS }

/** A way over the plan's graph, with nobody on it. */
export interface TrafficWay {
  /** Place where it ends. */
  readonly place: number
  readonly links: readonly number[]
  readonly lengthM: number
  readonly seconds: number
  /** Rooms that it leads into, in order, without the one that it begins in. */
  readonly roomIds: readonly string[]
}

/** Looks up places and ways for points of the floor, which lie off the graph more often than not. */
export class TrafficWays {
  readonly derived: DerivedGraph
  readonly #floor: FloorIndex
  readonly #finder: RouteFinder
  readonly #near = new Map<string, number | null>()
  readonly #seconds = new Map<number, Float64Array>()

  constructor(derived: DerivedGraph, floor: FloorIndex) {
    this.derived = derived
    this.#floor = floor
    this.#finder = new RouteFinder(derived.graph)
  }

  /** The place from which a robot at a point drives on: the nearest in its room or in sight; `null` where there is none. */
  placeNear({ levelId, x, y }: TravelPlace): number | null {
    const key = `${levelId} ${x.toFixed(2)} ${y.toFixed(2)}`
    const known = this.#near.get(key)
    if (known !== undefined) return known
    const found = this.#findPlaceNear({ levelId, x, y })
    if (this.#near.size >= MOST_KEPT) this.#near.clear()
    this.#near.set(key, found)
    return found
  }

  #findPlaceNear({ levelId, x, y }: TravelPlace): number | null {
    if (!this.#floor.hasLevel(levelId)) return null
    const level = this.#floor.level(levelId)
    const point = { x, y }
    const roomId = roomAt(level, point)?.id ?? null
    const { places, leaving } = this.derived.graph
    const near = [...places.keys()]
      .filter((index) => places[index]!.levelId === levelId && leaving[index]!.length > 0)
      .map((index) => ({ index, lengthM: distance(places[index]!, point) }))
      .toSorted((a, b) => a.lengthM - b.lengthM)
    const found =
      near.find(({ index }) => roomId !== null && places[index]!.roomId === roomId) ??
      near.slice(0, TRIED).find(({ index }) => isInSight(level, point, places[index]!)) ??
      near.find(({ lengthM }) => lengthM < BESIDE_M)
    return found?.index ?? null
  }

  /** How long the quickest way to each place takes with nobody on it; `Infinity` where there is none. */
  secondsFrom(start: number): Float64Array {
    const known = this.#seconds.get(start) ?? this.#finder.secondsToAll(start, ASSUMED_MOVER)
    this.#seconds.set(start, known)
    return known
  }

  /** The quickest way from point to point; `null` where the graph has none. */
  between(from: TravelPlace, to: TravelPlace, mover: Mover = ASSUMED_MOVER): TrafficWay | null {
    const [start, end] = [this.placeNear(from), this.placeNear(to)]
    if (start === null || end === null) return null
    const found = this.#finder.find(start, mover, (place) => place === end)
    if (found === null) return null
    const { links, places } = this.derived.graph
    const lengthM = found.route.reduce((sum, link) => sum + links[link]!.lengthM, 0)
    const points = [from, ...found.route.map((link) => places[links[link]!.to]!), to]
    return {
      place: end,
      links: found.route,
      lengthM,
      seconds: found.seconds,
      roomIds: this.#roomsAlong(points),
    }
  }

  /** All places by which a robot would be in a part of a level, whole or in part. */
  placesIn(levelId: string, polygon: Polygon): number[] {
    const { places, links, radiusM } = this.derived.graph
    const isIn = (a: Point2, b: Point2) => distanceToPolygon({ a, b }, polygon) < radiusM
    const inside = new Set(
      [...places.keys()].filter(
        (index) => places[index]!.levelId === levelId && isIn(places[index]!, places[index]!),
      ),
    )
    // One that leads through without a place in it is kept from its end on.
    for (const { from, to } of links) {
      const [a, b] = [places[from]!, places[to]!]
      const isAcross = a.levelId === levelId && b.levelId === levelId && !inside.has(from) && !inside.has(to)
      if (isAcross && isIn(a, b)) inside.add(to)
    }
    return [...inside]
  }

  /** Rooms in which robots wait and let others by. */
  passingRoomIds(): string[] {
    const ids = this.derived.graph.places.flatMap(({ kind, roomId }) =>
      (kind === 'passing' || kind === 'way') && roomId !== null ? [roomId] : [],
    )
    return [...new Set(ids)]
  }

  #roomsAlong(points: readonly TravelPlace[]): string[] {
    const rooms: string[] = []
    for (let from = 0; from < points.length;) {
      const { levelId } = points[from]!
      let to = from
      while (to + 1 < points.length && points[to + 1]!.levelId === levelId) to += 1
      const level: Level = this.#floor.level(levelId)
      const part: Point2[] = points.slice(from, to + 1)
      const first = from === 0 ? [] : [roomAt(level, part[0]!)?.id ?? null]
      rooms.push(...first.filter((id) => id !== null), ...roomsOnWay(level, part))
      from = to + 1
    }
    return rooms
  }
}
