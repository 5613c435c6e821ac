import { inArray, sql } from 'drizzle-orm'
import type { LedgerChange } from '../../services/ledger.ts'
import { hl7Beds, hl7Messages, hl7Visits, type Hl7MessageRow } from '../../store/schema.ts'

/** What some messages together write beside the rooms that they change: a statement for each table, not for each message. */
export class Hl7Batch {
  readonly change: LedgerChange
  readonly messages: Hl7MessageRow[] = []
  /** Ids of messages that were known, and came again. */
  readonly again: string[] = []
  readonly visits: (typeof hl7Visits.$inferInsert)[] = []
  /** By id: a message may name a bed twice. */
  readonly beds = new Map<string, typeof hl7Beds.$inferInsert>()

  constructor(change: LedgerChange) {
    this.change = change
  }

  /** Adds it all to the change. */
  store(): void {
    const { messages, again, visits, change } = this
    const { writes } = change
    const beds = [...this.beds.values()]
    if (visits.length > 0) {
      writes.push((tx) =>
        tx
          .insert(hl7Visits)
          .values(visits)
          .onConflictDoUpdate({ target: hl7Visits.id, set: fromNew('sealed', 'updated_at') }),
      )
    }
    if (beds.length > 0) {
      writes.push((tx) =>
        tx
          .insert(hl7Beds)
          .values(beds)
          .onConflictDoUpdate({ target: hl7Beds.id, set: fromNew('last_event_at') }),
      )
    }
    if (again.length > 0) {
      writes.push((tx) =>
        tx
          .update(hl7Messages)
          .set({ attempts: sql`${hl7Messages.attempts} + 1` })
          .where(inArray(hl7Messages.id, again)),
      )
    }
    if (messages.length > 0) {
      // One that was refused before, and comes again, was decided again.
      const set = fromNew(
        'received_at',
        'peer',
        'room_ids',
        'outcome',
        'words',
        'ack_code',
        'answer',
        'attempts',
        'sealed',
      )
      writes.push((tx) =>
        tx.insert(hl7Messages).values(messages).onConflictDoUpdate({ target: hl7Messages.fingerprint, set }),
      )
    }
  }
}

/** Columns as the row has them that was to be inserted; by their names in TypeScript, as Drizzle wants them. */
function fromNew(...columns: readonly string[]) {
  return Object.fromEntries(
    columns.map((column) => [
      column.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      sql.raw(`excluded.${column}`),
    ]),
  )
}
