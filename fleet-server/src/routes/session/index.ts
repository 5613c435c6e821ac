import rateLimit from '@fastify/rate-limit'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { wardError } from '@wardlight/core/errors'
import { SignInSchema, UserSchema, type SignIn } from '@wardlight/core/fleet'
import Type from 'typebox'
import type { Accounts } from '../../accounts/accounts.ts'
import { SESSION_COOKIE, SESSION_COOKIE_OPTIONS, sessionOf, userOf } from '../../plugins/access.ts'
import { ANY_ROLE, ERRORS } from '../shared.ts'

/** Tries a minute for one name from one address; a ward behind one address is not locked out by one typist. */
const MAX_SIGN_INS_PER_MINUTE = 10

export const sessionRoutes: FastifyPluginAsyncTypebox<{ accounts: Accounts }> = async (app, { accounts }) => {
  await app.register(rateLimit, { global: false })
  app.post(
    '/api/session',
    {
      config: {
        roles: 'anyone',
        rateLimit: {
          max: MAX_SIGN_INS_PER_MINUTE,
          timeWindow: 60_000,
          hook: 'preHandler',
          keyGenerator: (request) =>
            `${request.clientAddress} ${(request.body as SignIn).name.toLowerCase()}`,
          errorResponseBuilder: () =>
            wardError('WARD_ERR_TOO_MANY', { what: 'Too many tries to sign in', where: 'session' }),
        },
      },
      schema: { body: SignInSchema, response: { 200: UserSchema, ...ERRORS } },
    },
    async (request, reply) => {
      const { token, user } = await accounts.signIn(request.body.name, request.body.password)
      reply.setCookie(SESSION_COOKIE, token, SESSION_COOKIE_OPTIONS)
      return user
    },
  )
  app.get(
    '/api/session',
    { config: { roles: ANY_ROLE, wards: 'none' }, schema: { response: { 200: UserSchema, ...ERRORS } } },
    async (request) => userOf(request),
  )
  app.delete(
    '/api/session',
    { config: { roles: ANY_ROLE, wards: 'none' }, schema: { response: { 204: Type.Null(), ...ERRORS } } },
    async (request, reply) => {
      await accounts.signOut(sessionOf(request))
      reply.clearCookie(SESSION_COOKIE, { path: '/' })
      return reply.code(204).send(null)
    },
  )
}
