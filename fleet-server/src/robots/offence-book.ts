import type { OffenceView } from '@wardlight/core/fleet'
import type { Order, State } from '@wardlight/core/vda5050'
import type { FastifyBaseLogger } from 'fastify'
import { isStale, offencesOf, type Offence } from '../domain/offences.ts'

/** How long after it happened an offence stands among a robot's errors, milliseconds. */
const SHOWN_MS = 10 * 60_000
/** So many orders of a robot are known again. */
const KEPT_ORDER_IDS = 200

interface RobotBook {
  readonly offences: Map<Offence['kind'], OffenceView>
  before: State | null
  sent: Order | null
  formerOrderIds: ReadonlySet<string>
}

/**
 * What robots did that VDA 5050 forbids, counted by robot and kind. It lives as long as the server; the log keeps
 * the first of each, and every tenfold.
 */
export class OffenceBook {
  readonly #books = new Map<string, RobotBook>()
  readonly #now: () => Date
  readonly #isClockJudged: boolean
  readonly #log: FastifyBaseLogger

  /** @param isClockJudged whether robots share the server's time; in a simulation they may not */
  constructor(options: { now: () => Date; isClockJudged: boolean; log: FastifyBaseLogger }) {
    this.#now = options.now
    this.#isClockJudged = options.isClockJudged
    this.#log = options.log
  }

  of(robotId: string): OffenceView[] {
    return [...(this.#books.get(robotId)?.offences.values() ?? [])]
  }

  /** Those that people should see beside the robot's own errors. */
  recent(robotId: string): OffenceView[] {
    const sinceMs = this.#now().getTime() - SHOWN_MS
    return this.of(robotId).filter(({ lastAt }) => Date.parse(lastAt) >= sinceMs)
  }

  note(robotId: string, { kind, detail }: Offence): void {
    const { offences } = this.#book(robotId)
    const at = this.#now().toISOString()
    const known = offences.get(kind)
    const count = (known?.count ?? 0) + 1
    offences.set(kind, { kind, detail, count, firstAt: known?.firstAt ?? at, lastAt: at })
    // A robot that errs ten times a second must not fill the disk with it.
    if (Number.isInteger(Math.log10(count))) {
      this.#log.warn({ robotId, kind, detail, count }, 'A robot does what VDA 5050 forbids')
    }
  }

  sent(robotId: string, order: Order): void {
    const book = this.#book(robotId)
    if (book.sent !== null && book.sent.orderId !== order.orderId) {
      book.formerOrderIds = new Set([...book.formerOrderIds, book.sent.orderId].slice(-KEPT_ORDER_IDS))
    }
    book.sent = order
  }

  /** A robot that was started again counts its headers anew. */
  connected(robotId: string): void {
    this.#book(robotId).before = null
  }

  /** @returns whether the state says something about now */
  heard(robotId: string, state: State): boolean {
    const book = this.#book(robotId)
    const { before, sent, formerOrderIds } = book
    const nowMs = this.#isClockJudged ? this.#now().getTime() : null
    for (const offence of offencesOf(state, { before, sent, formerOrderIds, nowMs })) {
      this.note(robotId, offence)
    }
    if (isStale(state, before)) return false
    book.before = state
    return true
  }

  #book(robotId: string): RobotBook {
    const known = this.#books.get(robotId)
    if (known !== undefined) return known
    const book: RobotBook = { offences: new Map(), before: null, sent: null, formerOrderIds: new Set() }
    this.#books.set(robotId, book)
    return book
  }
}
