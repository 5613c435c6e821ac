import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from '@wardlight/core/clock'
import { wardError } from '@wardlight/core/errors'
import type { AccountPatch, AccountView, Invitation, NewAccount, Role } from '@wardlight/core/fleet'
import { and, eq, isNotNull, sql } from 'drizzle-orm'
import type { Database, Queries } from '../store/database.ts'
import { passkeys, totpFactors, users, type UserRow } from '../store/schema.ts'
import { hashPassword, PERSON_COST, ROBOT_COST } from './passwords.ts'
import { randomText, type SecondFactors } from './second-factors.ts'
import { userView, type Sessions } from './sessions.ts'
import { codeTries, passwordTries, type SignInTries } from './sign-in-tries.ts'

/** Proposed: whoever was invited on a Friday comes on the Friday after. */
const ONE_TIME_PASSWORD_MS = 7 * 24 * 3_600_000
/** 59 bits; typed once from paper. */
const ONE_TIME_LENGTH = 12

export interface DemoUser {
  readonly name: string
  readonly password: string
  readonly role: Role
  readonly displayName: string
}

/** Accounts to try Wardlight with. Their passwords are public, so they exist in demo mode only. */
export const DEMO_USERS: readonly DemoUser[] = [
  { name: 'nurse', password: 'nurse-demo', role: 'nurse', displayName: 'Nora Nurse' },
  // Some protocols want two people.
  { name: 'nurse2', password: 'nurse2-demo', role: 'nurse', displayName: 'Nils Nurse' },
  { name: 'clinician', password: 'clinician-demo', role: 'clinician', displayName: 'Carl Clinician' },
  { name: 'engineer', password: 'engineer-demo', role: 'engineer', displayName: 'Erin Engineer' },
  { name: 'admin', password: 'admin-demo', role: 'administrator', displayName: 'Ada Administrator' },
  { name: 'auditor', password: 'auditor-demo', role: 'auditor', displayName: 'Abe Auditor' },
]

export interface PeopleParts {
  readonly database: Database
  readonly clock: Clock
  readonly sessions: Sessions
  readonly tries: SignInTries
  readonly secondFactors: SecondFactors
}

/** People's accounts, as administrators keep them. */
export class People {
  readonly #database: Database
  readonly #clock: Clock
  readonly #sessions: Sessions
  readonly #tries: SignInTries
  readonly #secondFactors: SecondFactors

  constructor({ database, clock, sessions, tries, secondFactors }: PeopleParts) {
    this.#database = database
    this.#clock = clock
    this.#sessions = sessions
    this.#tries = tries
    this.#secondFactors = secondFactors
  }

  /** Makes exactly the accounts that demo mode has; without demo mode, removes them. */
  async setDemoUsers(isDemo: boolean): Promise<void> {
    if (!isDemo) {
      await this.#database.write((tx) => tx.delete(users).where(eq(users.isDemo, true)))
      return
    }
    for (const { password, ...user } of DEMO_USERS) {
      const [existing] = await this.#database.queries.select().from(users).where(eq(users.name, user.name))
      if (existing !== undefined) continue
      await this.#add({
        ...user,
        // A password that everybody knows gains nothing from a costly hash.
        passwordHash: await hashPassword(password, ROBOT_COST),
        isDemo: true,
      })
    }
  }

  /**
   * Makes the first administrator where there is none who signs in here.
   *
   * @returns the password that was made for it, when none was given; it must be changed at the first sign-in
   */
  async ensureAdministrator(password: string | undefined): Promise<string | null> {
    const [existing] = await this.#database.queries
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.role, 'administrator'), isNotNull(users.passwordHash)))
      .limit(1)
    if (existing !== undefined) return null
    const made = password ?? randomBytes(15).toString('base64url')
    await this.#add({
      name: 'admin',
      passwordHash: await hashPassword(made, PERSON_COST),
      role: 'administrator',
      displayName: 'Administrator',
      mustChangePassword: password === undefined,
    })
    return password === undefined ? made : null
  }

  async list(): Promise<AccountView[]> {
    return this.#views(await this.#database.queries.select().from(users).orderBy(users.name))
  }

  /** @throws WARD_ERR_CONFLICT for a name that somebody has */
  async invite({ wards = null, mustUseSecondFactor = false, ...account }: NewAccount): Promise<Invitation> {
    const oneTime = await this.#oneTimePassword()
    const id = randomUUID()
    const written = await this.#database.write((tx) =>
      tx
        .insert(users)
        .values({ ...account, id, wards, mustUseSecondFactor, ...oneTime.columns, createdAt: this.#now() })
        .onConflictDoNothing()
        .returning({ id: users.id }),
    )
    if (written.length === 0) {
      throw wardError('WARD_ERR_CONFLICT', {
        what: `Somebody has the name ${account.name}`,
        where: 'body/name',
        remedy: 'Take another one.',
      })
    }
    return oneTime.invitation(await this.#view(id))
  }

  /** @throws WARD_ERR_NOT_FOUND, WARD_ERR_CONFLICT */
  async change(userId: string, patch: AccountPatch): Promise<AccountView> {
    const ended = await this.#database.write(async (tx) => {
      // Whoever else changes an administrator waits: the last one must stay.
      const administrators = await tx
        .select()
        .from(users)
        .where(eq(users.role, 'administrator'))
        .orderBy(users.id)
        .for('update')
      const before = await find(tx, userId)
      refuseForeign(before, patch)
      const after = { ...before, ...patch }
      const others = administrators.filter((other) => other.id !== userId && isBreakGlass(other))
      if (isBreakGlass(before) && !isBreakGlass(after) && others.length === 0) {
        throw wardError('WARD_ERR_CONFLICT', {
          what: `${before.displayName} is the last administrator who can sign in here`,
          where: 'userId',
          remedy: 'Make another one first.',
        })
      }
      await tx.update(users).set(patch).where(eq(users.id, userId))
      return shrinks(before, after) ? this.#sessions.endAllIn(tx, userId) : []
    })
    this.#sessions.ended(ended)
    return this.#view(userId)
  }

  /** A new one-time password; second factors, sessions and locks are gone. @throws WARD_ERR_NOT_FOUND, WARD_ERR_CONFLICT */
  async reset(userId: string): Promise<Invitation> {
    const oneTime = await this.#oneTimePassword()
    const ended = await this.#database.write(async (tx) => {
      const user = await find(tx, userId)
      refuseDemo(user)
      if (user.passwordHash === null) throw isProviders()
      await tx.update(users).set(oneTime.columns).where(eq(users.id, userId))
      await this.#secondFactors.removeAllIn(tx, userId)
      await this.#tries.forget(tx, [passwordTries(user.name), codeTries(userId)])
      return this.#sessions.endAllIn(tx, userId)
    })
    this.#sessions.ended(ended)
    return oneTime.invitation(await this.#view(userId))
  }

  /** @throws WARD_ERR_NOT_FOUND */
  async unlock(userId: string): Promise<AccountView> {
    await this.#database.write(async (tx) => {
      const { name } = await find(tx, userId)
      await this.#tries.forget(tx, [passwordTries(name), codeTries(userId)])
    })
    return this.#view(userId)
  }

  async #view(userId: string): Promise<AccountView> {
    const rows = await this.#database.queries.select().from(users).where(eq(users.id, userId))
    const [view] = await this.#views(rows)
    if (view === undefined) throw nobody()
    return view
  }

  async #views(rows: readonly UserRow[]): Promise<AccountView[]> {
    const { queries } = this.#database
    const totp = await queries
      .select({ userId: totpFactors.userId })
      .from(totpFactors)
      .where(isNotNull(totpFactors.confirmedAt))
    const withTotp = new Set(totp.map(({ userId }) => userId))
    const keys = await queries
      .select({ userId: passkeys.userId, count: sql<number>`count(*)::int` })
      .from(passkeys)
      .groupBy(passkeys.userId)
    const keysOf = new Map(keys.map(({ userId, count }) => [userId, count]))
    const locked = await this.#tries.locked(
      rows.flatMap(({ id, name }) => [passwordTries(name), codeTries(id)]),
    )
    return rows.map((row) => {
      const until = [locked.get(passwordTries(row.name)), locked.get(codeTries(row.id))]
        .filter((date) => date !== undefined)
        .toSorted((a, b) => b.getTime() - a.getTime())[0]
      return {
        ...userView(row),
        isDisabled: row.isDisabled,
        isDemo: row.isDemo,
        isFromProvider: row.oidcIssuer !== null,
        mustUseSecondFactor: row.mustUseSecondFactor,
        mustChangePassword: row.mustChangePassword,
        hasTotp: withTotp.has(row.id),
        passkeys: keysOf.get(row.id) ?? 0,
        lockedUntil: until?.toISOString() ?? null,
        createdAt: row.createdAt.toISOString(),
        lastSignInAt: row.lastSignInAt?.toISOString() ?? null,
      }
    })
  }

  async #add(user: Omit<typeof users.$inferInsert, 'id' | 'createdAt'>): Promise<void> {
    await this.#database.write((tx) =>
      tx.insert(users).values({ id: randomUUID(), ...user, createdAt: this.#now() }),
    )
  }

  async #oneTimePassword() {
    const oneTimePassword = randomText(ONE_TIME_LENGTH)
    const goodUntil = new Date(this.#clock.epochMs() + ONE_TIME_PASSWORD_MS)
    return {
      columns: {
        passwordHash: await hashPassword(oneTimePassword, PERSON_COST),
        mustChangePassword: true,
        passwordGoodUntil: goodUntil,
      },
      invitation: (account: AccountView): Invitation => ({
        account,
        oneTimePassword,
        goodUntil: goodUntil.toISOString(),
      }),
    }
  }

  #now(): Date {
    return new Date(this.#clock.epochMs())
  }
}

async function find(tx: Queries, userId: string): Promise<UserRow> {
  const [row] = await tx.select().from(users).where(eq(users.id, userId)).for('update')
  if (row === undefined) throw nobody()
  return row
}

/** An administrator who can sign in when the hospital's own sign-in is down. */
function isBreakGlass({
  role,
  isDisabled,
  passwordHash,
}: Pick<UserRow, 'role' | 'isDisabled' | 'passwordHash'>): boolean {
  return role === 'administrator' && !isDisabled && passwordHash !== null
}

/** Whether somebody may less afterwards; of two roles none is more than the other. */
function shrinks(
  before: UserRow,
  after: Pick<UserRow, 'role' | 'isDisabled' | 'wards' | 'mustUseSecondFactor'>,
) {
  const { wards } = after
  const losesWards =
    wards !== null && (before.wards === null || before.wards.some((ward) => !wards.includes(ward)))
  return (
    after.role !== before.role ||
    losesWards ||
    (after.isDisabled && !before.isDisabled) ||
    (after.mustUseSecondFactor && !before.mustUseSecondFactor)
  )
}

/** @throws WARD_ERR_CONFLICT for what is decided elsewhere */
function refuseForeign(user: UserRow, patch: AccountPatch): void {
  if (patch.mustUseSecondFactor === true) {
    refuseDemo(user)
    if (user.passwordHash === null) throw isProviders()
  }
  if (patch.role !== undefined && user.oidcIssuer !== null) throw isProviders()
}

export function refuseDemo({ isDemo }: Pick<UserRow, 'isDemo'>): void {
  if (!isDemo) return
  throw wardError('WARD_ERR_CONFLICT', {
    what: 'Password and factors of the demo’s accounts stay as everybody knows them',
    where: 'user',
    remedy: 'Invite somebody, and try it with that account.',
  })
}

export function isProviders() {
  return wardError('WARD_ERR_CONFLICT', {
    what: 'This account belongs to the hospital’s own sign-in',
    where: 'user',
    remedy: 'Change it there.',
  })
}

function nobody() {
  return wardError('WARD_ERR_NOT_FOUND', { what: 'There is no such account', where: 'userId' })
}
