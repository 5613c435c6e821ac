import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { NewZoneHoldSchema, ZoneViewSchema, type Role } from '@wardlight/core/fleet'
import Type from 'typebox'
import { userOf } from '../../plugins/access.ts'
import type { Zones } from '../../services/zones.ts'
import { ANY_ROLE, ERRORS, ZoneParams } from '../shared.ts'

/** Whoever pushes beds or works in a corridor. */
const MAY_TAKE: readonly Role[] = ['nurse', 'clinician', 'engineer']

/** Zones of one robot at a time, and people who keep them for themselves. */
export const zoneRoutes: FastifyPluginAsyncTypebox<{ readonly zones: Zones }> = async (app, { zones }) => {
  app.get(
    '/api/zones',
    {
      config: { roles: ANY_ROLE, wards: 'none' },
      schema: { response: { 200: Type.Array(ZoneViewSchema), ...ERRORS } },
    },
    async () => zones.views(),
  )
  app.post(
    '/api/zones/:zoneId/hold',
    {
      config: { roles: MAY_TAKE, wards: 'none' },
      schema: { params: ZoneParams, body: NewZoneHoldSchema, response: { 200: ZoneViewSchema, ...ERRORS } },
    },
    async (request) => zones.take(request.params.zoneId, request.body, userOf(request)),
  )
  app.post(
    '/api/zones/:zoneId/release',
    {
      config: { roles: MAY_TAKE, wards: 'none' },
      schema: { params: ZoneParams, response: { 200: ZoneViewSchema, ...ERRORS } },
    },
    async (request) => zones.giveBack(request.params.zoneId, userOf(request)),
  )
}
