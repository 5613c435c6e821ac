import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A segment of the write-ahead log is named by 24 hexadecimal digits. */
const SEGMENT = /^[0-9A-F]{24}$/

/**
 * Brings PGlite's write-ahead log onto the disk. PGlite runs PostgreSQL with `-F`: what is committed is with the operating
 * system, where a killed process leaves it, and a loss of power does not. The log holds all that was committed; PGlite
 * replays it from the last checkpoint, which it makes only when it is closed.
 */
export class WalSync {
  readonly #directory: string
  /** Sizes and times of the segments as they were when they were last brought there. */
  readonly #synced = new Map<string, number>()
  #running: Promise<void> | null = null
  #next: Promise<void> | null = null

  /** @param databaseDir of PGlite */
  constructor(databaseDir: string) {
    this.#directory = join(databaseDir, 'pg_wal')
  }

  /** All that was committed before the call is safe when it resolves. Calls meanwhile share the next turn. */
  sync(): Promise<void> {
    if (this.#next !== null) return this.#next
    if (this.#running === null) return this.#start()
    const next = this.#running.then(
      () => this.#start(),
      () => this.#start(),
    )
    this.#next = next
    return next
  }

  #start(): Promise<void> {
    this.#next = null
    const running = this.#sync().finally(() => {
      if (this.#running === running) this.#running = null
    })
    this.#running = running
    return running
  }

  async #sync(): Promise<void> {
    const names = (await readdir(this.#directory)).filter((name) => SEGMENT.test(name))
    let isNew = false
    for (const name of names) {
      const file = join(this.#directory, name)
      const { mtimeMs } = await stat(file)
      if (this.#synced.get(name) === mtimeMs) continue
      isNew ||= !this.#synced.has(name)
      await syncFile(file)
      // Written to while it was brought there, its time is another one and it comes again.
      this.#synced.set(name, mtimeMs)
    }
    // A new file is found after a crash only where its directory says so.
    if (isNew) await syncFile(this.#directory)
  }
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r')
  try {
    await handle.datasync()
  } finally {
    await handle.close()
  }
}
