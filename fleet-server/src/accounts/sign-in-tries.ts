import { createHash } from 'node:crypto'
import type { Clock } from '@wardlight/core/clock'
import { wardError } from '@wardlight/core/errors'
import { eq, inArray, lt } from 'drizzle-orm'
import type { Database, Queries } from '../store/database.ts'
import { signInTries } from '../store/schema.ts'
import { countTry, NO_TRIES, uncountTry, type TryCount } from './try-limit.ts'

/** After a week without a try all of them are forgotten, by `try-limit.ts`. */
const KEPT_MS = 7 * 24 * 3_600_000

/** Holds up who guesses passwords or codes, through restarts and on every server. */
export class SignInTries {
  readonly #database: Database
  readonly #clock: Clock

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  /**
   * Before each look at what was typed.
   *
   * @param key by `passwordTries` or `codeTries`
   * @throws WARD_ERR_TOO_MANY, the same whether anybody has the name or not
   */
  async begin(key: string): Promise<void> {
    const nowMs = this.#clock.epochMs()
    const waitMs = await this.#database.write(async (tx) => {
      // The row first, so that two tries at once wait for each other.
      await tx
        .insert(signInTries)
        .values({ key, ...columns(NO_TRIES) })
        .onConflictDoNothing()
      const before = await read(tx, key)
      const after = countTry(before, nowMs)
      if (after === null) return before.nextMs - nowMs
      await tx.update(signInTries).set(columns(after)).where(eq(signInTries.key, key))
      return 0
    })
    if (waitMs === 0) return
    throw wardError('WARD_ERR_TOO_MANY', {
      what: 'Too many tries failed for this name',
      where: 'session',
      remedy: `Try again in ${Math.ceil(waitMs / 60_000)} min, or ask an administrator to unlock it.`,
    })
  }

  /** It was right. */
  async succeeded(key: string): Promise<void> {
    const nowMs = this.#clock.epochMs()
    await this.#database.write(async (tx) => {
      const before = await read(tx, key)
      await tx
        .update(signInTries)
        .set(columns(uncountTry(before, nowMs)))
        .where(eq(signInTries.key, key))
      await tx.delete(signInTries).where(lt(signInTries.countedAt, new Date(nowMs - KEPT_MS)))
    })
  }

  async forget(tx: Queries, keys: readonly string[]): Promise<void> {
    await tx.delete(signInTries).where(inArray(signInTries.key, [...keys]))
  }

  /** Which of them are locked, and until when. */
  async locked(keys: readonly string[]): Promise<ReadonlyMap<string, Date>> {
    if (keys.length === 0) return new Map()
    const rows = await this.#database.queries
      .select()
      .from(signInTries)
      .where(inArray(signInTries.key, [...keys]))
    const nowMs = this.#clock.epochMs()
    return new Map(
      rows.filter(({ nextAt }) => nextAt.getTime() > nowMs).map(({ key, nextAt }) => [key, nextAt]),
    )
  }
}

export function passwordTries(name: string): string {
  // Some type their password where the name belongs: it is not to be kept.
  return `password ${createHash('sha256').update(name.normalize('NFC')).digest('base64')}`
}

export function codeTries(userId: string): string {
  return `code ${userId}`
}

async function read(tx: Queries, key: string): Promise<TryCount> {
  const [row] = await tx.select().from(signInTries).where(eq(signInTries.key, key)).for('update')
  if (row === undefined) return NO_TRIES
  return { count: row.count, countedMs: row.countedAt.getTime(), nextMs: row.nextAt.getTime() }
}

function columns({ count, countedMs, nextMs }: TryCount) {
  return { count, countedAt: new Date(countedMs), nextAt: new Date(nextMs) }
}
