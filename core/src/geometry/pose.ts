import { normalizeAngle } from './angle.ts'
import type { Point2, Pose2 } from './types.ts'

export function distance(a: Point2, b: Point2): number {
  return Math.hypot(b.x - a.x, b.y - a.y)
}

/** The pose of C in A, from the pose of B in A and of C in B. */
export function composePoses(aToB: Pose2, bToC: Pose2): Pose2 {
  const { x, y } = transformPoint(aToB, bToC)
  return { x, y, theta: normalizeAngle(aToB.theta + bToC.theta) }
}

/** The pose of A in B, from the pose of B in A. */
export function inversePose(pose: Pose2): Pose2 {
  const cos = Math.cos(pose.theta)
  const sin = Math.sin(pose.theta)
  return {
    x: -(cos * pose.x + sin * pose.y),
    y: -(-sin * pose.x + cos * pose.y),
    theta: normalizeAngle(-pose.theta),
  }
}

/** A point given in the frame of `pose`, in the frame that `pose` itself is given in. */
export function transformPoint(pose: Pose2, point: Point2): Point2 {
  const cos = Math.cos(pose.theta)
  const sin = Math.sin(pose.theta)
  return { x: pose.x + cos * point.x - sin * point.y, y: pose.y + sin * point.x + cos * point.y }
}
