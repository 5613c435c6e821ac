import type { Clock, TimerId } from '@wardlight/core/clock'

/** How often it is looked whether the words are seen, milliseconds. */
const LOOK_INTERVAL_MS = 200
/** More at once nobody reads. Proposed. */
const SHOWN_AT_ONCE = 3

export interface AnnouncerOptions {
  readonly clock: Clock
  /** Whether the screen shows announcements now, and nothing that is more urgent. */
  readonly isShown: () => boolean
  /** The screen has something else to show, or an action is over. */
  readonly onChange: () => void
}

interface Entry {
  readonly text: string
  readonly onEnd: (problem: string | null) => void
  timer: TimerId
  wasCovered: boolean
}

/** Keeps what the robot's own screen announces, each for its time. What is more urgent covers it and does not prolong it: words in passing are stale a minute later. */
export class Announcer {
  readonly #options: AnnouncerOptions
  /** Oldest first. */
  #entries: readonly Entry[] = []
  #timer: TimerId = null

  constructor(options: AnnouncerOptions) {
    this.#options = options
  }

  /** What is to be shown, newest first, each once. */
  get texts(): readonly string[] {
    const newestFirst = this.#entries.map(({ text }) => text).toReversed()
    return [...new Set(newestFirst)].slice(0, SHOWN_AT_ONCE)
  }

  /**
   * @param seconds `null`: until it is taken back
   * @param onEnd called once at its end, with what kept people from reading it all the time, or `null`
   * @returns takes it back; a second time it does nothing
   */
  show(text: string, seconds: number | null, onEnd: (problem: string | null) => void): () => void {
    const { clock, onChange } = this.#options
    const entry: Entry = { text, onEnd, timer: null, wasCovered: false }
    if (seconds !== null) entry.timer = clock.setTimeout(() => this.#end(entry), seconds * 1000)
    if (this.#entries.length === 0) this.#timer = clock.setTimeout(() => this.#beat(), LOOK_INTERVAL_MS)
    this.#entries = [...this.#entries, entry]
    onChange()
    return () => this.#end(entry)
  }

  /** Takes everything back. */
  stop(): void {
    for (const entry of this.#entries) this.#end(entry)
  }

  #beat(): void {
    this.#timer = this.#options.clock.setTimeout(() => this.#beat(), LOOK_INTERVAL_MS)
    this.#look()
  }

  #look(): void {
    const seen = this.#options.isShown() ? this.texts : []
    for (const entry of this.#entries) entry.wasCovered ||= !seen.includes(entry.text)
  }

  #end(entry: Entry): void {
    if (!this.#entries.includes(entry)) return
    this.#look()
    const { clock, onChange } = this.#options
    clock.clearTimeout(entry.timer)
    this.#entries = this.#entries.filter((other) => other !== entry)
    if (this.#entries.length === 0) clock.clearTimeout(this.#timer)
    entry.onEnd(entry.wasCovered ? 'the screen had something more urgent to show' : null)
    onChange()
  }
}
