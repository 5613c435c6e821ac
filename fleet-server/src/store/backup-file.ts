import { createHash, type Hash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { wardError } from '@wardlight/core/errors'
import { textLines } from '../text-lines.ts'

/** SHA-256 as hexadecimal digits, and the end of the line. */
const SEAL_BYTES = 65

/**
 * Writes lines, compressed by gzip, and behind them the SHA-256 of all bytes before. The file is there whole or not at
 * all, and its owner alone may read it.
 *
 * @returns that SHA-256, hexadecimal
 * @throws WARD_ERR_BACKUP when there is such a file already; whatever the lines throw
 */
export async function writeBackupFile(file: string, lines: AsyncIterable<string>): Promise<string> {
  if (existsSync(file)) {
    throw wardError('WARD_ERR_BACKUP', {
      what: 'There is a file of this name already, and a backup overwrites nothing',
      where: file,
      remedy: 'Give another name, with the date for example.',
    })
  }
  const part = `${file}.part`
  await rm(part, { force: true })
  try {
    const handle = await open(part, 'wx', 0o600)
    const hash = createHash('sha256')
    let sha256: string
    try {
      await pipeline(Readable.from(withEnds(lines)), createGzip(), (chunks: AsyncIterable<Buffer>) =>
        writeChunks(handle, hash, chunks),
      )
      sha256 = hash.digest('hex')
      await handle.appendFile(`${sha256}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(part, file)
    return sha256
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

/**
 * @returns its SHA-256, hexadecimal
 * @throws WARD_ERR_BACKUP when a byte is not as it was written, or it cannot be read
 */
export async function checkBackupFile(file: string): Promise<string> {
  try {
    const { handle, sealedBytes } = await openSealedFile(file)
    try {
      const seal = Buffer.alloc(SEAL_BYTES)
      await handle.read(seal, 0, SEAL_BYTES, sealedBytes)
      const hash = createHash('sha256')
      const chunks = handle.createReadStream({ start: 0, end: sealedBytes - 1, autoClose: false })
      for await (const chunk of chunks as AsyncIterable<Buffer>) hash.update(chunk)
      const sha256 = hash.digest('hex')
      if (seal.toString('latin1') === `${sha256}\n`) return sha256
    } finally {
      await handle.close()
    }
  } catch (cause) {
    throw wardError('WARD_ERR_BACKUP', {
      what: `The backup cannot be read: ${String(cause)}`,
      where: file,
      cause,
    })
  }
  throw wardError('WARD_ERR_BACKUP', {
    what: 'The backup is damaged or not whole: its bytes are not those that were written',
    where: file,
  })
}

/** The lines of a file that was checked. */
export async function* linesOfBackup(file: string): AsyncGenerator<string> {
  const { handle, sealedBytes } = await openSealedFile(file)
  await handle.close()
  const source = createReadStream(file, { end: sealedBytes - 1 })
  const unzipped = createGunzip()
  source.on('error', (error) => unzipped.destroy(error))
  try {
    yield* textLines(source.pipe(unzipped) as AsyncIterable<Buffer>)
  } finally {
    source.destroy()
  }
}

async function* withEnds(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}

async function writeChunks(handle: FileHandle, hash: Hash, chunks: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of chunks) {
    hash.update(chunk)
    await handle.appendFile(chunk)
  }
}

async function openSealedFile(
  file: string,
): Promise<{ readonly handle: FileHandle; readonly sealedBytes: number }> {
  const handle = await open(file, 'r')
  const { size } = await handle.stat()
  if (size > SEAL_BYTES) return { handle, sealedBytes: size - SEAL_BYTES }
  await handle.close()
  throw new Error(`it has ${size} bytes`)
}
