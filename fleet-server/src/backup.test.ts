import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditPage, MissionView, RoomView } from '@wardlight/core/fleet'
import type { ChainVerdict } from './audit/audit-file.ts'
import { verifyStoredAudit } from './audit/stored-audit.ts'
import type { FleetServer } from './server.ts'
import { backUpDatabase, NOT_KEPT, writeBackup } from './store/backup.ts'
import { linesOfBackup, writeBackupFile } from './store/backup-file.ts'
import { openDatabase, type DatabaseOptions } from './store/database.ts'
import { exportDatabase } from './store/export.ts'
import { restoreDatabase } from './store/restore.ts'
import { rowsOf } from './store/stored-tables.ts'
import { ENGINES } from './testing/engines.ts'
import { createEmptyDatabase, type EmptyDatabase } from './testing/empty-database.ts'
import { doseReportFor, ScriptedRobot } from './testing/scripted-robot.ts'
import { TestClient, until } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

/** Each PGlite takes seconds to begin on a machine that is busy. */
const TIMEOUT_MS = 180_000
const postgresUrl = process.env['WARDLIGHT_POSTGRES_URL']
const BACKED_UP = { wardlight: '0.0.0-test', at: '2026-01-05T03:00:00.000Z' }

/** What a server answers from its database alone. */
const TOLD = [
  '/rooms',
  '/requests',
  '/missions',
  '/proofs/newest',
  '/organisms',
  '/validations',
  '/protocols',
  '/contamination/events',
  '/alarms',
  '/zones',
  '/hl7/messages',
  '/hl7/mapping',
]

describe.each(ENGINES)('a backup of $engine', { timeout: TIMEOUT_MS }, ({ adminUrl, isSkipped }) => {
  const undo: (() => Promise<unknown>)[] = []
  let folder: string
  let store: DatabaseOptions
  let server: FleetServer
  let missionId: string
  let was: ChainVerdict
  let metrics: string
  const told = new Map<string, unknown>()
  let underLoad: string
  let atRest: string

  async function tell(client: TestClient, path: string): Promise<unknown> {
    if (path !== '/rooms') return client.ok<unknown>('GET', path)
    // Of the others nothing is stored yet: they are dirty since the server began.
    return Promise.all(['room-1', 'room-2'].map((id) => client.room(id)))
  }
  const paths = () => [...TOLD, `/missions/${missionId}/report`, `/missions/${missionId}/proofs`]

  async function emptyStore(isPostgres: boolean): Promise<DatabaseOptions> {
    if (!isPostgres) return { dataDir: await mkdtemp(join(folder, 'data-')) }
    const empty: EmptyDatabase = await createEmptyDatabase(postgresUrl!)
    undo.push(() => empty.drop())
    return { dataDir: null, databaseUrl: empty.url }
  }

  beforeAll(async () => {
    if (isSkipped) return
    folder = await mkdtemp(join(tmpdir(), 'wardlight-backup-'))
    undo.push(() => rm(folder, { recursive: true, force: true }))
    store = await emptyStore(adminUrl !== undefined)
    server = await startTestServer(store)
    const nurse = await TestClient.signIn(server, 'nurse')
    const admin = await TestClient.signIn(server, 'admin')
    missionId = await runMission(server, nurse)
    await nurse.ok('POST', '/contamination/rooms/room-2/isolation', { organismIds: ['mrsa'] })
    await admin.ok('PATCH', '/rooms/room-1', { name: 'Eins\u2028"\\ \u{1F9A0}' })

    underLoad = join(folder, 'under-load')
    const work = { isOver: false }
    let writes = 0
    const busy = (async () => {
      while (!work.isOver) {
        await nurse.ok('PATCH', '/rooms/room-2', { state: writes % 2 === 0 ? 'occupied' : 'dirty' })
        writes += 1
      }
    })()
    await until(() => writes > 2)
    const answer = await fetch(`${server.url}/api/backup`, { headers: { cookie: admin.cookie } })
    await writeFile(underLoad, Buffer.from(await answer.arrayBuffer()))
    const writesThen = writes
    await until(() => writes > writesThen + 2)
    work.isOver = true
    await busy
    // Who took it away is told, like every change.
    await until(async () =>
      (await admin.ok<AuditPage>('GET', '/audit')).entries.some(
        ({ who, kind }) => kind === 'request' && who?.did === 'GET /api/backup',
      ),
    )
    metrics = await (await fetch(`${server.url}/metrics`)).text()
    for (const path of paths()) told.set(path, await tell(admin, path))
    await server.stop()
    atRest = join(folder, 'at-rest')
    await backUpDatabase(atRest, { ...store, ...BACKED_UP })
    was = await verifyStoredAudit(store)
  }, TIMEOUT_MS)
  afterAll(async () => {
    for (const step of undo.toReversed()) await step()
  })

  it.skipIf(isSkipped)('has what the metrics count of it, on each engine', () => {
    expect(metrics).toMatch(/^wardlight_missions_finished_total\{method="uv",verdict="\w+"\} 1$/m)
  })

  it.skipIf(isSkipped)('that was made while people worked is of one moment', async () => {
    const target = await emptyStore(false)
    await restoreDatabase(underLoad, target)
    expect(await verifyStoredAudit(target)).toMatchObject({ fault: null })
    const database = await openDatabase(target)
    const [room] = await rowsOf<{ state: string }>(
      database.queries,
      sql`select state from rooms where id = 'room-2'`,
    )
    const [entry] = await rowsOf<{ state: string }>(
      database.queries,
      sql`select entry::json -> 'after' ->> 'state' as state from audit_entries
          where entry::json ->> 'table' = 'rooms' and entry::json ->> 'id' = 'room-2'
          order by sequence desc limit 1`,
    )
    await database.close()
    expect(entry).toEqual(room)
  })

  it.skipIf(isSkipped)('is what is exported for analyses', async () => {
    const out = join(folder, `export-${adminUrl === undefined}`)
    const counts = await exportDatabase(out, store)
    const lines = async (name: string) =>
      (await readFile(join(out, `${name}.ndjson`), 'utf8')).split('\n').filter((line) => line !== '')
    for (const [name, count] of Object.entries(counts)) {
      expect([name, (await lines(name)).length]).toEqual([name, count])
    }
    expect(counts).toMatchObject({ requests: 1, missions: 1, audit: was.head.sequence })
    const [mission] = (await lines('missions')).map((line) => JSON.parse(line) as object)
    const [view] = told.get('/missions') as MissionView[]
    expect(mission).toMatchObject({
      id: view!.id,
      room_id: view!.roomId,
      robot_id: view!.robotId,
      verdict: view!.verdict,
      duration_s: expect.any(Number) as number,
    })
    const entries = (await lines('audit')).map((line) => JSON.parse(line) as { sequence: number })
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index + 1))
    // Nothing is overwritten.
    await expect(exportDatabase(out, store)).rejects.toThrow('EEXIST')
  })

  it.skipIf(isSkipped).each([
    { into: 'PGlite', isPostgres: false },
    { into: 'PostgreSQL', isPostgres: true },
  ])('restored into $into is the same hospital, and it goes on', async ({ isPostgres }) => {
    if (isPostgres && postgresUrl === undefined) {
      process.stderr.write('SKIPPED: restoring into PostgreSQL needs WARDLIGHT_POSTGRES_URL\n')
      return
    }
    const target = await emptyStore(isPostgres)
    const { rows } = await restoreDatabase(atRest, target)
    expect(rows['missions']).toBe(1)
    expect(was.head.sequence).toBeGreaterThan(10)
    // Nothing was recorded of the restoring, and all is there that was.
    expect(await verifyStoredAudit(target)).toEqual(was)

    const again = await startTestServer(target)
    try {
      const admin = await TestClient.signIn(again, 'admin')
      const nurse = await TestClient.signIn(again, 'nurse')
      for (const path of paths()) expect([path, await tell(admin, path)]).toEqual([path, told.get(path)])
      // Numbers that the database gives go on, and what people change is recorded again.
      await nurse.ok('POST', '/contamination/rooms/room-2/lift')
      await nurse.ok<RoomView>('PATCH', '/rooms/room-2', { state: 'stat' })
      await until(async () =>
        (await admin.ok<AuditPage>('GET', '/audit')).entries.some(
          ({ change }) => change?.table === 'rooms' && JSON.stringify(change.after).includes('stat'),
        ),
      )
    } finally {
      await again.stop()
    }
    const verdict = await verifyStoredAudit(target, [was.head])
    expect(verdict.fault).toBeNull()
    expect(verdict.head.sequence).toBeGreaterThan(was.head.sequence)
    const database = await openDatabase(target)
    await expect(database.queries.execute(sql`delete from audit_entries`)).rejects.toThrow(
      'delete from audit',
    )
    await database.close()
    await expect(restoreDatabase(atRest, target)).rejects.toMatchObject({
      code: 'WARD_ERR_DATABASE',
      what: expect.stringContaining('not empty') as string,
    })
  })

  it.skipIf(isSkipped)(
    'that fails in the middle, or is of a newer Wardlight, leaves the database empty',
    async () => {
      const target = await emptyStore(adminUrl !== undefined)
      const lines: string[] = []
      for await (const line of linesOfBackup(atRest)) lines.push(line)
      let number = 0
      async function* each(changed: readonly string[]) {
        yield* changed
      }
      const restoring = async (changed: readonly string[]) => {
        const file = join(folder, `changed-${adminUrl === undefined}-${(number += 1)}`)
        await writeBackupFile(file, each(changed))
        return restoreDatabase(file, target)
      }
      const wrong = { code: 'WARD_ERR_BACKUP' }
      await expect(restoring(lines.slice(0, -1))).rejects.toMatchObject(wrong)
      await expect(restoring(lines.filter((line) => !line.includes('room-2')))).rejects.toMatchObject(wrong)
      const [head = '', ...others] = lines
      const newer = JSON.parse(head) as { schema: { version: number; name: string }[] }
      newer.schema.push({ version: 9999, name: '9999-later.sql' })
      await expect(restoring([JSON.stringify(newer), ...others])).rejects.toMatchObject(wrong)
      await expect(restoring(others)).rejects.toMatchObject(wrong)
      // A row twice is refused by the database itself, in the middle of all.
      const twice = lines.flatMap((line) => (line.startsWith('["room-2"') ? [line, line] : [line]))
      await expect(restoring(twice)).rejects.toThrow('insert into "rooms"')
      await expect(restoreDatabase(atRest, target)).resolves.toMatchObject({ rows: { missions: 1 } })
    },
  )
})

it('has every table of the database but those of the moment', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wardlight-backup-'))
  const database = await openDatabase({ dataDir: null })
  const there = await rowsOf<{ name: string }>(
    database.queries,
    sql`select relname as name from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'schema_versions'`,
  )
  const { rows } = await database.snapshot((tx) => writeBackup(tx, join(folder, 'backup'), BACKED_UP))
  await database.close()
  await rm(folder, { recursive: true, force: true })
  // A table that is not in `schema.ts` would not be backed up.
  const kept = there.map(({ name }) => name).filter((name) => !NOT_KEPT.has(name))
  expect(Object.keys(rows).toSorted()).toEqual(kept.toSorted())
})

it('is not made where there is no database, and makes none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wardlight-backup-'))
  await expect(
    backUpDatabase(join(folder, 'backup'), { dataDir: folder, ...BACKED_UP }),
  ).rejects.toMatchObject({ code: 'WARD_ERR_DATABASE', where: folder })
  expect(await readdir(folder)).toEqual([])
  await rm(folder, { recursive: true, force: true })
})

/** One room by light, proven. @returns its mission */
async function runMission(server: FleetServer, nurse: TestClient): Promise<string> {
  const robot = new ScriptedRobot()
  const { password } = await server.registerRobot(robot.address)
  await robot.connect(server.mqttUrl, password)
  await robot.state()
  await until(async () => (await nurse.robot(robot.id)).batteryFraction === 0.9)
  const request = await nurse.plannedRequest('room-1')
  const mission = await nurse.ok<MissionView>('POST', `/requests/${request.id}/approve`)
  robot.take(await until(() => robot.orders.find(({ orderId }) => orderId === mission.id)))
  await robot.state()
  const order = robot.orders.find(({ orderId }) => orderId === mission.id)!
  robot.setAction('awaitArming', 'FINISHED')
  robot.setAction('startUvDose', 'FINISHED', JSON.stringify(doseReportFor(order, robot.id)))
  await robot.state()
  await until(async () => (await nurse.mission(mission.id)).verdict !== null)
  await until(async () => (await nurse.ok<unknown[]>('GET', `/missions/${mission.id}/proofs`)).length > 0)
  await robot.disconnect()
  return mission.id
}
