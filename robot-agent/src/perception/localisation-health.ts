import type { OccupancyGrid, Pose2 } from '@wardlight/core/geometry'
import type { Disposable, LaserScan } from '@wardlight/core/ros'
import type { LaserMount, RobotSensors } from '../robot/ports.ts'
import { KnownMap, knownMargin } from './known-map.ts'
import { placeScan, scanPoints, type ScanPoint } from './scan-points.ts'
import { onDoorLeaves } from './door-leaves.ts'

/** With fewer hits on the map a scan says nothing. */
const LEAST_HITS = 40
/**
 * Fewer hits than this share on what the map has solid: the place is wrong, or the map is. People and things take some;
 * `npm run bench -- perception` prints what is found and what is not.
 */
const LEAST_SHARE = 0.5
/** So many scans in a row have to say so, and so many to say that it is over: a second of a 10 Hz lidar. */
const SCANS = 10

/**
 * How well a scan fits the map from where the robot believes to be: the share of its hits that the map explains, those not
 * counted that a shut door may be; `null` when too few are left.
 */
function mapFit(map: KnownMap, scan: LaserScan, base: Pose2, mount: LaserMount): number | null {
  let explained = 0
  const strange: ScanPoint[] = []
  for (const point of scanPoints(placeScan(scan, base, mount))) {
    const away = map.distance(point)
    if (away === null) continue
    if (away <= knownMargin(point.rangeM)) explained += 1
    else strange.push(point)
  }
  const hits = explained + strange.length - onDoorLeaves(map, strange).length
  return hits < LEAST_HITS ? null : explained / hits
}

/**
 * Whether the robot is lost though its localisation is sure of itself: what the lidar sees does not fit the map from
 * there. Without a map it cannot tell. A map that was sent to it has to fit as well, beside its own: it can only find more.
 */
export class LocalisationHealth {
  readonly #sensors: RobotSensors
  #subscription: Disposable | null = null
  #map: KnownMap | null = null
  #sentMap: KnownMap | null = null
  /** The robot's own map is another one now, as after a lift's ride: the one that was sent may still be of the level before. */
  #isSentMapToFitFirst = false
  #mount: LaserMount = { pose: { x: 0, y: 0, theta: 0 }, heightM: 0.2 }
  #pose: Pose2 | null = null
  #scan: LaserScan | null = null
  #isLost = false
  #contrary = 0

  constructor(sensors: RobotSensors) {
    this.#sensors = sensors
  }

  get isLost(): boolean {
    return this.#isLost
  }

  /** The robot's own. */
  get map(): KnownMap | null {
    return this.#map
  }

  get scan(): LaserScan | null {
    return this.#scan
  }

  get mount(): LaserMount {
    return this.#mount
  }

  /** @param grid of the level where the robot is; `null`: none was sent */
  useSentMap(grid: OccupancyGrid | null): void {
    this.#sentMap = grid === null ? null : new KnownMap(grid)
    this.#isSentMapToFitFirst = false
  }

  /** Whether what the lidar saw last fits a map of the robot's level from where it believes to be; `null`: nothing to tell by. */
  fits(grid: OccupancyGrid): boolean | null {
    const share = this.#scan === null ? null : this.#fit(new KnownMap(grid), this.#scan)
    return share === null ? null : share >= LEAST_SHARE
  }

  start(): void {
    this.#subscription = this.#sensors.subscribe((reading) => {
      switch (reading.kind) {
        case 'map':
          this.#isSentMapToFitFirst = this.#map !== null
          this.#map = new KnownMap(reading.grid)
          return
        case 'laserMount':
          this.#mount = reading.mount
          return
        case 'pose':
          this.#pose = reading.pose
          return
        case 'scan':
          this.#judge(reading.scan)
          return
        default:
          return
      }
    })
  }

  stop(): void {
    this.#subscription?.dispose()
    this.#subscription = null
  }

  #judge(scan: LaserScan): void {
    this.#scan = scan
    const isAgainst = (share: number | null) => share !== null && share < LEAST_SHARE
    const sentShare = this.#fit(this.#sentMap, scan)
    if (sentShare !== null && sentShare >= LEAST_SHARE) this.#isSentMapToFitFirst = false
    const looksLost =
      isAgainst(this.#fit(this.#map, scan)) || (!this.#isSentMapToFitFirst && isAgainst(sentShare))
    this.#contrary = looksLost === this.#isLost ? 0 : this.#contrary + 1
    if (this.#contrary < SCANS) return
    this.#isLost = looksLost
    this.#contrary = 0
  }

  #fit(map: KnownMap | null, scan: LaserScan): number | null {
    return map === null || this.#pose === null ? null : mapFit(map, scan, this.#pose, this.#mount)
  }
}
