import type { RoomModel } from '@wardlight/core/disinfection'
import {
  boundsOf,
  cellAt,
  createGrid,
  isInGrid,
  UNKNOWN,
  type OccupancyGrid,
  type Point2,
} from '@wardlight/core/geometry'
import { isHit, type PlacedScan } from './scan-points.ts'

/** As Nav2's maps have it, metres. */
const RESOLUTION_M = 0.05
/** The walls are in it, metres around the room's outline. */
const MARGIN_M = 0.3
/** Log-odds that a cell gains by a hit and loses by a beam that passes, and their bounds (Thrun, Burgard, Fox: Probabilistic Robotics, 9.2; the figures are those of octomap). */
const HIT = 0.85
const PASS = -0.4
const LEAST = -2
const MOST = 3.5

/**
 * The room as the lidar finds it: how sure it is of each 5 cm that something stands there, 20 cm above the floor. Map
 * frame, its sides along the plan's, so that the two lie on one another.
 */
export class RoomGrid {
  readonly #frame: OccupancyGrid
  readonly #logOdds: Float32Array
  readonly #isSeen: Uint8Array

  constructor({ polygon }: Pick<RoomModel, 'polygon'>) {
    const { minX, minY, maxX, maxY } = boundsOf(polygon)
    const down = (metres: number) => RESOLUTION_M * Math.floor((metres - MARGIN_M) / RESOLUTION_M)
    this.#frame = createGrid(
      { minX: down(minX), minY: down(minY), maxX: maxX + MARGIN_M, maxY: maxY + MARGIN_M },
      RESOLUTION_M,
      UNKNOWN,
    )
    this.#logOdds = new Float32Array(this.#frame.data.length)
    this.#isSeen = new Uint8Array(this.#frame.data.length)
  }

  /** A beam that does not come back tells nothing: glass and black things swallow it. */
  add({ scan, laser }: PlacedScan): void {
    for (const [beam, rangeM] of scan.ranges.entries()) {
      if (!isHit(scan, rangeM)) continue
      const angle = laser.theta + scan.angle_min + beam * scan.angle_increment
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
      let last = -1
      for (let metres = 0; metres <= rangeM - RESOLUTION_M; metres += RESOLUTION_M / 2) {
        const index = this.#index({ x: laser.x + metres * cos, y: laser.y + metres * sin })
        if (index !== last && index >= 0) this.#vote(index, PASS)
        last = index
      }
      const end = this.#index({ x: laser.x + rangeM * cos, y: laser.y + rangeM * sin })
      if (end >= 0) this.#vote(end, HIT)
    }
  }

  /** 0 free to 100 occupied, -1 where no beam has been: `nav_msgs/OccupancyGrid`. */
  get occupancy(): OccupancyGrid {
    const data = this.#frame.data.slice()
    for (let index = 0; index < data.length; index += 1) {
      if (this.#isSeen[index] === 1) data[index] = Math.round(100 / (1 + Math.exp(-this.#logOdds[index]!)))
    }
    return { ...this.#frame, data }
  }

  #index(point: Point2): number {
    const cell = cellAt(this.#frame, point)
    return isInGrid(this.#frame, cell) ? cell.row * this.#frame.width + cell.column : -1
  }

  #vote(index: number, gain: number): void {
    this.#isSeen[index] = 1
    this.#logOdds[index] = Math.min(MOST, Math.max(LEAST, this.#logOdds[index]! + gain))
  }
}
