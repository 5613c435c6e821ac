import type { FastifyReply, FastifyRequest } from 'fastify'
import { browserName } from '../../accounts/browser-name.ts'
import type { Site } from '../../accounts/passkeys.ts'
import type { SignInPlace } from '../../accounts/sessions.ts'
import type { SignedIn } from '../../accounts/sign-in.ts'
import { SESSION_COOKIE, SESSION_COOKIE_OPTIONS } from '../../plugins/access.ts'

/** Under which address the browser has the console open; the hook of `addAccess` has compared Origin and Host. */
export function siteOf(request: FastifyRequest, publicOrigin: string | null): Site {
  const origin = publicOrigin ?? request.headers.origin ?? `${request.protocol}://${request.host}`
  return { origin, host: new URL(origin).hostname }
}

export function placeOf(request: FastifyRequest): SignInPlace {
  return { address: request.clientAddress, browser: browserName(request.headers['user-agent']) }
}

/** Gives the browser its new token. */
export function signedIn(reply: FastifyReply, { token, view }: SignedIn): SignedIn['view'] {
  reply.setCookie(SESSION_COOKIE, token, SESSION_COOKIE_OPTIONS)
  return view
}
