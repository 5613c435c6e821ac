import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockDataDirectory } from './data-lock.ts'

describe('the lock of a data directory', () => {
  let directory: string

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'wardlight-lock-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  it('keeps others out until it is released', async () => {
    const lock = await lockDataDirectory(directory)
    await expect(lockDataDirectory(directory)).rejects.toMatchObject({
      code: 'WARD_ERR_DATABASE',
      where: directory,
    })
    await lock.release()
    await (await lockDataDirectory(directory)).release()
  })

  it.skipIf(process.platform === 'win32')('is not held by a process that was killed', async () => {
    const holder = spawn(
      process.execPath,
      [
        '-e',
        `require('net').createServer().listen(process.argv[1], () => console.log('held'))`,
        join(directory, 'server.lock'),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await once(holder.stdout, 'data')
    await expect(lockDataDirectory(directory)).rejects.toMatchObject({ code: 'WARD_ERR_DATABASE' })
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    await (await lockDataDirectory(directory)).release()
  })
})
