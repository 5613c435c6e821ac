import { PGlite } from '@electric-sql/pglite'
import { getTableName, is, sql } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import { drizzle } from 'drizzle-orm/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyEntries } from '../audit/audit-file.ts'
import { AuditLog } from '../audit/audit-log.ts'
import type { Database, Queries } from './database.ts'
import { migrate, readMigrations } from './migrate.ts'
import * as schema from './schema.ts'
import { rowsOf, storedTables, TABLE_NAMES, type StoredTable } from './stored-tables.ts'

/** Where a column wants more than anything of its type. A table that a new migration makes needs no more than this. */
const VALUES: Readonly<Record<string, string | null>> = {
  'users.role': 'nurse',
  'sessions.user_id': 'the id',
  'sessions.next_step': 'secondFactor',
  'sessions.means': 'password',
  'totp_factors.user_id': 'the id',
  'recovery_codes.user_id': 'the id',
  'passkeys.user_id': 'the id',
  'sign_in_challenges.user_id': 'the id',
  'missions.request_id': 'the id',
  'missions.robot_id': 'the id',
  'notification_rules.id': '1',
  'notifications.status': 'waiting',
  // Told at an address.
  'notifications.device_id': null,
  'missions.progress': '{"arming": "started", "stops": []}',
}

/** The database keeps it itself. */
const KEPT_BY_ITSELF: ReadonlySet<string> = new Set(['audit_entries', 'audit_head'])

function valueOf(table: string, { name, type }: StoredTable['columns'][number]): string | null {
  const wanted = VALUES[`${table}.${name}`]
  if (wanted !== undefined) return wanted
  if (type.startsWith('timestamp')) return '2026-01-05 03:00:00.123+00'
  if (type === 'integer' || type === 'bigint') return '7'
  if (type === 'double precision') return '3.25'
  if (type === 'boolean') return 'true'
  return type === 'json' ? '{"plannedS": 60}' : `the ${name}`
}

/** Whether migrations leave nothing of a row on purpose: sessions that do not say where they were begun have ended. */
function isGone(table: string, from: number): boolean {
  return table === 'sessions' && from < 16
}

/** What migrations make of a value on purpose. */
function becomes(table: string, column: string, value: string | null, from: number): string | null {
  // A mission was light, before there was anything else.
  if (table === 'missions' && from < 4) {
    const json = JSON.parse((column === 'plan' || column === 'progress' ? value : null) ?? 'null') as object
    if (column === 'plan') return JSON.stringify({ method: 'uv', treatment: json })
    if (column === 'progress') return JSON.stringify({ ...json, gas: null })
  }
  return value
}

const migrations = await readMigrations()

describe('a database of an earlier version', () => {
  let client: PGlite
  let queries: Queries
  beforeAll(async () => {
    client = await PGlite.create()
    queries = drizzle(client)
  })
  afterAll(() => client.close())

  async function textsOf(tx: Queries, table: string, columns: readonly string[]): Promise<(string | null)[]> {
    const texts = sql.join(
      columns.map((column) => sql`${sql.identifier(column)}::text`),
      sql`, `,
    )
    const [row] = await rowsOf<{ row: (string | null)[] }>(
      tx,
      sql`select json_build_array(${texts}) as row from ${sql.identifier(table)}`,
    )
    return row?.row ?? []
  }

  it.each(migrations.map(({ version, name }) => ({ version, name })))(
    'is brought up to date from $name, and loses nothing',
    async ({ version }) => {
      // One engine for all: each version has a schema of its own in it.
      await queries.execute(sql.raw(`create schema of_${version}`))
      await queries.execute(sql.raw(`set search_path to of_${version}`))
      await migrate(
        queries,
        migrations.filter((migration) => migration.version <= version),
      )
      const tables = (await storedTables(queries, TABLE_NAMES)).filter(
        ({ name }) => !KEPT_BY_ITSELF.has(name),
      )
      for (const { name, columns } of tables) {
        const names = sql.join(
          columns.map((column) => sql.identifier(column.name)),
          sql`, `,
        )
        const values = sql.join(
          columns.map((column) => sql`${valueOf(name, column)}::text::${sql.raw(column.type)}`),
          sql`, `,
        )
        await queries.execute(
          sql`insert into ${sql.identifier(name)} (${names}) overriding system value values (${values})`,
        )
      }

      await migrate(queries)

      const now = new Map((await storedTables(queries, TABLE_NAMES)).map((table) => [table.name, table]))
      for (const { name, columns } of tables) {
        const left = columns.filter((column) =>
          now.get(name)?.columns.some((each) => each.name === column.name),
        )
        // `requests.plan` went into its step.
        expect([name, columns.length - left.length]).toEqual([
          name,
          name === 'requests' && version < 4 ? 1 : 0,
        ])
        const expected = left.map((column) => becomes(name, column.name, valueOf(name, column), version))
        const found = await textsOf(
          queries,
          name,
          left.map((column) => column.name),
        )
        expect([name, found.map(comparable)]).toEqual([
          name,
          (isGone(name, version) ? [] : expected).map(comparable),
        ])
      }
      const [request] = await queries.select({ steps: schema.requests.steps }).from(schema.requests)
      expect(JSON.stringify(request)).toContain('"plannedS":60')
      // The code of today reads all of it.
      for (const table of Object.values(schema)) {
        if (!is(table, PgTable)) continue
        const rows = await queries.select().from(table)
        expect([getTableName(table), rows]).toEqual([getTableName(table), expect.any(Array)])
      }
      const log = new AuditLog({ queries } as unknown as Database)
      const head = await log.head()
      expect((await verifyEntries(log.entries(head), head, [])).fault).toBeNull()
      expect(head.sequence > 0).toBe(version >= 18)
    },
  )
})

/** JSON by what it says, whatever its order and blanks. */
function comparable(text: string | null): unknown {
  return text?.startsWith('{') === true ? (JSON.parse(text) as unknown) : text
}
