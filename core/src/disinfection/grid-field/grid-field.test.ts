import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LAMP } from '../lamp.ts'
import { createGridField, lineLampKernel } from './grid-field.ts'
import type { ShadowGrid } from './shadow-grid.ts'

const grids = fc
  .record({
    width: fc.integer({ min: 1, max: 24 }),
    height: fc.integer({ min: 1, max: 24 }),
    share: fc.double({ min: 0, max: 0.5, noNaN: true }),
  })
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

/** Whether a line between the middles of two cells runs through the inside of a blocked one: every cell is tried, in whole numbers. */
function isLit(
  { width, height, isBlocked }: ShadowGrid,
  fromColumn: number,
  fromRow: number,
  column: number,
  row: number,
): boolean {
  if (isBlocked[row * width + column] !== 0) return false
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
  })
})
