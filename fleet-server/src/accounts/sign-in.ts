import { randomUUID } from 'node:crypto'
import type { Clock } from '@wardlight/core/clock'
import { wardError } from '@wardlight/core/errors'
import type {
  NewPasskey,
  NewPassword,
  PasskeyAnswer,
  PasskeyView,
  SessionView,
  SignInStep,
} from '@wardlight/core/fleet'
import { eq } from 'drizzle-orm'
import type { Database } from '../store/database.ts'
import { users, type UserRow } from '../store/schema.ts'
import { checkNewPassword } from './password-policy.ts'
import { hashPassword, isPassword, PERSON_COST } from './passwords.ts'
import type { Passkeys, Site } from './passkeys.ts'
import { isProviders, refuseDemo } from './people.ts'
import type { SecondFactors } from './second-factors.ts'
import {
  notSignedIn,
  userView,
  type NewSession,
  type Session,
  type Sessions,
  type SignInPlace,
} from './sessions.ts'
import { passwordTries, type SignInTries } from './sign-in-tries.ts'

/** A token for the cookie, and what it is good for. */
export interface SignedIn {
  readonly token: string
  readonly view: SessionView
}

export interface SignInParts {
  readonly database: Database
  readonly clock: Clock
  readonly sessions: Sessions
  readonly tries: SignInTries
  readonly secondFactors: SecondFactors
  readonly passkeys: Passkeys
}

/** The way from a password or a passkey to a session that may do something. */
export class SignIn {
  readonly #parts: SignInParts
  /** What the password of an unknown name is compared with, so that the answer takes as long. */
  #decoyHash: Promise<string> | null = null

  constructor(parts: SignInParts) {
    this.#parts = parts
  }

  /**
   * @throws WARD_ERR_SIGN_IN, the same for an unknown name and a wrong password; WARD_ERR_TOO_MANY, the same for both too
   */
  async withPassword(name: string, password: string, place: SignInPlace): Promise<SignedIn> {
    const { database, tries } = this.#parts
    await tries.begin(passwordTries(name))
    const [row] = await database.queries.select().from(users).where(eq(users.name, name))
    this.#decoyHash ??= hashPassword(randomUUID(), PERSON_COST)
    const isRight = await isPassword(password, row?.passwordHash ?? (await this.#decoyHash))
    if (row === undefined || row.passwordHash === null || !isRight) {
      throw wardError('WARD_ERR_SIGN_IN', { what: 'Name or password is wrong', where: 'session' })
    }
    await tries.succeeded(passwordTries(name))
    if (row.passwordGoodUntil !== null && row.passwordGoodUntil.getTime() <= this.#parts.clock.epochMs()) {
      throw wardError('WARD_ERR_SIGN_IN', {
        what: 'This one-time password is no longer good',
        where: 'session',
        remedy: 'Ask an administrator for a new one.',
      })
    }
    return this.#begin(row, false, { means: 'password', place })
  }

  /** @throws WARD_ERR_SIGN_IN */
  async withPasskey(answer: PasskeyAnswer, site: Site, place: SignInPlace): Promise<SignedIn> {
    const userId = await this.#parts.passkeys.signIn(answer, site)
    return this.#begin(await this.#user(userId), true, { means: 'passkey', place })
  }

  /** @throws WARD_ERR_SIGN_IN, WARD_ERR_TOO_MANY */
  async withCode(session: Session, code: string, place: SignInPlace): Promise<SignedIn> {
    requireStep(session, 'secondFactor')
    await this.#parts.secondFactors.check(session.user.id, code)
    return this.#goOn(session, place)
  }

  /** @throws WARD_ERR_SIGN_IN */
  async withPasskeyAsWell(
    session: Session,
    answer: PasskeyAnswer,
    site: Site,
    place: SignInPlace,
  ): Promise<SignedIn> {
    requireStep(session, 'secondFactor')
    await this.#parts.passkeys.checkAsSecondFactor(session.user.id, answer, site)
    return this.#goOn(session, place)
  }

  /** After somebody has added a second factor. */
  async confirmTotp(
    session: Session,
    code: string,
    place: SignInPlace,
  ): Promise<{ readonly signedIn: SignedIn; readonly recoveryCodes: string[] }> {
    const recoveryCodes = await this.#parts.secondFactors.confirmTotp(session.user, code)
    return { signedIn: await this.#goOn(session, place), recoveryCodes }
  }

  async registerPasskey(
    session: Session,
    answer: NewPasskey,
    site: Site,
    place: SignInPlace,
  ): Promise<{ readonly signedIn: SignedIn; readonly passkey: PasskeyView }> {
    const passkey = await this.#parts.passkeys.register(session.user, answer, site)
    return { signedIn: await this.#goOn(session, place), passkey }
  }

  /**
   * One's own password. All other sessions end.
   *
   * @throws WARD_ERR_SIGN_IN for a wrong current one, WARD_ERR_VALIDATION for a new one that is too weak
   */
  async changePassword(
    session: Session,
    { current, next }: NewPassword,
    place: SignInPlace,
  ): Promise<SignedIn> {
    const { database, sessions, tries } = this.#parts
    const user = await this.#user(session.user.id)
    refuseDemo(user)
    if (user.passwordHash === null) throw isProviders()
    if (session.next !== 'newPassword') {
      await tries.begin(passwordTries(user.name))
      if (current === undefined || !(await isPassword(current, user.passwordHash))) {
        throw wardError('WARD_ERR_VALIDATION', {
          what: 'The current password is wrong',
          where: 'body/current',
          remedy: 'Type the password that you signed in with.',
        })
      }
      await tries.succeeded(passwordTries(user.name))
    }
    checkNewPassword(next, user)
    if (await isPassword(next, user.passwordHash)) {
      throw wardError('WARD_ERR_VALIDATION', {
        what: 'The new password is the old one',
        where: 'body/next',
        remedy: 'Take another one.',
      })
    }
    const passwordHash = await hashPassword(next, PERSON_COST)
    const changed = { ...user, passwordHash, mustChangePassword: false, passwordGoodUntil: null }
    const factors = await this.#parts.secondFactors.of(user.id)
    const step = nextStep(changed, factors.length > 0, true)
    const { token, ended } = await database.write(async (tx) => {
      await tx
        .update(users)
        .set({ passwordHash, mustChangePassword: false, passwordGoodUntil: null })
        .where(eq(users.id, user.id))
      const others = await sessions.endAllIn(tx, user.id, session)
      const made = await sessions.beginIn(tx, {
        userId: user.id,
        next: step,
        means: session.means,
        place,
        replaces: session,
      })
      return { token: made, ended: [...others, session.tokenHash] }
    })
    sessions.ended(ended)
    return { token, view: viewOf(changed, step, factors) }
  }

  async view(session: Session): Promise<SessionView> {
    const user = await this.#user(session.user.id)
    const view = viewOf(user, session.next, await this.#parts.secondFactors.of(user.id))
    const glassBrokenUntil = this.#parts.sessions.glassBrokenUntil(session)
    return { ...view, glassBrokenUntil: glassBrokenUntil?.toISOString() ?? null }
  }

  /** Where a second factor or a password may be changed at all. @throws WARD_ERR_CONFLICT */
  async requireOwnFactors({ user: { id } }: Session): Promise<void> {
    const user = await this.#user(id)
    refuseDemo(user)
    if (user.passwordHash === null) throw isProviders()
  }

  /** For somebody whom the hospital's own sign-in has sent. */
  async fromProvider(user: UserRow, oidcSid: string | undefined, place: SignInPlace): Promise<SignedIn> {
    return this.#begin(user, true, { means: 'provider', place, oidcSid })
  }

  async #begin(
    user: UserRow,
    isFactorShown: boolean,
    session: Omit<NewSession, 'userId' | 'next'>,
  ): Promise<SignedIn> {
    if (user.isDisabled) {
      throw wardError('WARD_ERR_FORBIDDEN', {
        what: 'This account is disabled',
        where: 'session',
        remedy: 'Ask an administrator.',
      })
    }
    const factors = await this.#parts.secondFactors.of(user.id)
    const next = user.oidcIssuer === null ? nextStep(user, factors.length > 0, isFactorShown) : null
    const token = await this.#parts.sessions.begin({ ...session, userId: user.id, next })
    return { token, view: viewOf(user, next, factors) }
  }

  /** The step is done. */
  async #goOn(session: Session, place: SignInPlace): Promise<SignedIn> {
    const user = await this.#user(session.user.id)
    return this.#begin(user, true, { means: session.means, place, replaces: session })
  }

  async #user(id: string): Promise<UserRow> {
    const [row] = await this.#parts.database.queries.select().from(users).where(eq(users.id, id))
    if (row === undefined) throw notSignedIn()
    return row
  }
}

/** What is to be done next; `null`: nothing, somebody is signed in. */
function nextStep(
  { mustChangePassword, mustUseSecondFactor }: Pick<UserRow, 'mustChangePassword' | 'mustUseSecondFactor'>,
  hasFactor: boolean,
  isFactorShown: boolean,
): SignInStep | null {
  if (hasFactor && !isFactorShown) return 'secondFactor'
  if (mustChangePassword) return 'newPassword'
  return mustUseSecondFactor && !hasFactor ? 'enrolment' : null
}

function viewOf(user: UserRow, next: SignInStep | null, factors: SessionView['factors']): SessionView {
  return {
    ...userView(user),
    next,
    factors,
    glassBrokenUntil: null,
    isFromProvider: user.oidcIssuer !== null,
  }
}

function requireStep({ next }: Session, step: SignInStep): void {
  if (next === step) return
  throw wardError('WARD_ERR_CONFLICT', { what: 'Signing in is not at this step', where: 'session' })
}
