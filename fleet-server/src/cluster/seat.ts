import type { Clock } from '@wardlight/core/clock'
import { wardError } from '@wardlight/core/errors'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Deciding } from '../deciding.ts'
import { LiveBoard } from '../live/live-board.ts'
import type { LiveHub } from '../live/live-hub.ts'
import type { ServerRole } from '../server-options.ts'
import type { Answering } from './front.ts'
import { LeaderFeed } from './leader-feed.ts'
import type { Leader, LeaderLock, Term } from './leader-lock.ts'
import { pause } from './pause.ts'

/** After a term that could not begin or broke off, so long nothing is tried, milliseconds. */
const BREATH_MS = 2000
/** So long PostgreSQL may keep the lock of a server that is gone (`leader-lock.ts`), and a little more, milliseconds. */
const PREDECESSOR_GONE_AFTER_MS = 18_000

export interface LeadingParts {
  readonly deciding: Deciding
  readonly api: FastifyInstance
}

/**
 * The place of one of several servers: it follows until it gets the lock, leads until it loses it, and follows
 * again. What it shows and who answers in it changes with that; connections of people stay.
 */
export class Seat {
  readonly #lock: LeaderLock
  readonly #hub: LiveHub
  readonly #mayFollow: boolean
  readonly #prepare: (term: Term) => Promise<LeadingParts>
  readonly #clock: Clock
  readonly #log: FastifyBaseLogger
  readonly #mirror = new LiveBoard()
  readonly #feed: LeaderFeed
  readonly #stopping = new AbortController()
  #answering: Answering = { by: 'nobody' }
  #leader: Leader | null = null
  #deciding: Deciding | null = null
  #isLossTold = false
  #running: Promise<void> = Promise.resolve()
  /** Since when another leads with whom it cannot share. */
  #besideSinceMs: number | null = null
  /** Called when it leads or follows for the first time, or cannot. */
  #settle: { resolve: () => void; reject: (error: unknown) => void } | null = null

  constructor(options: {
    lock: LeaderLock
    hub: LiveHub
    secret: string
    /** Whether it serves beside a leader; otherwise it waits until there is none, and does not start beside one. */
    mayFollow: boolean
    /** Loads all that decides; it does not act yet. */
    prepare: (term: Term) => Promise<LeadingParts>
    /** Real time. */
    clock: Clock
    log: FastifyBaseLogger
  }) {
    this.#lock = options.lock
    this.#hub = options.hub
    this.#mayFollow = options.mayFollow
    this.#prepare = options.prepare
    this.#clock = options.clock
    this.#log = options.log
    this.#feed = new LeaderFeed(this.#mirror, options.secret, options.clock)
    this.#feed.onWhole = () => {
      const url = this.#leader?.url ?? null
      if (url === null) return
      this.#answering = { by: 'the leader', url }
      this.#hub.show(this.#mirror)
      this.#isLossTold = false
      this.#settle?.resolve()
    }
    this.#feed.onLost = () => {
      this.#answering = { by: 'nobody' }
      this.#hub.show(null)
      // A leader that does not answer yet is no reason not to begin: this server says so.
      if (this.#leader === null) return
      if (!this.#isLossTold) this.#log.warn({ leader: this.#leader }, 'The leader is not heard')
      this.#isLossTold = true
      this.#settle?.resolve()
    }
    this.#feed.onScan = ({ robotId, scan }) => this.#hub.scan(robotId, scan)
    this.#hub.onWatched = (robotIds) => this.#feed.watchScans(robotIds)
  }

  get answering(): Answering {
    return this.#answering
  }

  get role(): ServerRole {
    if (this.#answering.by === 'this server') return 'leader'
    return this.#answering.by === 'the leader' ? 'follower' : 'none'
  }

  /** While it leads. */
  get deciding(): Deciding | null {
    return this.#deciding
  }

  /**
   * Resolves when it leads, or follows.
   *
   * @param url where the others reach it; `null`: it shares with none
   * @throws what kept it from leading, where it was to be the first; WARD_ERR_DATABASE beside one with whom it cannot share
   */
  async start(url: string | null): Promise<void> {
    const isSettled = new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    this.#running = this.#run(url)
    await isSettled
    this.#settle = null
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run(url: string | null): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const term = await this.#lock.take(url, (leader) => this.#hear(leader), signal)
      this.#follow(null)
      if (term === null) return
      try {
        await this.#lead(term, signal)
      } catch (error) {
        if (this.#settle === null) this.#log.error({ err: error }, 'This server could not lead')
        else this.#settle.reject(error)
      }
      await term.end('this server stops leading')
      await pause(this.#clock, BREATH_MS, signal)
    }
  }

  /** When the database is silent the leader may still be heard: it knows best whether it leads. */
  #hear(leader: Leader | null): void {
    if (leader === null) return
    if (!this.#mayFollow || leader.url === null) this.#refuseBeside(leader)
    else if (leader.epoch !== this.#leader?.epoch) this.#follow(leader)
  }

  /** One that hangs, or whose machine is gone, may have left its lock: that is waited for. */
  #refuseBeside({ serverId }: Leader): void {
    this.#besideSinceMs ??= this.#clock.monotonicMs()
    if (this.#clock.monotonicMs() - this.#besideSinceMs < PREDECESSOR_GONE_AFTER_MS) return
    this.#settle?.reject(
      wardError('WARD_ERR_DATABASE', {
        what: 'Another Wardlight server uses this database, and one of the two has no broker outside',
        where: `server ${serverId}`,
        remedy:
          'Stop that server, give this one a database of its own, or set the same MQTT_URL for both: then they share the work.',
      }),
    )
  }

  #follow(leader: Leader | null): void {
    // The line to the one before is given up, not lost.
    this.#leader = null
    this.#feed.follow(null)
    this.#leader = leader
    this.#isLossTold = false
    this.#feed.follow(leader?.url ?? null)
  }

  async #lead(term: Term, signal: AbortSignal): Promise<void> {
    const { deciding, api } = await this.#prepare(term)
    try {
      await api.ready()
      await deciding.start()
      this.#deciding = deciding
      this.#answering = { by: 'this server', api }
      this.#hub.show(deciding.board)
      this.#settle?.resolve()
      const reason = await Promise.race([term.ended, aborted(signal)])
      if (reason !== null) this.#log.error({ reason, epoch: term.epoch }, 'This server leads no longer')
    } finally {
      this.#answering = { by: 'nobody' }
      this.#deciding = null
      this.#hub.show(null)
      await deciding.stop()
      await api.close()
      await deciding.settled()
    }
  }
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null)
    else signal.addEventListener('abort', () => resolve(null), { once: true })
  })
}
