import {
  boundsOf,
  distance,
  distanceToSegment,
  isInsidePolygon,
  polygonEdges,
  signedArea,
  type Point2,
  type Polygon,
  type Segment2,
} from '../geometry/index.ts'
import { midpoint, inwardNormal } from './standing-pose.ts'
import type {
  Dock,
  Door,
  Furniture,
  Lift,
  NavigationEdge,
  NavigationGraph,
  NavigationNode,
  Room,
} from './types.ts'

/** Nodes lie this far from doors and from walls, metres: a robot stands clear of a leaf that swings. */
const CLEARANCE_M = 0.7
/** Edges keep this far from walls and furniture, metres. */
const EDGE_CLEARANCE_M = 0.35
/** A link is left out where the way by others is at most this much longer. */
const DETOUR = 1.3
/** A room at least this much longer than wide is travelled along its middle. */
const ELONGATION = 2

export interface GraphInput {
  readonly levelId: string
  readonly rooms: readonly Room[]
  readonly doors: readonly Door[]
  readonly docks: readonly Dock[]
  readonly lifts: readonly Lift[]
}

/**
 * A navigation graph from rooms and doors: a node in each door, one before it in each of its rooms (in
 * a corridor on its middle line), and links between those of a room where the way is free; docks and
 * lift cabins are joined. Deterministic.
 */
export function generateGraph({ levelId, rooms, doors, docks, lifts }: GraphInput): NavigationGraph {
  const nodes: NavigationNode[] = []
  const edges: NavigationEdge[] = []
  const doorNodes = new Map<string, NavigationNode>()
  for (const door of doors) doorNodes.set(door.id, addNode(`door.${door.id}`, midpoint(door), door.name))
  for (const room of rooms) {
    const isFree = freeWays(room, doors)
    const anchors: NavigationNode[] = []
    const anchorAt = (id: string, point: Point2): NavigationNode => {
      const existing = anchors.find((anchor) => distance(anchor, point) < 0.3)
      if (existing !== undefined) return existing
      const node = addNode(`${room.id}.${id}`, point, null)
      anchors.push(node)
      return node
    }
    for (const door of doors) {
      if (!room.doorIds.includes(door.id)) continue
      const anchor = anchorAt(`${anchors.length + 1}`, placeBefore(door, room))
      addEdge(doorNodes.get(door.id)!, anchor)
    }
    for (const corner of inwardCorners(room.polygon)) anchorAt(`${anchors.length + 1}`, corner)
    const joined: NavigationNode[] = []
    for (const dock of docks) {
      if (!isInsidePolygon(dock.pose, room.polygon)) continue
      const node = addNode(`dock.${dock.id}`, dock.pose, dock.name)
      const before = middleOf(room, dock.pose)
      if (before !== null && isFree(node, before)) addEdge(node, anchorAt(`${anchors.length + 1}`, before))
      else joined.push(node)
    }
    span(anchors, isFree)
    for (const node of joined) {
      const nearest = anchors
        .filter((anchor) => isFree(node, anchor))
        .toSorted((a, b) => distance(a, node) - distance(b, node))[0]
      if (nearest !== undefined) addEdge(node, nearest)
    }
  }
  for (const lift of lifts) {
    const ids = lift.doorIds[levelId]
    if (ids === undefined) continue
    const { minX, minY, maxX, maxY } = boundsOf(lift.cabin)
    const cabin = addNode(`lift.${lift.id}`, { x: (minX + maxX) / 2, y: (minY + maxY) / 2 }, lift.name)
    for (const id of ids) addEdge(cabin, doorNodes.get(id)!)
  }
  return { nodes, edges }

  function addNode(id: string, { x, y }: Point2, name: string | null): NavigationNode {
    const node = { id: `${levelId}.${id}`, name, x: round(x), y: round(y) }
    nodes.push(node)
    return node
  }

  function addEdge(from: NavigationNode, to: NavigationNode): void {
    edges.push({
      id: `${from.id}--${to.id}`,
      fromNodeId: from.id,
      toNodeId: to.id,
      bidirectional: true,
      speedLimitMps: null,
    })
  }

  /** Links nodes, the nearest pairs first, leaving out what others already join well (a greedy spanner). */
  function span(anchors: readonly NavigationNode[], isFree: (a: Point2, b: Point2) => boolean): void {
    const lengths = anchors.map((_, row) => anchors.map((__, column) => (row === column ? 0 : Infinity)))
    const pairs = anchors
      .flatMap((a, row) =>
        anchors
          .slice(row + 1)
          .map((b, offset) => ({ row, column: row + 1 + offset, lengthM: distance(a, b) })),
      )
      .toSorted((a, b) => a.lengthM - b.lengthM)
    for (const { row, column, lengthM } of pairs) {
      if (lengths[row]![column]! <= DETOUR * lengthM || !isFree(anchors[row]!, anchors[column]!)) continue
      addEdge(anchors[row]!, anchors[column]!)
      for (const from of lengths) {
        const fromRow = from[row]!
        const fromColumn = from[column]!
        for (let to = 0; to < from.length; to += 1) {
          const viaRow = fromRow + lengthM + lengths[column]![to]!
          const viaColumn = fromColumn + lengthM + lengths[row]![to]!
          from[to] = Math.min(from[to]!, viaRow, viaColumn)
        }
      }
    }
  }
}

/** Whether a robot can drive straight between two points of a room. */
function freeWays(room: Room, doors: readonly Door[]): (a: Point2, b: Point2) => boolean {
  const blocking: readonly Furniture[] = room.furniture.filter(({ zMinM }) => zMinM < 2)
  const edges = polygonEdges(room.polygon)
  const own = doors.filter(({ id }) => room.doorIds.includes(id)).map(midpoint)
  return (a, b) => {
    const way = { a, b }
    const isCrowded = (edge: Segment2) => segmentDistance(way, edge) < EDGE_CLEARANCE_M
    // Beside a door the outline is no wall; nodes there are near to it on purpose.
    const nearDoor = own.some((door) => distanceToSegment(door, way) < 0.05)
    return (
      (nearDoor || !edges.some(isCrowded)) &&
      !blocking.some(({ footprint }) => polygonEdges(footprint).some(isCrowded)) &&
      isInsidePolygon(midpoint(way), room.polygon)
    )
  }
}

/** Before a door, inside the room: on the middle line of an elongated one. */
function placeBefore(door: Door, room: Room): Point2 {
  const centre = midpoint(door)
  const inward = inwardNormal(door, room)
  const before = { x: centre.x + CLEARANCE_M * inward.x, y: centre.y + CLEARANCE_M * inward.y }
  return middleOf(room, before) ?? before
}

/** The nearest point on an elongated upright rectangle's middle line, clear of its ends; else `null`. */
function middleOf(room: Room, point: Point2): Point2 | null {
  const { minX, minY, maxX, maxY } = boundsOf(room.polygon)
  const width = maxX - minX
  const depth = maxY - minY
  if (signedArea(room.polygon) < 0.98 * width * depth) return null
  if (width >= ELONGATION * depth) {
    return { x: clamp(point.x, minX + CLEARANCE_M, maxX - CLEARANCE_M), y: (minY + maxY) / 2 }
  }
  if (depth >= ELONGATION * width) {
    return { x: (minX + maxX) / 2, y: clamp(point.y, minY + CLEARANCE_M, maxY - CLEARANCE_M) }
  }
  return null
}

/** Points off the corners around which one must drive in a room that is not convex. */
function inwardCorners(polygon: Polygon): Point2[] {
  return polygon.flatMap((corner, index) => {
    const before = polygon.at(index - 1)!
    const after = polygon[(index + 1) % polygon.length]!
    const back = unit(corner, before)
    const on = unit(corner, after)
    const isReflex = back.x * on.y - back.y * on.x > 0.1
    if (!isReflex) return []
    const point = { x: corner.x - (back.x + on.x) * CLEARANCE_M, y: corner.y - (back.y + on.y) * CLEARANCE_M }
    return isInsidePolygon(point, polygon) ? [point] : []
  })
}

function unit(from: Point2, to: Point2): Point2 {
  const lengthM = Math.max(1e-9, distance(from, to))
  return { x: (to.x - from.x) / lengthM, y: (to.y - from.y) / lengthM }
}

/** Shortest distance between two segments; of crossing ones 0 only at their ends, which suffices for outlines. */
function segmentDistance(one: Segment2, other: Segment2): number {
  const cross = (o: Point2, p: Point2, q: Point2) => (p.x - o.x) * (q.y - o.y) - (p.y - o.y) * (q.x - o.x)
  const doCross =
    cross(one.a, one.b, other.a) * cross(one.a, one.b, other.b) < 0 &&
    cross(other.a, other.b, one.a) * cross(other.a, other.b, one.b) < 0
  if (doCross) return 0
  return Math.min(
    distanceToSegment(one.a, other),
    distanceToSegment(one.b, other),
    distanceToSegment(other.a, one),
    distanceToSegment(other.b, one),
  )
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(low, high), Math.max(Math.min(low, high), value))
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
