import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmptyDatabase } from './empty-database.ts'

const postgresUrl = process.env['WARDLIGHT_POSTGRES_URL']

/** For `describe.each`: what holds on one database holds on the other. */
export const ENGINES = [
  { engine: 'PGlite', adminUrl: undefined, isSkipped: false },
  {
    engine: 'PostgreSQL (needs WARDLIGHT_POSTGRES_URL)',
    adminUrl: postgresUrl,
    isSkipped: postgresUrl === undefined,
  },
]

export interface TestStore {
  /** For `startTestServer` and `openDatabase`. */
  readonly options: { readonly dataDir: string | null; readonly databaseUrl?: string }
  remove(): Promise<void>
}

/** A database of its own that outlives the server on it: in a folder, or on the PostgreSQL of `adminUrl`. */
export async function createStore(adminUrl: string | undefined): Promise<TestStore> {
  if (adminUrl !== undefined) {
    const empty = await createEmptyDatabase(adminUrl)
    return { options: { dataDir: null, databaseUrl: empty.url }, remove: () => empty.drop() }
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'wardlight-test-'))
  return { options: { dataDir }, remove: () => rm(dataDir, { recursive: true, force: true }) }
}
