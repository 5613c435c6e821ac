import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from '@wardlight/core/clock'
import { wardError } from '@wardlight/core/errors'
import type { Role, User } from '@wardlight/core/fleet'
import { eq, inArray, lt } from 'drizzle-orm'
import type { Database } from '../store/database.ts'
import { sessions, users } from '../store/schema.ts'
import { hashPassword, isPassword, PERSON_COST, ROBOT_COST } from './passwords.ts'

/** A shift and a half: who signs in at its start is not asked again in its middle. */
export const SESSION_MS = 12 * 3_600_000

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
]

export interface Session {
  readonly user: User
  readonly tokenHash: string
  readonly expiresAt: Date
}

/** People's accounts, and who is signed in. */
export class Accounts {
  readonly #database: Database
  readonly #clock: Clock
  /** Signed out, for the connections that are still open. */
  readonly #ended = new Set<string>()
  /** Those of open connections: asked for since they were last looked up. */
  readonly #inUse = new Set<string>()
  /** What the password of an unknown name is compared with, so that the answer takes as long. */
  #decoyHash: Promise<string> | null = null

  /** @param clock real time: sessions end in it, however fast a simulation runs */
  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  /** Makes exactly the accounts that demo mode has; without demo mode, removes them. */
  async setDemoUsers(isDemo: boolean): Promise<void> {
    if (!isDemo) {
      await this.#database.write((tx) => tx.delete(users).where(eq(users.isDemo, true)))
      return
    }
    for (const { name, password, role, displayName } of DEMO_USERS) {
      const [existing] = await this.#database.queries.select().from(users).where(eq(users.name, name))
      if (existing !== undefined) continue
      await this.#add({ name, password, role, displayName, isDemo: true })
    }
  }

  /**
   * Makes the first administrator where there is none.
   *
   * @returns the password that was made for it, when none was given
   */
  async ensureAdministrator(password: string | undefined): Promise<string | null> {
    const [existing] = await this.#database.queries
      .select({ id: users.id })
      .from(users)
      .where(eq(users.role, 'administrator'))
      .limit(1)
    if (existing !== undefined) return null
    const made = password ?? randomBytes(15).toString('base64url')
    await this.#add({
      name: 'admin',
      password: made,
      role: 'administrator',
      displayName: 'Administrator',
      isDemo: false,
    })
    return password === undefined ? made : null
  }

  /**
   * @returns the token of a new session; only its hash is stored
   * @throws WARD_ERR_SIGN_IN, the same for an unknown name and a wrong password
   */
  async signIn(name: string, password: string): Promise<{ readonly token: string; readonly user: User }> {
    const [row] = await this.#database.queries.select().from(users).where(eq(users.name, name))
    this.#decoyHash ??= hashPassword(randomUUID(), PERSON_COST)
    const isRight = await isPassword(password, row?.passwordHash ?? (await this.#decoyHash))
    if (row === undefined || !isRight) {
      throw wardError('WARD_ERR_SIGN_IN', { what: 'Name or password is wrong', where: 'session' })
    }
    const token = randomBytes(32).toString('base64url')
    const now = this.#clock.epochMs()
    await this.#database.write(async (tx) => {
      await tx.delete(sessions).where(lt(sessions.expiresAt, new Date(now)))
      await tx.insert(sessions).values({
        tokenHash: hashToken(token),
        userId: row.id,
        createdAt: new Date(now),
        expiresAt: new Date(now + SESSION_MS),
      })
    })
    return { token, user: userOf(row) }
  }

  async session(token: string): Promise<Session | null> {
    const tokenHash = hashToken(token)
    const [row] = await this.#database.queries
      .select()
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(eq(sessions.tokenHash, tokenHash))
    if (row === undefined || row.sessions.expiresAt.getTime() <= this.#clock.epochMs()) return null
    return { user: userOf(row.users), tokenHash, expiresAt: row.sessions.expiresAt }
  }

  async signOut({ tokenHash }: Session): Promise<void> {
    this.#ended.add(tokenHash)
    await this.#database.write((tx) => tx.delete(sessions).where(eq(sessions.tokenHash, tokenHash)))
  }

  /** Whether a session that was good when its connection began still is. */
  isAlive({ tokenHash, expiresAt }: Session): boolean {
    this.#inUse.add(tokenHash)
    return !this.#ended.has(tokenHash) && expiresAt.getTime() > this.#clock.epochMs()
  }

  /** Learns who has signed out on another server, for `isAlive`. */
  async lookForEnded(): Promise<void> {
    const inUse = [...this.#inUse]
    this.#inUse.clear()
    if (inUse.length === 0) return
    const rows = await this.#database.queries
      .select({ tokenHash: sessions.tokenHash })
      .from(sessions)
      .where(inArray(sessions.tokenHash, inUse))
    const alive = new Set(rows.map(({ tokenHash }) => tokenHash))
    for (const tokenHash of inUse) if (!alive.has(tokenHash)) this.#ended.add(tokenHash)
  }

  async #add({ password, ...user }: DemoUser & { readonly isDemo: boolean }): Promise<void> {
    // A password that everybody knows gains nothing from a costly hash.
    const cost = user.isDemo ? ROBOT_COST : PERSON_COST
    const row = {
      id: randomUUID(),
      ...user,
      passwordHash: await hashPassword(password, cost),
      createdAt: new Date(this.#clock.epochMs()),
    }
    await this.#database.write((tx) => tx.insert(users).values(row))
  }
}

function userOf({ id, name, displayName, role }: typeof users.$inferSelect): User {
  return { id, name, displayName, role, wards: null }
}

/** Tokens are random and long: a plain hash is enough, and quick on every request. */
function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64')
}
