import { castRay, distance, intersectSegments, valueAt, type Point2 } from '../geometry/index.ts'
import type { Level } from './types.ts'

/** From a point off the graph this many of the nearest nodes in sight are tried. */
const STUBS = 8

/**
 * A route from point to point, both included: straight when no wall lies between, else along the
 * navigation graph (one-way edges as they are) to which both ends are joined in sight. Where the graph
 * does not help it is the two points alone; finding the way is then up to the robot. Doors count as
 * passable, furniture is the robot's own concern.
 *
 * Lanes that somebody drew are kept to. A map_server level has none: its graph only says which doorways follow
 * one another, so there the route is pulled tight.
 */
export function routeBetween(level: Level, from: Point2, to: Point2): Point2[] {
  if (isInSight(level, from, to)) return [from, to]
  const { nodes, edges } = level.graph
  const indices = new Map(nodes.map(({ id }, index) => [id, index]))
  const links: { to: number; costM: number }[][] = nodes.map(() => [])
  for (const { fromNodeId, toNodeId, bidirectional } of edges) {
    const start = indices.get(fromNodeId)
    const end = indices.get(toNodeId)
    if (start === undefined || end === undefined) continue
    const costM = distance(nodes[start]!, nodes[end]!)
    links[start]!.push({ to: end, costM })
    if (bidirectional) links[end]!.push({ to: start, costM })
  }
  const exits = new Map(stubs(level, to).map((index) => [index, distance(nodes[index]!, to)]))
  const costs = nodes.map(() => Infinity)
  const previous = nodes.map(() => -1)
  const open = new Set<number>()
  for (const index of stubs(level, from)) {
    costs[index] = distance(from, nodes[index]!)
    open.add(index)
  }
  let last = -1
  let bestM = Infinity
  while (open.size > 0) {
    // Dijkstra with a linear scan: graphs of buildings have some hundred nodes.
    let current = -1
    for (const index of open) if (current < 0 || costs[index]! < costs[current]!) current = index
    open.delete(current)
    if (costs[current]! >= bestM) break
    const exitM = exits.get(current)
    if (exitM !== undefined && costs[current]! + exitM < bestM) {
      bestM = costs[current]! + exitM
      last = current
    }
    for (const { to: next, costM } of links[current]!) {
      const cost = costs[current]! + costM
      if (cost >= costs[next]!) continue
      costs[next] = cost
      previous[next] = current
      open.add(next)
    }
  }
  const route: Point2[] = [to]
  for (let index = last; index >= 0; index = previous[index]!) {
    const { x, y } = nodes[index]!
    if (distance(route[0]!, nodes[index]!) > 1e-6) route.unshift({ x, y })
  }
  if (distance(from, route[0]!) < 1e-6 && route.length > 1) route.shift()
  const whole = [from, ...route]
  return level.occupancy === null ? whole : pulledTight(level, whole)

  function stubs(level: Level, point: Point2): number[] {
    const near = nodes
      .map((node, index) => ({ node, index, lengthM: distance(node, point) }))
      .toSorted((a, b) => a.lengthM - b.lengthM)
    const seen: number[] = []
    for (const { node, index } of near) {
      if (seen.length >= STUBS) break
      if (isInSight(level, point, node)) seen.push(index)
    }
    return seen
  }
}

/** From each point on to the last one of the route in sight. */
function pulledTight(level: Level, route: readonly Point2[]): Point2[] {
  const kept = [route[0]!]
  for (let index = 0; index < route.length - 1;) {
    let next = route.length - 1
    while (next > index + 1 && !isInSight(level, route[index]!, route[next]!)) next -= 1
    kept.push(route[next]!)
    index = next
  }
  return kept
}

/** Whether no wall (glass counts) lies between two points. */
export function isInSight(level: Level, from: Point2, to: Point2): boolean {
  if (level.occupancy !== null) {
    const lengthM = distance(from, to)
    const directionRad = Math.atan2(to.y - from.y, to.x - from.x)
    return (
      valueAt(level.occupancy, from) < 50 && castRay(level.occupancy, from, directionRad, lengthM) >= lengthM
    )
  }
  return level.walls.every((wall) => intersectSegments({ a: from, b: to }, wall) === null)
}
