import { readdirSync } from 'node:fs'
import path from 'node:path'
import {
  ResponsesSchema,
  toWire,
  WIRE_SCHEMAS,
  ZoneSetMessageSchema,
  type Order,
  type WireTopic,
} from '@wardlight/core/vda5050'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryMessage } from '../../core/src/vda5050/testing/arbitrary-message.ts'
import {
  areOfficialSchemasThere,
  officialProblems,
  officialSchemasNote,
} from '../support/official-schemas.ts'
import { sharedPeers } from '../support/repository.ts'

const TOPICS = Object.keys(WIRE_SCHEMAS[3]) as WireTopic[]

/** Any message of ours; an order with the `orderDescription` that the published schema of 3.0 wants, and one edge fewer than nodes. */
function messages(topic: WireTopic): fc.Arbitrary<never> {
  const any = arbitraryMessage(WIRE_SCHEMAS[3][topic])
  if (topic !== 'order') return any as fc.Arbitrary<never>
  return (any as fc.Arbitrary<Order>).map((order) => ({
    orderDescription: '',
    ...order,
    edges: order.nodes.slice(1).flatMap((_, index) => order.edges[index] ?? []),
  })) as fc.Arbitrary<never>
}

describe.skipIf(!areOfficialSchemasThere)(`the VDA's own schemas${officialSchemasNote}`, () => {
  it('are all there', () => {
    expect(readdirSync(path.join(sharedPeers, 'vda5050')).toSorted()).toEqual(
      expect.arrayContaining(['2.0', '2.1', '3.0']),
    )
  })

  it.each([
    ['zoneSet', ZoneSetMessageSchema],
    ['responses', ResponsesSchema],
  ] as const)('of 3.0 take every message of %s that our model can say', (topic, schema) => {
    fc.assert(
      fc.property(arbitraryMessage(schema), (message) => {
        expect(officialProblems('3.0', topic, message)).toEqual([])
      }),
    )
  })

  describe.each(['2.0', '2.1', '3.0'] as const)('%s', (version) => {
    it.each(TOPICS)('take every %s that our model can say', (topic) => {
      fc.assert(
        fc.property(messages(topic), (message) => {
          // A kinematics of one's own is fine in 3.0 only, whose list is open.
          const sent = closed(version, toWire(version, topic, message))
          expect(officialProblems(version, topic, sent)).toEqual([])
        }),
      )
    })
  })
})

function closed(version: string, sent: object): object {
  const { typeSpecification } = sent as { readonly typeSpecification?: object }
  if (version === '3.0' || typeSpecification === undefined) return sent
  return {
    ...sent,
    typeSpecification: {
      ...typeSpecification,
      agvKinematic: 'DIFF',
      localizationTypes: ['NATURAL'],
      navigationTypes: ['AUTONOMOUS'],
    },
  }
}
