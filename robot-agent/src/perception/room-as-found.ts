import type { Obstacle, RoomModel } from '@wardlight/core/disinfection'
import {
  boundingRectangle,
  convexHull,
  distance,
  intersectSegments,
  polygonEdges,
  type Point2,
  type Polygon,
} from '@wardlight/core/geometry'
import type { KnownRoom } from './known-room.ts'
import { isHit, scanPoints, type PlacedScan, type ScanPoint } from './scan-points.ts'

const CELL_M = 0.1
/** Cells this near belong together: the two legs of a person, the legs of a chair. */
const JOIN_CELLS = 3
const MIN_EXTENT_M = 0.1
/** Two legs, or a body, as a lidar sees them. Anything that small may be a person. */
const PERSON_EXTENT_M = 0.55
/** Only the near side of a thing is seen; it is taken to be at least this deep: what may be a person, and a ward's trolley. */
const PERSON_DEPTH_M = 0.3
const TROLLEY_DEPTH_M = 0.6
/** … and may be so far from where it was seen to be: as far as the robot itself may be, and a little for its heading. Proposed. */
const FOUND_MARGIN_M = 0.05
/** How far beams must see into a piece of furniture to say that it is not there. */
const SEEN_THROUGH_M = 0.3
const SEEN_THROUGH_BEAMS = 5

/** Something in the room that the plan does not have. */
export interface FoundThing {
  readonly footprint: Polygon
  readonly centre: Point2
  readonly extentM: number
  /** Small enough to be somebody: then it blocks, whatever it is. */
  readonly mayBePerson: boolean
}

/**
 * Compares scans from one place with what is known of the room. A thing counts when at least half of
 * the scans show it; so noise does not, and somebody who walks through is left to the person sensors.
 */
export function findThings(
  scans: readonly PlacedScan[],
  known: KnownRoom,
  openDoorIds: ReadonlySet<string>,
): FoundThing[] {
  const hits = new Map<string, ScanPoint[]>()
  const votes = new Map<string, number>()
  for (const scan of scans) {
    const voted = new Set<string>()
    for (const point of scanPoints(scan)) {
      if (!known.isUnexplained(point, point.rangeM, openDoorIds)) continue
      const column = Math.floor(point.x / CELL_M)
      const row = Math.floor(point.y / CELL_M)
      const key = `${column},${row}`
      const inCell = hits.get(key)
      if (inCell === undefined) hits.set(key, [point])
      else inCell.push(point)
      // A hit on a cell's border falls now here, now there: it votes for the neighbours too.
      for (let dx = -1; dx <= 1; dx += 1) {
        for (let dy = -1; dy <= 1; dy += 1) voted.add(`${column + dx},${row + dy}`)
      }
    }
    for (const key of voted) votes.set(key, (votes.get(key) ?? 0) + 1)
  }
  const kept = [...hits.keys()].filter((key) => votes.get(key)! * 2 >= scans.length)
  const laser = scans[0]?.laser
  if (laser === undefined) return []
  return components(kept).flatMap((keys) => {
    const points = keys.flatMap((key) => hits.get(key)!)
    const extentM = extentOf(points)
    if (extentM < MIN_EXTENT_M) return []
    const mayBePerson = extentM <= PERSON_EXTENT_M
    const depthM = Math.min(mayBePerson ? PERSON_DEPTH_M : TROLLEY_DEPTH_M, extentM)
    const solid = points.flatMap((point) => {
      const range = distance(laser, point)
      const further = (range + depthM) / range
      const back = {
        x: laser.x + (point.x - laser.x) * further,
        y: laser.y + (point.y - laser.y) * further,
      }
      return known.isInside(back) ? [point, back] : [point]
    })
    // The corner at the back, which nobody saw, keeps light away as well: a shadow too many is safe.
    const footprint = mayBePerson ? convexHull(solid) : boundingRectangle(solid, FOUND_MARGIN_M)
    if (footprint.length < 3) return []
    const centre = {
      x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
      y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
    }
    return [{ footprint, centre, extentM, mayBePerson }]
  })
}

/** A thing keeps its number for the whole mission, so that its surfaces keep their names. */
export interface NumberedThing extends FoundThing {
  readonly number: number
}

export function thingId({ number }: NumberedThing): string {
  return `found-${number}`
}

/** The room with what was found in it. Its height is not known: it is taken to reach the ceiling. */
export function withThings(room: RoomModel, things: readonly NumberedThing[]): RoomModel {
  const found = things.map((thing): Obstacle => ({
    id: thingId(thing),
    name: `something that is not on the plan (${thing.number})`,
    footprint: thing.footprint,
    zMinM: 0,
    zMaxM: room.heightM,
  }))
  return { ...room, obstacles: [...room.obstacles, ...found] }
}

/**
 * Furniture of the plan that the lidar looks through. It stays in the room model: a shadow too many
 * is safe, one too few is not. So this is for people to read.
 */
export function findMissingFurniture(
  scans: readonly PlacedScan[],
  room: RoomModel,
  laserHeightM: number,
): Obstacle[] {
  return room.obstacles.filter((obstacle) => {
    if (laserHeightM < obstacle.zMinM || laserHeightM > obstacle.zMaxM) return false
    const seenThrough = scans.filter((scan) => isSeenThrough(scan, obstacle.footprint))
    return scans.length > 0 && seenThrough.length * 2 >= scans.length
  })
}

function isSeenThrough({ scan, laser }: PlacedScan, footprint: Polygon): boolean {
  let through = 0
  let crossing = 0
  for (const [beam, rangeM] of scan.ranges.entries()) {
    // A beam that came back from nowhere may have been swallowed by glass or something black.
    if (!isHit(scan, rangeM)) continue
    const angle = laser.theta + scan.angle_min + beam * scan.angle_increment
    const end = {
      x: laser.x + scan.range_max * Math.cos(angle),
      y: laser.y + scan.range_max * Math.sin(angle),
    }
    const cuts = polygonEdges(footprint)
      .map((edge) => intersectSegments({ a: laser, b: end }, edge))
      .filter((along) => along !== null)
      .map((along) => along * scan.range_max)
    if (cuts.length < 2) continue
    const near = Math.min(...cuts)
    const far = Math.max(...cuts)
    if (far - near < SEEN_THROUGH_M || rangeM < near - SEEN_THROUGH_M) continue
    crossing += 1
    if (rangeM > near + SEEN_THROUGH_M) through += 1
  }
  return through >= SEEN_THROUGH_BEAMS && through >= 0.8 * crossing
}

function components(keys: readonly string[]): string[][] {
  const open = new Set(keys)
  const found: string[][] = []
  for (const start of keys) {
    if (!open.delete(start)) continue
    const component = [start]
    for (const key of component) {
      const [column, row] = key.split(',').map(Number) as [number, number]
      for (let dx = -JOIN_CELLS; dx <= JOIN_CELLS; dx += 1) {
        for (let dy = -JOIN_CELLS; dy <= JOIN_CELLS; dy += 1) {
          const near = `${column + dx},${row + dy}`
          if (open.delete(near)) component.push(near)
        }
      }
    }
    found.push(component)
  }
  return found
}

function extentOf(points: readonly Point2[]): number {
  const hull = convexHull(points)
  let widest = 0
  for (const a of hull) for (const b of hull) widest = Math.max(widest, distance(a, b))
  return widest
}
