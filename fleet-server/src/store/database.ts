import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { wardError } from '@wardlight/core/errors'
import { drizzle as drizzleNodePostgres } from 'drizzle-orm/node-postgres'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { Pool } from 'pg'
import { lockDataDirectory } from './data-lock.ts'
import { migrate } from './migrate.ts'

/** Where queries go: the database itself, or a transaction on it. One dialect, whichever engine is behind. */
export type Queries = PgDatabase<PgQueryResultHKT>

export interface Database {
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
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const database =
    options.databaseUrl === undefined
      ? await openPglite(options.dataDir)
      : await openPostgres(options.databaseUrl)
  try {
    await migrate(database.queries)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

async function openPglite(dataDir: string | null): Promise<Database> {
  const lock = dataDir === null ? null : await lockDataDirectory(dataDir)
  try {
    const client = await PGlite.create(dataDir === null ? {} : { dataDir: join(dataDir, 'database') })
    return {
      queries: drizzlePglite(client),
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

async function openPostgres(databaseUrl: string): Promise<Database> {
  const pool = new Pool({ connectionString: databaseUrl })
  // An idle connection that breaks is replaced by the pool; unheard, its event would end the process.
  pool.on('error', () => {})
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
  return { queries: drizzleNodePostgres(pool), close: () => pool.end() }
}

function withoutPassword(databaseUrl: string): string {
  try {
    const url = new URL(databaseUrl)
    url.password = ''
    return url.href
  } catch {
    return 'DATABASE_URL'
  }
}
