import type { Point2, Polygon } from './types.ts'

/** The smallest convex polygon around points, counter-clockwise (Andrew's monotone chain, 1979). */
export function convexHull(points: readonly Point2[]): Polygon {
  const sorted = points.toSorted((a, b) => a.x - b.x || a.y - b.y)
  return [...lowerChain(sorted), ...lowerChain(sorted.toReversed())]
}

function lowerChain(points: readonly Point2[]): Point2[] {
  const chain: Point2[] = []
  for (const point of points) {
    while (chain.length >= 2 && turn(chain[chain.length - 2]!, chain[chain.length - 1]!, point) <= 0) {
      chain.pop()
    }
    chain.push(point)
  }
  return chain.slice(0, -1)
}

function turn(a: Point2, b: Point2, c: Point2): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}
