import { SimulatedClock } from '@wardlight/core/clock'
import { rectangle } from '@wardlight/core/geometry'
import { VDA5050_VERSION, type Responses, type VdaZone, type ZoneAction } from '@wardlight/core/vda5050'
import { afterEach, expect, it } from 'vitest'
import { ADDRESS, createBench, EPOCH_MS, uvOrder } from '../testing/robot-bench.ts'
import { ZoneKeeper } from './zone-keeper.ts'

let bench = createBench({ walls: [] })
afterEach(() => bench.stop())

/** It drives from x = −2 to x = 4, along y = 1. */
const GOAL = { x: 4, y: 1, theta: 0, mapId: 'L1' }
const ACROSS = [...rectangle({ x: 1, y: 1 }, 1, 3)]

function onTheWay(zone: VdaZone) {
  bench = createBench({ walls: [] })
  bench.start()
  expect(bench.zones.add({ mapId: 'L1', zoneSetId: 'set-1', zones: [zone] })).toBe(true)
  expect(bench.zones.enable('set-1')).toBe(true)
  const [here, there] = uvOrder().nodes
  const order = uvOrder({ nodes: [here!, { ...there!, nodePosition: GOAL, actions: [] }] })
  expect(bench.orders.take(order)).toBeNull()
}

function answer(grantType: Responses['responses'][number]['grantType'], leaseS?: number) {
  bench.zones.answer({
    headerId: 0,
    timestamp: new Date(EPOCH_MS).toISOString(),
    version: VDA5050_VERSION,
    ...ADDRESS,
    responses: [
      {
        requestId: bench.zones.requests.at(-1)!.requestId,
        grantType,
        ...(leaseS === undefined
          ? {}
          : { leaseExpiry: new Date(bench.clock.epochMs() + leaseS * 1000).toISOString() }),
      },
    ],
  })
}

const x = () => bench.hardware.pose.x

const gate: VdaZone = {
  zoneId: 'gate',
  zoneType: 'RELEASE',
  vertices: ACROSS,
  releaseLossBehavior: 'STOP',
}

it('waits before a zone until it is let in, and goes on to the end', () => {
  onTheWay(gate)
  bench.clock.advance(20_000)
  expect(bench.zones.requests).toMatchObject([{ zoneId: 'gate', requestStatus: 'REQUESTED' }])
  answer('QUEUED')
  bench.clock.advance(20_000)
  expect(x()).toBeLessThan(0.2)
  answer('GRANTED')
  bench.until(() => bench.orders.isIdle, 60)
  expect(x()).toBeCloseTo(GOAL.x, 0)
  expect(bench.zones.requests).toEqual([])
  expect(bench.zones.errors).toEqual([])
})

it('whose lease runs out before the zone, it waits before it', () => {
  onTheWay(gate)
  bench.clock.advance(1000)
  answer('GRANTED', 1)
  bench.clock.advance(30_000)
  expect(x()).toBeLessThan(0.2)
  expect(bench.orders.isIdle).toBe(false)
})

it('whose lease runs out inside, it stands there and says so, until it is let go on', () => {
  onTheWay(gate)
  bench.clock.advance(1000)
  answer('GRANTED', 60)
  bench.until(() => x() > 0.8, 60)
  answer('REVOKED')
  bench.clock.advance(3000)
  const stood = x()
  bench.clock.advance(20_000)
  expect(x()).toBeCloseTo(stood, 3)
  expect(stood).toBeLessThan(1.5)
  expect(bench.zones.errors).toMatchObject([{ errorType: 'RELEASE_LOST', errorLevel: 'CRITICAL' }])
  answer('GRANTED', 60)
  bench.until(() => bench.orders.isIdle, 60)
  expect(x()).toBeCloseTo(GOAL.x, 0)
})

it('an order through a blocked zone ends before it, as one whose node cannot be reached', async () => {
  onTheWay({ zoneId: 'wall', zoneType: 'BLOCKED', vertices: ACROSS })
  for (let second = 0; second < 30; second += 1) {
    bench.clock.advance(1000)
    await Promise.resolve()
  }
  expect(bench.orders.isIdle).toBe(true)
  expect(bench.orders.context.unreachableNodeId).toBe('in-room')
  expect(x()).toBeLessThan(0.2)
})

it('waits at a pause and after it, and a cancel ends the waiting', () => {
  onTheWay(gate)
  bench.clock.advance(1000)
  bench.orders.pause()
  answer('GRANTED')
  bench.clock.advance(10_000)
  expect(x()).toBeLessThan(-1.5)
  bench.orders.resume()
  bench.until(() => x() > 0, 30)
  bench.orders.cancel()
  bench.until(() => bench.orders.isIdle, 30)
})

/** It says words when it comes, while it is in it, and when it has left. */
const talkative: VdaZone = {
  zoneId: 'lobby',
  zoneType: 'ACTION',
  vertices: ACROSS,
  entryActions: [announce('Robot comes', 1)],
  duringActions: [announce('Robot coming through')],
  exitActions: [announce('Robot has gone', 2)],
}

function announce(text: string, seconds?: number): ZoneAction {
  return {
    actionType: 'announce',
    blockingType: 'NONE',
    actionParameters: [
      { key: 'text', value: text },
      ...(seconds === undefined ? [] : [{ key: 'seconds', value: seconds }]),
    ],
  }
}

it('shows words when it comes into a zone, while it is there, and when it leaves, and tells each by an id of its own', () => {
  onTheWay(talkative)
  const { announcer, zones } = bench
  bench.until(() => announcer.texts.length > 0, 60)
  expect(announcer.texts).toEqual(['Robot coming through', 'Robot comes'])
  // Its edge is in the zone, which begins at 0.5.
  expect(x()).toBeGreaterThan(0.1)
  expect(x()).toBeLessThan(0.4)
  expect(zones.actionStates.map(({ actionStatus }) => actionStatus)).toEqual(['RUNNING', 'RUNNING'])
  bench.clock.advance(1200)
  expect(announcer.texts).toEqual(['Robot coming through'])
  bench.until(() => announcer.texts.includes('Robot has gone'), 60)
  expect(announcer.texts).toEqual(['Robot has gone'])
  expect(x()).toBeGreaterThan(1.8)
  bench.clock.advance(2200)
  expect(announcer.texts).toEqual([])
  const told = zones.actionStates
  expect(told.map(({ actionType, actionStatus }) => [actionType, actionStatus])).toEqual(
    Array.from({ length: 3 }, () => ['announce', 'FINISHED']),
  )
  expect(new Set(told.map(({ actionId }) => actionId)).size).toBe(3)
  expect(told.every(({ actionId }) => actionId.includes(String(EPOCH_MS)))).toBe(true)
  zones.clearActions()
  expect(zones.actionStates).toEqual([])
})

it('says FAILED of words that something more urgent covered', () => {
  onTheWay(talkative)
  let isFree = true
  bench.announceOn(() => isFree)
  bench.until(() => bench.announcer.texts.length > 0, 60)
  bench.clock.advance(1200)
  isFree = false
  bench.clock.advance(400)
  isFree = true
  bench.until(() => bench.announcer.texts.includes('Robot has gone'), 60)
  bench.clock.advance(2200)
  expect(bench.zones.actionStates.map(({ actionStatus }) => actionStatus)).toEqual([
    'FINISHED',
    'FAILED',
    'FINISHED',
  ])
})

it('holds and asks for nothing while a person drives', () => {
  const clock = new SimulatedClock(EPOCH_MS)
  let isDrivenByHand = false
  const zones = new ZoneKeeper({
    robot: { mapId: 'L1', radiusM: 0.3, speedMps: 0.6 },
    clock,
    pose: () => ({ x: -2, y: 1 }),
    isIdle: () => false,
    isDrivenByHand: () => isDrivenByHand,
    announcer: null,
    onLook: () => {},
    onChange: () => {},
  })
  zones.start()
  zones.add({ mapId: 'L1', zoneSetId: 'set-1', zones: [gate] })
  zones.enable('set-1')
  expect(zones.passage(GOAL).kind).toBe('wait')
  clock.advance(1000)
  expect(zones.requests).toHaveLength(1)
  isDrivenByHand = true
  clock.advance(1000)
  expect(zones.requests).toEqual([])
  isDrivenByHand = false
  expect(zones.passage(GOAL).kind).toBe('wait')
  expect(zones.requests).toMatchObject([{ requestId: 'zone-2' }])
  zones.stop()
})
