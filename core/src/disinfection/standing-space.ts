import { wardError } from '../errors/index.ts'
import { cellAt, cellCentre, createGrid, isInGrid, valueAt } from '../geometry/grid.ts'
import { boundsOf, distanceToBoundary, isInsidePolygon } from '../geometry/polygon.ts'
import { distance } from '../geometry/pose.ts'
import type { OccupancyGrid, Point2, Polygon } from '../geometry/types.ts'
import type { RoomModel } from './types.ts'

/** Furniture that begins higher than this does not stand in the robot's way, metres (proposed: mast 1.6 m and margin). */
export const ROBOT_HEIGHT_M = 1.7

/** Kept free around the robot's footprint, metres (proposed: what localisation may be off). */
const CLEARANCE_M = 0.05

/** Free space is looked at in cells of this size; coarser in rooms above `LARGE_ROOM_M2`. */
const FINE_CELL_M = 0.05
const COARSE_CELL_M = 0.1
const LARGE_ROOM_M2 = 100

/** Where in a room the robot's centre can be, coming from the entry. */
export interface StandingSpace {
  /** Where the robot is when it begins: the free place nearest to the entry. */
  readonly start: Point2
  readonly reachableAreaM2: number
  /** One reachable place in each square of a grid, the one nearest to the square's middle. */
  reachablePlaces(gridM: number): Point2[]
  /** Middles of the grid's squares that are free floor, but that the robot cannot stand on or get to. */
  closedPlaces(gridM: number): Point2[]
  /** Driving distances from a reachable place, metres; `Infinity` where there is no way. */
  distancesFrom(from: Point2): (to: Point2) => number
  /** Ways from a reachable place, with both ends and the corners in between; `null` where there is none. */
  waysFrom(from: Point2): (to: Point2) => readonly Point2[] | null
}

/**
 * @param freeSpace optional costmap: where the robot's centre may be; blocked from 50 up, where unknown, and outside
 * @throws WARD_ERR_TREATMENT_IMPOSSIBLE when there is no place at all
 */
export function standingSpaceOf(
  room: RoomModel,
  robotRadiusM: number,
  entry: Point2,
  freeSpace: OccupancyGrid | null,
): StandingSpace {
  const bounds = boundsOf(room.polygon)
  const isLarge = (bounds.maxX - bounds.minX) * (bounds.maxY - bounds.minY) > LARGE_ROOM_M2
  const grid = createGrid(bounds, isLarge ? COARSE_CELL_M : FINE_CELL_M)
  const standing = room.obstacles.filter(({ zMinM }) => zMinM < ROBOT_HEIGHT_M)
  const isClear = clearCells(
    grid,
    room.polygon,
    standing.map(({ footprint }) => footprint),
    robotRadiusM + CLEARANCE_M,
    freeSpace,
  )
  const startCell = nearestCell(grid, entry, isClear)
  if (startCell < 0) {
    throw wardError('WARD_ERR_TREATMENT_IMPOSSIBLE', {
      what: `A robot of ${robotRadiusM} m radius finds no place to stand in room ${room.roomId}`,
      where: `room ${room.roomId}`,
    })
  }
  const reached = drivingCosts(grid, isClear, startCell)
  const isReachable = isClear.map((clear, index) => (clear === 1 && reached[index]! < UNREACHED ? 1 : 0))
  const centreOf = (index: number) => {
    const centre = cellCentre(grid, { column: index % grid.width, row: Math.floor(index / grid.width) })
    // To the millimetre: people read these numbers.
    return { x: Math.round(1000 * centre.x) / 1000, y: Math.round(1000 * centre.y) / 1000 }
  }
  const indexOf = (point: Point2) => {
    const cell = cellAt(grid, point)
    return isInGrid(grid, cell) ? cell.row * grid.width + cell.column : -1
  }

  return {
    start: centreOf(startCell),
    reachableAreaM2: isReachable.reduce((sum, cell) => sum + cell, 0) * grid.resolutionM ** 2,
    reachablePlaces(gridM) {
      const best = new Map<number, { index: number; offM: number }>()
      const squares = createGrid(bounds, Math.max(gridM, grid.resolutionM))
      for (let index = 0; index < isReachable.length; index += 1) {
        if (isReachable[index] === 0) continue
        const place = centreOf(index)
        const square = cellAt(squares, place)
        const key = square.row * squares.width + square.column
        const offM = distance(place, cellCentre(squares, square))
        const known = best.get(key)
        if (known === undefined || offM < known.offM - 1e-9) best.set(key, { index, offM })
      }
      return [...best.entries()].toSorted(([a], [b]) => a - b).map(([, { index }]) => centreOf(index))
    },
    closedPlaces(gridM) {
      const squares = createGrid(bounds, gridM)
      return Array.from(squares.data, (_, index) =>
        cellCentre(squares, { column: index % squares.width, row: Math.floor(index / squares.width) }),
      ).filter(
        (place) =>
          isInsidePolygon(place, room.polygon) &&
          isReachable[indexOf(place)] !== 1 &&
          !standing.some(({ footprint }) => isInsidePolygon(place, footprint)),
      )
    },
    distancesFrom(from) {
      const costs = drivingCosts(grid, isClear, indexOf(from))
      return (to) => {
        const steps = costs[indexOf(to)]!
        if (steps >= UNREACHED) return Infinity
        // Along the grid a way bends in eighths of a turn; where nothing is in between it is straight.
        if (isStraightWayClear(from, to, grid, isClear)) return distance(from, to)
        return (steps * grid.resolutionM) / STRAIGHT_COST
      }
    },
    waysFrom(from) {
      const costs = drivingCosts(grid, isClear, indexOf(from))
      return (to) => {
        const cells = cellsBack(grid, costs, indexOf(to))
        if (cells === null) return null
        const corners = [...cells.slice(1, -1).map(centreOf), from]
        // Pulled tight from the far end: on to the last corner that is seen from here.
        const way = [to]
        for (let here = -1; way.at(-1) !== from;) {
          const seen = corners.findLastIndex(
            (corner, index) => index > here && isStraightWayClear(way.at(-1)!, corner, grid, isClear),
          )
          here = seen < 0 ? here + 1 : seen
          way.push(corners[here]!)
        }
        return way.toReversed()
      }
    },
  }
}

/**
 * A unit that does not move has one place, and no other that furniture keeps it from.
 *
 * @throws WARD_ERR_TREATMENT_IMPOSSIBLE when it hangs outside of the room
 */
export function fixedSpaceOf(room: RoomModel, at: Point2): StandingSpace {
  if (!isInsidePolygon(at, room.polygon)) {
    throw wardError('WARD_ERR_TREATMENT_IMPOSSIBLE', {
      what: `The unit at (${at.x}, ${at.y}) does not hang in room ${room.roomId}`,
      where: `room ${room.roomId}`,
    })
  }
  return {
    start: at,
    reachableAreaM2: 0,
    reachablePlaces: () => [at],
    closedPlaces: () => [],
    distancesFrom: () => () => 0,
    waysFrom: () => () => [at],
  }
}

/** 1 where a disc of `radiusM` around the cell's centre is inside the room and off the furniture. */
function clearCells(
  grid: OccupancyGrid,
  polygon: Polygon,
  footprints: readonly Polygon[],
  radiusM: number,
  freeSpace: OccupancyGrid | null,
): Uint8Array {
  const isClear = new Uint8Array(grid.width * grid.height)
  const blocks = footprints.map((footprint) => ({ footprint, bounds: boundsOf(footprint) }))
  for (let row = 0; row < grid.height; row += 1) {
    for (let column = 0; column < grid.width; column += 1) {
      const place = cellCentre(grid, { column, row })
      if (freeSpace !== null) {
        const value = valueAt(freeSpace, place)
        if (value < 0 || value >= 50) continue
      }
      if (!isInsidePolygon(place, polygon) || distanceToBoundary(place, polygon) < radiusM) continue
      const isBlocked = blocks.some(
        ({ footprint, bounds }) =>
          place.x > bounds.minX - radiusM &&
          place.x < bounds.maxX + radiusM &&
          place.y > bounds.minY - radiusM &&
          place.y < bounds.maxY + radiusM &&
          (isInsidePolygon(place, footprint) || distanceToBoundary(place, footprint) < radiusM),
      )
      if (!isBlocked) isClear[row * grid.width + column] = 1
    }
  }
  return isClear
}

function nearestCell(grid: OccupancyGrid, point: Point2, isClear: Uint8Array): number {
  let nearest = -1
  let leastM = Infinity
  for (let index = 0; index < isClear.length; index += 1) {
    if (isClear[index] === 0) continue
    const offM = distance(
      point,
      cellCentre(grid, { column: index % grid.width, row: Math.floor(index / grid.width) }),
    )
    if (offM < leastM) {
      leastM = offM
      nearest = index
    }
  }
  return nearest
}

/** Costs of a step: 7 / 5 is √2 to 1 %. */
const STRAIGHT_COST = 5
const DIAGONAL_COST = 7
const UNREACHED = 0x7fffffff

/** Dijkstra over eight neighbours with a ring of buckets (Dial 1969); no cutting of corners. */
function drivingCosts(grid: OccupancyGrid, isClear: Uint8Array, from: number): Int32Array {
  const { width } = grid
  const costs = new Int32Array(isClear.length).fill(UNREACHED)
  if (from < 0) return costs
  const ring: number[][] = Array.from({ length: DIAGONAL_COST + 1 }, () => [])
  costs[from] = 0
  ring[0]!.push(from)
  let waiting = 1
  const clearAt = (column: number, row: number) =>
    column >= 0 && row >= 0 && column < width && row < grid.height && isClear[row * width + column] === 1
  for (let cost = 0; waiting > 0; cost += 1) {
    const bucket = ring[cost % ring.length]!
    for (let index = bucket.pop(); index !== undefined; index = bucket.pop()) {
      waiting -= 1
      if (costs[index] !== cost) continue
      const column = index % width
      const row = Math.floor(index / width)
      for (let dy = -1; dy <= 1; dy += 1) {
        for (let dx = -1; dx <= 1; dx += 1) {
          if ((dx === 0 && dy === 0) || !clearAt(column + dx, row + dy)) continue
          const isDiagonal = dx !== 0 && dy !== 0
          if (isDiagonal && !(clearAt(column + dx, row) && clearAt(column, row + dy))) continue
          const next = index + dy * width + dx
          const total = cost + (isDiagonal ? DIAGONAL_COST : STRAIGHT_COST)
          if (total >= costs[next]!) continue
          costs[next] = total
          ring[total % ring.length]!.push(next)
          waiting += 1
        }
      }
    }
  }
  return costs
}

/** The cells of a cheapest way, from its far end back to where the costs are 0. */
function cellsBack({ width, height }: OccupancyGrid, costs: Int32Array, to: number): number[] | null {
  if (to < 0 || costs[to]! >= UNREACHED) return null
  const cells = [to]
  for (let here = to; costs[here]! > 0; here = cells.at(-1)!) {
    const column = here % width
    const row = Math.floor(here / width)
    let next = -1
    for (let dy = -1; dy <= 1; dy += 1) {
      for (let dx = -1; dx <= 1; dx += 1) {
        if (column + dx < 0 || column + dx >= width || row + dy < 0 || row + dy >= height) continue
        const step = dx !== 0 && dy !== 0 ? DIAGONAL_COST : STRAIGHT_COST
        const neighbour = here + dy * width + dx
        if ((dx !== 0 || dy !== 0) && costs[neighbour] === costs[here]! - step) next = neighbour
      }
    }
    if (next < 0) return null
    cells.push(next)
  }
  return cells
}

function isStraightWayClear(from: Point2, to: Point2, grid: OccupancyGrid, isClear: Uint8Array): boolean {
  const steps = Math.ceil((2 * distance(from, to)) / grid.resolutionM)
  for (let step = 0; step <= steps; step += 1) {
    const along = steps === 0 ? 0 : step / steps
    const cell = cellAt(grid, {
      x: from.x + along * (to.x - from.x),
      y: from.y + along * (to.y - from.y),
    })
    if (!isInGrid(grid, cell) || isClear[cell.row * grid.width + cell.column] !== 1) return false
  }
  return true
}
