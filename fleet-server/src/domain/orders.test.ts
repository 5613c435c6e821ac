import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { describe, expect, it } from 'vitest'
import { InstantActionsSchema, OrderSchema } from '@wardlight/core/vda5050'
import { driveOrder, instantAction } from './orders.ts'

const isOrder = Compile(OrderSchema)
const isInstantActions = Compile(InstantActionsSchema)
const head = {
  address: { manufacturer: 'wardlight', serialNumber: 'uv-01' },
  timestamp: '2026-01-05T03:00:00.000Z',
  headerId: 7,
}
const coordinate = fc.double({ min: -100, max: 100, noNaN: true })
const point = fc.record({ x: coordinate, y: coordinate })
const pose = fc.record({
  x: coordinate,
  y: coordinate,
  theta: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
})

describe('an order to drive', () => {
  it('is a VDA 5050 order whose nodes and edges alternate without a gap, and ends at the destination', () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 8 }), point, pose, (between, from, destination) => {
        const route = [from, ...between, destination]
        const order = driveOrder({ head, orderId: 'o', levelId: 'L1', route, destination })
        expect(isOrder.Check(order)).toBe(true)
        expect(order.edges).toHaveLength(order.nodes.length - 1)
        expect(order.nodes.map(({ sequenceId }) => sequenceId)).toEqual(
          order.nodes.map((_, index) => index * 2),
        )
        expect(order.edges.map(({ sequenceId }) => sequenceId)).toEqual(
          order.edges.map((_, index) => index * 2 + 1),
        )
        expect(order.nodes.at(-1)?.nodePosition).toMatchObject(destination)
        expect(order.nodes.slice(0, -1).every(({ nodePosition }) => nodePosition?.theta === undefined)).toBe(
          true,
        )
      }),
    )
  })
})

it('makes instant actions with the only blocking type that VDA 5050 3.0 allows', () => {
  const message = instantAction({
    head,
    actionType: 'startTreatment',
    actionId: 'a1',
    parameters: [{ key: 'missionId', value: 'm1' }],
  })
  expect(isInstantActions.Check(message)).toBe(true)
})
