import type { Point2 } from '../../geometry/index.ts'
import type { Dock, NavigationEdge, NavigationGraph } from '../types.ts'
import { textOf, type BuildingLevel, type BuildingVertex } from './building-file.ts'

/** Every lane of every graph of a level, each way once. */
export function laneGraph(level: BuildingLevel, points: readonly Point2[]): NavigationGraph {
  const used = [...new Set(level.lanes.flatMap(({ from, to }) => [from, to]))].toSorted((a, b) => a - b)
  const edges = new Map<string, NavigationEdge>()
  for (const { from, to, parameters } of level.lanes) {
    if (from === to) continue
    const bidirectional = parameters['bidirectional'] === true
    // Lanes of several graphs (`graph_idx`) between the same vertices are one way to drive.
    const known = edges.get(`${from} ${to}`) ?? edges.get(`${to} ${from}`)
    const isKnown = known !== undefined && (known.bidirectional || known.fromNodeId === nodeId(level, from))
    if (isKnown && (known.bidirectional || !bidirectional)) continue
    if (bidirectional) edges.delete(`${to} ${from}`)
    const speed = Number(parameters['speed_limit'] ?? 0)
    edges.set(`${from} ${to}`, {
      id: `${nodeId(level, from)}--${nodeId(level, to)}`,
      fromNodeId: nodeId(level, from),
      toNodeId: nodeId(level, to),
      bidirectional,
      // The traffic editor writes 0 for "none".
      speedLimitMps: speed > 0 ? speed : null,
    })
  }
  return {
    nodes: used.map((index) => ({
      id: nodeId(level, index),
      name: level.vertices[index]!.name || null,
      ...points[index]!,
    })),
    edges: [...edges.values()],
  }
}

/** Chargers and docking places; on a level without any the parking spots. */
export function laneDocks(
  level: BuildingLevel,
  points: readonly Point2[],
  takeId: (name: string) => string,
): Dock[] {
  const docks = spots(
    ({ parameters }) => parameters['is_charger'] === true || Boolean(parameters['dock_name']),
  )
  return docks.length > 0 ? docks : spots(({ parameters }) => parameters['is_parking_spot'] === true)

  function spots(isSpot: (vertex: BuildingVertex) => boolean): Dock[] {
    return level.vertices.flatMap((vertex, index) => {
      if (!isSpot(vertex)) return []
      const name = vertex.name || textOf(vertex.parameters['dock_name']) || `${level.id} dock ${index}`
      return [{ id: takeId(name), name, pose: { ...points[index]!, theta: arrivalAngle(index) } }]
    })
  }

  /** A robot comes in along its lane, and stands as it came. */
  function arrivalAngle(index: number): number {
    const lane = level.lanes.find(({ from, to }) => (from === index || to === index) && from !== to)
    if (lane === undefined) return 0
    const here = points[index]!
    const there = points[lane.from === index ? lane.to : lane.from]!
    return Math.atan2(here.y - there.y, here.x - there.x)
  }
}

function nodeId(level: BuildingLevel, index: number): string {
  return `${level.id.replaceAll(/[^A-Za-z0-9_.-]+/g, '_')}.v${index}`
}
