import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { d90MjPerCm2, ORGANISMS } from '@wardlight/core/disinfection'
import { OrganismViewSchema, type NewOrganism, type OrganismView } from '@wardlight/core/fleet'
import Type from 'typebox'
import { ANY_ROLE, ERRORS } from '../shared.ts'

export const organismRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/api/organisms',
    { config: { roles: ANY_ROLE }, schema: { response: { 200: Type.Array(OrganismViewSchema), ...ERRORS } } },
    async (): Promise<OrganismView[]> =>
      ORGANISMS.map((organism) => ({
        ...(structuredClone(organism) as NewOrganism),
        origin: 'shipped' as const,
        addedBy: null,
        addedAt: null,
        d90MjPerCm2: d90MjPerCm2(organism),
      })),
  )
}
