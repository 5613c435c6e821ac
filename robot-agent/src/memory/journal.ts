import type { Clock, TimerId } from '@wardlight/core/clock'
import type { AgentLog } from '../agent-log.ts'
import { decodeJournal, encodeRecord, FIRST_SUM, lastFields } from './journal-codec.ts'
import type { JournalFolder } from './journal-folder.ts'

/** A write that takes longer means that the disk does not answer (proposed: memory cards pause for a second now and then). */
const SLOW_MS = 5000
/** How long after a write that failed the next is tried. */
const RETRY_MS = 5000
/** So much may be appended before the journal is written anew, bytes, or … */
const MIN_GROWTH_BYTES = 1_000_000
/** … so many times what it then held. */
const GROWTH = 4

export interface JournalOptions {
  readonly folder: JournalFolder
  /** The disk's time: real, also where a simulation runs fast. */
  readonly clock: Clock
  readonly log: AgentLog
  /** Called when `problem` came or went. */
  readonly onProblem: () => void
}

/** What was found on the disk when the journal was opened. */
export interface JournalContent {
  /** Of each field the last value; empty where nothing was kept before. */
  readonly fields: ReadonlyMap<string, unknown>
  /** In words, when the disk held more than what could be read; `null` otherwise. */
  readonly damage: string | null
}

/**
 * Fields that outlive the process, each with its last value, in an append-only file that never grows beyond a few
 * times what it holds. At most one write is under way; what changes meanwhile goes together into the next. A write
 * that fails is said and tried again, as a whole new file: behind half a record nothing could be read.
 */
export class Journal {
  readonly #options: JournalOptions
  /** JSON of each field as it was last asked to be kept. */
  readonly #fields = new Map<string, string>()
  readonly #values = new Map<string, unknown>()
  #changed = new Map<string, string>()
  #waiting: (() => void)[] = []
  #underWay: (() => void)[] | null = null
  #isRewriteDue = false
  #isOpen = false
  #sum = FIRST_SUM
  #wholeBytes = 0
  #appendedBytes = 0
  #problem: string | null = null
  #timer: TimerId = null
  #onIdle: (() => void)[] = []

  constructor(options: JournalOptions) {
    this.#options = options
  }

  /** Why nothing can be kept now, in words; `null` while all is well. */
  get problem(): string | null {
    return this.#problem
  }

  /**
   * Reads what was kept. Half a record at the end is cut off, silently: that is how a killed process ends.
   * Nothing is written before `begin`.
   */
  open(): JournalContent {
    const { folder, log } = this.#options
    let bytes: Uint8Array | null
    try {
      bytes = folder.read()
    } catch (error) {
      log.error({ err: error }, 'What the robot kept cannot be read.')
      return this.#setAside('what the robot kept cannot be read')
    }
    if (bytes === null || bytes.length === 0) return { fields: new Map(), damage: null }
    const { records, end } = decodeJournal(bytes)
    if (end === 'torn') log.info({ records: records.length }, 'The last write was cut short; it is left out.')
    if (end !== 'damaged') return { fields: lastFields(records), damage: null }
    log.warn({ records: records.length }, 'The journal is damaged; what stands before the damage is used.')
    const { damage } = this.#setAside(
      'the journal was damaged; the robot knows only what stood before the damage',
    )
    return { fields: lastFields(records), damage }
  }

  /** Puts what is on the disk aside: somebody else wrote it, or nobody understands it. */
  refuse(reason: string): JournalContent {
    this.#options.log.error({ reason }, 'What the robot kept is refused and put aside; it begins anew.')
    return this.#setAside(reason)
  }

  /** From here on there is a journal of this process. It replaces the one that was read. */
  begin(fields: Readonly<Record<string, unknown>>): void {
    this.#isOpen = true
    this.#isRewriteDue = true
    this.write(fields)
  }

  /** Keeps these values. One that is the same as before costs nothing. `undefined` is not kept: use `null`. */
  write(fields: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(fields)) {
      if (this.#values.has(name) && Object.is(this.#values.get(name), value)) continue
      this.#values.set(name, value)
      const json = JSON.stringify(value)
      if (this.#fields.get(name) === json) continue
      this.#fields.set(name, json)
      this.#changed.set(name, json)
    }
    this.#pump()
  }

  /** Calls back when everything written so far is on the disk, or is known not to get there. */
  whenKept(callback: () => void): void {
    if (!this.#isOpen || this.#problem !== null) callback()
    else if (this.#changed.size > 0 || this.#isRewriteDue) this.#waiting.push(callback)
    else if (this.#underWay !== null) this.#underWay.push(callback)
    else callback()
  }

  /** Resolves when everything is written that can be. */
  async close(): Promise<void> {
    while (this.#problem === null && (this.#underWay !== null || this.#changed.size > 0)) {
      await new Promise<void>((resolve) => this.#onIdle.push(resolve))
    }
    this.#isOpen = false
    this.#options.clock.clearTimeout(this.#timer)
    // A disk that does not answer is not waited for.
    if (this.#underWay === null) await this.#options.folder.close()
  }

  #setAside(damage: string): JournalContent {
    try {
      this.#options.folder.keepAside()
    } catch (error) {
      this.#options.log.error({ err: error }, 'The journal cannot be put aside.')
    }
    return { fields: new Map(), damage }
  }

  #pump(isRetry = false): void {
    if (!this.#isOpen || this.#underWay !== null || (this.#problem !== null && !isRetry)) return
    if (this.#changed.size === 0 && !this.#isRewriteDue) return
    const { folder, clock } = this.#options
    this.#underWay = this.#waiting
    this.#waiting = []
    const isTooLong = this.#appendedBytes > Math.max(MIN_GROWTH_BYTES, GROWTH * this.#wholeBytes)
    const isWhole = this.#isRewriteDue || isTooLong
    const { bytes, sum } = isWhole
      ? encodeRecord(FIRST_SUM, this.#fields)
      : encodeRecord(this.#sum, this.#changed)
    this.#changed = new Map()
    this.#isRewriteDue = false
    this.#timer = clock.setTimeout(() => this.#fail('the disk does not answer'), SLOW_MS)
    const done = (error: Error | null) => {
      clock.clearTimeout(this.#timer)
      if (error === null) {
        this.#sum = sum
        this.#wholeBytes = isWhole ? bytes.length : this.#wholeBytes
        this.#appendedBytes = isWhole ? 0 : this.#appendedBytes + bytes.length
      }
      this.#written(error)
    }
    if (isWhole) folder.replace(bytes, done)
    else folder.append(bytes, done)
  }

  #written(error: Error | null): void {
    const kept = this.#underWay ?? []
    this.#underWay = null
    if (error !== null) {
      this.#fail(reasonOf(error), error)
    } else if (this.#problem !== null) {
      this.#problem = null
      this.#options.log.info({}, 'What the robot knows is kept again.')
      this.#options.onProblem()
    }
    for (const callback of kept) callback()
    for (const resolve of this.#onIdle.splice(0)) resolve()
    this.#pump()
  }

  #fail(problem: string, error: Error | null = null): void {
    const { clock, log, onProblem } = this.#options
    this.#isRewriteDue = true
    const isNews = this.#problem !== problem
    if (isNews) log.error({ err: error, problem }, 'What the robot knows cannot be kept.')
    this.#problem = problem
    this.#release()
    // While a write is under way, its end is waited for, however long it takes.
    if (this.#isOpen && this.#underWay === null) {
      this.#timer = clock.setTimeout(() => this.#pump(true), RETRY_MS)
    }
    if (isNews) onProblem()
    for (const resolve of this.#onIdle.splice(0)) resolve()
  }

  #release(): void {
    for (const callback of this.#waiting.splice(0)) callback()
    for (const callback of this.#underWay?.splice(0) ?? []) callback()
  }
}

function reasonOf(error: Error): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full'
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return 'the folder cannot be written to'
    default:
      return `writing failed: ${error.message}`
  }
}
