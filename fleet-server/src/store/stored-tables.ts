import { getTableName, is, sql, type SQL } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import type { Queries } from './database.ts'
import * as schema from './schema.ts'

export interface StoredColumn {
  readonly name: string
  /** As SQL names it: `timestamp(3) with time zone`. */
  readonly type: string
  readonly hasSequence: boolean
}

export interface StoredTable {
  readonly name: string
  readonly columns: readonly StoredColumn[]
}

/** Names of all of our tables, those of this version. */
export const TABLE_NAMES: readonly string[] = Object.values(schema)
  .filter((each) => is(each, PgTable))
  .map((table) => getTableName(table))

/** Of these tables those that the database has, each after the ones that it refers to. */
export async function storedTables(tx: Queries, names: readonly string[]): Promise<StoredTable[]> {
  const columns = await rowsOf<StoredColumn & { readonly table: string }>(
    tx,
    sql`select c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
          a.attidentity <> '' as "hasSequence"
        from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
          and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        order by c.relname, a.attnum`,
  )
  const references = await rowsOf<{ table: string; parent: string }>(
    tx,
    sql`select c.relname as "table", p.relname as parent
        from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class p on p.oid = k.confrelid
        where k.contype = 'f' and k.connamespace = current_schema()::regnamespace`,
  )
  const wanted = new Set(names)
  const found = new Map<string, StoredTable>()
  const visit = (name: string) => {
    if (found.has(name) || !wanted.has(name)) return
    for (const { table, parent } of references) if (table === name && parent !== name) visit(parent)
    const own = columns.filter(({ table }) => table === name)
    if (own.length > 0) found.set(name, { name, columns: own })
  }
  for (const name of names) visit(name)
  return [...found.values()]
}

/** What a statement answers, whichever engine is behind. */
export async function rowsOf<Row>(tx: Pick<Queries, 'execute'>, statement: SQL): Promise<readonly Row[]> {
  const { rows } = (await tx.execute(statement)) as { rows: Row[] }
  return rows
}
