import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from '@wardlight/core/clock'
import { wardError } from '@wardlight/core/errors'
import type { OwnSession, SignInStep, User } from '@wardlight/core/fleet'
import { and, desc, eq, inArray, lt, ne } from 'drizzle-orm'
import type { Database, Queries } from '../store/database.ts'
import { sessions, users, type SessionRow, type UserRow } from '../store/schema.ts'

/** A shift and a half: who signs in at its start is not asked again in its middle. */
export const SESSION_MS = 12 * 3_600_000
/** Proposed: time to find the phone with the codes, or to think of a password. */
const UNFINISHED_MS = 15 * 60_000
/** Proposed: how exactly it is kept when a session was last used. */
const SEEN_EVERY_MS = 60_000
/** Proposed: an emergency, and what has to be written down after it. */
const GLASS_MS = 4 * 3_600_000
/** Proposed: how long after signing in somebody may change what the next sign-in asks for. */
const FRESH_MS = 15 * 60_000

export interface Session {
  readonly user: User
  readonly id: string
  readonly tokenHash: string
  /** What must be done before it may do anything else; `null`: signed in. */
  readonly next: SignInStep | null
  readonly means: OwnSession['means']
  readonly signedInAt: Date
  readonly lastSeenAt: Date
  readonly expiresAt: Date
  /** Until then it is for every ward. */
  readonly glassBrokenUntil: Date | null
}

/** Where somebody signs in. */
export interface SignInPlace {
  readonly address: string
  readonly browser: string
}

export interface NewSession {
  readonly userId: string
  readonly next: SignInStep | null
  readonly means: OwnSession['means']
  readonly place: SignInPlace
  readonly oidcSid?: string | undefined
  /** The one that it takes the place of. */
  readonly replaces?: Session | undefined
}

/** Who is signed in, and where. Only hashes of tokens are stored. */
export class Sessions {
  readonly #database: Database
  readonly #clock: Clock
  readonly #idleMs: number | null
  /** Ended, for the connections that are still open, and when. */
  readonly #ended = new Map<string, number>()
  /** When this server last heard of each. */
  readonly #seenMs = new Map<string, number>()
  /** Until when their glass is broken, as this server knows it last; 0: it is whole. */
  readonly #glassUntilMs = new Map<string, number>()
  /** Those of open connections: asked for since they were last looked up. */
  readonly #inUse = new Set<string>()

  /**
   * @param clock real time: sessions end in it, however fast a simulation runs
   * @param idleMs after which one that nobody uses ends; `null`: by its age alone
   */
  constructor(database: Database, clock: Clock, idleMs: number | null) {
    this.#database = database
    this.#clock = clock
    this.#idleMs = idleMs
  }

  /** @returns the token of a new session. Each step of signing in makes one: an older token is worth nothing then. */
  async begin(session: NewSession): Promise<string> {
    const token = await this.#database.write((tx) => this.beginIn(tx, session))
    if (session.replaces !== undefined) this.ended([session.replaces.tokenHash])
    return token
  }

  /** As part of a larger change; who calls says `ended` afterwards for the one that it replaces. */
  async beginIn(tx: Queries, { userId, next, means, place, oidcSid, replaces }: NewSession): Promise<string> {
    const token = randomBytes(32).toString('base64url')
    const nowMs = this.#clock.epochMs()
    const now = new Date(nowMs)
    await tx.delete(sessions).where(lt(sessions.expiresAt, now))
    if (replaces !== undefined) {
      const gone = await tx
        .delete(sessions)
        .where(eq(sessions.tokenHash, replaces.tokenHash))
        .returning({ id: sessions.id })
      // Somebody has ended it meanwhile: nothing may come of it.
      if (gone.length === 0) throw notSignedIn()
    }
    await tx.insert(sessions).values({
      tokenHash: hashToken(token),
      id: randomUUID(),
      userId,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: new Date(nowMs + (next === null ? SESSION_MS : UNFINISHED_MS)),
      nextStep: next,
      clientAddress: place.address,
      browser: place.browser,
      means,
      oidcSid: oidcSid ?? null,
    })
    if (next === null) await tx.update(users).set({ lastSignInAt: now }).where(eq(users.id, userId))
    return token
  }

  async find(token: string): Promise<Session | null> {
    const tokenHash = hashToken(token)
    const [row] = await this.#database.queries
      .select()
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(eq(sessions.tokenHash, tokenHash))
    if (row === undefined || row.users.isDisabled) return null
    const session = sessionOf(row.sessions, row.users)
    const nowMs = this.#clock.epochMs()
    if (session.expiresAt.getTime() <= nowMs) return null
    const lastSeenMs = Math.max(session.lastSeenAt.getTime(), this.#seenMs.get(tokenHash) ?? 0)
    if (this.#isIdle(lastSeenMs, nowMs)) {
      await this.end(session)
      return null
    }
    this.#seenMs.set(tokenHash, nowMs)
    if (this.#glassUntilMs.has(tokenHash)) this.#glassUntilMs.set(tokenHash, msOf(session.glassBrokenUntil))
    if (nowMs - session.lastSeenAt.getTime() >= SEEN_EVERY_MS) {
      await this.#database.write((tx) =>
        tx
          .update(sessions)
          .set({ lastSeenAt: new Date(nowMs) })
          .where(eq(sessions.tokenHash, tokenHash)),
      )
    }
    return session
  }

  async end({ tokenHash }: Pick<Session, 'tokenHash'>): Promise<void> {
    await this.#database.write((tx) => tx.delete(sessions).where(eq(sessions.tokenHash, tokenHash)))
    this.ended([tokenHash])
  }

  /** Somebody's own, newest first; only those that are signed in. */
  async list(of: Session): Promise<OwnSession[]> {
    const rows = await this.#database.queries
      .select()
      .from(sessions)
      .where(eq(sessions.userId, of.user.id))
      .orderBy(desc(sessions.createdAt))
    const nowMs = this.#clock.epochMs()
    return rows
      .filter(
        ({ expiresAt, lastSeenAt, nextStep }) =>
          nextStep === null && expiresAt.getTime() > nowMs && !this.#isIdle(lastSeenAt.getTime(), nowMs),
      )
      .map((row) => ({
        id: row.id,
        isThisOne: row.tokenHash === of.tokenHash,
        signedInAt: row.createdAt.toISOString(),
        lastSeenAt: row.lastSeenAt.toISOString(),
        from: row.clientAddress,
        browser: row.browser,
        means: row.means,
      }))
  }

  /**
   * Opens the rooms of every ward for a time. Who did it, when and why stands in the audit record.
   *
   * @throws WARD_ERR_CONFLICT for somebody who is in every ward anyway
   */
  async breakGlass(session: Session, reason: string): Promise<Session> {
    if (session.user.wards === null) {
      throw wardError('WARD_ERR_CONFLICT', {
        what: 'Your account is for every ward',
        where: 'session',
        remedy: 'Nothing is locked: go on.',
      })
    }
    return this.#setGlass(session, new Date(this.#clock.epochMs() + GLASS_MS), reason)
  }

  /** Only their own wards again, before the time is over. @throws WARD_ERR_CONFLICT where it is over, or nobody broke it */
  async mendGlass(session: Session): Promise<Session> {
    if (session.user.wards === null || this.glassBrokenUntil(session) === null) {
      throw wardError('WARD_ERR_CONFLICT', {
        what: 'You see nothing beyond what your account is for',
        where: 'session',
        remedy: 'There is nothing to end: go on.',
      })
    }
    return this.#setGlass(session, null, null)
  }

  /** The audit record has what it was before. */
  async #setGlass(
    session: Session,
    glassBrokenUntil: Date | null,
    glassReason: string | null,
  ): Promise<Session> {
    const [row] = await this.#database.write((tx) =>
      tx
        .update(sessions)
        .set({ glassBrokenUntil, glassReason })
        .where(eq(sessions.tokenHash, session.tokenHash))
        .returning({ id: sessions.id }),
    )
    if (row === undefined) throw notSignedIn()
    this.#glassUntilMs.set(session.tokenHash, msOf(glassBrokenUntil))
    return { ...session, glassBrokenUntil }
  }

  /** Until when a session is for every ward; `null`: it is not. It may have been found long ago: connections stay open. */
  glassBrokenUntil(session: Session): Date | null {
    const untilMs = this.#glassUntilMs.get(session.tokenHash) ?? msOf(session.glassBrokenUntil)
    return untilMs > this.#clock.epochMs() ? new Date(untilMs) : null
  }

  /** The wards of a session now; `null`: all of them. */
  wardsOf(session: Session): readonly string[] | null {
    return this.glassBrokenUntil(session) === null ? session.user.wards : null
  }

  /** Ends one of somebody's own. @throws WARD_ERR_NOT_FOUND */
  async endOwn(of: Session, id: string): Promise<void> {
    const rows = await this.#database.write((tx) =>
      tx
        .delete(sessions)
        .where(and(eq(sessions.userId, of.user.id), eq(sessions.id, id)))
        .returning({ tokenHash: sessions.tokenHash }),
    )
    if (rows.length === 0) {
      throw wardError('WARD_ERR_NOT_FOUND', { what: 'You have no such session', where: 'sessionId' })
    }
    this.ended(rows.map(({ tokenHash }) => tokenHash))
  }

  /** Signs somebody out everywhere. */
  async endAll(of: Session): Promise<void> {
    this.ended(await this.#database.write((tx) => this.endAllIn(tx, of.user.id)))
  }

  /**
   * As part of a change of somebody's rights.
   *
   * @returns what `ended` is to be told when the change is stored
   */
  async endAllIn(tx: Queries, userId: string, except?: Session): Promise<string[]> {
    const rows = await tx
      .delete(sessions)
      .where(
        and(
          eq(sessions.userId, userId),
          except === undefined ? undefined : ne(sessions.tokenHash, except.tokenHash),
        ),
      )
      .returning({ tokenHash: sessions.tokenHash })
    return rows.map(({ tokenHash }) => tokenHash)
  }

  /** Closes what is open of sessions that are no longer stored. */
  ended(tokenHashes: readonly string[]): void {
    const nowMs = this.#clock.epochMs()
    for (const hash of tokenHashes) this.#glassUntilMs.delete(hash)
    for (const map of [this.#ended, this.#seenMs]) {
      for (const [hash, atMs] of map) if (nowMs - atMs > SESSION_MS) map.delete(hash)
    }
    for (const hash of this.#glassUntilMs.keys()) if (!this.#seenMs.has(hash)) this.#glassUntilMs.delete(hash)
    for (const hash of tokenHashes) this.#ended.set(hash, nowMs)
  }

  /** Whether a session that was good when its connection began still is. */
  isAlive({ tokenHash, expiresAt, lastSeenAt }: Session): boolean {
    this.#inUse.add(tokenHash)
    const nowMs = this.#clock.epochMs()
    return (
      !this.#ended.has(tokenHash) &&
      expiresAt.getTime() > nowMs &&
      !this.#isIdle(this.#seenMs.get(tokenHash) ?? lastSeenAt.getTime(), nowMs)
    )
  }

  /** Learns what other servers know, for `isAlive`: who has signed out there, and who is busy there. */
  async lookForEnded(): Promise<void> {
    const inUse = [...this.#inUse]
    this.#inUse.clear()
    if (inUse.length === 0) return
    const rows = await this.#database.queries
      .select({
        tokenHash: sessions.tokenHash,
        lastSeenAt: sessions.lastSeenAt,
        glassBrokenUntil: sessions.glassBrokenUntil,
      })
      .from(sessions)
      .where(inArray(sessions.tokenHash, inUse))
    const alive = new Map(rows.map(({ tokenHash, lastSeenAt }) => [tokenHash, lastSeenAt.getTime()]))
    for (const { tokenHash, glassBrokenUntil } of rows) {
      this.#glassUntilMs.set(tokenHash, msOf(glassBrokenUntil))
    }
    for (const [hash, seenMs] of alive) {
      this.#seenMs.set(hash, Math.max(seenMs, this.#seenMs.get(hash) ?? 0))
    }
    this.ended(inUse.filter((hash) => !alive.has(hash)))
  }

  /**
   * Before a change of what a sign-in asks for: a screen that was left open is not to become a way in that stays.
   *
   * @throws WARD_ERR_SIGN_IN_AGAIN
   */
  requireFresh({ signedInAt }: Session): void {
    if (this.#clock.epochMs() - signedInAt.getTime() <= FRESH_MS) return
    throw wardError('WARD_ERR_SIGN_IN_AGAIN', {
      what: 'You signed in more than a quarter of an hour ago',
      where: 'session',
    })
  }

  #isIdle(lastSeenMs: number, nowMs: number): boolean {
    return this.#idleMs !== null && nowMs - lastSeenMs > this.#idleMs
  }
}

export function userView({ id, name, displayName, role, wards }: UserRow): User {
  return { id, name, displayName, role, wards: wards === null ? null : [...wards] }
}

export function notSignedIn() {
  return wardError('WARD_ERR_NOT_SIGNED_IN', { what: 'Nobody is signed in', where: 'session' })
}

function msOf(date: Date | null): number {
  return date?.getTime() ?? 0
}

function sessionOf(row: SessionRow, user: UserRow): Session {
  return {
    user: userView(user),
    id: row.id,
    tokenHash: row.tokenHash,
    next: row.nextStep,
    means: row.means,
    signedInAt: row.createdAt,
    lastSeenAt: row.lastSeenAt,
    expiresAt: row.expiresAt,
    glassBrokenUntil: row.glassBrokenUntil,
  }
}

/** Tokens are random and long: a plain hash is enough, and quick on every request. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64')
}
