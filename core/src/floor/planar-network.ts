import {
  boundsOf,
  distance,
  intersectSegments,
  nearestOnSegment,
  type Point2,
  type Segment2,
} from '../geometry/index.ts'

/** Segments cut at every crossing and junction: a plane graph. */
export interface PlanarNetwork {
  readonly points: readonly Point2[]
  readonly edges: readonly NetworkEdge[]
  /** Where a loose end was joined to what is nearest. */
  readonly closedGaps: readonly Segment2[]
}

export interface NetworkEdge {
  readonly from: number
  readonly to: number
}

export interface NetworkOptions {
  /** Ends this near to one another, or to a segment, are one point, metres. */
  readonly snapM: number
  /** A loose end is joined to what lies this near, metres. */
  readonly closeGapM: number
}

/** Cuts segments at crossings and junctions, and closes small gaps at loose ends. */
export function planarNetwork(segments: readonly Segment2[], options: NetworkOptions): PlanarNetwork {
  const points: Point2[] = []
  const ends = segments.map(({ a, b }) => ({ from: pointAt(a), to: pointAt(b) }))
  let edges = cut(ends)
  const closedGaps: Segment2[] = []
  for (const loose of looseEnds(points.length, edges)) {
    const gap = nearestElsewhere(loose)
    if (gap === null) continue
    closedGaps.push({ a: points[loose]!, b: gap })
    edges.push({ from: loose, to: pointAt(gap) })
  }
  // A new point may lie amid an edge.
  if (closedGaps.length > 0) edges = cut(edges)
  return { points, edges, closedGaps }

  function pointAt(point: Point2): number {
    const known = points.findIndex((other) => distance(other, point) <= options.snapM)
    return known >= 0 ? known : points.push({ x: point.x, y: point.y }) - 1
  }

  function cut(uncut: readonly NetworkEdge[]): NetworkEdge[] {
    const lines = uncut.map(({ from, to }) => ({ a: points[from]!, b: points[to]! }))
    const boxes = lines.map(({ a, b }) => boundsOf([a, b]))
    for (const [index, line] of lines.entries()) {
      const box = boxes[index]!
      for (let other = index + 1; other < lines.length; other += 1) {
        const otherBox = boxes[other]!
        if (otherBox.minX > box.maxX || otherBox.maxX < box.minX) continue
        if (otherBox.minY > box.maxY || otherBox.maxY < box.minY) continue
        const along = intersectSegments(line, lines[other]!)
        if (along !== null) {
          pointAt({
            x: line.a.x + along * (line.b.x - line.a.x),
            y: line.a.y + along * (line.b.y - line.a.y),
          })
        }
      }
    }
    const pieces = new Map<string, NetworkEdge>()
    for (const [index, line] of lines.entries()) {
      const { from, to } = uncut[index]!
      const on = points
        .map((point, at) => ({ at, point }))
        .filter(({ at, point }) => at !== from && at !== to && isNear(point, line))
        .toSorted((one, other) => distance(one.point, line.a) - distance(other.point, line.a))
        .map(({ at }) => at)
      const chain = [from, ...on, to]
      for (let step = 1; step < chain.length; step += 1) {
        const [low, high] = [chain[step - 1]!, chain[step]!].toSorted((a, b) => a - b)
        if (low !== high) pieces.set(`${low} ${high}`, { from: low!, to: high! })
      }
    }
    return [...pieces.values()]
  }

  function isNear(point: Point2, line: Segment2): boolean {
    return distance(point, nearestOnSegment(point, line)) <= options.snapM
  }

  /** The nearest spot on what does not end in this point; `null` when it is too far. */
  function nearestElsewhere(end: number): Point2 | null {
    const point = points[end]!
    let nearest: Point2 | null = null
    let nearestM = options.closeGapM
    for (const { from, to } of edges) {
      if (from === end || to === end) continue
      const spot = nearestOnSegment(point, { a: points[from]!, b: points[to]! })
      const lengthM = distance(point, spot)
      if (lengthM < nearestM) {
        nearest = spot
        nearestM = lengthM
      }
    }
    return nearest
  }
}

/** The points in which exactly one edge ends. */
export function looseEnds(pointCount: number, edges: readonly NetworkEdge[]): number[] {
  const degrees = Array.from({ length: pointCount }, () => 0)
  for (const { from, to } of edges) {
    degrees[from] = degrees[from]! + 1
    degrees[to] = degrees[to]! + 1
  }
  return degrees.flatMap((degree, index) => (degree === 1 ? [index] : []))
}
