import { CELL_EDGE, CELL_FREE, componentsOf, distanceToSet, type CellMap } from './cell-map.ts'

/** Gaps in an obstacle up to twice this, metres, are noise of the mapping, not passages. */
const CLOSING_RADIUS_M = 0.08
/** What stands free and is no longer than this, metres, is furniture: a hospital bed is 2.2 m long. */
const MAX_ISLAND_M = 2.6
/** A pier (the piece of wall between two doors) is this long at least and this thick at most, metres. */
const MIN_PIER_M = 0.4
const MAX_PIER_THICKNESS_M = 0.4
/** … and wall goes on within this of each of its ends, metres. */
const MAX_PIER_GAP_M = 1.9

/** Walls that meet reach at least this far both ways, metres, and cover so little. */
const MIN_BENT_WALL_M = 0.8
const MAX_BENT_WALL_THICKNESS_M = 0.25

/** The cells that bound spaces: all that is not free, without gaps of noise and without loose furniture. */
export function structureOf(map: CellMap): Uint8Array {
  const closed = closedObstacles(map)
  const { labels, count } = componentsOf(map, (index) => closed[index] === 1, 8)
  const islands = measureIslands(map, labels, count)
  const loose = looseIslands(map, labels, islands)
  for (let index = 0; index < closed.length; index += 1) {
    if (loose[labels[index]!] === 1) closed[index] = 0
  }
  return closed
}

function closedObstacles(map: CellMap): Uint8Array {
  const radius = CLOSING_RADIUS_M / map.sizeM
  const toObstacle = distanceToSet(map, (index) => map.cells[index] !== CELL_FREE)
  const toOpen = distanceToSet(map, (index) => toObstacle[index]! > radius)
  return Uint8Array.from(toOpen, (distance) => (distance > radius ? 1 : 0))
}

interface Island {
  minX: number
  minY: number
  maxX: number
  maxY: number
  cells: number
  sumX: number
  sumY: number
  sumXX: number
  sumXY: number
  sumYY: number
  isAtEdge: boolean
}

function measureIslands(map: CellMap, labels: Int32Array, count: number): Island[] {
  const islands = Array.from({ length: count + 1 }, (): Island => ({
    minX: Infinity,
    minY: Infinity,
    maxX: -Infinity,
    maxY: -Infinity,
    cells: 0,
    sumX: 0,
    sumY: 0,
    sumXX: 0,
    sumXY: 0,
    sumYY: 0,
    isAtEdge: false,
  }))
  for (let index = 0; index < labels.length; index += 1) {
    if (labels[index] === 0) continue
    const island = islands[labels[index]!]!
    const x = index % map.width
    const y = Math.floor(index / map.width)
    island.minX = Math.min(island.minX, x)
    island.maxX = Math.max(island.maxX, x)
    island.minY = Math.min(island.minY, y)
    island.maxY = Math.max(island.maxY, y)
    island.cells += 1
    island.sumX += x
    island.sumY += y
    island.sumXX += x * x
    island.sumXY += x * y
    island.sumYY += y * y
    if (map.cells[index] === CELL_EDGE) island.isAtEdge = true
  }
  return islands
}

/** 1 for each island that is furniture: small, and not a pier in a wall. */
function looseIslands(map: CellMap, labels: Int32Array, islands: readonly Island[]): Uint8Array {
  const longest = MAX_ISLAND_M / map.sizeM
  const loose = Uint8Array.from(islands, (island) =>
    !island.isAtEdge &&
    !isBentWall(map, island) &&
    island.maxX - island.minX < longest &&
    island.maxY - island.minY < longest
      ? 1
      : 0,
  )
  let piers = islands.flatMap((island, label) =>
    loose[label] === 1 ? (pierOf(map, island, label) ?? []) : [],
  )
  for (const { label } of piers) loose[label] = 0
  // A pier holds only while wall, or another pier, goes on at both of its ends.
  for (;;) {
    const fallen = piers.filter((pier) => !pier.ends.every((end) => meetsWall(map, labels, loose, pier, end)))
    if (fallen.length === 0) return loose
    for (const { label } of fallen) loose[label] = 1
    piers = piers.filter(({ label }) => loose[label] === 0)
  }
}

/** Thin and long but not straight: walls that meet, with doorways at all of their ends. */
function isBentWall({ sizeM }: CellMap, { minX, minY, maxX, maxY, cells }: Island): boolean {
  const across = Math.min(maxX - minX, maxY - minY) + 1
  const along = maxX - minX + maxY - minY + 1
  return across * sizeM >= MIN_BENT_WALL_M && (cells / along) * sizeM <= MAX_BENT_WALL_THICKNESS_M
}

interface PierEnd {
  readonly x: number
  readonly y: number
  readonly dx: number
  readonly dy: number
}

interface Pier {
  readonly label: number
  readonly ends: readonly PierEnd[]
}

function pierOf({ sizeM }: CellMap, island: Island, label: number): Pier | null {
  const { cells } = island
  const x = island.sumX / cells
  const y = island.sumY / cells
  const xx = island.sumXX / cells - x * x
  const yy = island.sumYY / cells - y * y
  const xy = island.sumXY / cells - x * y
  const mean = (xx + yy) / 2
  const spread = Math.hypot((xx - yy) / 2, xy)
  // A uniform bar of length L has the variance L²/12 along itself.
  const length = Math.sqrt(12 * (mean + spread))
  const thickness = Math.sqrt(12 * Math.max(0, mean - spread)) + 1
  if (length * sizeM < MIN_PIER_M || thickness * sizeM > MAX_PIER_THICKNESS_M || length < 2 * thickness)
    return null
  const angle = 0.5 * Math.atan2(2 * xy, xx - yy)
  const dx = Math.cos(angle)
  const dy = Math.sin(angle)
  return {
    label,
    ends: [
      { x: x + (dx * length) / 2, y: y + (dy * length) / 2, dx, dy },
      { x: x - (dx * length) / 2, y: y - (dy * length) / 2, dx: -dx, dy: -dy },
    ],
  }
}

function meetsWall(
  map: CellMap,
  labels: Int32Array,
  loose: Uint8Array,
  pier: Pier,
  { x, y, dx, dy }: PierEnd,
): boolean {
  for (let step = 0; step <= MAX_PIER_GAP_M / map.sizeM; step += 0.5) {
    const column = Math.round(x + dx * step)
    const row = Math.round(y + dy * step)
    if (column < 0 || row < 0 || column >= map.width || row >= map.height) return false
    const label = labels[row * map.width + column]!
    if (label !== 0 && label !== pier.label && loose[label] === 0) return true
  }
  return false
}
