import { readFloorPlan } from '@wardlight/core/floor'
import { GAS_TOPICS, ROBOT_TOPICS } from '@wardlight/core/ros'
import { afterEach, describe, expect, it } from 'vitest'
import { nodePlanFiles } from '../../scripts/src/node-plan-files.ts'
import { missionActionIds } from '../../fleet-server/src/domain/orders.ts'
import { memoryProblem } from '../../robot-agent/src/missions/peroxide-memory.ts'
import { sampleHospital } from '../../scripts/src/paths.ts'
import { SIMULATED_VAPORISERS } from '../../scripts/src/simulated-hospital.ts'
import {
  createPeroxideRun,
  MISSION_ID,
  ROBOT_ID,
  type PeroxideCase,
  type PeroxideRun,
} from './peroxide-run.ts'

const { plan: floor } = readFloorPlan(sampleHospital, nodePlanFiles)

const CYCLE_ID = missionActionIds(MISSION_ID).startPeroxideCycle

let run: PeroxideRun
afterEach(() => run.stop())

function started(changes: Partial<PeroxideCase> = {}): PeroxideRun {
  run = createPeroxideRun({ floor, room: 'I1', method: 'hpv', seed: 1, ...changes }).start()
  return run
}

/** The generator truly gives off gas. */
function gassing(changes: Partial<PeroxideCase> = {}): PeroxideRun {
  started(changes).toPhase('gassing')
  run.clock.advance(10_000)
  expect(run.gPerMin).toBeGreaterThan(0)
  return run
}

/** Simulated milliseconds until the generator truly stands still. */
function msUntilOff(limitMs: number): number {
  const beganMs = run.clock.monotonicMs()
  while (run.gPerMin > 0 && run.clock.monotonicMs() - beganMs < limitMs) run.clock.advance(10)
  return run.clock.monotonicMs() - beganMs
}

const robot = () => run.world.robots.get(ROBOT_ID)!
const silence = (topic: string) => robot().silenceSensor(topic, true)

/** What goes wrong, and the longest that gas may flow on, ms: "Interlocks" of docs/protocol.md. */
const HAZARDS: readonly (readonly [what: string, atMostMs: number, act: () => void])[] = [
  ['a door opens', 200, () => run.world.doors.setOpen(run.door.id, true)],
  ["a door's guard is moved", 200, () => run.world.doors.setGuard(run.door.id, 'moved')],
  ["a door's guard falls silent", 500, () => silence(ROBOT_TOPICS.doorGuards)],
  ['the emergency stop is pressed', 100, () => robot().pressEmergencyStop(true)],
  [
    'somebody stops it from afar',
    300,
    () => void run.mind.supervisor.command({ type: 'requestEmergencyStop', by: 'nurse' }),
  ],
  ['it is paused', 300, () => run.mind.orders.pause()],
  ['the order is cancelled', 300, () => run.mind.orders.cancel()],
  ['the exhaust damper is moved', 1000, () => run.world.gas.forceDamper('I1', 'exhaust', 0.3)],
  [
    'the supply damper is not heard of any more',
    1000,
    () => run.world.gas.setDamperFault('I1', 'supply', 'silent'),
  ],
  ['all dampers fall silent', 1000, () => silence(GAS_TOPICS.dampers)],
  ['the generator says nothing of itself', 500, () => silence(GAS_TOPICS.vaporiserRate)],
  // It reads once a second, and its word goes out once a second.
  ['a sensor in the room has no reading', 2100, () => run.world.gas.setSensorFault('wall-I1', 'silent')],
  ['a sensor in the room vanishes', 6500, () => run.world.gas.removeSensor('wall-I1')],
  ['a sensor outside vanishes', 10_000, () => run.world.gas.removeSensor('outside-I1-ante')],
  ['the person sensor falls silent', 500, () => silence(ROBOT_TOPICS.personSensor)],
  ['the lidar falls silent', 500, () => silence(ROBOT_TOPICS.scan)],
  ['the robot is lost', 500, () => robot().disturbLocalisation({ x: 8, y: 8, theta: 1 })],
]

describe('while gas flows', () => {
  it.each(HAZARDS)(
    '%s: the generator stands still within %i ms, and the room is aerated',
    (_, atMostMs, act) => {
      gassing()
      act()
      expect(msUntilOff(20_000)).toBeLessThanOrEqual(atMostMs)
      expect(run.phase).toBe('aerating')
      run.clock.advance(15_000)
      expect(run.gPerMin).toBe(0)
      expect(run.world.gas.isShutOff('I1')).toBe(false)
      // Not idle, not clean, and no cancel makes it so.
      run.mind.orders.cancel()
      run.clock.advance(60_000)
      expect(run.mission!.status()).toMatchObject({ phase: 'aerating', isGassed: true, report: null })
      expect(run.mind.orders.isIdle).toBe(false)
      expect(run.mind.orders.take({ ...run.order(), orderId: 'another' })).toMatchObject({
        errorType: 'OTHER_ORDER_ACTIVE',
      })
    },
  )

  it('somebody comes in by the door: off before they are inside, and everybody is called out', () => {
    gassing()
    run.world.people.enterRoom('I1')
    run.until(() => run.world.doors.isOpen(run.door.id), 20)
    expect(msUntilOff(5000)).toBeLessThanOrEqual(200)
    expect(run.mission!.status().interlocks[0]).toMatchObject({ kind: 'door.opened', wasGassing: true })
    run.until(() => run.mission!.status().mustEvacuate, 20)
    expect(run.mission!.errors[0]).toMatchObject({ errorType: 'GAS_EVACUATE', errorLevel: 'FATAL' })
  })

  it('the agent dies: the generator stops by its own watchdog, and a new life of it aerates until sensors clear', () => {
    gassing({ method: 'ahp' })
    run.mind.kill()
    expect(msUntilOff(2000)).toBeLessThanOrEqual(500)
    expect(run.memory).toMatchObject({ wasGeneratorOn: true })
    expect(memoryProblem(JSON.parse(JSON.stringify(run.memory)))).toBeNull()
    run.killAndRestart(3000)
    expect(run.phase).toBe('aerating')
    run.clock.advance(15_000)
    expect(run.world.gas.isShutOff('I1')).toBe(false)
    expect(run.gPerMin).toBe(0)
    expect(run.mind.orders.isIdle).toBe(false)
    run.until(() => run.report !== null, 2 * 3600)
    expect(run.report).toMatchObject({ verdict: 'incomplete', end: 'restarted', wasGassed: true })
    expect(run.report!.clearedAt).not.toBeNull()
    expect(run.world.gas.ppm('I1')).toBeLessThanOrEqual(1)
    expect(run.memory).toBeNull()
    expect(run.mind.orders.isIdle).toBe(true)
  })

  it('what was told while the room is aired is still told after the agent died right behind it', () => {
    gassing({ method: 'ahp' })
    run.world.doors.setOpen(run.door.id, true)
    run.clock.advance(3000)
    run.world.doors.setOpen(run.door.id, false)
    run.clock.advance(12_000)
    run.world.doors.setOpen(run.door.id, true)
    run.clock.advance(1000)
    const told = run.mission!.status().interlocks
    expect(told.filter(({ kind }) => kind === 'door.opened').length).toBeGreaterThan(1)
    run.killAndRestart(1000)
    expect(run.mission!.status().interlocks.slice(0, told.length)).toEqual(told)
  })

  it('a robot with a journal keeps its order in work, and takes no other, until the sensors have cleared the room', async () => {
    gassing({ method: 'ahp', hasJournal: true })
    // What is written is written between two turns of the process.
    const passed = async (seconds: number) => {
      for (let step = 0; step < seconds; step += 1) {
        run.clock.advance(1000)
        await Promise.resolve()
        await Promise.resolve()
      }
    }
    await passed(5)
    run.world.people.enterRoom('I1')
    for (let second = 0; second < 60 && !run.mission!.status().mustEvacuate; second += 1) await passed(1)
    expect(run.memory).toMatchObject({ wasEvacuated: true })
    run.killAndRestart(3000)
    await passed(5)
    expect(run.phase).toBe('aerating')
    // Who was called out is called out still.
    expect(run.mission!.status().mustEvacuate).toBe(true)
    expect(run.memory).toMatchObject({ wasEvacuated: true })
    const { actionStates } = run.mind.orders.context
    expect(actionStates.find(({ actionId }) => actionId === CYCLE_ID)).toMatchObject({
      actionStatus: 'RUNNING',
    })
    expect(run.mind.orders.isIdle).toBe(false)
    expect(run.mind.orders.take({ ...run.order(), orderId: 'another' })).toMatchObject({
      errorType: 'OTHER_ORDER_ACTIVE',
    })
    for (const { id } of run.world.people.all()) run.world.people.remove(id)
    for (let minute = 0; minute < 240 && run.report === null; minute += 1) await passed(60)
    expect(run.report).toMatchObject({ verdict: 'incomplete', wasGassed: true })
    await passed(2)
    const cycle = run.mind.orders.context.actionStates.find(({ actionId }) => actionId === CYCLE_ID)
    expect(JSON.parse(cycle!.actionResult!)).toEqual(run.report)
    expect(run.mind.orders.isIdle).toBe(true)
  })

  it('a generator that does not obey is told of, and keeps the room shut for as long as it runs', () => {
    gassing({ method: 'ahp' })
    robot().setVaporiserFault('stuckOn')
    run.world.doors.setOpen(run.door.id, true)
    run.clock.advance(5000)
    expect(run.mission!.status().interlocks.map(({ kind }) => kind)).toContain('vaporiser.stuckOn')
    run.clock.advance(15 * 60_000)
    expect(run.mission!.status().isGassed).toBe(true)
  })
})

describe('while the gas is held', () => {
  it.each([
    ['a door opens', () => run.world.doors.setOpen(run.door.id, true)],
    ['a damper opens', () => run.world.gas.forceDamper('I1', 'supply', 1)],
    ['a sensor in the room is lost', () => run.world.gas.setSensorFault('wall-I1', 'silent')],
  ])('%s: it is aerated, and never proven', (_, act) => {
    started({ plan: { h2o2G: 60, dwellS: 600, targetPpm: 50 } }).toPhase('dwelling')
    run.clock.advance(30_000)
    act()
    run.until(() => run.phase === 'aerating', 2)
    expect(run.mission!.status()).toMatchObject({ isGassed: true })
    expect(run.mission!.memory()).toMatchObject({ end: 'interrupted', isDwellDone: false })
  })
})

describe('a room with hardly any gas in it', () => {
  it('is cleared by sensors that answered to test gas: they cannot see what is not there', () => {
    started({ method: 'ahp' }).toPhase('gassing')
    run.clock.advance(300)
    run.world.doors.setOpen(run.door.id, true)
    run.clock.advance(1000)
    run.world.doors.setOpen(run.door.id, false)
    expect(run.phase).not.toBe('gassing')
    run.until(() => run.report !== null, 20 * 60)
    expect(run.report).toMatchObject({ verdict: 'incomplete', wasGassed: true })
    expect(run.report!.elapsedS).toBeGreaterThan(600)
    expect(run.world.gas.ppm('I1')).toBeLessThanOrEqual(1)
  })
})

describe('before any gas', () => {
  const lacks: readonly (readonly [string, RegExp, () => void])[] = [
    [
      'one sensor in the room',
      /1 of 2 gas sensors in the room are ready/,
      () => run.world.gas.removeSensor('wall-I1'),
    ],
    [
      'a neighbour without a sensor',
      /no gas sensor is ready in Isolation 1, anteroom/,
      () => run.world.gas.removeSensor('outside-I1-ante'),
    ],
    [
      'a sensor that was not tested',
      /wall-I1 in the room was not tested with gas/,
      () => run.world.gas.placeSensor('wall-I1', 'I1', { isTested: false }),
    ],
    [
      'a sensor that reads gas',
      /reads \d+\.\d ppm before any gas/,
      () => run.world.gas.setSensorFault('wall-I1', { offsetPpm: 30 }),
    ],
    [
      'a damper that nobody hears of',
      /the exhaust damper is lost/,
      () => run.world.gas.setDamperFault('I1', 'exhaust', 'silent'),
    ],
    [
      'air that is too damp',
      /Dehumidify the room from 80 % to 65 %/,
      () => run.world.gas.setClimate('I1', { temperatureC: 22, relativeHumidityPercent: 80 }),
    ],
    ['a silent thermometer', /nobody measures the temperature/, () => silence(GAS_TOPICS.temperature)],
    ['a silent tank and generator', /the generator is silent/, () => silence(GAS_TOPICS.vaporiserRate)],
  ]
  it.each(lacks)('%s keeps it from being armed, in words', (_, reason, act) => {
    started()
    run.mind.orders.take(run.order())
    run.until(() => run.phase === 'awaitingArming', 60)
    run.clock.advance(2000)
    act()
    run.clock.advance(6000)
    expect(run.arm().join('; ')).toMatch(reason)
    // Even when the supervisor is asked past the check, the mission does not take it.
    run.mind.supervisor.command({ type: 'start', missionId: 'peroxide-1', by: 'nurse' })
    run.clock.advance(20_000)
    expect(run.phase).toBe('awaitingArming')
    expect(run.gPerMin).toBe(0)
    expect(run.world.gas.isShutOff('I1')).toBe(false)
  })

  it('a person in the exit delay takes everything back: dampers open, disarmed, and armed anew it goes on', () => {
    started()
    run.toPhase('isolating')
    run.clock.advance(9000)
    run.world.doors.setOpen(run.door.id, true)
    run.clock.advance(500)
    expect(run.phase).toBe('interrupted')
    run.world.doors.setOpen(run.door.id, false)
    run.clock.advance(12_000)
    expect(run.world.gas.isShutOff('I1')).toBe(false)
    run.until(() => run.mission!.status().blockers.length === 0, 60)
    expect(run.arm()).toEqual([])
    run.until(() => run.gPerMin > 0, 60)
  })

  it('shuts the supply before the exhaust, and gives up a damper that does not move', () => {
    started()
    run.toPhase('isolating')
    const order: string[] = []
    run.network
      .createNode()
      .createSubscription('diagnostic_msgs/msg/DiagnosticArray', GAS_TOPICS.dampers, ({ status }) => {
        for (const { name, level } of status) if (level === 0 && !order.includes(name)) order.push(name)
      })
    run.world.gas.setDamperFault('I1', 'exhaust', 'stuck')
    run.until(() => run.report !== null, 120)
    expect(order).toEqual(['I1/supply'])
    expect(run.report).toMatchObject({
      verdict: 'aborted',
      end: 'isolationFailed',
      wasGassed: false,
      clearedAt: null,
    })
    run.clock.advance(10_000)
    expect(run.gPerMin).toBe(0)
    expect(run.mind.orders.isIdle).toBe(true)
  })

  it('cancelled it simply ends', () => {
    started()
    run.toPhase('conditioning')
    run.mind.orders.cancel()
    expect(run.report).toMatchObject({ verdict: 'aborted', wasGassed: false })
    run.clock.advance(12_000)
    expect(run.world.gas.isShutOff('I1')).toBe(false)
    expect(run.mind.orders.isIdle).toBe(true)
  })
})

describe('killed before it has sealed anything', () => {
  it('a robot with a journal begins its mission anew, and can be armed as ever', async () => {
    started({ hasJournal: true })
    const passed = async (seconds: number) => {
      for (let step = 0; step < seconds; step += 1) {
        run.clock.advance(1000)
        await Promise.resolve()
        await Promise.resolve()
      }
    }
    expect(run.mind.orders.take(run.order())).toBeNull()
    for (let second = 0; second < 120 && run.phase !== 'awaitingArming'; second += 1) await passed(1)
    await passed(5)
    expect(run.memory).toBeNull()
    run.killAndRestart(3000)
    expect(run.mind.orders.isIdle).toBe(false)
    for (let second = 0; second < 60 && run.phase !== 'awaitingArming'; second += 1) await passed(1)
    await passed(5)
    expect(run.mission!.status().blockers).toEqual([])
    expect(run.arm()).toEqual([])
    for (let second = 0; second < 600 && run.phase !== 'gassing'; second += 1) await passed(1)
    expect(run.phase).toBe('gassing')
    expect(run.mission!.status().interlocks.map(({ kind }) => kind)).toEqual(['controller.restarted'])
  })
})

describe('killed between shut dampers and the first gas', () => {
  it('a robot comes up knowing of the shut dampers, opens them, and says so', () => {
    started().toPhase('conditioning')
    expect(run.world.gas.isShutOff('I1')).toBe(true)
    expect(run.memory).toMatchObject({ isGassed: false })
    run.killAndRestart(3000)
    expect(run.phase).toBe('unsealing')
    expect(run.mind.orders.isIdle).toBe(false)
    run.until(() => run.report !== null, 60)
    expect(run.world.gas.isShutOff('I1')).toBe(false)
    expect(run.report).toMatchObject({ verdict: 'aborted', end: 'restarted', wasGassed: false })
    expect(run.memory).toBeNull()
    expect(run.mind.orders.isIdle).toBe(true)
    expect(run.world.gas.balance.broughtInMg).toBe(0)
  })

  it('tells of a damper that it cannot open', () => {
    started().toPhase('conditioning')
    run.world.gas.setDamperFault('I1', 'exhaust', 'stuck')
    run.killAndRestart(3000)
    run.until(() => run.report !== null, 90)
    expect(run.report!.interlocks.at(-1)).toMatchObject({ kind: 'hvac.unsealed' })
    expect(run.report!.interlocks.at(-1)!.detail).toMatch(/^the exhaust damper is .* commanded open$/)
  })
})

describe('on a full disk', () => {
  it('no damper is shut that a restart would not know of', () => {
    started()
    run.fillDisk()
    run.toPhase('interrupted')
    expect(run.world.gas.isShutOff('I1')).toBe(false)
    run.until(() => run.report !== null, 20 * 60)
    expect(run.report).toMatchObject({ verdict: 'aborted', injectedG: 0 })
  })

  it('no gas is begun that a restart would not know of', () => {
    started().toPhase('isolating')
    run.fillDisk()
    run.until(() => run.phase === 'aerating', 600)
    expect(run.gPerMin).toBe(0)
    expect(run.world.gas.balance.broughtInMg).toBe(0)
    run.until(() => run.report !== null, 20 * 60)
    expect(run.report).toMatchObject({ verdict: 'incomplete', injectedG: 0 })
  })
})

describe('on a disk that does not let go', () => {
  it('a room that cannot be forgotten is told to the fleet', () => {
    started().toPhase('conditioning')
    expect(run.mind.memoryErrors()).toEqual([])
    run.fillDisk()
    run.mind.orders.cancel()
    expect(run.report).not.toBeNull()
    expect(run.mind.memoryErrors()).toMatchObject([{ errorType: 'MEMORY_NOT_REMOVED', errorLevel: 'URGENT' }])
  })
})

describe('an order for peroxide', () => {
  const refusals: readonly (readonly [string, RegExp, Partial<PeroxideCase>])[] = [
    ['a robot without a vaporiser', /this robot has no vaporiser/, { vaporiser: null }],
    [
      'a robot with another method',
      /the plan is for hpv, the robot has ahp/,
      { vaporiser: SIMULATED_VAPORISERS.ahp },
    ],
    ['too much', /at most \d+\.\d g are right/, { plan: { h2o2G: 1000 } }],
    [
      'a volume that the room does not have',
      /the room's outline and height give at most/,
      { plan: { volumeM3: 90 } },
    ],
    ['more than the vaporiser gives', /the vaporiser gives at most/, { plan: { rateGPerMin: 90 } }],
    ['a room without ventilation', /could not be aerated/, { plan: { airChangesPerHour: 0 } }],
    ['no neighbours', /nobody would watch/, { plan: { neighbours: [] } }],
  ]
  it.each(refusals)('of %s is refused with the reason', (_, reason, changes) => {
    started(changes)
    const refusal = run.mind.orders.take(run.order())
    expect(refusal).toMatchObject({ errorType: 'INVALID_ORDER_ACTION' })
    expect(refusal!.errorDescription).toMatch(reason)
    expect(run.mind.orders.isIdle).toBe(true)
  })
})
