import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock, TimerId } from '@wardlight/core/clock'
import { wardError } from '@wardlight/core/errors'
import { WebSocketServer, type WebSocket } from 'ws'
import type { AgentLog } from '../agent-log.ts'
import { holdToArm, NO_HOLD, type HoldOutcome, type HoldState } from './hold-to-arm.ts'
import { hostHeadersOf, isWildcard } from './screen-address.ts'
import { screenFile, SCREEN_HEADERS } from './screen-files.ts'
import { readPageMessage, type HoldRefusal, type ScreenRobotMessage } from './screen-messages.ts'
import type { ScreenAnswer } from './screen-errand.ts'
import type { ScreenView } from './screen-view.ts'

/** Ten beats a second: a change is seen at once, and a message's age is known well. */
const BEAT_MS = 100
/** Of so many beats it is known when they went out. */
const KEPT_BEATS = 50
/** The longest message of a page has some 80 bytes. */
const MAX_MESSAGE_BYTES = 1024
/** A tablet that does not take so many bytes is not looking any more. */
const BEHIND_BYTES = 65_536
/** One tablet, and somebody who looks over its shoulder. Proposed. */
const MAX_PAGES = 8
/** Browsers open up to six at a time for the fonts. Proposed. */
const MAX_CONNECTIONS = 64
/** WebSocket close codes (RFC 6455 7.4.1, and IANA's registry for 1013). */
const CLOSE = { unsupported: 1003, policy: 1008, internal: 1011, tryLater: 1013 } as const

export interface ScreenSettings {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
}

export interface ScreenServerOptions {
  readonly settings: ScreenSettings
  /** The clock of fingers and lines, which is the robot's; in a simulation it is not the simulated one. */
  readonly clock: Clock
  readonly log: AgentLog
  readonly view: () => ScreenView
  /** Lamp and drive off. */
  readonly stopRobot: () => void
  /** An answer on an errand: @returns why it does not count, `null` when it does. Left out, there are none. */
  readonly answer?: (answer: ScreenAnswer) => string | null
  /** A whole hold: @returns why it is refused, `null` when it counted. `null`: this screen is no arm button. */
  readonly arm: (() => string | null) | null
}

interface Page {
  readonly socket: WebSocket
  hold: HoldState
  /** What there was to arm when the finger came down. */
  armingAtBegin: string
}

/** The robot's own screen for the tablet on it: a few files, and one line that shows and hears. */
export class ScreenServer {
  readonly #options: ScreenServerOptions
  readonly #pages = new Set<Page>()
  #http: Server | null = null
  #sockets: WebSocketServer | null = null
  #timer: TimerId = null
  #lastView = ''
  #beat = 0
  /** When the last beats went out; the last of them is `#beat`. */
  #beatTimesMs: readonly number[] = []

  constructor(options: ScreenServerOptions) {
    this.#options = options
  }

  /** `null` while it is not served. */
  get url(): string | null {
    const address = this.#http?.address()
    if (address === null || address === undefined || typeof address === 'string') return null
    const { family, address: host, port } = address
    return `http://${family === 'IPv6' ? `[${host}]` : host}:${port}`
  }

  /** Throws WARD_ERR_CONFIG when the port cannot be had. */
  async start(): Promise<void> {
    const { host, port } = this.#options.settings
    const http = createServer((request, response) => this.#answer(request, response))
    http.maxConnections = MAX_CONNECTIONS
    const sockets = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      clientTracking: false,
    })
    http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
    await new Promise<void>((resolve, reject) => {
      http.once('error', (cause) =>
        reject(
          wardError('WARD_ERR_CONFIG', {
            what: `the robot's screen cannot be served on ${host}, port ${port}: ${cause.message}`,
            where: 'screen',
            remedy: 'Give a host that this robot has, and a port that is free.',
            cause,
          }),
        ),
      )
      http.listen(port, host, resolve)
    })
    http.on('error', (error) => this.#options.log.error({ err: error }, "The robot's screen failed."))
    this.#http = http
    // Written differently ("0", "::0") it is the same: every network of the robot.
    const bound = http.address()
    if (bound !== null && typeof bound !== 'string' && isWildcard(bound.address)) {
      await this.stop()
      throw wardError('WARD_ERR_CONFIG', {
        what: `${host} would open the robot's screen to every network of the robot`,
        where: 'screen.host',
        remedy: "Give the one address that the tablet reaches; on the robot's own tablet leave host out.",
      })
    }
    this.#sockets = sockets
    this.#options.log.info({ url: this.url }, "The robot's own screen is served.")
    this.#tick()
  }

  async stop(): Promise<void> {
    this.#options.clock.clearTimeout(this.#timer)
    this.#timer = null
    // Not closed politely: a tablet that does not answer would keep the robot's process alive.
    for (const { socket } of [...this.#pages]) socket.terminate()
    this.#pages.clear()
    this.#sockets?.close()
    this.#sockets = null
    const http = this.#http
    this.#http = null
    if (http === null) return
    await new Promise<void>((resolve) => {
      http.close(() => resolve())
      http.closeAllConnections()
    })
  }

  /** Something changed: pages see it now, not with the next beat. */
  changed(): void {
    if (this.#http === null || this.#pages.size === 0) return
    this.#guarded(() => this.#show())
  }

  #tick(): void {
    const { clock } = this.#options
    this.#timer = clock.setTimeout(() => this.#tick(), BEAT_MS)
    // What fails here leaves pages without beats, and a page without beats says "keep out".
    this.#guarded(() => {
      const nowMs = clock.monotonicMs()
      for (const page of [...this.#pages]) this.#hold(page, { type: 'tick' })
      if (this.#pages.size > 0) this.#show()
      this.#beat += 1
      this.#beatTimesMs = [...this.#beatTimesMs, nowMs].slice(-KEPT_BEATS)
      this.#tell([...this.#pages], { type: 'beat', beat: this.#beat })
    })
  }

  #show(): void {
    const message: ScreenRobotMessage = { type: 'view', view: this.#options.view() }
    const text = JSON.stringify(message)
    if (text === this.#lastView) return
    this.#lastView = text
    for (const page of [...this.#pages]) this.#send(page, text)
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const refuse = (status: number, words: string, headers: Record<string, string> = {}) => {
      response.writeHead(status, {
        ...SCREEN_HEADERS,
        ...headers,
        'content-type': 'text/plain; charset=utf-8',
      })
      response.end(`${words}\n`)
    }
    try {
      if (!this.#isOwnHost(request)) {
        return refuse(421, `This is the robot's own screen. Open it at ${this.url ?? 'its address'}.`)
      }
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        return refuse(405, 'Only GET and HEAD are answered here.', { allow: 'GET, HEAD' })
      }
      const file = screenFile((request.url ?? '/').split('?')[0]!)
      if (file === null) return refuse(404, 'There is no such file. The screen is at /.')
      const body = file.read()
      response.writeHead(200, { ...SCREEN_HEADERS, 'content-type': file.type, 'content-length': body.length })
      response.end(request.method === 'HEAD' ? undefined : body)
    } catch (error) {
      this.#options.log.error({ err: error }, "A file of the robot's screen cannot be read.")
      if (response.headersSent) response.destroy()
      else refuse(500, 'The file cannot be read: reinstall the software of this robot.')
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const drop = () => socket.destroy()
    socket.on('error', drop)
    const refuse = (status: string) => {
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    }
    const { origin, host } = request.headers
    if (!this.#isOwnHost(request)) return refuse('421 Misdirected Request')
    // Without an origin it is no browser; with another it is a page from elsewhere in the tablet's browser.
    if (origin?.toLowerCase() !== `http://${host!.toLowerCase()}`) return refuse('403 Forbidden')
    if ((request.url ?? '').split('?')[0] !== '/live') return refuse('404 Not Found')
    this.#sockets?.handleUpgrade(request, socket, head, (webSocket) => {
      socket.off('error', drop)
      this.#welcome(webSocket)
    })
  }

  #isOwnHost({ headers: { host }, socket }: IncomingMessage): boolean {
    const port = socket.localPort
    if (host === undefined || port === undefined) return false
    return hostHeadersOf(this.#options.settings.host, port).includes(host.toLowerCase())
  }

  #welcome(socket: WebSocket): void {
    const page: Page = { socket, hold: NO_HOLD, armingAtBegin: '' }
    // `ws` closes the line itself after an error; unheard, the event would end the robot's process.
    socket.on('error', (error) =>
      this.#options.log.debug({ err: error }, "A page of the robot's screen broke."),
    )
    if (this.#pages.size >= MAX_PAGES) {
      socket.close(CLOSE.tryLater, 'too many pages of this screen are open')
      return
    }
    socket.on('close', () => this.#pages.delete(page))
    socket.on('message', (data, isBinary) => {
      // A page that broke its word is closed; what it sent before it learned of that is nothing.
      if (!this.#pages.has(page)) return
      try {
        if (isBinary) this.#close(page, CLOSE.unsupported, 'messages are text')
        // `ws` gives one Buffer for each message, unless told otherwise.
        else this.#hear(page, (data as Buffer).toString('utf8'))
      } catch (error) {
        this.#options.log.error({ err: error }, "A message of the robot's screen could not be carried out.")
        this.#close(page, CLOSE.internal, 'the robot could not carry it out')
      }
    })
    this.#guarded(() => {
      this.#show()
      // No beat: only the next one says that the robot goes on.
      this.#send(page, this.#lastView)
    })
    this.#pages.add(page)
  }

  #hear(page: Page, text: string): void {
    const message = readPageMessage(text)
    if (typeof message === 'string') {
      this.#options.log.warn({ why: message }, "The robot's screen sent what it should not.")
      this.#close(page, CLOSE.policy, message)
      return
    }
    if (message.type === 'stop') {
      this.#options.stopRobot()
      this.#tell([page], { type: 'stopped' })
      this.changed()
      return
    }
    if (message.type !== 'hold') {
      const isTaken = this.#options.answer?.(message) === null
      this.#tell([page], { type: 'answer', isTaken })
      this.changed()
      return
    }
    if (this.#options.arm === null) {
      this.#options.log.warn({}, 'A hold came, but this screen is not the arm button.')
      this.#close(page, CLOSE.policy, 'this screen is not the arm button: press the button on the robot')
      return
    }
    const { sequence, step, beat } = message
    this.#hold(page, { type: 'message', sequence, step, ageMs: this.#ageOf(beat) })
  }

  /** How old what was said after this beat is at most, milliseconds. */
  #ageOf(beat: number): number {
    const sentAtMs = this.#beatTimesMs[this.#beatTimesMs.length - 1 - (this.#beat - beat)]
    return sentAtMs === undefined ? Infinity : this.#options.clock.monotonicMs() - sentAtMs
  }

  #hold(page: Page, event: Parameters<typeof holdToArm>[1]): void {
    const { state, outcome } = holdToArm(page.hold, event, this.#options.clock.monotonicMs())
    page.hold = state
    this.#follow(page, outcome)
  }

  #follow(page: Page, outcome: HoldOutcome): void {
    const { log, arm } = this.#options
    const cancel = (reason: HoldRefusal) => {
      page.hold = { ...page.hold, hold: null }
      log.info({ reason }, 'A hold on the screen does not count.')
      this.#tell([page], { type: 'hold', outcome: 'cancelled', reason })
    }
    switch (outcome.kind) {
      case 'none':
        return
      case 'broken':
        this.#close(page, CLOSE.policy, 'the sequence of a hold goes up by one')
        return
      case 'began': {
        const { arming } = this.#options.view()
        page.armingAtBegin = this.#armingNow()
        if (arming === 'checklistConfirmed') this.#tell([page], { type: 'hold', outcome: 'began' })
        else cancel('notItsTurn')
        return
      }
      case 'holding':
        this.#tell([page], { type: 'hold', outcome: outcome.isLongEnough ? 'longEnough' : 'holding' })
        return
      case 'cancelled':
        cancel(outcome.reason)
        return
      case 'completed': {
        // The finger agreed to what was there when it came down, and to nothing else.
        if (page.armingAtBegin !== this.#armingNow() || arm === null) {
          cancel('armingChanged')
          return
        }
        if (arm() === null) this.#tell([page], { type: 'hold', outcome: 'counted' })
        else cancel('refused')
        this.changed()
      }
    }
  }

  /** Mission and step, as one word. */
  #armingNow(): string {
    const { missionId, arming } = this.#options.view()
    return JSON.stringify([missionId, arming])
  }

  #tell(pages: readonly Page[], message: ScreenRobotMessage): void {
    const text = JSON.stringify(message)
    for (const page of pages) this.#send(page, text)
  }

  #send(page: Page, text: string): void {
    if (page.socket.bufferedAmount > BEHIND_BYTES) {
      this.#pages.delete(page)
      page.socket.terminate()
      return
    }
    page.socket.send(text, (error) => {
      if (error) this.#options.log.debug({ err: error }, "A page of the robot's screen does not hear.")
    })
  }

  #close(page: Page, code: number, reason: string): void {
    this.#pages.delete(page)
    page.socket.close(code, reason)
  }

  /** The screen never takes the robot's process with it. */
  #guarded(action: () => void): void {
    try {
      action()
    } catch (error) {
      this.#options.log.error({ err: error }, "The robot's screen cannot be shown.")
    }
  }
}
