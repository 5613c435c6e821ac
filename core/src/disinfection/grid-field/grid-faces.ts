import { wardError } from '../../errors/index.ts'
import { tubeOutput } from '../lamp.ts'
import { lineSourceFactor, MICROWATTS_PER_CM2 } from '../line-source.ts'
import type { LampModel } from '../types.ts'
import { checkFinite, type ShadowGrid } from './shadow-grid.ts'

/** Which way a face looks, as an index into `faceOf` and a value of `sides`. */
export const FACE_SIDES = { toLowerRows: 0, toHigherRows: 1, toLowerColumns: 2, toHigherColumns: 3 } as const

/** The upright faces between a blocked and a free cell of a grid: by side, and within a side row by row. */
export interface GridFaces {
  readonly count: number
  /** The blocked cell that the face belongs to, `row * width + column`. */
  readonly cells: Int32Array
  /** One of `FACE_SIDES`. */
  readonly sides: Uint8Array
  /** By `side * width * height + cell` the face's number; −1 where there is none. */
  readonly faceOf: Int32Array
}

/** Irradiance in µW/cm² on patches of an upright face, by where it stands to the lamp. */
export interface FaceKernel {
  /** Patches of a face, one above the other. */
  readonly heights: number
  /** How many cells away it goes, in both directions: the greater of the grid's width and height. */
  readonly reach: number
  /**
   * `values[(ahead * reach + aside) * heights + height]` for a face whose plane is `ahead + 0.5` cells from the lamp and whose
   * middle is `aside` cells to a side of the foot of that perpendicular. Single precision: the table is what costs, and a
   * part in ten million is nothing to a lamp.
   */
  readonly values: Float32Array
}

/** Faces at the grid's own edge are none: nobody can stand outside. */
export function gridFaces({ width, height, isBlocked }: ShadowGrid): GridFaces {
  const size = width * height
  const faceOf = new Int32Array(4 * size).fill(-1)
  const cells: number[] = []
  const sides: number[] = []
  const look = [
    { side: FACE_SIDES.toLowerRows, columns: 0, rows: -1 },
    { side: FACE_SIDES.toHigherRows, columns: 0, rows: 1 },
    { side: FACE_SIDES.toLowerColumns, columns: -1, rows: 0 },
    { side: FACE_SIDES.toHigherColumns, columns: 1, rows: 0 },
  ]
  for (const { side, columns, rows } of look) {
    for (let cell = 0; cell < size; cell += 1) {
      const column = (cell % width) + columns
      const row = Math.floor(cell / width) + rows
      const isFace =
        isBlocked[cell] !== 0 &&
        column >= 0 &&
        column < width &&
        row >= 0 &&
        row < height &&
        isBlocked[row * width + column] === 0
      if (!isFace) continue
      faceOf[side * size + cell] = cells.length
      cells.push(cell)
      sides.push(side)
    }
  }
  return { count: cells.length, cells: Int32Array.from(cells), sides: Uint8Array.from(sides), faceOf }
}

/**
 * What a lamp gives to upright patches at some heights above the floor; all tubes count as standing in its middle.
 *
 * @param resolutionM edge of a cell
 * @param heightsM of the patches' middles
 */
export function lineLampFaceKernel(
  { width, height }: Pick<ShadowGrid, 'width' | 'height'>,
  resolutionM: number,
  lamp: LampModel,
  heightsM: readonly number[],
): FaceKernel {
  const reach = Math.max(width, height)
  const heights = heightsM.length
  const values = new Float32Array(reach * reach * heights)
  for (let ahead = 0; ahead < reach; ahead += 1) {
    for (let aside = 0; aside < reach; aside += 1) {
      const cells = Math.hypot(ahead + 0.5, aside)
      const cosine = (ahead + 0.5) / cells
      heightsM.forEach((heightM, index) => {
        let irradiance = 0
        for (const tube of lamp.tubes) {
          const wattsPerM = (tube.radiantPowerW * tubeOutput(lamp, tube)) / (tube.zTopM - tube.zBottomM)
          const factor = lineSourceFactor(
            cells * resolutionM,
            cosine,
            0,
            tube.zBottomM - heightM,
            tube.zTopM - heightM,
          )
          irradiance += MICROWATTS_PER_CM2 * wattsPerM * factor
        }
        values[(ahead * reach + aside) * heights + index] = irradiance
      })
    }
  }
  return { heights, reach, values }
}

/** @throws WARD_ERR_VALIDATION for a kernel whose size is not right, or with values that are no numbers */
export function checkFaceKernel({ width, height }: ShadowGrid, kernel: FaceKernel): void {
  const { heights, reach, values } = kernel
  const isRight =
    Number.isInteger(heights) &&
    heights >= 1 &&
    reach === Math.max(width, height) &&
    values.length === reach * reach * heights
  if (!isRight) {
    throw wardError('WARD_ERR_VALIDATION', {
      what: `A face kernel of ${heights} heights and reach ${reach} has ${values.length} values, for a grid of ${width} × ${height} cells`,
      where: 'faceKernel',
      remedy:
        'Give at least one height, the greater of width and height as reach, and reach² × heights values.',
    })
  }
  checkFinite(values, 'faceKernel')
}
