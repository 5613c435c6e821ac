import { polygonEdges } from '../../geometry/polygon.ts'
import type { Segment2 } from '../../geometry/types.ts'
import type { PlanarEdge, PlanarRoom } from './types.ts'

/** A length that exceeds a whole number of pieces by rounding alone is not cut once more. */
const ROUNDING = 1e-9

/** All edges of a room's obstacles, uncut: what casts shadows. */
export function outlineOf({ obstacles }: PlanarRoom): Segment2[] {
  return obstacles.flatMap((obstacle) => polygonEdges(obstacle))
}

/** The same edges, each cut into the fewest equal pieces of at most `maxEdgeM`: what is to get its dose. */
export function panelEdges(outline: readonly Segment2[], maxEdgeM: number): PlanarEdge[] {
  return outline.flatMap(({ a, b }, index) => {
    const pieces = Math.max(1, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / maxEdgeM - ROUNDING))
    // Both ends exact, so that pieces at a corner end in the corner.
    const at = (piece: number) => {
      if (piece === 0) return a
      if (piece === pieces) return b
      const along = piece / pieces
      return { x: a.x + along * (b.x - a.x), y: a.y + along * (b.y - a.y) }
    }
    return Array.from({ length: pieces }, (_, piece) => ({ a: at(piece), b: at(piece + 1), outline: index }))
  })
}
