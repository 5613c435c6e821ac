import { mkdirSync, readFileSync, renameSync } from 'node:fs'
import { mkdir, open, rename, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { createSystemClock, type Clock } from '@wardlight/core/clock'
import type { JournalFolder, WriteDone } from './journal-folder.ts'

const JOURNAL = 'journal.jsonl'
const NEW_JOURNAL = 'journal.jsonl.new'
/** The last journal that could not be used. */
const ASIDE = 'journal.aside.jsonl'

/** Where a robot's memory lives, and the time by which its disk is judged: a disk does not run on simulated time. */
export interface StateFolder {
  readonly folder: JournalFolder
  readonly clock: Clock
}

/** The memory of a robot in a folder of this machine's file system. */
export function stateFolderAt(folderPath: string): StateFolder {
  return { folder: nodeJournalFolder(folderPath), clock: createSystemClock(globalThis) }
}

/** Bytes are on the disk (fdatasync) before a write counts as done; a new journal comes by a rename. */
export function nodeJournalFolder(folderPath: string): JournalFolder {
  const file = path.join(folderPath, JOURNAL)
  let appending: FileHandle | null = null

  async function closeFile(): Promise<void> {
    const handle = appending
    appending = null
    await handle?.close()
  }

  return {
    read() {
      mkdirSync(folderPath, { recursive: true })
      try {
        return readFileSync(file)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
    append: calling(async (bytes) => {
      appending ??= await open(file, 'a')
      await appending.appendFile(bytes)
      await appending.datasync()
    }),
    replace: calling(async (bytes) => {
      await closeFile()
      await mkdir(folderPath, { recursive: true })
      const next = path.join(folderPath, NEW_JOURNAL)
      await withFile(next, 'w', async (handle) => {
        await handle.writeFile(bytes)
        await handle.sync()
      })
      await rename(next, file)
      // The new name is on the disk when the folder is. Windows has no such thing as a folder that can be synced.
      if (process.platform !== 'win32') await withFile(folderPath, 'r', (handle) => handle.sync())
    }),
    keepAside: () => renameSync(file, path.join(folderPath, ASIDE)),
    close: closeFile,
  }
}

function calling(write: (bytes: Uint8Array) => Promise<void>) {
  return (bytes: Uint8Array, done: WriteDone): void => {
    write(bytes).then(
      () => done(null),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    )
  }
}

async function withFile(
  file: string,
  flags: string,
  use: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const handle = await open(file, flags)
  try {
    await use(handle)
  } finally {
    await handle.close()
  }
}
