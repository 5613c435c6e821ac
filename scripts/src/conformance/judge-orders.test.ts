import type { Action, Order } from '@wardlight/core/vda5050'
import { describe, expect, it } from 'vitest'
import {
  actionIdProblems,
  cancelledProblems,
  countProblems,
  edgeEndProblems,
  firstNodeProblems,
  firstUpdateProblems,
  orderIdProblems,
  otherOrderProblems,
  releaseProblems,
  sequenceProblems,
  stitchProblems,
  updateIdProblems,
  type HeardOrder,
} from './judge-orders.ts'

const POSITION = { x: 0, y: 0, theta: 0, mapId: 'L1', localized: true }
const BEEP: Action = { actionType: 'beep', actionId: 'beep-1', blockingType: 'HARD' }

/** Three nodes, the first two released. */
function order(change: Partial<Order> = {}, released: readonly boolean[] = [true, true, false]): Order {
  return {
    headerId: 0,
    timestamp: '2026-01-05T03:00:00.000Z',
    version: '3.0.0',
    manufacturer: 'acme',
    serialNumber: 'r1',
    orderId: 'o1',
    orderUpdateId: 0,
    nodes: released.map((isReleased, index) => ({
      nodeId: `n${index}`,
      sequenceId: 2 * index,
      released: isReleased,
      nodePosition: { x: 2 * index, y: 0, mapId: 'L1' },
      actions: [],
    })),
    edges: released.slice(1).map((isReleased, index) => ({
      edgeId: `e${index}`,
      sequenceId: 2 * index + 1,
      released: isReleased,
      actions: [],
    })),
    ...change,
  }
}

/** The rest of it released, from its second node. */
function update(change: Partial<Order> = {}): Order {
  const whole = order({ orderUpdateId: 1 }, [true, true, true])
  return { ...whole, nodes: whole.nodes.slice(1), edges: whole.edges.slice(1), ...change }
}

function heard(
  body: Order,
  situation: Partial<HeardOrder['situation']> = {},
  taken: HeardOrder['taken'] = body.orderUpdateId === 0 ? 'accepted' : 'updated',
): HeardOrder {
  return {
    order: body,
    atMs: 1000,
    situation: { position: POSITION, isIdle: true, lastNodeId: '', heldOrderId: '', ...situation },
    taken,
  }
}

const HELD = { heldOrderId: 'o1', isIdle: false }
const GOOD = [heard(order()), heard(order(), HELD, 'ignored'), heard(update(), HELD)]

it('an order, the same once more, and its update have nothing against them', () => {
  expect(countProblems(GOOD)).toEqual([])
  expect(sequenceProblems(GOOD)).toEqual([])
  expect(releaseProblems(GOOD)).toEqual([])
  expect(firstNodeProblems(GOOD)).toEqual([])
  expect(orderIdProblems(GOOD)).toEqual([])
  expect(firstUpdateProblems(GOOD)).toEqual([])
  expect(updateIdProblems(GOOD)).toEqual([])
  expect(stitchProblems(GOOD, '3.0')).toEqual([])
  expect(otherOrderProblems(GOOD)).toEqual([])
  expect(cancelledProblems(GOOD, new Map([['o1', 2000]]))).toEqual([])
  expect(actionIdProblems(GOOD, [])).toEqual([])
})

describe('what is wrong with orders is found', () => {
  const [first, ...others] = update().nodes
  it.each<[string, () => readonly string[], string]>([
    ['an edge too few', () => countProblems([heard(order({ edges: [] }))]), '3 nodes and 0 edges'],
    [
      'a gap in the sequence',
      () => sequenceProblems([heard(order({ nodes: order().nodes.toSpliced(1, 1) }))]),
      'nodes 0, 4',
    ],
    [
      'a node behind the horizon',
      () => releaseProblems([heard(order({}, [true, false, true]))]),
      'behind its horizon',
    ],
    [
      'a base that ends on an edge',
      () =>
        releaseProblems([
          heard(order({ edges: order().edges.map((edge) => ({ ...edge, released: true })) })),
        ]),
      'behind its horizon',
    ],
    ['no base at all', () => firstNodeProblems([heard(order({}, [false, false]))]), 'is not released'],
    [
      'a beginning elsewhere',
      () => firstNodeProblems([heard(order(), { position: { ...POSITION, x: 9 } })]),
      'does not stand',
    ],
    [
      'a beginning on another map',
      () => firstNodeProblems([heard(order(), { position: { ...POSITION, mapId: 'L2' } })]),
      'does not stand',
    ],
    [
      'an orderId of old',
      () => orderIdProblems([heard(order()), heard(order(), { heldOrderId: 'o2' }, 'refused')]),
      'was used before o2',
    ],
    [
      'a new order that is an update',
      () => firstUpdateProblems([heard(order({ orderUpdateId: 3 }))]),
      'none that the robot holds',
    ],
    [
      'an update of what a restart lost',
      () => firstUpdateProblems([heard(order()), heard(update(), {}, 'refused')]),
      'none that the robot holds',
    ],
    [
      'another content under the same number',
      () => updateIdProblems([heard(order()), heard(order({ edges: [] }), HELD, 'ignored')]),
      'another content',
    ],
    [
      'an update from elsewhere',
      () => stitchProblems([heard(order()), heard(update({ nodes: others }), HELD, 'refused')], '3.0'),
      'the base ends with n1 (2)',
    ],
    [
      'a stitching node that was changed',
      () =>
        stitchProblems(
          [heard(order()), heard(update({ nodes: [{ ...first!, actions: [BEEP] }, ...others] }), HELD)],
          '3.0',
        ),
      'says something else',
    ],
    [
      'another order in between',
      () => otherOrderProblems([heard(order(), { heldOrderId: 'o0', isIdle: false }, 'refused')]),
      'while o0 is in work',
    ],
    [
      'an update after the cancel',
      () => cancelledProblems([heard(update())], new Map([['o1', 500]])),
      'after its cancel',
    ],
    [
      'an action with the id of another',
      () =>
        actionIdProblems(
          [heard(order({ nodes: order().nodes.map((node) => ({ ...node, actions: [BEEP] })) }))],
          [],
        ),
      'beep-1 is used again',
    ],
    [
      'an instant action with the id of one of the order',
      () =>
        actionIdProblems(
          [heard(order({ nodes: [{ ...order().nodes[0]!, actions: [BEEP] }] }))],
          [{ actionType: 'stopPause', actionId: 'beep-1', blockingType: 'NONE' }],
        ),
      'for stopPause',
    ],
    [
      'an edge of 2.1 between other nodes',
      () =>
        edgeEndProblems([
          {
            topic: 'order',
            text: '',
            body: {
              ...order(),
              edges: [{ edgeId: 'e0', sequenceId: 1, startNodeId: 'n1', endNodeId: 'n0' }],
            },
            atMs: 0,
            qos: 0,
            retain: false,
          },
        ]),
      'from n1 to n0',
    ],
  ])('%s', (_, problems, wanted) => {
    expect(problems().join()).toContain(wanted)
  })

  it('2.1 lets a stitching node say something else: the robot goes by the first', () => {
    const changed = heard(update({ nodes: [{ ...first!, actions: [BEEP] }, ...others] }), HELD)
    expect(stitchProblems([heard(order()), changed], '2.1')).toEqual([])
  })
})
