import type { Clock, TimerId } from '@wardlight/core/clock'
import type { FastifyBaseLogger } from 'fastify'
import { Client } from 'pg'
import { LEADERSHIP_ROW_ID } from './cluster-identity.ts'
import { pause } from './pause.ts'

/** Wardlight's own number among a database's advisory locks; migrations have another. */
const LOCK_KEY = 505031
/** How often a follower asks for the lock, milliseconds. */
const ASK_INTERVAL_MS = 500
/** How often the leader shows PostgreSQL that it lives, milliseconds. */
const BEAT_INTERVAL_MS = 1000
/** A follower tries another connection when an answer takes longer, milliseconds. */
const ANSWER_WITHIN_MS = 5000
/** A leader believes in its term for so long after the beat that PostgreSQL last answered, milliseconds. */
export const BELIEVED_FOR_MS = 10_000
/**
 * PostgreSQL ends the leader's session, and gives its lock to the next, after so long without a beat,
 * milliseconds: a process that hangs, or a machine that is gone without a farewell. Longer than the leader
 * believes, so that it has stopped by itself before.
 */
const RELEASED_AFTER_MS = 15_000
/** A new leader waits for what the old one has in work; what that leaves lying is ended after 5 s. */
const BEGIN_WITHIN_MS = 15_000

export interface Leader {
  readonly epoch: number
  readonly serverId: string
  /** Where the others reach it; `null`: it shares with none. */
  readonly url: string | null
}

/** The time in which this server leads. */
export interface Term {
  readonly epoch: number
  /** Whether it is sure to lead still; asked before anything that others would notice. */
  isHeld(): boolean
  /** Asks the database at once, because there is reason to doubt. */
  check(): void
  /** Resolves with the reason when it is over. */
  readonly ended: Promise<string>
  /** Ends it, and closes the session: the next may lead. */
  end(reason: string): Promise<void>
}

/**
 * One advisory lock of PostgreSQL on a connection of its own: whoever holds it leads. A lock of a session ends
 * with the session, however that ends. It does not stand a pooler that shares sessions (PgBouncer's transaction
 * mode): there two could lead, and the epoch of the database would stop both.
 */
export class LeaderLock {
  readonly #databaseUrl: string
  readonly #serverId: string
  readonly #clock: Clock
  readonly #log: FastifyBaseLogger

  /** @param options.clock real time */
  constructor(options: { databaseUrl: string; serverId: string; clock: Clock; log: FastifyBaseLogger }) {
    this.#databaseUrl = options.databaseUrl
    this.#serverId = options.serverId
    this.#clock = options.clock
    this.#log = options.log
  }

  /**
   * Asks until it holds the lock, or `signal` is aborted (`null`).
   *
   * @param url where the others reach this server; `null`: it shares with none
   * @param onOther hears at each asking who leads instead; `null` when the database does not answer
   */
  async take(
    url: string | null,
    onOther: (leader: Leader | null) => void,
    signal: AbortSignal,
  ): Promise<Term | null> {
    let client: Client | null = null
    while (!signal.aborted) {
      try {
        client ??= await this.#connect()
        const ask = {
          text: `select pg_try_advisory_lock(${LOCK_KEY}) as "isTaken", epoch, server_id as "serverId", url
                   from leadership where id = ${LEADERSHIP_ROW_ID}`,
          query_timeout: ANSWER_WITHIN_MS,
        }
        const { rows } = await client.query<Leader & { isTaken: boolean }>(ask)
        const { isTaken, ...leader } = rows[0]!
        if (isTaken) return await this.#begin(client, url)
        // Just locked by one that has not yet said who it is.
        if (leader.epoch > 0) onOther(leader)
      } catch (error) {
        this.#log.warn({ err: error }, 'The database does not say who leads')
        void client?.end().catch(() => {})
        client = null
        onOther(null)
      }
      await pause(this.#clock, ASK_INTERVAL_MS, signal)
    }
    await client?.end()
    return null
  }

  async #connect(): Promise<Client> {
    const client = new Client({
      connectionString: this.#databaseUrl,
      application_name: `wardlight leader lock ${this.#serverId}`,
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      keepAlive: true,
    })
    // The next query fails as well; unheard, the event would end the process.
    client.on('error', () => {})
    await client.connect()
    // PostgreSQL 14 and later know it; on an older one a machine that is gone holds the lock until TCP notices.
    await client.query(
      `select set_config(name, '${RELEASED_AFTER_MS}', false) from pg_settings where name = 'idle_session_timeout'`,
    )
    return client
  }

  async #begin(client: Client, url: string | null): Promise<Term> {
    const askedAt = this.#instant()
    const begin = {
      text: `update leadership set epoch = epoch + 1, server_id = $1, url = $2, since = now()
              where id = ${LEADERSHIP_ROW_ID} returning epoch`,
      values: [this.#serverId, url],
      query_timeout: BEGIN_WITHIN_MS,
    }
    const { rows } = await client.query<{ epoch: number }>(begin)
    const { epoch } = rows[0]!
    this.#log.info({ epoch }, 'This server leads')
    return new HeldTerm(client, epoch, askedAt, this.#clock)
  }

  #instant(): Instant {
    return { monotonicMs: this.#clock.monotonicMs(), epochMs: this.#clock.epochMs() }
  }
}

interface Instant {
  readonly monotonicMs: number
  readonly epochMs: number
}

class HeldTerm implements Term {
  readonly epoch: number
  readonly ended: Promise<string>
  readonly #client: Client
  readonly #clock: Clock
  #confirmedAt: Instant
  #isOver = false
  #isAsking = false
  #tellEnd: (reason: string) => void = () => {}
  #timer: TimerId = null
  #patience: TimerId = null

  constructor(client: Client, epoch: number, confirmedAt: Instant, clock: Clock) {
    this.epoch = epoch
    this.#client = client
    this.#clock = clock
    this.#confirmedAt = confirmedAt
    this.ended = new Promise((resolve) => (this.#tellEnd = resolve))
    client.on('error', (error) => void this.end(`its session broke: ${error.message}`))
    client.on('end', () => void this.end('its session ended'))
    this.#timer = clock.setTimeout(() => void this.#beat(), BEAT_INTERVAL_MS)
  }

  isHeld(): boolean {
    const { monotonicMs, epochMs } = this.#confirmedAt
    return (
      !this.#isOver &&
      this.#clock.monotonicMs() - monotonicMs < BELIEVED_FOR_MS &&
      // The monotonic clock of a machine that was suspended may not have counted that.
      this.#clock.epochMs() - epochMs < BELIEVED_FOR_MS
    )
  }

  check(): void {
    if (this.#isOver || this.#isAsking) return
    this.#clock.clearTimeout(this.#timer)
    void this.#beat()
  }

  async end(reason: string): Promise<void> {
    if (this.#isOver) return
    this.#isOver = true
    this.#clock.clearTimeout(this.#timer)
    this.#clock.clearTimeout(this.#patience)
    this.#tellEnd(reason)
    await this.#client.end().catch(() => {})
  }

  async #beat(): Promise<void> {
    const at = { monotonicMs: this.#clock.monotonicMs(), epochMs: this.#clock.epochMs() }
    this.#isAsking = true
    this.#awaitAnswer()
    try {
      const { rows } = await this.#client.query<{ epoch: number; isLocked: boolean }>(
        `select epoch, exists (
            select from pg_locks
             where locktype = 'advisory' and objid = ${LOCK_KEY} and pid = pg_backend_pid() and granted
          ) as "isLocked" from leadership where id = ${LEADERSHIP_ROW_ID}`,
      )
      if (this.#isOver) return
      if (!rows[0]!.isLocked) return await this.end('its lock is gone')
      if (rows[0]!.epoch !== this.epoch) return await this.end('the database has a newer leader')
      this.#confirmedAt = at
      // An answer that comes late is followed by the next question at once.
      const passedMs = this.#clock.monotonicMs() - at.monotonicMs
      const waitMs = Math.max(0, BEAT_INTERVAL_MS - passedMs)
      this.#timer = this.#clock.setTimeout(() => void this.#beat(), waitMs)
    } catch (error) {
      await this.end(`the database does not answer: ${String(error)}`)
    } finally {
      this.#isAsking = false
      this.#clock.clearTimeout(this.#patience)
    }
  }

  /**
   * Ends the term when there has been no answer for so long that PostgreSQL has given the lock away. Where only this
   * process was late, the answer is there and is read before the second timer.
   */
  #awaitAnswer(): void {
    this.#patience = this.#clock.setTimeout(() => {
      this.#patience = this.#clock.setTimeout(() => void this.end('the database does not answer'), 1)
    }, RELEASED_AFTER_MS)
  }
}
