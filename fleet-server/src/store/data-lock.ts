import { createHash } from 'node:crypto'
import { mkdir, realpath, rm } from 'node:fs/promises'
import { createServer, connect, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wardError } from '@wardlight/core/errors'

/** The longest path of a Unix socket that every system takes (macOS: 104 bytes with the closing zero). */
const MAX_SOCKET_PATH_BYTES = 100

export interface DataLock {
  release(): Promise<void>
}

/**
 * Keeps a second server out of a data directory: PGlite would let both write, and destroy it. The lock
 * is a listening socket, which the operating system closes with the process however that ends, so a
 * killed server leaves nothing behind that would have to be judged stale by its process id.
 *
 * @throws WARD_ERR_DATABASE when a living server holds the directory.
 */
export async function lockDataDirectory(directory: string): Promise<DataLock> {
  await mkdir(directory, { recursive: true })
  const path = socketPath(await realpath(directory))
  const server = createServer((socket) => socket.destroy())
  for (let attempt = 0; ; attempt++) {
    try {
      await listen(server, path)
      break
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE' || attempt > 0 || (await answers(path))) {
        throw wardError('WARD_ERR_DATABASE', {
          what: 'Another Wardlight server uses this data directory',
          where: directory,
          remedy: 'Stop that server, or give this one a directory of its own.',
          cause,
        })
      }
      await rm(path, { force: true })
    }
  }
  server.unref()
  return { release: () => new Promise((resolve) => server.close(() => resolve())) }
}

function socketPath(directory: string): string {
  const hash = createHash('sha256').update(directory).digest('hex').slice(0, 24)
  if (process.platform === 'win32') return `\\\\.\\pipe\\wardlight-${hash}`
  const inside = join(directory, 'server.lock')
  return Buffer.byteLength(inside) <= MAX_SOCKET_PATH_BYTES
    ? inside
    : join(tmpdir(), `wardlight-${hash}.lock`)
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
