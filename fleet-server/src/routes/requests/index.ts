import { inScope } from '../../domain/ward-scope.ts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  ApprovalSchema,
  MissionViewSchema,
  NewRequestSchema,
  RequestViewSchema,
  StepPlanSchema,
  type NewRequest,
  type RequestView,
} from '@wardlight/core/fleet'
import Type from 'typebox'
import { userOf } from '../../plugins/access.ts'
import { missionView, requestView } from '../../services/ledger-views.ts'
import type { Ledger } from '../../services/ledger.ts'
import type { Missions } from '../../services/missions.ts'
import type { Requests } from '../../services/requests.ts'
import { ANY_ACTING_ROLE, ANY_ROLE, ERRORS, RequestParams } from '../shared.ts'

interface Services {
  readonly ledger: Ledger
  readonly requests: Requests
  readonly missions: Missions
}

export const requestRoutes: FastifyPluginAsyncTypebox<Services> = async (
  app,
  { ledger, requests, missions },
) => {
  app.get(
    '/api/requests',
    {
      config: { roles: ANY_ROLE, wards: { told: inScope<RequestView> } },
      schema: { response: { 200: Type.Array(RequestViewSchema), ...ERRORS } },
    },
    async () => ledger.requests().map(requestView).toReversed(),
  )
  app.post(
    '/api/requests',
    {
      config: { roles: ['nurse'], wards: { asked: ({ roomId }: NewRequest) => [roomId] } },
      schema: { body: NewRequestSchema, response: { 201: RequestViewSchema, ...ERRORS } },
    },
    async (request, reply) => {
      const row = await requests.create(request.body, userOf(request))
      return reply.code(201).send(requestView(row))
    },
  )
  app.get(
    '/api/requests/:requestId',
    {
      config: { roles: ANY_ROLE, wards: 'named' },
      schema: { params: RequestParams, response: { 200: RequestViewSchema, ...ERRORS } },
    },
    async ({ params }) => requestView(await ledger.request(params.requestId)),
  )
  app.get(
    '/api/requests/:requestId/plan',
    {
      config: { roles: ANY_ROLE, wards: 'named' },
      schema: {
        params: RequestParams,
        response: { 200: Type.Array(StepPlanSchema), ...ERRORS },
      },
    },
    async ({ params }) => requests.plans(params.requestId),
  )
  app.post(
    '/api/requests/:requestId/approve',
    {
      // Its protocol says who may; without one nurses.
      config: { roles: ANY_ACTING_ROLE, wards: 'named' },
      schema: {
        params: RequestParams,
        body: Type.Union([ApprovalSchema, Type.Null()]),
        response: { 200: MissionViewSchema, 202: RequestViewSchema, ...ERRORS },
      },
    },
    async (request, reply) => {
      const made = await missions.approve(request.params.requestId, request.body ?? {}, userOf(request))
      return 'mission' in made ? missionView(made.mission) : reply.code(202).send(requestView(made.request))
    },
  )
  app.post(
    '/api/requests/:requestId/room-ready',
    {
      config: { roles: ['nurse'], wards: 'named' },
      schema: { params: RequestParams, response: { 200: RequestViewSchema, ...ERRORS } },
    },
    async (request) =>
      requestView(await requests.confirmRoomReady(request.params.requestId, userOf(request))),
  )
  app.post(
    '/api/requests/:requestId/withdraw',
    {
      config: { roles: ['nurse'], wards: 'named' },
      schema: { params: RequestParams, response: { 200: RequestViewSchema, ...ERRORS } },
    },
    async ({ params }) => requestView(await requests.withdraw(params.requestId)),
  )
}
