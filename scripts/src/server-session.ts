import { wardError } from '@wardlight/core/errors'
import type { ApiError } from '@wardlight/core/fleet'

export const PASSWORD_VARIABLE = 'WARDLIGHT_PASSWORD'

/** Somebody who is signed in at a running server. */
export interface ServerSession {
  /** @throws WARD_ERR_OPTION with the server's own words when it refuses */
  get(route: string): Promise<Response>
  end(): Promise<void>
}

/**
 * @param server `http://host:port`
 * @throws WARD_ERR_OPTION without a password, or with the server's own words when it refuses
 */
export async function signIn(
  { server, user }: { readonly server: string; readonly user: string },
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ServerSession> {
  const password = environment[PASSWORD_VARIABLE]
  if (password === undefined) {
    throw wardError('WARD_ERR_OPTION', {
      what: `${PASSWORD_VARIABLE} is not set`,
      where: '--user',
      remedy: `Put the password of ${user} into the environment variable ${PASSWORD_VARIABLE}.`,
    })
  }
  const session = await call(server, '/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: user, password }),
  })
  const cookie = session.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  return {
    get: (route) => call(server, route, { headers: { cookie } }),
    async end() {
      await call(server, '/api/session', { method: 'DELETE', headers: { cookie } })
    },
  }
}

async function call(server: string, route: string, init: RequestInit): Promise<Response> {
  let answer: Response
  try {
    answer = await fetch(`${server.replace(/\/$/, '')}${route}`, init)
  } catch (cause) {
    throw wardError('WARD_ERR_OPTION', {
      what: `The server does not answer: ${String(cause)}`,
      where: '--server',
      remedy: 'Give where its console is, http://host:port.',
      cause,
    })
  }
  if (answer.ok) return answer
  const error = (await answer.json().catch(() => null)) as ApiError | null
  throw wardError('WARD_ERR_OPTION', {
    what: error?.message ?? `The server answered ${answer.status}`,
    where: route,
  })
}
