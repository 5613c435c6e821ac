import {
  InMemoryRosNetwork,
  GAS_TOPICS,
  VAPORISER_HEARTBEAT_MS,
  type DiagnosticArray,
} from '@wardlight/core/ros'
import { SimulatedClock } from '@wardlight/core/clock'
import { describe, expect, it } from 'vitest'
import { createWorld } from './create-world.ts'
import { twoRooms } from './testing/plans.ts'
import { ONE_TUBE } from './testing/test-world.ts'
import { DAMPER_TRAVEL_MS } from './world/ventilation.ts'

function start(tankMl = 1000) {
  const clock = new SimulatedClock(Date.UTC(2026, 0, 1))
  const errors: unknown[] = []
  const network = new InMemoryRosNetwork((error) => errors.push(error))
  const plan = twoRooms()
  const world = createWorld({
    plan,
    seed: 1,
    clock,
    robots: [
      {
        id: 'gas-1',
        levelId: 'L1',
        pose: { x: 3, y: 4, theta: 0 },
        graph: network.createNode(),
        lamp: ONE_TUBE,
        vaporiser: { method: 'hpv', maxRateGPerMin: 30, tankMl },
      },
    ],
  })
  const graph = network.createNode()
  const vaporiser = graph.createPublisher('std_msgs/msg/Float32', GAS_TOPICS.vaporiserCommand)
  const dampers = graph.createPublisher('diagnostic_msgs/msg/KeyValue', GAS_TOPICS.damperCommand)
  const heard: Record<string, DiagnosticArray> = {}
  for (const topic of [GAS_TOPICS.dampers, GAS_TOPICS.gasSensors]) {
    graph.createSubscription('diagnostic_msgs/msg/DiagnosticArray', topic, (message) => {
      heard[topic] = message
    })
  }
  const rates: number[] = []
  graph.createSubscription('std_msgs/msg/Float32', GAS_TOPICS.vaporiserRate, ({ data }) => rates.push(data))
  world.start()
  clock.advance(1500)
  const robot = world.robots.get('gas-1')!
  return {
    world,
    clock,
    robot,
    heard,
    rates,
    errors,
    command: (gPerMin: number) => vaporiser.publish({ data: gPerMin }),
    damper: (key: string, value: string) => dampers.publish({ key, value }),
    /** Beats the generator's heart for so long. */
    beat(gPerMin: number, forMs: number) {
      for (let ms = 0; ms < forMs; ms += 100) {
        vaporiser.publish({ data: gPerMin })
        clock.advance(100)
      }
    },
    damperWords: () =>
      Object.fromEntries(heard[GAS_TOPICS.dampers]!.status.map(({ name, level }) => [name, level])),
  }
}

describe('the simulated generator', () => {
  it('runs up, gives no more than it can, and says what it gives', () => {
    const sim = start()
    sim.beat(20, 10_000)
    expect(sim.robot.vaporiserGPerMin).toBeCloseTo(20, 6)
    expect(sim.rates.at(-1)).toBeCloseTo(20, 6)
    expect(sim.world.gas.ppm('a')).toBeGreaterThan(5)
    expect(sim.world.gas.ppm('b')).toBeLessThan(0.5)
    sim.beat(500, 10_000)
    expect(sim.robot.vaporiserGPerMin).toBeCloseTo(30, 6)
    expect(sim.errors).toEqual([])
  })

  it('stops at once on 0, and by its own watchdog half a second after the last command', () => {
    const sim = start()
    sim.beat(20, 8000)
    sim.command(0)
    expect(sim.robot.vaporiserGPerMin).toBe(0)
    sim.beat(20, 8000)
    const beganMs = sim.clock.monotonicMs() - 100
    while (sim.robot.vaporiserGPerMin > 0) sim.clock.advance(10)
    expect(sim.clock.monotonicMs() - beganMs).toBeLessThanOrEqual(VAPORISER_HEARTBEAT_MS)
    const { broughtInMg } = sim.world.gas.balance
    sim.clock.advance(5000)
    expect(sim.world.gas.balance.broughtInMg).toBe(broughtInMg)
  })

  it('brings in what leaves its tank, and stops when that is empty', () => {
    const sim = start(5)
    sim.beat(20, 60_000)
    // 5 ml of 35 % solution at 1.13 g/ml; the air is reckoned in half seconds.
    const share = sim.world.gas.balance.broughtInMg / (1000 * 5 * 0.35 * 1.13)
    expect(share).toBeGreaterThan(0.9)
    expect(share).toBeLessThan(1.05)
    expect(sim.robot.vaporiserGPerMin).toBe(0)
  })

  it('that is stuck goes on whatever it is told', () => {
    const sim = start()
    sim.beat(20, 6000)
    sim.robot.setVaporiserFault('stuckOn')
    sim.command(0)
    sim.clock.advance(5000)
    expect(sim.robot.vaporiserGPerMin).toBeGreaterThan(0)
  })
})

describe('the simulated dampers', () => {
  it('move when they are told, and cut the room off its ventilation only when both are shut', () => {
    const sim = start()
    expect(sim.damperWords()).toEqual({ 'a/supply': 1, 'a/exhaust': 1 })
    sim.damper('a/supply', 'shut')
    sim.clock.advance(DAMPER_TRAVEL_MS + 200)
    expect(sim.damperWords()).toEqual({ 'a/supply': 0, 'a/exhaust': 1 })
    expect(sim.world.gas.isShutOff('a')).toBe(false)
    sim.damper('a/exhaust', 'shut')
    sim.clock.advance(DAMPER_TRAVEL_MS + 200)
    expect(sim.world.gas.isShutOff('a')).toBe(true)
    sim.damper('a/exhaust', 'open')
    sim.clock.advance(100)
    expect(sim.world.gas.isShutOff('a')).toBe(false)
    expect(sim.damperWords()).toEqual({ 'a/supply': 0, 'a/exhaust': 1 })
  })

  it('that are stuck or not heard of say so', () => {
    const sim = start()
    sim.world.gas.setDamperFault('a', 'supply', 'stuck')
    sim.world.gas.setDamperFault('a', 'exhaust', 'silent')
    sim.damper('a/supply', 'shut')
    sim.damper('a/exhaust', 'shut')
    sim.clock.advance(20_000)
    expect(sim.damperWords()).toEqual({ 'a/supply': 1, 'a/exhaust': 3 })
  })

  it('hold the gas in the room', () => {
    const [open, shut] = [false, true].map((areShut) => {
      const sim = start()
      if (areShut) for (const name of ['supply', 'exhaust']) sim.damper(`a/${name}`, 'shut')
      sim.clock.advance(10_000)
      sim.beat(20, 60_000)
      sim.clock.advance(20 * 60_000)
      return sim.world.gas.ppm('a')
    })
    expect(shut).toBeGreaterThan(1.3 * open!)
  })
})

describe('the placed gas sensors', () => {
  const wordOf = (sim: ReturnType<typeof start>, id: string) => {
    const status = sim.heard[GAS_TOPICS.gasSensors]!.status.find(({ name }) => name === id)
    return status === undefined
      ? null
      : { level: status.level, ...Object.fromEntries(status.values.map(({ key, value }) => [key, value])) }
  }

  it('speak each second of the room that they are in, the robot its own among them', () => {
    const sim = start()
    sim.world.gas.placeSensor('wall', 'b')
    sim.world.gas.placeSensor('untested', 'b', { isTested: false })
    sim.clock.advance(2000)
    expect(wordOf(sim, 'gas-1/gas')).toMatchObject({ level: 0, room_id: 'a' })
    const wall = wordOf(sim, 'wall')!
    expect(wall).toMatchObject({ level: 0, room_id: 'b' })
    expect(Number((wall as unknown as Record<string, string>)['age_s'])).toBeLessThanOrEqual(1)
    expect(wall).toHaveProperty('bump_test_age_s')
    expect(wordOf(sim, 'untested')).not.toHaveProperty('bump_test_age_s')
  })

  it('that are silent or gone are not there with an old reading', () => {
    const sim = start()
    sim.world.gas.placeSensor('wall', 'a')
    sim.world.gas.setSensorFault('wall', 'silent')
    sim.clock.advance(2000)
    expect(wordOf(sim, 'wall')).toMatchObject({ level: 3 })
    expect(wordOf(sim, 'wall')).not.toHaveProperty('h2o2_ppm')
    sim.world.gas.removeSensor('wall')
    sim.clock.advance(2000)
    expect(wordOf(sim, 'wall')).toBeNull()
  })
})
