import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  NewSiteValidationSchema,
  SiteValidationViewSchema,
  ValidationWithdrawalSchema,
} from '@wardlight/core/fleet'
import Type from 'typebox'
import { userOf } from '../../plugins/access.ts'
import type { Evidence } from '../../services/evidence.ts'
import { ANY_ROLE, ERRORS, ValidationParams } from '../shared.ts'

/** A site's own proofs that a method works there. */
export const validationRoutes: FastifyPluginAsyncTypebox<{ readonly evidence: Evidence }> = async (
  app,
  { evidence },
) => {
  app.get(
    '/api/validations',
    {
      config: { roles: ANY_ROLE, wards: 'none' },
      schema: { response: { 200: Type.Array(SiteValidationViewSchema), ...ERRORS } },
    },
    async () => evidence.validationViews(),
  )
  app.post(
    '/api/validations',
    {
      config: { roles: ['engineer', 'administrator'], wards: 'none' },
      schema: { body: NewSiteValidationSchema, response: { 201: SiteValidationViewSchema, ...ERRORS } },
    },
    async (request, reply) =>
      reply.code(201).send(await evidence.addValidation(request.body, userOf(request))),
  )
  app.post(
    '/api/validations/:validationId/withdraw',
    {
      config: { roles: ['engineer', 'administrator'], wards: 'none' },
      schema: {
        params: ValidationParams,
        body: ValidationWithdrawalSchema,
        response: { 200: SiteValidationViewSchema, ...ERRORS },
      },
    },
    async (request) => evidence.withdraw(request.params.validationId, request.body.reason, userOf(request)),
  )
}
