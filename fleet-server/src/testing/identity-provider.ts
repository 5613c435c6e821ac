import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Configuration } from 'oidc-provider'

/** Somebody whom the hospital's own sign-in knows, with what it says of them. */
export interface KnownPerson {
  readonly sub: string
  readonly [claim: string]: unknown
}

export const CLIENT_ID = 'wardlight'
export const CLIENT_SECRET = 'a secret between these two alone'

/** A real OpenID Connect provider, whose one peculiarity is that whoever comes is the person that was named last. */
export class IdentityProvider {
  readonly url: string
  readonly #listen: (provider: Provider) => void
  readonly #stop: () => Promise<void>
  readonly #people = new Map<string, KnownPerson>()
  #next = ''

  private constructor(url: string, listen: (provider: Provider) => void, stop: () => Promise<void>) {
    this.url = url
    this.#listen = listen
    this.#stop = stop
  }

  /** Its address is known from now on; it answers after `serve`. */
  static async open(): Promise<IdentityProvider> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    return new IdentityProvider(
      `http://127.0.0.1:${port}`,
      (provider) => {
        const answer = provider.callback()
        server.on('request', (request, response) => void answer(request, response))
      },
      () =>
        new Promise((resolve) => {
          server.closeAllConnections()
          server.close(() => resolve())
        }),
    )
  }

  /** @param site of the console that it sends people back to */
  serve(site: string): void {
    const configuration: Configuration = {
      clients: [
        {
          client_id: CLIENT_ID,
          client_secret: CLIENT_SECRET,
          redirect_uris: [`${site}/api/session/oidc/callback`],
          backchannel_logout_uri: `${site}/api/session/oidc/back-channel-logout`,
          backchannel_logout_session_required: true,
        },
      ],
      claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups', 'wards'] },
      features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
      // Its own one calls nobody on this machine.
      fetch: (url, options) => {
        const own = { ...options }
        delete own.dispatcher
        return fetch(url, own)
      },
      pkce: { required: () => true },
      cookies: { keys: ['of this test'] },
      findAccount: (_context, sub) => {
        const person = this.#people.get(sub)
        return person === undefined ? undefined : { accountId: sub, claims: () => ({ ...person }) }
      },
      // Everybody agrees to be known to the hospital that they work for.
      loadExistingGrant: async (context) => {
        const grant = new context.oidc.provider.Grant({
          clientId: context.oidc.client!.clientId,
          accountId: context.oidc.session!.accountId!,
        })
        grant.addOIDCScope('openid profile email')
        await grant.save()
        return grant
      },
    }
    const provider = new Provider(this.url, configuration)
    provider.use(async (context, goOn) => {
      if (!context.path.startsWith('/interaction/')) return goOn()
      await provider.interactionFinished(context.req, context.res, { login: { accountId: this.#next } })
      context.respond = false
    })
    this.#listen(provider)
  }

  /** Whoever comes next. */
  expect(person: KnownPerson): void {
    this.#people.set(person.sub, person)
    this.#next = person.sub
  }

  stop(): Promise<void> {
    return this.#stop()
  }
}
