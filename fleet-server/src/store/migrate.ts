import { readFile, readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { wardError } from '@wardlight/core/errors'
import { asc, max, sql } from 'drizzle-orm'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import type { Queries } from './database.ts'

/** The SQL stays with the sources; from `dist/store` the way is the same. */
const MIGRATIONS_DIRECTORY = fileURLToPath(new URL('../../src/store/migrations/', import.meta.url))

const schemaVersions = pgTable('schema_versions', {
  version: integer('version').primaryKey(),
  name: text('name').notNull(),
})

export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
}

/** The migrations that this code knows, in order: `0001-name.sql`. */
export async function readMigrations(directory = MIGRATIONS_DIRECTORY): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).toSorted()
  return Promise.all(
    names.map(async (name) => ({
      version: Number.parseInt(name, 10),
      name,
      sql: await readFile(`${directory}/${name}`, 'utf8'),
    })),
  )
}

/** The migrations that made the tables as they are, in order. */
export function appliedMigrations(queries: Queries): Promise<{ version: number; name: string }[]> {
  return queries
    .select({ version: schemaVersions.version, name: schemaVersions.name })
    .from(schemaVersions)
    .orderBy(asc(schemaVersions.version))
}

/**
 * Brings the schema to the newest version, all in one transaction: a migration that fails changes nothing.
 *
 * @throws WARD_ERR_DATABASE when the database is newer than this code.
 */
export async function migrate(queries: Queries, migrations?: readonly Migration[]): Promise<void> {
  const known = migrations ?? (await readMigrations())
  await queries.transaction(async (tx) => {
    // Several servers may start at once on one PostgreSQL; the number only has to be Wardlight's own.
    await tx.execute(sql`select pg_advisory_xact_lock(505030)`)
    await tx.execute(
      sql`create table if not exists schema_versions (version integer primary key, name text not null)`,
    )
    const [row] = await tx.select({ version: max(schemaVersions.version) }).from(schemaVersions)
    const current = row?.version ?? 0
    const newest = known.at(-1)?.version ?? 0
    if (current > newest) {
      throw wardError('WARD_ERR_DATABASE', {
        what: `The database has schema version ${current}, this Wardlight knows versions up to ${newest}`,
        where: 'table schema_versions',
        remedy: 'Run the newer Wardlight again, or restore the backup from before its update.',
      })
    }
    for (const { version, name, sql: text } of known) {
      if (version <= current) continue
      for (const statement of statements(text)) await tx.execute(sql.raw(statement))
      await tx.insert(schemaVersions).values({ version, name })
    }
  })
}

/** A migration ends each statement with `;` at the end of a line; between `$$` and `$$` it is a function's. */
function statements(text: string): string[] {
  const found: string[] = []
  let statement = ''
  let isInFunction = false
  for (const line of text.split('\n').filter((each) => !each.trimStart().startsWith('--'))) {
    statement += `${line}\n`
    if (line.split('$$').length % 2 === 0) isInFunction = !isInFunction
    if (isInFunction || !line.trimEnd().endsWith(';')) continue
    found.push(statement.trim())
    statement = ''
  }
  return [...found, statement.trim()].filter((each) => each !== '')
}
