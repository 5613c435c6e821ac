import { transformPoint, type Pose2 } from '../geometry/index.ts'
import type { Dock } from './types.ts'

/** Nav2's `staging_x_offset` is 0.7 m by default; it lies behind a dock that is driven into nose first. */
const STAGING_M = 0.7

/** Where a robot stands before it docks, map frame: in front of the dock, heading as it will stand in it. It reverses in. */
export function dockStagingPose({ pose }: Pick<Dock, 'pose'>): Pose2 {
  return { ...transformPoint(pose, { x: STAGING_M, y: 0 }), theta: pose.theta }
}
