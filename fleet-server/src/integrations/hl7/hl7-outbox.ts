import type { Clock } from '@wardlight/core/clock'
import { and, asc, eq, isNotNull, isNull, lt, notInArray, or } from 'drizzle-orm'
import type { FastifyBaseLogger } from 'fastify'
import { pause } from '../../cluster/pause.ts'
import type { Alarms } from '../../services/alarms.ts'
import type { Contaminations } from '../../services/contaminations.ts'
import type { FloorIndex } from '../../services/floor-index.ts'
import type { Ledger, LedgerChange } from '../../services/ledger.ts'
import type { Database } from '../../store/database.ts'
import { hl7Outbox, type Hl7OutboxRow, type RoomRow } from '../../store/schema.ts'
import { bedStatusMessage } from './bed-status-message.ts'
import { bedStatusOf } from './bed-status.ts'
import { newControlId } from './control-id.ts'
import { Hl7Fault } from './hl7-fault.ts'
import type { Hl7Mappings } from './hl7-mappings.ts'
import { destinationName, type Hl7Destination } from './hl7-options.ts'
import { locationsOf } from './mapping.ts'
import { parseMessage } from './message.ts'
import { MllpLine } from './mllp-line.ts'

/** After a failure; doubled with each of those that follow, milliseconds (proposed). */
const RETRY_AFTER_MS = 1000
const RETRY_AT_MOST_MS = 60_000
/** Beds that nobody hears of for so long want a person, milliseconds (proposed). */
const ALARM_AFTER_MS = 300_000
const CLEAN_UP_EVERY_MS = 3_600_000
const DAY_MS = 86_400_000

/**
 * Tells hospital systems what became of rooms: written down with the change of the room, sent in order to each system,
 * again and again until it says AA.
 */
export class Hl7Outbox {
  readonly #database: Database
  readonly #ledger: Ledger
  readonly #floor: FloorIndex
  readonly #contaminations: Contaminations
  readonly #alarms: Alarms
  readonly #mappings: Hl7Mappings
  readonly #destinations: readonly Hl7Destination[]
  readonly #keepDays: number
  readonly #wallClock: Clock
  readonly #log: FastifyBaseLogger
  readonly #stopping = new AbortController()
  /** Of those that have nothing to send, by destination. */
  readonly #wakers = new Map<string, () => void>()
  #running: Promise<unknown> = Promise.resolve()

  constructor(options: {
    database: Database
    ledger: Ledger
    floor: FloorIndex
    contaminations: Contaminations
    alarms: Alarms
    mappings: Hl7Mappings
    destinations: readonly Hl7Destination[]
    keepDays: number
    /** Real time. */
    wallClock: Clock
    log: FastifyBaseLogger
  }) {
    this.#database = options.database
    this.#ledger = options.ledger
    this.#floor = options.floor
    this.#contaminations = options.contaminations
    this.#alarms = options.alarms
    this.#mappings = options.mappings
    this.#destinations = options.destinations
    this.#keepDays = options.keepDays
    this.#wallClock = options.wallClock
    this.#log = options.log
    this.#ledger.onRoomChange.push((change, before, after) => this.#roomChanged(change, before, after))
  }

  start(): void {
    const { signal } = this.#stopping
    this.#running = Promise.all([
      ...this.#destinations.map((destination) => this.#send(destination, signal)),
      this.#cleanUp(signal),
    ])
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#wake()
    await this.#running
  }

  #roomChanged(change: LedgerChange, before: RoomRow, after: RoomRow): void {
    const { id } = after
    const carries = {
      isIsolated: this.#contaminations.isIsolated(change, id),
      isContaminated: this.#contaminations.isContaminated(change, id),
    }
    const status = bedStatusOf(after.state, carries)
    if (before.state === after.state || status === bedStatusOf(before.state, carries)) return
    const createdAt = this.#ledger.now()
    const rows = this.#destinations.flatMap((destination) =>
      locationsOf(this.#floor.room(id).room, this.#mappings.current).map((location) => {
        const controlId = newControlId()
        return {
          destination: destinationName(destination),
          controlId,
          roomId: id,
          bedStatus: status,
          status: 'waiting' as const,
          message: bedStatusMessage({ location, status, controlId, atMs: createdAt.getTime() }),
          createdAt,
        }
      }),
    )
    if (rows.length === 0) return
    change.writes.push((tx) => tx.insert(hl7Outbox).values(rows))
    change.commits.push(() => this.#wake())
  }

  #wake(): void {
    for (const waker of this.#wakers.values()) waker()
  }

  async #send(destination: Hl7Destination, signal: AbortSignal): Promise<void> {
    const line = new MllpLine(destination, this.#wallClock)
    const close = () => line.close()
    signal.addEventListener('abort', close)
    const name = destinationName(destination)
    let failures = 0
    let failingSinceMs: number | null = null
    while (!signal.aborted) {
      try {
        const awake = new Promise<void>((resolve) => this.#wakers.set(name, resolve))
        const row = await this.#oldest(name)
        if (row === undefined) {
          await awake
          continue
        }
        const problem = await this.#sendOne(line, row)
        if (problem === null) {
          failures = 0
          failingSinceMs = null
          this.#alarms.heard(alarmSource(name), [])
          continue
        }
        if (signal.aborted) break
        await this.#note(row, { status: 'failing', lastError: problem.words, ackCode: problem.ackCode })
        this.#log.warn({ destination: name, problem: problem.words }, 'A bed status was not taken')
        failingSinceMs ??= this.#wallClock.monotonicMs()
        if (this.#wallClock.monotonicMs() - failingSinceMs >= ALARM_AFTER_MS) this.#warn(name, problem.words)
      } catch (error) {
        this.#log.error(
          { err: error, destination: name },
          'The bed statuses to be sent cannot be read or noted',
        )
      }
      await pause(this.#wallClock, Math.min(RETRY_AFTER_MS * 2 ** failures, RETRY_AT_MOST_MS), signal)
      failures += 1
    }
    signal.removeEventListener('abort', close)
    line.close()
  }

  async #oldest(destination: string): Promise<Hl7OutboxRow | undefined> {
    const [row] = await this.#database.queries
      .select()
      .from(hl7Outbox)
      .where(and(eq(hl7Outbox.destination, destination), isNull(hl7Outbox.sentAt)))
      .orderBy(asc(hl7Outbox.sequence))
      .limit(1)
    return row
  }

  /** @returns what kept it from being taken; `null`: it was */
  async #sendOne(
    line: MllpLine,
    row: Hl7OutboxRow,
  ): Promise<{ readonly words: string; readonly ackCode: string | null } | null> {
    try {
      const answer = parseMessage(await line.exchange(Buffer.from(row.message, 'utf8')))
      const ackCode = answer.value('MSA-1')
      if (answer.value('MSA-2') !== row.controlId) {
        line.close()
        return { words: 'The answer was to another message', ackCode: null }
      }
      if (ackCode === 'AA' || ackCode === 'CA') {
        await this.#note(row, { status: 'sent', lastError: null, ackCode, sentAt: this.#ledger.now() })
        return null
      }
      // Its words are of another system, and may be anything.
      return { words: `It answered ${/^[AC][ER]$/.test(ackCode) ? ackCode : 'without AA'}`, ackCode }
    } catch (error) {
      if (error instanceof Hl7Fault) {
        line.close()
        return { words: 'The answer is no HL7 message', ackCode: null }
      }
      return { words: error instanceof Error ? error.message : String(error), ackCode: null }
    }
  }

  async #note(
    { sequence, attempts }: Hl7OutboxRow,
    patch: Partial<Pick<Hl7OutboxRow, 'status' | 'lastError' | 'ackCode' | 'sentAt'>>,
  ): Promise<void> {
    await this.#database.write((tx) =>
      tx
        .update(hl7Outbox)
        .set({ ...patch, attempts: attempts + 1 })
        .where(eq(hl7Outbox.sequence, sequence)),
    )
  }

  #warn(destination: string, words: string): void {
    this.#alarms.heard(alarmSource(destination), [
      {
        robotId: null,
        roomId: null,
        kind: 'hl7.unsent',
        priority: 'high',
        text: `Bed statuses do not reach ${destination}: ${words}. They are kept and sent in their order.`,
      },
    ])
  }

  async #cleanUp(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const before = new Date(this.#ledger.now().getTime() - this.#keepDays * DAY_MS)
        // What is for a system that nobody tells any more is never sent.
        const isDone = or(
          isNotNull(hl7Outbox.sentAt),
          notInArray(hl7Outbox.destination, this.#destinations.map(destinationName)),
        )
        await this.#database.write((tx) =>
          tx.delete(hl7Outbox).where(and(isDone, lt(hl7Outbox.createdAt, before))),
        )
      } catch (error) {
        this.#log.error({ err: error }, 'Old bed statuses could not be deleted')
      }
      await pause(this.#wallClock, CLEAN_UP_EVERY_MS, signal)
    }
  }
}

function alarmSource(destination: string): string {
  return `hl7/to/${destination}`
}
