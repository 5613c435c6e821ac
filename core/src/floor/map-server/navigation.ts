import type { CellMap } from './cell-map.ts'

/** A robot keeps this far from obstacles where it can, metres. */
const COMFORT_M = 0.5

/**
 * The way from one cell to each of the others within a mask: cells in order from `from` on, only the
 * corners of the way kept (every stretch between two of them is free). `null` where there is none.
 *
 * @param clearance cells to the nearest obstacle, furniture included.
 */
export function waysFrom(
  map: CellMap,
  isOpen: (index: number) => boolean,
  clearance: Float32Array,
  from: number,
  targets: readonly number[],
): (number[] | null)[] {
  const comfort = COMFORT_M / map.sizeM
  const priceOf = (index: number) => 1 + 4 * Math.max(0, 1 - clearance[index]! / comfort)
  const costs = new Float64Array(clearance.length).fill(Infinity)
  costs[from] = 0
  const previous = new Int32Array(clearance.length).fill(-1)
  const queue = new CostQueue()
  queue.push(from, 0)
  const wanted = new Set(targets)
  const done = new Uint8Array(clearance.length)
  const { width } = map
  for (let index = queue.pop(); index !== null && wanted.size > 0; index = queue.pop()) {
    if (done[index] === 1) continue
    done[index] = 1
    wanted.delete(index)
    const cost = costs[index]!
    for (const step of [-width, -1, 1, width, -width - 1, -width + 1, width - 1, width + 1]) {
      const next = index + step
      if (done[next] === 1 || !isOpen(next) || cutsCorner(width, isOpen, index, step)) continue
      const length = step === 1 || step === -1 || step === width || step === -width ? 1 : Math.SQRT2
      const reached = cost + length * priceOf(next)
      if (reached >= costs[next]!) continue
      costs[next] = reached
      previous[next] = index
      queue.push(next, reached)
    }
  }
  return targets.map((target) => {
    if (done[target] === 0) return null
    const way = [target]
    for (let at = previous[target]!; at >= 0; at = previous[at]!) way.push(at)
    return cornersOf(map, isOpen, clearance, way.toReversed())
  })
}

/** Whether a diagonal step brushes an obstacle on one of its sides. */
function cutsCorner(width: number, isOpen: (index: number) => boolean, index: number, step: number): boolean {
  const rows = Math.round(step / width)
  const columns = step - rows * width
  return rows !== 0 && columns !== 0 && !(isOpen(index + rows * width) && isOpen(index + columns))
}

/** Keeps of a way only the cells between which one cannot go straight, with at least the way's own clearance or comfort. */
function cornersOf(
  map: CellMap,
  isOpen: (index: number) => boolean,
  clearance: Float32Array,
  way: readonly number[],
): number[] {
  const corners = [way[0]!]
  let from = 0
  while (from < way.length - 1) {
    let to = from + 1
    // Doubling, then halving: ways are long, and sight is not.
    for (let stride = 1; stride >= 1;) {
      const next = Math.min(way.length - 1, to + stride)
      if (next > to && isClear(map, isOpen, clearance, way, from, next)) {
        to = next
        stride *= 2
      } else stride = next === to ? 0 : Math.floor(stride / 2)
    }
    corners.push(way[to]!)
    from = to
  }
  return corners
}

function isClear(
  { width, sizeM }: CellMap,
  isOpen: (index: number) => boolean,
  clearance: Float32Array,
  way: readonly number[],
  from: number,
  to: number,
): boolean {
  let least = COMFORT_M / sizeM
  for (let index = from; index <= to; index += 1) least = Math.min(least, clearance[way[index]!]!)
  const [a, b] = [way[from]!, way[to]!]
  const [ax, ay] = [a % width, Math.floor(a / width)]
  const [bx, by] = [b % width, Math.floor(b / width)]
  const steps = 8 * Math.max(Math.abs(bx - ax), Math.abs(by - ay), 1)
  for (let step = 1; step < steps; step += 1) {
    const index =
      Math.round(ay + ((by - ay) * step) / steps) * width + Math.round(ax + ((bx - ax) * step) / steps)
    if (!isOpen(index) || clearance[index]! < least - 1e-3) return false
  }
  return true
}

/** A binary heap of cells by cost; equal costs leave in the order of the cells. */
class CostQueue {
  private readonly cells: number[] = []
  private readonly costs: number[] = []

  push(cell: number, cost: number): void {
    let at = this.cells.length
    this.cells.push(cell)
    this.costs.push(cost)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.isBefore(at, parent)) break
      this.swap(at, parent)
      at = parent
    }
  }

  pop(): number | null {
    const first = this.cells[0]
    if (first === undefined) return null
    this.swap(0, this.cells.length - 1)
    this.cells.pop()
    this.costs.pop()
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const right = left + 1
      let least = at
      if (left < this.cells.length && this.isBefore(left, least)) least = left
      if (right < this.cells.length && this.isBefore(right, least)) least = right
      if (least === at) return first
      this.swap(at, least)
      at = least
    }
  }

  private isBefore(one: number, other: number): boolean {
    const difference = this.costs[one]! - this.costs[other]!
    return difference < 0 || (difference === 0 && this.cells[one]! < this.cells[other]!)
  }

  private swap(one: number, other: number): void {
    const [cell, cost] = [this.cells[one]!, this.costs[one]!]
    this.cells[one] = this.cells[other]!
    this.costs[one] = this.costs[other]!
    this.cells[other] = cell
    this.costs[other] = cost
  }
}
