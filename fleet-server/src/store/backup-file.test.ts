import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkBackupFile, linesOfBackup, writeBackupFile } from './backup-file.ts'

describe('the file of a backup', () => {
  let folder: string
  let number = 0
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wardlight-backup-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const newFile = () => join(folder, `backup-${(number += 1)}`)

  async function linesOf(file: string): Promise<string[]> {
    const lines: string[] = []
    for await (const line of linesOfBackup(file)) lines.push(line)
    return lines
  }

  async function* each(lines: readonly string[]): AsyncGenerator<string> {
    yield* lines
  }

  it('gives back the lines that were written', async () => {
    // Ends of lines are not in them: they are JSON.
    const line = fc
      .string({ unit: 'binary' })
      .map((text) => JSON.stringify(text))
      .filter((text) => !text.includes('\n'))
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1 }), async (lines) => {
        const file = newFile()
        const sha256 = await writeBackupFile(file, each(lines))
        expect(await checkBackupFile(file)).toBe(sha256)
        expect(await linesOf(file)).toEqual(lines)
      }),
      { numRuns: 20 },
    )
  })

  it('keeps what is longer than a chunk, and words with every end of line that Unicode has', async () => {
    const lines = [JSON.stringify('ü\u2028\u2029\u0085€'.repeat(50_000)), '"next"']
    const file = newFile()
    await writeBackupFile(file, each(lines))
    expect(await linesOf(file)).toEqual(lines)
  })

  it('is refused when any byte is another one, or when its end or anything else is missing', async () => {
    const file = newFile()
    await writeBackupFile(file, each(['{"table":"rooms"}', '["room-1"]']))
    const bytes = await readFile(file)
    const damaged = newFile()
    const expectRefusal = async (content: Uint8Array) => {
      await writeFile(damaged, content)
      await expect(checkBackupFile(damaged)).rejects.toMatchObject({ code: 'WARD_ERR_BACKUP' })
    }
    for (let at = 0; at < bytes.length; at += 1) {
      for (const bit of [1, 0x20, 0x80]) {
        const copy = Buffer.from(bytes)
        copy[at]! ^= bit
        await expectRefusal(copy)
      }
      await expectRefusal(bytes.subarray(0, at))
    }
    await expectRefusal(Buffer.concat([bytes, Buffer.from('\n')]))
    await expect(checkBackupFile(newFile())).rejects.toMatchObject({ code: 'WARD_ERR_BACKUP' })
  })

  it('overwrites nothing, leaves nothing half done, and is for its owner alone', async () => {
    const file = newFile()
    await writeBackupFile(file, each(['1']))
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await expect(writeBackupFile(file, each(['2']))).rejects.toMatchObject({ code: 'WARD_ERR_BACKUP' })
    expect(await linesOf(file)).toEqual(['1'])
    const before = await readdir(folder)
    async function* breaking(): AsyncGenerator<string> {
      yield '1'
      throw new Error('the database is gone')
    }
    await expect(writeBackupFile(newFile(), breaking())).rejects.toThrow('the database is gone')
    expect(await readdir(folder)).toEqual(before)
  })
})
