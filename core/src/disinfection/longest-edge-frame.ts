import { polygonEdges } from '../geometry/polygon.ts'
import type { Polygon, Pose2 } from '../geometry/types.ts'

/** The frame whose x axis runs along a polygon's longest edge, the first of several. */
export function longestEdgeFrame(polygon: Polygon): Pose2 {
  let frame: Pose2 = { x: 0, y: 0, theta: 0 }
  let longest = -1
  for (const { a, b } of polygonEdges(polygon)) {
    const lengthM = Math.hypot(b.x - a.x, b.y - a.y)
    if (lengthM > longest + 1e-9) {
      longest = lengthM
      frame = { ...a, theta: Math.atan2(b.y - a.y, b.x - a.x) }
    }
  }
  return frame
}
