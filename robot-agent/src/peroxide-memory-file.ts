import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'
import { wardError } from '@wardlight/core/errors'
import { memoryProblem, type PeroxideMemory, type PeroxideMemoryStore } from './missions/peroxide-memory.ts'

const VERSION = 1

/**
 * Keeps in one file what a robot must know of a room that it has gassed. It is written beside and moved over, each synced,
 * so that after a loss of power there is the old or the new one, whole. No file: no room is gassed.
 */
export function createPeroxideMemoryFile(file: string): PeroxideMemoryStore {
  return {
    /** @throws WARD_ERR_CONFIG for a file that cannot be read: which room is gassed, nobody knows then */
    load() {
      let text: string
      try {
        text = readFileSync(file, 'utf8')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw unreadable(file, 'it cannot be read', error)
      }
      let kept: { readonly version?: unknown; readonly memory?: unknown } | null
      try {
        kept = JSON.parse(text) as typeof kept
      } catch (error) {
        throw unreadable(file, 'it is no JSON', error)
      }
      if (kept?.version !== VERSION) throw unreadable(file, `it is not of version ${VERSION}`)
      const problem = memoryProblem(kept.memory)
      if (problem !== null) throw unreadable(file, problem)
      return kept.memory as PeroxideMemory
    },
    save(memory) {
      if (memory === null) {
        rmSync(file, { force: true })
        syncFolder(file)
        return
      }
      const beside = `${file}.new`
      const descriptor = openSync(beside, 'w')
      try {
        const bytes = Buffer.from(JSON.stringify({ version: VERSION, memory }))
        // A nearly full disk takes a part and says so only by the count.
        for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written)
        fsyncSync(descriptor)
      } finally {
        closeSync(descriptor)
      }
      renameSync(beside, file)
      syncFolder(file)
    },
  }
}

function syncFolder(file: string): void {
  const descriptor = openSync(path.dirname(file), 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function unreadable(file: string, what: string, cause?: unknown): Error {
  return wardError('WARD_ERR_CONFIG', {
    what: `the memory of a gassed room: ${what}`,
    where: file,
    remedy:
      'A room may be full of hydrogen peroxide. Look at the robot and measure the room it stands in by hand; once it is clear, remove the file.',
    ...(cause === undefined ? {} : { cause }),
  })
}
