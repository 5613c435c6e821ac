import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  DutyTrialSchema,
  DutyViewSchema,
  NewDutySchema,
  NotificationRulesSchema,
  NotificationRulesViewSchema,
  NotificationSecretSchema,
  NotificationTestResultSchema,
  NotificationTestSchema,
  NotificationViewSchema,
} from '@wardlight/core/fleet'
import Type from 'typebox'
import { userOf } from '../../plugins/access.ts'
import type { Duty } from '../../services/duty.ts'
import type { Notifications } from '../../services/notifications.ts'
import { ANY_ACTING_ROLE, ERRORS } from '../shared.ts'

const DeviceParams = Type.Object({ deviceId: Type.String() })

/** Whom the server tells of alarms, and where. */
export const notificationRoutes: FastifyPluginAsyncTypebox<{
  readonly notifications: Notifications
  readonly duty: Duty
}> = async (app, { notifications, duty }) => {
  app.get(
    '/api/notifications',
    {
      config: { roles: ['engineer', 'administrator', 'auditor'], wards: 'none' },
      schema: { response: { 200: Type.Array(NotificationViewSchema), ...ERRORS } },
    },
    async () => notifications.list(),
  )
  app.get(
    '/api/notifications/rules',
    {
      config: { roles: ['administrator'], wards: 'none' },
      schema: { response: { 200: NotificationRulesViewSchema, ...ERRORS } },
    },
    async () => notifications.rules,
  )
  app.put(
    '/api/notifications/rules',
    {
      config: { roles: ['administrator'], wards: 'none' },
      schema: { body: NotificationRulesSchema, response: { 200: NotificationRulesViewSchema, ...ERRORS } },
    },
    async (request) => notifications.setRules(request.body),
  )
  app.post(
    '/api/notifications/secret',
    {
      config: { roles: ['administrator'], wards: 'none' },
      schema: { response: { 200: NotificationSecretSchema, ...ERRORS } },
    },
    async () => notifications.renewSecret(),
  )
  app.post(
    '/api/notifications/test',
    {
      config: { roles: ['administrator'], wards: 'none' },
      schema: { body: NotificationTestSchema, response: { 200: NotificationTestResultSchema, ...ERRORS } },
    },
    async (request) => notifications.test(request.body),
  )
  const onDuty = { config: { roles: ANY_ACTING_ROLE, wards: 'none' as const } }
  const view = { 200: DutyViewSchema, ...ERRORS }
  app.get('/api/duty', { ...onDuty, schema: { response: view } }, async (request) =>
    duty.view(userOf(request)),
  )
  app.post('/api/duty', { ...onDuty, schema: { body: NewDutySchema, response: view } }, async (request) =>
    duty.begin(userOf(request), request.body),
  )
  app.delete(
    '/api/duty/:deviceId',
    { ...onDuty, schema: { params: DeviceParams, response: view } },
    async (request) => duty.end(userOf(request), request.params.deviceId),
  )
  app.post(
    '/api/duty/:deviceId/trial',
    { ...onDuty, schema: { params: DeviceParams, response: { 200: DutyTrialSchema, ...ERRORS } } },
    async (request) => duty.tryOut(userOf(request), request.params.deviceId),
  )
}
