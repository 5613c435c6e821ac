import {
  centroid,
  distanceToBoundary,
  intersectSegments,
  isInsidePolygon,
  polygonEdges,
  type Point2,
  type Polygon,
} from '../geometry/index.ts'

/** Neighbours may overlap by this much, metres: hand-drawn numbers are rounded. */
const OVERLAP_TOLERANCE_M = 0.01

/** Whether no two edges of a polygon touch but neighbours at their common corner. */
export function isSimplePolygon(polygon: Polygon): boolean {
  const edges = polygonEdges(polygon)
  return edges.every((edge, index) =>
    edges.every((other, otherIndex) => {
      if (otherIndex <= index) return true
      if (otherIndex === index + 1 || (index === 0 && otherIndex === edges.length - 1)) return true
      return intersectSegments(edge, other) === null
    }),
  )
}

/** Whether two simple polygons share more than their edges. */
export function doOverlap(a: Polygon, b: Polygon): boolean {
  const isDeepInside = (point: Point2, polygon: Polygon) =>
    isInsidePolygon(point, polygon) && distanceToBoundary(point, polygon) > OVERLAP_TOLERANCE_M
  if (a.some((corner) => isDeepInside(corner, b)) || b.some((corner) => isDeepInside(corner, a))) return true
  const innerPoints = (polygon: Polygon) => [centroid(polygon), ...polygonEdges(polygon).flatMap(beside)]
  if (innerPoints(a).some((point) => isInsidePolygon(point, a) && isDeepInside(point, b))) return true
  if (innerPoints(b).some((point) => isInsidePolygon(point, b) && isDeepInside(point, a))) return true
  return polygonEdges(a).some((edge) =>
    polygonEdges(b).some((other) => {
      const along = intersectSegments(edge, other)
      const across = intersectSegments(other, edge)
      return along !== null && across !== null && isWithin(along) && isWithin(across)
    }),
  )

  function isWithin(along: number): boolean {
    return along > 0.01 && along < 0.99
  }

  /** Points just beside an edge's middle, on either side. */
  function beside({ a, b }: { readonly a: Point2; readonly b: Point2 }): Point2[] {
    const lengthM = Math.max(1e-9, Math.hypot(b.x - a.x, b.y - a.y))
    const reach = (2 * OVERLAP_TOLERANCE_M) / lengthM
    return [1, -1].map((sign) => ({
      x: (a.x + b.x) / 2 - sign * reach * (b.y - a.y),
      y: (a.y + b.y) / 2 + sign * reach * (b.x - a.x),
    }))
  }
}

/** The ids of the rooms on a segment's two sides, each once. Looks a hand's breadth to either side. */
export function roomIdsBeside<Outline extends { readonly id: string; readonly polygon: Polygon }>(
  { a, b }: { readonly a: Point2; readonly b: Point2 },
  innermostAt: (point: Point2) => Outline | null,
): string[] {
  const lengthM = Math.max(1e-9, Math.hypot(b.x - a.x, b.y - a.y))
  const reachM = 0.1
  const ids = [1, -1].flatMap((sign) => {
    const side = innermostAt({
      x: (a.x + b.x) / 2 - (sign * reachM * (b.y - a.y)) / lengthM,
      y: (a.y + b.y) / 2 + (sign * reachM * (b.x - a.x)) / lengthM,
    })
    return side === null ? [] : [side.id]
  })
  return [...new Set(ids)]
}
