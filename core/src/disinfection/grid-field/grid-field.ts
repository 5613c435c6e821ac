import { tubeOutput } from '../lamp.ts'
import { lineSourceFactor, MICROWATTS_PER_CM2 } from '../line-source.ts'
import type { LampModel } from '../types.ts'
import { checkFaceKernel, FACE_SIDES, gridFaces, type FaceKernel, type GridFaces } from './grid-faces.ts'
import { checkGrid, checkPlace, rowTables, type ShadowGrid } from './shadow-grid.ts'

export interface GridField {
  /** What has been added, in the kernel's unit times seconds, row by row. It is the field's own: read it, or copy it. */
  readonly dose: Float64Array
  /** The upright faces, where a kernel for them was given. */
  readonly faces: GridFaces | null
  /** Dose on the patches of the faces, `faceDose[face * heights + height]`; empty without a kernel for them. */
  readonly faceDose: Float64Array
  /**
   * Adds the light of a lamp in the middle of a cell. Allocates nothing. A lamp in a blocked cell gives no light.
   *
   * @throws WARD_ERR_VALIDATION for a cell outside of the grid, or a time that is no finite number
   */
  add(column: number, row: number, seconds: number): void
  /** Back to no light. */
  clear(): void
}

/** Far above rounding, far below what two different slopes of a grid differ by (see `createGridField`). */
const ROUNDING = 1e-9

/** `addRun` goes by four; the last up to three come with weights, so that it reads and adds nothing to up to three more. */
const STRIDE = 4

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

/** What a sweep works on. */
interface Sweep {
  readonly width: number
  /**
   * The dose of the cells, their kernel, the dose of the faces and their kernel, each with room for what `addRun` touches beyond
   * its end. One array, because V8 checks every array that a loop touches, in every turn.
   */
  readonly values: Float64Array
  readonly kernelAt: number
  /** `STRIDE − 1` times the seconds, then as many zeros. */
  readonly weights: Float64Array
  readonly nextBlocked: Int32Array
  readonly nextFree: Int32Array
  /** Wedges that are still to be followed: their slopes and the row to go on from. */
  readonly stackLo: Float64Array
  readonly stackHi: Float64Array
  readonly stackRow: Int32Array
  readonly lights: FaceLights | null
}

/** The faces that a lamp lights are first found, all of them, and then lit: two short loops are faster than one long one. */
interface FaceLights {
  /** Where the dose and the kernel of each face found begin, in turns. */
  readonly found: Int32Array
  count: number
  readonly doseAt: number
  readonly kernelAt: number
  readonly size: number
  readonly faceOf: Int32Array
  readonly heights: number
  readonly reach: number
}

/**
 * Light with shadows on a grid seen from above, for many lamp positions at once.
 *
 * A cell is lit when it is not blocked and the straight line from the middle of the lamp's cell to its own middle runs through the
 * inside of no blocked cell. What the line merely touches, an edge or a corner, hides nothing, so it passes between two blocked
 * cells that meet in a corner. That is exact, the same there and back, and says nothing of heights: what is blocked is blocked
 * from floor to ceiling. A lit cell gets what the kernel says for its offset. In the same way an upright face between a blocked
 * and a free cell is lit when it looks towards the lamp and nothing blocked is crossed on the way to the middle of its edge.
 *
 * Rows are swept away from the lamp, above and below it. What is followed is a wedge, a closed interval of slopes (columns a row)
 * that are still lit, for as many rows as it meets nothing. A run of blocked cells takes out the open interval of the slopes that
 * pass through it and may leave two wedges; one is followed further, the other waits on a stack. The lit cells of a wedge are
 * contiguous in a row, so that their piece of the kernel is added in one go.
 *
 * Slopes are quotients of integers of at most twice the grid's size, in double precision: equal ones are equal, and different
 * ones differ by more than `ROUNDING`, so that nothing is decided by rounding.
 *
 * `createWasmGridField` gives the same numbers, faster. This is the one to read, and to check that one by.
 *
 * @param kernel as of `lineLampKernel`; it is copied
 * @param faceKernel as of `lineLampFaceKernel`, if faces are to be lit as well
 * @throws WARD_ERR_VALIDATION for a grid or kernel whose size is not right, or a kernel with values that are not finite
 */
export function createGridField(
  grid: ShadowGrid,
  kernel: Float64Array,
  faceKernel: FaceKernel | null = null,
): GridField {
  checkGrid(grid, kernel)
  if (faceKernel !== null) checkFaceKernel(grid, faceKernel)
  const { width, height, isBlocked } = grid
  const { nextBlocked, nextFree, lastBlocked, runs } = rowTables(grid)
  const size = width * height
  const faces = faceKernel === null ? null : gridFaces(grid)
  const patches = (faces?.count ?? 0) * (faceKernel?.heights ?? 0)
  const kernelAt = size + STRIDE
  const faceDoseAt = kernelAt + kernel.length + STRIDE
  const faceKernelAt = faceDoseAt + patches + STRIDE
  const values = new Float64Array(faceKernelAt + (faceKernel?.values.length ?? 0) + STRIDE)
  values.set(kernel, kernelAt)
  if (faceKernel !== null) values.set(faceKernel.values, faceKernelAt)
  const dose = values.subarray(0, size)
  const faceDose = values.subarray(faceDoseAt, faceDoseAt + patches)
  const weights = new Float64Array(2 * STRIDE)
  const lights: FaceLights | null =
    faceKernel === null || faces === null
      ? null
      : {
          found: new Int32Array(2 * faces.count),
          count: 0,
          doseAt: faceDoseAt,
          kernelAt: faceKernelAt,
          size,
          faceOf: faces.faceOf,
          heights: faceKernel.heights,
          reach: faceKernel.reach,
        }
  const state: Sweep = {
    width,
    values,
    kernelAt,
    weights,
    nextBlocked,
    nextFree,
    // Every run splits at most one wedge in two.
    stackLo: new Float64Array(runs + 2),
    stackHi: new Float64Array(runs + 2),
    stackRow: new Int32Array(runs + 2),
    lights,
  }
  return {
    dose,
    faces,
    faceDose,
    add(column, row, seconds) {
      checkPlace(grid, column, row, seconds)
      const own = row * width + column
      if (isBlocked[own] !== 0) return
      const right = nextBlocked[own]! - column
      const left = column - lastBlocked[own]!
      if (weights[0] !== seconds) weights.fill(seconds, 0, STRIDE - 1)
      addRun(values, weights, own - left + 1, kernelAt + width - left, left + right - 1, seconds)
      if (lights !== null) {
        if (left <= column) findFace(lights, FACE_SIDES.toHigherColumns, own - left, left - 1, 0)
        if (column + right < width) findFace(lights, FACE_SIDES.toLowerColumns, own + right, right - 1, 0)
      }
      // What is blocked in the lamp's own row stops the slopes that reach it within the half row.
      const lo = 1 - 2 * left
      const hi = 2 * right - 1
      sweep(state, column, row, 1, height - 1 - row, lo, hi, seconds)
      sweep(state, column, row, -1, row, lo, hi, seconds)
      if (lights !== null) lightFaces(lights, values, weights, seconds)
    },
    clear() {
      dose.fill(0)
      faceDose.fill(0)
    },
  }
}

/** Adds a piece of the kernel to as many cells. By fours: V8 checks its arrays anew after every turn of a loop. */
function addRun(
  values: Float64Array,
  weights: Float64Array,
  target: number,
  source: number,
  count: number,
  seconds: number,
): void {
  const end = (target + count - 3) | 0
  let t = target
  let s = source
  for (; t < end; t = (t + 4) | 0, s = (s + 4) | 0) {
    values[t] = values[t]! + seconds * values[s]!
    values[t + 1] = values[t + 1]! + seconds * values[s + 1]!
    values[t + 2] = values[t + 2]! + seconds * values[s + 2]!
    values[t + 3] = values[t + 3]! + seconds * values[s + 3]!
  }
  // Up to three are left; with weights there is no branch to be guessed wrong.
  const w = (t - end) | 0
  values[t] = values[t]! + weights[w]! * values[s]!
  values[t + 1] = values[t + 1]! + weights[w + 1]! * values[s + 1]!
  values[t + 2] = values[t + 2]! + weights[w + 2]! * values[s + 2]!
}

/**
 * One side of the lamp. Columns are counted from the grid's first, slopes from the lamp.
 *
 * @param step 1 upwards, −1 downwards
 * @param rows that there are on this side
 */
function sweep(
  state: Sweep,
  column: number,
  row: number,
  step: number,
  rows: number,
  lo0: number,
  hi0: number,
  seconds: number,
): void {
  const { width, values, kernelAt, weights, nextBlocked, nextFree, stackLo, stackHi, stackRow, lights } =
    state
  const span = 2 * width - 1
  const stride = step * width
  const right = width - 1
  const ahead = step > 0 ? FACE_SIDES.toLowerRows : FACE_SIDES.toHigherRows
  // What is cut off is never negative, and so `| 0` rounds down.
  const forNext = column + 1 - ROUNDING
  const forEnd = column + ROUNDING
  const forFirst = column + 0.5 + ROUNDING
  const forLast = column + 0.5 - ROUNDING
  let depth = 1
  stackLo[0] = lo0
  stackHi[0] = hi0
  stackRow[0] = 1
  while (depth > 0) {
    depth -= 1
    let lo = stackLo[depth]!
    let hi = stackHi[depth]!
    let j = stackRow[depth]!
    // Where a slope is at its least and most within a row: at the half row before or after.
    let atFirst = forFirst - 0.5 * Math.abs(lo)
    let atLast = forLast + 0.5 * Math.abs(hi)
    let base = row * width + stride * j
    let source = kernelAt + j * span + right - column
    for (; j <= rows; j += 1, base = (base + stride) | 0, source = (source + span) | 0) {
      const xLo = lo * j
      const xHi = hi * j
      // The cells of this row through whose inside some slope of the wedge passes. Out of the grid it never comes back.
      let first = (xLo + atFirst) | 0
      if (first < 0) first = 0
      if (first > right || xHi + atLast < 0) break
      let last = (xHi + atLast) | 0
      if (last > right) last = right
      // The next cell to be lit, and the last one of the wedge.
      let next = (xLo + forNext) | 0
      if (next < 0) next = 0
      let end = xHi + forEnd < 0 ? -1 : (xHi + forEnd) | 0
      if (end > right) end = right

      let blocked = nextBlocked[base + first]!
      if (blocked > last) {
        if (next <= end) {
          addRun(values, weights, (base + next) | 0, (source + next) | 0, (end - next + 1) | 0, seconds)
        }
        continue
      }
      const near = j - 0.5
      const far = j + 0.5
      const waiting = depth
      // What looks towards the rows before is lit where the wedge enters this one.
      const leastAhead = (lo * near + forNext) | 0
      const mostAhead = hi * near + forEnd < 0 ? -1 : (hi * near + forEnd) | 0
      do {
        const behind = nextFree[base + blocked]!
        // The slopes through the run are those between `from` and `to`, without the two.
        const from = (blocked - column - 0.5) / (blocked > column ? far : near)
        const to = (behind - column - 0.5) / (behind > column ? near : far)
        const following = behind > last ? width : nextBlocked[base + behind]!
        if (lights !== null) {
          // Beside the lamp, middles of faces are odd over even and slopes that bound a wedge odd over odd: they are never equal.
          if (blocked > column) {
            const edge = blocked - column - 0.5
            if (edge > lo * j && edge < xHi) {
              findFace(lights, FACE_SIDES.toLowerColumns, base + blocked, blocked - column - 1, j)
            }
          } else if (behind <= column) {
            const edge = behind - column - 0.5
            // The run that follows stands before it.
            const isHidden = edge * near > (following - column - 0.5) * j
            if (edge > xLo && edge < xHi && !isHidden) {
              findFace(lights, FACE_SIDES.toHigherColumns, base + behind - 1, column - behind, j)
            }
          }
          const most = behind <= mostAhead ? behind - 1 : mostAhead
          for (let cell = blocked > leastAhead ? blocked : leastAhead; cell <= most; cell += 1) {
            findFace(lights, ahead, base + cell, j - 1, Math.abs(cell - column))
          }
        }
        // In this row it hides itself, and beyond it, seen from the lamp, what lies in its shadow before half of the row.
        let until = blocked - 1
        if (blocked <= column) until = Math.min(until, column + Math.floor(from * j + ROUNDING))
        if (until > end) until = end
        if (next <= until) {
          addRun(values, weights, (base + next) | 0, (source + next) | 0, (until - next + 1) | 0, seconds)
        }
        let after = behind
        if (behind > column) after = Math.max(after, column + Math.ceil(to * j - ROUNDING))
        if (after > next) next = after
        if (from >= lo && lo <= hi) {
          stackLo[depth] = lo
          stackHi[depth] = from < hi ? from : hi
          stackRow[depth] = j + 1
          depth += 1
        }
        // What no slope is left for may still hide cells of this row: the runs to come are looked at all the same.
        if (to > lo) lo = to
        blocked = following
      } while (blocked <= last)
      if (next <= end) {
        addRun(values, weights, (base + next) | 0, (source + next) | 0, (end - next + 1) | 0, seconds)
      }
      if (lo > hi) {
        if (depth === waiting) break
        depth -= 1
        lo = stackLo[depth]!
        hi = stackHi[depth]!
      }
      atFirst = forFirst - 0.5 * Math.abs(lo)
      atLast = forLast + 0.5 * Math.abs(hi)
    }
  }
}

/** Notes a face whose plane is `ahead + 0.5` cells from the lamp and whose middle is `aside` along it. */
function findFace(lights: FaceLights, side: number, cell: number, ahead: number, aside: number): void {
  const { found, doseAt, kernelAt, size, faceOf, heights, reach } = lights
  const at = lights.count
  found[at] = doseAt + faceOf[side * size + cell]! * heights
  found[at + 1] = kernelAt + (ahead * reach + aside) * heights
  lights.count = at + 2
}

function lightFaces(lights: FaceLights, values: Float64Array, weights: Float64Array, seconds: number): void {
  const { found, count, heights } = lights
  for (let at = 0; at < count; at += 2) {
    addRun(values, weights, found[at]!, found[at + 1]!, heights, seconds)
  }
  lights.count = 0
}
