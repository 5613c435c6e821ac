import fc from 'fast-check'
import { Value } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import type { Action } from '../actions.ts'
import type { ActionState, NodePosition, Order, State } from '../messages.ts'
import { arbitraryMessage } from '../testing/arbitrary-message.ts'
import { fromWire, heardOnWire, majorOf, toWire, WIRE_SCHEMAS, type WireTopic } from '../wire.ts'
import type { V2Order, V2State } from './messages.ts'

const TOPICS = Object.keys(WIRE_SCHEMAS[2]) as WireTopic[]
const VERSIONS = ['2.0', '2.1'] as const

const message = (topic: WireTopic) => arbitraryMessage(WIRE_SCHEMAS[3][topic]) as fc.Arbitrary<never>
const v2Message = (topic: WireTopic) => arbitraryMessage(WIRE_SCHEMAS[2][topic])

/** An order has one edge fewer than nodes; without, `startNodeId` and `endNodeId` say nothing. */
const orders = (message('order') as fc.Arbitrary<Order>).map((order) => ({
  ...order,
  edges: order.nodes.slice(1).flatMap((_, index) => order.edges[index] ?? []),
}))

/** JSON, as the wire makes it: no `undefined`, no -0. */
const onWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe.each(VERSIONS)('VDA 5050 %s at the edge', (version) => {
  it.each(TOPICS)('%s: what goes out follows what comes in', (topic) => {
    fc.assert(
      fc.property(topic === 'order' ? (orders as fc.Arbitrary<never>) : message(topic), (inside) => {
        const sent = onWire(toWire(version, topic, inside))
        expect([...Value.Errors(WIRE_SCHEMAS[2][topic], sent)]).toEqual([])
        const heard = fromWire(2, topic, sent)
        expect([...Value.Errors(WIRE_SCHEMAS[3][topic], onWire(heard))]).toEqual([])
      }),
    )
  })

  it.each(TOPICS)('%s: what a robot or fleet of 2.x says can be said inside', (topic) => {
    fc.assert(
      fc.property(v2Message(topic), (heard) => {
        const inside = onWire(fromWire(2, topic, heard))
        expect([...Value.Errors(WIRE_SCHEMAS[3][topic], inside)]).toEqual([])
      }),
    )
  })

  it('an order loses nothing but what is listed', () => {
    fc.assert(
      fc.property(orders, (order) => {
        const back = fromWire(2, 'order', onWire(toWire(version, 'order', order)))
        expect(onWire(back)).toEqual(onWire(listedLossesOfOrder(order, version)))
      }),
    )
  })

  it('a state loses nothing but what is listed', () => {
    const states = (message('state') as fc.Arbitrary<State>).filter(
      ({ actionStates, instantActionStates, zoneActionStates = [] }) => {
        const ids = [...actionStates, ...instantActionStates, ...zoneActionStates].map(
          ({ actionId }) => actionId,
        )
        return new Set(ids).size === ids.length
      },
    )
    fc.assert(
      fc.property(states, (state) => {
        const instant = new Set(state.instantActionStates.map(({ actionId }) => actionId))
        const sent = onWire(toWire(version, 'state', state))
        const back = fromWire(2, 'state', sent, ({ actionId }) => instant.has(actionId))
        expect(onWire(back)).toEqual(onWire(listedLossesOfState(state, version)))
      }),
    )
  })

  it('a connection loses hibernation only', () => {
    fc.assert(
      fc.property(message('connection'), (connection) => {
        const { connectionState, ...rest } = connection as { connectionState: string; timestamp: string }
        const back = fromWire(2, 'connection', onWire(toWire(version, 'connection', connection)))
        expect(back).toEqual({
          ...rest,
          timestamp: hundredths(rest.timestamp),
          version: '3.0.0',
          connectionState: connectionState === 'HIBERNATING' ? 'OFFLINE' : connectionState,
        })
      }),
    )
  })

  it('a fleet of 2.x gets its own order back but for what 3.0 dropped', () => {
    fc.assert(
      fc.property(v2Message('order') as fc.Arbitrary<V2Order>, (order) => {
        const sent = onWire(toWire(version, 'order', fromWire(2, 'order', order))) as V2Order
        expect(sent.nodes.map(({ nodeId, released, sequenceId }) => [nodeId, released, sequenceId])).toEqual(
          order.nodes.map(({ nodeId, released, sequenceId }) => [nodeId, released, sequenceId]),
        )
        expect(sent.edges.map(({ maxSpeed }) => maxSpeed)).toEqual(
          order.edges.map(({ maxSpeed }) => maxSpeed),
        )
        expect(sent.nodes.map(({ nodePosition }) => nodePosition?.allowedDeviationXY)).toEqual(
          order.nodes.map(({ nodePosition }) => nodePosition?.allowedDeviationXY),
        )
      }),
    )
  })
})

it('instant actions are read by the names that 2.0 has for them, too', () => {
  const action = { actionId: 'a', blockingType: 'HARD' }
  const message = { instantActions: [{ ...action, actionName: 'startPause' }] }
  expect(heardOnWire(2, 'instantActions', message)).toEqual({
    actions: [{ ...action, actionName: 'startPause', actionType: 'startPause' }],
  })
})

it('3.0 goes through as it is', () => {
  expect(majorOf('3.0')).toBe(3)
  fc.assert(
    fc.property(message('state'), (state) => {
      expect(fromWire(3, 'state', toWire('3.0', 'state', state))).toBe(state)
    }),
  )
})

it('a robot of 2.x that says nothing of what kind its actions are: predefined ones are known', () => {
  const state = {
    actionStates: [
      { actionId: 'a', actionType: 'cancelOrder', actionStatus: 'RUNNING' },
      { actionId: 'b', actionType: 'pick', actionStatus: 'WAITING' },
    ],
  } as unknown as V2State
  const heard = fromWire(2, 'state', {
    ...(fc.sample(v2Message('state'), 1)[0] as object),
    ...state,
  })
  expect(heard.instantActionStates.map(({ actionId }) => actionId)).toEqual(['a'])
  expect(heard.actionStates.map(({ actionId }) => actionId)).toEqual(['b'])
})

function hundredths(timestamp: string): string {
  return timestamp.replace(/(\.\d\d)\d*Z/, '$10Z')
}

function listedLossesOfOrder(whole: Order, version: string): Order {
  const { orderDescription: _, ...order } = whole
  const action = ({ retriable: __, ...rest }: Action): Action => ({
    ...rest,
    blockingType: rest.blockingType === 'SINGLE' ? 'HARD' : rest.blockingType,
    ...(rest.actionParameters === undefined || version === '2.1'
      ? {}
      : {
          actionParameters: rest.actionParameters.map(({ key, value }) => ({
            key,
            value: typeof value === 'string' && isJsonObject(value) ? (JSON.parse(value) as object) : value,
          })),
        }),
  })
  return {
    ...order,
    timestamp: hundredths(order.timestamp),
    version: '3.0.0',
    nodes: order.nodes.map(({ nodePosition, actions, ...node }) => ({
      ...node,
      ...(nodePosition === undefined ? {} : { nodePosition: circle(nodePosition) }),
      actions: actions.map(action),
    })),
    edges: order.edges.map((edge) => ({ ...edge, actions: edge.actions.map(action) })),
  }
}

function isJsonObject(text: string): boolean {
  try {
    return text.startsWith('{') && typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}

function circle({ allowedDeviationXY, ...position }: NodePosition): NodePosition {
  if (allowedDeviationXY === undefined) return position
  const radiusM = Math.min(allowedDeviationXY.a, allowedDeviationXY.b)
  return { ...position, allowedDeviationXY: { a: radiusM, b: radiusM, theta: 0 } }
}

function listedLossesOfState(state: State, version: string): State {
  const action = (each: ActionState): ActionState => ({
    ...each,
    actionStatus: each.actionStatus === 'RETRIABLE' ? 'PAUSED' : each.actionStatus,
  })
  const { batteryCurrent: _, batteryHealth, ...supply } = state.powerSupply
  const powerSupply = {
    ...supply,
    ...(batteryHealth === undefined ? {} : { batteryHealth: Math.round(batteryHealth) }),
  }
  const { zoneSets: __, zoneRequests: ___, zoneActionStates = [], ...kept } = state
  return {
    ...kept,
    timestamp: hundredths(state.timestamp),
    version: '3.0.0',
    nodeStates: state.nodeStates.map(({ nodePosition, ...node }) => ({
      ...node,
      ...(nodePosition === undefined || (version === '2.0' && nodePosition.theta === undefined)
        ? {}
        : { nodePosition: circle(nodePosition) }),
    })),
    // One list there, and a zone's are no instant ones.
    actionStates: [...state.actionStates, ...zoneActionStates].map(action),
    instantActionStates: state.instantActionStates.map(action),
    powerSupply,
    operatingMode:
      state.operatingMode === 'INTERVENED'
        ? 'MANUAL'
        : state.operatingMode === 'STARTUP'
          ? 'SERVICE'
          : state.operatingMode,
    errors: state.errors.map((error) => ({
      ...error,
      errorLevel: error.errorLevel === 'CRITICAL' || error.errorLevel === 'FATAL' ? 'FATAL' : 'WARNING',
    })),
  }
}
