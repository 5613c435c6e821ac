import type { OccupancyGrid, Pose2 } from '../geometry/types.ts'
import type { Header, Quaternion, RosOccupancyGrid, RosPose, Time } from './messages.ts'

export function rosTime(epochMs: number): Time {
  const sec = Math.floor(epochMs / 1000)
  return { sec, nanosec: Math.round((epochMs - sec * 1000) * 1e6) }
}

export function epochMsOf(time: Time): number {
  return time.sec * 1000 + time.nanosec / 1e6
}

export function rosHeader(epochMs: number, frameId: string): Header {
  return { stamp: rosTime(epochMs), frame_id: frameId }
}

export function quaternionOfYaw(yawRad: number): Quaternion {
  return { x: 0, y: 0, z: Math.sin(yawRad / 2), w: Math.cos(yawRad / 2) }
}

export function yawOf({ x, y, z, w }: Quaternion): number {
  return Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
}

export function rosPose({ x, y, theta }: Pose2): RosPose {
  return { position: { x, y, z: 0 }, orientation: quaternionOfYaw(theta) }
}

export function pose2Of(pose: RosPose): Pose2 {
  return { x: pose.position.x, y: pose.position.y, theta: yawOf(pose.orientation) }
}

/** @param epochMs when the grid was made, which for a grid that is sent at once is when it is sent */
export function rosGrid(grid: OccupancyGrid, epochMs: number, frameId = 'map'): RosOccupancyGrid {
  const { width, height, resolutionM, origin, data } = grid
  return {
    header: rosHeader(epochMs, frameId),
    info: {
      map_load_time: rosTime(epochMs),
      resolution: resolutionM,
      width,
      height,
      origin: rosPose(origin),
    },
    data,
  }
}

export function gridOf({ info, data }: RosOccupancyGrid): OccupancyGrid {
  return {
    width: info.width,
    height: info.height,
    resolutionM: info.resolution,
    origin: pose2Of(info.origin),
    data: data instanceof Int8Array ? data : Int8Array.from(data),
  }
}
