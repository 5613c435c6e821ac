import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AlarmViewSchema } from '@wardlight/core/fleet'
import Type from 'typebox'
import { userOf } from '../../plugins/access.ts'
import type { Alarms } from '../../services/alarms.ts'
import { AlarmParams, ANY_ROLE, ERRORS } from '../shared.ts'

/** What people have to see. Open alarms come by the live feed as well. */
export const alarmRoutes: FastifyPluginAsyncTypebox<{ readonly alarms: Alarms }> = async (
  app,
  { alarms },
) => {
  app.get(
    '/api/alarms',
    {
      config: { roles: ANY_ROLE, wards: 'none' },
      schema: { response: { 200: Type.Array(AlarmViewSchema), ...ERRORS } },
    },
    async () => alarms.history(),
  )
  app.post(
    '/api/alarms/:alarmId/acknowledge',
    {
      config: { roles: ['nurse', 'clinician', 'engineer'], wards: 'none' },
      schema: { params: AlarmParams, response: { 200: AlarmViewSchema, ...ERRORS } },
    },
    async (request) => alarms.acknowledge(request.params.alarmId, userOf(request)),
  )
}
