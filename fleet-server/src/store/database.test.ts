import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmptyDatabase, type EmptyDatabase } from '../testing/empty-database.ts'
import { openDatabase, type OpenDatabase } from './database.ts'
import { migrate, readMigrations } from './migrate.ts'
import {
  contaminationEvents,
  hospitalOrganisms,
  hospitalProtocols,
  leadership,
  missions,
  passkeys,
  recoveryCodes,
  requests,
  robots,
  rooms,
  scheduleHours,
  schedulePlans,
  scheduleRuns,
  sessions,
  signInChallenges,
  signInTries,
  siteValidations,
  totpFactors,
  users,
} from './schema.ts'

const databaseUrl = process.env['WARDLIGHT_POSTGRES_URL']

const engines: readonly (readonly [string, string | undefined])[] = [
  ['PGlite', undefined],
  ['PostgreSQL (needs WARDLIGHT_POSTGRES_URL)', databaseUrl],
]

describe.each(engines)('the database on %s', (name, url) => {
  const isSkipped = name !== 'PGlite' && url === undefined
  let empty: EmptyDatabase | null = null
  let database: OpenDatabase

  beforeAll(async () => {
    if (isSkipped) return
    empty = url === undefined ? null : await createEmptyDatabase(url)
    database = await openDatabase({ dataDir: null, databaseUrl: empty?.url })
  })
  afterAll(async () => {
    await database?.close()
    await empty?.drop()
  })

  it.skipIf(isSkipped)('has every column that the code names', async () => {
    for (const table of [
      users,
      sessions,
      signInTries,
      totpFactors,
      recoveryCodes,
      passkeys,
      signInChallenges,
      robots,
      rooms,
      requests,
      missions,
      hospitalOrganisms,
      hospitalProtocols,
      siteValidations,
      contaminationEvents,
      schedulePlans,
      scheduleRuns,
      scheduleHours,
      leadership,
    ]) {
      await expect(database.queries.select().from(table).limit(1)).resolves.toBeInstanceOf(Array)
    }
  })

  it.skipIf(isSkipped)('changes nothing when it is up to date', async () => {
    await expect(migrate(database.queries)).resolves.toBeUndefined()
  })

  it.skipIf(isSkipped)('takes a migration whole or not at all', async () => {
    const known = await readMigrations()
    const next = {
      version: 9999,
      name: '9999-broken.sql',
      sql: 'create table half (id int);\nselect nonsense;\n',
    }
    await expect(migrate(database.queries, [...known, next])).rejects.toThrow('select nonsense')
    await expect(database.queries.execute(sql`select * from half`)).rejects.toThrow('select * from half')
  })

  it.skipIf(isSkipped)('is refused by a Wardlight that is older', async () => {
    await expect(migrate(database.queries, [])).rejects.toMatchObject({
      code: 'WARD_ERR_DATABASE',
      what: expect.stringContaining('knows versions up to 0') as string,
    })
  })
})

it('brings a database of schema 1 up to date and loses nothing', async () => {
  const client = await PGlite.create()
  const queries = drizzle(client)
  const known = await readMigrations()
  await migrate(queries, known.slice(0, 1))
  await queries.execute(
    sql`insert into requests (id, room_id, organism_id, target_log, status, requested_by, requested_by_id, requested_at, approved_by, approved_at)
        values ('r1', 'room-1', 'mrsa', 3, 'planned', 'Nurse', 'n', now(), null, null),
               ('r2', 'room-1', 'mrsa', 3, 'approved', 'Nurse', 'n', now(), 'Nora', '2026-01-05T04:00:00+01:00')`,
  )
  await queries.execute(sql`update requests set plan = '{"plannedS": 60}', mission_id = 'm2' where id = 'r2'`)
  await queries.execute(
    sql`insert into robots (id, manufacturer, serial_number, registered_at) values ('w.uv', 'w', 'uv', now())`,
  )
  await queries.execute(
    sql`insert into missions (id, request_id, room_id, level_id, robot_id, organism_id, target_log, plan, treatment_order, phase, phase_since, progress, ordered_at, updated_at)
        values ('m2', 'r2', 'room-1', 'L1', 'w.uv', 'mrsa', 3, '{"plannedS": 60}', '{}', 'dosing', now(), '{"arming": "started", "stops": []}', now(), now())`,
  )
  await migrate(queries)
  const rows = await queries.select().from(requests).orderBy(requests.id)
  expect(rows).toEqual([
    expect.objectContaining({
      id: 'r1',
      organismId: 'mrsa',
      planOptions: null,
      isFloorTreated: false,
      protocol: null,
      approvals: [],
      steps: [{ id: 'light', method: 'uv', plan: null, missionId: null }],
    }),
    expect.objectContaining({
      id: 'r2',
      // Who had approved before accounts were kept with it is still named.
      approvals: [{ by: 'Nora', userId: '', role: 'nurse', at: '2026-01-05T03:00:00.000Z', note: null }],
      steps: [
        {
          id: 'light',
          method: 'uv',
          plan: { method: 'uv', treatment: { plannedS: 60 } },
          missionId: 'm2',
        },
      ],
    }),
  ])
  // A mission that ran meanwhile is light, its only step, and nothing is gassed by it.
  expect(await queries.select().from(missions)).toEqual([
    expect.objectContaining({
      id: 'm2',
      method: 'uv',
      stepNumber: 0,
      stepCount: 1,
      plan: { method: 'uv', treatment: { plannedS: 60 } },
      progress: { arming: 'started', stops: [], gas: null },
      mayBeGassed: false,
      gasSamples: [],
    }),
  ])
  await client.close()
})

it('says which PostgreSQL does not answer, without its password', async () => {
  await expect(
    openDatabase({ dataDir: null, databaseUrl: 'postgres://ward:secret@127.0.0.1:1/none' }),
  ).rejects.toMatchObject({ code: 'WARD_ERR_DATABASE', where: 'postgres://ward@127.0.0.1:1/none' })
})
