import {
  intersectSegments,
  polygonEdges,
  type Point2,
  type Polygon,
  type Pose2,
} from '@wardlight/core/geometry'
import type { Random } from '@wardlight/core/random'
import type { LaserScan } from '@wardlight/core/ros'

const RANGE_M = 12
const NOISE_M = 0.02
const LEG_M = 0.07

/** Something round and upright: a leg unless its radius says otherwise. */
export interface Post extends Point2 {
  readonly radiusM?: number
}

/** What a lidar of 360 beams with 2 cm noise measures at a pose, straight from what is drawn. */
export function drawnScan(
  pose: Pose2,
  shapes: readonly Polygon[],
  posts: readonly Post[],
  random: Random,
): LaserScan {
  const edges = shapes.flatMap(polygonEdges)
  const ranges = Array.from({ length: 360 }, (_, beam) => {
    const angle = pose.theta + (beam * Math.PI) / 180
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)]
    const end = { x: pose.x + RANGE_M * dx, y: pose.y + RANGE_M * dy }
    let range = Infinity
    for (const edge of edges) {
      const along = intersectSegments({ a: pose, b: end }, edge)
      if (along !== null) range = Math.min(range, along * RANGE_M)
    }
    for (const { x, y, radiusM = LEG_M } of posts) {
      const along = (x - pose.x) * dx + (y - pose.y) * dy
      const aside = Math.abs((x - pose.x) * dy - (y - pose.y) * dx)
      if (along > 0 && aside < radiusM) range = Math.min(range, along - Math.sqrt(radiusM ** 2 - aside ** 2))
    }
    return range + random.gaussian(NOISE_M)
  })
  return {
    header: { stamp: { sec: 0, nanosec: 0 }, frame_id: 'laser' },
    angle_min: 0,
    angle_max: (2 * Math.PI * 359) / 360,
    angle_increment: Math.PI / 180,
    time_increment: 0,
    scan_time: 0.1,
    range_min: 0.1,
    range_max: RANGE_M,
    ranges,
    intensities: [],
  }
}
