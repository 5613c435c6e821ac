import { cellAt, isInGrid, type Point2 } from '@wardlight/core/geometry'
import type { Costmap } from './costmap.ts'

/** `nav2_msgs/action/ComputePathToPose` and `FollowPath` (jazzy): the codes that Nav2 aborts with. */
export const NAV2_ERRORS = {
  failedToMakeProgress: 105,
  startOutsideMap: 203,
  goalOutsideMap: 204,
  startOccupied: 205,
  goalOccupied: 206,
  noValidPath: 208,
} as const

export type PathResult = { readonly path: Point2[] } | { readonly errorCode: number; readonly reason: string }

/** A robot that stands too near to something may begin from a free place this far away, metres. */
const START_TOLERANCE_M = 0.4
/** A goal may lie this far from a place where the robot fits, metres. */
const GOAL_TOLERANCE_M = 0.1

/** The way from `start` to `goal`, pulled straight where there is room; or why there is none. */
export function planPath(costmap: Costmap, start: Point2, goal: Point2): PathResult {
  const { grid } = costmap
  if (!isInGrid(grid, cellAt(grid, start))) {
    return { errorCode: NAV2_ERRORS.startOutsideMap, reason: 'the robot stands outside the map' }
  }
  if (!isInGrid(grid, cellAt(grid, goal))) {
    return { errorCode: NAV2_ERRORS.goalOutsideMap, reason: 'the goal lies outside the map' }
  }
  const from = costmap.nearestFree(start, START_TOLERANCE_M)
  if (from === null) {
    return { errorCode: NAV2_ERRORS.startOccupied, reason: 'the robot stands where it cannot move' }
  }
  const to = costmap.nearestFree(goal, GOAL_TOLERANCE_M)
  if (to === null)
    return { errorCode: NAV2_ERRORS.goalOccupied, reason: 'the robot does not fit at the goal' }
  const cells = searchCells(costmap, from, to)
  if (cells === null) return { errorCode: NAV2_ERRORS.noValidPath, reason: 'no way leads to the goal' }
  const points = cells.map((cell) => costmap.centreOf(cell))
  points[points.length - 1] = goal
  points.unshift(start)
  return { path: pullStraight(costmap, points) }
}

const STRAIGHT = 10
const DIAGONAL = 14
/** More than the largest step of f in one expansion: 14 × 60 / 10 plus the heuristic's change. */
const BUCKETS = 1024

/** A* over eight neighbours. Costs are integers, so a ring of buckets serves as the queue. */
function searchCells(costmap: Costmap, from: number, to: number): number[] | null {
  const { grid, cost } = costmap
  const { width, height } = grid
  const best = new Int32Array(width * height).fill(0x7fffffff)
  const parent = new Int32Array(width * height).fill(-1)
  const closed = new Uint8Array(width * height)
  const toColumn = to % width
  const toRow = (to - toColumn) / width
  const buckets: number[][] = Array.from({ length: BUCKETS }, () => [])
  const heuristic = (column: number, row: number): number => {
    const dx = Math.abs(column - toColumn)
    const dy = Math.abs(row - toRow)
    return STRAIGHT * Math.max(dx, dy) + (DIAGONAL - STRAIGHT) * Math.min(dx, dy)
  }
  const fromColumn = from % width
  let current = heuristic(fromColumn, (from - fromColumn) / width)
  best[from] = 0
  buckets[current % BUCKETS]!.push(from)
  let queued = 1
  while (queued > 0) {
    const bucket = buckets[current % BUCKETS]!
    const cell = bucket.pop()
    if (cell === undefined) {
      current += 1
      continue
    }
    queued -= 1
    if (closed[cell] === 1) continue
    closed[cell] = 1
    if (cell === to) return traceBack(parent, from, to)
    const column = cell % width
    const row = (cell - column) / width
    for (let dy = -1; dy <= 1; dy += 1) {
      const nextRow = row + dy
      if (nextRow < 0 || nextRow >= height) continue
      for (let dx = -1; dx <= 1; dx += 1) {
        const nextColumn = column + dx
        if ((dx === 0 && dy === 0) || nextColumn < 0 || nextColumn >= width) continue
        const next = nextRow * width + nextColumn
        const weight = cost[next]!
        if (weight === 0 || closed[next] === 1 || costmap.hasSeen(next)) continue
        const step = ((dx === 0 || dy === 0 ? STRAIGHT : DIAGONAL) * weight) / 10
        const total = best[cell]! + Math.round(step)
        if (total >= best[next]!) continue
        best[next] = total
        parent[next] = cell
        buckets[(total + heuristic(nextColumn, nextRow)) % BUCKETS]!.push(next)
        queued += 1
      }
    }
  }
  return null
}

function traceBack(parent: Int32Array, from: number, to: number): number[] {
  const cells = [to]
  for (let cell = to; cell !== from;) {
    cell = parent[cell]!
    cells.push(cell)
  }
  return cells.toReversed()
}

/** Leaves out every corner that a straight line passes with as much room as the way itself has, or enough. */
function pullStraight(costmap: Costmap, points: readonly Point2[]): Point2[] {
  const enoughM = costmap.radiusM + 0.3
  const pulled = [points[0]!]
  let from = 0
  while (from < points.length - 1) {
    let to = from + 1
    let needed = Infinity
    for (let candidate = from + 2; candidate < points.length; candidate += 1) {
      needed = Math.min(needed, costmap.distanceAt(points[candidate - 1]!))
      if (costmap.clearanceAlong(points[from]!, points[candidate]!) < Math.min(enoughM, needed)) {
        // A way round a corner may come into sight again a little later, but never after long.
        if (candidate - to > 20) break
        continue
      }
      to = candidate
    }
    pulled.push(points[to]!)
    from = to
  }
  return pulled
}
