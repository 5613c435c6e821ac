import { convexHull, type Point2 } from '../../geometry/index.ts'

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
