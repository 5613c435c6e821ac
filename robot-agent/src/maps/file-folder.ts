import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises'
import path from 'node:path'

/** A folder of small files, each of which is the old one or the new one, whole, whatever happens meanwhile. */
export interface FileFolder {
  /** What is there; nothing that a write left half-done. Made when it is first written to. */
  names(): readonly string[]
  /** @throws when it cannot be read */
  read(name: string): Uint8Array
  /** Resolves when it is on the disk. @throws when it is not; then what was there before is still there */
  write(name: string, bytes: Uint8Array): Promise<void>
  remove(name: string): Promise<void>
}

const HALF = '.half'

export function nodeFileFolder(folderPath: string): FileFolder {
  return {
    names() {
      let names: string[]
      try {
        names = readdirSync(folderPath)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
        throw error
      }
      // What the program before had not finished.
      for (const name of names) if (name.endsWith(HALF)) rmSync(path.join(folderPath, name), { force: true })
      return names.filter((name) => !name.endsWith(HALF))
    },
    read: (name) => readFileSync(path.join(folderPath, name)),
    async write(name, bytes) {
      await mkdir(folderPath, { recursive: true })
      const half = path.join(folderPath, `${name}${HALF}`)
      try {
        await withFile(half, 'w', async (handle) => {
          await handle.writeFile(bytes)
          await handle.sync()
        })
        await rename(half, path.join(folderPath, name))
      } catch (error) {
        // A full disk has room again.
        await rm(half, { force: true })
        throw error
      }
      await syncFolder()
    },
    async remove(name) {
      await rm(path.join(folderPath, name), { force: true })
      await syncFolder()
    },
  }

  /** A new name is on the disk when the folder is. Windows has no such thing as a folder that can be synced. */
  async function syncFolder(): Promise<void> {
    if (process.platform === 'win32') return
    mkdirSync(folderPath, { recursive: true })
    await withFile(folderPath, 'r', (handle) => handle.sync())
  }
}

async function withFile(file: string, flags: string, use: (handle: FileHandle) => Promise<void>) {
  const handle = await open(file, flags)
  try {
    await use(handle)
  } finally {
    await handle.close()
  }
}
