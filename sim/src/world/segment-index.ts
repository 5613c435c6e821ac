import type { OccupancyGrid, Segment2 } from '@wardlight/core/geometry'
import type { DoorBank } from './doors.ts'

/** A straight edge that blocks. `door` is its index in the `DoorBank`, -1 when it never moves. */
export interface BlockingSegment extends Segment2 {
  readonly door: number
}

const BUCKET_M = 0.5
/** Occupancy from here up is solid: map_server's default `occupied_thresh`. */
const SOLID_FROM = 65

/**
 * What blocks on one level, for one purpose (bodies, lidar, sight): exact segments in a bucket grid,
 * door leaves at their momentary opening, and the solid cells of a scanned map where there is one.
 */
export class SegmentIndex {
  readonly #doors: DoorBank
  readonly #coordinates: Float64Array
  readonly #doorOf: Int32Array
  readonly #minX: number
  readonly #minY: number
  readonly #columns: number
  readonly #rows: number
  readonly #starts: Int32Array
  readonly #items: Int32Array
  readonly #grid: OccupancyGrid | null
  readonly #gridCos: number
  readonly #gridSin: number

  constructor(segments: readonly BlockingSegment[], doors: DoorBank, grid: OccupancyGrid | null) {
    this.#doors = doors
    this.#grid = grid
    this.#gridCos = Math.cos(grid?.origin.theta ?? 0)
    this.#gridSin = Math.sin(grid?.origin.theta ?? 0)
    this.#coordinates = new Float64Array(segments.length * 4)
    this.#doorOf = new Int32Array(segments.length)
    let minX = Infinity
    let minY = Infinity
    let maxX = -Infinity
    let maxY = -Infinity
    segments.forEach(({ a, b, door }, index) => {
      this.#coordinates.set([a.x, a.y, b.x, b.y], index * 4)
      this.#doorOf[index] = door
      minX = Math.min(minX, a.x, b.x)
      minY = Math.min(minY, a.y, b.y)
      maxX = Math.max(maxX, a.x, b.x)
      maxY = Math.max(maxY, a.y, b.y)
    })
    if (segments.length === 0) {
      minX = 0
      minY = 0
      maxX = 0
      maxY = 0
    }
    this.#minX = minX - 0.01
    this.#minY = minY - 0.01
    this.#columns = Math.floor((maxX + 0.02 - this.#minX) / BUCKET_M) + 1
    this.#rows = Math.floor((maxY + 0.02 - this.#minY) / BUCKET_M) + 1
    const buckets: number[][] = Array.from({ length: this.#columns * this.#rows }, () => [])
    segments.forEach((segment, index) => {
      this.#touchedBuckets(segment).forEach((bucket) => buckets[bucket]!.push(index))
    })
    this.#starts = new Int32Array(buckets.length + 1)
    buckets.forEach((items, bucket) => {
      this.#starts[bucket + 1] = this.#starts[bucket]! + items.length
    })
    this.#items = Int32Array.from(buckets.flat())
  }

  /** Metres from a point along a unit direction to the first thing that blocks; `maxRangeM` when nothing does. */
  castRay(x: number, y: number, dx: number, dy: number, maxRangeM: number): number {
    const range = this.#grid === null ? maxRangeM : this.#castThroughCells(x, y, dx, dy, maxRangeM)
    return this.#castThroughSegments(x, y, dx, dy, range)
  }

  /** Whether nothing blocks the straight line between two points. */
  isClear(ax: number, ay: number, bx: number, by: number): boolean {
    const length = Math.hypot(bx - ax, by - ay)
    if (length < 1e-9) return true
    return this.castRay(ax, ay, (bx - ax) / length, (by - ay) / length, length) >= length
  }

  /** Distance in metres from a point to the nearest thing that blocks, at most `limitM`. */
  clearance(x: number, y: number, limitM: number): number {
    let nearest = limitM
    const fromColumn = Math.max(0, Math.floor((x - limitM - this.#minX) / BUCKET_M))
    const toColumn = Math.min(this.#columns - 1, Math.floor((x + limitM - this.#minX) / BUCKET_M))
    const fromRow = Math.max(0, Math.floor((y - limitM - this.#minY) / BUCKET_M))
    const toRow = Math.min(this.#rows - 1, Math.floor((y + limitM - this.#minY) / BUCKET_M))
    for (let row = fromRow; row <= toRow; row += 1) {
      for (let column = fromColumn; column <= toColumn; column += 1) {
        const bucket = row * this.#columns + column
        for (let at = this.#starts[bucket]!; at < this.#starts[bucket + 1]!; at += 1) {
          nearest = Math.min(nearest, this.#distanceTo(this.#items[at]!, x, y))
        }
      }
    }
    return this.#grid === null ? nearest : this.#cellClearance(x, y, nearest)
  }

  #distanceTo(segment: number, x: number, y: number): number {
    const c = this.#coordinates
    const ax = c[segment * 4]!
    const ay = c[segment * 4 + 1]!
    const dx = c[segment * 4 + 2]! - ax
    const dy = c[segment * 4 + 3]! - ay
    const squared = dx * dx + dy * dy
    let along = squared === 0 ? 0 : ((x - ax) * dx + (y - ay) * dy) / squared
    along = along < 0 ? 0 : along > 1 ? 1 : along
    const door = this.#doorOf[segment]!
    if (door >= 0) {
      along = this.#doors.nearestOnLeaf(door, along)
      if (Number.isNaN(along)) return Infinity
    }
    return Math.hypot(ax + along * dx - x, ay + along * dy - y)
  }

  #castThroughSegments(x: number, y: number, dx: number, dy: number, maxRangeM: number): number {
    // Clip to the bucket grid first, so that a ray from outside still meets what is inside.
    const width = this.#columns * BUCKET_M
    const height = this.#rows * BUCKET_M
    let enter = 0
    let leave = maxRangeM
    if (dx !== 0) {
      const t0 = (this.#minX - x) / dx
      const t1 = (this.#minX + width - x) / dx
      enter = Math.max(enter, Math.min(t0, t1))
      leave = Math.min(leave, Math.max(t0, t1))
    } else if (x < this.#minX || x > this.#minX + width) return maxRangeM
    if (dy !== 0) {
      const t0 = (this.#minY - y) / dy
      const t1 = (this.#minY + height - y) / dy
      enter = Math.max(enter, Math.min(t0, t1))
      leave = Math.min(leave, Math.max(t0, t1))
    } else if (y < this.#minY || y > this.#minY + height) return maxRangeM
    if (enter > leave) return maxRangeM

    const startX = (x + dx * enter - this.#minX) / BUCKET_M
    const startY = (y + dy * enter - this.#minY) / BUCKET_M
    let column = Math.min(this.#columns - 1, Math.max(0, Math.floor(startX)))
    let row = Math.min(this.#rows - 1, Math.max(0, Math.floor(startY)))
    const stepX = dx > 0 ? 1 : -1
    const stepY = dy > 0 ? 1 : -1
    const perColumn = dx === 0 ? Infinity : BUCKET_M / Math.abs(dx)
    const perRow = dy === 0 ? Infinity : BUCKET_M / Math.abs(dy)
    let toColumn = dx === 0 ? Infinity : enter + (dx > 0 ? column + 1 - startX : startX - column) * perColumn
    let toRow = dy === 0 ? Infinity : enter + (dy > 0 ? row + 1 - startY : startY - row) * perRow
    let best = maxRangeM
    for (;;) {
      const bucket = row * this.#columns + column
      const end = this.#starts[bucket + 1]!
      for (let at = this.#starts[bucket]!; at < end; at += 1) {
        best = this.#meet(this.#items[at]!, x, y, dx, dy, best)
      }
      const cellEnd = Math.min(toColumn, toRow)
      // A hit found here may lie in a later bucket; only one before this bucket's end is final.
      if (best <= cellEnd || cellEnd > leave) return best
      if (toColumn < toRow) {
        toColumn += perColumn
        column += stepX
        if (column < 0 || column >= this.#columns) return best
      } else {
        toRow += perRow
        row += stepY
        if (row < 0 || row >= this.#rows) return best
      }
    }
  }

  #meet(segment: number, x: number, y: number, dx: number, dy: number, best: number): number {
    const c = this.#coordinates
    const base = segment * 4
    const ax = c[base]! - x
    const ay = c[base + 1]! - y
    const sx = c[base + 2]! - c[base]!
    const sy = c[base + 3]! - c[base + 1]!
    const cross = dx * sy - dy * sx
    if (cross > -1e-12 && cross < 1e-12) return best
    const range = (ax * sy - ay * sx) / cross
    if (range < 0 || range >= best) return best
    const along = (ax * dy - ay * dx) / cross
    if (along < 0 || along > 1) return best
    const door = this.#doorOf[segment]!
    return door >= 0 && !this.#doors.leafCovers(door, along) ? best : range
  }

  #castThroughCells(x: number, y: number, dx: number, dy: number, maxRangeM: number): number {
    const { width, height, resolutionM, origin, data } = this.#grid!
    const cos = this.#gridCos
    const sin = this.#gridSin
    const localX = (cos * (x - origin.x) + sin * (y - origin.y)) / resolutionM
    const localY = (-sin * (x - origin.x) + cos * (y - origin.y)) / resolutionM
    const ux = cos * dx + sin * dy
    const uy = -sin * dx + cos * dy
    let column = Math.floor(localX)
    let row = Math.floor(localY)
    const stepX = ux > 0 ? 1 : -1
    const stepY = uy > 0 ? 1 : -1
    const perColumn = ux === 0 ? Infinity : 1 / Math.abs(ux)
    const perRow = uy === 0 ? Infinity : 1 / Math.abs(uy)
    let toColumn = ux === 0 ? Infinity : (ux > 0 ? column + 1 - localX : localX - column) * perColumn
    let toRow = uy === 0 ? Infinity : (uy > 0 ? row + 1 - localY : localY - row) * perRow
    const limit = maxRangeM / resolutionM
    let travelled = 0
    while (travelled < limit) {
      if (column < 0 || row < 0 || column >= width || row >= height) return maxRangeM
      if (data[row * width + column]! >= SOLID_FROM) return travelled * resolutionM
      if (toColumn < toRow) {
        travelled = toColumn
        toColumn += perColumn
        column += stepX
      } else {
        travelled = toRow
        toRow += perRow
        row += stepY
      }
    }
    return maxRangeM
  }

  #cellClearance(x: number, y: number, limitM: number): number {
    const { width, height, resolutionM, origin, data } = this.#grid!
    const cos = this.#gridCos
    const sin = this.#gridSin
    const localX = (cos * (x - origin.x) + sin * (y - origin.y)) / resolutionM
    const localY = (-sin * (x - origin.x) + cos * (y - origin.y)) / resolutionM
    const reach = limitM / resolutionM
    let squared = reach * reach
    const toRow = Math.min(height - 1, Math.floor(localY + reach))
    const toColumn = Math.min(width - 1, Math.floor(localX + reach))
    for (let row = Math.max(0, Math.floor(localY - reach)); row <= toRow; row += 1) {
      const gapY = localY < row ? row - localY : localY > row + 1 ? localY - row - 1 : 0
      for (let column = Math.max(0, Math.floor(localX - reach)); column <= toColumn; column += 1) {
        if (data[row * width + column]! < SOLID_FROM) continue
        const gapX = localX < column ? column - localX : localX > column + 1 ? localX - column - 1 : 0
        squared = Math.min(squared, gapX * gapX + gapY * gapY)
      }
    }
    return Math.min(limitM, Math.sqrt(squared) * resolutionM)
  }

  /** Every bucket that a segment passes through (walked finely; doubles are harmless and removed). */
  #touchedBuckets({ a, b }: Segment2): Set<number> {
    const touched = new Set<number>()
    const steps = Math.max(1, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / (BUCKET_M / 8)))
    const margin = BUCKET_M / 8
    for (let step = 0; step <= steps; step += 1) {
      const x = a.x + ((b.x - a.x) * step) / steps - this.#minX
      const y = a.y + ((b.y - a.y) * step) / steps - this.#minY
      // The margin catches the corner of a bucket between two samples.
      for (const ex of [-margin, margin]) {
        for (const ey of [-margin, margin]) {
          const column = Math.min(this.#columns - 1, Math.max(0, Math.floor((x + ex) / BUCKET_M)))
          const row = Math.min(this.#rows - 1, Math.max(0, Math.floor((y + ey) / BUCKET_M)))
          touched.add(row * this.#columns + column)
        }
      }
    }
    return touched
  }
}
