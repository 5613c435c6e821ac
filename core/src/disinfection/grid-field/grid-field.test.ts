import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LAMP } from '../lamp.ts'
import { FACE_SIDES, lineLampFaceKernel, type FaceKernel } from './grid-faces.ts'
import { createGridField, lineLampKernel, type GridField } from './grid-field.ts'
import type { ShadowGrid } from './shadow-grid.ts'

const side = fc.integer({ min: 1, max: 24 })

/** Narrow ones with little in them as well: there, wedges leave the grid in the midst of a row. */
const grids = fc
  .oneof(
    fc.record({ width: side, height: side, share: fc.double({ min: 0, max: 0.5, noNaN: true }) }),
    fc.record({
      width: fc.integer({ min: 1, max: 9 }),
      height: side,
      share: fc.constantFrom(0.05, 0.1, 0.15),
    }),
  )
  .chain(({ width, height, share }) =>
    fc.record({
      grid: fc
        .array(fc.double({ min: 0, max: 1, noNaN: true }), {
          minLength: width * height,
          maxLength: width * height,
        })
        .map((values): ShadowGrid => ({
          width,
          height,
          isBlocked: Uint8Array.from(values, (value) => (value < share ? 1 : 0)),
        })),
      column: fc.integer({ min: 0, max: width - 1 }),
      row: fc.integer({ min: 0, max: height - 1 }),
    }),
  )

/** A kernel in which every offset has a value of its own, so that a cell taken for another shows. */
function tellingKernel({ width, height }: ShadowGrid): Float64Array {
  return new Float64Array((2 * width - 1) * height).map((_, index) => 1 + index)
}

/** A face kernel in which every place and height has a value of its own. */
function tellingFaceKernel({ width, height }: ShadowGrid, heights: number): FaceKernel {
  const reach = Math.max(width, height)
  return { heights, reach, values: new Float32Array(reach * reach * heights).map((_, index) => 1 + index) }
}

/** Whether a line between the middles of two cells runs through the inside of a blocked one. */
function isLit(grid: ShadowGrid, fromColumn: number, fromRow: number, column: number, row: number): boolean {
  return grid.isBlocked[row * grid.width + column] === 0 && isSeen(grid, fromColumn, fromRow, column, row)
}

/**
 * Whether the line from the middle of a cell to a place, in cells, runs through the inside of no blocked cell: every cell is tried,
 * in whole numbers and halves.
 */
function isSeen(
  { width, height, isBlocked }: ShadowGrid,
  fromColumn: number,
  fromRow: number,
  column: number,
  row: number,
): boolean {
  const dx = column - fromColumn
  const dy = row - fromRow
  for (let r = 0; r < height; r += 1) {
    for (let c = 0; c < width; c += 1) {
      if (isBlocked[r * width + c] === 0) continue
      // Corners of the cell, doubled so that all is whole; on which side of the line are they?
      const sides = [
        [-1, -1],
        [1, -1],
        [1, 1],
        [-1, 1],
      ].map(([ox, oy]) => dx * (2 * (r - fromRow) + oy!) - dy * (2 * (c - fromColumn) + ox!))
      if (!(Math.min(...sides) < 0 && Math.max(...sides) > 0)) continue
      // The line crosses its inside; does the piece between the two middles?
      const isBetween = (from: number, to: number, cell: number) => {
        const low = Math.min(from, to)
        const high = Math.max(from, to)
        return 2 * cell + 1 > 2 * low && 2 * cell - 1 < 2 * high
      }
      const overlaps =
        (dx === 0 ? c === fromColumn : isBetween(fromColumn, column, c)) &&
        (dy === 0 ? r === fromRow : isBetween(fromRow, row, r))
      if (overlaps && isInsideReached(dx, dy, 2 * (c - fromColumn), 2 * (r - fromRow))) return false
    }
  }
  return true
}

/** Whether the piece from 0 to 2 (dx, dy) has a part inside of the square of side 2 around (x, y): by the slabs' parameters, as fractions. */
function isInsideReached(dx: number, dy: number, x: number, y: number): boolean {
  let enter = 0
  let leave = 1
  for (const [d, at] of [
    [2 * dx, x],
    [2 * dy, y],
  ] as const) {
    if (d === 0) {
      if (!(at - 1 < 0 && at + 1 > 0)) return false
      continue
    }
    const one = (at - 1) / d
    const other = (at + 1) / d
    enter = Math.max(enter, Math.min(one, other))
    leave = Math.min(leave, Math.max(one, other))
  }
  return leave - enter > 1e-12
}

function bruteForce(
  grid: ShadowGrid,
  kernel: Float64Array,
  fromColumn: number,
  fromRow: number,
): Float64Array {
  const { width, height, isBlocked } = grid
  const dose = new Float64Array(width * height)
  if (isBlocked[fromRow * width + fromColumn] !== 0) return dose
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      if (!isLit(grid, fromColumn, fromRow, column, row)) continue
      dose[row * width + column] =
        kernel[Math.abs(row - fromRow) * (2 * width - 1) + width - 1 + column - fromColumn]!
    }
  }
  return dose
}

function bruteForceFaces(
  grid: ShadowGrid,
  { heights, reach, values }: FaceKernel,
  fromColumn: number,
  fromRow: number,
): Map<string, readonly number[]> {
  const { width, height, isBlocked } = grid
  const isFree = (column: number, row: number) =>
    column >= 0 && column < width && row >= 0 && row < height && isBlocked[row * width + column] === 0
  const dose = new Map<string, readonly number[]>()
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      if (isFree(column, row)) continue
      for (const [side, [x, y]] of [
        [0, -1],
        [0, 1],
        [-1, 0],
        [1, 0],
      ].entries()) {
        if (!isFree(column + x!, row + y!)) continue
        const middle = { column: column + x! / 2, row: row + y! / 2 }
        const ahead = (fromColumn - middle.column) * x! + (fromRow - middle.row) * y!
        const aside = Math.abs(x === 0 ? column - fromColumn : row - fromRow)
        const isFacing = ahead > 0 && isFree(fromColumn, fromRow)
        const isLit = isFacing && isSeen(grid, fromColumn, fromRow, middle.column, middle.row)
        const at = ((ahead - 0.5) * reach + aside) * heights
        dose.set(
          `${column}, ${row}, side ${side}`,
          isLit ? [...values.slice(at, at + heights)] : Array.from({ length: heights }, () => 0),
        )
      }
    }
  }
  return dose
}

/** The dose of the faces of a field, named as `bruteForceFaces` does. */
function facesOf({ faces, faceDose }: GridField, { width }: ShadowGrid, heights: number) {
  return new Map(
    Array.from(faces!.cells, (cell, face) => [
      `${cell % width}, ${Math.floor(cell / width)}, side ${faces!.sides[face]!}`,
      [...faceDose.subarray(face * heights, (face + 1) * heights)],
    ]),
  )
}

function lit(grid: ShadowGrid, kernel: Float64Array, column: number, row: number): Float64Array {
  const field = createGridField(grid, kernel)
  field.add(column, row, 1)
  return field.dose
}

describe('createGridField', () => {
  it('lights exactly the cells whose line to the lamp no blocked cell crosses', () => {
    fc.assert(
      fc.property(grids, ({ grid, column, row }) => {
        const kernel = tellingKernel(grid)
        expect(lit(grid, kernel, column, row)).toEqual(bruteForce(grid, kernel, column, row))
      }),
      { numRuns: 400 },
    )
  })

  it('lights exactly the faces that look to the lamp and whose middle it sees', () => {
    fc.assert(
      fc.property(grids, fc.integer({ min: 1, max: 9 }), ({ grid, column, row }, heights) => {
        const kernel = tellingKernel(grid)
        const faceKernel = tellingFaceKernel(grid, heights)
        const field = createGridField(grid, kernel, faceKernel)
        field.add(column, row, 1)
        expect(facesOf(field, grid, heights)).toEqual(bruteForceFaces(grid, faceKernel, column, row))
        expect(field.dose).toEqual(lit(grid, kernel, column, row))
        field.clear()
        expect(field.faceDose.every((dose) => dose === 0)).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  it('gives a face what the exact field gives a surface there', () => {
    const grid = { width: 31, height: 21, isBlocked: new Uint8Array(31 * 21) }
    grid.isBlocked[4 * 31 + 25] = 1
    const heightsM = [0.3, 1, 1.7]
    const faceKernel = lineLampFaceKernel(grid, 0.1, DEFAULT_LAMP, heightsM)
    const field = createGridField(grid, lineLampKernel(grid, 0.1, DEFAULT_LAMP, 1), faceKernel)
    field.add(10, 12, 2)
    const { faces, faceDose } = field
    expect(faces!.count).toBe(4)
    const isDark = (side: number) => faceDose.subarray(3 * side, 3 * side + 3).every((dose) => dose === 0)
    expect([0, 1, 2, 3].filter((side) => !isDark(side))).toEqual([
      FACE_SIDES.toHigherRows,
      FACE_SIDES.toLowerColumns,
    ])
    // The face to lower columns is 1.45 m ahead of the lamp and 0.8 m aside.
    heightsM.forEach((heightM, index) => {
      let irradiance = 0
      for (const tube of DEFAULT_LAMP.tubes) {
        const steps = 2000
        const pieceM = (tube.zTopM - tube.zBottomM) / steps
        for (let step = 0; step < steps; step += 1) {
          const up = tube.zBottomM + (step + 0.5) * pieceM - heightM
          const r2 = 1.45 ** 2 + 0.8 ** 2 + up ** 2
          const wattsPerM = tube.radiantPowerW / (tube.zTopM - tube.zBottomM)
          // A Lambertian line: P / (π² L) · cos θs · cos θr / r², in µW/cm².
          irradiance +=
            ((100 * wattsPerM) / Math.PI ** 2) *
            (Math.hypot(1.45, 0.8) / Math.sqrt(r2)) *
            (1.45 / Math.sqrt(r2)) *
            (pieceM / r2)
        }
      }
      expect(faceDose[3 * FACE_SIDES.toLowerColumns + index]! / (2 * irradiance)).toBeCloseTo(1, 5)
    })
  })

  it('is the same there and back, never gains from one more blocked cell, and adds up', () => {
    fc.assert(
      fc.property(grids, fc.nat(), ({ grid, column, row }, pick) => {
        const { width, height, isBlocked } = grid
        const ones = new Float64Array((2 * width - 1) * height).fill(1)
        const here = lit(grid, ones, column, row)
        const other = pick % (width * height)
        const back = lit(grid, ones, other % width, Math.floor(other / width))
        if (isBlocked[row * width + column] === 0) expect(back[row * width + column]).toBe(here[other])

        const more = { ...grid, isBlocked: isBlocked.slice() }
        more.isBlocked[other] = 1
        lit(more, ones, column, row).forEach((dose, index) => expect(dose).toBeLessThanOrEqual(here[index]!))

        const field = createGridField(grid, ones)
        field.add(column, row, 2)
        field.add(other % width, Math.floor(other / width), 3)
        field.dose.forEach((dose, index) => expect(dose).toBe(2 * here[index]! + 3 * back[index]!))
        field.clear()
        expect(Math.max(...field.dose)).toBe(0)
      }),
      { numRuns: 150 },
    )
  })

  it('gives what a lamp gives: less with distance, the same in all directions', () => {
    const grid = { width: 41, height: 41, isBlocked: new Uint8Array(41 * 41) }
    const dose = lit(grid, lineLampKernel(grid, 0.1, DEFAULT_LAMP, 1), 20, 20)
    for (let away = 1; away < 20; away += 1) {
      expect(dose[20 * 41 + 20 + away + 1]!).toBeLessThan(dose[20 * 41 + 20 + away]!)
      expect(dose[(20 + away) * 41 + 20]).toBeCloseTo(dose[20 * 41 + 20 - away]!, 9)
    }
    // 2.65 mW/cm² at 1 m, as the lamp is measured; all tubes count as standing in its middle.
    expect(dose[20 * 41 + 30]! / 1000).toBeGreaterThan(2.5)
    expect(dose[20 * 41 + 30]! / 1000).toBeLessThan(2.8)
  })

  it('refuses sizes and cells that do not fit', () => {
    const grid = { width: 3, height: 2, isBlocked: new Uint8Array(6) }
    const refused = expect.objectContaining({ code: 'WARD_ERR_VALIDATION' })
    expect(() => createGridField({ ...grid, width: 4 }, tellingKernel(grid))).toThrow(refused)
    expect(() => createGridField(grid, new Float64Array(3))).toThrow(refused)
    expect(() => createGridField(grid, tellingKernel(grid)).add(3, 0, 1)).toThrow(refused)
    expect(() => createGridField(grid, tellingKernel(grid)).add(0, 0, NaN)).toThrow(refused)
    expect(() => createGridField(grid, tellingKernel(grid).fill(Infinity, 2, 3))).toThrow(refused)
    const faceKernel = tellingFaceKernel(grid, 2)
    expect(() => createGridField(grid, tellingKernel(grid), { ...faceKernel, reach: 2 })).toThrow(refused)
    expect(() => createGridField(grid, tellingKernel(grid), { ...faceKernel, heights: 3 })).toThrow(refused)
  })
})
