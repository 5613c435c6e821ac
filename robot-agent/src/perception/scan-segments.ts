import { distance, type Point2 } from '@wardlight/core/geometry'
import { scanPoints, type PlacedScan, type ScanPoint } from './scan-points.ts'

/**
 * Two neighbouring hits farther apart than this are on two things: so much, and so many times the way between two beams at
 * that range. The jump that parts a scan into things, after Arras et al. (ICRA 2007) and, growing with the range, Borges and
 * Aldon (2004); the two figures are proposed, so that a leg 0.3 m before a wall is parted from it up to 4 m.
 */
const JUMP_M = 0.12
const JUMP_BEAMS = 2.5
/** Hits so near to a line are on it: the noise of a lidar, more of it far away, where it is turned as well. Metres. */
const ON_LINE_M = 0.04
const ON_LINE_PER_M = 0.005
/** Shorter, a thing's own hits do not tell which way it runs. */
const OWN_LINE_M = 0.15
/** So much without a gap is no person, nor two side by side: light passes between them. */
const WALL_M = 0.65
const WALL_HITS = 4
/** … or three of them that are farther apart than two legs of somebody who stands. */
const SPARSE_HITS = 3
const SPARSE_M = 0.3
/** Two legs that touch are as wide, and are no line: 5 cm deep. Root mean square, metres. */
const STRAIGHT_M = 0.35
const FLAT_M = 0.025

/** Hits side by side on one thing, as far as one scan can tell. */
export interface ScanSegment {
  readonly points: readonly ScanPoint[]
  readonly centre: Point2
  readonly rangeM: number
  /** From its first hit to its last, metres: what is there is wider, by up to the way between two beams. */
  readonly chordM: number
}

/** The hit of each beam; `null` where it met nothing. */
export function hitsByBeam(placed: PlacedScan): (ScanPoint | null)[] {
  const hits: (ScanPoint | null)[] = placed.scan.ranges.map(() => null)
  for (const point of scanPoints(placed)) hits[point.beam] = point
  return hits
}

/** A scan in its things, in the order of the beams. Of a full turn the last and the first are neighbours. */
export function scanSegments(placed: PlacedScan): ScanSegment[] {
  const { scan } = placed
  const points = scanPoints(placed)
  if (points.length === 0) return []
  const beams = scan.ranges.length
  const isFullTurn = beams * scan.angle_increment > 2 * Math.PI - 1.5 * scan.angle_increment
  const isNext = (a: ScanPoint, b: ScanPoint) =>
    b.beam - a.beam === 1 || (isFullTurn && a.beam === beams - 1 && b.beam === 0)
  const isOne = (a: ScanPoint, b: ScanPoint) =>
    isNext(a, b) &&
    distance(a, b) <= JUMP_M + JUMP_BEAMS * Math.min(a.rangeM, b.rangeM) * scan.angle_increment
  const runs: ScanPoint[][] = []
  for (const point of points) {
    const last = runs.at(-1)?.at(-1)
    if (last !== undefined && isOne(last, point)) runs.at(-1)!.push(point)
    else runs.push([point])
  }
  if (runs.length > 1 && isOne(runs.at(-1)!.at(-1)!, runs[0]![0]!)) runs[0]!.unshift(...runs.pop()!)
  return runs.map((run) => {
    const mean = (of: (point: ScanPoint) => number) =>
      run.reduce((sum, point) => sum + of(point), 0) / run.length
    return {
      points: run,
      centre: { x: mean(({ x }) => x), y: mean(({ y }) => y) },
      rangeM: Math.min(...run.map(({ rangeM }) => rangeM)),
      chordM: distance(run[0]!, run.at(-1)!),
    }
  })
}

/** Whether it is a piece of something straight and closed that is longer than people are wide: a wall, a leaf, a trolley's side. */
export function isPartOfWall({ points }: ScanSegment, hits: readonly (ScanPoint | null)[]): boolean {
  const beams = hits.length
  const first = points[0]!
  const last = points.at(-1)!
  const step = (beam: number, by: number) => hits[(beam + by + beams) % beams] ?? null
  // Its own line where it is long enough to have one, else the lines on to the next hits on either side.
  const before = step(first.beam, -1)
  const after = step(last.beam, 1)
  const lines: (readonly [Point2, Point2])[] = []
  if (distance(first, last) >= OWN_LINE_M) lines.push([first, last])
  if (before !== null) lines.push([before, last])
  if (after !== null) lines.push([first, after])
  return lines.some(([a, b]) => {
    const isOn = (point: ScanPoint) => offLine(point, a, b) <= ON_LINE_M + ON_LINE_PER_M * point.rangeM
    if (!points.every(isOn)) return false
    const on = (from: ScanPoint, by: number): ScanPoint[] => {
      const found: ScanPoint[] = []
      for (let next = step(from.beam, by); next !== null && isOn(next); next = step(next.beam, by)) {
        if (found.length >= beams / 4) break
        found.push(next)
      }
      return found
    }
    const run = [...on(first, -1).toReversed(), ...points, ...on(last, 1)]
    if (distance(run[0]!, run.at(-1)!) < WALL_M) return false
    return run.length >= WALL_HITS || (run.length === SPARSE_HITS && isSparse(run))
  })
}

/** Whether all of its hits lie on a line, the best one by least squares, and it is long enough to be one. */
export function isStraight({ points, centre, chordM }: ScanSegment): boolean {
  if (chordM < STRAIGHT_M) return false
  let [xx, yy, xy] = [0, 0, 0]
  for (const { x, y } of points) {
    xx += (x - centre.x) ** 2
    yy += (y - centre.y) ** 2
    xy += (x - centre.x) * (y - centre.y)
  }
  // The lesser eigenvalue: the sum of the squares across the line.
  const across = (xx + yy) / 2 - Math.hypot((xx - yy) / 2, xy)
  return Math.sqrt(Math.max(0, across) / points.length) <= FLAT_M
}

function isSparse(run: readonly Point2[]): boolean {
  return run.every((point, index) => index === 0 || distance(point, run[index - 1]!) >= SPARSE_M)
}

function offLine({ x, y }: Point2, a: Point2, b: Point2): number {
  const length = distance(a, b)
  return length === 0 ? Infinity : Math.abs((x - a.x) * (b.y - a.y) - (y - a.y) * (b.x - a.x)) / length
}

/** The circle through hits that lie on one, by least squares (Kåsa 1976); `null` for fewer than three, or on a line. */
export function circleThrough(
  points: readonly Point2[],
): { readonly centre: Point2; readonly radiusM: number; readonly deviationM: number } | null {
  const count = points.length
  if (count < 3) return null
  const mx = points.reduce((sum, { x }) => sum + x, 0) / count
  const my = points.reduce((sum, { y }) => sum + y, 0) / count
  let [suu, svv, suv, suz, svz] = [0, 0, 0, 0, 0]
  for (const point of points) {
    const [u, v] = [point.x - mx, point.y - my]
    const z = u * u + v * v
    suu += u * u
    svv += v * v
    suv += u * v
    suz += u * z
    svz += v * z
  }
  const determinant = suu * svv - suv * suv
  if (Math.abs(determinant) < 1e-12) return null
  const cu = (suz * svv - svz * suv) / (2 * determinant)
  const cv = (svz * suu - suz * suv) / (2 * determinant)
  const radiusM = Math.sqrt(cu * cu + cv * cv + (suu + svv) / count)
  const squares = points.reduce(
    (sum, { x, y }) => sum + (Math.hypot(x - mx - cu, y - my - cv) - radiusM) ** 2,
    0,
  )
  return { centre: { x: mx + cu, y: my + cv }, radiusM, deviationM: Math.sqrt(squares / count) }
}
