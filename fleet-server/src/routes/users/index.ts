import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  AccountPatchSchema,
  AccountViewSchema,
  InvitationSchema,
  NewAccountSchema,
  type Role,
} from '@wardlight/core/fleet'
import Type from 'typebox'
import type { Accounts } from '../../accounts/accounts.ts'
import { ERRORS, UserParams } from '../shared.ts'

const administrators: readonly Role[] = ['administrator']
const config = { roles: administrators, wards: 'none' as const }

/** People's accounts, for administrators. */
export const userRoutes: FastifyPluginAsyncTypebox<{ accounts: Accounts }> = async (
  app,
  { accounts: { people } },
) => {
  app.get(
    '/api/users',
    { config, schema: { response: { 200: Type.Array(AccountViewSchema), ...ERRORS } } },
    async () => people.list(),
  )
  app.post(
    '/api/users',
    { config, schema: { body: NewAccountSchema, response: { 201: InvitationSchema, ...ERRORS } } },
    async (request, reply) => reply.code(201).send(await people.invite(request.body)),
  )
  app.patch(
    '/api/users/:userId',
    {
      config,
      schema: {
        params: UserParams,
        body: AccountPatchSchema,
        response: { 200: AccountViewSchema, ...ERRORS },
      },
    },
    async (request) => people.change(request.params.userId, request.body),
  )
  app.post(
    '/api/users/:userId/reset',
    { config, schema: { params: UserParams, response: { 200: InvitationSchema, ...ERRORS } } },
    async (request) => people.reset(request.params.userId),
  )
  app.post(
    '/api/users/:userId/unlock',
    { config, schema: { params: UserParams, response: { 200: AccountViewSchema, ...ERRORS } } },
    async (request) => people.unlock(request.params.userId),
  )
}
