import { distanceField, type OccupancyGrid, type Point2 } from '../../geometry/index.ts'

export const CELL_FREE = 0
export const CELL_OCCUPIED = 1
export const CELL_UNKNOWN = 2
/** The frame of one cell around the map: the map ends there. */
export const CELL_EDGE = 3

/**
 * What rooms are found on: the map, framed by one row of edge cells on each side, and coarsened to about
 * 5 cm when it is finer.
 */
export interface CellMap {
  readonly width: number
  readonly height: number
  readonly sizeM: number
  readonly cells: Uint8Array
  /** Source cells per side of one of these. */
  readonly factor: number
}

/** A doorway of 0.6 m is then still 12 cells wide. */
const WORKING_SIZE_M = 0.05

/** @param unseen cells to take for unknown whatever the grid says. */
export function cellMapOf(grid: OccupancyGrid, unseen: Uint8Array | null): CellMap {
  const factor = Math.max(1, Math.floor(WORKING_SIZE_M / grid.resolutionM + 1e-6))
  const width = Math.ceil(grid.width / factor) + 2
  const height = Math.ceil(grid.height / factor) + 2
  const cells = new Uint8Array(width * height).fill(CELL_EDGE)
  for (let row = 1; row < height - 1; row += 1) {
    for (let column = 1; column < width - 1; column += 1) {
      cells[row * width + column] = classOf(grid, unseen, (column - 1) * factor, (row - 1) * factor, factor)
    }
  }
  return { width, height, sizeM: grid.resolutionM * factor, cells, factor }
}

/** One occupied cell makes the block occupied, so that a thin wall stays shut; unknown needs a majority. */
function classOf(
  grid: OccupancyGrid,
  unseen: Uint8Array | null,
  column: number,
  row: number,
  factor: number,
): number {
  let unknown = 0
  let count = 0
  for (let y = row; y < Math.min(grid.height, row + factor); y += 1) {
    for (let x = column; x < Math.min(grid.width, column + factor); x += 1) {
      const index = y * grid.width + x
      const value = grid.data[index]!
      if (value >= 50) return CELL_OCCUPIED
      if (value < 0 || unseen?.[index] === 1) unknown += 1
      count += 1
    }
  }
  return 2 * unknown > count || (count === 1 && unknown === 1) ? CELL_UNKNOWN : CELL_FREE
}

/** A point of the cell map, in cells, as a point in the grid's own frame (before its origin), metres. */
export function toMetres(map: CellMap, x: number, y: number): Point2 {
  return { x: (x - 1) * map.sizeM, y: (y - 1) * map.sizeM }
}

/** Distance of each cell to the nearest one that is set, in cells. */
export function distanceToSet(map: CellMap, isSet: (index: number) => boolean): Float32Array {
  const data = new Int8Array(map.cells.length)
  for (let index = 0; index < data.length; index += 1) data[index] = isSet(index) ? 100 : 0
  return distanceField(
    { width: map.width, height: map.height, resolutionM: 1, origin: { x: 0, y: 0, theta: 0 }, data },
    (value) => value === 100,
  )
}

export interface Components {
  /** 0 where the mask is not set, else the component's number from 1. */
  readonly labels: Int32Array
  readonly count: number
}

/** Components of the set cells, over their edges (4) or over corners too (8), numbered row by row. */
export function componentsOf(
  { width, height }: { readonly width: number; readonly height: number },
  isSet: (index: number) => boolean,
  neighbours: 4 | 8,
): Components {
  const labels = new Int32Array(width * height)
  const steps = neighbourSteps(width, neighbours)
  const stack: number[] = []
  let count = 0
  for (let start = 0; start < labels.length; start += 1) {
    if (labels[start] !== 0 || !isSet(start)) continue
    count += 1
    labels[start] = count
    stack.push(start)
    while (stack.length > 0) {
      const index = stack.pop()!
      const column = index % width
      for (const { step, columns } of steps) {
        const next = index + step
        if (next < 0 || next >= labels.length || labels[next] !== 0) continue
        if (column + columns < 0 || column + columns >= width || !isSet(next)) continue
        labels[next] = count
        stack.push(next)
      }
    }
  }
  return { labels, count }
}

export function neighbourSteps(
  width: number,
  neighbours: 4 | 8,
): readonly { readonly step: number; readonly columns: number }[] {
  const edges = [
    { step: -width, columns: 0 },
    { step: -1, columns: -1 },
    { step: 1, columns: 1 },
    { step: width, columns: 0 },
  ]
  if (neighbours === 4) return edges
  return [
    ...edges,
    { step: -width - 1, columns: -1 },
    { step: -width + 1, columns: 1 },
    { step: width - 1, columns: -1 },
    { step: width + 1, columns: 1 },
  ]
}
