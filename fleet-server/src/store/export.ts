import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql, type SQL } from 'drizzle-orm'
import { openDatabase, type DatabaseOptions } from './database.ts'
import { linesOfQuery, setTextForms } from './query-lines.ts'

/** What goes into each file, as docs/operations.md describes it. */
const QUERIES: Readonly<Record<string, SQL>> = {
  rooms: sql`select id, name, state, since, reason, request_id, mission_id from rooms order by id`,
  requests: sql`select id, room_id, organism_id, target_log, target_mj_per_cm2, protocol ->> 'id' as protocol_id,
      status, failure, due_at, requested_at, requested_by, approved_at, approved_by, planned_s, is_floor_treated, is_by_fixed_unit
    from requests order by requested_at, id`,
  missions: sql`select id, request_id, step_number, room_id, level_id, robot_id, organism_id, target_log, method, phase,
      verdict, outcome, ordered_at, finished_at, extract(epoch from finished_at - ordered_at)::double precision as duration_s,
      stop_requested_at, stop_requested_by, released_at, released_by, release_note
    from missions order by ordered_at, id`,
  alarms: sql`select id, source, robot_id, raised_at, over_at, alarm ->> 'kind' as kind, alarm ->> 'priority' as priority,
      alarm ->> 'text' as text, alarm ->> 'acknowledgedAt' as acknowledged_at, alarm ->> 'acknowledgedBy' as acknowledged_by
    from alarms order by raised_at, id`,
  audit: sql`select sequence, at, hash, entry::json as entry from audit_entries order by sequence`,
}

/**
 * Writes rooms, requests, missions, alarms and the audit record as of one moment into a folder, each into a new file of
 * JSON lines. An embedded database must not be open in a server.
 *
 * @returns how many lines each file has
 * @throws WARD_ERR_DATABASE
 */
export async function exportDatabase(
  folder: string,
  options: DatabaseOptions,
): Promise<Readonly<Record<string, number>>> {
  await mkdir(folder, { recursive: true })
  const counts: Record<string, number> = {}
  const database = await openDatabase(options)
  try {
    await database.snapshot(async (tx) => {
      await setTextForms(tx)
      for (const [name, query] of Object.entries(QUERIES)) {
        const lines = linesOfQuery(tx, sql`select row_to_json(q)::jsonb::text as line from (${query}) as q`)
        const file = createWriteStream(join(folder, `${name}.ndjson`), { flags: 'wx', mode: 0o600 })
        counts[name] = 0
        await pipeline(
          Readable.from(lines),
          async function* ended(each: AsyncIterable<string>) {
            for await (const line of each) {
              counts[name]! += 1
              yield `${line}\n`
            }
          },
          file,
        )
      }
    })
  } finally {
    await database.close()
  }
  return counts
}
