import { wardError } from '@wardlight/core/errors'
import { sql } from 'drizzle-orm'
import { Compile } from 'typebox/compile'
import { withoutPassword } from '../without-password.ts'
import {
  BackupEndSchema,
  BackupHeadSchema,
  BackupTableSchema,
  NOT_KEPT,
  type BackupEnd,
  type BackupHead,
  type BackupSummary,
} from './backup.ts'
import { checkBackupFile, linesOfBackup } from './backup-file.ts'
import { openEngine, type DatabaseOptions, type Queries } from './database.ts'
import { migrate, readMigrations, type Migration } from './migrate.ts'
import { rowsOf, storedTables, TABLE_NAMES, type StoredTable } from './stored-tables.ts'

/** Rows are inserted by so many characters of them at a time. */
const BATCH_CHARACTERS = 1_000_000

const isHead = Compile(BackupHeadSchema)
const isTable = Compile(BackupTableSchema)
const isEnd = Compile(BackupEndSchema)

/**
 * Brings a backup into a database that has nothing in it yet, all of it or nothing, and then its schema up to date.
 *
 * @throws WARD_ERR_BACKUP when the file is damaged, of a newer Wardlight, or no backup; WARD_ERR_DATABASE when the database
 *   is not empty
 */
export async function restoreDatabase(file: string, options: DatabaseOptions): Promise<BackupSummary> {
  const sha256 = await checkBackupFile(file)
  const head = await readHead(file)
  const migrations = await migrationsOf(head, file)
  const { databaseUrl, dataDir } = options
  const engine = await openEngine(options)
  try {
    const rows = await engine.queries.transaction(async (tx) => {
      await refuseUnlessEmpty(tx, databaseUrl === undefined ? dataDir : withoutPassword(databaseUrl))
      // The tables as they were when it was written; whatever came later is done to its data as to any.
      await migrate(tx, migrations)
      const restored = await load(tx, file)
      await migrate(tx)
      return restored
    })
    await engine.durable()
    return { sha256, schemaVersion: head.schema.at(-1)!.version, rows }
  } finally {
    await engine.close()
  }
}

async function readHead(file: string): Promise<BackupHead> {
  for await (const line of linesOfBackup(file)) {
    const head = JSON.parse(line) as unknown
    if (isHead.Check(head)) return head
    break
  }
  throw wardError('WARD_ERR_BACKUP', {
    what: 'This is no backup that this Wardlight reads',
    where: file,
    remedy: 'Give a file that `wardlight backup` of this version or an older one wrote.',
  })
}

async function migrationsOf({ schema, wardlight }: BackupHead, file: string): Promise<Migration[]> {
  const known = new Map((await readMigrations()).map((migration) => [migration.name, migration]))
  return schema.map(({ name }) => {
    const migration = known.get(name)
    if (migration !== undefined) return migration
    throw wardError('WARD_ERR_BACKUP', {
      what: `The backup is of a newer Wardlight (${wardlight}): this one does not know ${name}`,
      where: file,
      remedy: 'Restore it with the version that wrote it, or a later one.',
    })
  })
}

async function refuseUnlessEmpty(tx: Queries, where: string | null): Promise<void> {
  const found = await rowsOf<{ name: string }>(
    tx,
    sql`select relname as name from pg_class
        where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm') limit 1`,
  )
  if (found.length === 0) return
  throw wardError('WARD_ERR_DATABASE', {
    what: `The database is not empty: it has ${found[0]!.name}. A backup is restored into an empty one only`,
    where: where ?? 'in memory',
    remedy: 'Give a new --data directory, or make a new database in PostgreSQL.',
  })
}

/** @returns how many rows each table has */
async function load(tx: Queries, file: string): Promise<BackupEnd['rows']> {
  const tables = new Map((await storedTables(tx, TABLE_NAMES)).map((table) => [table.name, table]))
  // What was recorded is brought back, and nothing is recorded of it.
  for (const name of tables.keys()) await switchTriggers(tx, name, 'disable')
  // Rows that migrations have made are in the backup, as they have become.
  for (const name of [...tables.keys()].toReversed()) {
    if (!NOT_KEPT.has(name)) await tx.execute(sql`delete from ${sql.identifier(name)}`)
  }

  const rows: Record<string, number> = {}
  let into: { readonly table: StoredTable; readonly columns: readonly string[] } | null = null
  let [batch, batchCharacters]: [string[], number] = [[], 0]
  const insert = async () => {
    if (into === null || batch.length === 0) return
    await insertRows(tx, into.table, into.columns, batch)
    rows[into.table.name] = (rows[into.table.name] ?? 0) + batch.length
    ;[batch, batchCharacters] = [[], 0]
  }
  let end: BackupEnd | null = null
  let isFirst = true
  for await (const line of linesOfBackup(file)) {
    if (isFirst) {
      isFirst = false
    } else if (line.startsWith('[')) {
      batch.push(line)
      batchCharacters += line.length
      if (batchCharacters > BATCH_CHARACTERS) await insert()
    } else {
      await insert()
      const said = JSON.parse(line) as unknown
      if (isTable.Check(said)) {
        const table = tables.get(said.table)
        if (table === undefined) throw doesNotFit(`there is no table ${said.table}`, file)
        into = { table, columns: said.columns }
        rows[said.table] = 0
      } else if (isEnd.Check(said)) end = said
    }
  }
  if (end === null) throw doesNotFit('it has no end', file)
  for (const [name, count] of Object.entries(end.rows)) {
    if (rows[name] !== count) throw doesNotFit(`${name} has ${rows[name]} rows and not ${count}`, file)
  }
  for (const { table, column, last, isUsed } of end.sequences) {
    await tx.execute(
      sql`select setval(pg_get_serial_sequence(quote_ident(${table}), ${column})::regclass, ${last}::bigint, ${isUsed})`,
    )
  }
  for (const name of tables.keys()) await switchTriggers(tx, name, 'enable')
  return rows
}

async function insertRows(
  tx: Queries,
  table: StoredTable,
  columns: readonly string[],
  lines: readonly string[],
): Promise<void> {
  const types = new Map(table.columns.map(({ name, type }) => [name, type]))
  const names = sql.join(
    columns.map((column) => sql.identifier(column)),
    sql`, `,
  )
  const values = sql.join(
    columns.map((column, index) => sql.raw(`(line ->> ${index})::${types.get(column)}`)),
    sql`, `,
  )
  await tx.execute(
    sql`insert into ${sql.identifier(table.name)} (${names}) overriding system value
        select ${values} from json_array_elements(${`[${lines.join(',')}]`}::json) as line`,
  )
}

async function switchTriggers(tx: Queries, table: string, to: 'disable' | 'enable'): Promise<void> {
  // Only ours: those of foreign keys go on looking.
  await tx.execute(sql`alter table ${sql.identifier(table)} ${sql.raw(to)} trigger user`)
}

function doesNotFit(why: string, file: string): Error {
  return wardError('WARD_ERR_BACKUP', { what: `The backup does not fit: ${why}`, where: file })
}
