import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  OffenceViewSchema,
  PlaceSearchRequestSchema,
  RobotServiceChangeSchema,
  RobotViewSchema,
} from '@wardlight/core/fleet'
import Type from 'typebox'
import { userOf } from '../../plugins/access.ts'
import type { RobotRegistry } from '../../robots/robot-registry.ts'
import type { Missions } from '../../services/missions.ts'
import type { PlaceSearches } from '../../services/place-searches.ts'
import type { RobotServices } from '../../services/robot-services.ts'
import { ANY_ACTING_ROLE, ANY_ROLE, ERRORS, RobotParams } from '../shared.ts'

interface Services {
  readonly registry: RobotRegistry
  readonly missions: Missions
  readonly robotServices: RobotServices
  readonly placeSearches: PlaceSearches
}

export const robotRoutes: FastifyPluginAsyncTypebox<Services> = async (
  app,
  { registry, missions, robotServices, placeSearches },
) => {
  app.get(
    '/api/robots',
    { config: { roles: ANY_ROLE }, schema: { response: { 200: Type.Array(RobotViewSchema), ...ERRORS } } },
    async () => registry.views(),
  )
  app.get(
    '/api/robots/:robotId/offences',
    {
      config: { roles: ANY_ROLE },
      schema: { params: RobotParams, response: { 200: Type.Array(OffenceViewSchema), ...ERRORS } },
    },
    async ({ params: { robotId } }) => registry.offences(robotId),
  )
  app.post(
    '/api/robots/:robotId/emergency-stop',
    {
      config: { roles: ANY_ACTING_ROLE },
      schema: { params: RobotParams, response: { 202: RobotViewSchema, ...ERRORS } },
    },
    async (request, reply) => {
      const { robotId } = request.params
      await missions.emergencyStop(robotId, userOf(request))
      return reply.code(202).send(registry.view(robotId)!)
    },
  )
  app.post(
    '/api/robots/:robotId/resume',
    {
      config: { roles: ['nurse', 'engineer'] },
      schema: { params: RobotParams, response: { 202: RobotViewSchema, ...ERRORS } },
    },
    async (request, reply) => {
      const { robotId } = request.params
      await missions.resumeRobot(robotId)
      return reply.code(202).send(registry.view(robotId)!)
    },
  )
  app.post(
    '/api/robots/:robotId/place-search',
    {
      config: { roles: ['nurse', 'clinician', 'engineer'] },
      schema: {
        params: RobotParams,
        body: PlaceSearchRequestSchema,
        response: { 202: RobotViewSchema, ...ERRORS },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      return reply.code(202).send(await placeSearches.begin(params.robotId, body, userOf(request)))
    },
  )
  app.post(
    '/api/robots/:robotId/service',
    {
      // Who may do which is judged with the change.
      config: { roles: ['nurse', 'engineer', 'administrator'] },
      schema: {
        params: RobotParams,
        body: RobotServiceChangeSchema,
        response: { 200: RobotViewSchema, ...ERRORS },
      },
    },
    async (request) => robotServices.change(request.params.robotId, request.body, userOf(request)),
  )
}
