import { AUDIT_PAGE, type AuditEntryView, type AuditPage, type AuditQuery } from '@wardlight/core/fleet'
import { and, asc, desc, eq, gt, gte, ilike, lt, sql } from 'drizzle-orm'
import type { Database } from '../store/database.ts'
import { auditEntries, auditHead } from '../store/schema.ts'
import type { Acting } from './acting.ts'
import type { ChainedEntry, ChainHead } from './audit-chain.ts'

/** Entries that are read at a time. */
const BATCH = 1000
/** JSON of what was said with a request is recorded up to so many characters. */
const MOST_SAID = 4000
const NOT_RECORDED = '(not recorded)'

/** What somebody asked for, and how it was answered. */
export interface AskedFor {
  readonly who: Acting
  readonly path: string
  readonly body: unknown
  readonly status: number
}

/**
 * The audit record. Changes are appended by the database itself (`0018-audit.sql`); here is what was asked for, and how
 * all of it is read.
 */
export class AuditLog {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async append({ who, path, body, status }: AskedFor): Promise<void> {
    const entry = JSON.stringify({ kind: 'request', who, path, body: sayable(body), status })
    await this.#database.write((tx) => tx.execute(sql`select audit_append(${entry}::jsonb)`))
  }

  /** Newest first. */
  async page({ before, about, who, kind, since, until }: AuditQuery): Promise<AuditPage> {
    const said = sql`${auditEntries.entry}::jsonb`
    const rows = await this.#database.queries
      .select()
      .from(auditEntries)
      .where(
        and(
          before === undefined ? undefined : lt(auditEntries.sequence, before),
          about === undefined ? undefined : ilike(auditEntries.entry, `%${literal(about)}%`),
          who === undefined ? undefined : ilike(sql`${said} -> 'who' ->> 'name'`, `%${literal(who)}%`),
          kind === undefined ? undefined : eq(sql`${said} ->> 'kind'`, kind),
          since === undefined ? undefined : gte(auditEntries.at, new Date(since)),
          until === undefined ? undefined : lt(auditEntries.at, new Date(until)),
        ),
      )
      .orderBy(desc(auditEntries.sequence))
      .limit(AUDIT_PAGE)
    return { entries: rows.map(viewOf), head: await this.head() }
  }

  async head(): Promise<ChainHead> {
    const [row] = await this.#database.queries
      .select({ sequence: auditHead.sequence, hash: auditHead.hash })
      .from(auditHead)
    return row!
  }

  /** Every entry up to the head, in order. */
  async *entries(head: ChainHead): AsyncGenerator<ChainedEntry> {
    yield* readEntries(this.#database, head)
  }
}

export async function* readEntries(
  { queries }: Pick<Database, 'queries'>,
  head: ChainHead,
): AsyncGenerator<ChainedEntry> {
  for (let last = 0; last < head.sequence;) {
    const rows = await queries
      .select({ sequence: auditEntries.sequence, hash: auditEntries.hash, entry: auditEntries.entry })
      .from(auditEntries)
      .where(gt(auditEntries.sequence, last))
      .orderBy(asc(auditEntries.sequence))
      .limit(BATCH)
    if (rows.length === 0) return
    for (const row of rows) {
      // What was appended since has its own head.
      if (row.sequence > head.sequence) return
      yield row
    }
    last = rows.at(-1)!.sequence
  }
}

/** As the text stands for itself in a pattern of `like`. */
function literal(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`)
}

const SECRET = /pass|secret|token|code|credential/i
/** Whoever has the whole address may send to it. What changes is recorded with a fingerprint (`0030-audit-without-secrets.sql`). */
const ADDRESS = 'webhookUrl'

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : NOT_RECORDED
}
/** Words of a hand-over are forgotten after a while; the record never is. */
const FORGOTTEN = /^notes$/

/** Without secrets, and not longer than somebody reads. */
function sayable(body: unknown): unknown {
  const text = JSON.stringify(body ?? null, (key, value: unknown) =>
    SECRET.test(key) || FORGOTTEN.test(key)
      ? NOT_RECORDED
      : typeof value !== 'string'
        ? value
        : key === ADDRESS
          ? hostOf(value)
          : value.replaceAll('\0', ''),
  )
  return text.length > MOST_SAID ? `${text.slice(0, MOST_SAID)}…` : (JSON.parse(text) as unknown)
}

type StoredEntry = Pick<AuditEntryView, 'at' | 'who' | 'kind'> &
  Partial<NonNullable<AuditEntryView['request']> & NonNullable<AuditEntryView['change']>>

function viewOf({ sequence, hash, entry }: typeof auditEntries.$inferSelect): AuditEntryView {
  const { at, who, kind, path, body, status, table, id, before, after } = JSON.parse(entry, (key, value) =>
    // Entries of before fingerprints were have whole addresses; what is hashed stays as it is.
    key === ADDRESS && typeof value === 'string' && /^https?:/.test(value)
      ? hostOf(value)
      : (value as unknown),
  ) as StoredEntry
  return {
    sequence,
    at,
    who,
    kind,
    request: kind === 'request' ? { path: path!, body: body ?? null, status: status! } : null,
    change:
      kind === 'change' ? { table: table!, id: id!, before: before ?? null, after: after ?? null } : null,
    hash,
  }
}
