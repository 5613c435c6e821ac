import type { AccountView, Invitation, NewAccount, SessionView } from '@wardlight/core/fleet'
import { bodyOf, TestClient, type Answer } from './test-client.ts'

/** Someone whose browser keeps the cookie that the server gives it, through every step of signing in. */
export class TestPerson {
  readonly #url: string
  readonly #userAgent: string
  readonly #cookies = new Map<string, string>()

  constructor(
    { url }: { readonly url: string },
    userAgent = 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
  ) {
    this.#url = url
    this.#userAgent = userAgent
  }

  /** As a browser sends them. */
  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** The same person, for what signed-in clients do. */
  get client(): TestClient {
    return new TestClient(this.#url, this.cookie)
  }

  /** What a browser asks for; redirects are not followed. */
  async fetch(method: string, path: string, body?: unknown): Promise<Response> {
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        cookie: this.cookie,
        'user-agent': this.#userAgent,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const [name = '', value = ''] = pair.split('=')
      if (value === '') this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    return answer
  }

  async call<Body = unknown>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const answer = await this.fetch(method, `/api${path}`, body)
    const text = await answer.text()
    return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as Body }
  }

  async ok<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    return bodyOf(await this.call<Body>(method, path, body), `${method} ${path}`)
  }

  signIn(name: string, password: string): Promise<Answer<SessionView>> {
    return this.call('POST', '/session', { name, password })
  }
}

export const GOOD_PASSWORD = 'three wet umbrellas'

/** Invited by an administrator, and with a password of their own. */
export async function newcomer(
  server: { readonly url: string },
  admin: TestPerson,
  account: NewAccount,
): Promise<{ readonly person: TestPerson; readonly account: AccountView }> {
  const invitation = await admin.ok<Invitation>('POST', '/users', account)
  const person = new TestPerson(server)
  await person.signIn(account.name, invitation.oneTimePassword)
  await person.ok('POST', '/session/password', { next: GOOD_PASSWORD })
  return { person, account: invitation.account }
}
