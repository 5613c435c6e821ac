import type { Action, Order, OrderNode } from '@wardlight/core/vda5050'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createActor } from 'xstate'
import { orderExecution, type OrderEffect, type OrderEvent } from './order-execution.ts'
import { judgeOrder, type OrderSituation } from './order-rules.ts'

function node(index: number, released = true, actions: Action[] = []): OrderNode {
  return {
    nodeId: `n${index}`,
    sequenceId: 2 * index,
    released,
    nodePosition: { x: index, y: 0, mapId: 'L1' },
    actions,
  }
}

/** Nodes `from` to `to`; those up to `releasedTo` are the base. */
function order(from: number, to: number, releasedTo = to, overrides: Partial<Order> = {}): Order {
  const nodes = Array.from({ length: to - from + 1 }, (_, index) =>
    node(from + index, from + index <= releasedTo),
  )
  return {
    headerId: 0,
    timestamp: '2025-01-01T00:00:00.000Z',
    version: '3.0.0',
    manufacturer: 'wardlight',
    serialNumber: 'uv-01',
    orderId: 'o',
    orderUpdateId: 0,
    nodes,
    edges: nodes.slice(1).map(({ sequenceId, released }) => ({
      edgeId: `e${sequenceId}`,
      sequenceId: sequenceId - 1,
      released,
      actions: [],
    })),
    ...overrides,
  }
}

const IDLE: OrderSituation = {
  held: null,
  isBusy: false,
  wasCanceled: false,
  lastNodeId: '',
  lastNodeSequenceId: 0,
  baseEnd: null,
  formerOrderIds: new Set(['done']),
  fixedActionIds: new Set(),
  pose: { x: 0, y: 0, theta: 0 },
  speedMps: 0.6,
  mapIds: new Set(['L1']),
  actionProblem: () => null,
}

function rejection(given: Order, situation: Partial<OrderSituation> = {}): string {
  const decision = judgeOrder(given, { ...IDLE, ...situation })
  return decision.kind === 'reject' ? decision.error.errorType : decision.kind
}

describe('an order is judged', () => {
  const held = order(0, 2, 1)
  const busy = { held, isBusy: true, baseEnd: { nodeId: 'n1', sequenceId: 2 } }
  const withNode = (index: number, change: Partial<OrderNode>): Order => ({
    ...order(0, 2),
    nodes: order(0, 2).nodes.map((each, at) => (at === index ? { ...each, ...change } : each)),
  })

  const withEdge = (change: object): Order => ({
    ...order(0, 2),
    edges: order(0, 2).edges.map((each) => ({ ...each, ...change })),
  })

  it.each<[string, Order, Partial<OrderSituation>, string]>([
    ['a good one', order(0, 2), {}, 'accept'],
    ['one node, where the robot stands', order(0, 0), {}, 'accept'],
    ['too few edges', { ...order(0, 2), edges: [] }, {}, 'VALIDATION_FAILURE'],
    ['a gap in the sequence', withNode(1, { sequenceId: 6 }), {}, 'VALIDATION_FAILURE'],
    ['an odd node', { ...order(0, 0), nodes: [{ ...node(0), sequenceId: 1 }] }, {}, 'VALIDATION_FAILURE'],
    ['a base after the horizon', withNode(1, { released: false }), {}, 'VALIDATION_FAILURE'],
    ['a first node that is not released', order(0, 2, -1), {}, 'VALIDATION_FAILURE'],
    ['another map', withNode(2, { nodePosition: { x: 0, y: 0, mapId: 'L2' } }), {}, 'UNKNOWN_MAP_ID'],
    ['an action that the robot has not', order(0, 2), { actionProblem: () => 'no' }, 'INVALID_ORDER_ACTION'],
    ['a start far away', order(3, 4), {}, 'START_NODE_OUT_OF_RANGE'],
    ['a lost robot', order(0, 2), { pose: null }, 'START_NODE_OUT_OF_RANGE'],
    ['a new one that is an update already', order(0, 2, 2, { orderUpdateId: 1 }), {}, 'VALIDATION_FAILURE'],
    ['a trajectory', withEdge({ trajectory: { controlPoints: [] } }), {}, 'UNSUPPORTED_PARAMETER'],
    ['a corridor', withEdge({ corridor: { leftWidth: 1, rightWidth: 1 } }), {}, 'UNSUPPORTED_PARAMETER'],
    ['a field of edges that says nothing', withEdge({ trajectory: null }), {}, 'accept'],
    ['a slower way than it drives', withEdge({ maximumSpeed: 0.3 }), {}, 'UNSUPPORTED_PARAMETER'],
    ['a limit that it never exceeds', withEdge({ maximumSpeed: 2 }), {}, 'accept'],
    ['another order in work', order(0, 2, 2, { orderId: 'p' }), busy, 'OTHER_ORDER_ACTIVE'],
    ['the same again', { ...held, headerId: 9 }, busy, 'ignore'],
    ['another content under the same id', order(0, 3, 1), busy, 'SAME_ORDER_UPDATE_ID'],
    ['one that was in work before', order(0, 2, 2, { orderId: 'done' }), {}, 'OUTDATED_ORDER_UPDATE'],
    [
      'an older update',
      order(0, 2),
      { ...busy, held: { ...held, orderUpdateId: 3 } },
      'OUTDATED_ORDER_UPDATE',
    ],
    ['an update from the base end', order(1, 4, 3, { orderUpdateId: 1 }), busy, 'update'],
    ['an update from elsewhere', order(2, 4, 3, { orderUpdateId: 1 }), busy, 'VALIDATION_FAILURE'],
    [
      'an update after a cancel',
      order(1, 4, 3, { orderUpdateId: 1 }),
      { ...busy, isBusy: false, wasCanceled: true },
      'ORDER_UPDATE_FOLLOWING_CANCEL',
    ],
    [
      'an update of an order that is done',
      order(2, 4, 4, { orderUpdateId: 1 }),
      { held: order(0, 2), lastNodeId: 'n2', lastNodeSequenceId: 4 },
      'update',
    ],
  ])('%s', (_, given, situation, outcome) => {
    expect(rejection(given, situation)).toBe(outcome)
  })
})

function run() {
  const actor = createActor(orderExecution)
  const effects: OrderEffect[] = []
  actor.on('*', (effect) => effects.push(effect))
  actor.start()
  return {
    effects,
    send: (...events: OrderEvent[]) => events.forEach((event) => actor.send(event)),
    get context() {
      return actor.getSnapshot().context
    },
    matches: (value: Parameters<ReturnType<typeof actor.getSnapshot>['matches']>[0]) =>
      actor.getSnapshot().matches(value),
    taken: () =>
      effects
        .splice(0)
        .map((effect) =>
          'node' in effect
            ? `${effect.type} ${effect.node.nodeId}`
            : 'action' in effect
              ? `${effect.type} ${effect.action.actionId}`
              : effect.type,
        ),
  }
}
const ARRIVED: OrderEvent = { type: 'driveEnded', end: 'arrived' }
const action = (actionId: string, blockingType: Action['blockingType']): Action => ({
  actionType: 'test',
  actionId,
  blockingType,
})
const finished = (actionId: string): OrderEvent => ({ type: 'actionChanged', actionId, status: 'FINISHED' })

describe('an order is executed', () => {
  it('from node to node, and the states say what is left', () => {
    const robot = run()
    robot.send({ type: 'accepted', order: order(0, 2) })
    expect(robot.context.lastNodeId).toBe('n0')
    expect(robot.context.nodes.map(({ nodeId }) => nodeId)).toEqual(['n1', 'n2'])
    expect(robot.context.edges.map(({ sequenceId }) => sequenceId)).toEqual([1, 3])
    robot.send(ARRIVED)
    expect(robot.context.lastNodeSequenceId).toBe(2)
    expect(robot.context.edges.map(({ sequenceId }) => sequenceId)).toEqual([3])
    robot.send(ARRIVED)
    expect(robot.matches('idle')).toBe(true)
    expect(robot.context.nodes).toEqual([])
    expect(robot.taken()).toEqual(['driveTo n1', 'driveTo n2'])
  })

  it('stops at the end of its base, and an update takes it on', () => {
    const robot = run()
    robot.send({ type: 'accepted', order: order(0, 3, 1) }, ARRIVED)
    expect(robot.matches({ active: 'waitingForBase' })).toBe(true)
    expect(robot.taken()).toEqual(['driveTo n1'])
    robot.send({ type: 'updated', order: order(1, 4, 2, { orderUpdateId: 1 }) })
    expect(robot.taken()).toEqual(['driveTo n2'])
    expect(robot.context.nodes.map(({ nodeId }) => nodeId)).toEqual(['n2', 'n3', 'n4'])
    robot.send(ARRIVED)
    expect(robot.matches({ active: 'waitingForBase' })).toBe(true)
  })

  it('an update while driving does not start the drive anew', () => {
    const robot = run()
    robot.send({ type: 'accepted', order: order(0, 2, 1) })
    robot.send({ type: 'updated', order: order(1, 2, 2, { orderUpdateId: 1 }) })
    expect(robot.taken()).toEqual(['driveTo n1'])
    robot.send(ARRIVED, ARRIVED)
    expect(robot.matches('idle')).toBe(true)
  })

  it('does what blocks before it drives on; HARD alone, in order', () => {
    const robot = run()
    const nodes = [
      node(0, true, [action('soft', 'SOFT'), action('none', 'NONE'), action('hard', 'HARD')]),
      node(1),
    ]
    robot.send({ type: 'accepted', order: { ...order(0, 1), nodes } })
    expect(robot.taken()).toEqual(['startAction soft', 'startAction none'])
    robot.send(finished('soft'))
    expect(robot.taken()).toEqual([])
    robot.send(finished('none'))
    expect(robot.taken()).toEqual(['startAction hard'])
    robot.send(finished('hard'))
    expect(robot.taken()).toEqual(['driveTo n1'])
  })

  it('drives on beside an action that does not block, and ends only when it is over', () => {
    const robot = run()
    const nodes = [node(0, true, [action('none', 'NONE')]), node(1)]
    robot.send({ type: 'accepted', order: { ...order(0, 1), nodes } })
    expect(robot.taken()).toEqual(['startAction none', 'driveTo n1'])
    robot.send(ARRIVED)
    expect(robot.matches('idle')).toBe(false)
    robot.send(finished('none'))
    expect(robot.matches('idle')).toBe(true)
  })

  it('tries a node three times, then ends the order', () => {
    const robot = run()
    robot.send({ type: 'accepted', order: order(0, 2) })
    for (let time = 0; time < 3; time += 1) robot.send({ type: 'driveEnded', end: 'failed' })
    expect(robot.taken()).toEqual([
      'driveTo n1',
      'driveTo n1',
      'driveTo n1',
      'nodeUnreachable n1',
      'cancelDrive',
      'endActions',
    ])
    expect(robot.matches('idle')).toBe(true)
    expect(robot.context.unreachableNodeId).toBe('n1')
  })

  it('for any events: never drives beyond the base, nor while paused or cancelled', () => {
    const event = fc.oneof(
      fc.constantFrom<OrderEvent>(
        ARRIVED,
        { type: 'driveEnded', end: 'failed' },
        { type: 'driveEnded', end: 'canceled' },
        { type: 'pause' },
        { type: 'resume' },
        { type: 'cancel' },
        finished('a'),
        { type: 'actionChanged', actionId: 'a', status: 'FAILED' },
      ),
    )
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 20 }),
        fc.integer({ min: 0, max: 3 }),
        (events, releasedTo) => {
          const robot = run()
          const given = order(0, 3, releasedTo)
          given.nodes[0]!.actions = [action('a', 'HARD')]
          robot.send({ type: 'accepted', order: given })
          for (const next of events) {
            robot.taken()
            robot.send(next)
            for (const effect of robot.effects) {
              if (effect.type !== 'driveTo') continue
              expect(effect.node.released).toBe(true)
              expect(robot.context.isPaused).toBe(false)
              expect(robot.context.wasCanceled).toBe(false)
            }
          }
          const { lastNodeSequenceId, nodes } = robot.context
          expect(nodes.every(({ sequenceId }) => sequenceId > lastNodeSequenceId)).toBe(true)
          expect(lastNodeSequenceId).toBeLessThanOrEqual(2 * releasedTo)
        },
      ),
    )
  })
})
