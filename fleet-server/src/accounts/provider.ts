import { randomUUID } from 'node:crypto'
import type { Clock } from '@wardlight/core/clock'
import { wardError } from '@wardlight/core/errors'
import { and, eq, or } from 'drizzle-orm'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as oidc from 'openid-client'
import type { Database, Queries } from '../store/database.ts'
import { sessions as sessionTable, users, type UserRow } from '../store/schema.ts'
import type { Challenges } from './challenges.ts'
import type { Site } from './passkeys.ts'
import { claimAt, personFromClaims, type ClaimMapping, type ProvidedPerson } from './provider-claims.ts'
import { randomText } from './second-factors.ts'
import type { Sessions, SignInPlace } from './sessions.ts'
import type { SignedIn, SignIn } from './sign-in.ts'

/** Where the hospital's own sign-in sends people back to. */
export const PROVIDER_CALLBACK_PATH = '/api/session/oidc/callback'

/** OpenID Connect Back-Channel Logout 1.0, 2.4. */
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout'

export interface ProviderOptions {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** What people know it as. */
  readonly label: string
  readonly mapping: ClaimMapping
}

export interface ProviderParts {
  readonly database: Database
  readonly clock: Clock
  readonly challenges: Challenges
  readonly sessions: Sessions
  readonly signIn: SignIn
}

/**
 * The hospital's own sign-in, by OpenID Connect: authorization code with PKCE (RFC 9700, 2.1.1). It says who somebody is
 * and what for; an account is made at the first time, and its role follows what is said each time.
 */
export class Provider {
  readonly #options: ProviderOptions
  readonly #parts: ProviderParts
  #discovered: Promise<oidc.Configuration> | null = null

  constructor(options: ProviderOptions, parts: ProviderParts) {
    this.#options = options
    this.#parts = parts
  }

  get label(): string {
    return this.#options.label
  }

  /**
   * @returns where the browser goes, and what it has to bring along when it comes back: who was not sent by us from this
   * browser is not taken in
   * @throws WARD_ERR_PROVIDER
   */
  async begin({ origin }: Site): Promise<{ readonly url: string; readonly ticket: string }> {
    const configuration = await this.#configuration()
    const verifier = oidc.randomPKCECodeVerifier()
    const state = oidc.randomState()
    const nonce = oidc.randomNonce()
    const ticket = await this.#parts.challenges.ask('provider', null, { verifier, state, nonce })
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: `${origin}${PROVIDER_CALLBACK_PATH}`,
      scope: 'openid profile email',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    })
    return { url: url.href, ticket }
  }

  /**
   * @param query of the request that came back
   * @throws WARD_ERR_SIGN_IN, WARD_ERR_NO_ROLE, WARD_ERR_FORBIDDEN for a disabled account, WARD_ERR_PROVIDER
   */
  async finish(ticket: string, query: string, { origin }: Site, place: SignInPlace): Promise<SignedIn> {
    const configuration = await this.#configuration()
    const {
      verifier = '',
      state = '',
      nonce = '',
    } = await this.#parts.challenges.take('provider', null, ticket)
    const claims = await asked(async () => {
      const tokens = await oidc.authorizationCodeGrant(
        configuration,
        new URL(`${origin}${PROVIDER_CALLBACK_PATH}${query}`),
        { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true },
      )
      const ofToken = tokens.claims()!
      const { rolesClaim, wardsClaim } = this.#options.mapping
      const isComplete = [rolesClaim, wardsClaim].every(
        (claim) => claim === null || claimAt(ofToken, claim) !== undefined,
      )
      if (isComplete || configuration.serverMetadata().userinfo_endpoint === undefined) return ofToken
      const more = await oidc.fetchUserInfo(configuration, tokens.access_token, ofToken.sub)
      return { ...more, ...ofToken }
    })
    const person = personFromClaims(claims, this.#options.mapping)
    if (person === null) {
      throw wardError('WARD_ERR_NO_ROLE', {
        what: `None of the groups of ${claims.sub} gives a role here`,
        where: this.#options.mapping.rolesClaim,
      })
    }
    const { user, ended } = await this.#parts.database.write((tx) => this.#account(tx, claims.sub, person))
    this.#parts.sessions.ended(ended)
    const sid = typeof claims['sid'] === 'string' ? claims['sid'] : undefined
    return this.#parts.signIn.fromProvider(user, sid, place)
  }

  /** Somebody has signed out there. @throws WARD_ERR_SIGN_IN for a token that is not theirs */
  async signedOut(logoutToken: string): Promise<void> {
    const { issuer, clientId } = this.#options
    const { jwks_uri } = (await this.#configuration()).serverMetadata()
    const { sub, sid } = await asked(async () => {
      if (jwks_uri === undefined) throw new Error('the provider has no keys')
      const { payload } = await jwtVerify(logoutToken, createRemoteJWKSet(new URL(jwks_uri)), {
        issuer,
        audience: clientId,
        currentDate: new Date(this.#parts.clock.epochMs()),
        requiredClaims: ['iat', 'jti', 'events'],
      })
      const { events } = payload
      const isLogout = typeof events === 'object' && events !== null && LOGOUT_EVENT in events
      // With a nonce it is an ID token that somebody passes off as this.
      if (!isLogout || payload['nonce'] !== undefined) throw new Error('it is no logout token')
      return { sub: payload.sub, sid: payload['sid'] }
    })
    if (sub === undefined && typeof sid !== 'string') return
    const ended = await this.#parts.database.write(async (tx) => {
      const theirs = await tx
        .select({ tokenHash: sessionTable.tokenHash })
        .from(sessionTable)
        .innerJoin(users, eq(users.id, sessionTable.userId))
        .where(
          and(
            eq(users.oidcIssuer, issuer),
            or(
              sub === undefined ? undefined : eq(users.oidcSubject, sub),
              typeof sid === 'string' ? eq(sessionTable.oidcSid, sid) : undefined,
            ),
          ),
        )
      const hashes = theirs.map(({ tokenHash }) => tokenHash)
      for (const hash of hashes) await tx.delete(sessionTable).where(eq(sessionTable.tokenHash, hash))
      return hashes
    })
    this.#parts.sessions.ended(ended)
  }

  async #account(
    tx: Queries,
    subject: string,
    { role, wards, displayName, name }: ProvidedPerson,
  ): Promise<{ readonly user: UserRow; readonly ended: string[] }> {
    const { issuer } = this.#options
    const said = { role, displayName, ...(wards === undefined ? {} : { wards }) }
    const [known] = await tx
      .select()
      .from(users)
      .where(and(eq(users.oidcIssuer, issuer), eq(users.oidcSubject, subject)))
      .for('update')
    if (known !== undefined) {
      const [user] = await tx.update(users).set(said).where(eq(users.id, known.id)).returning()
      // What was opened under another role is not to go on under it.
      const ended = known.role === role ? [] : await this.#parts.sessions.endAllIn(tx, known.id)
      return { user: user!, ended }
    }
    // A name never links accounts: whoever may choose one there would take over that of somebody here.
    for (const free of [name, `${name}@${new URL(issuer).hostname}`, `${name}-${randomText(8)}`]) {
      const [user] = await tx
        .insert(users)
        .values({
          ...said,
          id: randomUUID(),
          name: free,
          createdAt: new Date(this.#parts.clock.epochMs()),
          oidcIssuer: issuer,
          oidcSubject: subject,
        })
        .onConflictDoNothing({ target: users.name })
        .returning()
      if (user !== undefined) return { user, ended: [] }
    }
    throw wardError('WARD_ERR_CONFLICT', { what: `The name ${name} is taken`, where: 'users' })
  }

  async #configuration(): Promise<oidc.Configuration> {
    this.#discovered ??= this.#discover()
    try {
      return await this.#discovered
    } catch (cause) {
      this.#discovered = null
      throw wardError('WARD_ERR_PROVIDER', {
        what: `${this.#options.label} does not answer: ${cause instanceof Error ? cause.message : String(cause)}`,
        where: this.#options.issuer,
        cause,
      })
    }
  }

  #discover(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.#options
    const url = new URL(issuer)
    const execute = [oidc.enableNonRepudiationChecks]
    // On this machine alone: elsewhere the secret and the codes would be read on the way.
    if (url.protocol === 'http:') execute.push(oidc.allowInsecureRequests)
    return oidc.discovery(url, clientId, clientSecret, undefined, { execute })
  }
}

/** What does not hold is refused with what the library says. */
async function asked<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    throw wardError('WARD_ERR_SIGN_IN', {
      what: `The hospital’s own sign-in has not let anybody in: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: 'provider',
      remedy: 'Try again; if it stays, ask the hospital’s IT.',
      cause,
    })
  }
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** @throws WARD_ERR_CONFIG for an issuer that anybody on the way could read and change */
export function checkProvider({ issuer }: ProviderOptions): void {
  const url = URL.canParse(issuer) ? new URL(issuer) : null
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname))) return
  throw wardError('WARD_ERR_CONFIG', {
    what: `${JSON.stringify(issuer)} is no issuer that can be trusted`,
    where: '--oidc-issuer',
    remedy: 'Give its address with https://.',
  })
}
