import {
  boundsOf,
  createGrid,
  drawSegment,
  fillPolygon,
  OCCUPIED,
  polygonEdges,
  type Bounds2,
  type OccupancyGrid,
} from '../geometry/index.ts'
import type { Level } from './types.ts'

export interface LevelGridOptions {
  /** Cell size, metres. A level with an occupancy map keeps its own. */
  readonly resolutionM: number
  /** The band of heights above the floor in which furniture counts, metres. */
  readonly fromHeightM: number
  readonly toHeightM: number
  /** Whether glass walls count: for driving they do, for a lidar they do not. */
  readonly includeGlass: boolean
  /** The doors that are shut; by default none. */
  readonly closedDoorIds?: ReadonlySet<string> | 'all'
}

/** How far a level's grid reaches beyond everything that is drawn, metres. */
const MARGIN_M = 1

/**
 * A level as a fresh grid: walls, furniture that occupies any height in the band, and shut doors are
 * occupied. On drawn levels the rest is free, outside of the building too; a level with an occupancy
 * map starts from a copy of it.
 */
export function levelGrid(level: Level, options: LevelGridOptions): OccupancyGrid {
  return levelGridWithin(level, levelBounds(level), options)
}

/** As `levelGrid`, for a part of a drawn level; a level with an occupancy map comes whole. */
export function levelGridWithin(level: Level, bounds: Bounds2, options: LevelGridOptions): OccupancyGrid {
  const grid =
    level.occupancy === null
      ? createGrid(alignBounds(bounds, options.resolutionM), options.resolutionM)
      : { ...level.occupancy, data: level.occupancy.data.slice() }
  if (level.occupancy === null) {
    for (const wall of level.walls) {
      if (options.includeGlass || wall.material !== 'glass') drawSegment(grid, wall, OCCUPIED)
    }
  }
  for (const room of level.rooms) {
    for (const { footprint, zMinM, zMaxM } of room.furniture) {
      if (zMaxM <= options.fromHeightM || zMinM >= options.toHeightM) continue
      fillPolygon(grid, footprint, OCCUPIED)
      // A curtain is thinner than a cell: filling by cell centres would lose it.
      for (const edge of polygonEdges(footprint)) drawSegment(grid, edge, OCCUPIED)
    }
  }
  const closed = options.closedDoorIds
  if (closed !== undefined) {
    for (const door of level.doors) {
      if (closed === 'all' || closed.has(door.id)) drawSegment(grid, door, OCCUPIED)
    }
  }
  return grid
}

/** Everything that is drawn on a level, with a margin of one metre. */
export function levelBounds(level: Level): Bounds2 {
  const points = [
    ...level.walls.flatMap(({ a, b }) => [a, b]),
    ...level.doors.flatMap(({ a, b }) => [a, b]),
    ...level.rooms.flatMap(({ polygon }) => polygon),
    ...level.docks.map(({ pose }) => pose),
  ]
  return widen(boundsOf(points.length === 0 ? [{ x: 0, y: 0 }] : points), MARGIN_M)
}

export function widen(bounds: Bounds2, byM: number): Bounds2 {
  return {
    minX: bounds.minX - byM,
    minY: bounds.minY - byM,
    maxX: bounds.maxX + byM,
    maxY: bounds.maxY + byM,
  }
}

/** Walls are mostly drawn on round numbers: half a cell aside they run through the middle of cells. */
function alignBounds(bounds: Bounds2, resolutionM: number): Bounds2 {
  return {
    minX: (Math.floor(bounds.minX / resolutionM) - 0.5) * resolutionM,
    minY: (Math.floor(bounds.minY / resolutionM) - 0.5) * resolutionM,
    maxX: (Math.ceil(bounds.maxX / resolutionM) + 0.5) * resolutionM,
    maxY: (Math.ceil(bounds.maxY / resolutionM) + 0.5) * resolutionM,
  }
}
