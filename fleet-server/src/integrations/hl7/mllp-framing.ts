/**
 * The frame around a message on a TCP line: MLLP, HL7 Transport Specification release 1 (appendix C of the
 * implementation guide): `<VT> message <FS><CR>`.
 */
const START = 0x0b
const END = 0x1c
const RETURN = 0x0d

/** A message longer than this is no ADT message, bytes (proposed). */
export const MAX_MESSAGE_BYTES = 1_048_576

export function mllpFrame(message: Buffer): Buffer {
  return Buffer.concat([Buffer.of(START), message, Buffer.of(END, RETURN)])
}

/** `garbage`: bytes outside of frames, or of a frame that was begun anew. `tooLong`: a frame over the limit, dropped. */
export type Framed =
  | { readonly type: 'message'; readonly message: Buffer }
  | { readonly type: 'garbage'; readonly byteCount: number }
  | { readonly type: 'tooLong' }

/** Finds the messages in what comes over a line, however it is cut into pieces. */
export class MllpReader {
  readonly #maxBytes: number
  /** Of the frame that is not whole yet; `null`: between frames. */
  #parts: Buffer[] | null = null
  #byteCount = 0
  #isTooLong = false

  constructor(maxBytes = MAX_MESSAGE_BYTES) {
    this.#maxBytes = maxBytes
  }

  /** Whether a message was begun and is not whole. */
  get isWithin(): boolean {
    return this.#parts !== null
  }

  read(chunk: Buffer): Framed[] {
    const found: Framed[] = []
    let at = 0
    while (at < chunk.length) {
      at = this.#parts === null ? this.#between(chunk, at, found) : this.#within(chunk, at, found)
    }
    return found
  }

  #between(chunk: Buffer, from: number, found: Framed[]): number {
    const start = chunk.indexOf(START, from)
    const end = start === -1 ? chunk.length : start
    // The return after a frame may come with the next piece, and some send line ends to keep a line open.
    const isNoise = chunk.subarray(from, end).every((byte) => byte === RETURN || byte === 0x0a)
    if (!isNoise) found.push({ type: 'garbage', byteCount: end - from })
    if (start === -1) return end
    this.#begin()
    return start + 1
  }

  /** No byte of a message is VT or FS: they are below all that any character set of HL7 uses for text. */
  #within(chunk: Buffer, from: number, found: Framed[]): number {
    let at = from
    while (at < chunk.length && chunk[at] !== START && chunk[at] !== END) at += 1
    this.#keep(chunk.subarray(from, at), found)
    if (at === chunk.length) return at
    if (chunk[at] === START) {
      // Its sender broke off and began again.
      found.push({ type: 'garbage', byteCount: this.#byteCount })
      this.#begin()
    } else {
      if (!this.#isTooLong) found.push({ type: 'message', message: Buffer.concat(this.#parts!) })
      this.#parts = null
    }
    return at + 1
  }

  #begin(): void {
    this.#parts = []
    this.#byteCount = 0
    this.#isTooLong = false
  }

  #keep(bytes: Buffer, found: Framed[]): void {
    this.#byteCount += bytes.length
    if (this.#isTooLong) return
    if (this.#byteCount > this.#maxBytes) {
      this.#isTooLong = true
      this.#parts = []
      found.push({ type: 'tooLong' })
      return
    }
    this.#parts!.push(Buffer.from(bytes))
  }
}
