import {
  intersectSegments,
  polygonEdges,
  type Point2,
  type Polygon,
  type Pose2,
} from '@wardlight/core/geometry'
import { createRandom, type Random } from '@wardlight/core/random'
import type { LaserScan } from '@wardlight/core/ros'
import { placeScan, type PlacedScan } from '../perception/scan-points.ts'

/** Of the lidar on the robot. */
export const MOUNT = { pose: { x: 0, y: 0, theta: 0 }, heightM: 0.2 }
const LEG_M = 0.07

/** What a lidar of 360 beams with 2 cm noise measures at a pose. */
export function scanAt(
  pose: Pose2,
  shapes: readonly Polygon[],
  legs: readonly Point2[],
  random: Random,
): LaserScan {
  const edges = shapes.flatMap(polygonEdges)
  const ranges = Array.from({ length: 360 }, (_, beam) => {
    const angle = pose.theta + (beam * Math.PI) / 180
    const end = { x: pose.x + 12 * Math.cos(angle), y: pose.y + 12 * Math.sin(angle) }
    let range = Infinity
    for (const edge of edges) {
      const along = intersectSegments({ a: pose, b: end }, edge)
      if (along !== null) range = Math.min(range, along * 12)
    }
    for (const leg of legs) {
      const along = (leg.x - pose.x) * Math.cos(angle) + (leg.y - pose.y) * Math.sin(angle)
      const aside = Math.abs((leg.x - pose.x) * Math.sin(angle) - (leg.y - pose.y) * Math.cos(angle))
      if (along > 0 && aside < LEG_M) range = Math.min(range, along - Math.sqrt(LEG_M ** 2 - aside ** 2))
    }
    return range + random.gaussian(0.02)
  })
  return {
    header: { stamp: { sec: 0, nanosec: 0 }, frame_id: 'laser' },
    angle_min: 0,
    angle_max: 2 * Math.PI,
    angle_increment: Math.PI / 180,
    time_increment: 0,
    scan_time: 0.1,
    range_min: 0.1,
    range_max: 12,
    ranges,
    intensities: [],
  }
}

/** Ten scans, placed where a localisation with its error thinks they were taken. */
export function lookAround(
  seed: number,
  pose: Pose2,
  shapes: readonly Polygon[],
  legs: readonly Point2[] = [],
  count = 10,
): PlacedScan[] {
  const random = createRandom(seed)
  const believed = {
    x: pose.x + random.gaussian(0.02),
    y: pose.y + random.gaussian(0.02),
    theta: pose.theta + random.gaussian(Math.PI / 180),
  }
  return Array.from({ length: count }, () => placeScan(scanAt(pose, shapes, legs, random), believed, MOUNT))
}
