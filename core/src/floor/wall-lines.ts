import { distance, type Point2, type Segment2 } from '../geometry/index.ts'
import type { Wall } from './types.ts'

/** Segments on one straight line, as intervals along it. */
interface Line {
  readonly origin: Point2
  readonly direction: Point2
  solid: Interval[]
  glass: Interval[]
  doors: Interval[]
}

type Interval = readonly [from: number, to: number]

/** Segments whose ends lie this near to a line are on it, metres: hand-drawn numbers are rounded. */
const ON_LINE_M = 0.01
/** Shorter leftovers of walls are rounding, metres. */
const SHORTEST_WALL_M = 0.01

/**
 * Walls as they stand in the end: what is drawn twice once, glass instead of the solid wall that it
 * lies on, and a gap at each door.
 */
export function wallsWithDoorways(walls: readonly Wall[], doors: readonly Segment2[]): Wall[] {
  const lines: Line[] = []
  for (const wall of walls) {
    if (distance(wall.a, wall.b) < SHORTEST_WALL_M) continue
    let line = lines.find((other) => isOnLine(other, wall))
    if (line === undefined) {
      const lengthM = distance(wall.a, wall.b)
      line = {
        origin: wall.a,
        direction: { x: (wall.b.x - wall.a.x) / lengthM, y: (wall.b.y - wall.a.y) / lengthM },
        solid: [],
        glass: [],
        doors: [],
      }
      lines.push(line)
    }
    line[wall.material].push(intervalOn(line, wall))
  }
  for (const door of doors) {
    for (const line of lines) if (isOnLine(line, door)) line.doors.push(intervalOn(line, door))
  }
  return lines.flatMap((line) => {
    const glass = merge(line.glass)
    return [
      ...subtract(merge(line.solid), [...glass, ...line.doors]).map((piece) => wallOn(line, piece, 'solid')),
      ...subtract(glass, line.doors).map((piece) => wallOn(line, piece, 'glass')),
    ]
  })
}

function isOnLine({ origin, direction }: Line, { a, b }: Segment2): boolean {
  const offset = (point: Point2) =>
    Math.abs((point.x - origin.x) * direction.y - (point.y - origin.y) * direction.x)
  return offset(a) <= ON_LINE_M && offset(b) <= ON_LINE_M
}

function intervalOn({ origin, direction }: Line, { a, b }: Segment2): Interval {
  const along = (point: Point2) => (point.x - origin.x) * direction.x + (point.y - origin.y) * direction.y
  return [Math.min(along(a), along(b)), Math.max(along(a), along(b))]
}

function wallOn({ origin, direction }: Line, [from, to]: Interval, material: Wall['material']): Wall {
  return { a: pointOn(from), b: pointOn(to), material }

  function pointOn(along: number): Point2 {
    return { x: tidy(origin.x + along * direction.x), y: tidy(origin.y + along * direction.y) }
  }
}

/** Without the dust of floating-point sums: 4.1 and not 4.1000000000000005. */
function tidy(value: number): number {
  return Math.round(value * 1e6) / 1e6
}

function merge(intervals: readonly Interval[]): Interval[] {
  const merged: [number, number][] = []
  for (const [from, to] of intervals.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last[1] + SHORTEST_WALL_M) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}

function subtract(intervals: readonly Interval[], holes: readonly Interval[]): Interval[] {
  let left = [...intervals]
  for (const [from, to] of holes) {
    left = left.flatMap(([start, end]): Interval[] => [
      [start, Math.min(end, from)],
      [Math.max(start, to), end],
    ])
    left = left.filter(([start, end]) => end - start >= SHORTEST_WALL_M)
  }
  return left
}
