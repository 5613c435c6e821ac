import { polygonEdges, type Polygon, type Segment2 } from '@wardlight/core/geometry'

/** How much of each wall's length a mirror takes. */
const MIRROR_SHARE = 0.6

/** A mirror on every wall. */
export function mirrorsIn(polygon: Polygon): Segment2[] {
  const at = ({ a, b }: Segment2, share: number) => ({
    x: a.x + share * (b.x - a.x),
    y: a.y + share * (b.y - a.y),
  })
  return polygonEdges(polygon).map((wall) => ({
    a: at(wall, (1 - MIRROR_SHARE) / 2),
    b: at(wall, (1 + MIRROR_SHARE) / 2),
  }))
}
