import { createHash } from 'node:crypto'

/** An entry as it is stored: exact text and its hash (`0018-audit.sql`). */
export interface ChainedEntry {
  readonly sequence: number
  /** SHA-256 of `entry` in UTF-8, hexadecimal. */
  readonly hash: string
  readonly entry: string
}

/** Where the chain ends. */
export interface ChainHead {
  readonly sequence: number
  readonly hash: string
}

export const CHAIN_START: ChainHead = { sequence: 0, hash: '0'.repeat(64) }

/** What is wrong with a chain, and where. */
export interface ChainFault {
  /** Of the first entry that does not hold. */
  readonly sequence: number
  readonly problem: string
}

/** Follows a chain entry by entry: every change, removal and reordering breaks it. */
export class ChainWalk {
  readonly #known: ReadonlyMap<number, string>
  #head = CHAIN_START
  #fault: ChainFault | null = null

  /** @param known entries that somebody has noted: a chain that was written anew from its start would hold without them */
  constructor(known: readonly ChainHead[] = []) {
    this.#known = new Map(known.map(({ sequence, hash }) => [sequence, hash]))
  }

  /** The last entry that holds. */
  get head(): ChainHead {
    return this.#head
  }

  get fault(): ChainFault | null {
    return this.#fault
  }

  /** @returns whether the chain holds so far */
  take({ sequence, hash, entry }: ChainedEntry): boolean {
    if (this.#fault !== null) return false
    const problem = this.#problemOf(sequence, hash, entry)
    if (problem === null) this.#head = { sequence, hash }
    else this.#fault = { sequence: this.#head.sequence + 1, problem }
    return problem === null
  }

  /** @param head where the chain ends by its own word; @returns whether all of it holds */
  end(head: ChainHead): boolean {
    if (this.#fault !== null) return false
    const last = this.#head.sequence
    const farthest = Math.max(head.sequence, ...this.#known.keys())
    if (farthest > last) {
      this.#fault = { sequence: last + 1, problem: `it and those after it are missing, up to ${farthest}` }
    } else if (head.sequence < last || head.hash !== this.#head.hash) {
      this.#fault = {
        sequence: head.sequence + 1,
        problem: `the record is said to end with ${head.sequence}`,
      }
    }
    return this.#fault === null
  }

  #problemOf(sequence: number, hash: string, entry: string): string | null {
    const expected = this.#head.sequence + 1
    if (sequence !== expected) return `entry ${sequence} stands in its place`
    if (createHash('sha256').update(entry).digest('hex') !== hash) return 'its text is not what was hashed'
    const said = read(entry)
    if (said === null) return 'it is no JSON object'
    if (said.sequence !== sequence) return `it says that it is entry ${String(said.sequence)}`
    if (said.previous !== this.#head.hash) return 'the entry before it is not the one that it was appended to'
    if ((this.#known.get(sequence) ?? hash) !== hash) return 'it is not the entry that was noted'
    return null
  }
}

function read(entry: string): { readonly sequence?: unknown; readonly previous?: unknown } | null {
  try {
    const said: unknown = JSON.parse(entry)
    return typeof said === 'object' ? said : null
  } catch {
    return null
  }
}
