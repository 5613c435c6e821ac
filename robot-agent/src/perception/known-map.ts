import { cellAt, distanceField, isInGrid, type OccupancyGrid, type Point2 } from '@wardlight/core/geometry'

/** Localisation, lidar noise and a drawing's own error together: nearer than this a hit belongs to what it is near to. */
const KNOWN_MARGIN_M = 0.25
/** A turned localisation moves far hits more than near ones: so much for each metre of range. */
const KNOWN_MARGIN_PER_M = 0.01
const SOLID_FROM = 50

/** Every 22.5°. */
const GAP_AXES = Array.from({ length: 8 }, (_, index) => {
  const angle = (index * Math.PI) / 8
  return [Math.cos(angle), Math.sin(angle)] as const
})

/** How near a hit of this range is to what it is a hit on, metres. */
export function knownMargin(rangeM: number): number {
  return KNOWN_MARGIN_M + KNOWN_MARGIN_PER_M * rangeM
}

/** How far places are from what is solid on a map. */
export class KnownMap {
  readonly #grid: OccupancyGrid
  readonly #distances: Float32Array

  constructor(grid: OccupancyGrid) {
    this.#grid = grid
    this.#distances = distanceField(grid, (value) => value >= SOLID_FROM)
  }

  /** Metres to the nearest solid cell; `null` outside of the map. */
  distance(point: Point2): number | null {
    const cell = cellAt(this.#grid, point)
    return isInGrid(this.#grid, cell) ? this.#distances[cell.row * this.#grid.width + cell.column]! : null
  }

  /** Whether the straight way between two places crosses nothing solid. What lies outside of the map is not solid. */
  isClear(from: Point2, to: Point2): boolean {
    const lengthM = Math.hypot(to.x - from.x, to.y - from.y)
    const { resolutionM } = this.#grid
    for (let awayM = 0; awayM < lengthM;) {
      const share = awayM / lengthM
      const nearM = this.distance({
        x: from.x + (to.x - from.x) * share,
        y: from.y + (to.y - from.y) * share,
      })
      if (nearM !== null && nearM < resolutionM / 2) return false
      // From the nearest cell's centre: nothing solid is nearer, but for the halves of two cells.
      awayM += Math.max(resolutionM / 2, (nearM ?? 0) - 1.5 * resolutionM)
    }
    return true
  }

  /** Whether a place lies between two solid things no more than so far apart, as in a doorway, or beside it by up to `besideM`. */
  isInGap({ x, y }: Point2, widthM: number, besideM: number): boolean {
    const { resolutionM } = this.#grid
    const awayM = (from: Point2, dx: number, dy: number): number => {
      for (let along = 0; along < widthM; along += resolutionM) {
        const nearM = this.distance({ x: from.x + dx * along, y: from.y + dy * along })
        if (nearM !== null && nearM < resolutionM) return along
      }
      return Infinity
    }
    return GAP_AXES.some(([dx, dy]) => {
      for (let aside = -besideM; aside <= besideM + 1e-9; aside += resolutionM) {
        const from = { x: x - dy * aside, y: y + dx * aside }
        if (awayM(from, dx, dy) + awayM(from, -dx, -dy) <= widthM) return true
      }
      return false
    })
  }
}
