import { checkFaceKernel, gridFaces, type FaceKernel } from './grid-faces.ts'
import type { GridField } from './grid-field.ts'
import { checkGrid, checkPlace, rowTables, type ShadowGrid } from './shadow-grid.ts'
import { SWEEP_MODULE } from './sweep-module.ts'

/** What core uses of WebAssembly; it has no DOM types. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer }
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
}

/** What `assembly/sweep.ts` exports. */
interface SweepExports {
  setSizes(columns: number, rows: number, faceHeights: number, faceReach: number): void
  setPlaces(...bytes: readonly number[]): void
  add(column: number, row: number, seconds: number): void
}

const PAGE_BYTES = 65536
/** WebAssembly addresses memory by 32 bits. */
const MOST_PAGES = 65536
/** `addRun` of `assembly/sweep.ts` touches up to eight numbers beyond a run. */
const BEYOND_BYTES = 64
const WEDGE_BYTES = 24

/** Compiled once; `null` where that cannot be. */
let compiled: object | null | undefined

/**
 * The field of `createGridField`, to the last bit, from WebAssembly with SIMD.
 *
 * @returns `null` where WebAssembly or its SIMD is missing or forbidden, or the grid does not fit into its memory
 * @throws WARD_ERR_VALIDATION as `createGridField` does
 */
export function createWasmGridField(
  grid: ShadowGrid,
  kernel: Float64Array,
  faceKernel: FaceKernel | null = null,
): GridField | null {
  checkGrid(grid, kernel)
  if (faceKernel !== null) checkFaceKernel(grid, faceKernel)
  compiled ??= compile()
  if (compiled === null) return null

  const { width, height, isBlocked } = grid
  const size = width * height
  const { nextBlocked, nextFree, lastBlocked, runs } = rowTables(grid)
  const faces = faceKernel === null ? null : gridFaces(grid)
  const heights = faceKernel?.heights ?? 0
  const patches = (faces?.count ?? 0) * heights

  let bytes = 0
  const reserve = (length: number): number => {
    const at = bytes
    bytes += Math.ceil((length + BEYOND_BYTES) / 64) * 64
    return at
  }
  const doseAt = reserve(8 * size)
  const kernelAt = reserve(8 * kernel.length)
  const faceDoseAt = reserve(8 * patches)
  const faceKernelAt = reserve(4 * (faceKernel?.values.length ?? 0))
  const weightsAt = reserve(8 * 15)
  const nextBlockedAt = reserve(4 * size)
  const nextFreeAt = reserve(4 * size)
  const lastBlockedAt = reserve(4 * size)
  const faceOfAt = reserve(4 * (faces?.faceOf.length ?? 0))
  const foundAt = reserve(8 * (faces?.count ?? 0))
  const stackAt = reserve(WEDGE_BYTES * (runs + 2))
  const pages = Math.ceil(bytes / PAGE_BYTES)
  if (pages > MOST_PAGES) return null

  // All of it at once: memory that grows detaches its buffer, and then V8 looks after every array access in the whole program.
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  const exports = new WebAssembly.Instance(compiled, { env: { memory } }).exports as SweepExports
  const { buffer } = memory
  new Float64Array(buffer, kernelAt, kernel.length).set(kernel)
  if (faceKernel !== null)
    new Float32Array(buffer, faceKernelAt, faceKernel.values.length).set(faceKernel.values)
  new Int32Array(buffer, nextBlockedAt, size).set(nextBlocked)
  new Int32Array(buffer, nextFreeAt, size).set(nextFree)
  new Int32Array(buffer, lastBlockedAt, size).set(lastBlocked)
  if (faces !== null) new Int32Array(buffer, faceOfAt, faces.faceOf.length).set(faces.faceOf)
  exports.setSizes(width, height, heights, faceKernel?.reach ?? 0)
  exports.setPlaces(
    doseAt,
    kernelAt,
    faceDoseAt,
    faceKernelAt,
    weightsAt,
    nextBlockedAt,
    nextFreeAt,
    lastBlockedAt,
    faceOfAt,
    foundAt,
    stackAt,
  )
  const dose = new Float64Array(buffer, doseAt, size)
  const faceDose = new Float64Array(buffer, faceDoseAt, patches)
  return {
    dose,
    faces,
    faceDose,
    add(column, row, seconds) {
      checkPlace(grid, column, row, seconds)
      if (isBlocked[row * width + column] === 0) exports.add(column, row, seconds)
    },
    clear() {
      dose.fill(0)
      faceDose.fill(0)
    },
  }
}

function compile(): object | null {
  if (typeof WebAssembly === 'undefined') return null
  try {
    return new WebAssembly.Module(bytesOfBase64(SWEEP_MODULE))
  } catch {
    // No SIMD, or a page whose content policy forbids it: there is the TypeScript.
    return null
  }
}

/** Core has neither `atob` nor `Buffer`. */
function bytesOfBase64(text: string): Uint8Array {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const length = text.replace(/=+$/, '').length
  const bytes = new Uint8Array(Math.floor((length * 6) / 8))
  let bits = 0
  let count = 0
  let at = 0
  for (let index = 0; index < length; index += 1) {
    bits = ((bits << 6) | digits.indexOf(text[index]!)) & 0xffff
    count += 6
    if (count < 8) continue
    count -= 8
    bytes[at] = (bits >> count) & 0xff
    at += 1
  }
  return bytes
}
