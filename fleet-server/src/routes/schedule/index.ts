import { entryIn, scheduleIn } from '../../domain/ward-scope.ts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  NewSchedulePlanSchema,
  PlanStatusChangeSchema,
  RecurrencePreviewSchema,
  RecurrenceSchema,
  ScheduleAnswerSchema,
  ScheduleChangeSchema,
  ScheduleEntryViewSchema,
  ScheduleHoursSchema,
  SchedulePlanViewSchema,
  ScheduleViewSchema,
  type NewSchedulePlan,
} from '@wardlight/core/fleet'
import { userOf } from '../../plugins/access.ts'
import { wardScopeOf } from '../../plugins/wards.ts'
import type { Requests } from '../../services/requests.ts'
import type { SchedulePlans } from '../../services/schedule-plans.ts'
import type { Scheduler } from '../../services/scheduler.ts'
import { ANY_ROLE, ERRORS, PlanParams, RequestParams } from '../shared.ts'

/** Dates that a preview shows. */
const PREVIEWED = 10

interface Services {
  readonly requests: Requests
  readonly schedulePlans: SchedulePlans
  readonly scheduler: Scheduler
}

/** Who treats which room when. */
export const scheduleRoutes: FastifyPluginAsyncTypebox<Services> = async (
  app,
  { requests, schedulePlans, scheduler },
) => {
  app.get(
    '/api/schedule',
    {
      config: { roles: ANY_ROLE, wards: { told: scheduleIn } },
      schema: { response: { 200: ScheduleViewSchema, ...ERRORS } },
    },
    async () => scheduler.view(),
  )
  app.post(
    '/api/schedule/preview',
    {
      config: { roles: ANY_ROLE, wards: 'none' },
      schema: { body: RecurrenceSchema, response: { 200: RecurrencePreviewSchema, ...ERRORS } },
    },
    async (request) => ({ dates: schedulePlans.preview(request.body, PREVIEWED) }),
  )
  app.post(
    '/api/schedule/plans',
    {
      config: { roles: ['nurse'], wards: { asked: ({ roomIds }: NewSchedulePlan) => roomIds } },
      schema: { body: NewSchedulePlanSchema, response: { 201: SchedulePlanViewSchema, ...ERRORS } },
    },
    async (request, reply) => {
      // A wish that could not be made now could not be made at night either.
      requests.checkTreatment(request.body.treatment)
      return reply.code(201).send(await schedulePlans.add(request.body, userOf(request)))
    },
  )
  app.post(
    '/api/schedule/plans/:planId/status',
    {
      config: { roles: ['nurse'], wards: 'named' },
      schema: {
        params: PlanParams,
        body: PlanStatusChangeSchema,
        response: { 200: SchedulePlanViewSchema, ...ERRORS },
      },
    },
    async (request) => schedulePlans.setStatus(request.params.planId, request.body.status),
  )
  app.post(
    '/api/schedule/requests/:requestId/what-if',
    {
      config: { roles: ['nurse'], wards: 'named' },
      schema: {
        params: RequestParams,
        body: ScheduleChangeSchema,
        response: { 200: ScheduleAnswerSchema, ...ERRORS },
      },
    },
    async (request) => scheduler.whatIf(request.params.requestId, request.body, wardScopeOf(request)),
  )
  app.post(
    '/api/schedule/requests/:requestId',
    {
      config: { roles: ['nurse'], wards: { named: 'inPath', told: entryIn } },
      schema: {
        params: RequestParams,
        body: ScheduleChangeSchema,
        response: { 200: ScheduleEntryViewSchema, ...ERRORS },
      },
    },
    async ({ params, body }) => scheduler.change(params.requestId, body),
  )
  app.put(
    '/api/schedule/hours',
    {
      config: { roles: ['administrator'], wards: 'none' },
      schema: { body: ScheduleHoursSchema, response: { 200: ScheduleHoursSchema, ...ERRORS } },
    },
    async (request) => schedulePlans.setHours(request.body, userOf(request)),
  )
}
