import {
  entryDoor,
  isInSight,
  isThoroughfare,
  roomAt,
  roomStandingPose,
  startingPoses,
  type Door,
  type FloorPlan,
  type Level,
  type Room,
} from '@wardlight/core/floor'
import {
  boundsOf,
  distance,
  distanceToPolygon,
  distanceToSegment,
  intersectSegments,
  isInsidePolygon,
  type Point2,
  type Polygon,
} from '@wardlight/core/geometry'
import { standable } from './narrow-places.ts'
import {
  compileGraph,
  longestLinkM,
  separationM,
  type Place,
  type TrafficGraph,
  type Way,
} from './traffic-graph.ts'

/** Nodes of a plan that are joined and this near to one another are one place, metres. */
const ONE_PLACE_M = 0.3
/** A cabin is called in a minute on the mean, shared with people. Proposed. */
const LIFT_CALL_S = 40
/** Doors and ride, seconds; a bed lift does 1 m/s (`sim/src/world/lifts.ts`). */
const LIFT_RIDE_S = 20
/** Robots step aside in such rooms, and in no patient's. */
const PASSING_ROOMS: readonly Room['kind'][] = ['corridor', 'lobby', 'utility', 'store', 'other']
/** So many places on a level are tried as passing places. */
const PASSING_TRIED = 60

export interface DerivedGraph {
  readonly graph: TrafficGraph
  /** By room id, the place where a robot begins its work there; a room without a way to it has none. */
  readonly roomPlaces: ReadonlyMap<string, number>
  readonly dockPlaces: ReadonlyMap<string, number>
  /** What keeps the plan from being all that traffic wants, in words. */
  readonly problems: readonly string[]
}

/**
 * The places and links of a floor plan. Lanes that somebody drew, or that were made from rooms and doors, come in as
 * the plan's navigation graph; doors are places of their own, long ways are cut, and rooms, docks and passing places
 * are joined to what they see. A lift is one place on all of its levels.
 *
 * @param radiusM of the widest robot, metres
 * @param canRide whether robots can ride a lift; by default all
 */
export function deriveGraph(
  plan: FloorPlan,
  radiusM: number,
  canRide: (liftId: string) => boolean = () => true,
): DerivedGraph {
  const places: Place[] = []
  const ways: Way[] = []
  const roomPlaces = new Map<string, number>()
  const dockPlaces = new Map<string, number>()
  const problems: string[] = []
  for (const level of plan.levels)
    deriveLevel(plan, level, radiusM, { places, ways, roomPlaces, dockPlaces, problems })
  for (const lift of plan.lifts) {
    if (!canRide(lift.id)) continue
    const cabins = places.flatMap(({ kind, of }, index) => (kind === 'lift' && of === lift.id ? [index] : []))
    for (const [at, from] of cabins.entries()) {
      for (const to of cabins.slice(at + 1)) {
        if (places[from]!.levelId === places[to]!.levelId) continue
        ways.push({
          from,
          to,
          isOneWay: false,
          speedLimitMps: null,
          clearanceM: null,
          extraS: LIFT_CALL_S + LIFT_RIDE_S,
        })
      }
    }
  }
  // A room where robots have their docks is nobody's own: they must get in and out past one another.
  const wholeRooms = new Set(
    plan.levels.flatMap(({ rooms, docks }) =>
      rooms
        .filter((room) => !isThoroughfare(room))
        .filter(({ polygon }) => !docks.some(({ pose }) => isInsidePolygon(pose, polygon)))
        .map(({ id }) => id),
    ),
  )
  const graph = compileGraph(places, ways, radiusM, wholeRooms)
  for (const group of islands(graph)) {
    const names = group
      .map((index) => graph.places[index]!)
      .filter(({ kind }) => kind !== 'way' && kind !== 'narrow' && kind !== 'door')
    if (names.length > 0)
      problems.push(`no way leads from the rest to ${names.map(({ name }) => name).join(', ')}`)
  }
  return { graph, roomPlaces, dockPlaces, problems }
}

interface Drawing {
  readonly places: Place[]
  readonly ways: Way[]
  readonly roomPlaces: Map<string, number>
  readonly dockPlaces: Map<string, number>
  readonly problems: string[]
}

function deriveLevel(plan: FloorPlan, level: Level, radiusM: number, drawing: Drawing): void {
  const { places, ways } = drawing
  const first = places.length
  const cabins = plan.lifts.filter(({ levelIds }) => levelIds.includes(level.id))
  const clearanceOf = clearances(level)
  const pieceM = longestLinkM(radiusM)
  const nodes = new Map<string, number>()
  const { graph } = level

  // Nodes that are joined and next to one another are one place.
  const same = new Map(graph.nodes.map(({ id }) => [id, id]))
  const root = (id: string): string => (same.get(id) === id ? id : root(same.get(id)!))
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  for (const { fromNodeId, toNodeId } of graph.edges) {
    if (distance(byId.get(fromNodeId)!, byId.get(toNodeId)!) < ONE_PLACE_M)
      same.set(root(fromNodeId), root(toNodeId))
  }
  for (const node of graph.nodes)
    if (root(node.id) === node.id) nodes.set(node.id, addPlace(node.id, node, node.name))
  for (const { fromNodeId, toNodeId, bidirectional, speedLimitMps } of graph.edges) {
    const [from, to] = [nodes.get(root(fromNodeId))!, nodes.get(root(toNodeId))!]
    if (from !== to) join(from, to, { isOneWay: !bidirectional, speedLimitMps })
  }
  for (const lift of cabins) joinCabin(lift.id, lift.name, middleOf(lift.cabin), lift.doorIds[level.id] ?? [])
  for (const dock of level.docks) {
    drawing.dockPlaces.set(
      dock.id,
      attach(`${level.id}.dock.${dock.id}`, dock.pose, dock.name, 'dock', dock.id, null),
    )
  }
  for (const room of level.rooms) {
    const pose = roomStandingPose(level, room, radiusM)
    const place = attach(
      `${level.id}.room.${room.id}`,
      pose,
      room.name,
      'room',
      room.id,
      entryDoor(level, room),
    )
    drawing.roomPlaces.set(room.id, place)
  }
  addPassingPlaces()
  const canStand = standable(level, radiusM)
  for (let index = first; index < places.length; index += 1) {
    const place = places[index]!
    if (canStand(place)) continue
    if (place.kind === 'way') places[index] = { ...place, kind: 'narrow' }
    else if (place.kind === 'door') places[index] = { ...place, isTight: true }
  }

  function addPlace(
    id: string,
    { x, y }: Point2,
    name: string | null,
    kind: Place['kind'] = 'way',
    of: string | null = null,
  ): number {
    const door = kind === 'way' ? doorAt(level, { x, y }) : null
    const cabin = kind === 'way' ? cabins.find((lift) => isInsidePolygon({ x, y }, lift.cabin)) : undefined
    const room = roomAt(level, { x, y })
    const place: Place = {
      id,
      levelId: level.id,
      x,
      y,
      kind: door === null ? (cabin === undefined ? kind : 'lift') : 'door',
      of: door?.id ?? cabin?.id ?? of,
      roomId: door === null ? (room?.id ?? null) : null,
      name: name ?? door?.name ?? cabin?.name ?? room?.name ?? id,
    }
    return places.push(place) - 1
  }

  /** No way leads where no robot may be, and none is quicker than its zones allow. */
  function addWay(from: number, to: number, more: Pick<Way, 'isOneWay' | 'speedLimitMps'>): void {
    const [a, b] = [places[from]!, places[to]!]
    const isNear = (polygon: Polygon, nearerThanM: number) =>
      distanceToPolygon({ a, b }, polygon) <= nearerThanM
    if (level.zones.some(({ kind, polygon }) => kind === 'keepOut' && isNear(polygon, radiusM))) return
    const slow = level.zones.filter(({ kind, polygon }) => kind === 'speedLimit' && isNear(polygon, 0))
    const limits = [more, ...slow].flatMap(({ speedLimitMps }) => speedLimitMps ?? [])
    ways.push({
      from,
      to,
      ...more,
      speedLimitMps: limits.length === 0 ? null : Math.min(...limits),
      clearanceM: clearanceOf(a, b),
      extraS: 0,
    })
  }

  /** A way, cut at doors and into pieces. */
  function join(from: number, to: number, more: Pick<Way, 'isOneWay' | 'speedLimitMps'>): void {
    const [a, b] = [places[from]!, places[to]!]
    const lengthM = distance(a, b)
    if (lengthM < 1e-6) return
    const at = (along: number) => ({ x: a.x + along * (b.x - a.x), y: a.y + along * (b.y - a.y) })
    const doors = level.doors.flatMap((door) => {
      const along = intersectSegments({ a, b }, door)
      const isOwn = along === null || [a, b].some((end) => end.of === door.id)
      return isOwn ? [] : [{ along, door }]
    })
    let previous = from
    let previousAlong = 0
    const stops = [...doors.toSorted((one, other) => one.along - other.along), { along: 1, door: null }]
    for (const { along, door } of stops) {
      const count = Math.max(1, Math.ceil(((along - previousAlong) * lengthM) / pieceM))
      const begin = previousAlong
      for (let piece = 1; piece <= count; piece += 1) {
        const share = begin + ((along - begin) * piece) / count
        const isLast = piece === count
        const next =
          isLast && door === null
            ? to
            : isLast
              ? addPlace(`${a.id}--${b.id}.${door!.id}`, at(share), door!.name, 'door', door!.id)
              : addPlace(`${a.id}--${b.id}.${share.toFixed(3)}`, at(share), null)
        addWay(previous, next, more)
        previous = next
      }
      previousAlong = along
    }
  }

  /** A place of its own, joined to the nearest place in sight, by its door where the plan says which. */
  function attach(
    id: string,
    point: Point2,
    name: string,
    kind: Place['kind'],
    of: string,
    door: Door | null,
  ): number {
    const others = places.slice(first).map((place, offset) => ({ place, index: first + offset }))
    const known = others.find(
      ({ place }) => place.kind === 'way' && distance(place, point) < ONE_PLACE_M && place.roomId !== null,
    )
    if (known !== undefined) {
      places[known.index] = { ...known.place, kind, of, name }
      return known.index
    }
    const own = addPlace(id, point, name, kind, of)
    const roomId = places[own]!.roomId
    const byLength = others
      .map(({ place, index }) => ({ place, index, lengthM: distance(place, point) }))
      .toSorted((one, other) => one.lengthM - other.lengthM)
    const isOpen = (place: Place) => place.kind !== 'room' && place.kind !== 'dock'
    const near =
      byLength.find(({ place }) => place.of !== null && place.of === door?.id) ??
      byLength.find(
        ({ place }) => isOpen(place) && place.roomId === roomId && isInSight(level, point, place),
      ) ??
      byLength.find(({ place }) => isOpen(place) && isInSight(level, point, place))
    if (near !== undefined) join(own, near.index, { isOneWay: false, speedLimitMps: null })
    else if (door !== null) {
      const middle = { x: (door.a.x + door.b.x) / 2, y: (door.a.y + door.b.y) / 2 }
      const doorPlace = addPlace(`${id}.door`, middle, door.name, 'door', door.id)
      const beyond = byLength
        .filter(({ place }) => isOpen(place) && place.roomId !== roomId)
        .map(({ place, index }) => ({ place, index, lengthM: distance(place, middle) }))
        .toSorted((one, other) => one.lengthM - other.lengthM)
        .find(({ place }) => isInSight(level, middle, place))
      join(own, doorPlace, { isOneWay: false, speedLimitMps: null })
      if (beyond !== undefined) join(doorPlace, beyond.index, { isOneWay: false, speedLimitMps: null })
    }
    return own
  }

  function joinCabin(id: string, name: string, middle: Point2, doorIds: readonly string[]): void {
    const isThere = places.some((place, index) => index >= first && place.kind === 'lift' && place.of === id)
    if (isThere) return
    const cabin = addPlace(`${level.id}.lift.${id}`, middle, name, 'lift', id)
    for (const door of level.doors.filter((other) => doorIds.includes(other.id))) {
      const at = places.findIndex((place, index) => index >= first && place.of === door.id)
      const middleOfDoor = { x: (door.a.x + door.b.x) / 2, y: (door.a.y + door.b.y) / 2 }
      const doorPlace =
        at >= 0 ? at : addPlace(`${level.id}.door.${door.id}`, middleOfDoor, door.name, 'door', door.id)
      join(cabin, doorPlace, { isOneWay: false, speedLimitMps: null })
      if (at >= 0) continue
      const landing = places
        .map((place, index) => ({ place, index, lengthM: distance(place, middleOfDoor) }))
        .filter(
          ({ place, index }) =>
            index >= first && place.kind === 'way' && isInSight(level, middleOfDoor, place),
        )
        .toSorted((one, other) => one.lengthM - other.lengthM)[0]
      if (landing !== undefined) join(doorPlace, landing.index, { isOneWay: false, speedLimitMps: null })
    }
  }

  /** Where a robot stands that lets another by: off every link, in a room where nobody lies ill. */
  function addPassingPlaces(): void {
    const apartM = separationM(radiusM)
    const links = ways
      .filter(({ from }) => from >= first)
      .map(({ from, to }) => ({ a: places[from]!, b: places[to]! }))
    const found: Point2[] = []
    for (const pose of startingPoses(level, PASSING_TRIED, radiusM)) {
      const room = roomAt(level, pose)
      if (room === null || !PASSING_ROOMS.includes(room.kind)) continue
      const isOff =
        links.every((link) => distanceToSegment(pose, link) >= apartM) &&
        found.every((other) => distance(other, pose) >= apartM) &&
        places.slice(first).every((place) => distance(place, pose) >= apartM)
      if (!isOff) continue
      found.push(pose)
    }
    for (const [index, pose] of found.entries()) {
      const id = `${level.id}.passing.${index + 1}`
      attach(id, pose, roomAt(level, pose)!.name, 'passing', id, null)
    }
  }
}

function middleOf(polygon: readonly Point2[]): Point2 {
  const { minX, minY, maxX, maxY } = boundsOf(polygon)
  return { x: (minX + maxX) / 2, y: (minY + maxY) / 2 }
}

/** The door in whose opening a point lies. */
function doorAt(level: Level, point: Point2): Door | null {
  return level.doors.find((door) => distanceToSegment(point, door) < 0.1) ?? null
}

/**
 * Half of the width of a doorway. Elsewhere a robot finds its own way from place to place, around what stands there:
 * how near a straight line comes to a wall says nothing.
 */
function clearances({ doors }: Level): (a: Place, b: Place) => number | null {
  const widths = new Map(doors.map((door) => [door.id, distance(door.a, door.b) / 2]))
  return (a, b) => {
    const door = [a, b].find(({ kind }) => kind === 'door')
    return door === undefined ? null : (widths.get(door.of!) ?? null)
  }
}

/** Parts of the graph that nothing joins to its largest part. */
function islands({ places, leaving, links }: TrafficGraph): number[][] {
  const seen = new Set<number>()
  const groups: number[][] = []
  for (const start of places.keys()) {
    if (seen.has(start)) continue
    seen.add(start)
    const group = [start]
    for (const at of group) {
      for (const { to } of leaving[at]!.map((link) => links[link]!)) {
        if (seen.has(to)) continue
        seen.add(to)
        group.push(to)
      }
    }
    groups.push(group)
  }
  return groups.toSorted((a, b) => b.length - a.length).slice(1)
}
