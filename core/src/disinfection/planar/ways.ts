import { boundsOf, distanceToSegment, isInsidePolygon, polygonEdges } from '../../geometry/polygon.ts'
import { distance } from '../../geometry/pose.ts'
import type { Bounds2, Point2, Polygon, Segment2 } from '../../geometry/types.ts'
import type { PlanarRoom } from './types.ts'

/** A way keeps at least this far from obstacles, lest it slip between two that touch, metres. */
const LEAST_CLEARANCE_M = 1e-3

/** Rounding, metres. */
const TOUCHING_M = 1e-6

export interface Ways {
  /** From each point (row) to each, metres. */
  readonly lengthsM: readonly (readonly number[])[]
  /** The corners of the way from one point to another, both included. */
  between(from: number, to: number): Point2[]
}

/**
 * Ways among points of a room: around the obstacles with the clearance, inside the bounds; straight where
 * there is no way at all. Shortest paths in the graph of what sees one another among the points and the
 * obstacles' corners, with the arc around each corner cut to one or two bends (at most 0.43 clearances too
 * long each).
 */
export function waysAmong(
  points: readonly Point2[],
  room: Pick<PlanarRoom, 'obstacles' | 'bounds'>,
  clearanceM: number,
): Ways {
  const clearM = Math.max(LEAST_CLEARANCE_M, clearanceM)
  const walls = room.obstacles.flatMap((obstacle) =>
    polygonEdges(obstacle).map((edge) => ({ edge, box: boundsOf([edge.a, edge.b]) })),
  )
  const isFree = (way: Segment2) => isClearOf(walls, way, clearM) && staysInside(room.bounds, way)
  const bends = [
    ...room.obstacles.flatMap((obstacle) => bendsAround(obstacle, clearM)),
    ...(room.bounds ?? []),
  ].filter(
    (bend) =>
      isFree({ a: bend, b: bend }) && !room.obstacles.some((obstacle) => isInsidePolygon(bend, obstacle)),
  )
  const nodes = [...points, ...bends]
  const lengthsM = nodes.map(() => new Float64Array(nodes.length).fill(Infinity))
  nodes.forEach((a, from) => {
    for (let to = 0; to < from; to += 1) {
      const b = nodes[to]!
      if (!isFree({ a, b })) continue
      lengthsM[from]![to] = distance(a, b)
      lengthsM[to]![from] = distance(a, b)
    }
  })
  const trees = points.map((_, from) => shortestFrom(from, lengthsM))
  return {
    lengthsM: trees.map(({ shortestM }, from) =>
      points.map((b, to) => (shortestM[to] === Infinity ? distance(points[from]!, b) : shortestM[to]!)),
    ),
    between(from, to) {
      const way = [nodes[to]!]
      const { previous } = trees[from]!
      for (let node = previous[to]!; node >= 0 && node !== from; node = previous[node]!)
        way.unshift(nodes[node]!)
      return [nodes[from]!, ...way]
    },
  }
}

/** Dijkstra without a heap: the graph is dense. */
function shortestFrom(
  from: number,
  lengthsM: readonly Float64Array[],
): { readonly shortestM: Float64Array; readonly previous: Int32Array } {
  const shortestM = new Float64Array(lengthsM.length).fill(Infinity)
  const previous = new Int32Array(lengthsM.length).fill(-1)
  const isDone = new Uint8Array(lengthsM.length)
  shortestM[from] = 0
  for (;;) {
    let next = -1
    for (let node = 0; node < shortestM.length; node += 1) {
      if (isDone[node] === 0 && shortestM[node]! < (next < 0 ? Infinity : shortestM[next]!)) next = node
    }
    if (next < 0) return { shortestM, previous }
    isDone[next] = 1
    const steps = lengthsM[next]!
    for (let node = 0; node < shortestM.length; node += 1) {
      const viaM = shortestM[next]! + steps[node]!
      if (viaM >= shortestM[node]!) continue
      shortestM[node] = viaM
      previous[node] = next
    }
  }
}

/** Where a way around each convex corner bends: where the tangents of the arc around it meet. */
function bendsAround(obstacle: Polygon, clearM: number): Point2[] {
  return obstacle.flatMap((corner, index) => {
    const before = obstacle.at(index - 1)!
    const after = obstacle[(index + 1) % obstacle.length]!
    const heading = Math.atan2(corner.y - before.y, corner.x - before.x)
    const turned = Math.atan2(after.y - corner.y, after.x - corner.x) - heading
    // In (-π, π], the half turn at the end of a thin panel to the left like all convex corners.
    const turn = turned - 2 * Math.PI * Math.ceil((turned - Math.PI - 1e-9) / (2 * Math.PI))
    if (turn <= 0) return []
    const pieces = Math.ceil((2 * turn) / Math.PI - 1e-9)
    const piece = turn / pieces
    // A little further out, so that rounding does not bring the way too near.
    const outM = (clearM + 2 * TOUCHING_M) / Math.cos(piece / 2)
    return Array.from({ length: pieces }, (_, part) => {
      const direction = heading - Math.PI / 2 + (part + 0.5) * piece
      return { x: corner.x + outM * Math.cos(direction), y: corner.y + outM * Math.sin(direction) }
    })
  })
}

function isClearOf(
  walls: readonly { readonly edge: Segment2; readonly box: Bounds2 }[],
  { a, b }: Segment2,
  clearM: number,
): boolean {
  const minX = Math.min(a.x, b.x) - clearM
  const maxX = Math.max(a.x, b.x) + clearM
  const minY = Math.min(a.y, b.y) - clearM
  const maxY = Math.max(a.y, b.y) + clearM
  const leastM = clearM - TOUCHING_M
  return walls.every(
    ({ edge, box }) =>
      box.maxX < minX ||
      box.minX > maxX ||
      box.maxY < minY ||
      box.minY > maxY ||
      (!crosses({ a, b }, edge) &&
        distanceToSegment(a, edge) >= leastM &&
        distanceToSegment(b, edge) >= leastM &&
        distanceToSegment(edge.a, { a, b }) >= leastM &&
        distanceToSegment(edge.b, { a, b }) >= leastM),
  )
}

function staysInside(bounds: Polygon | null, way: Segment2): boolean {
  if (bounds === null) return true
  const edges = polygonEdges(bounds)
  if (edges.some((edge) => crosses(way, edge))) return false
  // From corner to corner that it touches it is wholly inside or wholly outside.
  const touched = bounds.filter((corner) => distanceToSegment(corner, way) < TOUCHING_M)
  const stations = [way.a, ...touched, way.b].toSorted((p, q) => distance(way.a, p) - distance(way.a, q))
  return stations.slice(1).every((station, index) => {
    const before = stations[index]!
    const middle = { x: (before.x + station.x) / 2, y: (before.y + station.y) / 2 }
    return (
      isInsidePolygon(middle, bounds) || edges.some((edge) => distanceToSegment(middle, edge) < TOUCHING_M)
    )
  })
}

/** Whether each of two segments has its ends on either side of the other one's line. */
function crosses(one: Segment2, other: Segment2): boolean {
  return areApart(one, other) && areApart(other, one)
}

function areApart({ a, b }: Segment2, { a: c, b: d }: Segment2): boolean {
  const lengthM = distance(c, d)
  const offM = (point: Point2) => ((d.x - c.x) * (point.y - c.y) - (d.y - c.y) * (point.x - c.x)) / lengthM
  const one = offM(a)
  const other = offM(b)
  return (one > TOUCHING_M && other < -TOUCHING_M) || (one < -TOUCHING_M && other > TOUCHING_M)
}
