import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type OpenDatabase } from './database.ts'

describe('what is told to be durable', () => {
  let directory: string
  let database: OpenDatabase
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'wardlight-wal-'))
    database = await openDatabase({ dataDir: directory })
  })
  afterAll(async () => {
    await database.close()
    await rm(directory, { recursive: true, force: true })
  })

  it('can be read back from the files as they are at that moment, though the database was never closed', async () => {
    await database.write((tx) => tx.execute(sql`create table kept (id integer primary key)`))
    const writers = Array.from({ length: 20 }, async (_, id) => {
      await database.write((tx) => tx.execute(sql`insert into kept values (${id})`))
      await database.durable()
    })
    await Promise.all(writers)
    const copy = await mkdtemp(join(tmpdir(), 'wardlight-wal-'))
    // As a crash leaves it: neither the lock of the running process nor anything that it still had to write.
    await cp(join(directory, 'database'), join(copy, 'database'), { recursive: true })
    const again = await openDatabase({ dataDir: copy })
    try {
      const { rows } = (await again.queries.execute(sql`select count(*)::int as count from kept`)) as {
        rows: { count: number }[]
      }
      expect(rows[0]?.count).toBe(20)
    } finally {
      await again.close()
      await rm(copy, { recursive: true, force: true })
    }
  })
})
