import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AccountView, ServerInfo, SessionView } from '@wardlight/core/fleet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FleetServer } from './server.ts'
import { CLIENT_ID, CLIENT_SECRET, IdentityProvider, type KnownPerson } from './testing/identity-provider.ts'
import { until } from './testing/test-client.ts'
import { TestPerson } from './testing/test-person.ts'
import { startTestServer } from './testing/test-server.ts'

/** A browser that both sites know. */
class Browser {
  readonly here: TestPerson
  readonly there: TestPerson
  readonly #there: string

  constructor(server: FleetServer, provider: IdentityProvider) {
    this.here = new TestPerson(server)
    this.there = new TestPerson(provider)
    this.#there = provider.url
  }

  /** Follows redirects as a browser does. @returns every address, the last one without a further redirect */
  async follow(path: string): Promise<string[]> {
    const visited: string[] = []
    let target = path
    for (let hop = 0; hop < 10; hop++) {
      visited.push(target)
      const isThere = target.startsWith(this.#there)
      const url = new URL(target, 'http://here')
      const site = isThere ? this.there : this.here
      const answer = await site.fetch('GET', `${url.pathname}${url.search}`)
      await answer.body?.cancel()
      const next = answer.headers.get('location')
      if (next === null) return visited
      target = isThere && next.startsWith('/') ? `${this.#there}${next}` : next
    }
    throw new Error(`In circles: ${visited.join(' → ')}`)
  }

  async signIn(): Promise<string> {
    return (await this.follow('/api/session/oidc/start')).at(-1)!
  }
}

describe('the hospital’s own sign-in, by OpenID Connect', () => {
  let provider: IdentityProvider
  let server: FleetServer

  const nora: KnownPerson = {
    sub: 'p-17',
    name: 'Nora Lindqvist',
    preferred_username: 'nora',
    groups: ['staff', 'ward-nurses'],
    wards: ['3 West'],
  }
  const person = async (who: KnownPerson): Promise<Browser> => {
    provider.expect(who)
    const browser = new Browser(server, provider)
    expect(await browser.signIn()).toBe('/')
    return browser
  }
  const accounts = async (): Promise<AccountView[]> => {
    const admin = new TestPerson(server)
    await admin.signIn('admin', 'admin-demo')
    return admin.ok<AccountView[]>('GET', '/users')
  }

  beforeAll(async () => {
    provider = await IdentityProvider.open()
    server = await startTestServer({
      signIn: {
        provider: {
          issuer: provider.url,
          clientId: CLIENT_ID,
          clientSecret: CLIENT_SECRET,
          label: 'Hospital account',
          mapping: {
            rolesClaim: 'groups',
            roles: [
              { role: 'nurse', group: 'ward-nurses' },
              { role: 'administrator', group: 'it' },
            ],
            wardsClaim: 'wards',
          },
        },
      },
    })
    provider.serve(server.url)
  })
  afterAll(async () => {
    await server?.stop()
    await provider?.stop()
  })

  it('is offered, signs in, and makes an account whose role and wards follow its groups', async () => {
    const info = await new TestPerson(server).ok<ServerInfo>('GET', '/server-info')
    expect(info.provider).toEqual({ label: 'Hospital account' })
    const first = await person(nora)
    const session = await first.here.ok<SessionView>('GET', '/session')
    expect(session).toMatchObject({
      name: 'nora',
      displayName: 'Nora Lindqvist',
      role: 'nurse',
      wards: ['3 West'],
      next: null,
      isFromProvider: true,
    })
    for (const [method, path, body] of [
      ['POST', '/session/password', { current: 'x', next: 'three wet umbrellas' }],
      ['POST', '/session/totp', undefined],
    ] as const) {
      expect([path, (await first.here.call(method, path, body)).status]).toEqual([path, 409])
    }
    const second = await person({ ...nora, groups: ['it'], wards: [] })
    const changed = await second.here.ok<SessionView>('GET', '/session')
    expect(changed).toMatchObject({ id: session.id, role: 'administrator', wards: [] })
    // What was opened as a nurse does not go on as an administrator.
    expect((await first.here.call('GET', '/session')).status).toBe(401)
    expect((await accounts()).filter(({ isFromProvider }) => isFromProvider)).toHaveLength(1)
  })

  it('refuses who has no role here, and says so to the console', async () => {
    provider.expect({ sub: 'p-18', name: 'Vic Visitor', groups: ['visitors'] })
    const browser = new Browser(server, provider)
    expect(await browser.signIn()).toBe('/?sign-in=no-role')
    expect((await browser.here.call('GET', '/session')).status).toBe(401)
    expect((await accounts()).some(({ displayName }) => displayName === 'Vic Visitor')).toBe(false)
  })

  it('never gives one an account of somebody here, whatever name is chosen there', async () => {
    const impostor = await person({ sub: 'p-19', preferred_username: 'admin', groups: ['ward-nurses'] })
    const session = await impostor.here.ok<SessionView>('GET', '/session')
    expect([session.name, session.role]).toEqual(['admin@127.0.0.1', 'nurse'])
    expect((await accounts()).find(({ name }) => name === 'admin')?.role).toBe('administrator')
  })

  it('lets nobody in whose account was disabled here', async () => {
    const otto = { sub: 'p-20', preferred_username: 'otto', groups: ['ward-nurses'] }
    await person(otto)
    const admin = new TestPerson(server)
    await admin.signIn('admin', 'admin-demo')
    const { id } = (await accounts()).find(({ name }) => name === 'otto')!
    await admin.ok('PATCH', `/users/${id}`, { isDisabled: true })
    expect((await admin.call('PATCH', `/users/${id}`, { role: 'engineer' })).status).toBe(409)
    expect((await admin.call('POST', `/users/${id}/reset`)).status).toBe(409)
    provider.expect(otto)
    expect(await new Browser(server, provider).signIn()).toBe('/?sign-in=disabled')
  })

  it('takes an answer once, and only in the browser that asked', async () => {
    provider.expect(nora)
    const asked = new Browser(server, provider)
    const answer = (await asked.follow('/api/session/oidc/start')).find((url) => url.includes('/callback'))!
    const again = new URL(answer)
    // Asked a second time, with the ticket and the code of the first.
    expect((await asked.follow(`${again.pathname}${again.search}`)).at(-1)).toBe('/?sign-in=failed')

    const other = new Browser(server, provider)
    await (await other.here.fetch('GET', '/api/session/oidc/start')).body?.cancel()
    const third = new Browser(server, provider)
    const start = await third.here.fetch('GET', '/api/session/oidc/start')
    await start.body?.cancel()
    let target = start.headers.get('location')!
    while (!target.includes('/callback')) {
      const url = new URL(target, provider.url)
      const hop = await third.there.fetch('GET', `${url.pathname}${url.search}`)
      await hop.body?.cancel()
      target = hop.headers.get('location')!
    }
    // Somebody else's answer, fresh and unused, in a browser that waits for one: nobody is made to work as another.
    const stolen = new URL(target)
    expect((await other.follow(`${stolen.pathname}${stolen.search}`)).at(-1)).toBe('/?sign-in=failed')
    expect((await other.here.call('GET', '/session')).status).toBe(401)
  })

  it('ends the sessions here of who signs out there, and of nobody by a token that it has not made', async () => {
    const browser = await person(nora)
    const bystander = await person({ sub: 'p-21', preferred_username: 'by', groups: ['ward-nurses'] })
    const forged = await fetch(`${server.url}/api/session/oidc/back-channel-logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJwLTE3In0.' }),
    })
    expect(forged.status).toBe(401)
    expect((await browser.here.call('GET', '/session')).status).toBe(200)

    const page = await (await browser.there.fetch('GET', '/session/end')).text()
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)![1]!
    await fetch(`${provider.url}/session/end/confirm`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: browser.there.cookie },
      body: new URLSearchParams({ xsrf, logout: 'yes' }),
    })
    await until(async () => (await browser.here.call('GET', '/session')).status === 401)
    expect((await bystander.here.call('GET', '/session')).status).toBe(200)
  })

  it('says that it is away, and lets administrators of this server in meanwhile', async () => {
    const nobody: Server = createServer((_request, response) => response.writeHead(502).end())
    await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve))
    const issuer = `http://127.0.0.1:${(nobody.address() as AddressInfo).port}`
    const mapping = { rolesClaim: 'groups', roles: [], wardsClaim: null }
    const options = {
      issuer,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      label: 'Hospital account',
      mapping,
    }
    const alone = await startTestServer({ signIn: { provider: options } })
    try {
      const answer = await new TestPerson(alone).call('GET', '/session/oidc/start')
      expect([answer.status, answer.body]).toEqual([
        503,
        expect.objectContaining({ code: 'WARD_ERR_PROVIDER' }),
      ])
      expect((await new TestPerson(alone).signIn('admin', 'admin-demo')).status).toBe(200)
    } finally {
      await alone.stop()
      nobody.close()
    }
    await expect(
      startTestServer({ signIn: { provider: { ...options, issuer: 'http://login.hospital.example' } } }),
    ).rejects.toMatchObject({ code: 'WARD_ERR_CONFIG', where: '--oidc-issuer' })
  })
})
