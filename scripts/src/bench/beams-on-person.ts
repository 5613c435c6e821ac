import { distance, type Point2, type Pose2 } from '@wardlight/core/geometry'
import type { LaserScan } from '@wardlight/core/ros'

/** A hit so near to a person's middle is one on their legs, metres; a wall is farther from it. */
const ON_PERSON_M = 0.23

/** How many beams of a scan that was truly taken at `pose` end on somebody. */
export function beamsOnPerson(scan: LaserScan, { x, y, theta }: Pose2, person: Point2): number {
  return scan.ranges.filter((range, beam) => {
    if (!Number.isFinite(range)) return false
    const angle = theta + scan.angle_min + beam * scan.angle_increment
    const hit = { x: x + range * Math.cos(angle), y: y + range * Math.sin(angle) }
    return distance(hit, person) <= ON_PERSON_M
  }).length
}
