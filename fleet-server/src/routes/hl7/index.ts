import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  Hl7MappingSchema,
  Hl7MappingViewSchema,
  Hl7MessageViewSchema,
  Hl7OutcomeSchema,
} from '@wardlight/core/fleet'
import Type from 'typebox'
import type { Hl7Log } from '../../integrations/hl7/hl7-log.ts'
import type { Hl7Mappings } from '../../integrations/hl7/hl7-mappings.ts'
import { userOf } from '../../plugins/access.ts'
import { ERRORS } from '../shared.ts'

interface Services {
  readonly hl7Log: Hl7Log
  readonly hl7Mappings: Hl7Mappings
}

/** What the hospital's systems say and hear, and how that is read. */
export const hl7Routes: FastifyPluginAsyncTypebox<Services> = async (app, { hl7Log, hl7Mappings }) => {
  app.get(
    '/api/hl7/messages',
    {
      config: { roles: ['engineer', 'administrator'], wards: 'none' },
      schema: {
        querystring: Type.Object({ outcome: Type.Optional(Hl7OutcomeSchema) }),
        response: { 200: Type.Array(Hl7MessageViewSchema), ...ERRORS },
      },
    },
    async ({ query }) => hl7Log.newest(query.outcome),
  )
  app.get(
    '/api/hl7/mapping',
    {
      config: { roles: ['engineer', 'administrator'], wards: 'none' },
      schema: { response: { 200: Hl7MappingViewSchema, ...ERRORS } },
    },
    async () => hl7Mappings.view(),
  )
  app.put(
    '/api/hl7/mapping',
    {
      config: { roles: ['administrator'], wards: 'none' },
      schema: { body: Hl7MappingSchema, response: { 200: Hl7MappingViewSchema, ...ERRORS } },
    },
    async (request) => hl7Mappings.change(request.body, userOf(request)),
  )
}
