import type { Point2, Pose2 } from '@wardlight/core/geometry'
import type { Random } from '@wardlight/core/random'
import { rangeToPane, reflected, type Beam, type Optics } from './lidar-optics.ts'
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
  scene: { readonly lidar: SegmentIndex; readonly optics: Optics },
  circles: readonly Circle[],
  random: Random,
): number[] {
  const ranges: number[] = []
  for (let index = 0; index < LIDAR_BEAMS; index += 1) {
    const angle = pose.theta + LIDAR_ANGLE_MIN_RAD + index * LIDAR_INCREMENT_RAD
    const beam = { x: pose.x, y: pose.y, dx: Math.cos(angle), dy: Math.sin(angle) }
    ranges.push(rangeOf(beam, scene, circles, random))
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

/** Without what is round and in the way directly: `cutCircle` is quicker at that. */
function rangeOf(
  beam: Beam,
  { lidar, optics }: { readonly lidar: SegmentIndex; readonly optics: Optics },
  circles: readonly Circle[],
  random: Random,
): number {
  const { panes, mirrors } = optics
  const blocked = lidar.castRay(beam.x, beam.y, beam.dx, beam.dy, LIDAR_RANGE_MAX_M)
  const mirror = mirrors.length === 0 ? null : reflected(beam, blocked, mirrors)
  if (mirror === null) return panes.length === 0 ? blocked : rangeToPane(beam, blocked, panes, random)
  // Thrown back once; what a second mirror does is too faint to measure.
  const { awayM } = mirror
  const left = LIDAR_RANGE_MAX_M - awayM
  const beyond = lidar.castRay(mirror.beam.x, mirror.beam.y, mirror.beam.dx, mirror.beam.dy, left)
  const onSomebody = Math.min(beyond, ...circles.map((circle) => rangeToCircle(mirror.beam, circle)))
  return Math.min(LIDAR_RANGE_MAX_M, awayM + onSomebody)
}

/** Metres; `Infinity` where the beam passes by. */
function rangeToCircle({ x, y, dx, dy }: Beam, circle: Circle): number {
  const [cx, cy] = [circle.x - x, circle.y - y]
  const along = cx * dx + cy * dy
  const across = cx * dy - cy * dx
  const inside = circle.radiusM ** 2 - across ** 2
  return along <= 0 || inside < 0 ? Infinity : along - Math.sqrt(inside)
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
