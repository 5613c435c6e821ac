import { sql, type SQL } from 'drizzle-orm'
import type { Queries } from './database.ts'
import { rowsOf } from './stored-tables.ts'

/** Rows that are read at a time: those of `proofs` have some hundred kilobytes each. */
const BATCH = 50

/** From here on in a transaction texts of times and numbers are the same, whatever the server is set to. */
export async function setTextForms(tx: Queries): Promise<void> {
  for (const setting of ["datestyle = 'ISO, YMD'", "timezone = 'UTC'", 'extra_float_digits = 1']) {
    await tx.execute(sql.raw(`set local ${setting}`))
  }
}

/** The column `line` of a query, a few rows in memory at a time. One query at a time in a transaction. */
export async function* linesOfQuery(tx: Queries, query: SQL): AsyncGenerator<string> {
  await tx.execute(sql`declare lines no scroll cursor for ${query}`)
  for (;;) {
    const batch = await rowsOf<{ line: string }>(tx, sql.raw(`fetch ${BATCH} from lines`))
    if (batch.length === 0) break
    for (const { line } of batch) yield line
  }
  await tx.execute(sql`close lines`)
}
