import { polygonEdges } from '../geometry/polygon.ts'
import type { Point2, Polygon } from '../geometry/types.ts'
import type { LampModel, Obstacle, RoomModel, Surface } from './types.ts'

/** Lengths below this are rounding, metres. */
const EPSILON_M = 1e-7

export interface ShadowCaster {
  /** Pairs of heights above the surface, metres: what `litParts` found, valid until its next call. */
  readonly parts: Float64Array
  /** Turns to a surface, and to tubes that all stand within `spreadM` of the place `(dx, dy)` away from it. */
  aim(surface: number, dx: number, dy: number, spreadM: number): void
  /**
   * The parts of a tube `(dx, dy)` away from the surface aimed at that it sees, between `low` and
   * `high` above it. @returns how many parts there are in `parts`, ascending.
   */
  litParts(dx: number, dy: number, low: number, high: number): number
}

/**
 * Exact shadows of upright prisms on vertical tubes.
 *
 * A surface's centre and a vertical tube span one vertical plane. In it the horizontal segment from
 * centre to tube runs inside a convex footprint from `t0` to `t1` of its length, and the sight line
 * to the tube's point `h` above the centre is at height `t h` there. The prism hides every `h` with
 * `zMin ≤ t h ≤ zMax` for some `t` in between: one interval, whose ends lie at `t0` or `t1`. The
 * tube's dark part is the union of these intervals. A concave room's own walls hide all or nothing.
 *
 * What can never come between is left out beforehand, surface by surface; per position two cross
 * products tell whether the lamp stands in an obstacle's horizontal angle.
 */
export function shadowCasterOf(surfaces: readonly Surface[], room: RoomModel, lamp: LampModel): ShadowCaster {
  const lampBottom = Math.min(...lamp.tubes.map(({ zBottomM }) => zBottomM))
  const lampTop = Math.max(...lamp.tubes.map(({ zTopM }) => zTopM))
  const isConcave = !isConvex(room.polygon)
  const edges = polygonEdges(room.polygon)

  // Flat lists: per surface a range of casters, per caster a range of edges.
  const casterStart = new Uint32Array(surfaces.length + 1)
  const casters: number[] = []
  const casterEdges: number[] = []
  const wallStart = new Uint32Array(surfaces.length + 1)
  const walls: number[] = []
  surfaces.forEach((surface, index) => {
    for (const obstacle of room.obstacles) {
      if (!canShade(surface, obstacle, lampBottom, lampTop)) continue
      const { left, right, nearest } = horizontalAngle(surface.centre, obstacle.footprint)
      casters.push(left.x, left.y, right.x, right.y, nearest)
      casters.push(obstacle.zMinM - surface.centre.z, obstacle.zMaxM - surface.centre.z)
      casters.push(casterEdges.length / 3)
      for (const { a, b } of polygonEdges(obstacle.footprint)) {
        // Outward normal of a counter-clockwise edge, and how far outside of it the centre lies.
        const length = Math.hypot(b.x - a.x, b.y - a.y)
        if (length < EPSILON_M) continue
        const nx = (b.y - a.y) / length
        const ny = (a.x - b.x) / length
        casterEdges.push(nx, ny, (surface.centre.x - a.x) * nx + (surface.centre.y - a.y) * ny)
      }
    }
    casterStart[index + 1] = casters.length / CASTER_FIELDS
    if (isConcave) {
      for (const { a, b } of edges) {
        const ax = a.x - surface.centre.x
        const ay = a.y - surface.centre.y
        const bx = b.x - surface.centre.x
        const by = b.y - surface.centre.y
        const ahead = Math.max(
          ax * surface.normal.x + ay * surface.normal.y,
          bx * surface.normal.x + by * surface.normal.y,
        )
        const length = Math.hypot(bx - ax, by - ay)
        const isOwn = Math.abs(ax * by - ay * bx) <= EPSILON_M * length
        if (isOwn || (surface.normal.z === 0 && ahead < EPSILON_M)) continue
        walls.push(ax, ay, bx, by)
      }
    }
    wallStart[index + 1] = walls.length / 4
  })
  const caster = Float64Array.from(casters)
  const edge = Float64Array.from(casterEdges)
  const wall = Float64Array.from(walls)
  const dark = new Float64Array(2 * room.obstacles.length)
  const parts = new Float64Array(2 * room.obstacles.length + 2)
  const edgeCount = edge.length / 3
  const activeCasters = new Uint32Array(room.obstacles.length)
  const activeWalls = new Uint32Array(edges.length)
  let casterCount = 0
  let wallCount = 0

  return {
    parts,
    aim(surface, dx, dy, spreadM) {
      const d = Math.sqrt(dx * dx + dy * dy)
      casterCount = 0
      for (let index = casterStart[surface]!; index < casterStart[surface + 1]!; index += 1) {
        const base = index * CASTER_FIELDS
        // All tubes left of the left tangent, or right of the right one, or nearer: not in between.
        if (caster[base]! * dy - caster[base + 1]! * dx > spreadM) continue
        if (caster[base + 2]! * dy - caster[base + 3]! * dx < -spreadM) continue
        if (caster[base + 4]! >= d + spreadM) continue
        activeCasters[casterCount] = base
        casterCount += 1
      }
      wallCount = 0
      const margin = spreadM * d + EPSILON_M
      for (let index = wallStart[surface]!; index < wallStart[surface + 1]!; index += 1) {
        const a = dx * wall[4 * index + 1]! - dy * wall[4 * index]!
        const b = dx * wall[4 * index + 3]! - dy * wall[4 * index + 2]!
        if ((a > margin && b > margin) || (a < -margin && b < -margin)) continue
        activeWalls[wallCount] = 4 * index
        wallCount += 1
      }
    },
    litParts(dx, dy, low, high) {
      for (let index = 0; index < wallCount; index += 1) {
        if (crossesWall(wall, activeWalls[index]!, dx, dy)) return 0
      }
      if (casterCount === 0) {
        parts[0] = low
        parts[1] = high
        return 1
      }
      let darkCount = 0
      const d = Math.sqrt(dx * dx + dy * dy)
      for (let index = 0; index < casterCount; index += 1) {
        const base = activeCasters[index]!
        let t0 = 0
        let t1 = 1
        const next = base + CASTER_FIELDS + 7
        const last = next < caster.length ? caster[next]! : edgeCount
        for (let side = caster[base + 7]!; side < last && t0 < t1; side += 1) {
          const towards = edge[3 * side]! * dx + edge[3 * side + 1]! * dy
          const outside = edge[3 * side + 2]!
          if (towards < 0) {
            if (outside + towards * t0 > 0) t0 = -outside / towards
          } else if (towards > 0) {
            if (outside + towards * t1 > 0) t1 = -outside / towards
          } else if (outside > 0) t1 = -1
        }
        // Touching an edge or a corner hides nothing.
        if ((t1 - t0) * d < EPSILON_M) continue
        const darkLow = Math.max(low, lowestHidden(caster[base + 5]!, t0, t1))
        const darkHigh = Math.min(high, highestHidden(caster[base + 6]!, t0, t1))
        if (darkLow >= darkHigh) continue
        if (darkLow === low && darkHigh === high) return 0
        // Insert in ascending order; there are rarely more than two.
        let place = darkCount
        while (place > 0 && dark[2 * place - 2]! > darkLow) {
          dark[2 * place] = dark[2 * place - 2]!
          dark[2 * place + 1] = dark[2 * place - 1]!
          place -= 1
        }
        dark[2 * place] = darkLow
        dark[2 * place + 1] = darkHigh
        darkCount += 1
      }
      let count = 0
      let from = low
      for (let index = 0; index < darkCount; index += 1) {
        if (dark[2 * index]! > from) {
          parts[2 * count] = from
          parts[2 * count + 1] = dark[2 * index]!
          count += 1
        }
        from = Math.max(from, dark[2 * index + 1]!)
      }
      if (from < high) {
        parts[2 * count] = from
        parts[2 * count + 1] = high
        count += 1
      }
      return count
    },
  }
}

/** Left tangent x, y; right tangent x, y; nearest; bottom and top relative to the surface; first edge. */
const CASTER_FIELDS = 8

/** The lowest `bottom / t` of `t` in [t0, t1]. */
function lowestHidden(bottom: number, t0: number, t1: number): number {
  if (bottom >= 0) return bottom / t1
  return t0 > 0 ? bottom / t0 : -Infinity
}

/** The highest `top / t` of `t` in [t0, t1]. */
function highestHidden(top: number, t0: number, t1: number): number {
  if (top <= 0) return top / t1
  return t0 > 0 ? top / t0 : Infinity
}

/** Whether the sight line to `(dx, dy)` crosses a wall given by its ends, all relative to the surface. */
function crossesWall(wall: Float64Array, base: number, dx: number, dy: number): boolean {
  const ax = wall[base]!
  const ay = wall[base + 1]!
  const bx = wall[base + 2]!
  const by = wall[base + 3]!
  if (dx * ay - dy * ax > 0 === dx * by - dy * bx > 0) return false
  const across = dx * (by - ay) - dy * (bx - ax)
  const along = (ax * (by - ay) - ay * (bx - ax)) / across
  return along > 0 && along < 1
}

/** Whether an obstacle can ever stand between a surface's front and a lamp. */
function canShade(surface: Surface, obstacle: Obstacle, lampBottom: number, lampTop: number): boolean {
  const { centre, normal } = surface
  if (obstacle.zMaxM <= Math.min(centre.z, lampBottom) || obstacle.zMinM >= Math.max(centre.z, lampTop)) {
    return false
  }
  let ahead = -Infinity
  for (const { x, y } of obstacle.footprint) {
    ahead = Math.max(ahead, (x - centre.x) * normal.x + (y - centre.y) * normal.y)
  }
  ahead += Math.max((obstacle.zMinM - centre.z) * normal.z, (obstacle.zMaxM - centre.z) * normal.z)
  return ahead > EPSILON_M
}

/**
 * The horizontal angle in which a point sees a convex footprint: directions of its two tangents, and
 * the distance to its nearest corner or edge. From within or from the boundary there is no tangent:
 * zero vectors, which leave nothing out.
 */
function horizontalAngle(from: Point2, footprint: Polygon): { left: Point2; right: Point2; nearest: number } {
  let isOutside = false
  let nearest = -Infinity
  for (const { a, b } of polygonEdges(footprint)) {
    const length = Math.hypot(b.x - a.x, b.y - a.y)
    if (length < EPSILON_M) continue
    const outside = ((from.x - a.x) * (b.y - a.y) - (from.y - a.y) * (b.x - a.x)) / length
    if (outside > EPSILON_M) isOutside = true
    // Distance to an edge's line: a lower bound of the distance to the footprint.
    nearest = Math.max(nearest, outside)
  }
  const none = { x: 0, y: 0 }
  if (!isOutside) return { left: none, right: none, nearest: 0 }
  let left: Point2 = none
  let right: Point2 = none
  for (const corner of footprint) {
    const direction = { x: corner.x - from.x, y: corner.y - from.y }
    if (left === none || left.x * direction.y - left.y * direction.x > 0) left = direction
    if (right === none || right.x * direction.y - right.y * direction.x < 0) right = direction
  }
  return { left: unit(left), right: unit(right), nearest }
}

function unit({ x, y }: Point2): Point2 {
  const lengthM = Math.hypot(x, y)
  return { x: x / lengthM, y: y / lengthM }
}

function isConvex(polygon: Polygon): boolean {
  return polygon.every((b, index) => {
    const a = polygon[(index + polygon.length - 1) % polygon.length]!
    const c = polygon[(index + 1) % polygon.length]!
    return (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x) >= -EPSILON_M
  })
}
