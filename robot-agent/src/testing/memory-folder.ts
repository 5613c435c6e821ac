import type { JournalFolder, WriteDone } from '../memory/journal-folder.ts'

/**
 * A disk for tests: writes are done at once, unless a test holds or fails them. A process that is killed leaves what
 * was written; `fork` is what the next process finds.
 */
export function createMemoryFolder(content: Uint8Array | null = null) {
  let journal = content
  let isCut = false
  let held: (() => void)[] = []
  const write = (make: () => Uint8Array, isAppend: boolean, bytes: Uint8Array, done: WriteDone) => {
    const carryOut = () => {
      if (isCut) {
        // It is dead already, and may believe what it likes.
        done(null)
        return
      }
      if (folder.failure !== null) {
        // A full disk takes some of it.
        const part = bytes.subarray(0, Math.floor(bytes.length * folder.writtenShare))
        if (isAppend) journal = concatenated(journal, part)
        done(Object.assign(new Error(folder.failure), { code: folder.failure }))
        return
      }
      journal = make()
      folder.writes += 1
      done(null)
    }
    if (folder.isHeld) held.push(carryOut)
    else carryOut()
  }
  const folder = {
    /** Code of the error that every write ends with; `null`: none does. */
    failure: null as string | null,
    writtenShare: 0.5,
    isHeld: false,
    isUnreadable: false,
    writes: 0,
    aside: null as Uint8Array | null,
    get content() {
      return journal
    },
    set content(bytes: Uint8Array | null) {
      journal = bytes
    },
    release() {
      folder.isHeld = false
      for (const carryOut of held.splice(0)) carryOut()
    },
    /** The process that writes here is killed: nothing of it reaches the disk any more. */
    cut() {
      isCut = true
      held = []
    },
    fork: () => createMemoryFolder(journal),
    read() {
      if (folder.isUnreadable) throw Object.assign(new Error('EIO'), { code: 'EIO' })
      return journal
    },
    append: (bytes, done) => write(() => concatenated(journal, bytes), true, bytes, done),
    replace: (bytes, done) => write(() => bytes, false, bytes, done),
    keepAside() {
      folder.aside = journal
      journal = null
    },
    close: () => Promise.resolve(),
  } satisfies JournalFolder & Record<string, unknown>
  return folder
}

export type MemoryFolder = ReturnType<typeof createMemoryFolder>

function concatenated(before: Uint8Array | null, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([before ?? new Uint8Array(), bytes])
}
