import type { RoomModel } from '@wardlight/core/disinfection'
import {
  cellAt,
  distance,
  distanceField,
  distanceToBoundary,
  distanceToSegment,
  isInGrid,
  isInsidePolygon,
  type OccupancyGrid,
  type Point2,
} from '@wardlight/core/geometry'

/** Localisation, lidar noise and a drawing's own error together: nearer than this a hit belongs to what it is near to. */
const KNOWN_MARGIN_M = 0.25
/** A turned localisation moves far hits more than near ones: so much for each metre of range. */
const KNOWN_MARGIN_PER_M = 0.01

/**
 * What a plan and a map say stands in a room, asked about one point at a time. A point that is not
 * explained by either is something that was not there when they were drawn.
 */
export class KnownRoom {
  readonly room: RoomModel
  readonly #map: { grid: OccupancyGrid; distances: Float32Array } | null

  /** @param map the level's occupancy, as the robot's own map has it; `null` where there is none. */
  constructor(room: RoomModel, map: OccupancyGrid | null) {
    this.room = room
    this.#map = map === null ? null : { grid: map, distances: distanceField(map, (value) => value >= 50) }
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
    const margin = KNOWN_MARGIN_M + KNOWN_MARGIN_PER_M * rangeM
    if (!this.isInside(point) || distanceToBoundary(point, room.polygon) <= margin) return false
    for (const { footprint } of room.obstacles) {
      if (isInsidePolygon(point, footprint) || distanceToBoundary(point, footprint) <= margin) return false
    }
    for (const door of room.doors) {
      // An open leaf stands anywhere in its swing.
      const swing = openDoorIds.has(door.id) ? distance(door.a, door.b) : 0
      if (distanceToSegment(point, door) <= margin + swing) return false
    }
    return this.#distanceOnMap(point) > margin
  }

  #distanceOnMap(point: Point2): number {
    if (this.#map === null) return Infinity
    const { grid, distances } = this.#map
    const cell = cellAt(grid, point)
    return isInGrid(grid, cell) ? distances[cell.row * grid.width + cell.column]! : Infinity
  }
}
