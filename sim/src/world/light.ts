import { correctionAt, tubeOutput, type LampModel, type Surface } from '@wardlight/core/disinfection'
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

/** Samples of a tube. At 0.2 m from a 1.2 m tube the midpoint rule is then within 0.5 % of Keitz's integral. */
const SAMPLES = 24
/** A ray ends this far in front of its surface, so that the wall which the surface belongs to does not shade it. */
const STAND_OFF_M = 1e-4

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
      (100 * tube.radiantPowerW * tubeOutput(lamp, tube) * health[index]!) / (Math.PI * Math.PI * SAMPLES),
  }))
  const shadows = new ShadowCaster(blockers)
  const irradiance = new Float64Array(surfaces.length)
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
      const facesNothing = facing + normal.z * fromBottom <= 0 && facing + normal.z * fromTop <= 0
      if (tube.strength === 0 || facesNothing) continue
      if (!shadows.aim(targetX, targetY, tube.x, tube.y)) continue
      const flat = dx * dx + dy * dy
      const weight = tube.strength * Math.sqrt(flat)
      for (let sample = 0; sample < SAMPLES; sample += 1) {
        const dz = fromBottom + (sample + 0.5) * tube.elementM
        const cosine = facing + normal.z * dz
        if (cosine <= 0 || shadows.isShaded(targetZ, centre.z + dz)) continue
        const squared = flat + dz * dz
        // sin θ = flat/r, cos β = cosine/r, over r².
        sum += (weight * cosine) / (squared * squared)
      }
    }
    const awayM = Math.hypot(centre.x - pose.x, centre.y - pose.y)
    irradiance[index] = sum * correctionAt(lamp.distanceCorrections ?? [], awayM)
  })
  return irradiance
}

/** Tests the rays between one surface and one tube: all share their plan view, only their heights differ. */
class ShadowCaster {
  /** ax, ay, bx, by by wall. */
  readonly #walls: Float64Array
  /** x, y, radius of the circle around each upright body, with where its corners begin and its heights. */
  readonly #bodies: Float64Array
  readonly #corners: Float64Array
  readonly #cornerStarts: Int32Array
  /** Where each body over the present ray begins and ends, 0 at the surface to 1 at the tube, and its heights. */
  readonly #shades: Float64Array
  #shadeCount = 0

  constructor({ walls, prisms, cylinders }: LightBlockers) {
    this.#walls = Float64Array.from(walls.flatMap(({ a, b }) => [a.x, a.y, b.x, b.y]))
    const round = cylinders.map(({ x, y, radiusM, zMaxM }) => [x, y, radiusM, 0, zMaxM])
    const upright = prisms.map(({ footprint, zMinM, zMaxM }) => {
      const x = footprint.reduce((sum, corner) => sum + corner.x, 0) / footprint.length
      const y = footprint.reduce((sum, corner) => sum + corner.y, 0) / footprint.length
      return [
        x,
        y,
        Math.max(...footprint.map((corner) => Math.hypot(corner.x - x, corner.y - y))),
        zMinM,
        zMaxM,
      ]
    })
    this.#bodies = Float64Array.from([...upright, ...round].flat())
    this.#corners = Float64Array.from(
      prisms.flatMap(({ footprint }) => footprint.flatMap(({ x, y }) => [x, y])),
    )
    // A cylinder has no corners: its circle is its outline.
    this.#cornerStarts = new Int32Array(prisms.length + cylinders.length + 1).fill(this.#corners.length)
    let start = 0
    prisms.forEach(({ footprint }, index) => {
      this.#cornerStarts[index] = start
      start += footprint.length * 2
    })
    this.#shades = new Float64Array((prisms.length + cylinders.length) * 4)
  }

  /** Takes up the rays from a surface to a tube. @returns false when a wall stops them at every height. */
  aim(fromX: number, fromY: number, toX: number, toY: number): boolean {
    const dx = toX - fromX
    const dy = toY - fromY
    const walls = this.#walls
    for (let at = 0; at < walls.length; at += 4) {
      const ax = walls[at]! - fromX
      const ay = walls[at + 1]! - fromY
      const bx = walls[at + 2]! - fromX
      const by = walls[at + 3]! - fromY
      // Both ends on one side of the ray's line: by far the most.
      const sideA = dx * ay - dy * ax
      const sideB = dx * by - dy * bx
      if ((sideA > 0 && sideB > 0) || (sideA < 0 && sideB < 0) || sideA === sideB) continue
      const along = (ax * (by - ay) - ay * (bx - ax)) / (sideB - sideA)
      if (along > 0 && along < 1) return false
    }
    this.#shadeCount = 0
    const length = Math.sqrt(dx * dx + dy * dy)
    const bodies = this.#bodies
    for (let body = 0; body * 5 < bodies.length; body += 1) {
      const ox = bodies[body * 5]! - fromX
      const oy = bodies[body * 5 + 1]! - fromY
      const radius = bodies[body * 5 + 2]!
      const beside = (dx * oy - dy * ox) / length
      if (beside > radius || beside < -radius) continue
      const ahead = (dx * ox + dy * oy) / length
      if (ahead < -radius || ahead > length + radius) continue
      const start = this.#cornerStarts[body]!
      const end = this.#cornerStarts[body + 1]!
      if (start === end) {
        const half = Math.sqrt(radius * radius - beside * beside)
        this.#addShade((ahead - half) / length, (ahead + half) / length, body)
      } else this.#clip(start, end, fromX, fromY, dx, dy, body)
    }
    return true
  }

  /** Whether the ray between these heights passes through a body. */
  isShaded(fromZ: number, toZ: number): boolean {
    const shades = this.#shades
    for (let at = 0; at < this.#shadeCount * 4; at += 4) {
      const atEnter = fromZ + shades[at]! * (toZ - fromZ)
      const atLeave = fromZ + shades[at + 1]! * (toZ - fromZ)
      const highest = atEnter > atLeave ? atEnter : atLeave
      const lowest = atEnter > atLeave ? atLeave : atEnter
      if (highest > shades[at + 2]! && lowest < shades[at + 3]!) return true
    }
    return false
  }

  /** The part of the ray over a convex, counter-clockwise footprint (Cyrus and Beck 1978). */
  #clip(
    start: number,
    end: number,
    fromX: number,
    fromY: number,
    dx: number,
    dy: number,
    body: number,
  ): void {
    const corners = this.#corners
    let enter = 0
    let leave = 1
    let ax = corners[end - 2]!
    let ay = corners[end - 1]!
    for (let at = start; at < end; at += 2) {
      const bx = corners[at]!
      const by = corners[at + 1]!
      // Inside is to the left of every edge.
      const inside = (bx - ax) * (fromY - ay) - (by - ay) * (fromX - ax)
      const change = (bx - ax) * dy - (by - ay) * dx
      ax = bx
      ay = by
      if (change === 0) {
        if (inside < 0) return
      } else if (change > 0) enter = Math.max(enter, -inside / change)
      else leave = Math.min(leave, -inside / change)
      if (enter >= leave) return
    }
    this.#addShade(enter, leave, body)
  }

  #addShade(enter: number, leave: number, body: number): void {
    const from = enter < 0 ? 0 : enter
    const to = leave > 1 ? 1 : leave
    if (from >= to) return
    const at = this.#shadeCount * 4
    this.#shades[at] = from
    this.#shades[at + 1] = to
    this.#shades[at + 2] = this.#bodies[body * 5 + 3]!
    this.#shades[at + 3] = this.#bodies[body * 5 + 4]!
    this.#shadeCount += 1
  }
}

/**
 * The walls that can shade anything in a room: those with a part inside its convex hull. Its outer
 * walls never come between two points of it.
 */
export function shadingWalls(room: Polygon, walls: readonly Segment2[]): Segment2[] {
  const hull = convexHull(room)
  return walls.filter(({ a, b }) => {
    let enter = 0
    let leave = 1
    for (let index = 0; index < hull.length; index += 1) {
      const p = hull[index]!
      const q = hull[(index + 1) % hull.length]!
      const length = Math.hypot(q.x - p.x, q.y - p.y)
      // Depth below this edge, less a millimetre: a wall on the hull itself is outside.
      const inside = ((q.x - p.x) * (a.y - p.y) - (q.y - p.y) * (a.x - p.x)) / length - 0.001
      const change = ((q.x - p.x) * (b.y - a.y) - (q.y - p.y) * (b.x - a.x)) / length
      if (change === 0) {
        if (inside < 0) return false
      } else if (change > 0) enter = Math.max(enter, -inside / change)
      else leave = Math.min(leave, -inside / change)
    }
    return enter < leave
  })
}

/** Counter-clockwise (Andrew 1979). */
function convexHull(polygon: Polygon): Point2[] {
  const points = polygon.toSorted((a, b) => a.x - b.x || a.y - b.y)
  const half = (ordered: readonly Point2[]): Point2[] => {
    const chain: Point2[] = []
    for (const point of ordered) {
      while (chain.length >= 2 && turn(chain.at(-2)!, chain.at(-1)!, point) <= 0) chain.pop()
      chain.push(point)
    }
    return chain.slice(0, -1)
  }
  return [...half(points), ...half(points.toReversed())]
}

function turn(a: Point2, b: Point2, c: Point2): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}
