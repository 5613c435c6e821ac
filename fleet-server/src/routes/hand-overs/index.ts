import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  HandOverSummarySchema,
  HandOverViewSchema,
  NewHandOverSchema,
  type NewHandOver,
  type Role,
} from '@wardlight/core/fleet'
import Type from 'typebox'
import { userOf } from '../../plugins/access.ts'
import type { HandOvers } from '../../services/hand-overs.ts'
import { ERRORS, Id } from '../shared.ts'

/** Whose shifts change at the rooms. */
const ON_DUTY: readonly Role[] = ['nurse', 'clinician']
const MAY_READ: readonly Role[] = [...ON_DUTY, 'auditor']

const WardQuery = Type.Object({ ward: Id })
const HandOverParams = Type.Object({ handOverId: Id })

/** What one shift hands to the next one. */
export const handOverRoutes: FastifyPluginAsyncTypebox<{ readonly handOvers: HandOvers }> = async (
  app,
  { handOvers },
) => {
  const ofWard = {
    named: async (_: unknown, { ward }: { readonly ward?: string }) =>
      ward === undefined ? [] : handOvers.roomsOf(ward),
  }
  app.get(
    '/api/hand-over',
    {
      config: { roles: MAY_READ, wards: ofWard },
      schema: { querystring: WardQuery, response: { 200: HandOverSummarySchema, ...ERRORS } },
    },
    async ({ query }) => handOvers.summary(query.ward),
  )
  app.get(
    '/api/hand-overs',
    {
      config: { roles: MAY_READ, wards: ofWard },
      schema: { querystring: WardQuery, response: { 200: Type.Array(HandOverViewSchema), ...ERRORS } },
    },
    async ({ query }) => handOvers.list(query.ward),
  )
  app.post(
    '/api/hand-overs',
    {
      config: { roles: ON_DUTY, wards: { asked: ({ ward }: NewHandOver) => handOvers.roomsOf(ward) } },
      schema: { body: NewHandOverSchema, response: { 201: HandOverViewSchema, ...ERRORS } },
    },
    async (request, reply) => reply.code(201).send(await handOvers.give(request.body, userOf(request))),
  )
  app.post(
    '/api/hand-overs/:handOverId/take',
    {
      config: {
        roles: ON_DUTY,
        wards: {
          named: ({ handOverId }: { readonly handOverId: string }) => handOvers.roomsOfHandOver(handOverId),
        },
      },
      schema: { params: HandOverParams, response: { 200: HandOverViewSchema, ...ERRORS } },
    },
    async (request) => handOvers.take(request.params.handOverId, userOf(request)),
  )
}
