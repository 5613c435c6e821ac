import type { Clock, TimerId } from '@wardlight/core/clock'
import {
  applyChanges,
  changesIn,
  readLiveMessage,
  type LiveClientMessage,
  type LiveServerMessage,
} from '@wardlight/core/fleet'
import type { ExternalStore } from './external-store.ts'
import type { FleetState } from './fleet-state.ts'

/** The part of a browser's WebSocket that the feed uses. */
export interface FeedSocket {
  binaryType: string
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  send(text: string): void
  close(): void
}

export interface LiveFeedOptions {
  readonly clock: Clock
  readonly store: ExternalStore<FleetState>
  readonly openSocket: () => FeedSocket
  /** Called each time the line is lost, e.g. to find out whether the session still stands. */
  readonly onLost?: () => void
}

export interface LiveFeed {
  readonly start: () => void
  readonly stop: () => void
  /** Replaces the set of robots whose lidar scans are wanted; it is sent again after a reconnect. */
  readonly watchScans: (robotIds: readonly string[]) => void
}

/** The server says something at least every second; silence for longer than this means a dead line. */
export const SILENCE_LIMIT_MS = 2500

/** Waits before reconnecting: quick at first, never longer than five seconds. */
const RECONNECT_DELAYS_MS = [250, 500, 1000, 2000, 5000] as const

/**
 * Keeps the store in step with the server: a snapshot, then deltas numbered without a gap. After a gap
 * it asks for a new snapshot and ignores deltas until that comes; after silence or a closed line it
 * reconnects, and the store says `lost` meanwhile.
 */
export function createLiveFeed({ clock, store, openSocket, onLost }: LiveFeedOptions): LiveFeed {
  let socket: FeedSocket | null = null
  let watched: readonly string[] = []
  let sequence: number | null = null
  let attempts = 0
  let silenceTimer: TimerId = null
  let reconnectTimer: TimerId = null
  let isRunning = false
  let isOpen = false

  function send(message: LiveClientMessage): void {
    socket?.send(JSON.stringify(message))
  }

  function heard(at: string): Pick<FleetState, 'serverEpochMs' | 'heardAtMs'> {
    clock.clearTimeout(silenceTimer)
    silenceTimer = clock.setTimeout(lose, SILENCE_LIMIT_MS)
    return { serverEpochMs: Date.parse(at), heardAtMs: clock.monotonicMs() }
  }

  function resync(): void {
    sequence = null
    send({ type: 'resync' })
  }

  function receive(message: LiveServerMessage): void {
    const state = store.get()
    switch (message.type) {
      case 'snapshot':
        sequence = message.sequence
        attempts = 0
        store.set({ ...state, ...heard(message.at), connection: 'live', live: message.state })
        return
      case 'delta':
      case 'motion': {
        const time = heard(message.at)
        // While a snapshot is on its way a delta can only be older or come again after it.
        if (sequence === null || state.live === null) return store.set({ ...state, ...time })
        if (message.sequence <= sequence) return store.set({ ...state, ...time })
        if (message.sequence !== sequence + 1) {
          resync()
          return store.set({ ...state, ...time })
        }
        sequence = message.sequence
        const changes = changesIn(message, Object.values(state.live.robots))
        return store.set({ ...state, ...time, live: applyChanges(state.live, changes) })
      }
      case 'heartbeat':
        if (sequence !== null && message.sequence !== sequence) resync()
        store.set({ ...state, ...heard(message.at) })
        return
      case 'scan':
        if (!watched.includes(message.robotId)) return
        store.set({ ...state, scans: { ...state.scans, [message.robotId]: message.scan } })
    }
  }

  function connect(): void {
    const opened = openSocket()
    socket = opened
    opened.binaryType = 'arraybuffer'
    sequence = null
    silenceTimer = clock.setTimeout(lose, SILENCE_LIMIT_MS)
    // A socket that was given up may still speak; it is not listened to.
    opened.addEventListener('open', () => {
      if (socket !== opened) return
      isOpen = true
      if (watched.length > 0) send({ type: 'watchScans', robotIds: [...watched] })
    })
    opened.addEventListener('message', (event) => {
      if (socket !== opened) return
      const message = readLiveMessage(event.data as string | ArrayBuffer)
      if (message !== null) receive(message)
    })
    opened.addEventListener('close', () => {
      if (socket === opened) lose()
    })
    // A close follows every error; without a listener some sockets throw.
    opened.addEventListener('error', () => undefined)
  }

  function release(): void {
    clock.clearTimeout(silenceTimer)
    clock.clearTimeout(reconnectTimer)
    isOpen = false
    if (socket === null) return
    const closing = socket
    socket = null
    closing.close()
  }

  function lose(): void {
    release()
    const state = store.get()
    if (state.connection !== 'lost') store.set({ ...state, connection: 'lost', scans: {} })
    const delay = RECONNECT_DELAYS_MS[Math.min(attempts, RECONNECT_DELAYS_MS.length - 1)]!
    attempts += 1
    reconnectTimer = clock.setTimeout(connect, delay)
    onLost?.()
  }

  return {
    start() {
      if (isRunning) return
      isRunning = true
      attempts = 0
      connect()
    },
    stop() {
      isRunning = false
      release()
    },
    watchScans(robotIds) {
      watched = robotIds
      const { scans, ...rest } = store.get()
      const kept = Object.fromEntries(Object.entries(scans).filter(([id]) => robotIds.includes(id)))
      store.set({ ...rest, scans: kept })
      // Before the line is open nothing can be sent; `onopen` does it then.
      if (isOpen) send({ type: 'watchScans', robotIds: [...robotIds] })
    },
  }
}
