import type { Point2, Polygon, Pose2 } from '@wardlight/core/geometry'
import { createRandom } from '@wardlight/core/random'
import { placeScan, type PlacedScan } from '../perception/scan-points.ts'
import { drawnScan } from './drawn-scan.ts'

/** Of the lidar on the robot. */
export const MOUNT = { pose: { x: 0, y: 0, theta: 0 }, heightM: 0.2 }

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
  return Array.from({ length: count }, () =>
    placeScan(drawnScan(pose, shapes, legs, random), believed, MOUNT),
  )
}
