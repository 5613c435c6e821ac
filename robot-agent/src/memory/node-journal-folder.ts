import { mkdirSync, readFileSync, renameSync, statSync, type Stats } from 'node:fs'
import { mkdir, open, rename, stat, type FileHandle } from 'node:fs/promises'
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

/**
 * Bytes are on the disk (fdatasync) before a write counts as done; a new journal comes by a rename. A journal that is not
 * as this program left it has a second writer: nothing more is written then, by which the robot keeps no evidence and is not armed.
 */
export function nodeJournalFolder(folderPath: string): JournalFolder {
  const file = path.join(folderPath, JOURNAL)
  let appending: FileHandle | null = null
  /** The journal as this program last saw or left it. */
  let left: Identity = NO_FILE

  async function closeFile(): Promise<void> {
    const handle = appending
    appending = null
    await handle?.close()
  }

  async function refuseSecondWriter(): Promise<void> {
    const found = await stat(file).then(identityOf, (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return NO_FILE
      throw error
    })
    if (found === left) return
    throw new Error(
      `another program writes into ${folderPath}: end it, give each robot a folder of its own, and start this one anew`,
    )
  }

  return {
    read() {
      mkdirSync(folderPath, { recursive: true })
      try {
        const bytes = readFileSync(file)
        left = identityOf(statSync(file))
        return bytes
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
    append: calling(async (bytes) => {
      await refuseSecondWriter()
      appending ??= await open(file, 'a')
      try {
        await appending.appendFile(bytes)
        await appending.datasync()
      } finally {
        // Whatever a full disk took of it.
        left = identityOf(await appending.stat())
      }
    }),
    replace: calling(async (bytes) => {
      await closeFile()
      await mkdir(folderPath, { recursive: true })
      await refuseSecondWriter()
      const next = path.join(folderPath, NEW_JOURNAL)
      await withFile(next, 'w', async (handle) => {
        await handle.writeFile(bytes)
        await handle.sync()
      })
      await rename(next, file)
      left = identityOf(await stat(file))
      // The new name is on the disk when the folder is. Windows has no such thing as a folder that can be synced.
      if (process.platform !== 'win32') await withFile(folderPath, 'r', (handle) => handle.sync())
    }),
    keepAside() {
      renameSync(file, path.join(folderPath, ASIDE))
      left = NO_FILE
    },
    close: closeFile,
  }
}

/** Which file, and how long: nobody writes to it without changing that. */
type Identity = string
const NO_FILE: Identity = 'none'

function identityOf({ dev, ino, size }: Stats): Identity {
  return `${dev}:${ino}:${size}`
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
