import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { wardError } from '@wardlight/core/errors'
import {
  backUpDatabase,
  checkBackupFile,
  exportDatabase,
  restoreDatabase,
  type BackupSummary,
} from '@wardlight/fleet-server'
import { signIn } from './server-session.ts'
import { version } from './version.ts'

interface Stored {
  /** Where the embedded database lives; not used with DATABASE_URL. */
  readonly data: string
}

export interface BackupOptions extends Stored {
  /** A new file. */
  readonly out: string
  /** Of a running server, which then makes it: `http://host:port`. */
  readonly server?: string | undefined
  /** An administrator of that server. */
  readonly user?: string | undefined
}

/**
 * @returns what was done, in words
 * @throws WARD_ERR_OPTION, WARD_ERR_DATABASE, WARD_ERR_BACKUP
 */
export async function runBackup(
  { out, data, server, user }: BackupOptions,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  if ((server === undefined) !== (user === undefined)) {
    throw wardError('WARD_ERR_OPTION', {
      what: 'A server is asked for its backup by somebody',
      where: server === undefined ? '--server' : '--user',
      remedy: 'Give --server and --user together, and the password in WARDLIGHT_PASSWORD.',
    })
  }
  const what =
    server === undefined || user === undefined
      ? summaryWords(
          await backUpDatabase(out, {
            dataDir: path.resolve(data),
            databaseUrl: environment['DATABASE_URL'],
            wardlight: version,
            at: new Date().toISOString(),
          }),
        )
      : `SHA-256 ${await download(out, { server, user }, environment)}`
  return [
    `The database is in ${out}: ${what}`,
    'It has hashes of passwords and the key that signs proofs: keep it as you keep the database itself.',
    `THE KEY OF PATIENTS\u2019 DATA IS NOT IN IT. Keep data.key (or the file of --data-key) too, in another place: without it a restored server does not start on what it sealed.`,
    '',
  ].join('\n')
}

/** @returns what was done, in words @throws WARD_ERR_DATABASE, WARD_ERR_BACKUP */
export async function runRestore(
  file: string,
  { data }: Stored,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const summary = await restoreDatabase(file, {
    dataDir: path.resolve(data),
    databaseUrl: environment['DATABASE_URL'],
  })
  return [
    `All of ${file} is there again: ${summaryWords(summary)}`,
    'Before you start the server, put data.key back into its data directory (or give --data-key): IT IS NOT IN THE BACKUP.',
    'Look at every room before a robot is sent there: what happened since the backup nobody has told this database.',
    'Check the records: wardlight audit verify. Everybody has to sign in again.',
    '',
  ].join('\n')
}

/** @returns what was done, in words @throws WARD_ERR_DATABASE */
export async function runExport(
  folder: string,
  { data }: Stored,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const counts = await exportDatabase(folder, {
    dataDir: path.resolve(data),
    databaseUrl: environment['DATABASE_URL'],
  })
  return Object.entries(counts)
    .map(([name, count]) => `${path.join(folder, `${name}.ndjson`)}: ${count} lines\n`)
    .join('')
}

function summaryWords({ rows, schemaVersion, sha256 }: BackupSummary): string {
  const counts = Object.values(rows)
  const sum = counts.reduce((total, count) => total + count, 0)
  return `${sum} rows of ${counts.length} tables, schema ${schemaVersion}, SHA-256 ${sha256}`
}

/** All of the file or nothing of it. @returns its SHA-256 */
async function download(
  out: string,
  who: { readonly server: string; readonly user: string },
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  if (existsSync(out)) {
    throw wardError('WARD_ERR_BACKUP', {
      what: 'There is a file of this name already, and a backup overwrites nothing',
      where: out,
      remedy: 'Give another name, with the date for example.',
    })
  }
  const session = await signIn(who, environment)
  const part = `${out}.part`
  try {
    const { body } = await session.get('/api/backup')
    await pipeline(
      Readable.fromWeb(body as ReadableStream<Uint8Array>),
      createWriteStream(part, { mode: 0o600, flush: true }),
    )
    const sha256 = await checkBackupFile(part)
    await rename(part, out)
    return sha256
  } finally {
    await rm(part, { force: true })
    await session.end()
  }
}
