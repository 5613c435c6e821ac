import { distance, distanceToSegment, type Point2, type Pose2 } from '@wardlight/core/geometry'
import type { Action, Order, OrderEdge, OrderNode, State } from '@wardlight/core/vda5050'
import { messageHeader, START_TOLERANCE_M, type OrderHead } from '../order-parts.ts'
import type { TrafficGraph } from './traffic-graph.ts'
import type { TrafficSnapshot } from './traffic.ts'

/** Places nearer than this to the straight line between two others need no node of their own, metres. */
const STRAIGHT_M = 0.05
/** A robot that is so far along its next link has left the one before, metres: localisation errs by less. */
const PAST_M = 0.15
/** … and so near to that link. */
const BESIDE_M = 0.3

/** Where a robot is sent, and what it does there. */
export interface JourneyGoal {
  readonly orderId: string
  /** The published schema of 3.0 wants one. */
  readonly description: string
  /** Place of the graph that it drives to. */
  readonly place: number
  /** Where it then stands: near that place, map frame of its level. */
  readonly destination: Pose2 & { readonly levelId: string }
  /** At its last node. */
  readonly actions: readonly Action[]
}

/** A released node, and how many links of the journey are driven when the robot is on it. */
interface ReleasedNode {
  readonly node: OrderNode
  readonly links: number
}

/**
 * A robot's order as traffic makes it: VDA 5050's base is what was claimed and released, the horizon what is left of
 * the way. It grows by order updates. Plain data: kept over a restart.
 */
export interface Journey {
  readonly goal: JourneyGoal
  /** As it was sent last. */
  readonly order: Order
  readonly released: readonly ReleasedNode[]
  /** Links of the graph that were released, from the start on. */
  readonly links: readonly number[]
  /** So many of them the robot has driven. */
  readonly driven: number
  /** Whether the last node is released. */
  readonly isWhole: boolean
  /** Whether the robot has said that it works on the order as it was sent last. */
  readonly isConfirmed: boolean
  /** … or on any of it before. */
  readonly wasTaken: boolean
}

/** What is kept over a restart. */
export interface KeptTraffic {
  readonly traffic: TrafficSnapshot
  readonly journeys: readonly (readonly [robotId: string, journey: Journey])[]
}

/** What follows on the links of a journey. */
export interface WayOn {
  /** Released now. */
  readonly base: readonly number[]
  /** Links from the base's end to the goal's place, not released. */
  readonly horizon: readonly number[]
}

/** @param start where the robot stands */
export function beginJourney(
  graph: TrafficGraph,
  goal: JourneyGoal,
  start: Point2 & { readonly levelId: string },
  way: WayOn,
  head: OrderHead,
): Journey {
  const node: OrderNode = {
    nodeId: `${goal.orderId}.n0`,
    sequenceId: 0,
    released: true,
    nodePosition: {
      x: start.x,
      y: start.y,
      mapId: start.levelId,
      allowedDeviationXY: { a: START_TOLERANCE_M, b: START_TOLERANCE_M, theta: 0 },
    },
    actions: [],
  }
  const from = { graph, goal, head, orderUpdateId: 0, way }
  const isThere =
    way.base.length + way.horizon.length === 0 &&
    start.levelId === goal.destination.levelId &&
    distance(start, goal.destination) <= 0.01
  return isThere
    ? journeyOf({ ...from, before: [], links: [], driven: 0, stitch: null })
    : journeyOf({ ...from, before: [{ node, links: 0 }], links: [], driven: 0, stitch: node })
}

/** The journey with an order update that releases more, or leads elsewhere beyond the base (VDA 5050 3.0, 6.6.2). */
export function extendJourney(graph: TrafficGraph, journey: Journey, way: WayOn, head: OrderHead): Journey {
  const { goal, order, released, links, driven } = journey
  return journeyOf({
    graph,
    goal,
    head,
    orderUpdateId: order.orderUpdateId + 1,
    way,
    before: released,
    links,
    driven,
    stitch: released.at(-1)!.node,
  })
}

function journeyOf(input: {
  readonly graph: TrafficGraph
  readonly goal: JourneyGoal
  readonly head: OrderHead
  readonly orderUpdateId: number
  readonly way: WayOn
  readonly before: readonly ReleasedNode[]
  readonly links: readonly number[]
  readonly driven: number
  readonly stitch: OrderNode | null
}): Journey {
  const { graph, goal, head, orderUpdateId, way, before, driven, stitch } = input
  const { destination } = goal
  const links = [...input.links, ...way.base]
  const isWhole = way.horizon.length === 0 && (links.length === 0 || endOf(graph, links) === goal.place)
  let sequenceId = stitch === null ? -2 : stitch.sequenceId
  let from: (Point2 & { readonly levelId: string }) | null = stitch === null ? null : placeOf(stitch)
  const nodesAlong = (part: readonly number[], isReleased: boolean, mayEnd: boolean): ReleasedNode[] => {
    const nodes: ReleasedNode[] = []
    const turns = from === null ? [] : turnsOf(graph, from, part)
    for (const [index, { place, count }] of turns.entries()) {
      // The goal's own place gives way to where the robot is to stand.
      if (mayEnd && index === turns.length - 1) break
      const { id, x, y, levelId } = graph.places[place]!
      sequenceId += 2
      nodes.push({
        node: {
          nodeId: id,
          sequenceId,
          released: isReleased,
          nodePosition: { x, y, mapId: levelId },
          actions: [],
        },
        links: input.links.length + count,
      })
      from = { x, y, levelId }
    }
    return nodes
  }
  const base = nodesAlong(way.base, true, isWhole)
  const horizon = nodesAlong(way.horizon, false, true).map(({ node }) => node)
  sequenceId += 2
  const { x, y, theta, levelId } = destination
  const last: OrderNode = {
    nodeId: stitch === null ? `${goal.orderId}.n0` : graph.places[goal.place]!.id,
    sequenceId,
    released: isWhole,
    nodePosition: {
      x,
      y,
      theta,
      mapId: levelId,
      ...(stitch === null
        ? { allowedDeviationXY: { a: START_TOLERANCE_M, b: START_TOLERANCE_M, theta: 0 } }
        : {}),
    },
    actions: [...goal.actions],
  }
  const nodes = [...(stitch === null ? [] : [stitch]), ...base.map(({ node }) => node), ...horizon, last]
  const edges = nodes.slice(1).map((node): OrderEdge => ({
    edgeId: `${goal.orderId}.e${node.sequenceId - 1}`,
    sequenceId: node.sequenceId - 1,
    released: node.released,
    actions: [],
  }))
  return {
    goal,
    order: {
      ...messageHeader(head),
      orderId: goal.orderId,
      orderUpdateId,
      orderDescription: goal.description,
      nodes,
      edges,
    },
    released: [...before, ...base, ...(isWhole ? [{ node: last, links: links.length }] : [])],
    links,
    driven,
    isWhole,
    isConfirmed: false,
    wasTaken: input.orderUpdateId > 0,
  }
}

/** Whether the robot works on the order as it was sent last. */
export function isTaken({ order }: Journey, state: State): boolean {
  return state.orderId === order.orderId && state.orderUpdateId === order.orderUpdateId
}

/** How many links of the journey a robot has driven, by the node that it says it was on last. */
export function drivenByNodes({ released, driven }: Journey, { lastNodeSequenceId }: State): number {
  const passed = released.filter(({ node }) => node.sequenceId <= lastNodeSequenceId)
  return Math.max(driven, ...passed.map(({ links }) => links))
}

/** The same by where it is seen: links between two nodes lie in one line, and say when they are driven. */
export function drivenByPlace(
  graph: TrafficGraph,
  { released, links, driven }: Journey,
  seen: Point2 & { readonly levelId: string },
): number {
  const end = released.find((node) => node.links > driven)?.links ?? driven
  let count = driven
  for (let index = driven; index + 1 < end; index += 1) {
    const { a, b, levelId } = segmentOf(graph, links[index + 1]!)
    const lengthM = distance(a, b)
    if (levelId !== seen.levelId || lengthM === 0) break
    const alongM = ((seen.x - a.x) * (b.x - a.x) + (seen.y - a.y) * (b.y - a.y)) / lengthM
    if (alongM >= PAST_M && distanceToSegment(seen, { a, b }) <= BESIDE_M) count = index + 1
  }
  return count
}

/** How far a robot is from all that it was to drive from its last place on, metres; `Infinity` on another level. */
export function offWayM(
  graph: TrafficGraph,
  { released, links, driven }: Journey,
  seen: Point2 & { readonly levelId: string },
): number {
  const start = released[0]!.node.nodePosition!
  let bestM = start.mapId === seen.levelId && driven === 0 ? distance(seen, start) : Infinity
  if (driven === 0 && links.length > 0) {
    const { b, levelId } = segmentOf(graph, links[0]!)
    if (levelId === seen.levelId) bestM = Math.min(bestM, distanceToSegment(seen, { a: start, b }))
  }
  for (const link of links.slice(Math.max(0, driven - 1))) {
    const segment = segmentOf(graph, link)
    if (segment.levelId === seen.levelId) bestM = Math.min(bestM, distanceToSegment(seen, segment))
  }
  return bestM
}

function segmentOf(
  { links, places }: TrafficGraph,
  link: number,
): { a: Point2; b: Point2; levelId: string | null } {
  const { from, to } = links[link]!
  const [a, b] = [places[from]!, places[to]!]
  return { a, b, levelId: a.levelId === b.levelId ? a.levelId : null }
}

function endOf({ links }: TrafficGraph, part: readonly number[]): number {
  return links[part.at(-1)!]!.to
}

function placeOf({ nodePosition }: OrderNode): Point2 & { readonly levelId: string } {
  const { x, y, mapId } = nodePosition!
  return { x, y, levelId: mapId }
}

/** Where a way turns, and where it ends, with how many of its links lead there. Lifts are always kept. */
function turnsOf(
  { links, places }: TrafficGraph,
  start: Point2 & { readonly levelId: string },
  way: readonly number[],
): { place: number; count: number }[] {
  const turns: { place: number; count: number }[] = []
  let anchor: Point2 & { readonly levelId: string } = start
  let skipped: Point2[] = []
  for (const [index, link] of way.entries()) {
    const { to } = links[link]!
    const place = places[to]!
    const following = way[index + 1]
    const next = following === undefined ? null : places[links[following]!.to]!
    // A robot finds its own way through a gap; it is sent to what lies behind.
    if (next !== null && (place.kind === 'narrow' || place.isTight === true)) continue
    const isInLine =
      next !== null &&
      (place.kind === 'way' || place.kind === 'door') &&
      next.kind !== 'lift' &&
      [anchor, next].every(({ levelId }) => levelId === place.levelId) &&
      [...skipped, place].every((point) => distanceToSegment(point, { a: anchor, b: next }) < STRAIGHT_M)
    if (isInLine) {
      skipped.push(place)
      continue
    }
    skipped = []
    anchor = place
    turns.push({ place: to, count: index + 1 })
  }
  return turns
}
