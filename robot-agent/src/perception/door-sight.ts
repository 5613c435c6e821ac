import { intersectSegments, type Point2, type Segment2 } from '@wardlight/core/geometry'
import { isHit, type PlacedScan } from './scan-points.ts'

/** A doorway of the room; one without a leaf is looked through all day. */
export interface SightedDoor extends Segment2 {
  readonly id: string
  readonly hasLeaf?: boolean
}

/** Only the middle of a doorway is looked at: a localisation that is off by so much at each side hits the frame. */
const MIDDLE_SHARE = 0.6
/** So far behind the doorway a beam must end to have gone through it; a leaf and a wall are within it. */
const BEHIND_M = 0.3
/** Farther away one degree of a turned localisation is more than the frame's share. */
const MAX_RANGE_M = 6
const THROUGH_BEAMS = 3

/** Ids of the doors that one scan looks through: so many beams end behind a doorway, and most of those that meet it. */
export function doorsSeenThrough({ scan, laser }: PlacedScan, doors: readonly SightedDoor[]): string[] {
  return doors.filter((door) => door.hasLeaf !== false && isSeenThrough(door)).map(({ id }) => id)

  function isSeenThrough(door: SightedDoor): boolean {
    const middle = { a: along(door, (1 - MIDDLE_SHARE) / 2), b: along(door, (1 + MIDDLE_SHARE) / 2) }
    let through = 0
    let met = 0
    for (const [beam, rangeM] of scan.ranges.entries()) {
      // A beam that never came back may have been swallowed by something black.
      if (!isHit(scan, rangeM)) continue
      const angle = laser.theta + scan.angle_min + beam * scan.angle_increment
      const at = (metres: number): Point2 => ({
        x: laser.x + metres * Math.cos(angle),
        y: laser.y + metres * Math.sin(angle),
      })
      const cut = intersectSegments({ a: laser, b: at(MAX_RANGE_M) }, middle)
      if (cut === null) continue
      met += 1
      if (rangeM > cut * MAX_RANGE_M && apartM(at(rangeM), door) > BEHIND_M) through += 1
    }
    return through >= THROUGH_BEAMS && 2 * through > met
  }
}

/** The doors that at least half of the scans look through. */
export function doorsOpenToSight(scans: readonly PlacedScan[], doors: readonly SightedDoor[]): string[] {
  const seen = scans.flatMap((scan) => doorsSeenThrough(scan, doors))
  return doors
    .map(({ id }) => id)
    .filter((id) => 2 * seen.filter((one) => one === id).length >= scans.length && scans.length > 0)
}

/**
 * Watches doors that are shut from where the robot stands. What was looked through from the beginning is glass, or a door
 * that people have been told of; what is looked through twice in a row, and was not, is a door that opens.
 */
export class DoorWatch {
  readonly #doors: readonly SightedDoor[]
  #before: ReadonlySet<string> = new Set()

  constructor(doors: readonly SightedDoor[], background: readonly PlacedScan[]) {
    const known = new Set(background.flatMap((scan) => doorsSeenThrough(scan, doors)))
    this.#doors = doors.filter(({ id }) => !known.has(id))
  }

  /** Takes the next scan. @returns whether a door opens */
  see(scan: PlacedScan): boolean {
    const now = new Set(doorsSeenThrough(scan, this.#doors))
    const isSeenAgain = [...now].some((id) => this.#before.has(id))
    this.#before = now
    return isSeenAgain
  }
}

function along({ a, b }: Segment2, share: number): Point2 {
  return { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) }
}

/** From the straight line through a doorway. */
function apartM({ x, y }: Point2, { a, b }: Segment2): number {
  const dx = b.x - a.x
  const dy = b.y - a.y
  return Math.abs((x - a.x) * dy - (y - a.y) * dx) / Math.hypot(dx, dy)
}
