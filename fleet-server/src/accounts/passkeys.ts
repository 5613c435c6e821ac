import type { Clock } from '@wardlight/core/clock'
import { wardError } from '@wardlight/core/errors'
import type { NewPasskey, PasskeyAnswer, PasskeyChallenge, PasskeyView, User } from '@wardlight/core/fleet'
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { and, eq } from 'drizzle-orm'
import type { Database } from '../store/database.ts'
import { passkeys, type PasskeyRow } from '../store/schema.ts'
import { CHALLENGE_MS, type Challenges } from './challenges.ts'
import { afterRemoval } from './second-factors.ts'

/** Where a browser has the console open; passkeys belong to the host. */
export interface Site {
  /** `https://fleet.hospital.example`. */
  readonly origin: string
  readonly host: string
}

type AuthenticationResponse = Parameters<typeof verifyAuthenticationResponse>[0]['response']
type RegistrationResponse = Parameters<typeof verifyRegistrationResponse>[0]['response']

/** WebAuthn: what a device signs in place of a password, or beside it. */
export class Passkeys {
  readonly #database: Database
  readonly #clock: Clock
  readonly #challenges: Challenges
  readonly #relyingParty: string

  /** @param relyingParty what browsers name to people */
  constructor(database: Database, clock: Clock, challenges: Challenges, relyingParty: string) {
    this.#database = database
    this.#clock = clock
    this.#challenges = challenges
    this.#relyingParty = relyingParty
  }

  async askToRegister({ id, name, displayName }: User, { host }: Site): Promise<PasskeyChallenge> {
    const rows = await this.#of(id)
    const options = await generateRegistrationOptions({
      rpName: this.#relyingParty,
      rpID: host,
      userID: new TextEncoder().encode(id),
      userName: name,
      userDisplayName: displayName,
      timeout: CHALLENGE_MS,
      excludeCredentials: rows.map(descriptor),
      // A key without a PIN is a second factor still; only one that knows its person signs in alone.
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
    })
    const challengeId = await this.#challenges.ask('passkey registration', id, {
      challenge: options.challenge,
    })
    return { challengeId, options }
  }

  /** @throws WARD_ERR_SIGN_IN for an answer that was not asked for, WARD_ERR_CONFLICT for a passkey that is known */
  async register({ id }: User, answer: NewPasskey, { origin, host }: Site): Promise<PasskeyView> {
    const { challenge } = await this.#challenges.take('passkey registration', id, answer.challengeId)
    const verified = await judged(() =>
      verifyRegistrationResponse({
        response: answer.response as RegistrationResponse,
        expectedChallenge: challenge ?? '',
        expectedOrigin: origin,
        expectedRPID: host,
        requireUserVerification: false,
      }),
    )
    if (!verified.verified) throw notRight()
    const { credential } = verified.registrationInfo
    const row: PasskeyRow = {
      id: credential.id,
      userId: id,
      name: answer.name,
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      transports: credential.transports ?? [],
      createdAt: new Date(this.#clock.epochMs()),
      lastUsedAt: null,
    }
    const written = await this.#database.write((tx) =>
      tx.insert(passkeys).values(row).onConflictDoNothing().returning({ id: passkeys.id }),
    )
    if (written.length === 0) {
      throw wardError('WARD_ERR_CONFLICT', { what: 'This passkey is known already', where: 'passkeys' })
    }
    return { id: row.id, name: row.name, createdAt: row.createdAt.toISOString(), lastUsedAt: null }
  }

  /** For whoever comes; the device knows who it is. */
  async askToSignIn({ host }: Site): Promise<PasskeyChallenge> {
    const options = await generateAuthenticationOptions({
      rpID: host,
      timeout: CHALLENGE_MS,
      userVerification: 'required',
    })
    const challengeId = await this.#challenges.ask('passkey sign-in', null, { challenge: options.challenge })
    return { challengeId, options }
  }

  /**
   * Possession, and by PIN or finger the person: two factors (NIST SP 800-63B, 5.1.9).
   *
   * @returns whose it is
   * @throws WARD_ERR_SIGN_IN
   */
  async signIn(answer: PasskeyAnswer, site: Site): Promise<string> {
    const { challenge } = await this.#challenges.take('passkey sign-in', null, answer.challengeId)
    return this.#verify(answer, challenge ?? '', site, null)
  }

  async askAsSecondFactor(userId: string, { host }: Site): Promise<PasskeyChallenge> {
    const rows = await this.#of(userId)
    const options = await generateAuthenticationOptions({
      rpID: host,
      timeout: CHALLENGE_MS,
      allowCredentials: rows.map(descriptor),
      userVerification: 'preferred',
    })
    const challengeId = await this.#challenges.ask('passkey second factor', userId, {
      challenge: options.challenge,
    })
    return { challengeId, options }
  }

  /** @throws WARD_ERR_SIGN_IN */
  async checkAsSecondFactor(userId: string, answer: PasskeyAnswer, site: Site): Promise<void> {
    const { challenge } = await this.#challenges.take('passkey second factor', userId, answer.challengeId)
    await this.#verify(answer, challenge ?? '', site, userId)
  }

  /** @throws WARD_ERR_NOT_FOUND */
  async rename({ id: userId }: User, id: string, name: string): Promise<void> {
    const rows = await this.#database.write((tx) =>
      tx
        .update(passkeys)
        .set({ name })
        .where(and(eq(passkeys.userId, userId), eq(passkeys.id, id)))
        .returning({ id: passkeys.id }),
    )
    if (rows.length === 0) throw noSuchPasskey()
  }

  /** @throws WARD_ERR_NOT_FOUND, WARD_ERR_CONFLICT where it is the last second factor and there must be one */
  async remove({ id: userId }: User, id: string): Promise<void> {
    await this.#database.write(async (tx) => {
      const rows = await tx
        .delete(passkeys)
        .where(and(eq(passkeys.userId, userId), eq(passkeys.id, id)))
        .returning({ id: passkeys.id })
      if (rows.length === 0) throw noSuchPasskey()
      await afterRemoval(tx, userId)
    })
  }

  async #of(userId: string): Promise<PasskeyRow[]> {
    return this.#database.queries.select().from(passkeys).where(eq(passkeys.userId, userId))
  }

  /** @param userId whose it has to be; `null`: anybody's, and the device has to know its person */
  async #verify(
    { response }: PasskeyAnswer,
    challenge: string,
    { origin, host }: Site,
    userId: string | null,
  ): Promise<string> {
    const given = response as AuthenticationResponse
    const id = typeof given.id === 'string' ? given.id : ''
    const [row] = await this.#database.queries.select().from(passkeys).where(eq(passkeys.id, id))
    if (row === undefined || (userId !== null && row.userId !== userId)) throw notRight()
    const { verified, authenticationInfo } = await judged(() =>
      verifyAuthenticationResponse({
        response: given,
        expectedChallenge: challenge,
        expectedOrigin: origin,
        expectedRPID: host,
        credential: {
          id: row.id,
          publicKey: new Uint8Array(Buffer.from(row.publicKey, 'base64url')),
          counter: row.counter,
        },
        requireUserVerification: userId === null,
      }),
    )
    if (!verified) throw notRight()
    await this.#database.write((tx) =>
      tx
        .update(passkeys)
        .set({ counter: authenticationInfo.newCounter, lastUsedAt: new Date(this.#clock.epochMs()) })
        .where(eq(passkeys.id, row.id)),
    )
    return row.userId
  }
}

function descriptor({ id, transports }: PasskeyRow) {
  return { id, transports: [...transports] }
}

/** What the library throws is an answer that does not fit. */
async function judged<Result>(verify: () => Promise<Result>): Promise<Result> {
  try {
    return await verify()
  } catch (cause) {
    throw wardError('WARD_ERR_SIGN_IN', {
      what: `The answer of the passkey is not taken: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: 'passkey',
      remedy: 'Try again, or sign in with name and password.',
      cause,
    })
  }
}

function notRight() {
  return wardError('WARD_ERR_SIGN_IN', {
    what: 'This passkey belongs to nobody here',
    where: 'passkey',
    remedy: 'Sign in with name and password.',
  })
}

function noSuchPasskey() {
  return wardError('WARD_ERR_NOT_FOUND', { what: 'You have no such passkey', where: 'passkeyId' })
}
