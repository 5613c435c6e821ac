import { PerspectiveCamera, Vector3, type Box3 } from 'three'

export interface ViewAngles {
  /** From straight down, radians. */
  readonly tiltRad: number
  /** Where the viewer stands: 0 south of the plan, looking north; counter-clockwise, radians. */
  readonly turnRad: number
}

/** Share of the half view that the box may fill. */
const FILL = 0.94

/** The nearest camera place from which the whole box is seen at these angles. */
export function fittedCamera(
  box: Box3,
  { tiltRad, turnRad }: ViewAngles,
  fieldOfViewDeg: number,
  aspect: number,
): { position: Vector3; target: Vector3 } {
  const camera = new PerspectiveCamera(fieldOfViewDeg, aspect, 0.1, 1e5)
  camera.up.set(0, 0, 1)
  const direction = new Vector3(
    Math.sin(turnRad) * Math.sin(tiltRad),
    -Math.cos(turnRad) * Math.sin(tiltRad),
    Math.cos(tiltRad),
  )
  const corners = [box.min.x, box.max.x].flatMap((x) =>
    [box.min.y, box.max.y].flatMap((y) => [box.min.z, box.max.z].map((z) => new Vector3(x, y, z))),
  )
  const size = box.getSize(new Vector3()).length() + 1
  const target = box.getCenter(new Vector3()).setZ(0)

  /** The extents on the screen, -1 to 1 being the view; `null` when something is behind the camera. */
  function extents(distance: number): { min: Vector3; max: Vector3 } | null {
    camera.position.copy(target).addScaledVector(direction, distance)
    camera.lookAt(target)
    camera.updateMatrixWorld()
    const min = new Vector3(Infinity, Infinity, Infinity)
    const max = new Vector3(-Infinity, -Infinity, -Infinity)
    for (const corner of corners) {
      if (corner.clone().sub(camera.position).dot(direction) >= 0) return null
      const seen = corner.clone().project(camera)
      min.min(seen)
      max.max(seen)
    }
    return { min, max }
  }

  let position = target.clone().addScaledVector(direction, size * 4)
  // Perspective shows the near edge larger, so centre what is seen, then measure again.
  for (let round = 0; round < 4; round += 1) {
    let near = 0.01
    let far = size * 40
    for (let step = 0; step < 40; step += 1) {
      const middle = (near + far) / 2
      const seen = extents(middle)
      const fits =
        seen !== null &&
        seen.max.x - seen.min.x <= 2 * FILL &&
        seen.max.y - seen.min.y <= 2 * FILL &&
        seen.max.x <= 1.5 &&
        seen.min.x >= -1.5 &&
        seen.max.y <= 1.5 &&
        seen.min.y >= -1.5
      if (fits) far = middle
      else near = middle
    }
    const seen = extents(far)
    position = camera.position.clone()
    if (seen === null) break
    const halfHeight = far * Math.tan((fieldOfViewDeg * Math.PI) / 360)
    const away = new Vector3(-Math.sin(turnRad), Math.cos(turnRad), 0)
    const right = new Vector3(Math.cos(turnRad), Math.sin(turnRad), 0)
    const shift = right
      .multiplyScalar(((seen.min.x + seen.max.x) / 2) * halfHeight * aspect)
      .addScaledVector(
        away,
        (((seen.min.y + seen.max.y) / 2) * halfHeight) / Math.max(0.2, Math.cos(tiltRad)),
      )
    if (round === 3) break
    target.add(shift)
  }
  return { position, target }
}
