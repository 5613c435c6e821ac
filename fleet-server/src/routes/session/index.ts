import rateLimit from '@fastify/rate-limit'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { wardError } from '@wardlight/core/errors'
import {
  BrokenGlassSchema,
  NewPasswordSchema,
  OwnSessionSchema,
  PasskeyAnswerSchema,
  PasskeyChallengeSchema,
  SecondFactorCodeSchema,
  SessionViewSchema,
  SignInSchema,
  type SignIn,
  type SignInStep,
} from '@wardlight/core/fleet'
import Type from 'typebox'
import type { Accounts } from '../../accounts/accounts.ts'
import { SESSION_COOKIE, sessionOf } from '../../plugins/access.ts'
import { ANY_ROLE, ERRORS, SessionParams } from '../shared.ts'
import { placeOf, signedIn, siteOf } from './at-request.ts'
import { providerRoutes } from './provider.ts'
import { secondFactorRoutes } from './second-factors.ts'

/** Tries a minute for one name from one address; a ward behind one address is not locked out by one typist. */
const MAX_SIGN_INS_PER_MINUTE = 10
/** Proposed, for one address, where no name is told: a whole shift signs in, and nobody fills the database. */
const MAX_ASKED_PER_MINUTE = 120

const ALL_STEPS: readonly SignInStep[] = ['secondFactor', 'newPassword', 'enrolment']
const answer = { 200: SessionViewSchema, ...ERRORS }

function tooMany() {
  return wardError('WARD_ERR_TOO_MANY', { what: 'Too many tries to sign in', where: 'session' })
}

const askedByAddress = {
  max: MAX_ASKED_PER_MINUTE,
  timeWindow: 60_000,
  errorResponseBuilder: tooMany,
}

export const sessionRoutes: FastifyPluginAsyncTypebox<{ accounts: Accounts }> = async (app, { accounts }) => {
  const { sessions, signIn, passkeys, publicOrigin } = accounts
  await app.register(rateLimit, { global: false, keyGenerator: (request) => request.clientAddress })
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
          errorResponseBuilder: tooMany,
        },
      },
      schema: { body: SignInSchema, response: answer },
    },
    async (request, reply) => {
      const { name, password } = request.body
      return signedIn(reply, await signIn.withPassword(name, password, placeOf(request)))
    },
  )
  app.get(
    '/api/session',
    { config: { roles: ANY_ROLE, alsoAtSteps: ALL_STEPS, wards: 'none' }, schema: { response: answer } },
    async (request) => signIn.view(sessionOf(request)),
  )
  app.delete(
    '/api/session',
    {
      config: { roles: ANY_ROLE, alsoAtSteps: ALL_STEPS, wards: 'none' },
      schema: { response: { 204: Type.Null(), ...ERRORS } },
    },
    async (request, reply) => {
      await sessions.end(sessionOf(request))
      reply.clearCookie(SESSION_COOKIE, { path: '/' })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/session/passkey-options',
    {
      config: { roles: 'anyone', rateLimit: askedByAddress },
      schema: { response: { 200: PasskeyChallengeSchema, ...ERRORS } },
    },
    async (request) => passkeys.askToSignIn(siteOf(request, publicOrigin)),
  )
  app.post(
    '/api/session/passkey',
    {
      config: { roles: 'anyone', rateLimit: askedByAddress },
      schema: { body: PasskeyAnswerSchema, response: answer },
    },
    async (request, reply) => {
      const site = siteOf(request, publicOrigin)
      return signedIn(reply, await signIn.withPasskey(request.body, site, placeOf(request)))
    },
  )
  const atSecondFactor = { roles: ANY_ROLE, wards: 'none' as const, alsoAtSteps: ['secondFactor'] as const }
  app.post(
    '/api/session/second-factor',
    { config: atSecondFactor, schema: { body: SecondFactorCodeSchema, response: answer } },
    async (request, reply) =>
      signedIn(reply, await signIn.withCode(sessionOf(request), request.body.code, placeOf(request))),
  )
  app.post(
    '/api/session/second-factor/passkey-options',
    { config: atSecondFactor, schema: { response: { 200: PasskeyChallengeSchema, ...ERRORS } } },
    async (request) => passkeys.askAsSecondFactor(sessionOf(request).user.id, siteOf(request, publicOrigin)),
  )
  app.post(
    '/api/session/second-factor/passkey',
    { config: atSecondFactor, schema: { body: PasskeyAnswerSchema, response: answer } },
    async (request, reply) => {
      const site = siteOf(request, publicOrigin)
      const session = sessionOf(request)
      return signedIn(reply, await signIn.withPasskeyAsWell(session, request.body, site, placeOf(request)))
    },
  )

  app.post(
    '/api/session/break-glass',
    {
      config: { roles: ['nurse', 'clinician', 'engineer'], wards: 'none' },
      schema: { body: BrokenGlassSchema, response: answer },
    },
    async (request) => signIn.view(await sessions.breakGlass(sessionOf(request), request.body.reason)),
  )
  app.delete(
    '/api/session/break-glass',
    {
      config: { roles: ['nurse', 'clinician', 'engineer'], wards: 'none' },
      schema: { response: answer },
    },
    async (request) => signIn.view(await sessions.mendGlass(sessionOf(request))),
  )
  app.post(
    '/api/session/password',
    {
      config: { roles: ANY_ROLE, alsoAtSteps: ['newPassword'], wards: 'none' },
      schema: { body: NewPasswordSchema, response: answer },
    },
    async (request, reply) =>
      signedIn(reply, await signIn.changePassword(sessionOf(request), request.body, placeOf(request))),
  )
  app.get(
    '/api/session/sessions',
    {
      config: { roles: ANY_ROLE, wards: 'none' },
      schema: { response: { 200: Type.Array(OwnSessionSchema), ...ERRORS } },
    },
    async (request) => sessions.list(sessionOf(request)),
  )
  app.delete(
    '/api/session/sessions',
    { config: { roles: ANY_ROLE, wards: 'none' }, schema: { response: { 204: Type.Null(), ...ERRORS } } },
    async (request, reply) => {
      await sessions.endAll(sessionOf(request))
      reply.clearCookie(SESSION_COOKIE, { path: '/' })
      return reply.code(204).send(null)
    },
  )
  app.delete(
    '/api/session/sessions/:sessionId',
    {
      config: { roles: ANY_ROLE, wards: 'none' },
      schema: { params: SessionParams, response: { 204: Type.Null(), ...ERRORS } },
    },
    async (request, reply) => {
      await sessions.endOwn(sessionOf(request), request.params.sessionId)
      return reply.code(204).send(null)
    },
  )
  await app.register(secondFactorRoutes, { accounts })
  if (accounts.provider !== null) {
    await app.register(providerRoutes, { accounts, provider: accounts.provider, rateLimit: askedByAddress })
  }
}
