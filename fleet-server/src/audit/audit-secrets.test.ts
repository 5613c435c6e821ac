import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditPage, NotificationSecret } from '@wardlight/core/fleet'
import type { FleetServer } from '../server.ts'
import { openEngine } from '../store/database.ts'
import { migrate, readMigrations } from '../store/migrate.ts'
import { rowsOf } from '../store/stored-tables.ts'
import { createStore, ENGINES, type TestStore } from '../testing/engines.ts'
import { TestClient, until } from '../testing/test-client.ts'
import { startTestServer } from '../testing/test-server.ts'
import { verifyStoredAudit } from './stored-audit.ts'

/** The first that keeps addresses out of the record. */
const WITHOUT_SECRETS = 30

describe.each(ENGINES)('secrets and the audit record, on $engine', ({ adminUrl, isSkipped }) => {
  let store: TestStore
  let server: FleetServer
  let admin: TestClient

  beforeAll(async () => {
    if (isSkipped) return
    store = await createStore(adminUrl)
    // An entry as it was written before.
    const engine = await openEngine(store.options)
    const known = await readMigrations()
    await migrate(
      engine.queries,
      known.filter(({ version }) => version < WITHOUT_SECRETS),
    )
    const rules = JSON.stringify({ steps: [{ to: 'old', webhookUrl: 'https://pager.example/old-token' }] })
    await engine.queries.execute(
      sql`insert into notification_rules (id, rules, secret, changed_at) values (1, ${rules}, 'old-secret', now())`,
    )
    await engine.close()
    server = await startTestServer(store.options)
    admin = await TestClient.signIn(server, 'admin')
  })
  afterAll(async () => {
    if (isSkipped) return
    await store.remove()
  })

  const changes = async () =>
    (await admin.ok<AuditPage>('GET', '/audit?kind=change&about=notification_rules')).entries.map(
      ({ change }) => change!,
    )

  it.skipIf(isSkipped)(
    'tells which address became another one, and none that somebody could send to',
    async () => {
      const step = { afterMin: 0, to: 'nurses', priority: 'low', wards: null }
      const urls = [
        'https://pager.example/hooks/first-token',
        'https://pager.example/hooks/second-token',
        'https://pager.example:8443?key=third-token',
        String.raw`https://other.example\\fourth-token`,
        'https:///fifth.example/fifth-token',
      ]
      for (const webhookUrl of urls) {
        await admin.ok('PUT', '/notifications/rules', { steps: [{ ...step, webhookUrl }] })
      }
      await admin.call('POST', '/notifications/test', {
        to: 'x',
        webhookUrl: 'http://127.0.0.1:1/test-token',
      })
      const refused = { steps: [{ ...step, webhookUrl: 'https://me:pass-token@pager.example/' }] }
      expect((await admin.call('PUT', '/notifications/rules', refused)).status).toBe(400)
      const { secret } = await admin.ok<NotificationSecret>('POST', '/notifications/secret')

      const shown = (await changes())
        .flatMap(({ after }) => (after as { rules?: { steps: { webhookUrl: string }[] } }).rules?.steps ?? [])
        .map(({ webhookUrl }) => webhookUrl)
        .toReversed()
      expect(shown.slice(1)).toEqual([
        expect.stringMatching(/^pager\.example, fingerprint [0-9a-f]{12}$/),
        expect.stringMatching(/^pager\.example, fingerprint /),
        expect.stringMatching(/^pager\.example:8443, fingerprint /),
        expect.stringMatching(/^other\.example, fingerprint /),
        expect.stringMatching(/^, fingerprint /),
      ])
      expect(new Set(shown).size).toBe(shown.length)
      // One that was written whole is hashed whole; who reads is told its host.
      expect(shown[0]).toBe('pager.example')
      const asked = await until(async () => {
        const { entries } = await admin.ok<AuditPage>('GET', '/audit?kind=request&about=/notifications/')
        return entries.length === urls.length + 3 && entries
      })
      expect(JSON.stringify(asked)).toContain('"webhookUrl":"pager.example:8443"')
      expect(JSON.stringify(await admin.ok('GET', '/audit'))).not.toMatch(/-token|old-secret/)

      const exported = await fetch(`${server.url}/api/audit/export`, { headers: { cookie: admin.cookie } })
      const lines = (await exported.text()).split('\n')
      expect(lines.filter((line) => /-token|old-secret/.test(line))).toHaveLength(1)
      expect(lines.join('\n')).not.toContain(secret)
    },
  )

  it.skipIf(isSkipped)('keeps the chain over entries of before and after', async () => {
    await server.stop()
    const { head, fault } = await verifyStoredAudit(store.options)
    expect(fault).toBeNull()
    expect(head.sequence).toBeGreaterThan(8)
    const engine = await openEngine(store.options)
    // Nor does the record have what fingerprints are made with.
    const [row] = await rowsOf<{ found: number }>(
      engine.queries,
      sql`select count(*)::integer as found from audit_entries, notification_rules
        where position(fingerprint_key in entry) > 0 or position(secret in entry) > 0`,
    )
    expect(row).toEqual({ found: 0 })
    await engine.close()
  })
})
