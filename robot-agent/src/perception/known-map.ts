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

/** The doors of hospitals' entrances are as wide. Proposed. */
const WIDEST_DOOR_M = 4
/** Hits that are nearer than this to the door's frame count as hits on the frame. Proposed. */
const JAMB_M = 0.6
/** A wall beside a door goes on for so far on one side, and for a little on the other; one that is crossed is through before. Proposed. */
const BESIDE_DOOR_M = 0.8
const JAMB_DEPTH_M = 0.3
/** So far a line may be beside the wall's at each end: the localisation's own error, metres. */
const ASIDE_M = [0, -0.05, 0.05, -0.1, 0.1] as const

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
    const along = { x: (to.x - from.x) / lengthM, y: (to.y - from.y) / lengthM }
    return this.range(from, along, lengthM) === lengthM
  }

  /** How far one sees from a place in a direction (a unit vector) until something solid, metres; `mostM` where nothing is. What lies outside of the map is not solid. */
  range(from: Point2, { x: dx, y: dy }: Point2, mostM: number): number {
    const { resolutionM } = this.#grid
    for (let awayM = 0; awayM < mostM;) {
      const nearM = this.distance({ x: from.x + dx * awayM, y: from.y + dy * awayM })
      if (nearM !== null && nearM < resolutionM / 2) return awayM
      // From the nearest cell's centre: nothing solid is nearer, but for the halves of two cells.
      awayM += Math.max(resolutionM / 2, (nearM ?? 0) - 1.5 * resolutionM)
    }
    return mostM
  }

  /**
   * Whether something straight is a door, or a leaf of one, that is not open, as it is on the map: it lies in a gap between two
   * solid things that go on along the same line, as a wall does on both sides of a door, and begins at one of them.
   *
   * @param a one end of what was seen, @param b the other one
   */
  isDoorLeaf(a: Point2, b: Point2): boolean {
    const lengthM = Math.hypot(b.x - a.x, b.y - a.y)
    if (lengthM === 0 || lengthM > WIDEST_DOOR_M) return false
    const [acrossX, acrossY] = [-(b.y - a.y) / lengthM, (b.x - a.x) / lengthM]
    const beside = ({ x, y }: Point2, byM: number) => ({ x: x + byM * acrossX, y: y + byM * acrossY })
    return ASIDE_M.some((aM) => ASIDE_M.some((bM) => this.#isBetweenWalls(beside(a, aM), beside(b, bM))))
  }

  #isBetweenWalls(a: Point2, b: Point2): boolean {
    const lengthM = Math.hypot(b.x - a.x, b.y - a.y)
    const [dx, dy] = [(b.x - a.x) / lengthM, (b.y - a.y) / lengthM]
    const on = this.#wallBeside(b, dx, dy, WIDEST_DOOR_M - lengthM)
    if (on === null) return false
    const back = this.#wallBeside(a, -dx, -dy, WIDEST_DOOR_M - lengthM)
    if (back === null) return false
    return (
      Math.min(on.awayM, back.awayM) <= JAMB_M &&
      on.awayM + lengthM + back.awayM <= WIDEST_DOOR_M &&
      Math.min(on.deepM, back.deepM) >= JAMB_DEPTH_M &&
      Math.max(on.deepM, back.deepM) >= BESIDE_DOOR_M
    )
  }

  /** Where something begins along a line, and for how long it goes on, metres, as far as is looked; `null`: nothing does. */
  #wallBeside(
    { x, y }: Point2,
    dx: number,
    dy: number,
    mostM: number,
  ): { readonly awayM: number; readonly deepM: number } | null {
    const { resolutionM } = this.#grid
    // A line may run along the edge of a wall that is one cell thick.
    const isSolid = (alongM: number) => {
      const nearM = this.distance({ x: x + dx * alongM, y: y + dy * alongM })
      return nearM !== null && nearM < 1.5 * resolutionM
    }
    let awayM = 0
    while (!isSolid(awayM)) {
      awayM += resolutionM
      if (awayM > mostM) return null
    }
    let endM = awayM
    while (endM - awayM < BESIDE_DOOR_M && isSolid(endM)) endM += resolutionM
    return { awayM, deepM: endM - awayM }
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
