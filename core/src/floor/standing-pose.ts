import {
  boundsOf,
  cellAt,
  cellCentre,
  distance,
  distanceField,
  fillPolygon,
  FREE,
  isInGrid,
  isInsidePolygon,
  OCCUPIED,
  signedArea,
  type OccupancyGrid,
  type Point2,
  type Pose2,
} from '../geometry/index.ts'
import { isThoroughfare } from './find-room.ts'
import { levelBounds, levelGridWithin, widen } from './level-grid.ts'
import type { Door, Level, Room } from './types.ts'

const RESOLUTION_M = 0.05
/** What stands or hangs up to here is in a robot's way: a mast with lamps is about as tall as a person. */
const ROBOT_HEIGHT_M = 2
/** Steps between the places that are tried for a waiting robot, metres. */
const WAITING_STEP_M = 0.5
/** A waiting robot keeps this far from other robots, beside both clearances, and from doors, metres. */
const WAITING_GAP_M = 0.5

/**
 * A free place just inside the room's door, facing into the room: where a robot begins its work. The
 * door can shut behind a robot that needs `clearanceM` around its centre. A room without a door gives
 * its freest place, and so does a room in which the robot fits nowhere.
 */
export function roomStandingPose(level: Level, room: Room, clearanceM: number): Pose2 {
  const grid = levelGridWithin(level, widen(boundsOf(room.polygon), RESOLUTION_M), {
    resolutionM: RESOLUTION_M,
    fromHeightM: 0,
    toHeightM: ROBOT_HEIGHT_M,
    includeGlass: true,
    closedDoorIds: 'all',
  })
  const clearances = distanceField(grid)
  const inside = cellsInside(grid, level, room)
  // A wall may lie anywhere in its cell: one cell more makes the clearance sure.
  const needed = clearanceM + grid.resolutionM
  const component = largestComponent(grid, (index) => inside[index] === 1 && clearances[index]! >= needed)
  const entry = entryDoor(level, room)
  const freest = bestCell(inside, (index) => clearances[index]!)
  if (entry === null) {
    return { ...cellPoint(grid, freest ?? 0), theta: 0 }
  }
  const centre = midpoint(entry)
  const inward = inwardNormal(entry, room)
  const target = { x: centre.x + inward.x * needed, y: centre.y + inward.y * needed }
  const nearest = bestCell(component, (index) => -distance(cellPoint(grid, index), target))
  return { ...cellPoint(grid, nearest ?? freest ?? 0), theta: Math.atan2(inward.y, inward.x) }
}

/**
 * Where robots stand at the start: at the docks first, then at free places in corridors, lobbies and
 * the largest rooms, apart from one another and from doors, all of them connected by free floor for a
 * robot that needs `clearanceM` around its centre. Fewer than `count` when there is no more room.
 */
export function startingPoses(level: Level, count: number, clearanceM: number): Pose2[] {
  const grid = levelGridWithin(level, levelBounds(level), {
    resolutionM: RESOLUTION_M,
    fromHeightM: 0,
    toHeightM: ROBOT_HEIGHT_M,
    includeGlass: true,
  })
  const clearances = distanceField(grid)
  const indoors = indoorCells(grid, level)
  const reachable = largestComponent(
    grid,
    (index) => indoors[index] === 1 && clearances[index]! >= clearanceM,
  )
  const isReachable = (point: Point2) => {
    const cell = cellAt(grid, point)
    return isInGrid(grid, cell) && reachable[cell.row * grid.width + cell.column] === 1
  }
  const poses: Pose2[] = level.docks
    .map(({ pose }) => pose)
    .filter(isReachable)
    .slice(0, count)
  const rooms = level.rooms.toSorted(
    (a, b) => Number(isThoroughfare(b)) - Number(isThoroughfare(a)) || b.areaM2 - a.areaM2,
  )
  for (const room of rooms) {
    const { minX, minY, maxX, maxY } = boundsOf(room.polygon)
    for (let y = minY + WAITING_STEP_M; y < maxY; y += WAITING_STEP_M) {
      for (let x = minX + WAITING_STEP_M; x < maxX; x += WAITING_STEP_M) {
        if (poses.length >= count) return poses
        const place = { x, y, theta: 0 }
        if (
          isReachable(place) &&
          isInsidePolygon(place, room.polygon) &&
          poses.every((pose) => distance(pose, place) >= 2 * clearanceM + WAITING_GAP_M) &&
          level.doors.every((door) => distance(midpoint(door), place) >= 2 * clearanceM + WAITING_GAP_M)
        ) {
          poses.push(place)
        }
      }
    }
  }
  return poses
}

/** The door that a robot comes in by: from a corridor before an anteroom before a bathroom, then the widest. */
export function entryDoor(level: Level, room: Room): Door | null {
  const doors = level.doors.filter(({ id }) => room.doorIds.includes(id))
  const rank = (door: Door) => {
    const other = level.rooms.find(({ id }) => id !== room.id && door.roomIds.includes(id))
    if (other === undefined) return 3
    if (isThoroughfare(other)) return 0
    return other.kind === 'bathroom' || other.kind === 'store' ? 2 : 1
  }
  return doors.toSorted((a, b) => rank(a) - rank(b) || distance(b.a, b.b) - distance(a.a, a.b)).at(0) ?? null
}

export function midpoint({ a, b }: { readonly a: Point2; readonly b: Point2 }): Point2 {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
}

/** Unit vector across a door, into the room. */
export function inwardNormal(door: Door, room: Room): Point2 {
  const lengthM = Math.max(1e-9, distance(door.a, door.b))
  const normal = { x: (door.a.y - door.b.y) / lengthM, y: (door.b.x - door.a.x) / lengthM }
  const centre = midpoint(door)
  // Segmented maps leave the thickness of a wall between a door and its room: look further in as well.
  for (const reachM of [0.1, 0.3, 0.6]) {
    for (const sign of [1, -1]) {
      const probe = { x: centre.x + sign * reachM * normal.x, y: centre.y + sign * reachM * normal.y }
      if (isInsidePolygon(probe, room.polygon)) return { x: sign * normal.x, y: sign * normal.y }
    }
  }
  return normal
}

/** The room's own cells, without those of rooms that lie within it. */
function cellsInside(grid: OccupancyGrid, level: Level, room: Room): Uint8Array {
  const cells = { ...grid, data: new Int8Array(grid.data.length) }
  fillPolygon(cells, room.polygon, OCCUPIED)
  const area = signedArea(room.polygon)
  for (const other of level.rooms) {
    if (signedArea(other.polygon) < area) fillPolygon(cells, other.polygon, FREE)
  }
  return Uint8Array.from(cells.data, (value, index) => (value === OCCUPIED && grid.data[index]! >= 0 ? 1 : 0))
}

/** On drawn levels what lies in a room; on maps whatever is known, for rooms there leave out doorways. */
function indoorCells(grid: OccupancyGrid, level: Level): Uint8Array {
  if (level.occupancy !== null) return Uint8Array.from(grid.data, (value) => (value >= 0 ? 1 : 0))
  const cells = { ...grid, data: new Int8Array(grid.data.length) }
  for (const room of level.rooms) fillPolygon(cells, room.polygon, OCCUPIED)
  return Uint8Array.from(cells.data, (value) => (value === OCCUPIED ? 1 : 0))
}

/** The largest set of cells that hang together by their edges, as a mask; the first of equals. */
function largestComponent(grid: OccupancyGrid, isMember: (index: number) => boolean): Uint8Array {
  const { width, height } = grid
  const size = width * height
  const left = new Uint8Array(size)
  for (let index = 0; index < size; index += 1) if (isMember(index)) left[index] = 1
  // Cells in the order of their finding: a component is one stretch of it.
  const found = new Int32Array(size)
  let count = 0
  let largest: readonly [from: number, to: number] = [0, 0]
  const take = (index: number) => {
    if (left[index] !== 1) return
    left[index] = 0
    found[count] = index
    count += 1
  }
  for (let start = 0; start < size; start += 1) {
    if (left[start] !== 1) continue
    const from = count
    take(start)
    for (let next = from; next < count; next += 1) {
      const index = found[next]!
      const column = index % width
      if (column > 0) take(index - 1)
      if (column < width - 1) take(index + 1)
      if (index >= width) take(index - width)
      if (index < size - width) take(index + width)
    }
    if (count - from > largest[1] - largest[0]) largest = [from, count]
  }
  const mask = new Uint8Array(size)
  for (let at = largest[0]; at < largest[1]; at += 1) mask[found[at]!] = 1
  return mask
}

function bestCell(mask: Uint8Array, score: (index: number) => number): number | null {
  let best: number | null = null
  let bestScore = -Infinity
  for (let index = 0; index < mask.length; index += 1) {
    if (mask[index] !== 1) continue
    const value = score(index)
    if (value > bestScore) {
      best = index
      bestScore = value
    }
  }
  return best
}

function cellPoint(grid: OccupancyGrid, index: number): Point2 {
  return cellCentre(grid, { column: index % grid.width, row: Math.floor(index / grid.width) })
}
