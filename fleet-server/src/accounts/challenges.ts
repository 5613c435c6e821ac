import { randomBytes } from 'node:crypto'
import type { Clock } from '@wardlight/core/clock'
import { wardError } from '@wardlight/core/errors'
import { and, eq, gt, isNull, lt } from 'drizzle-orm'
import type { Database } from '../store/database.ts'
import { signInChallenges } from '../store/schema.ts'
import { hashToken } from './sessions.ts'

/** Proposed: as long as people may take before their phone, or at the hospital's own sign-in. */
export const CHALLENGE_MS = 10 * 60_000

export type ChallengePurpose =
  | 'passkey sign-in'
  | 'passkey second factor'
  | 'passkey registration'
  | 'provider'

/** What was asked of a browser. Each is answered once, on whichever server. */
export class Challenges {
  readonly #database: Database
  readonly #clock: Clock

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  /**
   * @param userId whose answer is waited for; `null`: anybody's
   * @returns by what it is known when the answer comes
   */
  async ask(
    purpose: ChallengePurpose,
    userId: string | null,
    content: Readonly<Record<string, string>>,
  ): Promise<string> {
    const id = randomBytes(24).toString('base64url')
    const nowMs = this.#clock.epochMs()
    await this.#database.write(async (tx) => {
      await tx.delete(signInChallenges).where(lt(signInChallenges.expiresAt, new Date(nowMs)))
      await tx.insert(signInChallenges).values({
        idHash: hashToken(id),
        purpose,
        userId,
        content,
        expiresAt: new Date(nowMs + CHALLENGE_MS),
      })
    })
    return id
  }

  /** @throws WARD_ERR_SIGN_IN where it was answered before, or asked too long ago, or of somebody else */
  async take(
    purpose: ChallengePurpose,
    userId: string | null,
    id: string,
  ): Promise<Readonly<Record<string, string>>> {
    const [row] = await this.#database.write((tx) =>
      tx
        .delete(signInChallenges)
        .where(
          and(
            eq(signInChallenges.idHash, hashToken(id)),
            eq(signInChallenges.purpose, purpose),
            userId === null ? isNull(signInChallenges.userId) : eq(signInChallenges.userId, userId),
            gt(signInChallenges.expiresAt, new Date(this.#clock.epochMs())),
          ),
        )
        .returning({ content: signInChallenges.content }),
    )
    if (row !== undefined) return row.content
    throw wardError('WARD_ERR_SIGN_IN', {
      what: 'This was answered before, or asked too long ago',
      where: 'session',
      remedy: 'Begin again.',
    })
  }
}
