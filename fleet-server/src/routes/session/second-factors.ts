import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  NewPasskeySchema,
  PasskeyChallengeSchema,
  PasskeyRenamingSchema,
  PasskeyViewSchema,
  RecoveryCodesSchema,
  SecondFactorCodeSchema,
  SecondFactorsViewSchema,
  TotpEnrolmentSchema,
} from '@wardlight/core/fleet'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Accounts } from '../../accounts/accounts.ts'
import { sessionOf } from '../../plugins/access.ts'
import { ANY_ROLE, ERRORS, PasskeyParams } from '../shared.ts'
import { placeOf, signedIn, siteOf } from './at-request.ts'

const nothing = { 204: Type.Null(), ...ERRORS }

/** What a person can show beside the password. */
export const secondFactorRoutes: FastifyPluginAsyncTypebox<{ accounts: Accounts }> = async (
  app,
  { accounts },
) => {
  const { sessions, signIn, secondFactors, passkeys, publicOrigin } = accounts
  const signedInOnly = { roles: ANY_ROLE, wards: 'none' as const }
  const orEnrolling = { roles: ANY_ROLE, wards: 'none' as const, alsoAtSteps: ['enrolment'] as const }
  /** Whoever changes what the next sign-in asks for has signed in just now, and can. */
  const changing = async (request: FastifyRequest) => {
    const session = sessionOf(request)
    sessions.requireFresh(session)
    await signIn.requireOwnFactors(session)
    return session
  }

  app.get(
    '/api/session/second-factors',
    { config: orEnrolling, schema: { response: { 200: SecondFactorsViewSchema, ...ERRORS } } },
    async (request) => secondFactors.view(sessionOf(request).user.id),
  )
  app.post(
    '/api/session/totp',
    { config: orEnrolling, schema: { response: { 200: TotpEnrolmentSchema, ...ERRORS } } },
    async (request) => secondFactors.beginTotp((await changing(request)).user),
  )
  app.post(
    '/api/session/totp/confirm',
    {
      config: orEnrolling,
      schema: { body: SecondFactorCodeSchema, response: { 200: RecoveryCodesSchema, ...ERRORS } },
    },
    async (request, reply) => {
      const session = await changing(request)
      const confirmed = await signIn.confirmTotp(session, request.body.code, placeOf(request))
      signedIn(reply, confirmed.signedIn)
      return { recoveryCodes: confirmed.recoveryCodes }
    },
  )
  app.delete(
    '/api/session/totp',
    { config: signedInOnly, schema: { response: nothing } },
    async (request, reply) => {
      await secondFactors.removeTotp((await changing(request)).user)
      return reply.code(204).send(null)
    },
  )
  app.post(
    '/api/session/recovery-codes',
    { config: signedInOnly, schema: { response: { 200: RecoveryCodesSchema, ...ERRORS } } },
    async (request) => {
      const { user } = await changing(request)
      return { recoveryCodes: await secondFactors.newRecoveryCodes(user) }
    },
  )
  app.post(
    '/api/session/passkeys/options',
    { config: orEnrolling, schema: { response: { 200: PasskeyChallengeSchema, ...ERRORS } } },
    async (request) => passkeys.askToRegister((await changing(request)).user, siteOf(request, publicOrigin)),
  )
  app.post(
    '/api/session/passkeys',
    {
      config: orEnrolling,
      schema: { body: NewPasskeySchema, response: { 201: PasskeyViewSchema, ...ERRORS } },
    },
    async (request, reply) => {
      const session = await changing(request)
      const site = siteOf(request, publicOrigin)
      const made = await signIn.registerPasskey(session, request.body, site, placeOf(request))
      signedIn(reply, made.signedIn)
      return reply.code(201).send(made.passkey)
    },
  )
  app.patch(
    '/api/session/passkeys/:passkeyId',
    {
      config: signedInOnly,
      schema: {
        params: PasskeyParams,
        body: PasskeyRenamingSchema,
        response: { 200: SecondFactorsViewSchema, ...ERRORS },
      },
    },
    async (request) => {
      const { user } = sessionOf(request)
      await passkeys.rename(user, request.params.passkeyId, request.body.name)
      return secondFactors.view(user.id)
    },
  )
  app.delete(
    '/api/session/passkeys/:passkeyId',
    { config: signedInOnly, schema: { params: PasskeyParams, response: nothing } },
    async (request, reply) => {
      await passkeys.remove((await changing(request)).user, request.params.passkeyId)
      return reply.code(204).send(null)
    },
  )
}
