import { hkdfSync, randomBytes } from 'node:crypto'
import { open, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { wardError } from '@wardlight/core/errors'

/** Of AES-256. */
const KEY_BYTES = 32
const FILE_NAME = 'data.key'

/** What seals data of patients, and what names them; neither tells of the other. */
export interface DataKeys {
  readonly sealing: Buffer
  readonly naming: Buffer
}

/**
 * The key of the data at rest: as given, else the file `data.key` of the data directory, which is made where it is not
 * there yet. Without a directory the data does not outlive the process, and neither need the key.
 *
 * @param given 32 bytes as hex or base64
 * @throws WARD_ERR_CONFIG
 */
export async function dataKeys(given: string | undefined, dataDir: string | null): Promise<DataKeys> {
  const key =
    given !== undefined
      ? readKey(given, 'the data key that was given')
      : dataDir === null
        ? randomBytes(KEY_BYTES)
        : await keyInDirectory(dataDir)
  const derived = (purpose: string) => Buffer.from(hkdfSync('sha256', key, '', purpose, KEY_BYTES))
  return { sealing: derived('wardlight sealed data'), naming: derived('wardlight names of visits') }
}

/**
 * Those of a server; `null` where it is one of several and was given none: with a key that only it has, nobody could
 * sign in as soon as another one leads.
 *
 * @throws WARD_ERR_CONFIG
 */
export async function serverKeys({
  dataKey,
  dataDir,
  databaseUrl,
  mqttUrl,
}: {
  readonly dataKey?: string | undefined
  readonly dataDir: string | null
  readonly databaseUrl?: string | undefined
  readonly mqttUrl?: string | undefined
}): Promise<DataKeys | null> {
  const isOneOfSeveral = databaseUrl !== undefined && mqttUrl !== undefined
  return dataKey === undefined && isOneOfSeveral ? null : dataKeys(dataKey, dataDir)
}

async function keyInDirectory(dataDir: string): Promise<Buffer> {
  const file = join(dataDir, FILE_NAME)
  try {
    await mkdir(dataDir, { recursive: true })
    const made = randomBytes(KEY_BYTES)
    // Whoever begins at the same moment finds it there.
    const handle = await open(file, 'wx', 0o600)
    try {
      await handle.writeFile(`${made.toString('hex')}\n`)
      // What is sealed must never be there without it.
      await handle.sync()
    } finally {
      await handle.close()
    }
    return made
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') {
      return readKey(await readFile(file, 'utf8'), file)
    }
    throw wardError('WARD_ERR_CONFIG', {
      what: `The key of the data at rest can be neither read nor made: ${String(cause)}`,
      where: file,
      remedy: 'Check that the directory can be written to.',
      cause,
    })
  }
}

function readKey(text: string, where: string): Buffer {
  const trimmed = text.trim()
  const key = /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, 'hex') : Buffer.from(trimmed, 'base64')
  if (key.length === KEY_BYTES) return key
  throw wardError('WARD_ERR_CONFIG', {
    what: `The key of the data at rest has ${key.length} bytes, not ${KEY_BYTES}`,
    where,
    remedy: 'Give 32 random bytes as hex or base64, for example by `openssl rand -hex 32`.',
  })
}
