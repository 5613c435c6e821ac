import type { Order } from '@wardlight/core/vda5050'
import { afterEach, describe, expect, it } from 'vitest'
import { createBench, uvOrder } from '../testing/robot-bench.ts'

let bench = createBench()
afterEach(() => bench.stop())

function started() {
  bench = createBench()
  bench.start()
  return bench
}

/** The same treatment under names of its own, from where the robot stands. */
function another(name: string, overrides: Partial<Order> = {}): Order {
  const order = uvOrder({ orderId: `order-${name}` })
  const [first, room] = order.nodes
  first!.nodePosition = { ...bench.hardware.pose, mapId: 'L1' }
  for (const action of room!.actions) {
    action.actionId = `${action.actionId}-${name}`
    action.actionParameters![0]!.value = `mission-${name}`
  }
  return { ...order, ...overrides }
}

/** The room is treated twice, as two missions of one order. */
function twoMissions(): Order {
  const order = uvOrder()
  const second = another('2').nodes[1]!
  return {
    ...order,
    nodes: [...order.nodes, { ...second, nodeId: 'in-room-again', sequenceId: 4 }],
    edges: [...order.edges, { edgeId: 'again', sequenceId: 3, released: true, actions: [] }],
  }
}

const toDosing = () => {
  bench.until(() => bench.phase === 'awaitingArming', 60)
  bench.clock.advance(1500)
  bench.arm()
  bench.until(() => bench.hardware.isLit, 60)
}

const PHASES: [string, () => void][] = [
  ['travelling', () => bench.clock.advance(500)],
  ['surveying', () => bench.until(() => bench.phase === 'surveying', 60)],
  ['waiting to be armed', () => bench.until(() => bench.phase === 'awaitingArming', 60)],
  [
    'the exit delay',
    () => {
      bench.until(() => bench.phase === 'awaitingArming', 60)
      bench.clock.advance(1500)
      bench.arm()
      bench.clock.advance(3000)
    },
  ],
  ['the light', toDosing],
  [
    'the drive from stop to stop',
    () => {
      toDosing()
      const { drives } = bench.hardware
      bench.until(() => bench.hardware.drives > drives, 600)
    },
  ],
  [
    'an interruption',
    () => {
      toDosing()
      bench.hardware.setPersonSensed(true)
      bench.hardware.setPersonSensed(false)
    },
  ],
  [
    'verifying',
    () => {
      toDosing()
      bench.until(() => bench.phase === 'verifying', 3000)
    },
  ],
]

describe('in every phase the robot is dark at once, and free for the next order', () => {
  it.each(PHASES)('cancelled in %s', (_, reach) => {
    started().orders.take(uvOrder())
    reach()
    bench.orders.cancel()
    expect(bench.hardware.isLit).toBe(false)
    expect(bench.orders.isIdle).toBe(true)
    expect(JSON.parse(bench.orders.context.actionStates[1]!.actionResult!)).toMatchObject({
      missionId: 'mission-1',
    })
    const { x, y } = bench.hardware.pose
    bench.clock.advance(15_000)
    expect(bench.hardware.pose).toMatchObject({ x, y })
    expect(bench.orders.take(another('2'))).toBeNull()
    bench.until(() => bench.phase === 'awaitingArming', 60)
    expect(bench.hardware.isLit).toBe(false)
  })

  it.each(PHASES)('paused in %s, resumed, and cancelled', (_, reach) => {
    started().orders.take(uvOrder())
    reach()
    bench.orders.pause()
    expect(bench.hardware.isLit).toBe(false)
    bench.clock.advance(3000)
    expect(bench.hardware.isLit).toBe(false)
    bench.orders.resume()
    bench.clock.advance(15_000)
    expect(bench.hardware.isLit).toBe(false)
    bench.orders.cancel()
    expect(bench.orders.isIdle).toBe(true)
    expect(bench.orders.take(another('2'))).toBeNull()
    bench.until(() => bench.phase === 'awaitingArming', 60)
  })
})

describe('an order', () => {
  it('that was done is not done again when it comes once more, after another one', () => {
    started().orders.take(uvOrder())
    bench.orders.cancel()
    bench.orders.take(another('2'))
    bench.orders.cancel()
    bench.clock.advance(1000)
    expect(bench.orders.take(uvOrder())).toMatchObject({ errorType: 'OUTDATED_ORDER_UPDATE' })
    expect(bench.orders.isIdle).toBe(true)
  })

  it('while one is in work is refused, and does not touch it', () => {
    started().orders.take(uvOrder())
    bench.clock.advance(300)
    expect(bench.orders.take(another('2'))).toMatchObject({ errorType: 'OTHER_ORDER_ACTIVE' })
    toDosing()
    expect(bench.orders.mission!.missionId).toBe('mission-1')
  })

  it('whose room is released by an update runs its mission', () => {
    const released = uvOrder()
    const horizon = uvOrder()
    horizon.nodes[1]!.released = false
    horizon.edges[0]!.released = false
    expect(started().orders.take(horizon)).toBeNull()
    expect(bench.orders.isWaitingForBase).toBe(true)
    expect(bench.orders.take({ ...released, orderUpdateId: 1 })).toBeNull()
    bench.until(() => bench.phase === 'awaitingArming', 60)
    expect(bench.orders.context.actionStates.map(({ actionStatus }) => actionStatus)).toEqual([
      'RUNNING',
      'WAITING',
    ])
  })

  it('whose room is taken back by an update has no mission any more', () => {
    const horizon = uvOrder()
    horizon.nodes[1]!.released = false
    horizon.edges[0]!.released = false
    started().orders.take(horizon)
    expect(bench.orders.take(uvOrder({ orderUpdateId: 1, nodes: [horizon.nodes[0]!], edges: [] }))).toBeNull()
    expect(bench.orders.isIdle).toBe(true)
    expect(bench.orders.mission).toBeNull()
  })

  it('an update that uses the ids of actions that are over is refused: their evidence would count for it', () => {
    started().orders.take(uvOrder())
    bench.until(() => bench.phase === 'awaitingArming', 60)
    bench.clock.advance(1500)
    bench.arm()
    bench.until(() => bench.orders.isIdle, 3000)
    const [, room] = uvOrder().nodes
    const update = uvOrder({
      orderUpdateId: 1,
      nodes: [
        { ...room!, actions: [] },
        { ...room!, nodeId: 'again', sequenceId: 4 },
      ],
      edges: [{ edgeId: 'back', sequenceId: 3, released: true, actions: [] }],
    })
    expect(bench.orders.take(update)).toMatchObject({ errorType: 'VALIDATION_FAILURE' })
    expect(bench.orders.isIdle).toBe(true)
  })

  it('with two missions runs one after the other, each with an arming and a report of its own', () => {
    started().orders.take(twoMissions())
    toDosing()
    bench.until(() => bench.phase === 'awaitingArming', 3000)
    expect(bench.orders.mission!.missionId).toBe('mission-2')
    expect(bench.hardware.isLit).toBe(false)
    bench.clock.advance(1500)
    bench.arm()
    bench.until(() => bench.orders.isIdle, 3000)
    const results = bench.orders.context.actionStates.flatMap(({ actionResult }) => actionResult ?? [])
    expect(results.map((result) => JSON.parse(result) as object)).toMatchObject([
      { missionId: 'mission-1', verdict: 'proven' },
      { missionId: 'mission-2', verdict: 'proven' },
    ])
  })

  it('whose first mission is given up does not begin the second', () => {
    started().orders.take(twoMissions())
    bench.until(() => bench.phase === 'awaitingArming', 60)
    bench.orders.cancel()
    bench.clock.advance(1000)
    expect(bench.orders.isIdle).toBe(true)
    expect(bench.orders.mission!.missionId).toBe('mission-1')
    expect(bench.orders.context.actionStates.map(({ actionStatus }) => actionStatus)).toEqual(
      Array.from({ length: 4 }, () => 'FAILED'),
    )
  })

  it('with one mission twice is refused', () => {
    const order = twoMissions()
    for (const { actionParameters } of order.nodes[2]!.actions) actionParameters![0]!.value = 'mission-1'
    expect(started().orders.take(order)).toMatchObject({ errorType: 'INVALID_ORDER_ACTION' })
    expect(bench.orders.isIdle).toBe(true)
  })

  it('taken back ahead of its first mission goes on with the mission of the update', () => {
    const horizon = twoMissions()
    for (const element of [...horizon.nodes.slice(1), ...horizon.edges]) element.released = false
    started().orders.take(horizon)
    const [start, , second] = twoMissions().nodes
    const update = uvOrder({
      orderUpdateId: 1,
      nodes: [start!, { ...second!, sequenceId: 2 }],
    })
    expect(bench.orders.take(update)).toBeNull()
    bench.until(() => bench.phase === 'awaitingArming', 60)
    expect(bench.orders.mission!.missionId).toBe('mission-2')
  })

  it.each([
    ['light between stops', { litOnWays: true }, 'drives dark'],
    ['reflected light', { reflectance: 0.1 }, 'proves nothing'],
  ])('that counts on %s is refused: this robot does not, and says so', (_, options, words) => {
    const order = uvOrder()
    const plan = order.nodes[1]!.actions[1]!.actionParameters![1]!.value as Record<string, unknown>
    plan['options'] = options
    expect(started().orders.take(order)).toMatchObject({
      errorDescription: expect.stringContaining(words) as string,
    })
    expect(bench.orders.isIdle).toBe(true)
  })

  it('held on the way says what it waits for', () => {
    started().orders.take(uvOrder())
    bench.clock.advance(500)
    bench.orders.pause()
    expect(bench.orders.mission!.status().blockers).toEqual(['the robot is paused: resume it first'])
  })
})

describe('a robot that a lift brings to another level', () => {
  const at = (nodeId: string, sequenceId: number, x: number, mapId: string, released = true) => ({
    nodeId,
    sequenceId,
    released,
    nodePosition: { x, y: 1, mapId },
    actions: [],
  })
  const edge = (sequenceId: number, released = true) => ({
    edgeId: `e${sequenceId}`,
    sequenceId,
    released,
    actions: [],
  })
  const toCabin = () => {
    bench = createBench({ otherLevelIds: ['L2'] })
    bench.start()
    const { x } = bench.hardware.pose
    const order: Order = {
      ...uvOrder(),
      nodes: [at('start', 0, x, 'L1'), at('cabin', 2, x + 1, 'L1'), at('up', 4, x + 1, 'L2', false)],
      edges: [edge(1), edge(3, false)],
    }
    order.nodes[0]!.nodePosition = { ...bench.hardware.pose, mapId: 'L1' }
    expect(bench.orders.take(order)).toBeNull()
    bench.until(() => bench.orders.isWaitingForBase, 60)
    return { order, x }
  }

  it('drives on there once it was told so, and not before', () => {
    const { order, x } = toCabin()
    expect(bench.orders.levelId).toBe('L1')
    const update = {
      ...order,
      orderUpdateId: 1,
      nodes: [order.nodes[1]!, at('up', 4, x + 1, 'L2'), at('out', 6, x, 'L2')],
      edges: [edge(3), edge(5)],
    }
    expect(bench.orders.initializePosition({ x: x + 1, y: 1, theta: 0 }, 'L9')).toMatch(/no map L9/)
    expect(bench.orders.initializePosition({ x: x + 1, y: 1, theta: 0 }, 'L2')).toBeNull()
    expect(bench.orders.levelId).toBe('L2')
    expect(bench.orders.take(update)).toBeNull()
    expect(bench.orders.initializePosition({ x, y: 1, theta: 0 }, 'L1')).toMatch(/drives or works/)
    bench.until(() => bench.orders.isIdle, 60)
    expect(bench.orders.context).toMatchObject({ lastNodeId: 'out', unreachableNodeId: null })
  })

  it('ends an order that would drive it through the floor', () => {
    const { order, x } = toCabin()
    const before = bench.hardware.pose
    const update = {
      ...order,
      orderUpdateId: 1,
      nodes: [order.nodes[1]!, at('far', 4, x + 5, 'L2')],
      edges: [edge(3)],
    }
    expect(bench.orders.take(update)).toBeNull()
    bench.until(() => bench.orders.isIdle, 60)
    expect(bench.orders.context.unreachableNodeId).toBe('far')
    expect(bench.hardware.pose).toEqual(before)
  })
})
