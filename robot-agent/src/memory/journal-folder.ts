/** `null`: done, and on the disk. */
export type WriteDone = (error: Error | null) => void

/**
 * The folder in which a robot keeps its journal, as the journal needs it. Writes come one at a time: the next begins
 * after the one before has called back, with or without an error.
 */
export interface JournalFolder {
  /** The journal, whole; `null` where there is none yet. Makes the folder. @throws when it cannot be read. */
  read(): Uint8Array | null
  /** Adds bytes at the journal's end. */
  append(bytes: Uint8Array, done: WriteDone): void
  /** A new journal in the place of the old one: after a crash it is one of the two, whole. */
  replace(bytes: Uint8Array, done: WriteDone): void
  /** Puts the present journal aside, for people to look at. @throws when that is not possible. */
  keepAside(): void
  /** Called when nothing is being written. */
  close(): Promise<void>
}
