import { distance } from '../geometry/pose.ts'
import type { Point2 } from '../geometry/types.ts'
import type { IrradianceField } from './irradiance-field.ts'

/**
 * The lamp is taken to stand in the middle of steps of at most this, metres: at 0.3 m from a surface, as near as a
 * robot gets, the midpoint rule is then within 1 % of the integral of an unshaded tube.
 */
const STEP_M = 0.05

/** Milliseconds of a microwatt: mJ/cm² from µW/cm² and seconds. */
const MILLI = 1e-3

/**
 * What a lamp gives while it is driven along a polyline at one speed, mJ/cm² on each surface of the field. The
 * lamp keeps the heading 0: ways are for lamps that look the same in all directions, or nearly.
 *
 * @param speedMps above 0
 * @throws RangeError without a waypoint, or without a speed
 */
export function doseAlong(
  field: IrradianceField,
  waypoints: readonly Point2[],
  speedMps: number,
): Float64Array {
  const [start] = waypoints
  if (start === undefined || !(speedMps > 0))
    throw new RangeError('A way needs a place to begin, and a speed above 0')
  const dose = new Float64Array(field.at({ ...start, theta: 0 }).length)
  for (let index = 1; index < waypoints.length; index += 1) {
    const a = waypoints[index - 1]!
    const b = waypoints[index]!
    const lengthM = distance(a, b)
    const steps = Math.ceil(lengthM / STEP_M)
    const seconds = lengthM / steps / speedMps
    for (let step = 0; step < steps; step += 1) {
      const along = (step + 0.5) / steps
      const light = field.at({ x: a.x + along * (b.x - a.x), y: a.y + along * (b.y - a.y), theta: 0 })
      for (let surface = 0; surface < light.length; surface += 1)
        dose[surface]! += light[surface]! * MILLI * seconds
    }
  }
  return dose
}
