import type { Point2, Pose2 } from '@wardlight/core/geometry'
import type { Random } from '@wardlight/core/random'
import type { SegmentIndex } from './segment-index.ts'

export const LIDAR_BEAMS = 360
export const LIDAR_RANGE_MIN_M = 0.1
export const LIDAR_RANGE_MAX_M = 12
/** One sigma: the class of an RPLIDAR S2 or Hokuyo UST-10. */
export const LIDAR_NOISE_M = 0.012
export const LIDAR_ANGLE_MIN_RAD = -Math.PI
export const LIDAR_INCREMENT_RAD = (2 * Math.PI) / LIDAR_BEAMS

/** Something round and upright that the lidar's plane cuts: a leg, another robot. */
export interface Circle extends Point2 {
  readonly radiusM: number
}

/**
 * One turn of the lidar: metres by beam, counter-clockwise from straight behind; `Infinity` where
 * nothing came back. Rounded to millimetres, as sensors report.
 */
export function scanRanges(
  pose: Pose2,
  scene: SegmentIndex,
  circles: readonly Circle[],
  random: Random,
): number[] {
  const ranges: number[] = []
  for (let beam = 0; beam < LIDAR_BEAMS; beam += 1) {
    const angle = pose.theta + LIDAR_ANGLE_MIN_RAD + beam * LIDAR_INCREMENT_RAD
    ranges.push(scene.castRay(pose.x, pose.y, Math.cos(angle), Math.sin(angle), LIDAR_RANGE_MAX_M))
  }
  for (const circle of circles) cutCircle(ranges, pose, circle)
  for (let beam = 0; beam < LIDAR_BEAMS; beam += 1) {
    const range = ranges[beam]!
    ranges[beam] =
      range >= LIDAR_RANGE_MAX_M
        ? Infinity
        : Math.max(LIDAR_RANGE_MIN_M, Math.round((range + random.gaussian(LIDAR_NOISE_M)) * 1000) / 1000)
  }
  return ranges
}

function cutCircle(ranges: number[], pose: Pose2, { x, y, radiusM }: Circle): void {
  const dx = x - pose.x
  const dy = y - pose.y
  const distance = Math.hypot(dx, dy)
  if (distance - radiusM > LIDAR_RANGE_MAX_M || distance <= radiusM) return
  const halfWidth = Math.asin(radiusM / distance)
  const centre = (Math.atan2(dy, dx) - pose.theta - LIDAR_ANGLE_MIN_RAD) / LIDAR_INCREMENT_RAD
  const spread = halfWidth / LIDAR_INCREMENT_RAD
  for (let index = Math.ceil(centre - spread); index <= centre + spread; index += 1) {
    const offset = (index - centre) * LIDAR_INCREMENT_RAD
    const across = distance * Math.sin(offset)
    const range = distance * Math.cos(offset) - Math.sqrt(Math.max(0, radiusM * radiusM - across * across))
    const beam = ((index % LIDAR_BEAMS) + LIDAR_BEAMS) % LIDAR_BEAMS
    if (range < ranges[beam]!) ranges[beam] = range
  }
}
