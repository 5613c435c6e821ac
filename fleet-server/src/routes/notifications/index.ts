import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  NotificationRulesSchema,
  NotificationRulesViewSchema,
  NotificationSecretSchema,
  NotificationTestResultSchema,
  NotificationTestSchema,
  NotificationViewSchema,
} from '@wardlight/core/fleet'
import Type from 'typebox'
import type { Notifications } from '../../services/notifications.ts'
import { ERRORS } from '../shared.ts'

/** Whom the server tells of alarms. */
export const notificationRoutes: FastifyPluginAsyncTypebox<{
  readonly notifications: Notifications
}> = async (app, { notifications }) => {
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
}
