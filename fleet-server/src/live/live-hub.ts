import type { Clock, TimerId } from '@wardlight/core/clock'
import { LiveClientMessageSchema, type LiveServerMessage, type ScanView } from '@wardlight/core/fleet'
import { Compile } from 'typebox/compile'
import { EVERY_WARD, liveChangesIn, liveStateIn, type WardScope } from '../domain/ward-scope.ts'
import type { LiveBoard } from './live-board.ts'
import { liveFrame, type LiveFrame } from './live-frame.ts'
import type { LiveSocket } from './live-socket.ts'

/** Changes are gathered for this long: about five deltas a second, milliseconds. */
export const DELTA_INTERVAL_MS = 200
/** Clients take a line without a word for three seconds as dead. */
export const HEARTBEAT_INTERVAL_MS = 1000
/** Beyond this many bytes unsent a client gets nothing more until it has caught up, then a new snapshot. */
const BEHIND_BYTES = 1_000_000
const CAUGHT_UP_BYTES = 64_000
/** A client that is behind for so long is cut off, milliseconds. */
const CUT_OFF_AFTER_MS = 30_000
/** WebSocket close codes (RFC 6455, and IANA's registry for 1013). */
const CLOSE_POLICY = 1008
const CLOSE_TRY_LATER = 1013
const CLOSE_GOING_AWAY = 1001

const clientMessage = Compile(LiveClientMessageSchema)

export interface LiveClient {
  /** A text frame came. */
  receive(text: string): void
  closed(): void
}

/** Who watches. */
export interface LiveViewer {
  /** Whether who signed in still is. */
  readonly isSignedIn: () => boolean
  /** What of the board they may see at this moment; left out: everything. */
  readonly scope?: () => WardScope
}

interface Session {
  readonly socket: LiveSocket
  readonly viewer: LiveViewer
  /** What of the board it was told last. */
  scope: WardScope
  watched: ReadonlySet<string>
  behindSinceMs: number | null
}

/**
 * Sends the board to every connected client. A server that follows shows the board of the one that leads, and
 * none while nobody does: then it is silent, and clients see how old what they have is. Its clock is
 * the network's, not the hospital's: lines die in real time.
 */
export class LiveHub {
  #board: LiveBoard | null
  readonly #clock: Clock
  readonly #now: () => string
  readonly #sessions = new Set<Session>()
  /** Whether everybody has been sent something since the last heartbeat. */
  #hasSpoken = false
  #deltaTimer: TimerId = null
  #heartbeatTimer: TimerId = null
  #sentBytes = 0
  /** Called with the robots whose scans some client wants, when they change. */
  onWatched: (robotIds: readonly string[]) => void = () => {}

  /** @param now the server's time for `at`, ISO 8601 */
  constructor(board: LiveBoard | null, clock: Clock, now: () => string) {
    this.#board = board
    this.#clock = clock
    this.#now = now
  }

  start(): void {
    this.show(this.#board)
    this.#every(
      DELTA_INTERVAL_MS,
      (timer) => (this.#deltaTimer = timer),
      () => this.#flush(),
    )
    this.#every(
      HEARTBEAT_INTERVAL_MS,
      (timer) => (this.#heartbeatTimer = timer),
      () => this.#heartbeat(),
    )
  }

  /** From now on this board, beginning with a snapshot for everybody; `null`: there is nothing to show. */
  show(board: LiveBoard | null): void {
    if (this.#board !== null) this.#board.onUrgent = () => {}
    this.#board = board
    if (board === null) return
    board.onUrgent = () => this.#flush()
    // What is pending stands in the snapshots.
    board.takeChanges(this.#now())
    for (const session of this.#sessions) this.#sendSnapshot(session)
  }

  stop(): void {
    this.show(null)
    this.#clock.clearTimeout(this.#deltaTimer)
    this.#clock.clearTimeout(this.#heartbeatTimer)
    for (const { socket } of this.#sessions) socket.close(CLOSE_GOING_AWAY, 'The server stops')
    this.#sessions.clear()
  }

  get size(): number {
    return this.#sessions.size
  }

  /** Ever, to all of them. */
  get sentBytes(): number {
    return this.#sentBytes
  }

  add(socket: LiveSocket, viewer: LiveViewer): LiveClient {
    const session: Session = {
      socket,
      viewer,
      scope: scopeOf(viewer),
      watched: new Set(),
      behindSinceMs: null,
    }
    // What is pending goes to the others first, so that this client's next delta follows its snapshot.
    this.#flush()
    this.#sessions.add(session)
    this.#sendSnapshot(session)
    return {
      receive: (text) => this.#receive(session, text),
      closed: () => this.#leave(session),
    }
  }

  /** Robots whose scans some client wants. */
  watched(): string[] {
    return [...new Set([...this.#sessions].flatMap(({ watched }) => [...watched]))]
  }

  scan(robotId: string, scan: ScanView): void {
    let frame: LiveFrame | null = null
    for (const session of this.#sessions) {
      if (!session.watched.has(robotId) || session.behindSinceMs !== null) continue
      frame ??= liveFrame({ type: 'scan', robotId, scan })
      this.#send(session, frame)
    }
  }

  #receive(session: Session, text: string): void {
    let message: unknown
    try {
      message = JSON.parse(text)
    } catch {
      message = null
    }
    if (!clientMessage.Check(message)) {
      session.socket.close(CLOSE_POLICY, 'Not a message of the live feed')
      this.#leave(session)
      return
    }
    if (message.type === 'watchScans') {
      session.watched = new Set(message.robotIds)
      this.onWatched(this.watched())
    } else this.#sendSnapshot(session)
  }

  #leave(session: Session): void {
    if (this.#sessions.delete(session) && session.watched.size > 0) this.onWatched(this.watched())
  }

  #flush(): void {
    for (const message of this.#board?.takeChanges(this.#now()) ?? []) {
      this.#hasSpoken = true
      const frames = new Map<string, LiveFrame>()
      // Most see the same rooms: it is not looked up for each of them.
      let scope: WardScope | null = null
      let frame: LiveFrame | null = null
      for (const session of this.#sessions) {
        if (frame === null || session.scope !== scope) {
          scope = session.scope
          frame = frames.get(scope.key) ?? liveFrame(this.#within(scope, message))
          frames.set(scope.key, frame)
        }
        this.#send(session, frame)
      }
    }
  }

  /** What somebody is told of a message. It keeps its number, also where nothing is left of it. */
  #within(scope: WardScope, message: LiveServerMessage): LiveServerMessage {
    const board = this.#board
    if (scope === EVERY_WARD || board === null) return message
    if (message.type === 'snapshot') return { ...message, state: liveStateIn(scope, message.state) }
    if (message.type !== 'delta') return message
    const changes = liveChangesIn(scope, message.changes, (collection, id) => board.get(collection, id))
    return { ...message, changes }
  }

  #heartbeat(): void {
    // Every word shows that the line is alive: between two of them there are never two seconds.
    const beat =
      this.#board === null || this.#hasSpoken
        ? null
        : liveFrame({ type: 'heartbeat', sequence: this.#board.sequence, at: this.#now() })
    this.#hasSpoken = false
    for (const session of this.#sessions) {
      const scope = scopeOf(session.viewer)
      if (!session.viewer.isSignedIn()) {
        session.socket.close(CLOSE_POLICY, 'Signed out')
        this.#leave(session)
      } else if (this.#board === null) {
        continue
      } else if (scope.key !== session.scope.key) {
        this.#flush()
        session.scope = scope
        this.#sendSnapshot(session)
      } else if (session.behindSinceMs === null) {
        if (beat !== null) this.#send(session, beat)
      } else if (session.socket.bufferedAmount <= CAUGHT_UP_BYTES) {
        this.#flush()
        this.#sendSnapshot(session)
      } else if (this.#clock.monotonicMs() - session.behindSinceMs > CUT_OFF_AFTER_MS) {
        session.socket.close(CLOSE_TRY_LATER, 'Too slow')
        session.socket.terminate()
        this.#leave(session)
      }
    }
  }

  #sendSnapshot(session: Session): void {
    if (this.#board === null) return
    if (session.socket.bufferedAmount > BEHIND_BYTES) {
      session.behindSinceMs ??= this.#clock.monotonicMs()
      return
    }
    session.behindSinceMs = null
    // Its sequence is the last delta's; anything newer in it is still pending and comes again.
    this.#write(session, liveFrame(this.#within(session.scope, this.#board.snapshot(this.#now()))))
  }

  #send(session: Session, frame: LiveFrame): void {
    if (session.behindSinceMs !== null) return
    if (session.socket.bufferedAmount > BEHIND_BYTES) session.behindSinceMs = this.#clock.monotonicMs()
    else this.#write(session, frame)
  }

  #write({ socket }: Session, frame: LiveFrame): void {
    this.#sentBytes += frame.onTheWire.length
    socket.send(frame)
  }

  #every(intervalMs: number, hold: (timer: TimerId) => void, action: () => void): void {
    const tick = () => {
      hold(this.#clock.setTimeout(tick, intervalMs))
      action()
    }
    hold(this.#clock.setTimeout(tick, intervalMs))
  }
}

function scopeOf({ scope }: LiveViewer): WardScope {
  return scope?.() ?? EVERY_WARD
}
