import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../random/index.ts'
import type { FaceKernel } from './grid-faces.ts'
import { createWasmGridField } from './grid-field-wasm.ts'
import { createGridField } from './grid-field.ts'
import type { ShadowGrid } from './shadow-grid.ts'

/** Node 20 has WebAssembly and its SIMD: where it is missing, these tests have nothing to say. */
function wasmField(grid: ShadowGrid, kernel: Float64Array, faceKernel: FaceKernel | null = null) {
  const field = createWasmGridField(grid, kernel, faceKernel)
  if (field === null) throw new Error('no WebAssembly with SIMD here')
  return field
}

function gridOf(width: number, height: number, share: number, seed: number): ShadowGrid {
  const random = createRandom(seed)
  const isBlocked = new Uint8Array(width * height).map(() => (random.uniform() < share ? 1 : 0))
  return { width, height, isBlocked }
}

describe('createWasmGridField', () => {
  it('gives the doses of the TypeScript to the last bit, on cells and faces, over several places', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(0, 0.01, 0.05, 0.2, 0.5),
        fc.nat(),
        fc.integer({ min: 0, max: 7 }),
        (width, height, share, seed, heights) => {
          const grid = gridOf(width, height, share, seed)
          const random = createRandom(seed)
          const reach = Math.max(width, height)
          // Values with all their digits, so that another order of adding shows.
          const kernel = new Float64Array((2 * width - 1) * height).map(() => random.uniform())
          const values = new Float32Array(reach * reach * heights).map(() => random.uniform())
          const faceKernel = heights === 0 ? null : { heights, reach, values }
          const ours = wasmField(grid, kernel, faceKernel)
          const reference = createGridField(grid, kernel, faceKernel)
          for (let place = 0; place < 5; place += 1) {
            const [column, row] = [random.integer(width), random.integer(height)]
            const seconds = random.uniform()
            ours.add(column, row, seconds)
            reference.add(column, row, seconds)
          }
          expect(ours.dose).toEqual(reference.dose)
          expect(ours.faceDose).toEqual(reference.faceDose)
          expect(ours.faces).toEqual(reference.faces)
          ours.clear()
          expect([...ours.dose, ...ours.faceDose].every((dose) => dose === 0)).toBe(true)
        },
      ),
      { numRuns: 200 },
    )
  })

  it.each([
    [8192, 3],
    [3, 8192],
    [1500, 1100],
  ])('and on a grid of %d × %d cells, where slopes lie closest', (width, height) => {
    const grid = gridOf(width, height, 0.002, 1)
    const kernel = new Float64Array((2 * width - 1) * height).map((_, index) => 1 + index)
    const ours = wasmField(grid, kernel)
    const reference = createGridField(grid, kernel)
    for (const [column, row] of [
      [0, 0],
      [width - 1, height - 1],
      [Math.floor(width / 3), Math.floor(height / 2)],
    ] as const) {
      ours.add(column, row, 1)
      reference.add(column, row, 1)
    }
    expect(reference.dose.filter((dose) => dose > 0).length).toBeGreaterThan(width)
    expect(ours.dose.findIndex((dose, index) => dose !== reference.dose[index])).toBe(-1)
  })

  it('refuses what the TypeScript refuses', () => {
    const grid = { width: 3, height: 2, isBlocked: new Uint8Array(6) }
    const kernel = new Float64Array(10).fill(1)
    const refused = expect.objectContaining({ code: 'WARD_ERR_VALIDATION' })
    expect(() => createWasmGridField({ ...grid, width: 4 }, kernel)).toThrow(refused)
    expect(() => createWasmGridField(grid, kernel.subarray(1))).toThrow(refused)
    expect(() => wasmField(grid, kernel).add(3, 0, 1)).toThrow(refused)
    expect(() => wasmField(grid, kernel).add(0, 0, Infinity)).toThrow(refused)
  })
})
