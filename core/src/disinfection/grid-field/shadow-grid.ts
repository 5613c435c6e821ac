import { wardError } from '../../errors/index.ts'

/** What stands where, seen from above, row by row. */
export interface ShadowGrid {
  readonly width: number
  readonly height: number
  /** Not 0 where light is stopped; `width * height` of them. */
  readonly isBlocked: Uint8Array
}

/** For every cell where in its row blocked and free cells are. */
export interface RowTables {
  /** The column of the first blocked cell from it on; the grid's width where there is none. */
  readonly nextBlocked: Int32Array
  /** The column of the first free cell from it on; the grid's width where there is none. */
  readonly nextFree: Int32Array
  /** The column of the last blocked cell up to it; −1 where there is none. */
  readonly lastBlocked: Int32Array
  /** How many runs of blocked cells there are in all rows. */
  readonly runs: number
}

/** Grids beyond this many columns or rows would bring different slopes too close together (see `createGridField`). */
const MOST_CELLS = 8192

export function rowTables({ width, height, isBlocked }: ShadowGrid): RowTables {
  const nextBlocked = new Int32Array(width * height)
  const nextFree = new Int32Array(width * height)
  const lastBlocked = new Int32Array(width * height)
  let runs = 0
  for (let row = 0; row < height; row += 1) {
    let blocked = width
    let free = width
    for (let column = width - 1; column >= 0; column -= 1) {
      const index = row * width + column
      if (isBlocked[index] === 0) free = column
      else {
        if (blocked !== column + 1) runs += 1
        blocked = column
      }
      nextBlocked[index] = blocked
      nextFree[index] = free
    }
    let last = -1
    for (let column = 0; column < width; column += 1) {
      const index = row * width + column
      if (isBlocked[index] !== 0) last = column
      lastBlocked[index] = last
    }
  }
  return { nextBlocked, nextFree, lastBlocked, runs }
}

/** @throws WARD_ERR_VALIDATION for a grid or kernel whose size is not right, or a kernel with values that are no numbers */
export function checkGrid({ width, height, isBlocked }: ShadowGrid, kernel: Float64Array): void {
  const isSize = (count: number) => Number.isInteger(count) && count >= 1 && count <= MOST_CELLS
  if (!isSize(width) || !isSize(height) || isBlocked.length !== width * height) {
    throw wardError('WARD_ERR_VALIDATION', {
      what: `A grid of ${width} × ${height} cells has ${isBlocked.length} values`,
      where: 'grid',
      remedy: `Give 1 to ${MOST_CELLS} columns and rows, and one value for each cell.`,
    })
  }
  if (kernel.length !== (2 * width - 1) * height) {
    throw wardError('WARD_ERR_VALIDATION', {
      what: `The kernel has ${kernel.length} values for a grid of ${width} × ${height} cells`,
      where: 'kernel',
      remedy: `Give ${(2 * width - 1) * height} values, as lineLampKernel does.`,
    })
  }
  checkFinite(kernel, 'kernel')
}

/** What is dark is added with weight 0, which only a finite number survives. */
export function checkFinite(values: Float64Array | Float32Array, where: string): void {
  const index = values.findIndex((value) => !Number.isFinite(value))
  if (index < 0) return
  throw wardError('WARD_ERR_VALIDATION', {
    what: `Value ${index} of the ${where} is ${values[index]}`,
    where,
    remedy: 'Give finite numbers.',
  })
}

/** @throws WARD_ERR_VALIDATION for a cell outside of the grid, or a time that is no finite number */
export function checkPlace(
  { width, height }: ShadowGrid,
  column: number,
  row: number,
  seconds: number,
): void {
  const isInside =
    Number.isInteger(column) &&
    Number.isInteger(row) &&
    column >= 0 &&
    row >= 0 &&
    column < width &&
    row < height
  if (!isInside) {
    throw wardError('WARD_ERR_VALIDATION', {
      what: `Column ${column}, row ${row} is no cell of a grid of ${width} × ${height}`,
      where: 'column, row',
      remedy: 'Give whole numbers from 0, below width and height.',
    })
  }
  if (!Number.isFinite(seconds)) {
    throw wardError('WARD_ERR_VALIDATION', {
      what: `A lamp stands for ${seconds} seconds`,
      where: 'seconds',
      remedy: 'Give a finite number of seconds.',
    })
  }
}
