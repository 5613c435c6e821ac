import { wardError } from '../../errors/index.ts'
import { lineSourceFactor, MICROWATTS_PER_CM2 } from '../line-source.ts'
import { tubeOutput } from '../lamp.ts'
import type { LampModel } from '../types.ts'

/** What stands where, seen from above, row by row. */
export interface ShadowGrid {
  readonly width: number
  readonly height: number
  /** Not 0 where light is stopped; `width * height` of them. */
  readonly isBlocked: Uint8Array
}

export interface GridField {
  /** What has been added, in the kernel's unit times seconds, row by row. It is the field's own: read it, or copy it. */
  readonly dose: Float64Array
  /**
   * Adds the light of a lamp in the middle of a cell. Allocates nothing. A lamp in a blocked cell gives no light.
   *
   * @throws WARD_ERR_VALIDATION for a cell outside of the grid
   */
  add(column: number, row: number, seconds: number): void
  /** Back to no light. */
  clear(): void
}

/** Far above rounding, far below what two different slopes of a grid differ by (see `createGridField`). */
const ROUNDING = 1e-9

/** Grids beyond this many columns or rows would bring different slopes too close to `ROUNDING`. */
const MOST_CELLS = 8192

/**
 * Irradiance in µW/cm² by how many cells a place lies away from the lamp: `kernel[|rows| * (2 width − 1) + width − 1 + columns]`.
 * It is that on a small upright surface `heightM` above the floor that is turned to the lamp; all tubes count as standing in its
 * middle. Nearer than half a cell it is that of half a cell.
 *
 * @param resolutionM edge of a cell
 */
export function lineLampKernel(
  { width, height }: Pick<ShadowGrid, 'width' | 'height'>,
  resolutionM: number,
  lamp: LampModel,
  heightM: number,
): Float64Array {
  const span = 2 * width - 1
  const kernel = new Float64Array(span * height)
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const d = Math.max(0.5, Math.hypot(column, row)) * resolutionM
      let irradiance = 0
      for (const tube of lamp.tubes) {
        const wattsPerM = (tube.radiantPowerW * tubeOutput(lamp, tube)) / (tube.zTopM - tube.zBottomM)
        irradiance +=
          MICROWATTS_PER_CM2 *
          wattsPerM *
          lineSourceFactor(d, 1, 0, tube.zBottomM - heightM, tube.zTopM - heightM)
      }
      kernel[row * span + width - 1 + column] = irradiance
      kernel[row * span + width - 1 - column] = irradiance
    }
  }
  return kernel
}

/**
 * Light with shadows on a grid seen from above, for many lamp positions at once.
 *
 * A cell is lit when it is not blocked and the straight line from the middle of the lamp's cell to its own middle runs through the
 * inside of no blocked cell. What the line merely touches, an edge or a corner, hides nothing, so it passes between two blocked
 * cells that meet in a corner. That is exact, the same there and back, and says nothing of heights: what is blocked is blocked
 * from floor to ceiling. A lit cell gets what the kernel says for its offset.
 *
 * Rows are swept away from the lamp, above and below it. What is carried from row to row is which slopes (columns a row) are
 * still lit, as closed intervals in ascending order. A run of blocked cells takes out the open interval of the slopes that pass
 * through it; the lit cells of an interval are contiguous, so that their piece of the kernel is added in one go.
 *
 * Slopes are quotients of integers of at most twice the grid's size, in double precision: equal ones are equal, and different
 * ones differ by more than `ROUNDING`, so that nothing is decided by rounding.
 *
 * @param kernel as of `lineLampKernel`
 * @throws WARD_ERR_VALIDATION for a grid or kernel whose size is not right
 */
export function createGridField(grid: ShadowGrid, kernel: Float64Array): GridField {
  checkSizes(grid, kernel)
  const { width, height, isBlocked } = grid
  const span = 2 * width - 1
  const dose = new Float64Array(width * height)
  const { nextBlocked, nextFree, runs } = runsOf(grid)
  // Every run splits at most one interval in two.
  let lit = new Float64Array(2 * runs + 4)
  let litNext = new Float64Array(2 * runs + 4)

  function addRun(target: number, source: number, count: number, seconds: number): void {
    for (let index = 0; index < count; index += 1) {
      dose[target + index]! += seconds * kernel[source + index]!
    }
  }

  /** One side of the lamp: `step` 1 upwards, −1 downwards; `rows` there are. */
  function sweep(
    column: number,
    row: number,
    step: number,
    rows: number,
    lo0: number,
    hi0: number,
    seconds: number,
  ): void {
    lit[0] = lo0
    lit[1] = hi0
    let count = 1
    const left = -column
    const right = width - 1 - column
    for (let j = 1; j <= rows && count > 0; j += 1) {
      const base = (row + step * j) * width + column
      const source = j * span + width - 1
      const near = j - 0.5
      const far = j + 0.5
      // Beyond these slopes no cell of this row or a later one is in the grid.
      const least = left / j
      const most = right / j
      let kept = 0
      for (let interval = 0; interval < count; interval += 1) {
        let lo = lit[2 * interval]!
        let hi = lit[2 * interval + 1]!
        if (lo < least) lo = least
        if (hi > most) hi = most
        if (lo > hi) continue
        // The next cell to be lit, and the last one of the interval.
        let next = Math.ceil(lo * j - ROUNDING)
        const end = Math.floor(hi * j + ROUNDING)
        // The cells of this row through whose inside some slope of the interval passes.
        let cell = Math.max(left, Math.floor((lo >= 0 ? lo * near : lo * far) + 0.5 + ROUNDING))
        const last = Math.min(right, Math.ceil((hi >= 0 ? hi * far : hi * near) + 0.5 - ROUNDING) - 1)
        while (cell <= last) {
          const first = nextBlocked[base + cell]! - column
          if (first > last) break
          const behind = nextFree[base + first]! - column
          // The slopes through the run are those between `from` and `to`, without the two.
          const from = (first - 0.5) / (first > 0 ? far : near)
          const to = (behind - 0.5) / (behind > 0 ? near : far)
          // In this row it hides itself, and beyond it, seen from the lamp, what lies in its shadow before half of the row.
          const before = first > 0 ? first - 1 : Math.min(first - 1, Math.floor(from * j + ROUNDING))
          const until = before < end ? before : end
          if (next <= until) addRun(base + next, source + next, until - next + 1, seconds)
          const after = behind > 0 ? Math.max(behind, Math.ceil(to * j - ROUNDING)) : behind
          if (after > next) next = after
          if (from >= lo && lo <= hi) {
            litNext[2 * kept] = lo
            litNext[2 * kept + 1] = from < hi ? from : hi
            kept += 1
          }
          // What no slope is left for may still hide cells of this row: the runs to come are looked at all the same.
          if (to > lo) lo = to
          cell = behind
        }
        if (next <= end) addRun(base + next, source + next, end - next + 1, seconds)
        if (lo <= hi) {
          litNext[2 * kept] = lo
          litNext[2 * kept + 1] = hi
          kept += 1
        }
      }
      const swap = lit
      lit = litNext
      litNext = swap
      count = kept
    }
  }

  return {
    dose,
    add(column, row, seconds) {
      checkCell(grid, column, row)
      const own = row * width + column
      if (isBlocked[own] !== 0) return
      const nextRight = nextBlocked[own]! - column
      let nextLeft = 1
      while (nextLeft <= column && isBlocked[own - nextLeft] === 0) nextLeft += 1
      addRun(own - nextLeft + 1, width - nextLeft, nextLeft + nextRight - 1, seconds)
      // What is blocked in the lamp's own row stops the slopes that reach it within the half row.
      const lo = 1 - 2 * nextLeft
      const hi = 2 * nextRight - 1
      sweep(column, row, 1, height - 1 - row, lo, hi, seconds)
      sweep(column, row, -1, row, lo, hi, seconds)
    },
    clear() {
      dose.fill(0)
    },
  }
}

/** For every cell the column of the first blocked and the first free cell from it on; the grid's width where there is none. */
function runsOf({ width, height, isBlocked }: ShadowGrid) {
  const nextBlocked = new Int32Array(width * height)
  const nextFree = new Int32Array(width * height)
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
  }
  return { nextBlocked, nextFree, runs }
}

function checkSizes({ width, height, isBlocked }: ShadowGrid, kernel: Float64Array): void {
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
}

function checkCell({ width, height }: ShadowGrid, column: number, row: number): void {
  const isInside =
    Number.isInteger(column) &&
    Number.isInteger(row) &&
    column >= 0 &&
    row >= 0 &&
    column < width &&
    row < height
  if (isInside) return
  throw wardError('WARD_ERR_VALIDATION', {
    what: `Column ${column}, row ${row} is no cell of a grid of ${width} × ${height}`,
    where: 'column, row',
    remedy: 'Give whole numbers from 0, below width and height.',
  })
}
