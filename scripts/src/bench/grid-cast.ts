import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ShadowGrid } from '@wardlight/core/disinfection'

/** The peer's source lies beside the suites' own, also when they run from `dist`. */
const SOURCE = fileURLToPath(new URL('../../src/bench/peers/grid-cast.cpp', import.meta.url))

export interface GridWork {
  readonly grid: ShadowGrid
  readonly kernel: Float64Array
  /** Column, row of each lamp position. */
  readonly places: Int32Array
}

export interface GridCast {
  readonly name: string
  /** @returns microseconds a position, and the sum over the field */
  run(work: GridWork): { readonly microseconds: number; readonly sum: number }
  dispose(): void
}

/** Per-cell ray casting in C++ where a compiler is at hand, else the same in TypeScript. */
export function openGridCast(): GridCast {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wardlight-bench-'))
  const program = path.join(folder, 'grid-cast')
  const dispose = () => rmSync(folder, { recursive: true, force: true })
  const compiled = spawnSync('g++', ['-O3', '-march=native', '-std=c++17', '-o', program, SOURCE], {
    encoding: 'utf8',
  })
  if (compiled.status !== 0) {
    return { name: 'per-cell ray cast in TypeScript (no g++ here)', run: castInTypeScript, dispose }
  }
  return {
    name: 'per-cell ray cast in C++ (g++ -O3 -march=native)',
    dispose,
    run({ grid, kernel, places }) {
      const input = Buffer.concat([
        bytes(Int32Array.of(grid.width, grid.height, places.length / 2, 1)),
        bytes(grid.isBlocked),
        bytes(kernel),
        bytes(places),
      ])
      const { status, stdout, stderr } = spawnSync(program, [], {
        input,
        encoding: 'utf8',
        maxBuffer: 1 << 26,
      })
      if (status !== 0) throw new Error(`the C++ peer failed: ${stderr}`)
      const [microseconds, sum] = stdout.trim().split('\n').map(Number) as [number, number]
      return { microseconds, sum }
    },
  }
}

function bytes(array: Int32Array | Uint8Array | Float64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

/** As `peers/grid-cast.cpp` does it. */
function castInTypeScript({ grid, kernel, places }: GridWork): { microseconds: number; sum: number } {
  const { width, height, isBlocked } = grid
  const dose = new Float64Array(width * height)
  const begunMs = performance.now()
  for (let place = 0; place < places.length; place += 2) {
    const fromColumn = places[place]!
    const fromRow = places[place + 1]!
    for (let row = 0; row < height; row += 1) {
      const line = Math.abs(row - fromRow) * (2 * width - 1) + width - 1 - fromColumn
      for (let column = 0; column < width; column += 1) {
        if (isBlocked[row * width + column] !== 0) continue
        if (isLit(isBlocked, width, fromColumn, fromRow, column, row))
          dose[row * width + column]! += kernel[line + column]!
      }
    }
  }
  const microseconds = (1000 * (performance.now() - begunMs)) / (places.length / 2)
  return { microseconds, sum: dose.reduce((sum, value) => sum + value, 0) }
}

function isLit(
  isBlocked: Uint8Array,
  width: number,
  fromColumn: number,
  fromRow: number,
  column: number,
  row: number,
): boolean {
  const dx = Math.abs(column - fromColumn)
  const dy = Math.abs(row - fromRow)
  const sx = column > fromColumn ? 1 : -1
  const sy = row > fromRow ? 1 : -1
  let x = fromColumn
  let y = fromRow
  let error = dx - dy
  for (let steps = dx + dy; steps > 0; steps -= 1) {
    if (error > 0) {
      x += sx
      error -= 2 * dy
    } else if (error < 0) {
      y += sy
      error += 2 * dx
    } else {
      x += sx
      y += sy
      error += 2 * dx - 2 * dy
      steps -= 1
    }
    if (isBlocked[y * width + x] !== 0) return false
  }
  return true
}
