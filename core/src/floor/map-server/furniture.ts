import { convexHull } from '../../geometry/index.ts'
import type { CellMap } from './cell-map.ts'
import type { CellPoint } from './doorways.ts'

/** Convex corners in cells, counter-clockwise. */
export type Hull = readonly CellPoint[]

/** Cells nearer to one another than this, metres, belong to one piece: the feet of a chair. */
const PIECE_GAP_M = 0.15
/** A piece whose hull is larger than its cells by this factor, and longer than this, metres, is taken apart. */
const MAX_HULL_FACTOR = 1.7
const MIN_SPLIT_M = 0.5
/** Smaller than this, cells, is a speck of noise. */
const MIN_CELLS = 3

/** The convex pieces that cover the given cells: what stands together, parted where a hull would cover much that is free. */
export function furnitureHulls(map: CellMap, cells: readonly number[]): Hull[] {
  return piecesOf(map, cells)
    .filter((piece) => piece.length >= MIN_CELLS)
    .flatMap((piece) => hullsOf(map, piece))
}

function piecesOf(map: CellMap, cells: readonly number[]): number[][] {
  const reach = Math.max(1, Math.round(PIECE_GAP_M / map.sizeM))
  const left = new Set(cells)
  const pieces: number[][] = []
  for (const start of cells) {
    if (!left.delete(start)) continue
    const piece = [start]
    for (const index of piece) {
      for (let row = -reach; row <= reach; row += 1) {
        for (let column = -reach; column <= reach; column += 1) {
          const next = index + row * map.width + column
          if (left.delete(next)) piece.push(next)
        }
      }
    }
    pieces.push(piece)
  }
  return pieces
}

function hullsOf(map: CellMap, cells: readonly number[]): Hull[] {
  const hull = convexHull(cells.flatMap((index) => cornersOf(map, index)))
  const length = Math.sqrt(
    Math.max(
      ...hull.map((one) => Math.max(...hull.map((other) => (one.x - other.x) ** 2 + (one.y - other.y) ** 2))),
    ),
  )
  if (length * map.sizeM <= MIN_SPLIT_M || hullArea(hull) <= MAX_HULL_FACTOR * filledArea(map, cells))
    return [hull]
  const [one, other] = splitAcross(map, cells)
  if (one.length === 0 || other.length === 0) return [hull]
  return [...hullsOf(map, one), ...hullsOf(map, other)]
}

/** The cells' area with the gaps between neighbours filled: rows and columns between the outermost cells of short runs. */
function filledArea(map: CellMap, cells: readonly number[]): number {
  const columnsByRow = new Map<number, { min: number; max: number }>()
  const rowsByColumn = new Map<number, { min: number; max: number }>()
  for (const index of cells) {
    const x = index % map.width
    const y = Math.floor(index / map.width)
    widen(columnsByRow, y, x)
    widen(rowsByColumn, x, y)
  }
  const sum = (runs: ReadonlyMap<number, { min: number; max: number }>) =>
    [...runs.values()].reduce((total, { min, max }) => total + max - min + 1, 0)
  return Math.min(sum(columnsByRow), sum(rowsByColumn))
}

function widen(runs: Map<number, { min: number; max: number }>, key: number, value: number): void {
  const run = runs.get(key)
  if (run) {
    run.min = Math.min(run.min, value)
    run.max = Math.max(run.max, value)
  } else runs.set(key, { min: value, max: value })
}

/** Two halves, parted at the middle of the cells' longer axis. */
function splitAcross(map: CellMap, cells: readonly number[]): [number[], number[]] {
  let x = 0
  let y = 0
  for (const index of cells) {
    x += index % map.width
    y += Math.floor(index / map.width)
  }
  x /= cells.length
  y /= cells.length
  let xx = 0
  let xy = 0
  let yy = 0
  for (const index of cells) {
    const dx = (index % map.width) - x
    const dy = Math.floor(index / map.width) - y
    xx += dx * dx
    xy += dx * dy
    yy += dy * dy
  }
  const angle = 0.5 * Math.atan2(2 * xy, xx - yy)
  const isBefore = (index: number) =>
    ((index % map.width) - x) * Math.cos(angle) + (Math.floor(index / map.width) - y) * Math.sin(angle) < 0
  return [cells.filter(isBefore), cells.filter((index) => !isBefore(index))]
}

function cornersOf({ width }: CellMap, index: number): CellPoint[] {
  const x = index % width
  const y = Math.floor(index / width)
  return [
    { x, y },
    { x: x + 1, y },
    { x: x + 1, y: y + 1 },
    { x, y: y + 1 },
  ]
}

function hullArea(hull: Hull): number {
  let twice = 0
  hull.forEach((a, index) => {
    const b = hull[(index + 1) % hull.length]!
    twice += a.x * b.y - b.x * a.y
  })
  return twice / 2
}
