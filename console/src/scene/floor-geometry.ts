import { ShapeUtils, Vector2 } from 'three'
import {
  boundsOf,
  centroid,
  counterClockwise,
  distanceToBoundary,
  isInsidePolygon,
  polygonEdges,
  type Point2,
  type Polygon,
  type Segment2,
} from '@wardlight/core/geometry'

/** Triangles with their normals, ready for a buffer geometry. */
export interface TriangleSoup {
  readonly positions: Float32Array
  readonly normals: Float32Array
}

function soup(positions: readonly number[], normals: readonly number[]): TriangleSoup {
  return { positions: new Float32Array(positions), normals: new Float32Array(normals) }
}

/** A polygon's floor at height `zM`, facing up. */
export function flatPolygon(polygon: Polygon, zM: number): TriangleSoup {
  const corners = counterClockwise(polygon)
  const faces = ShapeUtils.triangulateShape(
    corners.map(({ x, y }) => new Vector2(x, y)),
    [],
  )
  const positions = faces.flatMap((face) => face.flatMap((at) => [corners[at]!.x, corners[at]!.y, zM]))
  return soup(
    positions,
    faces.flatMap(() => [0, 0, 1, 0, 0, 1, 0, 0, 1]),
  )
}

/** An upright prism: sides and top, no bottom. */
export function prism(polygon: Polygon, zMinM: number, zMaxM: number): TriangleSoup {
  const corners = counterClockwise(polygon)
  const top = flatPolygon(corners, zMaxM)
  const positions = [...top.positions]
  const normals = [...top.normals]
  for (const { a, b } of polygonEdges(corners)) {
    const length = Math.hypot(b.x - a.x, b.y - a.y)
    if (length === 0) continue
    const nx = (b.y - a.y) / length
    const ny = -(b.x - a.x) / length
    positions.push(a.x, a.y, zMinM, b.x, b.y, zMinM, b.x, b.y, zMaxM)
    positions.push(a.x, a.y, zMinM, b.x, b.y, zMaxM, a.x, a.y, zMaxM)
    for (let corner = 0; corner < 6; corner += 1) normals.push(nx, ny, 0)
  }
  return soup(positions, normals)
}

/** The rectangle of a straight wall or door of some thickness; its ends reach half a thickness further. */
export function thickSegment({ a, b }: Segment2, thicknessM: number, overhangM = thicknessM / 2): Polygon {
  const length = Math.hypot(b.x - a.x, b.y - a.y)
  if (length === 0) return []
  const ux = (b.x - a.x) / length
  const uy = (b.y - a.y) / length
  const half = thicknessM / 2
  const from = { x: a.x - ux * overhangM, y: a.y - uy * overhangM }
  const to = { x: b.x + ux * overhangM, y: b.y + uy * overhangM }
  return [
    { x: from.x + uy * half, y: from.y - ux * half },
    { x: to.x + uy * half, y: to.y - ux * half },
    { x: to.x - uy * half, y: to.y + ux * half },
    { x: from.x - uy * half, y: from.y + ux * half },
  ]
}

/** A band along a polygon's edges, e.g. to mark the chosen room. */
export function ribbon(polygon: Polygon, widthM: number, zM: number): TriangleSoup {
  return joined(polygonEdges(polygon).map((edge) => flatOrEmpty(thickSegment(edge, widthM), zM)))
}

/** A line of straight pieces as a flat band. */
export function polyline(points: readonly Point2[], widthM: number, zM: number): TriangleSoup {
  return joined(
    points.slice(1).map((b, index) => flatOrEmpty(thickSegment({ a: points[index]!, b }, widthM), zM)),
  )
}

function flatOrEmpty(polygon: Polygon, zM: number): TriangleSoup {
  return polygon.length < 3 ? soup([], []) : flatPolygon(polygon, zM)
}

export function joined(parts: readonly TriangleSoup[]): TriangleSoup {
  const total = parts.reduce((sum, part) => sum + part.positions.length, 0)
  const positions = new Float32Array(total)
  const normals = new Float32Array(total)
  let at = 0
  for (const part of parts) {
    positions.set(part.positions, at)
    normals.set(part.normals, at)
    at += part.positions.length
  }
  return { positions, normals }
}

/** A place well inside the polygon for its label, and how wide the polygon is there from west to east, metres. */
export function labelPlace(polygon: Polygon): Point2 & { readonly spanM: number } {
  const { minX, minY, maxX, maxY } = boundsOf(polygon)
  const middle = centroid(polygon)
  let best = {
    ...middle,
    clearanceM: isInsidePolygon(middle, polygon) ? distanceToBoundary(middle, polygon) : 0,
  }
  const steps = 12
  for (let column = 1; column < steps; column += 1) {
    for (let row = 1; row < steps; row += 1) {
      const point = { x: minX + ((maxX - minX) * column) / steps, y: minY + ((maxY - minY) * row) / steps }
      if (!isInsidePolygon(point, polygon)) continue
      const clearanceM = distanceToBoundary(point, polygon)
      // The middle looks best; leave it only for a clearly roomier place.
      if (clearanceM > best.clearanceM * 1.25 + 0.05) best = { ...point, clearanceM }
    }
  }
  return { x: best.x, y: best.y, spanM: chord(best, polygon) }
}

function chord(point: Point2, polygon: Polygon): number {
  let west = Infinity
  let east = Infinity
  for (const { a, b } of polygonEdges(polygon)) {
    if (a.y > point.y === b.y > point.y) continue
    const x = a.x + ((point.y - a.y) / (b.y - a.y)) * (b.x - a.x)
    if (x <= point.x) west = Math.min(west, point.x - x)
    else east = Math.min(east, x - point.x)
  }
  // A label is centred on its place: the nearer wall counts, on both sides.
  return Number.isFinite(west + east) ? 2 * Math.min(west, east) : 0
}
