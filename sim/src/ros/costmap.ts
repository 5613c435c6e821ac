import {
  cellAt,
  cellCentre,
  distanceField,
  isInGrid,
  type OccupancyGrid,
  type Point2,
} from '@wardlight/core/geometry'

/** Clearance beyond a robot's radius that a path prefers where there is room, metres. */
const COMFORT_M = 0.5
/** Cost of a cell in which the robot would scrape along, against one with comfort. */
const TIGHT_FACTOR = 6

/** A path keeps this much more from what is solid, as much as localisation is off by more often than not: else it bumps. */
export const LOCALISATION_MARGIN_M = 0.03
/** … and from what was only seen more: it was placed from where localisation believed to be, and corners are cut. */
const SEEN_MARGIN_M = 0.1

/** A level's map inflated for one radius: where the robot's centre may be, and how gladly. */
export class Costmap {
  readonly grid: OccupancyGrid
  readonly radiusM: number
  /** Metres from each cell's centre to the nearest solid cell's. */
  readonly #distanceM: Float32Array
  /** Cost of a cell as a multiple of ten; 0 where the robot's centre cannot be. */
  readonly cost: Uint8Array
  /** Cells that something seen on the way blocks, for the present plan. */
  readonly #seen: Set<number> = new Set()

  constructor(grid: OccupancyGrid, radiusM: number) {
    this.grid = grid
    this.radiusM = radiusM
    this.#distanceM = distanceField(grid)
    // Half a cell: a solid cell's edge is that much nearer than its centre.
    const lethalM = radiusM + grid.resolutionM / 2 + LOCALISATION_MARGIN_M
    this.cost = new Uint8Array(this.#distanceM.length)
    for (let index = 0; index < this.cost.length; index += 1) {
      const spareM = this.#distanceM[index]! - lethalM
      if (spareM < 0) continue
      const tightness = Math.max(0, 1 - spareM / COMFORT_M)
      this.cost[index] = Math.round(10 * (1 + (TIGHT_FACTOR - 1) * tightness * tightness))
    }
  }

  /** Metres to the nearest solid cell; 0 outside the map. */
  distanceAt(point: Point2): number {
    const cell = cellAt(this.grid, point)
    return isInGrid(this.grid, cell) ? this.#distanceM[cell.row * this.grid.width + cell.column]! : 0
  }

  isFree(index: number): boolean {
    return this.cost[index]! > 0 && !this.#seen.has(index)
  }

  hasSeen(index: number): boolean {
    return this.#seen.size > 0 && this.#seen.has(index)
  }

  /** Blocks what lies around points that were seen and that the map does not know; forgets earlier ones. */
  setSeen(points: readonly Point2[]): void {
    this.#seen.clear()
    const { grid } = this
    const reach = Math.ceil((this.radiusM + SEEN_MARGIN_M) / grid.resolutionM)
    for (const point of points) {
      const centre = cellAt(grid, point)
      for (let row = centre.row - reach; row <= centre.row + reach; row += 1) {
        for (let column = centre.column - reach; column <= centre.column + reach; column += 1) {
          if (!isInGrid(grid, { row, column })) continue
          if (Math.hypot(row - centre.row, column - centre.column) > reach) continue
          this.#seen.add(row * grid.width + column)
        }
      }
    }
  }

  /** The free cell nearest to a point, at most `withinM` away; `null` when there is none. */
  nearestFree(point: Point2, withinM: number): number | null {
    const { grid } = this
    const centre = cellAt(grid, point)
    const reach = Math.ceil(withinM / grid.resolutionM)
    let best: number | null = null
    let nearest = Infinity
    for (let row = centre.row - reach; row <= centre.row + reach; row += 1) {
      for (let column = centre.column - reach; column <= centre.column + reach; column += 1) {
        if (!isInGrid(grid, { row, column })) continue
        const index = row * grid.width + column
        if (!this.isFree(index)) continue
        const at = this.centreOf(index)
        const gap = Math.hypot(at.x - point.x, at.y - point.y)
        if (gap < nearest) {
          nearest = gap
          best = index
        }
      }
    }
    return nearest <= withinM + grid.resolutionM ? best : null
  }

  centreOf(index: number): Point2 {
    const column = index % this.grid.width
    return cellCentre(this.grid, { column, row: (index - column) / this.grid.width })
  }

  /** The least clearance along a straight line, metres; 0 where something seen lies in it. */
  clearanceAlong(from: Point2, to: Point2): number {
    const { grid } = this
    const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / (grid.resolutionM / 2)))
    let least = Infinity
    for (let step = 0; step <= steps; step += 1) {
      const point = {
        x: from.x + ((to.x - from.x) * step) / steps,
        y: from.y + ((to.y - from.y) * step) / steps,
      }
      const cell = cellAt(grid, point)
      if (!isInGrid(grid, cell)) return 0
      const index = cell.row * grid.width + cell.column
      if (this.hasSeen(index)) return 0
      least = Math.min(least, this.#distanceM[index]!)
    }
    return least
  }
}
