import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { WebSocketServer, type WebSocket } from 'ws'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '@wardlight/core/clock'
import type { LiveClientMessage, LiveServerMessage } from '@wardlight/core/fleet'
import { LiveBoard } from '../live/live-board.ts'
import { DELTA_INTERVAL_MS, LiveHub, type LiveClient } from '../live/live-hub.ts'
import type { LiveFrame } from '../live/live-frame.ts'
import { aRoomView } from '../testing/views.ts'
import { LeaderFeed } from './leader-feed.ts'

const AT = '2026-01-05T03:00:00.000Z'

/** The line between two servers on a real WebSocket; only its timers stand still until they are told to go. */
describe('a follower on the line of the leader', () => {
  let server: WebSocketServer
  let url: string
  let clock: SimulatedClock
  let mirror: LiveBoard
  let feed: LeaderFeed
  let events: string[]

  beforeEach(async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    clock = new SimulatedClock()
    mirror = new LiveBoard()
    events = []
    feed = new LeaderFeed(mirror, 'the secret', clock)
  })
  afterEach(async () => {
    feed.follow(null)
    for (const client of server.clients) client.terminate()
    await new Promise((resolve) => server.close(resolve))
  })

  const next = (name: 'onWhole' | 'onLost') =>
    new Promise<void>((resolve) => {
      feed[name] = () => {
        events.push(name)
        resolve()
      }
    })

  async function accept(): Promise<{ socket: WebSocket; request: IncomingMessage }> {
    const [socket, request] = (await once(server, 'connection')) as [WebSocket, IncomingMessage]
    return { socket, request }
  }

  const say = (socket: WebSocket, message: LiveServerMessage) => socket.send(JSON.stringify(message))
  const heard = async (socket: WebSocket) =>
    JSON.parse(((await once(socket, 'message')) as [Buffer])[0].toString()) as LiveClientMessage

  it('shows the secret, shows what the leader shows, and asks again after a gap', async () => {
    const line = accept()
    feed.follow(url)
    const { socket, request } = await line
    expect(request.headers['x-wardlight-peer']).toBe('the secret')
    const board = new LiveBoard()
    board.put('rooms', aRoomView('a'))
    const whole = next('onWhole')
    say(socket, board.snapshot(AT))
    await whole
    expect(mirror.all('rooms')).toEqual(board.all('rooms'))

    const asked = new Promise<void>((resolve) => {
      socket.on('message', (data: Buffer) => {
        if (data.toString() === '{"type":"resync"}') resolve()
      })
    })
    say(socket, {
      type: 'delta',
      sequence: board.sequence + 2,
      at: AT,
      changes: [{ collection: 'rooms', id: 'a', value: null }],
    })
    await asked
    expect(mirror.all('rooms')).toEqual(board.all('rooms'))
  })

  it('says that it is lost after three silent seconds, tries again, and is whole with the next snapshot', async () => {
    const line = accept()
    feed.follow(url)
    const { socket } = await line
    const whole = next('onWhole')
    say(socket, new LiveBoard().snapshot(AT))
    await whole
    const lost = next('onLost')
    clock.advance(3001)
    await lost
    const again = accept()
    clock.advance(500)
    const wholeAgain = next('onWhole')
    say((await again).socket, new LiveBoard().snapshot(AT))
    await wholeAgain
    expect(events).toEqual(['onWhole', 'onLost', 'onWhole'])
  })

  it('watches the scans that its own clients watch, on a new line too', async () => {
    const line = accept()
    feed.watchScans(['r1'])
    feed.follow(url)
    const { socket } = await line
    expect(await heard(socket)).toEqual({ type: 'watchScans', robotIds: ['r1'] })
    const changed = heard(socket)
    feed.watchScans(['r1', 'r2'])
    expect(await changed).toEqual({ type: 'watchScans', robotIds: ['r1', 'r2'] })
  })
})

describe('a board that mirrors another', () => {
  it('shows the same, whatever changes, and whenever it began', () => {
    const step = fc.oneof(
      fc.record({ put: fc.constantFrom('a', 'b', 'c'), reason: fc.string() }),
      fc.record({ remove: fc.constantFrom('a', 'b', 'c') }),
      fc.constant('delta' as const),
      fc.constant('snapshot' as const),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const board = new LiveBoard()
        const mirror = new LiveBoard()
        const send = () => {
          for (const message of board.takeChanges(AT)) {
            if (message.type === 'delta') mirror.apply(message.changes)
          }
        }
        for (const each of steps) {
          if (each === 'delta') send()
          else if (each === 'snapshot') {
            const snapshot = board.snapshot(AT)
            if (snapshot.type === 'snapshot') mirror.replace(snapshot.state)
          } else if ('put' in each) board.put('rooms', { ...aRoomView(each.put), reason: each.reason })
          else board.remove('rooms', each.remove)
        }
        send()
        const byId = (shown: LiveBoard) => shown.all('rooms').toSorted((a, b) => a.id.localeCompare(b.id))
        expect(byId(mirror)).toEqual(byId(board))
      }),
    )
  })

  it('is shown in place of another to clients that stay, and nothing where there is none', () => {
    const clock = new SimulatedClock()
    const [old, mirrored] = [new LiveBoard(), new LiveBoard()]
    old.put('rooms', aRoomView('old'))
    const hub = new LiveHub(old, clock, () => AT)
    hub.start()
    const messages: LiveServerMessage[] = []
    const socket = {
      bufferedAmount: 0,
      send: ({ payload }: LiveFrame) =>
        void messages.push(JSON.parse(Buffer.from(payload).toString()) as LiveServerMessage),
      close: () => {},
      terminate: () => {},
    }
    const client: LiveClient = hub.add(socket, { isSignedIn: () => true })
    hub.show(null)
    messages.length = 0
    // Silence tells people how old what they see is; a heartbeat would not.
    clock.advance(10_000)
    old.put('rooms', aRoomView('too late'), true)
    client.receive('{"type":"resync"}')
    expect(messages).toEqual([])
    mirrored.put('rooms', aRoomView('new'))
    hub.show(mirrored)
    expect(messages).toMatchObject([{ type: 'snapshot', state: { rooms: { new: { id: 'new' } } } }])
    mirrored.put('rooms', aRoomView('newer'))
    clock.advance(DELTA_INTERVAL_MS)
    expect(messages[1]).toMatchObject({ type: 'delta', changes: [{ id: 'newer' }] })
    hub.stop()
  })

  it('is told which scans anybody wants', () => {
    const hub = new LiveHub(new LiveBoard(), new SimulatedClock(), () => AT)
    const wanted: (readonly string[])[] = []
    hub.onWatched = (robotIds) => wanted.push(robotIds)
    const socket = { bufferedAmount: 0, send() {}, close() {}, terminate() {} }
    const [one, other] = [
      hub.add(socket, { isSignedIn: () => true }),
      hub.add({ ...socket }, { isSignedIn: () => true }),
    ]
    one.receive('{"type":"watchScans","robotIds":["a"]}')
    other.receive('{"type":"watchScans","robotIds":["a","b"]}')
    one.closed()
    other.closed()
    expect(wanted).toEqual([['a'], ['a', 'b'], ['a', 'b'], []])
  })
})
