import { contaminationIn, inScope } from '../../domain/ward-scope.ts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  ContaminationEventViewSchema,
  ContaminationViewSchema,
  DecontaminationSchema,
  IsolationSchema,
  type ContaminationEventView,
} from '@wardlight/core/fleet'
import Type from 'typebox'
import { userOf } from '../../plugins/access.ts'
import type { Contaminations } from '../../services/contaminations.ts'
import { ANY_ROLE, ERRORS, RobotParams, RoomParams } from '../shared.ts'

/** What robots and rooms carry. */
export const contaminationRoutes: FastifyPluginAsyncTypebox<{
  readonly contaminations: Contaminations
}> = async (app, { contaminations }) => {
  const answer = { 200: ContaminationViewSchema, ...ERRORS }
  app.get(
    '/api/contamination',
    { config: { roles: ANY_ROLE, wards: { told: contaminationIn } }, schema: { response: answer } },
    async () => contaminations.view(),
  )
  app.get(
    '/api/contamination/events',
    {
      config: { roles: ANY_ROLE, wards: { told: inScope<ContaminationEventView> } },
      schema: { response: { 200: Type.Array(ContaminationEventViewSchema), ...ERRORS } },
    },
    async () => contaminations.events(),
  )
  app.post(
    '/api/contamination/rooms/:roomId/isolation',
    {
      config: { roles: ['nurse', 'clinician'], wards: { named: 'inPath', told: contaminationIn } },
      schema: { params: RoomParams, body: IsolationSchema, response: answer },
    },
    async (request) => {
      await contaminations.isolate(request.params.roomId, request.body.organismIds, userOf(request))
      return contaminations.view()
    },
  )
  app.post(
    '/api/contamination/rooms/:roomId/lift',
    {
      config: { roles: ['nurse', 'clinician'], wards: { named: 'inPath', told: contaminationIn } },
      schema: { params: RoomParams, response: answer },
    },
    async (request) => {
      await contaminations.lift(request.params.roomId, userOf(request))
      return contaminations.view()
    },
  )
  app.post(
    '/api/contamination/robots/:robotId/decontamination',
    {
      config: { roles: ['nurse', 'engineer'], wards: { told: contaminationIn } },
      schema: { params: RobotParams, body: DecontaminationSchema, response: answer },
    },
    async (request) => {
      await contaminations.decontaminated(request.params.robotId, request.body.how, userOf(request))
      return contaminations.view()
    },
  )
}
