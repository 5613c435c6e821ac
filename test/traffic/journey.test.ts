import '../support/property-seed.ts'
import { createRandom } from '@wardlight/core/random'
import { OrderSchema, type Order, type State } from '@wardlight/core/vda5050'
import { RouteFinder, type TrafficGraph } from '@wardlight/fleet-server'
import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { describe, expect, it } from 'vitest'
import { createActor } from 'xstate'
import {
  beginJourney,
  drivenByNodes,
  drivenByPlace,
  extendJourney,
  offWayM,
  type Journey,
} from '../../fleet-server/src/domain/traffic/journey.ts'
import { orderExecution } from '../../robot-agent/src/missions/order-execution.ts'
import { judgeOrder } from '../../robot-agent/src/missions/order-rules.ts'
import { drawCorridors } from '../../scripts/src/bench/traffic/drawn-corridors.ts'

/*
 * Orders as traffic makes them, given to the robot's own rules and its own machine: whatever is claimed in whichever
 * pieces, the robot takes every update, drives all of the way and nothing else, and does its work at the end.
 */

const isOrder = Compile(OrderSchema)
const head = {
  address: { manufacturer: 'wardlight', serialNumber: 'uv-01' },
  timestamp: '2026-01-05T03:00:00.000Z',
  headerId: 0,
}
const mover = { radiusM: 0.3, speedMps: 0.6 }

interface Draw {
  readonly graph: TrafficGraph
  readonly from: number
  readonly goal: number
  readonly route: readonly number[]
}

function draw(seed: number): Draw | null {
  const random = createRandom(seed)
  const { graph, rooms, docks } = drawCorridors(random, 4)
  const goal = rooms[random.integer(rooms.length)]
  const from = docks[random.integer(docks.length)]
  if (goal === undefined || from === undefined) return null
  const found = new RouteFinder(graph).find(from, mover, (place) => place === goal)
  return found === null ? null : { graph, from, goal, route: found.route }
}

function goalOf({ graph, goal }: Draw) {
  const { x, y, levelId } = graph.places[goal]!
  return {
    orderId: 'mission-1',
    description: 'Treatment',
    place: goal,
    destination: { x, y, theta: 1, levelId },
    actions: [{ actionType: 'work', actionId: 'work-1', blockingType: 'HARD' as const }],
  }
}

/** The robot's own judgement and machine, without wheels: it is where it was told to drive. */
function takingRobot(start: { readonly x: number; readonly y: number }) {
  const actor = createActor(orderExecution)
  const drivenTo: string[] = []
  let pose = { ...start, theta: 0 }
  let target: { nodeId: string; x: number; y: number } | null = null
  actor.on('driveTo', ({ node }) => {
    target = { nodeId: node.nodeId, x: node.nodePosition!.x, y: node.nodePosition!.y }
  })
  actor.start()
  return {
    actor,
    drivenTo,
    get pose() {
      return pose
    },
    take(order: Order): void {
      const { context } = actor.getSnapshot()
      const released = context.nodes.filter(({ released }) => released)
      const decision = judgeOrder(order, {
        held: context.order,
        isBusy: context.nodes.length > 0,
        wasCanceled: context.wasCanceled,
        lastNodeId: context.lastNodeId,
        lastNodeSequenceId: context.lastNodeSequenceId,
        baseEnd: released.at(-1) ?? {
          nodeId: context.lastNodeId,
          sequenceId: context.lastNodeSequenceId,
        },
        formerOrderIds: new Set(),
        fixedActionIds: new Set(),
        pose,
        speedMps: 0.6,
        mapIds: new Set(['L1']),
        actionProblem: () => null,
      })
      expect(decision).toEqual({ kind: order.orderUpdateId === 0 ? 'accept' : 'update' })
      actor.send({ type: order.orderUpdateId === 0 ? 'accepted' : 'updated', order })
    },
    /** Drives to the next node. @returns false where its base ends */
    drive(): boolean {
      if (!actor.getSnapshot().matches({ active: 'driving' })) return false
      const { nodeId, x, y } = target!
      drivenTo.push(nodeId)
      pose = { x, y, theta: 0 }
      actor.send({ type: 'driveEnded', end: 'arrived' })
      return true
    },
  }
}

const seeds = fc.integer({ min: 1, max: 1_000_000 })

describe('a journey', () => {
  it('is taken piece by piece by the robot, which drives all of it and nothing that was not released', () => {
    fc.assert(
      fc.property(seeds, fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 40 }), (seed, pieces) => {
        const drawn = draw(seed)
        if (drawn === null) return
        const { graph, from, route } = drawn
        const start = graph.places[from]!
        const robot = takingRobot(start)
        let claimed = Math.min(pieces[0] ?? route.length, route.length)
        let journey: Journey = beginJourney(
          graph,
          goalOf(drawn),
          start,
          { base: route.slice(0, claimed), horizon: route.slice(claimed) },
          head,
        )
        robot.take(journey.order)
        const visited = [`${start.x} ${start.y}`]
        const drive = () => {
          while (robot.drive()) {
            visited.push(`${robot.pose.x} ${robot.pose.y}`)
            const { lastNodeSequenceId } = robot.actor.getSnapshot().context
            const driven = drivenByNodes(journey, { lastNodeSequenceId } as State)
            expect(driven).toBeGreaterThanOrEqual(journey.driven)
            journey = { ...journey, driven }
          }
        }
        for (const piece of [...pieces.slice(1), ...route.map(() => 1)]) {
          expect(isOrder.Check(journey.order)).toBe(true)
          expect(journey.order.nodes.at(-1)!.actions).toHaveLength(1)
          if (piece % 2 === 0) drive()
          if (claimed === route.length) break
          const next = Math.min(claimed + piece, route.length)
          journey = extendJourney(
            graph,
            journey,
            { base: route.slice(claimed, next), horizon: route.slice(next) },
            head,
          )
          claimed = next
          robot.take(journey.order)
        }
        drive()
        expect(journey.isWhole).toBe(true)
        expect(journey.driven).toBe(route.length)
        expect(robot.actor.getSnapshot().matches({ active: 'acting' })).toBe(true)
        // Every place of the way lies on what it drove, in order.
        const places = route.map((link) => graph.places[graph.links[link]!.to]!)
        const turns = visited.slice(1)
        const onWay = places.map(({ x, y }) => `${x} ${y}`)
        let at = 0
        for (const turn of turns) {
          const found = onWay.indexOf(turn, at)
          expect(found).toBeGreaterThanOrEqual(at)
          at = found
        }
        expect(at).toBe(onWay.length - 1)
      }),
      { numRuns: 150 },
    )
  }, 120_000)

  it('counts links as driven by where the robot is seen, and never one that it has not left behind', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 0, max: 1, noNaN: true }), (seed, share) => {
        const drawn = draw(seed)
        if (drawn === null) return
        const { graph, from, route } = drawn
        const start = graph.places[from]!
        let journey: Journey = beginJourney(graph, goalOf(drawn), start, { base: route, horizon: [] }, head)
        const position = Math.min(route.length - 1, Math.floor(share * route.length))
        const [a, b] = [
          graph.places[graph.links[route[position]!]!.from]!,
          graph.places[graph.links[route[position]!]!.to]!,
        ]
        const along = share * route.length - position
        const seen = { x: a.x + along * (b.x - a.x), y: a.y + along * (b.y - a.y), levelId: 'L1' }
        const passed = journey.released.filter(({ links }) => links <= position)
        journey = { ...journey, driven: Math.max(...passed.map(({ links }) => links)) }
        const driven = drivenByPlace(graph, journey, seen)
        expect(driven).toBeLessThanOrEqual(position)
        expect(driven).toBeGreaterThanOrEqual(journey.driven)
        if (along * graph.links[route[position]!]!.lengthM > 0.2) expect(driven).toBe(position)
        expect(offWayM(graph, journey, seen)).toBeLessThan(1e-6)
        expect(offWayM(graph, journey, { ...seen, levelId: 'L2' })).toBe(Infinity)
      }),
      { numRuns: 150 },
    )
  }, 120_000)

  it('leads elsewhere beyond its base where traffic has found another way', () => {
    const places = [0, 1.4, 2.8, 4.2].map((x, index) => ({
      id: `p${index}`,
      levelId: 'L1',
      x,
      y: 0,
      kind: 'way' as const,
      of: null,
      name: `p${index}`,
      roomId: null,
    }))
    const link = (from: number, to: number) => ({
      from,
      to,
      lengthM: 1.4,
      speedLimitMps: null,
      clearanceM: null,
      extraS: 0,
      tokens: [from, to],
    })
    const graph: TrafficGraph = {
      places,
      links: [link(0, 1), link(1, 2), link(2, 3), link(2, 1), link(1, 2)],
      leaving: [[0], [1, 4], [2, 3], []],
      standing: [[0], [1], [2], [3]],
      radiusM: 0.3,
      indexOf: new Map(places.map(({ id }, index) => [id, index])),
    }
    const robot = takingRobot(places[0]!)
    const goal = goalOf({ graph, from: 0, goal: 3, route: [] })
    let journey = beginJourney(graph, goal, places[0]!, { base: [0, 1], horizon: [2] }, head)
    robot.take(journey.order)
    while (robot.drive());
    expect(robot.drivenTo).toEqual(['p2'])
    // Back, to let another one by, and then on.
    journey = extendJourney(graph, { ...journey, driven: 2 }, { base: [3], horizon: [4, 2] }, head)
    robot.take(journey.order)
    while (robot.drive());
    journey = extendJourney(graph, { ...journey, driven: 3 }, { base: [4, 2], horizon: [] }, head)
    robot.take(journey.order)
    while (robot.drive());
    expect(robot.drivenTo).toEqual(['p2', 'p1', 'p3'])
    expect(robot.actor.getSnapshot().matches({ active: 'acting' })).toBe(true)
  })
})
