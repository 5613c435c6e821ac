import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntryView, AuditPage, MissionView, RequestView } from '@wardlight/core/fleet'
import { verifyStoredAudit } from './audit/stored-audit.ts'
import { verifyLines } from './audit/audit-file.ts'
import type { FleetServer } from './server.ts'
import { openDatabase } from './store/database.ts'
import { createStore, ENGINES, type TestStore } from './testing/engines.ts'
import { doseReportFor, ScriptedRobot } from './testing/scripted-robot.ts'
import { TestClient, until } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

describe.each(ENGINES)('the audit record, on $engine', ({ adminUrl, isSkipped }) => {
  let store: TestStore
  let server: FleetServer
  let nurse: TestClient
  let admin: TestClient

  beforeAll(async () => {
    if (isSkipped) return
    store = await createStore(adminUrl)
    server = await startTestServer(store.options)
    nurse = await TestClient.signIn(server, 'nurse')
    admin = await TestClient.signIn(server, 'admin')
  })
  afterAll(async () => {
    if (isSkipped) return
    await server.stop()
    await store.remove()
  })

  const page = (query = '') => admin.ok<AuditPage>('GET', `/audit${query}`)
  /** Waits until it is there: what was asked for is recorded when the answer is out. */
  const found = (is: (entry: AuditEntryView) => boolean) =>
    until(async () => (await page()).entries.find((entry) => is(entry)))
  const asked = (did: string) => found(({ kind, who }) => kind === 'request' && who?.did === did)

  it.skipIf(isSkipped)('says who did what, from where, with before and after', async () => {
    await nurse.ok('PATCH', '/rooms/room-1', { state: 'occupied' })
    await nurse.ok('PATCH', '/rooms/room-1', { state: 'stat' })
    const change = await found(
      ({ change: made }) => made?.table === 'rooms' && JSON.stringify(made.after).includes('stat'),
    )
    expect(change).toMatchObject({
      kind: 'change',
      who: { name: 'Nora Nurse', role: 'nurse', from: '127.0.0.1', did: 'PATCH /api/rooms/:roomId' },
      change: { id: 'room-1', before: { state: 'occupied' }, after: { state: 'stat' } },
    })
    expect(await asked('PATCH /api/rooms/:roomId')).toMatchObject({
      who: { name: 'Nora Nurse' },
      request: { path: '/api/rooms/room-1', status: 200 },
    })
  })

  it.skipIf(isSkipped)(
    'records what was refused, and who tried to sign in, without any password',
    async () => {
      expect((await nurse.call('PUT', '/schedule/hours', {})).status).toBe(403)
      expect(await asked('PUT /api/schedule/hours')).toMatchObject({
        who: { name: 'Nora Nurse' },
        request: { status: 403 },
        change: null,
      })
      await expect(TestClient.signIn(server, 'nurse', 'my-real-password-elsewhere')).rejects.toThrow(
        'sign in',
      )
      const tried = await found(({ request }) => request?.path === '/api/session' && request.status === 401)
      expect(tried).toMatchObject({ who: { id: null }, request: { body: { name: 'nurse' } } })
      expect(JSON.stringify(await page())).not.toContain('my-real-password-elsewhere')
    },
  )

  it.skipIf(isSkipped)('records a whole treatment, and what robots cause as nobody’s', async () => {
    const robot = new ScriptedRobot()
    const { password } = await server.registerRobot(robot.address)
    await robot.connect(server.mqttUrl, password)
    await until(async () => (await nurse.robot(robot.id)).batteryFraction !== null)
    const request = await nurse.plannedRequest('room-1')
    const mission = await nurse.ok<MissionView>('POST', `/requests/${request.id}/approve`)
    const order = await until(() => robot.orders[0])
    robot.take(order)
    robot.setAction('awaitArming', 'FINISHED')
    robot.setAction('startUvDose', 'FINISHED', JSON.stringify(doseReportFor(order, robot.id)))
    await robot.state()
    await until(async () => (await nurse.mission(mission.id)).verdict)
    await nurse.ok('POST', `/missions/${mission.id}/release`, { note: 'read', missedSurfacesWiped: true })
    await found(({ change }) => change?.table === 'missions' && 'released_by' in (change.after as object))
    const { entries } = await page()
    const of = (table: string, field: string) =>
      entries.filter(
        ({ change }) => change?.table === table && field in ((change.after ?? {}) as Record<string, unknown>),
      )
    expect(of('requests', 'approved_by')[0]?.who?.name).toBe('Nora Nurse')
    expect(of('missions', 'released_by')[0]?.who?.name).toBe('Nora Nurse')
    // The robot's report makes the verdict.
    expect(of('missions', 'verdict').find(({ change }) => change?.before !== null)?.who).toBeNull()
    expect((await nurse.ok<RequestView>('GET', `/requests/${request.id}`)).status).toBe('approved')
    await robot.disconnect()
  })

  it.skipIf(isSkipped)('is read page by page, and by what it is about', async () => {
    const { entries, head } = await page()
    expect(head.sequence).toBeGreaterThanOrEqual(entries[0]!.sequence)
    const older = await page(`?before=${entries[1]!.sequence}`)
    expect(older.entries[0]?.sequence).toBe(entries[2]!.sequence)
    const ofSchedule = (await page('?about=/schedule/')).entries
    expect(ofSchedule.length).toBeGreaterThan(0)
    expect(ofSchedule.every((entry) => JSON.stringify(entry).includes('/schedule/'))).toBe(true)
    const ofNora = (await page('?who=nora&kind=change')).entries
    expect(new Set(ofNora.map(({ who, kind }) => `${kind} ${who?.name}`))).toEqual(
      new Set(['change Nora Nurse']),
    )
    const [newest, oldest] = [entries[0]!, entries.at(-1)!]
    const between = (await page(`?since=${oldest.at}&until=${newest.at}`)).entries
    expect(between.at(-1)?.at).toBe(oldest.at)
    expect(between.every(({ at }) => at >= oldest.at && at < newest.at)).toBe(true)
    expect((await admin.call('GET', '/audit?since=yesterday')).status).toBe(400)
    // Not a pattern.
    expect((await page('?about=%25')).entries).toEqual([])
  })

  it.skipIf(isSkipped)('can be taken away whole and checked elsewhere', async () => {
    const answer = await fetch(`${server.url}/api/audit/export`, { headers: { cookie: admin.cookie } })
    const lines = (await answer.text()).trimEnd().split('\n')
    const verify = (text: readonly string[]) =>
      verifyLines(
        (async function* () {
          yield* text
        })(),
      )
    expect((await verify(lines)).fault).toBeNull()
    const harmed = lines.map((line) => line.replace('Nora Nurse', 'Nils Nurse'))
    expect((await verify(harmed)).fault).not.toBeNull()
    expect((await verify(lines.toSpliced(3, 1))).fault).toMatchObject({ sequence: 4 })
  })

  it.skipIf(isSkipped)(
    'cannot be changed through the database, and shows it where somebody has got around that',
    async () => {
      await server.stop()
      const { options } = store
      const whole = await verifyStoredAudit(options)
      expect(whole.fault).toBeNull()
      const database = await openDatabase(options)
      for (const statement of [
        sql`update audit_entries set entry = 'x' where sequence = 2`,
        sql`delete from audit_entries where sequence = 2`,
        sql`truncate audit_entries`,
      ]) {
        await expect(database.queries.execute(statement)).rejects.toMatchObject({
          cause: { message: 'the audit record is append-only' },
        })
      }
      // A change that fails leaves no entry; one that is made without the server leaves one.
      await expect(
        database.write(async (tx) => {
          await tx.execute(sql`update rooms set reason = 'half' where id = 'room-1'`)
          throw new Error('half')
        }),
      ).rejects.toThrow('half')
      await database.queries.execute(sql`update rooms set reason = 'by hand' where id = 'room-1'`)
      // Whoever owns the database can switch the guard off.
      await database.queries.execute(sql`alter table audit_entries disable trigger audit_entries_stay`)
      await database.queries.execute(
        sql`update audit_entries set entry = entry || ' ' where sequence = ${whole.head.sequence}`,
      )
      await database.close()
      const harmed = await verifyStoredAudit(options)
      expect(harmed.head.sequence).toBe(whole.head.sequence - 1)
      expect(harmed.fault).toMatchObject({ sequence: whole.head.sequence })
      server = await startTestServer(store.options)
      const last = (await TestClient.signIn(server, 'admin')).ok<AuditPage>('GET', '/audit')
      expect((await last).entries.find(({ change }) => change?.table === 'rooms')).toMatchObject({
        who: null,
        change: { before: { reason: expect.anything() as unknown }, after: { reason: 'by hand' } },
      })
    },
  )
})
