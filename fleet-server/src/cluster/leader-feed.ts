import type { Clock, TimerId } from '@wardlight/core/clock'
import {
  changesIn,
  readLiveMessage,
  type LiveClientMessage,
  type LiveServerMessage,
} from '@wardlight/core/fleet'
import { WebSocket } from 'ws'
import type { LiveBoard } from '../live/live-board.ts'
import { PEER_SECRET_HEADER } from '../plugins/peers.ts'

export const LEADER_FEED_PATH = '/api/servers/live'
/** The leader sends a heartbeat every second; after so long without a word its line is dead, milliseconds. */
const SILENCE_LIMIT_MS = 3000
const RECONNECT_AFTER_MS = 500
/** As many robots as one client of the feed may watch. */
const MOST_WATCHED = 20

/**
 * A follower's one line to the leader: what everybody sees, mirrored onto a board. As long as it is heard, the
 * leader is there.
 */
export class LeaderFeed {
  readonly #board: LiveBoard
  readonly #secret: string
  readonly #clock: Clock
  /** The board is whole, again or at last. */
  onWhole: () => void = () => {}
  /** Nothing is heard; what the board shows grows old. */
  onLost: () => void = () => {}
  onScan: (message: Extract<LiveServerMessage, { type: 'scan' }>) => void = () => {}
  #url: string | null = null
  #socket: WebSocket | null = null
  #sequence: number | null = null
  #timer: TimerId = null
  #watched: readonly string[] = []

  /** @param clock real time: lines die in it */
  constructor(board: LiveBoard, secret: string, clock: Clock) {
    this.#board = board
    this.#secret = secret
    this.#clock = clock
  }

  /** From now on this leader; `null`: none. */
  follow(url: string | null): void {
    if (url === this.#url) return
    this.#url = url
    this.#drop()
    this.#connect()
  }

  watchScans(robotIds: readonly string[]): void {
    this.#watched = robotIds.slice(0, MOST_WATCHED)
    this.#send({ type: 'watchScans', robotIds: [...this.#watched] })
  }

  #connect(): void {
    const url = this.#url
    if (url === null) return
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${LEADER_FEED_PATH}`, {
      headers: { [PEER_SECRET_HEADER]: this.#secret },
    })
    this.#socket = socket
    this.#expectWord()
    socket.on('message', (data: Buffer, isBinary) => {
      if (socket !== this.#socket) return
      const message = readLiveMessage(isBinary ? data : data.toString())
      if (message !== null) this.#hear(message)
    })
    socket.on('open', () => this.watchScans(this.#watched))
    socket.on('close', () => this.#lose(socket))
    // `ws` closes after an error.
    socket.on('error', () => {})
  }

  #hear(message: LiveServerMessage): void {
    this.#expectWord()
    switch (message.type) {
      case 'snapshot':
        this.#sequence = message.sequence
        this.#board.replace(message.state)
        this.onWhole()
        break
      case 'delta':
      case 'motion':
        if (this.#sequence === null || message.sequence <= this.#sequence) return
        if (message.sequence > this.#sequence + 1) return this.#resync()
        this.#sequence = message.sequence
        this.#board.apply(changesIn(message, this.#board.all('robots')))
        break
      case 'heartbeat':
        if (this.#sequence !== null && message.sequence > this.#sequence) this.#resync()
        break
      case 'scan':
        this.onScan(message)
        break
    }
  }

  #resync(): void {
    this.#sequence = null
    this.#send({ type: 'resync' })
  }

  #send(message: LiveClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }

  #expectWord(): void {
    this.#clock.clearTimeout(this.#timer)
    const socket = this.#socket
    this.#timer = this.#clock.setTimeout(() => {
      // Where only this process was late, the word is there and is read before the second timer.
      this.#timer = this.#clock.setTimeout(() => {
        if (socket !== null) this.#lose(socket)
      }, 1)
    }, SILENCE_LIMIT_MS)
  }

  #lose(socket: WebSocket): void {
    if (socket !== this.#socket) return
    this.#drop()
    this.#timer = this.#clock.setTimeout(() => this.#connect(), RECONNECT_AFTER_MS)
  }

  #drop(): void {
    this.#clock.clearTimeout(this.#timer)
    const socket = this.#socket
    this.#socket = null
    this.#sequence = null
    socket?.terminate()
    if (socket !== null) this.onLost()
  }
}
