import { createServer as createHttpServer } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { SimulatedClock } from '@wardlight/core/clock'
import { NEVER_OUT_OF_SERVICE, type RobotView } from '@wardlight/core/fleet'
import { LiveBoard, LiveHub, liveSocketOn } from '@wardlight/fleet-server'
import { WebSocketServer, type WebSocket } from 'ws'
import { servePart, spentUs } from './part.ts'

/** One tick of the live feed to many people, and the same bytes written to as many bare sockets. */
const DELTA_INTERVAL_MS = 200
const clock = new SimulatedClock()
const now = () => new Date(clock.epochMs()).toISOString()
const board = new LiveBoard()
const hub = new LiveHub(board, clock, now)
const naive: WebSocket[] = []
const bare: Socket[] = []
let robots: RobotView[] = []
let beats = 0

function robotView(feedNumber: number): RobotView {
  const serialNumber = `r${feedNumber}`
  return {
    id: `crowd.${serialNumber}`,
    feedNumber,
    manufacturer: 'crowd',
    serialNumber,
    connection: 'ONLINE',
    position: { x: feedNumber % 50, y: feedNumber / 50, theta: 0, levelId: 'L1', isLocalized: true },
    batteryFraction: 0.8,
    batteryHealth: null,
    drivenM: null,
    isCharging: false,
    isFixed: false,
    isDriving: true,
    isPaused: false,
    isLampLit: false,
    operatingMode: 'AUTOMATIC',
    emergencyStop: 'NONE',
    orderId: null,
    missionId: null,
    errors: [],
    vaporiser: null,
    screenUrl: null,
    service: NEVER_OUT_OF_SERVICE,
    placeSearch: null,
    lampTubes: [],
    lengthM: 0.6,
    widthM: 0.6,
    updatedAt: now(),
  }
}

/** Every robot has driven on. */
function drive(): void {
  beats += 1
  robots = robots.map((robot, index) => ({
    ...robot,
    position: {
      ...robot.position!,
      x: (index % 50) + 0.2 * Math.sin(beats + index),
      theta: Math.sin(beats + index),
    },
    updatedAt: now(),
  }))
  for (const robot of robots) board.put('robots', robot)
}

export interface Ticks {
  readonly count: number
  /** Between two of them who watches falls asleep, and is woken by the next one; 0: one after the other. */
  readonly periodMs: number
}

/** Of each of so many ticks, what happens in it and what the sockets then have to do. */
async function costUs({ count, periodMs }: Ticks, tick: () => void): Promise<number> {
  let us = 0
  for (let index = 0; index < count; index += 1) {
    if (periodMs > 0) await new Promise((resolve) => setTimeout(resolve, periodMs))
    drive()
    const before = spentUs()
    tick()
    // Sockets write what they could not write at once.
    await new Promise((resolve) => setImmediate(resolve))
    us += spentUs() - before
  }
  return us / count
}

async function listening(server: {
  listen: (port: number, host: string, done: () => void) => unknown
  address: () => unknown
}) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

export const FEED_END = {
  /** @returns ports: our feed, WebSockets that get JSON, bare sockets */
  async start(count: number) {
    robots = Array.from({ length: count }, (_, index) => robotView(index))
    for (const robot of robots) board.put('robots', robot)
    hub.start()
    const ours = createHttpServer()
    new WebSocketServer({ server: ours }).on('connection', (socket, request) => {
      const client = hub.add(liveSocketOn(socket, request.socket), { isSignedIn: () => true })
      socket.on('close', () => client.closed())
    })
    const json = createHttpServer()
    new WebSocketServer({ server: json }).on('connection', (socket) => naive.push(socket))
    const tcp = createTcpServer({ noDelay: true }, (socket) => {
      socket.on('error', () => {})
      bare.push(socket)
    })
    return { ours: await listening(ours), json: await listening(json), bare: await listening(tcp) }
  },

  /** Who is connected by now: to our feed, to that in JSON, to the bare sockets. */
  clients: () => ({ ours: hub.size, json: naive.length, bare: bare.length }),

  /** Microseconds of processor that a tick costs for each client. */
  ours: async (ticks: Ticks) => (await costUs(ticks, () => clock.advance(DELTA_INTERVAL_MS))) / hub.size,

  bare: async ({ ticks, bytes }: { readonly ticks: Ticks; readonly bytes: number }) => {
    const frame = Buffer.alloc(bytes)
    return (
      (await costUs(ticks, () => {
        for (const socket of bare) socket.write(frame)
      })) / bare.length
    )
  },

  /** Every robot whole, written for each client. */
  json: async (ticks: Ticks) =>
    (await costUs(ticks, () => {
      for (const socket of naive) socket.send(JSON.stringify(robots))
    })) / naive.length,
}
export type FeedEnd = typeof FEED_END

if (process.send !== undefined) servePart(FEED_END)
