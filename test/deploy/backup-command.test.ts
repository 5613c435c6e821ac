import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { startTestServer } from '../../fleet-server/src/testing/test-server.ts'
import { runAuditVerify } from '../../scripts/src/audit-command.ts'
import { runBackup, runRestore } from '../../scripts/src/backup-command.ts'

it(
  'backs up an embedded database through the server that has it, for an administrator alone',
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'wardlight-backup-'))
    const data = path.join(folder, 'data')
    const out = path.join(folder, 'backup')
    const server = await startTestServer({ dataDir: data })
    try {
      const asked = { out, data, server: server.url }
      await expect(
        runBackup({ ...asked, user: 'nurse' }, { WARDLIGHT_PASSWORD: 'nurse-demo' }),
      ).rejects.toThrow('may not do this')
      await expect(runBackup({ out, data }, {})).rejects.toMatchObject({ code: 'WARD_ERR_DATABASE' })
      await expect(runBackup(asked, {})).rejects.toMatchObject({ code: 'WARD_ERR_OPTION' })
      const words = await runBackup({ ...asked, user: 'admin' }, { WARDLIGHT_PASSWORD: 'admin-demo' })
      expect(words).toContain('THE KEY OF PATIENTS\u2019 DATA IS NOT IN IT')
      expect(statSync(out).mode & 0o777).toBe(0o600)
      await expect(
        runBackup({ ...asked, user: 'admin' }, { WARDLIGHT_PASSWORD: 'admin-demo' }),
      ).rejects.toMatchObject({ code: 'WARD_ERR_BACKUP' })
    } finally {
      await server.stop()
    }
    const spare = path.join(folder, 'spare')
    expect(await runRestore(out, { data: spare }, {})).toContain('rows of')
    expect((await runAuditVerify(undefined, { data: spare, json: false })).exitCode).toBe(0)
    rmSync(folder, { recursive: true })
  },
)
