import { distance, distanceToBoundary, type Point2 } from '@wardlight/core/geometry'
import type { KnownRoom } from './known-room.ts'
import { isHit, scanPoints, type PlacedScan } from './scan-points.ts'

const BACKGROUND_SCANS = 5
/** Nearer than the background by more than this: somebody stands before it. */
const NEARER_BY_M = 0.25
const MAX_RANGE_M = 6
/** So many neighbouring beams in one scan are somebody at once. */
const SURE_BEAMS = 5
/** So many must be seen again in the next scan; a single one too, where it cannot be the edge of something known. */
const MAYBE_BEAMS = 2
/** So large a share of the beams that always came back, and do not now: something is against the lidar. */
const COVERED_SHARE = 0.2
/** How far somebody gets from one scan to the next, with room to spare. */
const MOVED_M = 0.6
/** Hits so near to a shut door are its leaf trembling in the noise. */
const DOOR_M = 0.25

/**
 * Hits so near to the room's outline are the wall itself, or a pane that is seen now and then: localisation and noise together.
 * Of somebody who leans on a wall the side that the lidar sees is farther from it.
 */
const WALL_M = 0.12

/** Beams side by side that ended nearer than they used to. */
interface Cluster {
  beams: number
  /** The first beam is nearer than the background beside it, too. */
  readonly isOffEdges: boolean
  readonly centre: Point2
  lastBeam: number
  lastRangeM: number
}

/**
 * Looks for people with the lidar while the robot stands still: against a background of the first
 * scans at this place, anything new and nearer is somebody.
 */
export class PersonWatch {
  readonly #known: KnownRoom
  readonly #background: PlacedScan[] = []
  #nearestM: number[] = []
  /** Beams that came back in every scan of the background. */
  #steadyBeams: number[] = []
  #maybe: Point2[] = []

  constructor(known: KnownRoom) {
    this.#known = known
  }

  /** Whether the background is complete; before, it sees nobody. */
  get isReady(): boolean {
    return this.#background.length >= BACKGROUND_SCANS
  }

  /** The scans of the background, to look for what stands there already. */
  get background(): readonly PlacedScan[] {
    return this.#background
  }

  /** Takes the next scan. @returns whether it shows somebody. */
  see(placed: PlacedScan): boolean {
    const { scan } = placed
    if (this.isReady && scan.ranges.length !== this.#nearestM.length) return true
    if (!this.isReady) {
      this.#background.push(placed)
      const ranges = scan.ranges.map((range) => (range >= scan.range_min ? range : Infinity))
      this.#nearestM =
        this.#nearestM.length === ranges.length
          ? ranges.map((range, beam) => Math.min(range, this.#nearestM[beam]!))
          : ranges
      this.#steadyBeams = [...ranges.keys()].filter((beam) =>
        this.#background.every((earlier) => isHit(earlier.scan, earlier.scan.ranges[beam]!)),
      )
      return false
    }
    const lostBeams = this.#steadyBeams.filter((beam) => !isHit(scan, scan.ranges[beam]!)).length
    if (lostBeams > COVERED_SHARE * this.#steadyBeams.length) return true
    const clusters = this.#newClusters(placed)
    const centres = clusters
      .filter(({ beams, isOffEdges }) => beams >= MAYBE_BEAMS || isOffEdges)
      .map(({ centre }) => centre)
    const isSeenAgain = centres.some((centre) =>
      this.#maybe.some((earlier) => distance(centre, earlier) <= MOVED_M),
    )
    this.#maybe = centres
    return isSeenAgain || clusters.some(({ beams }) => beams >= SURE_BEAMS)
  }

  #newClusters(placed: PlacedScan): Cluster[] {
    const clusters: Cluster[] = []
    for (const point of scanPoints(placed)) {
      if (point.rangeM > MAX_RANGE_M || point.rangeM > this.#nearestM[point.beam]! - NEARER_BY_M) continue
      if (!this.#known.isInside(point) || this.#known.isAtDoor(point, DOOR_M)) continue
      if (distanceToBoundary(point, this.#known.room.polygon) <= WALL_M) continue
      const last = clusters.at(-1)
      if (
        last !== undefined &&
        point.beam - last.lastBeam <= 1 &&
        Math.abs(point.rangeM - last.lastRangeM) < 0.3
      ) {
        last.beams += 1
        last.lastBeam = point.beam
        last.lastRangeM = point.rangeM
      } else {
        clusters.push({
          beams: 1,
          // A beam that grazes an edge ends anywhere between what it has before it and beside it.
          isOffEdges: [-1, 1].every(
            (side) => point.rangeM <= (this.#nearestM[point.beam + side] ?? 0) - NEARER_BY_M,
          ),
          centre: { x: point.x, y: point.y },
          lastBeam: point.beam,
          lastRangeM: point.rangeM,
        })
      }
    }
    return clusters
  }
}
