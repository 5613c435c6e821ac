import type { Point2 } from '../../geometry/index.ts'

/** The convex hull, counter-clockwise (Andrew's monotone chain, 1979). */
export function convexHull(points: readonly Point2[]): Point2[] {
  const sorted = points.toSorted((one, other) => one.x - other.x || one.y - other.y)
  const half = (ordered: readonly Point2[]) => {
    const chain: Point2[] = []
    for (const point of ordered) {
      while (chain.length >= 2 && cross(chain.at(-2)!, chain.at(-1)!, point) <= 0) chain.pop()
      chain.push(point)
    }
    return chain.slice(0, -1)
  }
  return [...half(sorted), ...half(sorted.toReversed())]
}

function cross(a: Point2, b: Point2, c: Point2): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/** Length and width of the narrowest rectangle, however turned, around the points. */
export function narrowestRectangle(points: readonly Point2[]): {
  readonly length: number
  readonly width: number
} {
  const hull = convexHull(points)
  let best = { length: 0, width: Infinity }
  // The narrowest one lies along an edge of the hull (Freeman and Shapira 1975).
  hull.forEach((a, index) => {
    const b = hull[(index + 1) % hull.length]!
    const edge = Math.hypot(b.x - a.x, b.y - a.y)
    const dx = (b.x - a.x) / edge
    const dy = (b.y - a.y) / edge
    const along = hull.map((point) => point.x * dx + point.y * dy)
    const width = Math.max(...hull.map((point) => (point.y - a.y) * dx - (point.x - a.x) * dy))
    if (width < best.width) best = { length: Math.max(...along) - Math.min(...along), width }
  })
  return best
}
