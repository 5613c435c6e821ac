import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { wardError } from '@wardlight/core/errors'
import { sql } from 'drizzle-orm'
import { drizzle as drizzleNodePostgres } from 'drizzle-orm/node-postgres'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { Pool } from 'pg'
import { whoActs } from '../audit/acting.ts'
import { lockDataDirectory } from './data-lock.ts'
import { withoutPassword } from '../without-password.ts'
import { migrate } from './migrate.ts'
import { WalSync } from './wal-sync.ts'

/** A transaction that its process leaves lying is ended by PostgreSQL: it would keep others from what it has locked. */
const ABANDONED_AFTER_MS = 5000

/** The folder of PGlite's files. */
export function embeddedDatabaseIn(dataDir: string): string {
  return join(dataDir, 'database')
}

/** Where queries go: the database itself, or a transaction on it. One dialect, whichever engine is behind. */
export type Queries = PgDatabase<PgQueryResultHKT>

export interface Database {
  /** For reading. What writes goes through `write`, the one door that can be shut (`cluster/fence.ts`). */
  readonly queries: Pick<Queries, 'select'>
  /** Does the work in one transaction. */
  write<Result>(work: (tx: Queries) => Promise<Result>): Promise<Result>
  /** Reads in one transaction, which sees all as it was at one moment, whatever is written meanwhile. */
  snapshot<Result>(work: (tx: Queries) => Promise<Result>): Promise<Result>
  /** Resolves when all that was written before is safe from a loss of power: for who is told that it is. */
  durable(): Promise<void>
}

/** The database as this process opened it: without a fence, and to be closed. */
export interface OpenDatabase extends Database {
  readonly queries: Queries
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** PostgreSQL, as `postgres://user:password@host/database`; without it PGlite is used. */
  readonly databaseUrl?: string | undefined
  /** Where PGlite keeps its files; `null`: in memory. */
  readonly dataDir: string | null
}

/**
 * Opens the database and brings its schema up to date.
 *
 * @throws WARD_ERR_DATABASE when it cannot be reached, is in use, or was made by a newer Wardlight.
 */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const { queries, snapshot, durable, close } = await openEngine(options)
  try {
    await migrate(queries)
    return {
      queries,
      write: (work) =>
        queries.transaction(async (tx) => {
          const who = whoActs()
          // For the audit record, which the database keeps itself (`0018-audit.sql`).
          if (who !== null) {
            await tx.execute(sql`select set_config('wardlight.actor', ${JSON.stringify(who)}, true)`)
          }
          return work(tx)
        }),
      snapshot,
      durable,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

type Engine = Pick<OpenDatabase, 'queries' | 'snapshot' | 'durable' | 'close'>

/** The database as it is: its schema is left alone. @throws WARD_ERR_DATABASE */
export async function openEngine(options: DatabaseOptions): Promise<Engine> {
  const { queries, ...rest } =
    options.databaseUrl === undefined
      ? await openPglite(options.dataDir)
      : await openPostgres(options.databaseUrl)
  return {
    queries,
    snapshot: (work) =>
      queries.transaction(work, { isolationLevel: 'repeatable read', accessMode: 'read only' }),
    ...rest,
  }
}

async function openPglite(dataDir: string | null): Promise<Omit<Engine, 'snapshot'>> {
  const lock = dataDir === null ? null : await lockDataDirectory(dataDir)
  try {
    const databaseDir = dataDir === null ? null : embeddedDatabaseIn(dataDir)
    const client = await PGlite.create(databaseDir === null ? {} : { dataDir: databaseDir })
    const wal = databaseDir === null ? null : new WalSync(databaseDir)
    return {
      queries: drizzlePglite(client),
      durable: async () => wal?.sync(),
      close: async () => {
        await client.close()
        await lock?.release()
      },
    }
  } catch (cause) {
    await lock?.release()
    throw wardError('WARD_ERR_DATABASE', {
      what: `The embedded database cannot be opened: ${String(cause)}`,
      where: dataDir ?? 'in memory',
      remedy: 'Check that the directory can be written to and the disk is not full; else restore a backup.',
      cause,
    })
  }
}

async function openPostgres(databaseUrl: string): Promise<Omit<Engine, 'snapshot'>> {
  const pool = new Pool({
    connectionString: databaseUrl,
    idle_in_transaction_session_timeout: ABANDONED_AFTER_MS,
  })
  // An idle connection that breaks is replaced by the pool; unheard, its event would end the process.
  pool.on('error', () => {})
  // One that breaks in the middle of a transaction tells it by the next statement.
  pool.on('connect', (client) => client.on('error', () => {}))
  try {
    await pool.query('select 1')
  } catch (cause) {
    await pool.end()
    throw wardError('WARD_ERR_DATABASE', {
      what: `PostgreSQL does not answer: ${String(cause)}`,
      where: withoutPassword(databaseUrl),
      cause,
    })
  }
  // PostgreSQL answers a commit when it is on the disk.
  return { queries: drizzleNodePostgres(pool), durable: async () => {}, close: () => pool.end() }
}
