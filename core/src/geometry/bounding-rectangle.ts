import { convexHull } from './convex-hull.ts'
import type { Point2, Polygon } from './types.ts'

/**
 * The rectangle of least area around points, turned as it may be, counter-clockwise; fewer than three corners where the
 * points span no area. One of its sides lies along a side of the hull (Freeman and Shapira, 1975).
 *
 * @param marginM by how much it is larger on every side
 */
export function boundingRectangle(points: readonly Point2[], marginM = 0): Polygon {
  const hull = convexHull(points)
  if (hull.length < 3) return hull
  let best: Polygon = hull
  let least = Infinity
  for (const [index, from] of hull.entries()) {
    const to = hull[(index + 1) % hull.length]!
    const lengthM = Math.hypot(to.x - from.x, to.y - from.y)
    const [ux, uy] = [(to.x - from.x) / lengthM, (to.y - from.y) / lengthM]
    const along = hull.map(({ x, y }) => (x - from.x) * ux + (y - from.y) * uy)
    const aside = hull.map(({ x, y }) => (y - from.y) * ux - (x - from.x) * uy)
    const [left, right, far] = [Math.min(...along), Math.max(...along), Math.max(...aside)]
    const area = (right - left) * far
    if (area >= least) continue
    least = area
    const corner = (u: number, v: number): Point2 => ({
      x: from.x + u * ux - v * uy,
      y: from.y + u * uy + v * ux,
    })
    best = [
      corner(left - marginM, -marginM),
      corner(right + marginM, -marginM),
      corner(right + marginM, far + marginM),
      corner(left - marginM, far + marginM),
    ]
  }
  return best
}
