import type { RoomModel } from '@wardlight/core/disinfection'
import {
  centroid,
  distance,
  distanceToBoundary,
  distanceToSegment,
  fillPolygon,
  FREE,
  isInsidePolygon,
  type OccupancyGrid,
  type Point2,
  type Polygon,
} from '@wardlight/core/geometry'
import { KnownMap, knownMargin } from './known-map.ts'

/** A table top over the lidar's head has its legs under it, and nothing beside it. */
const OVERHEAD_MARGIN_M = 0.05

export interface RoomKnowledge {
  /** The level's occupancy, as the robot's own map has it, and the map that it was sent. None: they explain nothing. */
  readonly maps: readonly OccupancyGrid[]
  /** Obstacles of the room that are not where plan and map have them: they explain nothing. */
  readonly missingIds: ReadonlySet<string>
  readonly laserHeightM: number
}

/**
 * What a plan and a map say stands in a room, asked about one point at a time. A point that is not
 * explained by either is something that was not there when they were drawn.
 */
export class KnownRoom {
  readonly room: RoomModel
  readonly #maps: readonly KnownMap[]

  readonly #missingIds: ReadonlySet<string>
  readonly #laserHeightM: number

  constructor(room: RoomModel, { maps, missingIds, laserHeightM }: RoomKnowledge) {
    this.room = room
    this.#missingIds = missingIds
    this.#laserHeightM = laserHeightM
    this.#maps = maps.map((map) => {
      const grid = missingIds.size === 0 ? map : { ...map, data: map.data.slice() }
      for (const { id, footprint } of room.obstacles) {
        if (missingIds.has(id)) fillPolygon(grid, grown(footprint, 2 * grid.resolutionM), FREE)
      }
      return new KnownMap(grid)
    })
  }

  isInside(point: Point2): boolean {
    return isInsidePolygon(point, this.room.polygon)
  }

  isAtDoor(point: Point2, marginM: number): boolean {
    return this.room.doors.some((door) => distanceToSegment(point, door) <= marginM)
  }

  /** Whether the point is in the room, and neither wall, nor furniture, nor door, nor map explains it. */
  isUnexplained(point: Point2, rangeM: number, openDoorIds: ReadonlySet<string>): boolean {
    const { room } = this
    const margin = knownMargin(rangeM)
    if (!this.isInside(point) || distanceToBoundary(point, room.polygon) <= margin) return false
    for (const { id, footprint, zMinM, zMaxM } of room.obstacles) {
      if (this.#missingIds.has(id)) continue
      const isSeen = zMinM <= this.#laserHeightM && this.#laserHeightM <= zMaxM
      const reach = isSeen ? margin : OVERHEAD_MARGIN_M
      if (isInsidePolygon(point, footprint) || distanceToBoundary(point, footprint) <= reach) return false
    }
    for (const door of room.doors) {
      // An open leaf stands anywhere in its swing.
      const swing = openDoorIds.has(door.id) ? distance(door.a, door.b) : 0
      if (distanceToSegment(point, door) <= margin + swing) return false
    }
    // All of them: what one map alone has may be somebody.
    return this.#maps.length === 0 || this.#maps.some((map) => (map.distance(point) ?? Infinity) > margin)
  }
}

/** A convex polygon with its corners moved outwards: what it drew on a grid, border cells too. */
function grown(polygon: Polygon, marginM: number): Polygon {
  const middle = centroid(polygon)
  return polygon.map((corner) => {
    const away = distance(middle, corner)
    const further = away === 0 ? 1 : (away + Math.SQRT2 * marginM) / away
    return {
      x: middle.x + (corner.x - middle.x) * further,
      y: middle.y + (corner.y - middle.y) * further,
    }
  })
}
