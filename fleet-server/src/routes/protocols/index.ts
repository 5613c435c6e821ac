import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { NewProtocolSchema, ProtocolViewSchema } from '@wardlight/core/fleet'
import Type from 'typebox'
import { userOf } from '../../plugins/access.ts'
import type { Protocols } from '../../services/protocols.ts'
import { ANY_ROLE, ERRORS } from '../shared.ts'

/** Recipes, shipped and the hospital's own. */
export const protocolRoutes: FastifyPluginAsyncTypebox<{ readonly protocols: Protocols }> = async (
  app,
  { protocols },
) => {
  app.get(
    '/api/protocols',
    {
      config: { roles: ANY_ROLE, wards: 'none' },
      schema: { response: { 200: Type.Array(ProtocolViewSchema), ...ERRORS } },
    },
    async () => protocols.views(),
  )
  app.post(
    '/api/protocols',
    {
      config: { roles: ['administrator'], wards: 'none' },
      schema: { body: NewProtocolSchema, response: { 201: ProtocolViewSchema, ...ERRORS } },
    },
    async (request, reply) => reply.code(201).send(await protocols.add(request.body, userOf(request))),
  )
}
