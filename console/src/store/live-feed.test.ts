import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { SimulatedClock } from '@wardlight/core/clock'
import type { LiveClientMessage, LiveServerMessage } from '@wardlight/core/fleet'
import { aLiveState, aRobot, aRoom } from '../testing/builders.ts'
import { createExternalStore, type ExternalStore } from './external-store.ts'
import { EMPTY_FLEET, type FleetState } from './fleet-state.ts'
import { createLiveFeed, SILENCE_LIMIT_MS, type LiveFeed } from './live-feed.ts'

const AT = '2026-03-01T03:00:00.000Z'
const SCAN = {
  timestamp: AT,
  levelId: 'L1',
  x: 0,
  y: 0,
  theta: 0,
  angleMinRad: 0,
  angleIncrementRad: 1,
  rangesCm: [100],
}

/** The feed on a real WebSocket; only its timers stand still until they are told to go. */
describe('live feed', () => {
  let server: WebSocketServer
  let clock: SimulatedClock
  let store: ExternalStore<FleetState>
  let feed: LiveFeed
  let lostCount: number

  beforeEach(async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    clock = new SimulatedClock()
    store = createExternalStore(EMPTY_FLEET)
    lostCount = 0
    feed = createLiveFeed({
      clock,
      store,
      openSocket: () => new WebSocket(`ws://127.0.0.1:${port}`),
      onLost: () => {
        lostCount += 1
      },
    })
  })

  afterEach(async () => {
    feed.stop()
    for (const client of server.clients) client.terminate()
    await new Promise((resolve) => server.close(resolve))
  })

  async function accept(): Promise<{
    send: (message: LiveServerMessage) => void
    next: () => Promise<LiveClientMessage>
    socket: WebSocket
  }> {
    const [socket] = (await once(server, 'connection')) as [WebSocket]
    const inbox: LiveClientMessage[] = []
    const waiting: ((message: LiveClientMessage) => void)[] = []
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString('utf8')) as LiveClientMessage
      const waiter = waiting.shift()
      if (waiter === undefined) inbox.push(message)
      else waiter(message)
    })
    return {
      socket,
      send: (message) => socket.send(JSON.stringify(message)),
      next: () =>
        new Promise((resolve) => {
          const message = inbox.shift()
          if (message === undefined) waiting.push(resolve)
          else resolve(message)
        }),
    }
  }

  function until(holds: (state: FleetState) => boolean): Promise<FleetState> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!holds(store.get())) return
        stop()
        resolve(store.get())
      }
      const stop = store.subscribe(check)
      check()
    })
  }

  const snapshot = (sequence: number, name = 'Room 1'): LiveServerMessage => ({
    type: 'snapshot',
    sequence,
    at: AT,
    state: aLiveState({ rooms: [aRoom({ name })], robots: [aRobot()] }),
  })
  const delta = (sequence: number, name: string): LiveServerMessage => ({
    type: 'delta',
    sequence,
    at: AT,
    changes: [{ collection: 'rooms', id: 'room-1', value: aRoom({ name }) }],
  })
  const roomName = (state: FleetState): string | undefined => state.live?.rooms['room-1']?.name

  it('takes a snapshot, then deltas, and leaves untouched collections as they are', async () => {
    feed.start()
    const line = await accept()
    line.send(snapshot(7))
    const first = await until((state) => state.connection === 'live')
    expect(roomName(first)).toBe('Room 1')
    expect(first.serverEpochMs).toBe(Date.parse(AT))

    line.send(delta(8, 'Room one'))
    const second = await until((state) => roomName(state) === 'Room one')
    expect(second.live?.robots).toBe(first.live?.robots)

    line.send({
      type: 'delta',
      sequence: 9,
      at: AT,
      changes: [{ collection: 'rooms', id: 'room-1', value: null }],
    })
    await until((state) => roomName(state) === undefined)
  })

  it('ignores a delta that it already has', async () => {
    feed.start()
    const line = await accept()
    line.send(snapshot(7, 'new'))
    line.send(delta(7, 'old'))
    line.send(delta(8, 'newer'))
    const names: (string | undefined)[] = []
    store.subscribe(() => names.push(roomName(store.get())))
    await until((state) => roomName(state) === 'newer')
    expect(names).not.toContain('old')
  })

  it('asks for a new snapshot after a gap, and trusts no delta until it comes', async () => {
    feed.start()
    const line = await accept()
    line.send(snapshot(7))
    line.send(delta(9, 'after a gap'))
    expect(await line.next()).toEqual({ type: 'resync' })
    line.send(delta(10, 'still after the gap'))
    line.send(snapshot(10, 'whole again'))
    const names: (string | undefined)[] = []
    store.subscribe(() => names.push(roomName(store.get())))
    await until((state) => roomName(state) === 'whole again')
    expect(names).not.toContain('still after the gap')
    line.send(delta(11, 'onwards'))
    await until((state) => roomName(state) === 'onwards')
  })

  it('finds a lost last delta by the heartbeat', async () => {
    feed.start()
    const line = await accept()
    line.send(snapshot(7))
    line.send({ type: 'heartbeat', sequence: 8, at: AT })
    expect(await line.next()).toEqual({ type: 'resync' })
  })

  it('says that the line is lost within three seconds of silence, keeps the values, and reconnects', async () => {
    feed.start()
    const line = await accept()
    line.send(snapshot(7))
    await until((state) => state.connection === 'live')
    clock.advance(SILENCE_LIMIT_MS - 1)
    expect(store.get().connection).toBe('live')
    clock.advance(1)
    expect(SILENCE_LIMIT_MS).toBeLessThan(3000)
    expect(store.get().connection).toBe('lost')
    expect(roomName(store.get())).toBe('Room 1')
    expect(lostCount).toBe(1)

    const again = accept()
    clock.advance(250)
    ;(await again).send(snapshot(1, 'after the restart'))
    await until((state) => state.connection === 'live' && roomName(state) === 'after the restart')
  })

  it('a heartbeat keeps the line alive', async () => {
    feed.start()
    const line = await accept()
    line.send(snapshot(7))
    await until((state) => state.connection === 'live')
    clock.advance(2000)
    line.send({ type: 'heartbeat', sequence: 7, at: AT })
    await until((state) => state.heardAtMs === 2000)
    clock.advance(2000)
    expect(store.get().connection).toBe('live')
  })

  it('reconnects when the server closes the line, and waits longer each time', async () => {
    feed.start()
    const line = await accept()
    line.send(snapshot(7))
    await until((state) => state.connection === 'live')
    line.socket.close()
    await until((state) => state.connection === 'lost')
    expect(clock.nextTimerMs()).toBe(clock.monotonicMs() + 250)
    const second = accept()
    clock.advance(250)
    const secondLine = await second
    const lostAgain = new Promise<void>((resolve) => {
      const stop = store.subscribe(() => {
        stop()
        resolve()
      })
    })
    secondLine.send(snapshot(1))
    await lostAgain
    expect(store.get().connection).toBe('live')
  })

  it('watches scans, also again after a reconnect, and drops what it does not watch', async () => {
    feed.watchScans(['wardlight.uv-01'])
    feed.start()
    const line = await accept()
    expect(await line.next()).toEqual({ type: 'watchScans', robotIds: ['wardlight.uv-01'] })
    line.send(snapshot(7))
    line.send({ type: 'scan', robotId: 'wardlight.uv-02', scan: SCAN })
    line.send({ type: 'scan', robotId: 'wardlight.uv-01', scan: SCAN })
    const state = await until((candidate) => Object.keys(candidate.scans).length > 0)
    expect(Object.keys(state.scans)).toEqual(['wardlight.uv-01'])

    feed.watchScans([])
    expect(await line.next()).toEqual({ type: 'watchScans', robotIds: [] })
    expect(store.get().scans).toEqual({})

    feed.watchScans(['wardlight.uv-02'])
    expect(await line.next()).toEqual({ type: 'watchScans', robotIds: ['wardlight.uv-02'] })
    const again = accept()
    line.socket.terminate()
    await until((candidate) => candidate.connection === 'lost')
    clock.advance(250)
    expect(await (await again).next()).toEqual({ type: 'watchScans', robotIds: ['wardlight.uv-02'] })
  })

  it('stops: no timer, no socket, no reconnect', async () => {
    feed.start()
    const line = await accept()
    line.send(snapshot(7))
    await until((state) => state.connection === 'live')
    const closed = once(line.socket, 'close')
    feed.stop()
    await closed
    expect(clock.nextTimerMs()).toBeNull()
    expect(lostCount).toBe(0)
  })
})
