import { existsSync } from 'node:fs'
import { wardError } from '@wardlight/core/errors'
import { sql } from 'drizzle-orm'
import Type, { type Static } from 'typebox'
import { withoutPassword } from '../without-password.ts'
import { writeBackupFile } from './backup-file.ts'
import { embeddedDatabaseIn, openEngine, type DatabaseOptions, type Queries } from './database.ts'
import { appliedMigrations, readMigrations } from './migrate.ts'
import { linesOfQuery, setTextForms } from './query-lines.ts'
import { rowsOf, storedTables, TABLE_NAMES, type StoredTable } from './stored-tables.ts'

/**
 * A backup is lines of JSON: this, then for each table a `BackupTable` and a line for each of its rows, at last a
 * `BackupEnd`. A row is an array of its columns' texts, as PostgreSQL writes and reads them.
 */
export const BackupHeadSchema = Type.Object({
  format: Type.Literal('wardlight-backup'),
  formatVersion: Type.Literal(1),
  /** Of what wrote it. */
  wardlight: Type.String(),
  /** ISO 8601. */
  at: Type.String(),
  /** The migrations that made the tables, in order. */
  schema: Type.Array(Type.Object({ version: Type.Integer(), name: Type.String() }), { minItems: 1 }),
})
export type BackupHead = Static<typeof BackupHeadSchema>

export const BackupTableSchema = Type.Object({ table: Type.String(), columns: Type.Array(Type.String()) })
export type BackupTable = Static<typeof BackupTableSchema>

export const BackupEndSchema = Type.Object({
  /** By table. */
  rows: Type.Record(Type.String(), Type.Integer()),
  /** Where the numbers that the database gives are. */
  sequences: Type.Array(
    Type.Object({
      table: Type.String(),
      column: Type.String(),
      last: Type.String(),
      isUsed: Type.Boolean(),
    }),
  ),
})
export type BackupEnd = Static<typeof BackupEndSchema>

/**
 * What does not belong to the hospital's data but to the moment. Who signed out must not be signed in again by a backup, and
 * a copy that somebody tries must not take itself for the servers that run.
 */
export const NOT_KEPT: ReadonlySet<string> = new Set(['sessions', 'sign_in_challenges', 'leadership'])

export interface BackupSummary {
  /** Of the file, hexadecimal. */
  readonly sha256: string
  readonly schemaVersion: number
  /** By table. */
  readonly rows: Readonly<Record<string, number>>
}

/**
 * Backs up a database as it is, without bringing its schema up to date: so that it can be done before an update, by the
 * old or the new version. An embedded one must not be open in a server.
 *
 * @param options.at now, ISO 8601
 * @throws WARD_ERR_DATABASE, WARD_ERR_BACKUP
 */
export async function backUpDatabase(
  file: string,
  options: DatabaseOptions & { readonly wardlight: string; readonly at: string },
): Promise<BackupSummary> {
  const { databaseUrl, dataDir } = options
  if (databaseUrl === undefined && (dataDir === null || !existsSync(embeddedDatabaseIn(dataDir)))) {
    throw noDatabase(dataDir ?? 'in memory')
  }
  const engine = await openEngine(options)
  try {
    return await engine.snapshot((tx) => writeBackup(tx, file, options))
  } catch (error) {
    throw isMissingTable(error)
      ? noDatabase(databaseUrl === undefined ? dataDir! : withoutPassword(databaseUrl))
      : error
  } finally {
    await engine.close()
  }
}

/**
 * Writes all that a transaction sees, one of `Database.snapshot`.
 *
 * @throws WARD_ERR_DATABASE when it was made by a newer Wardlight; WARD_ERR_BACKUP when the file is there already
 */
export async function writeBackup(
  tx: Queries,
  file: string,
  { wardlight, at }: Pick<BackupHead, 'wardlight' | 'at'>,
): Promise<BackupSummary> {
  const schema = await appliedMigrations(tx)
  const known = new Set((await readMigrations()).map(({ name }) => name))
  const unknown = schema.find(({ name }) => !known.has(name))
  if (unknown !== undefined) {
    throw wardError('WARD_ERR_DATABASE', {
      what: `The database was made by a newer Wardlight, and this one does not know all that is in it: ${unknown.name}`,
      where: 'table schema_versions',
      remedy: 'Back it up with the Wardlight that runs on it.',
    })
  }
  const tables = await storedTables(
    tx,
    TABLE_NAMES.filter((name) => !NOT_KEPT.has(name)),
  )
  const rows: Record<string, number> = {}
  const head: BackupHead = { format: 'wardlight-backup', formatVersion: 1, wardlight, at, schema }
  const sha256 = await writeBackupFile(file, backupLines(tx, head, tables, rows))
  return { sha256, schemaVersion: schema.at(-1)!.version, rows }
}

async function* backupLines(
  tx: Queries,
  head: BackupHead,
  tables: readonly StoredTable[],
  rows: Record<string, number>,
): AsyncGenerator<string> {
  await setTextForms(tx)
  yield JSON.stringify(head)
  for (const { name, columns } of tables) {
    yield JSON.stringify({ table: name, columns: columns.map((column) => column.name) } satisfies BackupTable)
    const texts = sql.join(
      columns.map((column) => sql`${sql.identifier(column.name)}::text`),
      sql`, `,
    )
    let count = 0
    const lines = linesOfQuery(
      tx,
      sql`select json_build_array(${texts})::text as line from ${sql.identifier(name)}`,
    )
    for await (const line of lines) {
      yield line
      count += 1
    }
    rows[name] = count
  }
  yield JSON.stringify({ rows, sequences: await sequencesOf(tx, tables) } satisfies BackupEnd)
}

async function sequencesOf(tx: Queries, tables: readonly StoredTable[]): Promise<BackupEnd['sequences']> {
  const sequences: BackupEnd['sequences'] = []
  for (const { name: table, columns } of tables) {
    for (const { name: column } of columns.filter(({ hasSequence }) => hasSequence)) {
      const [named] = await rowsOf<{ sequence: string }>(
        tx,
        sql`select pg_get_serial_sequence(quote_ident(${table}), ${column}) as sequence`,
      )
      // Not of the moment of the snapshot, but later: no number is given twice.
      const [state] = await rowsOf<{ last: string; isUsed: boolean }>(
        tx,
        sql.raw(`select last_value::text as last, is_called as "isUsed" from ${named!.sequence}`),
      )
      sequences.push({ table, column, ...state! })
    }
  }
  return sequences
}

function noDatabase(where: string): Error {
  return wardError('WARD_ERR_DATABASE', {
    what: 'There is no database of Wardlight',
    where,
    remedy: 'Say where it is: --data for an embedded one, DATABASE_URL for PostgreSQL.',
  })
}

/** PostgreSQL's code of a table that is not there. */
const UNDEFINED_TABLE = '42P01'

function isMissingTable(error: unknown): boolean {
  return ((error as { cause?: { code?: string } }).cause?.code ?? '') === UNDEFINED_TABLE
}
