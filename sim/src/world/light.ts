import type { LampModel, Surface } from '@wardlight/core/disinfection'
import {
  transformPoint,
  type Point2,
  type Polygon,
  type Pose2,
  type Segment2,
} from '@wardlight/core/geometry'

/**
 * The world's own light, apart from the one that plans are made with, so that the two can disagree:
 * every tube is sampled along its length, and every ray is tested in three dimensions. No reflection.
 */

/** Samples of a tube. At 0.3 m from a 1.2 m tube the midpoint rule is then within 0.1 % of Keitz's integral. */
const SAMPLES = 32
/** A ray ends this far in front of its surface, so that the wall which the surface belongs to does not shade it. */
const STAND_OFF_M = 0.01

export interface Prism {
  readonly footprint: Polygon
  readonly zMinM: number
  readonly zMaxM: number
}

export interface Cylinder extends Point2 {
  readonly radiusM: number
  readonly zMaxM: number
}

/** What stops 254 nm: walls and glass from floor to ceiling, furniture, people and other robots. */
export interface LightBlockers {
  readonly walls: readonly Segment2[]
  readonly prisms: readonly Prism[]
  readonly cylinders: readonly Cylinder[]
}

/**
 * Irradiance on the centre of each surface, µW/cm², with the lamp at full output at `pose`.
 *
 * A tube element of length dl radiates P/(π²L)·sin θ per steradian, θ from the tube's axis: the
 * Lambertian line source whose integral is Keitz's E = P(2α + sin 2α)/(2π²dL).
 *
 * @param health output of each tube against the model's, 0 to 1.
 */
export function irradianceOn(
  surfaces: readonly Surface[],
  lamp: LampModel,
  pose: Pose2,
  health: readonly number[],
  blockers: LightBlockers,
): Float64Array {
  const tubes = lamp.tubes.map((tube, index) => ({
    ...transformPoint(pose, tube),
    zBottomM: tube.zBottomM,
    elementM: (tube.zTopM - tube.zBottomM) / SAMPLES,
    // W/m² into µW/cm² is a factor of 100.
    strength:
      (100 * tube.radiantPowerW * lamp.outputFraction * health[index]!) / (Math.PI * Math.PI * SAMPLES),
  }))
  const irradiance = new Float64Array(surfaces.length)
  const shades: Shade[] = []
  surfaces.forEach(({ centre, normal }, index) => {
    const targetX = centre.x + normal.x * STAND_OFF_M
    const targetY = centre.y + normal.y * STAND_OFF_M
    const targetZ = centre.z + normal.z * STAND_OFF_M
    let sum = 0
    for (const tube of tubes) {
      const dx = tube.x - centre.x
      const dy = tube.y - centre.y
      const facing = normal.x * dx + normal.y * dy
      const fromBottom = tube.zBottomM - centre.z
      const fromTop = fromBottom + tube.elementM * SAMPLES
      if (tube.strength === 0 || (facing + normal.z * fromBottom <= 0 && facing + normal.z * fromTop <= 0))
        continue
      if (!collectShades(shades, targetX, targetY, tube.x, tube.y, blockers)) continue
      const flat = dx * dx + dy * dy
      const flatLength = Math.sqrt(flat)
      for (let sample = 0; sample < SAMPLES; sample += 1) {
        const dz = fromBottom + (sample + 0.5) * tube.elementM
        const cosine = facing + normal.z * dz
        if (cosine <= 0) continue
        if (shades.length > 0 && isShaded(shades, targetZ, centre.z + dz)) continue
        const squared = flat + dz * dz
        // sin θ = flat/r, cos β = cosine/r, over r².
        sum += (tube.strength * flatLength * cosine) / (squared * squared)
      }
    }
    irradiance[index] = sum
  })
  return irradiance
}

/** Where along a ray, 0 at the surface to 1 at the tube, it is above or below a blocker's height. */
interface Shade {
  readonly enter: number
  readonly leave: number
  readonly zMinM: number
  readonly zMaxM: number
}

/** Fills `shades` with what stands over the ray's plan view. @returns false when a wall stops it at every height. */
function collectShades(
  shades: Shade[],
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
  { walls, prisms, cylinders }: LightBlockers,
): boolean {
  shades.length = 0
  const dx = toX - fromX
  const dy = toY - fromY
  for (const { a, b } of walls) {
    const sx = b.x - a.x
    const sy = b.y - a.y
    const cross = dx * sy - dy * sx
    if (cross === 0) continue
    const along = ((a.x - fromX) * sy - (a.y - fromY) * sx) / cross
    if (along <= 0 || along >= 1) continue
    const other = ((a.x - fromX) * dy - (a.y - fromY) * dx) / cross
    if (other >= 0 && other <= 1) return false
  }
  for (const { footprint, zMinM, zMaxM } of prisms) {
    let enter = 0
    let leave = 1
    for (let corner = 0; corner < footprint.length && enter < leave; corner += 1) {
      const a = footprint[corner]!
      const b = footprint[corner + 1 === footprint.length ? 0 : corner + 1]!
      // Inside is to the left of every edge of a counter-clockwise footprint.
      const ex = b.x - a.x
      const ey = b.y - a.y
      const start = ex * (fromY - a.y) - ey * (fromX - a.x)
      const change = ex * dy - ey * dx
      if (change === 0) {
        if (start < 0) leave = -1
      } else if (change > 0) enter = Math.max(enter, -start / change)
      else leave = Math.min(leave, -start / change)
    }
    if (enter < leave) shades.push({ enter, leave, zMinM, zMaxM })
  }
  for (const { x, y, radiusM, zMaxM } of cylinders) {
    const ox = fromX - x
    const oy = fromY - y
    const squared = dx * dx + dy * dy
    const half = (ox * dx + oy * dy) / squared
    const root = half * half - (ox * ox + oy * oy - radiusM * radiusM) / squared
    if (root <= 0) continue
    const enter = Math.max(0, -half - Math.sqrt(root))
    const leave = Math.min(1, -half + Math.sqrt(root))
    if (enter < leave) shades.push({ enter, leave, zMinM: 0, zMaxM })
  }
  return true
}

function isShaded(shades: readonly Shade[], fromZ: number, toZ: number): boolean {
  for (const { enter, leave, zMinM, zMaxM } of shades) {
    const atEnter = fromZ + enter * (toZ - fromZ)
    const atLeave = fromZ + leave * (toZ - fromZ)
    if (Math.max(atEnter, atLeave) > zMinM && Math.min(atEnter, atLeave) < zMaxM) return true
  }
  return false
}
