import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '@wardlight/core/clock'
import {
  applyChanges,
  changesIn,
  readLiveMessage,
  type LiveServerMessage,
  type LiveState,
  type RobotView,
} from '@wardlight/core/fleet'
import { aRobotView, aRoomView } from '../testing/views.ts'
import { LiveBoard } from './live-board.ts'
import type { LiveFrame } from './live-frame.ts'
import { DELTA_INTERVAL_MS, HEARTBEAT_INTERVAL_MS, LiveHub } from './live-hub.ts'
import type { LiveSocket } from './live-socket.ts'

class TestSocket implements LiveSocket {
  bufferedAmount = 0
  readonly messages: LiveServerMessage[] = []
  bytesSent = 0
  closedWith: number | null = null
  isTerminated = false
  send({ payload, isBinary }: LiveFrame): void {
    this.bytesSent += payload.length
    this.messages.push(readLiveMessage(isBinary ? payload : Buffer.from(payload).toString())!)
  }
  close(code: number): void {
    this.closedWith = code
  }
  terminate(): void {
    this.isTerminated = true
  }
  types(): string[] {
    return this.messages.map(({ type }) => type)
  }
  /** The state that a client of these messages holds; throws when a sequence number is missing. */
  replay(): LiveState | null {
    let state: LiveState | null = null
    let sequence = 0
    for (const message of this.messages) {
      if (message.type === 'snapshot') {
        state = message.state
        sequence = message.sequence
      } else if (message.type === 'delta' || message.type === 'motion') {
        if (message.sequence !== sequence + 1) throw new Error(`${message.sequence} after ${sequence}`)
        sequence = message.sequence
        state = applyChanges(state!, changesIn(message, Object.values(state!.robots)))
      }
    }
    return state
  }
}

/** Where a robot says that it is, now. */
function seen(x: number, y: number, theta: number, clock: SimulatedClock, levelId = 'L1') {
  return {
    position: { x, y, theta, levelId, isLocalized: true },
    updatedAt: new Date(clock.epochMs()).toISOString(),
  } satisfies Partial<RobotView>
}

describe('the live feed', () => {
  let clock: SimulatedClock
  let board: LiveBoard
  let hub: LiveHub
  let isSignedIn: boolean

  beforeEach(() => {
    clock = new SimulatedClock()
    board = new LiveBoard()
    hub = new LiveHub(board, clock, () => new Date(clock.epochMs()).toISOString())
    hub.start()
    isSignedIn = true
    return () => hub.stop()
  })

  function join(): { socket: TestSocket; client: ReturnType<LiveHub['add']> } {
    const socket = new TestSocket()
    return { socket, client: hub.add(socket, { isSignedIn: () => isSignedIn }) }
  }

  it('gathers changes, sends the last of each at once with the next beat, and alarms immediately', () => {
    const { socket } = join()
    board.put('rooms', aRoomView('a', 'dirty'))
    board.put('rooms', aRoomView('a', 'stat'))
    expect(socket.types()).toEqual(['snapshot'])
    clock.advance(DELTA_INTERVAL_MS)
    expect(socket.messages[1]).toMatchObject({
      type: 'delta',
      changes: [{ id: 'a', value: { state: 'stat' } }],
    })
    board.put('rooms', aRoomView('b'), true)
    expect(socket.messages).toHaveLength(3)
  })

  it('leaves no gap for any client, whenever it joins and whatever changes', () => {
    const step = fc.oneof(
      fc.record({
        do: fc.constant('put' as const),
        id: fc.constantFrom('a', 'b', 'c'),
        isUrgent: fc.boolean(),
      }),
      fc.record({ do: fc.constant('remove' as const), id: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 500 }) }),
      fc.record({ do: fc.constant('join' as const) }),
      fc.record({ do: fc.constant('resync' as const) }),
      fc.record({ do: fc.constant('congest' as const), bytes: fc.constantFrom(0, 2_000_000) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const sessions = [join()]
        for (const [index, step] of steps.entries()) {
          const last = sessions.at(-1)!
          if (step.do === 'put')
            board.put('rooms', { ...aRoomView(step.id), reason: `${index}` }, step.isUrgent)
          else if (step.do === 'remove') board.remove('rooms', step.id)
          else if (step.do === 'wait') clock.advance(step.ms)
          else if (step.do === 'join') sessions.push(join())
          else if (step.do === 'resync') last.client.receive('{"type":"resync"}')
          else last.socket.bufferedAmount = step.bytes
        }
        for (const { socket } of sessions) socket.bufferedAmount = 0
        clock.advance(2 * HEARTBEAT_INTERVAL_MS)
        const expected = Object.fromEntries(board.all('rooms').map((each) => [each.id, each]))
        for (const { socket, client } of sessions) {
          expect(socket.replay()?.rooms).toEqual(expected)
          client.closed()
        }
      }),
      { numRuns: 50 },
    )
  })

  it('says of a robot that only moves where it is, in eight bytes, and nothing of what stayed as it was', () => {
    const { socket } = join()
    board.put('robots', aRobotView(7))
    clock.advance(DELTA_INTERVAL_MS)
    const { bytesSent } = socket
    board.put('robots', { ...aRobotView(7), ...seen(3.14, -1.59, 0.5, clock) })
    clock.advance(DELTA_INTERVAL_MS)
    expect(socket.messages.at(-1)).toMatchObject({ type: 'motion', rows: [{ number: 7, x: 3.14, y: -1.59 }] })
    expect(socket.bytesSent - bytesSent).toBe(21 + 8)
    expect(socket.replay()!.robots['maker.r7']!.position!.theta).toBeCloseTo(0.5, 4)

    board.put('robots', { ...aRobotView(7), ...seen(3.14, -1.59, 0.5, clock), isDriving: true })
    clock.advance(DELTA_INTERVAL_MS)
    expect(socket.messages.at(-1)).toMatchObject({ changes: [{ id: 'maker.r7', set: { isDriving: true } }] })
    expect(JSON.stringify(socket.messages.at(-1))).not.toContain('lampTubes')

    const { length } = socket.messages
    board.put('robots', { ...board.get('robots', 'maker.r7')! })
    clock.advance(DELTA_INTERVAL_MS)
    expect(socket.messages).toHaveLength(length)
  })

  it('shows every robot to the centimetre and never as heard later than it was, whatever they do', () => {
    const step = fc.record({
      number: fc.constantFrom(0, 1, 65_535, 65_536),
      // A row of eight bytes reaches 327 m; farther out all of it is said in words.
      x: fc.double({ min: -700, max: 700, noNaN: true }),
      y: fc.double({ min: -700, max: 700, noNaN: true }),
      theta: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
      levelId: fc.constantFrom('L1', 'L1', 'L1', 'L2'),
      isGone: fc.boolean(),
      isLocated: fc.boolean(),
      ms: fc.integer({ min: 0, max: 300 }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { socket, client } = join()
        for (const { number, x, y, theta, levelId, isGone, isLocated, ms } of steps) {
          const robot = { ...aRobotView(number), ...seen(x, y, theta, clock, levelId) }
          if (isGone && number === 1) board.remove('robots', robot.id)
          else board.put('robots', isLocated ? robot : { ...robot, position: null })
          clock.advance(ms)
        }
        clock.advance(2 * DELTA_INTERVAL_MS)
        const shown = socket.replay()!.robots
        const robots = board.all('robots')
        expect(Object.keys(shown).toSorted()).toEqual(robots.map(({ id }) => id).toSorted())
        for (const robot of robots) {
          const { position, updatedAt, ...rest } = robot
          const { position: shownAt, updatedAt: shownHeard, ...others } = shown[robot.id]!
          expect(others).toEqual(rest)
          expect(shownHeard! <= updatedAt!).toBe(true)
          expect(Date.parse(updatedAt!) - Date.parse(shownHeard!)).toBeLessThanOrEqual(DELTA_INTERVAL_MS)
          expect(shownAt === null).toBe(position === null)
          if (shownAt === null || position === null) continue
          expect(shownAt.levelId).toBe(position.levelId)
          expect(Math.abs(shownAt.x - position.x)).toBeLessThan(0.0051)
          expect(Math.abs(shownAt.y - position.y)).toBeLessThan(0.0051)
          expect(Math.abs(Math.sin((shownAt.theta - position.theta) / 2))).toBeLessThan(1e-4)
        }
        for (const { id } of robots) board.remove('robots', id)
        client.closed()
      }),
      { numRuns: 50 },
    )
  })

  it('leaves out what stayed as it was and nothing else, however deep it differs', () => {
    const errors = fc.array(
      fc.record({
        type: fc.constantFrom('lamp', 'base'),
        level: fc.constantFrom('WARNING', 'FATAL'),
        description: fc.constantFrom('', 'a', 'b'),
      }),
      { maxLength: 3 },
    )
    const tubes = fc.array(
      fc.record({ id: fc.constantFrom('1', '2'), hours: fc.integer(), ratedLifeHours: fc.integer() }),
      { maxLength: 2 },
    )
    const states = fc.array(fc.record({ errors, lampTubes: tubes, isPaused: fc.boolean() }), {
      maxLength: 20,
    })
    fc.assert(
      fc.property(states, (said) => {
        const { socket, client } = join()
        let last = JSON.stringify(board.get('robots', 'maker.r3') ?? null)
        for (const change of said) {
          const before = socket.messages.length
          board.put('robots', { ...aRobotView(3), ...structuredClone(change) })
          clock.advance(DELTA_INTERVAL_MS)
          const now = JSON.stringify(board.get('robots', 'maker.r3'))
          expect(socket.replay()!.robots['maker.r3']).toEqual(board.get('robots', 'maker.r3'))
          const news = socket.messages.slice(before).filter(({ type }) => type !== 'heartbeat')
          expect(news.length > 0).toBe(now !== last)
          last = now
        }
        client.closed()
      }),
      { numRuns: 100 },
    )
  })

  it('sends a heartbeat every second in which nothing else is said', () => {
    const { socket } = join()
    clock.advance(3 * HEARTBEAT_INTERVAL_MS)
    expect(socket.types().filter((type) => type === 'heartbeat')).toHaveLength(3)
    for (const state of ['stat', 'dirty', 'stat'] as const) {
      board.put('rooms', aRoomView('a', state))
      clock.advance(HEARTBEAT_INTERVAL_MS)
    }
    expect(socket.types().slice(-3)).toEqual(['delta', 'delta', 'delta'])
    clock.advance(HEARTBEAT_INTERVAL_MS)
    expect(socket.types().at(-1)).toBe('heartbeat')
  })

  it('skips a client that is behind, gives it a new snapshot when it has caught up, cuts it off when it does not', () => {
    const [slow, dead, quick] = [join(), join(), join()]
    slow.socket.bufferedAmount = 1_500_000
    dead.socket.bufferedAmount = 1_500_000
    for (let index = 0; index < 10; index++) {
      board.put('rooms', aRoomView('a', index % 2 === 0 ? 'dirty' : 'stat'))
      clock.advance(DELTA_INTERVAL_MS)
    }
    expect(slow.socket.types()).toEqual(['snapshot'])
    expect(quick.socket.types().filter((type) => type === 'delta')).toHaveLength(10)
    slow.socket.bufferedAmount = 0
    clock.advance(HEARTBEAT_INTERVAL_MS)
    expect(slow.socket.types().filter((type) => type === 'snapshot')).toHaveLength(2)
    expect(slow.socket.replay()?.rooms['a']?.state).toBe('stat')
    clock.advance(40_000)
    expect([dead.socket.closedWith, dead.socket.isTerminated]).toEqual([1013, true])
    expect(slow.socket.closedWith).toBeNull()
  })

  it('ends with the session, and with a client that speaks nonsense', () => {
    const { socket } = join()
    const { socket: rude, client } = join()
    client.receive('{"type":"drive"}')
    expect(rude.closedWith).toBe(1008)
    isSignedIn = false
    clock.advance(HEARTBEAT_INTERVAL_MS)
    expect(socket.closedWith).toBe(1008)
    expect(hub.size).toBe(0)
  })
})
