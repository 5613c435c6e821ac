import { normalizeAngle, type Pose2 } from '@wardlight/core/geometry'
import { PERSON_HEIGHT_M, PERSON_RADIUS_M } from './people.ts'

/** One camera looks ahead from the lamp's mast: what is beside and behind the robot it does not see. */
export const CAMERA_HEIGHT_M = 1.2
/** Usual of wide lenses before they distort, 90° across. */
export const CAMERA_VIEW_RAD = Math.PI / 2
/** Farther away a standing person is too few pixels for a small detector [proposed]. */
export const CAMERA_RANGE_M = 8
const WIDTH_PX = 640
const HEIGHT_PX = 480
/** From the view's angle across: pixels to a radian in the middle of the picture. */
const FOCAL_PX = WIDTH_PX / 2 / Math.tan(CAMERA_VIEW_RAD / 2)

/** Somebody in a picture. Pixels, from its upper left corner. */
export interface PicturedPerson {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly widthPx: number
  readonly heightPx: number
}

/**
 * Who is in the picture that a robot's camera takes now, standing still or not.
 *
 * @param isInSight whether nothing hides somebody from the camera, at its height
 */
export function picturedPeople<Seen extends { readonly id: string; readonly x: number; readonly y: number }>(
  robot: Pose2,
  people: readonly Seen[],
  isInSight: (person: Seen) => boolean,
): PicturedPerson[] {
  const pictured: PicturedPerson[] = []
  for (const person of people) {
    const distanceM = Math.max(0.1, Math.hypot(person.x - robot.x, person.y - robot.y))
    const bearing = normalizeAngle(Math.atan2(person.y - robot.y, person.x - robot.x) - robot.theta)
    // An edge of somebody in the picture is enough.
    const halfBreadth = Math.atan(PERSON_RADIUS_M / distanceM)
    if (distanceM > CAMERA_RANGE_M || Math.abs(bearing) - halfBreadth > CAMERA_VIEW_RAD / 2) continue
    if (!isInSight(person)) continue
    const depthM = distanceM * Math.cos(Math.min(Math.abs(bearing), CAMERA_VIEW_RAD / 2))
    const middleM = PERSON_HEIGHT_M / 2 - CAMERA_HEIGHT_M
    pictured.push({
      id: person.id,
      x: WIDTH_PX / 2 - FOCAL_PX * Math.tan(clampToView(bearing)),
      y: HEIGHT_PX / 2 - (FOCAL_PX * middleM) / depthM,
      widthPx: (FOCAL_PX * 2 * PERSON_RADIUS_M) / depthM,
      heightPx: (FOCAL_PX * PERSON_HEIGHT_M) / depthM,
    })
  }
  return pictured
}

function clampToView(bearing: number): number {
  return Math.min(CAMERA_VIEW_RAD / 2, Math.max(-CAMERA_VIEW_RAD / 2, bearing))
}
