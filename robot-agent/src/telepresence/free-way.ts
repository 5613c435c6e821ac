import { transformPoint, type Pose2 } from '@wardlight/core/geometry'
import type { LaserScan } from '@wardlight/core/ros'
import { isHit } from '../perception/scan-points.ts'

/** Wider than the robot by this on each side, metres (proposed). */
const BESIDE_M = 0.05

/** How far a round robot can go straight ahead and straight back before it touches what the lidar sees, metres. */
export function freeWay(scan: LaserScan, mount: Pose2, radiusM: number): { aheadM: number; behindM: number } {
  let aheadM = scan.range_max
  let behindM = scan.range_max
  for (const [beam, range] of scan.ranges.entries()) {
    // Nearer than a lidar can measure is near; 0 is how some say that nothing came back.
    const isTooNear = range > 0 && range < scan.range_min
    if (!isTooNear && !isHit(scan, range)) continue
    const angle = scan.angle_min + beam * scan.angle_increment
    const point = transformPoint(mount, { x: range * Math.cos(angle), y: range * Math.sin(angle) })
    if (Math.abs(point.y) > radiusM + BESIDE_M) continue
    if (point.x > 0) aheadM = Math.min(aheadM, point.x - radiusM)
    else behindM = Math.min(behindM, -point.x - radiusM)
  }
  return { aheadM, behindM }
}
