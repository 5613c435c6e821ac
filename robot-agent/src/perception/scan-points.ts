import { composePoses, type Point2, type Pose2 } from '@wardlight/core/geometry'
import type { LaserScan } from '@wardlight/core/ros'
import type { LaserMount } from '../robot/ports.ts'

/** Where one beam ended, map frame. */
export interface ScanPoint extends Point2 {
  readonly beam: number
  readonly rangeM: number
}

/** A scan, and where the robot was when it was taken. */
export interface PlacedScan {
  readonly scan: LaserScan
  /** Pose of the lidar in the map frame. */
  readonly laser: Pose2
}

export function placeScan(scan: LaserScan, base: Pose2, mount: LaserMount): PlacedScan {
  return { scan, laser: composePoses(base, mount.pose) }
}

export function isHit({ range_min, range_max }: LaserScan, rangeM: number): boolean {
  return Number.isFinite(rangeM) && rangeM >= range_min && rangeM <= range_max
}

/** Share of the beams that must come back from a building's inside. */
const SIGHTED_SHARE = 0.1

/** Whether all but nothing came back: the lidar is covered or broken, and its scan says nothing. */
export function isBlind(scan: LaserScan): boolean {
  const hits = scan.ranges.filter((rangeM) => isHit(scan, rangeM)).length
  return hits === 0 || hits < SIGHTED_SHARE * scan.ranges.length
}

/**
 * Whether a scan says in every beam what the one before said, to the last digit. Real lidars tremble by millimetres: it is
 * an old one told again, by a driver or a device that has got stuck.
 */
export function isRepeated({ ranges }: LaserScan, before: LaserScan | null): boolean {
  return (
    before !== null &&
    ranges.length === before.ranges.length &&
    ranges.every((rangeM, beam) => Object.is(rangeM, before.ranges[beam]))
  )
}

/** Every beam that hit something, in the order of the beams. */
export function scanPoints({ scan, laser }: PlacedScan): ScanPoint[] {
  const points: ScanPoint[] = []
  for (const [beam, rangeM] of scan.ranges.entries()) {
    if (!isHit(scan, rangeM)) continue
    const angle = laser.theta + scan.angle_min + beam * scan.angle_increment
    points.push({
      beam,
      rangeM,
      x: laser.x + rangeM * Math.cos(angle),
      y: laser.y + rangeM * Math.sin(angle),
    })
  }
  return points
}
