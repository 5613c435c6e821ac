import { randomUUID } from 'node:crypto'
import { wardError } from '@wardlight/core/errors'
import { LONGEST_ZONE_HOLD_MIN, type NewZoneHold, type User } from '@wardlight/core/fleet'
import { and, eq, gt, isNull } from 'drizzle-orm'
import type { Database } from '../store/database.ts'
import { zoneHolds, type ZoneHoldRow } from '../store/schema.ts'
import { SerialQueue } from './serial-queue.ts'

const MINUTE_MS = 60_000

/** Which zones people have: stored first, then held. One that is over stays in the store. */
export class ZoneHolds {
  readonly #database: Database
  readonly #now: () => Date
  readonly #queue = new SerialQueue()
  readonly #open = new Map<string, ZoneHoldRow>()

  constructor(options: { database: Database; now: () => Date }) {
    this.#database = options.database
    this.#now = options.now
  }

  async load(): Promise<void> {
    const rows = await this.#database.queries
      .select()
      .from(zoneHolds)
      .where(and(isNull(zoneHolds.releasedAt), gt(zoneHolds.until, this.#now())))
    for (const row of rows) this.#open.set(row.zoneId, row)
  }

  /** `null`: robots may ask. */
  of(zoneId: string): ZoneHoldRow | null {
    const row = this.#open.get(zoneId)
    return row !== undefined && row.until > this.#now() ? row : null
  }

  /** When the next one ends; `null`: people have none. */
  nextEnd(): Date | null {
    const ends = [...this.#open.values()].map(({ until }) => until).filter((until) => until > this.#now())
    return ends.length === 0 ? null : new Date(Math.min(...ends.map((until) => until.getTime())))
  }

  /** @throws WARD_ERR_CONFLICT where people have it already, WARD_ERR_VALIDATION for an end that is past or too far */
  take(zoneId: string, { reason, until }: NewZoneHold, user: User): Promise<void> {
    return this.#queue.run(async () => {
      const now = this.#now()
      const before = this.of(zoneId)
      if (before !== null) {
        throw wardError('WARD_ERR_CONFLICT', {
          what: `${before.heldBy} has this zone already: ${before.reason}`,
          where: 'zoneId',
          remedy: 'Wait until it is given back, or speak with them.',
        })
      }
      const lengthMin = (Date.parse(until) - now.getTime()) / MINUTE_MS
      if (lengthMin <= 0 || lengthMin > LONGEST_ZONE_HOLD_MIN) {
        throw wardError('WARD_ERR_VALIDATION', {
          what: lengthMin <= 0 ? 'The end has passed' : 'The end is too far away',
          where: 'until',
          remedy: `Give an end within ${LONGEST_ZONE_HOLD_MIN / 60} hours.`,
        })
      }
      const row: ZoneHoldRow = {
        id: randomUUID(),
        zoneId,
        reason: reason.trim(),
        heldBy: user.displayName,
        since: now,
        until: new Date(until),
        releasedBy: null,
        releasedAt: null,
      }
      await this.#database.write((tx) => tx.insert(zoneHolds).values(row))
      this.#open.set(zoneId, row)
    })
  }

  /** Anybody may: who took it may be gone. Where nobody has it nothing happens. */
  giveBack(zoneId: string, user: User): Promise<void> {
    return this.#queue.run(async () => {
      const row = this.of(zoneId)
      if (row === null) return
      await this.#database.write((tx) =>
        tx
          .update(zoneHolds)
          .set({ releasedBy: user.displayName, releasedAt: this.#now() })
          .where(eq(zoneHolds.id, row.id)),
      )
      this.#open.delete(zoneId)
    })
  }
}
