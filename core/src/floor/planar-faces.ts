import { isInsidePolygon, signedArea, type Point2, type Polygon } from '../geometry/index.ts'
import { looseEnds, type NetworkEdge, type PlanarNetwork } from './planar-network.ts'

/** A bounded piece of the plane between the edges of a network. */
export interface Face {
  /** Counter-clockwise, simple, without points amid a straight edge. */
  readonly outline: Polygon
  /** The outlines of what stands within it without touching it, counter-clockwise. */
  readonly islands: readonly Polygon[]
  /** Without the islands. */
  readonly areaM2: number
}

/** Points this near to the line of their neighbours are amid a straight edge, metres. */
const STRAIGHT_M = 0.002

/** The bounded faces of a network. Edges that enclose nothing (loose ones, and bridges to islands) do not count. */
export function boundedFaces({ points, edges }: PlanarNetwork): Face[] {
  const outlines: Polygon[] = []
  const islands: Polygon[] = []
  for (const loop of simpleLoops(points, enclosingEdges(points, edges))) {
    const polygon = loop.map((index) => points[index]!)
    const area = signedArea(polygon)
    if (area > 1e-9) outlines.push(polygon)
    if (area < -1e-9) islands.push(polygon.toReversed())
  }
  const within = new Map<Polygon, Polygon[]>()
  for (const island of islands) {
    const area = signedArea(island)
    const spot = innerPoint(island)
    const around = outlines
      .filter((outline) => signedArea(outline) > area * (1 + 1e-9) && isInsidePolygon(spot, outline))
      .toSorted((a, b) => signedArea(a) - signedArea(b))[0]
    if (around !== undefined) within.set(around, [...(within.get(around) ?? []), island])
  }
  return outlines.map((outline) => {
    const inner = within.get(outline) ?? []
    return {
      outline: withoutStraightPoints(outline),
      islands: inner.map(withoutStraightPoints),
      areaM2: signedArea(outline) - inner.reduce((sum, island) => sum + signedArea(island), 0),
    }
  })
}

/** Edges with different faces on their two sides. */
function enclosingEdges(points: readonly Point2[], edges: readonly NetworkEdge[]): readonly NetworkEdge[] {
  let left = edges
  for (;;) {
    const loose = new Set(looseEnds(points.length, left))
    if (loose.size > 0) {
      left = left.filter(({ from, to }) => !loose.has(from) && !loose.has(to))
      continue
    }
    const sides = new Map<string, number>()
    for (const [index, loop] of walks(points, left).entries()) {
      for (let step = 0; step < loop.length; step += 1) {
        sides.set(`${loop[step]} ${loop[(step + 1) % loop.length]}`, index)
      }
    }
    const kept = left.filter(({ from, to }) => sides.get(`${from} ${to}`) !== sides.get(`${to} ${from}`))
    if (kept.length === left.length) return left
    left = kept
  }
}

/** The walks around the faces: counter-clockwise around bounded ones, clockwise around the outside of a part. */
function walks(points: readonly Point2[], edges: readonly NetworkEdge[]): number[][] {
  const neighbours = new Map<number, number[]>()
  for (const { from, to } of edges) {
    neighbours.set(from, [...(neighbours.get(from) ?? []), to])
    neighbours.set(to, [...(neighbours.get(to) ?? []), from])
  }
  for (const [index, around] of neighbours) {
    const centre = points[index]!
    const angle = (other: number) => Math.atan2(points[other]!.y - centre.y, points[other]!.x - centre.x)
    around.sort((a, b) => angle(a) - angle(b))
  }
  const visited = new Set<string>()
  const loops: number[][] = []
  for (const edge of edges) {
    for (const [start, next] of [
      [edge.from, edge.to],
      [edge.to, edge.from],
    ] as const) {
      if (visited.has(`${start} ${next}`)) continue
      const loop: number[] = []
      let from = start
      let to = next
      while (!visited.has(`${from} ${to}`)) {
        visited.add(`${from} ${to}`)
        loop.push(from)
        const around = neighbours.get(to)!
        // Next clockwise from where it came: the face stays on the left.
        const onward = around[(around.indexOf(from) - 1 + around.length) % around.length]!
        from = to
        to = onward
      }
      loops.push(loop)
    }
  }
  return loops
}

/** The walks, each cut where it passes a point twice. */
function simpleLoops(points: readonly Point2[], edges: readonly NetworkEdge[]): number[][] {
  return walks(points, edges).flatMap((walk) => {
    const loops: number[][] = []
    const open: number[] = []
    for (const index of walk) {
      const before = open.indexOf(index)
      if (before >= 0) loops.push(open.splice(before))
      open.push(index)
    }
    return [...loops, open]
  })
}

/** A point just inside a counter-clockwise polygon's longest edge. */
export function innerPoint(polygon: Polygon): Point2 {
  let best = { x: 0, y: 0 }
  let longest = 0
  for (const [index, a] of polygon.entries()) {
    const b = polygon[(index + 1) % polygon.length]!
    const lengthM = Math.hypot(b.x - a.x, b.y - a.y)
    if (lengthM <= longest) continue
    longest = lengthM
    best = {
      x: (a.x + b.x) / 2 - (0.001 * (b.y - a.y)) / lengthM,
      y: (a.y + b.y) / 2 + (0.001 * (b.x - a.x)) / lengthM,
    }
  }
  return best
}

function withoutStraightPoints(polygon: Polygon): Polygon {
  const kept = [...polygon]
  for (let index = 0; index < kept.length && kept.length > 3;) {
    const before = kept.at(index - 1)!
    const point = kept[index]!
    const after = kept[(index + 1) % kept.length]!
    const baseM = Math.hypot(after.x - before.x, after.y - before.y)
    const twice = (after.x - before.x) * (point.y - before.y) - (after.y - before.y) * (point.x - before.x)
    if (baseM > 0 && Math.abs(twice) / baseM <= STRAIGHT_M) kept.splice(index, 1)
    else index += 1
  }
  return kept
}
