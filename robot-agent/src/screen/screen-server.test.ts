import { request } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { SimulatedClock } from '@wardlight/core/clock'
import { benchScreen } from '../testing/bench-screen.ts'
import { createBench, SILENT_LOG, uvOrder } from '../testing/robot-bench.ts'
import type { HoldStep } from './hold-to-arm.ts'
import type { RobotScreen } from './robot-screen.ts'
import type { ScreenRobotMessage } from './screen-messages.ts'
import { ScreenServer } from './screen-server.ts'

let bench = createBench()
let screen: RobotScreen
let servedAtMs = 0
const pages: Page[] = []

afterEach(async () => {
  for (const page of pages.splice(0)) page.socket.terminate()
  await screen?.stop()
  bench.stop()
})

async function serve({ armButton = false, host = '127.0.0.1', port = 0 } = {}): Promise<RobotScreen> {
  bench = createBench()
  bench.start()
  screen = benchScreen(bench, { host, port, armButton })
  await screen.start()
  servedAtMs = bench.clock.monotonicMs()
  return screen
}

/** A page of the screen, without the page. */
class Page {
  readonly socket: WebSocket
  readonly messages: ScreenRobotMessage[] = []
  readonly closed: Promise<{ code: number; reason: string }>
  beat = 0
  #sequence = 0
  #waiting: (() => void)[] = []

  private constructor(socket: WebSocket) {
    this.socket = socket
    pages.push(this)
    this.closed = new Promise((resolve) =>
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    )
    socket.on('error', () => {})
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString()) as ScreenRobotMessage
      if (message.type === 'beat') this.beat = message.beat
      this.messages.push(message)
      for (const look of this.#waiting.splice(0)) look()
    })
  }

  static async open(): Promise<Page> {
    const origin = screen.url!
    const page = new Page(new WebSocket(`${origin.replace('http', 'ws')}/live`, { origin }))
    await page.until(({ messages }) => messages.some(({ type }) => type === 'view'))
    return page
  }

  async until(condition: (page: this) => boolean): Promise<void> {
    while (!condition(this)) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  get view() {
    return this.messages.findLast((message) => message.type === 'view')!.view
  }

  /** Lets the robot's time go by, and hears all of its beats, of which the first came at the start. */
  async advance(ms: number): Promise<void> {
    bench.clock.advance(ms)
    const newest = 1 + Math.floor((bench.clock.monotonicMs() - servedAtMs) / 100)
    await this.until(({ beat }) => beat >= newest)
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  /** Says one step of a hold, and gives the robot's answer. */
  async hold(step: HoldStep, changes: { beat?: number; sequence?: number } = {}) {
    this.#sequence += 1
    const count = this.#answers().length
    this.say({ type: 'hold', sequence: this.#sequence, step, beat: this.beat, ...changes })
    await this.until(() => this.#answers().length > count)
    return this.#answers().at(-1)
  }

  #answers() {
    return this.messages.filter((message) => message.type === 'hold')
  }

  /** A hold that goes on for so many times 250 ms. */
  async press(times: number) {
    await this.hold('begin')
    await this.goOn(times)
  }

  async goOn(times: number) {
    for (let time = 0; time < times; time += 1) {
      await this.advance(250)
      await this.hold('continue')
    }
  }
}

async function toArming(): Promise<void> {
  bench.orders.take(uvOrder())
  bench.until(() => bench.phase === 'awaitingArming', 60)
  bench.clock.advance(1500)
}

/** Opens one more page: whether it hears something, or with what code it is closed. */
function firstEvent(): Promise<'message' | number> {
  const origin = screen.url!
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/live`, { origin })
  return new Promise((resolve) => {
    socket.on('message', () => {
      resolve('message')
      socket.terminate()
    })
    socket.on('close', resolve)
  })
}

/** Over plain HTTP, with any path and headers as they are. */
function ask(path: string, options: { method?: string; headers?: Record<string, string> } = {}) {
  const { method = 'GET', headers = {} } = options
  const { hostname, port } = new URL(screen.url!)
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const asked = request({ hostname, port, path, method, headers }, (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (text: string) => (body += text))
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }))
      })
      asked.on('upgrade', (response, socket) => {
        socket.destroy()
        resolve({ status: response.statusCode!, headers: response.headers, body: '' })
      })
      asked.on('error', reject)
      asked.end()
    },
  )
}

describe("the files of the robot's screen", () => {
  it('are a page without anything inline or from elsewhere, under a policy that forbids both', async () => {
    await serve()
    for (const path of ['/', '/screen.css', '/screen.js', '/screen-words.js', '/fonts/index.css']) {
      const { status, headers, body } = await ask(path)
      expect(status).toBe(200)
      expect(headers['content-security-policy']).toContain("default-src 'none'")
      expect(headers['content-security-policy']).not.toContain('unsafe')
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['cache-control']).toBe('no-store')
      expect(headers).not.toHaveProperty('set-cookie')
      expect(body).not.toMatch(/https?:\/\/|<style|\sstyle=|\son[a-z]+=|<script>/)
    }
    const { body } = await ask('/')
    // Before a script runs, and where none does, it keeps people out.
    expect(body).toContain('data-mode="lost"')
    for (const words of ['KEEP OUT', 'KEIN ZUTRITT', '禁止入内']) expect(body).toContain(words)
  })

  it('bring the letters of every language', async () => {
    await serve()
    const { body } = await ask('/fonts/index.css')
    const files = [...body.matchAll(/url\(\.\/(files\/[^)]+)\)/g)].map(([, file]) => file!)
    expect(files.length).toBeGreaterThan(50)
    const { status, headers } = await ask(`/fonts/${files[0]!}`)
    expect([status, headers['content-type']]).toEqual([200, 'font/woff2'])
  })

  it.each([
    '/index.html',
    '/screen.html',
    '/../package.json',
    '/%2e%2e/package.json',
    '/fonts/files/../package.json',
    '/fonts/files/noto-sans-sc-none.woff2',
    '/constructor',
    '/live',
  ])('are the only ones: not %s', async (path) => {
    await serve()
    expect((await ask(path)).status).toBe(404)
  })

  it('are only read, and only by the name of this robot', async () => {
    await serve()
    expect(await ask('/', { method: 'POST' })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
    expect(await ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
    expect((await ask('/', { headers: { host: 'elsewhere.example' } })).status).toBe(421)
    const { port } = new URL(screen.url!)
    expect((await ask('/', { headers: { host: `LOCALHOST:${port}` } })).status).toBe(200)
  })
})

describe("the line of the robot's screen", () => {
  it('shows at once what is, then what changes, with ten beats a second', async () => {
    await serve()
    const page = await Page.open()
    expect(page.view).toMatchObject({ robotName: 'uv-01', mode: 'idle', lamp: 'dark' })
    await page.advance(1000)
    expect(page.messages.filter(({ type }) => type === 'view')).toHaveLength(1)
    bench.orders.take(uvOrder())
    await page.advance(100)
    expect(page.view.mode).toBe('driving')
    bench.until(() => bench.phase === 'awaitingArming', 60)
    bench.hardware.setGuard('door-1', 1)
    await page.advance(1000)
    expect(page.view).toMatchObject({
      mode: 'awaitingArming',
      blockers: expect.arrayContaining(['the door to the corridor is open']),
    })
  })

  it('shows an interlock within the event, without waiting for a beat', async () => {
    await serve()
    await toArming()
    bench.arm()
    bench.until(() => bench.hardware.isLit, 60)
    bench.clock.advance(1000)
    const page = await Page.open()
    expect(page.view.mode).toBe('keepOut')
    const views = () => page.messages.filter(({ type }) => type === 'view').length
    const before = views()
    bench.hardware.setPersonSensed(true)
    await page.until(() => views() > before)
    expect(bench.hardware.isLit).toBe(false)
    // The tubes were not measured dark yet.
    expect(page.view.mode).toBe('keepOut')
    await page.advance(600)
    expect(page.view).toMatchObject({ mode: 'interrupted', causes: [{ kind: 'person.detected' }] })
  })

  it.each([
    ['of another site', { origin: 'http://elsewhere.example' }, 403],
    ['of another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['of no browser', {}, 403],
    ['of a sandboxed frame', { origin: 'null' }, 403],
    ['by another name', { origin: 'http://elsewhere.example', host: 'elsewhere.example' }, 421],
  ])('is for its own page, not for one %s', async (_, headers, status) => {
    await serve()
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    }
    const { port } = new URL(screen.url!)
    const good = { origin: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}` }
    expect((await ask('/live', { headers: { ...upgrade, ...headers } })).status).toBe(status)
    expect((await ask('/elsewhere', { headers: { ...upgrade, ...good } })).status).toBe(404)
    expect((await ask('/live', { headers: { ...upgrade, ...good } })).status).toBe(101)
    expect(
      (await ask('/live', { headers: { ...upgrade, ...good, 'sec-websocket-key': 'short' } })).status,
    ).toBe(400)
  })

  it.each<[string, string | Buffer, number, RegExp]>([
    ['no JSON', '{', 1008, /no JSON/],
    ['an empty message', '', 1008, /no JSON/],
    ['no object', '[1]', 1008, /type must be/],
    ['nothing', 'null', 1008, /type must be/],
    ['an unknown message', '{"type":"start"}', 1008, /type must be "stop" or "hold"/],
    ['a stop with more', '{"type":"stop","by":"x"}', 1008, /no other field/],
    ['a hold of an unknown step', '{"type":"hold","sequence":1,"step":"go","beat":1}', 1008, /step begin/],
    ['a hold without a beat', '{"type":"hold","sequence":1,"step":"begin"}', 1008, /beat/],
    ['a sequence that is no number', '{"type":"hold","sequence":"1","step":"begin","beat":1}', 1008, /whole/],
    ['a sequence from nowhere', '{"type":"hold","sequence":1e300,"step":"begin","beat":1}', 1008, /whole/],
    ['deep nesting', `{"type":"stop","x":${'['.repeat(400)}${']'.repeat(400)}}`, 1008, /other field/],
    ['bytes', Buffer.from('{"type":"stop"}'), 1003, /text/],
    ['a huge frame', `{"type":"stop","x":"${'y'.repeat(1_000_000)}"}`, 1009, /.*/],
  ])('refuses %s, and the robot goes on', async (_, sent, code, reason) => {
    await serve({ armButton: true })
    const other = await Page.open()
    const page = await Page.open()
    page.socket.send(sent)
    const end = await page.closed
    expect(end.code).toBe(code)
    expect(end.reason).toMatch(reason)
    await other.advance(500)
    expect(bench.supervisor.state.isRemotelyStopped).toBe(false)
    other.say({ type: 'stop' })
    await other.until(({ messages }) => messages.some(({ type }) => type === 'stopped'))
    expect(bench.supervisor.state.isRemotelyStopped).toBe(true)
  })

  it('refuses a ninth page, and serves it when one has gone', async () => {
    await serve()
    const open: Page[] = []
    for (let count = 0; count < 8; count += 1) open.push(await Page.open())
    expect(await firstEvent()).toBe(1013)
    open[0]!.socket.close()
    // The robot learns of it a moment later.
    while ((await firstEvent()) !== 'message');
  })

  it('sends no beat while the robot cannot say what it does, and harms nothing', async () => {
    const clock = new SimulatedClock(0)
    await serve()
    let isBroken = false
    const server = new ScreenServer({
      settings: { host: '127.0.0.1', port: 0 },
      clock,
      log: SILENT_LOG,
      view: () => {
        if (isBroken) throw new Error('broken')
        return screen.view()
      },
      stopRobot: () => {},
      arm: null,
    })
    await server.start()
    const origin = server.url!
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/live`, { origin })
    const beats: unknown[] = []
    const heard = new Promise<void>((resolve) =>
      socket.on('message', (data) => {
        const text = (data as Buffer).toString()
        if (text.includes('"beat"')) beats.push(text)
        if (text.includes('"stopped"')) resolve()
      }),
    )
    await new Promise((resolve) => socket.on('open', resolve))
    isBroken = true
    clock.advance(1000)
    socket.send('{"type":"stop"}')
    await heard
    expect(beats).toEqual([])
    socket.terminate()
    await server.stop()
  })
})

describe('stop on the screen', () => {
  it('turns the lamp off within the message, latched as by the instant action', async () => {
    await serve()
    await toArming()
    bench.arm()
    bench.until(() => bench.hardware.isLit, 60)
    const page = await Page.open()
    page.say({ type: 'stop' })
    await page.until(({ messages }) => messages.some(({ type }) => type === 'stopped'))
    expect(bench.hardware.isLit).toBe(false)
    expect(bench.supervisor.state).toMatchObject({ isLatched: true, armingStep: 'locked' })
    expect(bench.orders.mission!.status().interlocks.at(-1)).toMatchObject({
      kind: 'emergencyStop.requested',
      detail: "stopped by somebody at the robot's screen",
      wasLit: true,
    })
    await page.advance(20_000)
    expect(bench.hardware.isLit).toBe(false)
  })

  it('stops the wheels on the way, until somebody resumes', async () => {
    await serve()
    const page = await Page.open()
    bench.orders.take(uvOrder())
    await page.advance(500)
    page.say({ type: 'stop' })
    await page.until(({ messages }) => messages.some(({ type }) => type === 'stopped'))
    const { x } = bench.hardware.pose
    await page.advance(3000)
    expect(bench.hardware.pose.x).toBe(x)
    expect(page.view).toMatchObject({ mode: 'stopped', isStopped: true })
    bench.orders.resume()
    await page.advance(1000)
    expect(bench.hardware.pose.x).toBeGreaterThan(x)
  })
})

describe('hold to arm on the screen', () => {
  it('does not exist unless the maker wired the screen as the button', async () => {
    await serve()
    await toArming()
    bench.checklist()
    const page = await Page.open()
    await page.advance(100)
    expect(page.view).toMatchObject({ armBy: 'robotButton', arming: 'checklistConfirmed' })
    page.say({ type: 'hold', sequence: 1, step: 'begin', beat: page.beat })
    expect(await page.closed).toMatchObject({ code: 1008, reason: expect.stringContaining('on the robot') })
    expect(bench.supervisor.state.armingStep).toBe('checklistConfirmed')
  })

  it('is the second of the three steps, when it is let go', async () => {
    await serve({ armButton: true })
    await toArming()
    const page = await Page.open()
    await page.advance(100)
    expect(await page.hold('begin')).toMatchObject({ outcome: 'cancelled', reason: 'notItsTurn' })
    expect(bench.supervisor.state.armingStep).toBe('locked')
    bench.checklist()
    await page.press(8)
    expect(page.messages.findLast(({ type }) => type === 'hold')).toMatchObject({ outcome: 'longEnough' })
    expect(bench.supervisor.state.armingStep).toBe('checklistConfirmed')
    expect(await page.hold('end')).toMatchObject({ outcome: 'counted' })
    expect(bench.supervisor.state.armingStep).toBe('buttonPressed')
    // Whoever holds has to be seen, and to leave, as whoever presses a button.
    expect(bench.begin()).toContainEqual(expect.objectContaining({ type: 'armingRefused' }))
    bench.hardware.walkOut()
    bench.begin()
    expect(bench.supervisor.state.armingStep).toBe('started')
    // Armed, nothing is to be held any more; it neither arms nor harms.
    expect(await page.hold('begin')).toMatchObject({ reason: 'notItsTurn' })
    expect(bench.supervisor.state.armingStep).toBe('started')
  })

  it.each<[string, (page: Page) => Promise<unknown>, string]>([
    ['let go too soon', async (page) => page.press(7).then(() => page.hold('end')), 'letGoTooSoon'],
    ['a finger that slid off', async (page) => page.press(8).then(() => page.hold('cancel')), 'left'],
    [
      'a page that fell silent',
      async (page) => {
        await page.press(7)
        await page.advance(600)
        await page.until(({ messages }) =>
          messages.some((m) => m.type === 'hold' && m.outcome === 'cancelled'),
        )
      },
      'silent',
    ],
    [
      'messages that waited on their way',
      async (page) => {
        const { beat } = page
        await page.press(1)
        await page.advance(400)
        await page.hold('continue', { beat })
      },
      'late',
    ],
    [
      'a beat that never was',
      async (page) => page.press(8).then(() => page.hold('end', { beat: page.beat + 1 })),
      'late',
    ],
    [
      'an arming that was locked meanwhile',
      async (page) => {
        await page.press(7)
        bench.orders.pause()
        await page.goOn(1)
        await page.hold('end')
      },
      'armingChanged',
    ],
  ])('does not count with %s', async (_, act, reason) => {
    await serve({ armButton: true })
    await toArming()
    bench.checklist()
    const page = await Page.open()
    await page.advance(300)
    await act(page)
    expect(page.messages.findLast(({ type }) => type === 'hold')).toMatchObject({
      outcome: 'cancelled',
      reason,
    })
    expect(['locked', 'checklistConfirmed']).toContain(bench.supervisor.state.armingStep)
  })

  it('ends with its line, and another line does not carry it on', async () => {
    await serve({ armButton: true })
    await toArming()
    bench.checklist()
    const page = await Page.open()
    await page.advance(100)
    await page.press(7)
    page.socket.terminate()
    const other = await Page.open()
    await other.advance(250)
    other.say({ type: 'hold', sequence: 1, step: 'continue', beat: other.beat })
    other.say({ type: 'hold', sequence: 2, step: 'end', beat: other.beat })
    other.say({ type: 'stop' })
    await other.until(({ messages }) => messages.some(({ type }) => type === 'stopped'))
    expect(other.messages.filter(({ type }) => type === 'hold')).toEqual([])
    expect(bench.supervisor.state.armingStep).toBe('locked')
  })

  it('closes a line whose messages are out of order', async () => {
    await serve({ armButton: true })
    await toArming()
    bench.checklist()
    const page = await Page.open()
    await page.advance(100)
    await page.press(8)
    page.say({ type: 'hold', sequence: 9, step: 'end', beat: page.beat })
    expect(await page.closed).toMatchObject({ code: 1008, reason: expect.stringContaining('sequence') })
    expect(bench.supervisor.state.armingStep).toBe('checklistConfirmed')
  })
})

describe("serving the robot's screen", () => {
  it('says so when the port is taken, or every network would see it', async () => {
    await serve()
    const { port } = new URL(screen.url!)
    const twin = (host: string, port: number) =>
      new ScreenServer({
        settings: { host, port },
        clock: bench.clock,
        log: SILENT_LOG,
        view: () => screen.view(),
        stopRobot: () => {},
        arm: null,
      })
    await expect(twin('127.0.0.1', Number(port)).start()).rejects.toMatchObject({ code: 'WARD_ERR_CONFIG' })
    for (const host of ['0', '0.0.0.0', '::']) {
      const server = twin(host, 0)
      await expect(server.start()).rejects.toMatchObject({ code: 'WARD_ERR_CONFIG' })
      expect(server.url).toBeNull()
    }
  })

  it('stops with pages open, and leaves nothing behind', async () => {
    await serve()
    const page = await Page.open()
    await screen.stop()
    await page.closed
    expect(screen.url).toBeNull()
    bench.clock.advance(1000)
    await expect(Promise.resolve(screen.stop())).resolves.toBeUndefined()
  })
})
