import { boundsOf, polygonEdges } from './polygon.ts'
import { inversePose, transformPoint } from './pose.ts'
import type { Bounds2, OccupancyGrid, Point2, Polygon, Segment2 } from './types.ts'

export const FREE = 0
export const OCCUPIED = 100
export const UNKNOWN = -1

export interface Cell {
  readonly column: number
  readonly row: number
}

/** A grid whose lower left corner is the bounds' minimum, axis-aligned, every cell `fill`. */
export function createGrid(bounds: Bounds2, resolutionM: number, fill = FREE): OccupancyGrid {
  const width = Math.max(1, Math.ceil((bounds.maxX - bounds.minX) / resolutionM - 1e-9))
  const height = Math.max(1, Math.ceil((bounds.maxY - bounds.minY) / resolutionM - 1e-9))
  return {
    width,
    height,
    resolutionM,
    origin: { x: bounds.minX, y: bounds.minY, theta: 0 },
    data: new Int8Array(width * height).fill(fill),
  }
}

/** The cell that holds a map point; it may lie outside the grid. */
export function cellAt(grid: OccupancyGrid, point: Point2): Cell {
  const local =
    grid.origin.theta === 0
      ? { x: point.x - grid.origin.x, y: point.y - grid.origin.y }
      : transformPoint(inversePose(grid.origin), point)
  return {
    column: Math.floor(local.x / grid.resolutionM),
    row: Math.floor(local.y / grid.resolutionM),
  }
}

/** The map point at a cell's centre. */
export function cellCentre(grid: OccupancyGrid, cell: Cell): Point2 {
  return transformPoint(grid.origin, {
    x: (cell.column + 0.5) * grid.resolutionM,
    y: (cell.row + 0.5) * grid.resolutionM,
  })
}

export function isInGrid(grid: OccupancyGrid, { column, row }: Cell): boolean {
  return column >= 0 && row >= 0 && column < grid.width && row < grid.height
}

/** The value at a map point; outside the grid `UNKNOWN`. */
export function valueAt(grid: OccupancyGrid, point: Point2): number {
  const cell = cellAt(grid, point)
  return isInGrid(grid, cell) ? grid.data[cell.row * grid.width + cell.column]! : UNKNOWN
}

/** Sets every cell whose centre is inside the polygon (even-odd rule). */
export function fillPolygon(grid: OccupancyGrid, polygon: Polygon, value: number): void {
  const corners = polygon.map((corner) => toCells(grid, corner))
  const edges = polygonEdges(corners)
  const { minY, maxY } = boundsOf(corners)
  for (let row = Math.max(0, Math.floor(minY)); row <= Math.min(grid.height - 1, maxY); row += 1) {
    // Row by row between the crossings of its middle line: a cell costs nothing but its own write.
    const y = row + 0.5
    const crossings: number[] = []
    for (const { a, b } of edges) {
      if (a.y > y !== b.y > y) crossings.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x))
    }
    crossings.sort((one, other) => one - other)
    for (let index = 0; index + 1 < crossings.length; index += 2) {
      const first = Math.max(0, Math.ceil(crossings[index]! - 0.5))
      const end = Math.min(grid.width, Math.ceil(crossings[index + 1]! - 0.5))
      if (first < end) grid.data.fill(value, row * grid.width + first, row * grid.width + end)
    }
  }
}

/** Sets every cell that the segment passes through. */
export function drawSegment(grid: OccupancyGrid, { a, b }: Segment2, value: number): void {
  const from = toCells(grid, a)
  const to = toCells(grid, b)
  const steps = Math.max(1, Math.ceil(2 * Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y))))
  for (let step = 0; step <= steps; step += 1) {
    const column = Math.floor(from.x + ((to.x - from.x) * step) / steps)
    const row = Math.floor(from.y + ((to.y - from.y) * step) / steps)
    if (isInGrid(grid, { column, row })) grid.data[row * grid.width + column] = value
  }
}

function toCells(grid: OccupancyGrid, point: Point2): Point2 {
  const local =
    grid.origin.theta === 0
      ? { x: point.x - grid.origin.x, y: point.y - grid.origin.y }
      : transformPoint(inversePose(grid.origin), point)
  return { x: local.x / grid.resolutionM, y: local.y / grid.resolutionM }
}

/**
 * Distance in metres from each cell's centre to the centre of the nearest blocking cell; `Infinity`
 * when there is none. Exact Euclidean (Felzenszwalb and Huttenlocher 2012), O(cells).
 *
 * @param isBlocking by default occupied from 50 up, and unknown.
 */
export function distanceField(
  grid: OccupancyGrid,
  isBlocking: (value: number) => boolean = (value) => value >= 50 || value === UNKNOWN,
): Float32Array {
  const { width, height } = grid
  const far = 1e20
  const squared = new Float64Array(width * height)
  for (let index = 0; index < squared.length; index += 1) {
    squared[index] = isBlocking(grid.data[index]!) ? 0 : far
  }
  const longest = Math.max(width, height)
  const line = new Float64Array(longest)
  const result = new Float64Array(longest)
  const vertices = new Int32Array(longest)
  const bounds = new Float64Array(longest + 1)
  for (let column = 0; column < width; column += 1) {
    for (let row = 0; row < height; row += 1) line[row] = squared[row * width + column]!
    transformLine(line, result, height, vertices, bounds)
    for (let row = 0; row < height; row += 1) squared[row * width + column] = result[row]!
  }
  const distances = new Float32Array(width * height)
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) line[column] = squared[row * width + column]!
    transformLine(line, result, width, vertices, bounds)
    for (let column = 0; column < width; column += 1) {
      const value = result[column]!
      distances[row * width + column] = value >= far / 2 ? Infinity : Math.sqrt(value) * grid.resolutionM
    }
  }
  return distances
}

function transformLine(
  line: Float64Array,
  result: Float64Array,
  length: number,
  vertices: Int32Array,
  bounds: Float64Array,
): void {
  let rightmost = 0
  vertices[0] = 0
  bounds[0] = -Infinity
  bounds[1] = Infinity
  for (let index = 1; index < length; index += 1) {
    for (;;) {
      const vertex = vertices[rightmost]!
      const crossing =
        (line[index]! + index * index - (line[vertex]! + vertex * vertex)) / (2 * index - 2 * vertex)
      if (crossing <= bounds[rightmost]!) {
        rightmost -= 1
        continue
      }
      rightmost += 1
      vertices[rightmost] = index
      bounds[rightmost] = crossing
      bounds[rightmost + 1] = Infinity
      break
    }
  }
  let current = 0
  for (let index = 0; index < length; index += 1) {
    while (bounds[current + 1]! < index) current += 1
    const vertex = vertices[current]!
    result[index] = (index - vertex) * (index - vertex) + line[vertex]!
  }
}

/**
 * Distance in metres from a map point along a direction to the first cell that blocks, at most
 * `maxRangeM` (which also means "nothing hit"). Steps from cell to cell (Amanatides and Woo 1987).
 * Leaving the grid counts as nothing hit.
 */
export function castRay(
  grid: OccupancyGrid,
  from: Point2,
  directionRad: number,
  maxRangeM: number,
  isBlocking: (value: number) => boolean = (value) => value >= 50,
): number {
  const start = toCells(grid, from)
  const dx = Math.cos(directionRad - grid.origin.theta)
  const dy = Math.sin(directionRad - grid.origin.theta)
  const limit = maxRangeM / grid.resolutionM
  let column = Math.floor(start.x)
  let row = Math.floor(start.y)
  const stepX = dx > 0 ? 1 : -1
  const stepY = dy > 0 ? 1 : -1
  const perColumn = dx === 0 ? Infinity : Math.abs(1 / dx)
  const perRow = dy === 0 ? Infinity : Math.abs(1 / dy)
  let toColumn = dx === 0 ? Infinity : (dx > 0 ? column + 1 - start.x : start.x - column) * perColumn
  let toRow = dy === 0 ? Infinity : (dy > 0 ? row + 1 - start.y : start.y - row) * perRow
  let travelled = 0
  while (travelled <= limit) {
    if (column < 0 || row < 0 || column >= grid.width || row >= grid.height) return maxRangeM
    if (isBlocking(grid.data[row * grid.width + column]!)) return travelled * grid.resolutionM
    if (toColumn < toRow) {
      travelled = toColumn
      toColumn += perColumn
      column += stepX
    } else {
      travelled = toRow
      toRow += perRow
      row += stepY
    }
  }
  return maxRangeM
}
