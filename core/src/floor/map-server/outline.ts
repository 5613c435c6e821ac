import type { CellPoint } from './doorways.ts'

/** A closed ring of corners in cells (corner (x, y) is the lower left of cell (x, y)); the set side is on the left. */
export type Ring = readonly CellPoint[]

/** A corner at which two cells of one region touch only diagonally is drawn this far inside, cells. */
const PINCH_INSET = 0.2

/** Cells from and up to, both included. */
export interface Box {
  readonly minX: number
  readonly minY: number
  readonly maxX: number
  readonly maxY: number
}

/** The outlines of the set cells in a box: outer ones counter-clockwise, holes clockwise. */
export function traceOutlines(width: number, box: Box, isSet: (index: number) => boolean): Ring[] {
  const columns = box.maxX - box.minX + 1
  const rows = box.maxY - box.minY + 1
  const isInside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < columns && y < rows && isSet((y + box.minY) * width + x + box.minX)
  // Directed cell edges by the corner that they leave from: bit d for direction d (east, north, west, south).
  const across = columns + 1
  const leaving = new Uint8Array(across * (rows + 1))
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      if (!isInside(x, y)) continue
      if (!isInside(x, y - 1)) leaving[y * across + x]! |= 1
      if (!isInside(x + 1, y)) leaving[y * across + x + 1]! |= 2
      if (!isInside(x, y + 1)) leaving[(y + 1) * across + x + 1]! |= 4
      if (!isInside(x - 1, y)) leaving[(y + 1) * across + x]! |= 8
    }
  }
  const rings: Ring[] = []
  for (let start = 0; start < leaving.length; start += 1) {
    while (leaving[start] !== 0) {
      const ring = followRing(leaving, across, start)
      rings.push(ring.map(({ x, y }) => ({ x: x + box.minX, y: y + box.minY })))
    }
  }
  return rings
}

const STEP_X = [1, 0, -1, 0] as const
const STEP_Y = [0, 1, 0, -1] as const

/** Follows one ring from `start` back to its first edge, taking the edges away. */
function followRing(leaving: Uint8Array, across: number, start: number): CellPoint[] {
  const ring: CellPoint[] = []
  const initial = 31 - Math.clz32(leaving[start]! & -leaving[start]!)
  let at = start
  let direction = initial
  for (;;) {
    leaving[at]! &= ~(1 << direction)
    at += STEP_X[direction]! + STEP_Y[direction]! * across
    const out = leaving[at]! | (at === start ? 1 << initial : 0)
    const left = (direction + 1) & 3
    const right = (direction + 3) & 3
    const has = (way: number) => (out & (1 << way)) !== 0
    // Turning left keeps to the same cell; where another way leads on too, two cells touch here.
    const next = has(left) ? left : has(direction) ? direction : right
    if (next !== direction) {
      const inset = next === left && has(right) ? PINCH_INSET : 0
      ring.push({
        x: (at % across) + inset * (STEP_X[left]! - STEP_X[direction]!),
        y: Math.floor(at / across) + inset * (STEP_Y[left]! - STEP_Y[direction]!),
      })
    }
    if (at === start && next === initial) return ring
    direction = next
  }
}

export function ringArea(ring: Ring): number {
  let twice = 0
  ring.forEach((a, index) => {
    const b = ring[(index + 1) % ring.length]!
    twice += a.x * b.y - b.x * a.y
  })
  return twice / 2
}

/** Fewer corners, none of the dropped ones farther than `tolerance` from the ring (Douglas and Peucker 1973). */
export function simplifyRing(ring: Ring, tolerance: number): Ring {
  if (ring.length <= 4) return ring
  // Two corners that surely stay, whatever corner the ring began with: so the result does not depend on it.
  let first = 0
  ring.forEach((point, index) => {
    const best = ring[first]!
    if (point.x + point.y < best.x + best.y || (point.x + point.y === best.x + best.y && point.x < best.x))
      first = index
  })
  const turned = [...ring.slice(first), ...ring.slice(0, first)]
  let farthest = 0
  turned.forEach((point, index) => {
    if (squaredLength(point, turned[0]!) > squaredLength(turned[farthest]!, turned[0]!)) farthest = index
  })
  const there = simplifyLine(turned.slice(0, farthest + 1), tolerance)
  const back = simplifyLine([...turned.slice(farthest), turned[0]!], tolerance)
  return [...there.slice(0, -1), ...back.slice(0, -1)]
}

function simplifyLine(line: readonly CellPoint[], tolerance: number): CellPoint[] {
  const isKept = new Uint8Array(line.length)
  isKept[0] = 1
  isKept[line.length - 1] = 1
  const spans: [number, number][] = [[0, line.length - 1]]
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [from, to] = span
    let farthest = from
    let greatest = tolerance
    for (let index = from + 1; index < to; index += 1) {
      const off = distanceToLine(line[index]!, line[from]!, line[to]!)
      if (off > greatest) {
        greatest = off
        farthest = index
      }
    }
    if (farthest === from) continue
    isKept[farthest] = 1
    spans.push([from, farthest], [farthest, to])
  }
  return line.filter((_, index) => isKept[index] === 1)
}

function distanceToLine(point: CellPoint, a: CellPoint, b: CellPoint): number {
  const length = Math.hypot(b.x - a.x, b.y - a.y)
  if (length === 0) return Math.hypot(point.x - a.x, point.y - a.y)
  const along = ((point.x - a.x) * (b.x - a.x) + (point.y - a.y) * (b.y - a.y)) / (length * length)
  const clamped = Math.min(1, Math.max(0, along))
  return Math.hypot(point.x - a.x - clamped * (b.x - a.x), point.y - a.y - clamped * (b.y - a.y))
}

function squaredLength(a: CellPoint, b: CellPoint): number {
  return (b.x - a.x) ** 2 + (b.y - a.y) ** 2
}

/** Whether no two edges of a ring meet but at the corner that they share. */
export function isSimpleRing(ring: Ring): boolean {
  if (ring.length < 3) return false
  const edges = ring
    .map((a, index) => {
      const b = ring[(index + 1) % ring.length]!
      return { a, b, index, minX: Math.min(a.x, b.x), maxX: Math.max(a.x, b.x) }
    })
    .toSorted((one, other) => one.minX - other.minX)
  for (let first = 0; first < edges.length; first += 1) {
    const one = edges[first]!
    for (let second = first + 1; second < edges.length && edges[second]!.minX <= one.maxX; second += 1) {
      const other = edges[second]!
      const gap = Math.abs(one.index - other.index)
      const isNeighbour = gap === 1 || gap === ring.length - 1
      if (isNeighbour ? foldsBack(one, other) : edgesMeet(one.a, one.b, other.a, other.b)) return false
    }
  }
  return true
}

interface RingEdge {
  readonly a: CellPoint
  readonly b: CellPoint
}

function foldsBack(one: RingEdge, other: RingEdge): boolean {
  const [before, after] =
    one.b === other.a || (one.b.x === other.a.x && one.b.y === other.a.y) ? [one, other] : [other, one]
  return turn(before.a, before.b, after.b) === 0 && between(before.b, before.a, after.b)
}

/** Whether `p` and `q` lie in the same direction from `corner`. */
function between(corner: CellPoint, p: CellPoint, q: CellPoint): boolean {
  return (p.x - corner.x) * (q.x - corner.x) + (p.y - corner.y) * (q.y - corner.y) > 0
}

function turn(a: CellPoint, b: CellPoint, c: CellPoint): number {
  return Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x))
}

function edgesMeet(a: CellPoint, b: CellPoint, c: CellPoint, d: CellPoint): boolean {
  if (Math.max(a.y, b.y) < Math.min(c.y, d.y) || Math.max(c.y, d.y) < Math.min(a.y, b.y)) return false
  const abc = turn(a, b, c)
  const abd = turn(a, b, d)
  const cda = turn(c, d, a)
  const cdb = turn(c, d, b)
  if (abc * abd < 0 && cda * cdb < 0) return true
  return (
    (abc === 0 && isOn(a, b, c)) ||
    (abd === 0 && isOn(a, b, d)) ||
    (cda === 0 && isOn(c, d, a)) ||
    (cdb === 0 && isOn(c, d, b))
  )
}

function isOn(a: CellPoint, b: CellPoint, point: CellPoint): boolean {
  return (
    Math.min(a.x, b.x) <= point.x &&
    point.x <= Math.max(a.x, b.x) &&
    Math.min(a.y, b.y) <= point.y &&
    point.y <= Math.max(a.y, b.y)
  )
}
