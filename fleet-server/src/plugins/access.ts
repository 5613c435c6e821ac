import cookie from '@fastify/cookie'
import { wardError } from '@wardlight/core/errors'
import type { SignInStep, User } from '@wardlight/core/fleet'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Accounts } from '../accounts/accounts.ts'
import { SESSION_MS, type Session } from '../accounts/sessions.ts'

export const SESSION_COOKIE = 'wardlight_session'

/** Methods that change nothing (RFC 9110, 9.2.1); a foreign page may cause them without harm. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a request by this method may change something. */
export function isChange(method: string): boolean {
  return !SAFE_METHODS.has(method)
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route: names of roles, or `anyone`, also without signing in. Every /api route says it. */
    roles?: 'anyone' | readonly string[]
    /** Steps of signing in at which it may be called too; everything else waits until somebody is signed in. */
    alsoAtSteps?: readonly SignInStep[]
  }
  interface FastifyRequest {
    signedIn: Session | null
  }
}

/** Who may do what: sessions by cookie, roles by route, and no foreign page in someone's name. */
export async function addAccess(app: FastifyInstance, accounts: Accounts): Promise<void> {
  await app.register(cookie)
  app.decorateRequest('signedIn', null)

  app.addHook('onRoute', ({ url, method, config }) => {
    if (!url.startsWith('/api') || config?.roles !== undefined) return
    throw wardError('WARD_ERR_CONFIG', {
      what: `The route ${String(method)} ${url} does not say who may call it`,
      where: 'config.roles',
      remedy: "Give it `config: { roles: […] }`, or `roles: 'anyone'`.",
    })
  })

  app.addHook('onRequest', async (request) => {
    const isUpgrade = request.headers.upgrade !== undefined
    if ((isChange(request.method) || isUpgrade) && !isOwnOrigin(request)) {
      throw wardError('WARD_ERR_FORBIDDEN', {
        what: `Requests from ${request.headers.origin ?? 'another site'} are not taken`,
        where: 'Origin',
        remedy: 'Use the console of this server.',
      })
    }
    const { roles, alsoAtSteps = [] } = request.routeOptions.config ?? {}
    if (request.is404 || !request.url.startsWith('/api') || roles === 'anyone') return
    const token = request.cookies[SESSION_COOKIE]
    request.signedIn = token === undefined ? null : await accounts.sessions.find(token)
    if (request.signedIn === null) {
      throw wardError('WARD_ERR_NOT_SIGNED_IN', { what: 'Nobody is signed in', where: request.url })
    }
    const { next } = request.signedIn
    if (next !== null && !alsoAtSteps.includes(next)) {
      throw wardError('WARD_ERR_SIGN_IN_UNFINISHED', {
        what: 'Signing in is not finished',
        where: request.url,
      })
    }
    const { role } = request.signedIn.user
    if (!(roles ?? []).includes(role)) {
      throw wardError('WARD_ERR_FORBIDDEN', { what: `The role ${role} may not do this`, where: request.url })
    }
  })
}

/** The person behind the request; routes for `anyone` have none. @throws WARD_ERR_NOT_SIGNED_IN */
export function userOf(request: FastifyRequest): User {
  return sessionOf(request).user
}

export function sessionOf({ signedIn, url }: FastifyRequest): Session {
  if (signedIn === null)
    throw wardError('WARD_ERR_NOT_SIGNED_IN', { what: 'Nobody is signed in', where: url })
  return signedIn
}

export const SESSION_COOKIE_OPTIONS = {
  path: '/',
  httpOnly: true,
  sameSite: 'strict',
  // `auto`: over TLS only, where the request came that way.
  secure: 'auto',
  maxAge: SESSION_MS / 1000,
} as const

/**
 * Browsers name the page that a request comes from; programs do not. A cookie with SameSite=Strict is not
 * sent from elsewhere anyway: this is the second lock, and the only one where subdomains are not trusted.
 */
function isOwnOrigin({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  if (headers.origin === undefined) return true
  try {
    return new URL(headers.origin).host === headers.host
  } catch {
    return false
  }
}
