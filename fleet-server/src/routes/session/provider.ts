import type { RateLimitOptions } from '@fastify/rate-limit'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { isWardError } from '@wardlight/core/errors'
import type { ProviderProblem } from '@wardlight/core/fleet'
import Type from 'typebox'
import type { Accounts } from '../../accounts/accounts.ts'
import { CHALLENGE_MS } from '../../accounts/challenges.ts'
import { PROVIDER_CALLBACK_PATH, type Provider } from '../../accounts/provider.ts'
import { ERRORS } from '../shared.ts'
import { placeOf, signedIn, siteOf } from './at-request.ts'

/** Ties the answer of the hospital's own sign-in to the browser that asked. */
const TICKET_COOKIE = 'wardlight_oidc'
const TICKET_COOKIE_PATH = '/api/session/oidc'

export interface ProviderRoutesOptions {
  readonly accounts: Accounts
  readonly provider: Provider
  readonly rateLimit: RateLimitOptions
}

/** There and back again. */
export const providerRoutes: FastifyPluginAsyncTypebox<ProviderRoutesOptions> = async (
  app,
  { accounts: { publicOrigin }, provider, rateLimit },
) => {
  const config = { roles: 'anyone' as const, rateLimit }
  const redirect = { 302: Type.Null(), ...ERRORS }
  app.get('/api/session/oidc/start', { config, schema: { response: redirect } }, async (request, reply) => {
    const { url, ticket } = await provider.begin(siteOf(request, publicOrigin))
    reply.setCookie(TICKET_COOKIE, ticket, {
      path: TICKET_COOKIE_PATH,
      httpOnly: true,
      // The way back begins on another site: `strict` would stay at home. It signs nobody in by itself.
      sameSite: 'lax',
      secure: 'auto',
      maxAge: CHALLENGE_MS / 1000,
    })
    return reply.redirect(url)
  })
  app.get(PROVIDER_CALLBACK_PATH, { config, schema: { response: redirect } }, async (request, reply) => {
    reply.clearCookie(TICKET_COOKIE, { path: TICKET_COOKIE_PATH })
    const query = request.url.slice(request.url.indexOf('?'))
    try {
      const ticket = request.cookies[TICKET_COOKIE] ?? ''
      const site = siteOf(request, publicOrigin)
      signedIn(reply, await provider.finish(ticket, query, site, placeOf(request)))
    } catch (error) {
      request.log.warn({ err: error }, 'Nobody was signed in by the provider')
      return reply.redirect(`/?sign-in=${problemOf(error)}`)
    }
    // The browser keeps the strict cookie now and leaves it out of this last hop of a foreign chain; the page needs
    // none, and its own requests bring it.
    return reply.redirect('/')
  })
  app.register(async (form) => {
    form.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    )
    form.withTypeProvider().post<{ Body: { logout_token: string } }>(
      '/api/session/oidc/back-channel-logout',
      {
        config,
        schema: {
          body: Type.Object({ logout_token: Type.String({ minLength: 1, maxLength: 20_000 }) }),
          response: { 204: Type.Null(), ...ERRORS },
        },
      },
      async (request, reply) => {
        await provider.signedOut(request.body.logout_token)
        // OpenID Connect Back-Channel Logout 1.0, 2.8.
        return reply.header('cache-control', 'no-store').code(204).send(null)
      },
    )
  })
}

function problemOf(error: unknown): ProviderProblem {
  if (!isWardError(error)) return 'failed'
  if (error.code === 'WARD_ERR_NO_ROLE') return 'no-role'
  return error.code === 'WARD_ERR_FORBIDDEN' ? 'disabled' : 'failed'
}
