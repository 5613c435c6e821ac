import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { NewOrganismSchema, OrganismViewSchema } from '@wardlight/core/fleet'
import Type from 'typebox'
import { userOf } from '../../plugins/access.ts'
import type { Evidence } from '../../services/evidence.ts'
import { ANY_ROLE, ERRORS } from '../shared.ts'

export const organismRoutes: FastifyPluginAsyncTypebox<{ readonly evidence: Evidence }> = async (
  app,
  { evidence },
) => {
  app.get(
    '/api/organisms',
    {
      config: { roles: ANY_ROLE, wards: 'none' },
      schema: { response: { 200: Type.Array(OrganismViewSchema), ...ERRORS } },
    },
    async () => evidence.organismViews(),
  )
  app.post(
    '/api/organisms',
    {
      config: { roles: ['administrator'], wards: 'none' },
      schema: { body: NewOrganismSchema, response: { 201: OrganismViewSchema, ...ERRORS } },
    },
    async (request, reply) => reply.code(201).send(await evidence.addOrganism(request.body, userOf(request))),
  )
}
