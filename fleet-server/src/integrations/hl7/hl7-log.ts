import type { Hl7MessageView, Hl7Outcome } from '@wardlight/core/fleet'
import { desc, eq } from 'drizzle-orm'
import type { Database } from '../../store/database.ts'
import { hl7Messages, hl7Outbox, type Hl7MessageRow, type Hl7OutboxRow } from '../../store/schema.ts'

const SHOWN = 200

/** What came and what was sent, for people: nothing of a patient is in it. */
export class Hl7Log {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The newest, of both directions. @param outcome of one only; left out: of all */
  async newest(outcome?: Hl7Outcome): Promise<Hl7MessageView[]> {
    const { queries } = this.#database
    const received = await queries
      .select()
      .from(hl7Messages)
      .where(outcome === undefined ? undefined : eq(hl7Messages.outcome, outcome))
      .orderBy(desc(hl7Messages.receivedAt))
      .limit(SHOWN)
    const sent = await queries
      .select()
      .from(hl7Outbox)
      .where(outcome === undefined ? undefined : eq(hl7Outbox.status, outcome))
      .orderBy(desc(hl7Outbox.sequence))
      .limit(SHOWN)
    return [...received.map(receivedView), ...sent.map(sentView)]
      .toSorted((a, b) => b.at.localeCompare(a.at))
      .slice(0, SHOWN)
  }
}

function receivedView(row: Hl7MessageRow): Hl7MessageView {
  const { id, receivedAt, peer, type, controlId, roomIds, outcome, words, ackCode, attempts } = row
  return {
    id,
    direction: 'in',
    at: receivedAt.toISOString(),
    peer,
    type,
    controlId,
    roomIds: [...roomIds],
    outcome,
    words,
    ackCode,
    attempts,
  }
}

function sentView(row: Hl7OutboxRow): Hl7MessageView {
  const { sequence, createdAt, destination, controlId, roomId, status, bedStatus, lastError, ackCode } = row
  return {
    id: `out-${sequence}`,
    direction: 'out',
    at: createdAt.toISOString(),
    peer: destination,
    type: 'ADT^A20',
    controlId,
    roomIds: [roomId],
    outcome: status,
    words: `Bed status ${bedStatus}${lastError === null || status === 'sent' ? '' : `; ${lastError}`}`,
    ackCode,
    attempts: row.attempts,
  }
}
