import type { Bounds2, Point2, Polygon, Segment2 } from './types.ts'

/** Area in m²; positive when the corners run counter-clockwise. */
export function signedArea(polygon: Polygon): number {
  let twice = 0
  for (const { a, b } of polygonEdges(polygon)) twice += a.x * b.y - b.x * a.y
  return twice / 2
}

/** The same polygon with its corners counter-clockwise. */
export function counterClockwise(polygon: Polygon): Polygon {
  return signedArea(polygon) < 0 ? polygon.toReversed() : polygon
}

/** Edges in order, the last one closing the ring. */
export function polygonEdges(polygon: Polygon): Segment2[] {
  return polygon.map((a, index) => ({ a, b: polygon[(index + 1) % polygon.length]! }))
}

/** Centre of area; of a polygon without area the mean of its corners. */
export function centroid(polygon: Polygon): Point2 {
  let x = 0
  let y = 0
  let twice = 0
  for (const { a, b } of polygonEdges(polygon)) {
    const cross = a.x * b.y - b.x * a.y
    twice += cross
    x += (a.x + b.x) * cross
    y += (a.y + b.y) * cross
  }
  if (Math.abs(twice) < 1e-12) {
    const count = Math.max(1, polygon.length)
    return {
      x: polygon.reduce((sum, corner) => sum + corner.x, 0) / count,
      y: polygon.reduce((sum, corner) => sum + corner.y, 0) / count,
    }
  }
  return { x: x / (3 * twice), y: y / (3 * twice) }
}

/** Whether a point is inside (even-odd rule; a point on the boundary may count either way). */
export function isInsidePolygon(point: Point2, polygon: Polygon): boolean {
  let inside = false
  for (const { a, b } of polygonEdges(polygon)) {
    if (a.y > point.y !== b.y > point.y) {
      const x = a.x + ((point.y - a.y) / (b.y - a.y)) * (b.x - a.x)
      if (point.x < x) inside = !inside
    }
  }
  return inside
}

/** Shortest distance from a point to a segment, metres. */
export function distanceToSegment(point: Point2, { a, b }: Segment2): number {
  const nearest = nearestOnSegment(point, { a, b })
  return Math.hypot(point.x - nearest.x, point.y - nearest.y)
}

export function nearestOnSegment(point: Point2, { a, b }: Segment2): Point2 {
  const dx = b.x - a.x
  const dy = b.y - a.y
  const squared = dx * dx + dy * dy
  const along =
    squared === 0 ? 0 : Math.min(1, Math.max(0, ((point.x - a.x) * dx + (point.y - a.y) * dy) / squared))
  return { x: a.x + along * dx, y: a.y + along * dy }
}

/** Shortest distance from a point to a polygon's boundary, metres (inside too). */
export function distanceToBoundary(point: Point2, polygon: Polygon): number {
  let nearest = Infinity
  for (const edge of polygonEdges(polygon)) {
    nearest = Math.min(nearest, distanceToSegment(point, edge))
  }
  return nearest
}

/** Shortest distance from a segment to a polygon, metres; 0 where it touches it or lies in it. */
export function distanceToPolygon({ a, b }: Segment2, polygon: Polygon): number {
  const isTouching =
    isInsidePolygon(a, polygon) ||
    polygonEdges(polygon).some((edge) => intersectSegments({ a, b }, edge) !== null)
  if (isTouching) return 0
  const corners = polygon.map((corner) => distanceToSegment(corner, { a, b }))
  return Math.min(distanceToBoundary(a, polygon), distanceToBoundary(b, polygon), ...corners)
}

/** The point of a polygon's boundary that is nearest to a point. @throws RangeError when it has no corners */
export function nearestOnBoundary(point: Point2, polygon: Polygon): Point2 {
  const candidates = polygonEdges(polygon).map((edge) => nearestOnSegment(point, edge))
  if (candidates.length === 0) throw new RangeError('nearestOnBoundary needs at least one corner')
  const offM = ({ x, y }: Point2) => Math.hypot(point.x - x, point.y - y)
  return candidates.reduce((best, candidate) => (offM(candidate) < offM(best) ? candidate : best))
}

/** @throws RangeError when there are no points. */
export function boundsOf(points: Iterable<Point2>): Bounds2 {
  let minX = Infinity
  let minY = Infinity
  let maxX = -Infinity
  let maxY = -Infinity
  for (const { x, y } of points) {
    minX = Math.min(minX, x)
    minY = Math.min(minY, y)
    maxX = Math.max(maxX, x)
    maxY = Math.max(maxY, y)
  }
  if (minX === Infinity) throw new RangeError('boundsOf needs at least one point')
  return { minX, minY, maxX, maxY }
}

/**
 * Where along segment `a→b` (0 to 1) it meets segment `c→d`, or `null` when it does not.
 * Parallel segments never meet.
 */
export function intersectSegments({ a, b }: Segment2, { a: c, b: d }: Segment2): number | null {
  const rx = b.x - a.x
  const ry = b.y - a.y
  const sx = d.x - c.x
  const sy = d.y - c.y
  const cross = rx * sy - ry * sx
  if (Math.abs(cross) < 1e-15) return null
  const along = ((c.x - a.x) * sy - (c.y - a.y) * sx) / cross
  const other = ((c.x - a.x) * ry - (c.y - a.y) * rx) / cross
  return along >= 0 && along <= 1 && other >= 0 && other <= 1 ? along : null
}

/** A rectangle of the given size, centred on a pose. `lengthM` runs along the pose's x axis. */
export function rectangle(
  centre: Point2 & { readonly theta?: number },
  lengthM: number,
  widthM: number,
): Polygon {
  const theta = centre.theta ?? 0
  const cos = Math.cos(theta)
  const sin = Math.sin(theta)
  return (
    [
      [-lengthM / 2, -widthM / 2],
      [lengthM / 2, -widthM / 2],
      [lengthM / 2, widthM / 2],
      [-lengthM / 2, widthM / 2],
    ] as const
  ).map(([x, y]) => ({ x: centre.x + cos * x - sin * y, y: centre.y + sin * x + cos * y }))
}
