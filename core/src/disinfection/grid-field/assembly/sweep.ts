// AssemblyScript, not TypeScript: `npm run wasm` compiles it into ../sweep-module.ts. It does what ../grid-field.ts does, which
// says why, and gives the same numbers; only slopes are written otherwise, as whole 2^-32.

/** Bits behind the point of a slope. Slopes of a grid of 8192 cells differ by at least 2^-28, and their columns still fit in. */
const POINT: i64 = 32
const ONE: i64 = 1 << 32
const HALF: i64 = 1 << 31
/** Above what a cut-off slope errs by after 8192 rows (2^-19), below what lies between a slope and a whole number (2^-15). */
const ROUNDING: i64 = 1 << 15

/** A wedge on the stack: its two slopes and the row to go on from. */
const WEDGE_BYTES: usize = 24

const TO_LOWER_ROWS = 0
const TO_HIGHER_ROWS = 1
const TO_LOWER_COLUMNS = 2
const TO_HIGHER_COLUMNS = 3

let width = 0
let height = 0
/** The faces' heights; 0 without faces. */
let heights = 0
let reach = 0
// Where everything begins, in bytes.
let dose: usize = 0
let kernel: usize = 0
let faceDose: usize = 0
let faceKernel: usize = 0
let weights: usize = 0
let nextBlocked: usize = 0
let nextFree: usize = 0
let lastBlocked: usize = 0
let faceOf: usize = 0
let found: usize = 0
let stack: usize = 0
/** Where the next face found is noted. */
let foundEnd: usize = 0

export function setSizes(columns: i32, rows: i32, faceHeights: i32, faceReach: i32): void {
  width = columns
  height = rows
  heights = faceHeights
  reach = faceReach
}

export function setPlaces(
  doseAt: usize,
  kernelAt: usize,
  faceDoseAt: usize,
  faceKernelAt: usize,
  weightsAt: usize,
  nextBlockedAt: usize,
  nextFreeAt: usize,
  lastBlockedAt: usize,
  faceOfAt: usize,
  foundAt: usize,
  stackAt: usize,
): void {
  dose = doseAt
  kernel = kernelAt
  faceDose = faceDoseAt
  faceKernel = faceKernelAt
  weights = weightsAt
  nextBlocked = nextBlockedAt
  nextFree = nextFreeAt
  lastBlocked = lastBlockedAt
  faceOf = faceOfAt
  found = foundAt
  stack = stackAt
}

/** The lamp's cell lies in the grid and is free. */
export function add(column: i32, row: i32, seconds: f64): void {
  const own = row * width + column
  const right = load<i32>(nextBlocked + (<usize>own << 2)) - column
  const left = column - load<i32>(lastBlocked + (<usize>own << 2))
  for (let index: usize = 0; index < 7; index += 1) store<f64>(weights + (index << 3), seconds)
  foundEnd = found
  addRun(
    dose + (<usize>(own - left + 1) << 3),
    kernel + (<usize>(width - left) << 3),
    left + right - 1,
    f64x2.splat(seconds),
  )
  if (heights > 0) {
    if (left <= column) findFace(TO_HIGHER_COLUMNS, own - left, left - 1, 0)
    if (column + right < width) findFace(TO_LOWER_COLUMNS, own + right, right - 1, 0)
  }
  const lo = 1 - 2 * left
  const hi = 2 * right - 1
  if (heights > 0) {
    sweepWithFaces(column, row, 1, height - 1 - row, lo, hi, seconds)
    sweepWithFaces(column, row, -1, row, lo, hi, seconds)
    lightFaces(seconds)
  } else {
    sweepWithoutFaces(column, row, 1, height - 1 - row, lo, hi, seconds)
    sweepWithoutFaces(column, row, -1, row, lo, hi, seconds)
  }
}

/** By eights, in pairs, written out because only then an offset costs nothing; what is left comes with weights, so that it adds nothing to what lies beyond. */
// @ts-ignore: a decorator of AssemblyScript's
@inline
function addRun(target: usize, source: usize, count: i32, seconds: v128): void {
  for (; count > 7; count -= 8) {
    v128.store(target, f64x2.add(v128.load(target), f64x2.mul(seconds, v128.load(source))))
    v128.store(target, f64x2.add(v128.load(target, 16), f64x2.mul(seconds, v128.load(source, 16))), 16)
    v128.store(target, f64x2.add(v128.load(target, 32), f64x2.mul(seconds, v128.load(source, 32))), 32)
    v128.store(target, f64x2.add(v128.load(target, 48), f64x2.mul(seconds, v128.load(source, 48))), 48)
    target += 64
    source += 64
  }
  const weight = weights + (<usize>(7 - count) << 3)
  v128.store(target, f64x2.add(v128.load(target), f64x2.mul(v128.load(weight), v128.load(source))))
  v128.store(target, f64x2.add(v128.load(target, 16), f64x2.mul(v128.load(weight, 16), v128.load(source, 16))), 16)
  v128.store(target, f64x2.add(v128.load(target, 32), f64x2.mul(v128.load(weight, 32), v128.load(source, 32))), 32)
  v128.store(target, f64x2.add(v128.load(target, 48), f64x2.mul(v128.load(weight, 48), v128.load(source, 48))), 48)
}

/** A slope of two whole numbers, towards 0: equal ones come out equal. */
// @ts-ignore: a decorator of AssemblyScript's
@inline
function slopeOf(columns: i32, rows: i32): i64 {
  return (<i64>columns << POINT) / <i64>rows
}

// Two of them: what faces need costs a sixth even where there are none, because it takes registers.
function sweepWithFaces(column: i32, row: i32, step: i32, rows: i32, lo: i32, hi: i32, seconds: f64): void {
  sweep(column, row, step, rows, lo, hi, seconds, true)
}

function sweepWithoutFaces(column: i32, row: i32, step: i32, rows: i32, lo: i32, hi: i32, seconds: f64): void {
  sweep(column, row, step, rows, lo, hi, seconds, false)
}

// @ts-ignore: a decorator of AssemblyScript's
@inline
function sweep(
  column: i32,
  row: i32,
  step: i32,
  rows: i32,
  lo0: i32,
  hi0: i32,
  seconds: f64,
  hasFaces: bool,
): void {
  const right = width - 1
  const weight = f64x2.splat(seconds)
  const span = 2 * width - 1
  const stride = step * width
  const ahead = step > 0 ? TO_LOWER_ROWS : TO_HIGHER_ROWS
  const middle = <i64>column << POINT
  let top = stack
  store<i64>(top, <i64>lo0 << POINT)
  store<i64>(top, <i64>hi0 << POINT, 8)
  store<i32>(top, 1, 16)
  top += WEDGE_BYTES
  while (top > stack) {
    top -= WEDGE_BYTES
    let lo = load<i64>(top)
    let hi = load<i64>(top, 8)
    let j = load<i32>(top, 16)
    let base = row * width + stride * j
    let source = j * span + right - column
    // Columns from the grid's first, at the middle of the row.
    let xLo = middle + lo * j
    let xHi = middle + hi * j
    let atFirst = HALF + ROUNDING - (abs(lo) >> 1)
    let atLast = HALF - ROUNDING + (abs(hi) >> 1)
    for (; j <= rows; j += 1) {
      let next = <i32>((xLo + ONE - ROUNDING) >> POINT)
      let end = <i32>((xHi + ROUNDING) >> POINT)
      // Out of the grid it never comes back; faces may be met half a row before that.
      if (!hasFaces && (end < 0 || next > right)) break
      const first = max(<i32>((xLo + atFirst) >> POINT), 0)
      let last = <i32>((xHi + atLast) >> POINT)
      if (hasFaces && (last < 0 || first > right)) break
      next = max(next, 0)
      end = min(end, right)
      last = min(last, right)
      let blocked = load<i32>(nextBlocked + (<usize>(base + first) << 2))
      if (blocked > last) {
        if (next <= end) addCells(base, source, next, end, weight)
      } else {
        const waiting = top
        let leastAhead = 0
        let mostAhead = 0
        if (hasFaces) {
          leastAhead = <i32>((xLo - (lo >> 1) + ONE - ROUNDING) >> POINT)
          mostAhead = <i32>((xHi - (hi >> 1) + ROUNDING) >> POINT)
        }
        let x = xLo
        do {
          const behind = load<i32>(nextFree + (<usize>(base + blocked) << 2))
          const from = slopeOf(2 * (blocked - column) - 1, blocked > column ? 2 * j + 1 : 2 * j - 1)
          const to = slopeOf(2 * (behind - column) - 1, behind > column ? 2 * j - 1 : 2 * j + 1)
          if (hasFaces) {
            if (blocked > column) {
              const edge = (<i64>blocked << POINT) - HALF
              if (edge > x && edge < xHi) findFace(TO_LOWER_COLUMNS, base + blocked, blocked - column - 1, j)
            }
            const most = min(behind - 1, mostAhead)
            for (let cell = max(blocked, leastAhead); cell <= most; cell += 1) {
              findFace(ahead, base + cell, j - 1, abs(cell - column))
            }
          }
          let until = blocked - 1
          if (blocked <= column) until = min(until, <i32>((middle + from * j + ROUNDING) >> POINT))
          until = min(until, end)
          if (next <= until) addCells(base, source, next, until, weight)
          let after = behind
          if (behind > column) after = max(after, <i32>((middle + to * j + ONE - ROUNDING) >> POINT))
          next = max(next, after)
          if (from >= lo && lo <= hi) {
            store<i64>(top, lo)
            store<i64>(top, min(from, hi), 8)
            store<i32>(top, j + 1, 16)
            top += WEDGE_BYTES
          }
          lo = max(lo, to)
          x = middle + lo * j
          blocked = behind > last ? width : load<i32>(nextBlocked + (<usize>(base + behind) << 2))
          if (hasFaces && behind <= column) {
            const edge = (<i64>behind << POINT) - HALF
            // The run that follows may stand before it.
            const isSeen = (2 * (behind - column) - 1) * (2 * j - 1) < (2 * (blocked - column) - 1) * (2 * j)
            if (isSeen && edge > xLo && edge < xHi) {
              findFace(TO_HIGHER_COLUMNS, base + behind - 1, column - behind, j)
            }
          }
        } while (blocked <= last)
        if (next <= end) addCells(base, source, next, end, weight)
        if (lo > hi) {
          if (top == waiting) break
          top -= WEDGE_BYTES
          lo = load<i64>(top)
          hi = load<i64>(top, 8)
        }
        xLo = middle + lo * j
        xHi = middle + hi * j
        atFirst = HALF + ROUNDING - (abs(lo) >> 1)
        atLast = HALF - ROUNDING + (abs(hi) >> 1)
      }
      base += stride
      source += span
      xLo += lo
      xHi += hi
    }
  }
}

// @ts-ignore: a decorator of AssemblyScript's
@inline
function addCells(base: i32, source: i32, next: i32, end: i32, seconds: v128): void {
  addRun(dose + (<usize>(base + next) << 3), kernel + (<usize>(source + next) << 3), end - next + 1, seconds)
}

// @ts-ignore: a decorator of AssemblyScript's
@inline
function findFace(side: i32, cell: i32, ahead: i32, aside: i32): void {
  const face = load<i32>(faceOf + (<usize>(side * width * height + cell) << 2))
  store<usize>(foundEnd, faceDose + (<usize>(face * heights) << 3))
  store<usize>(foundEnd, faceKernel + (<usize>((ahead * reach + aside) * heights) << 2), 4)
  foundEnd += 8
}

function lightFaces(seconds: f64): void {
  const weight = f64x2.splat(seconds)
  const end = foundEnd
  const count = heights
  for (let at = found; at < end; at += 8) {
    let target = load<usize>(at)
    let source = load<usize>(at, 4)
    let left = count
    for (; left > 3; left -= 4) {
      const one = f64x2.promote_low_f32x4(v128.load64_zero(source))
      const other = f64x2.promote_low_f32x4(v128.load64_zero(source, 8))
      v128.store(target, f64x2.add(v128.load(target), f64x2.mul(weight, one)))
      v128.store(target, f64x2.add(v128.load(target, 16), f64x2.mul(weight, other)), 16)
      target += 32
      source += 16
    }
    if (left & 2) {
      const pair = f64x2.promote_low_f32x4(v128.load64_zero(source))
      v128.store(target, f64x2.add(v128.load(target), f64x2.mul(weight, pair)))
      target += 16
      source += 8
    }
    if (left & 1) store<f64>(target, load<f64>(target) + seconds * <f64>load<f32>(source))
  }
}
