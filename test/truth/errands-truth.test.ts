import { SimulatedClock } from '@wardlight/core/clock'
import { DEFAULT_LAMP } from '@wardlight/core/disinfection'
import { robotIdOf, type DockReport, type ErrandReport } from '@wardlight/core/fleet'
import {
  dockStagingPose,
  findRoom,
  readFloorPlan,
  roomStandingPose,
  routeBetween,
} from '@wardlight/core/floor'
import type { Pose2 } from '@wardlight/core/geometry'
import { InMemoryRosNetwork, ROBOT_TOPICS } from '@wardlight/core/ros'
import type { Action } from '@wardlight/core/vda5050'
import { createWorld } from '@wardlight/sim'
import { afterEach, describe, expect, it } from 'vitest'
import { driveOrder } from '../../fleet-server/src/domain/orders.ts'
import { createRobotMind } from '../../robot-agent/src/robot-mind.ts'
import { errandAction, STATION } from '../../robot-agent/src/testing/errand-order.ts'
import { createMemoryFolder } from '../../robot-agent/src/testing/memory-folder.ts'
import { mortalClock } from '../../robot-agent/src/testing/mortal-clock.ts'
import { DEFAULT_GEOMETRY } from '../../robot-agent/src/uplink/factsheet.ts'
import { nodePlanFiles } from '../../scripts/src/node-plan-files.ts'
import { sampleHospital } from '../../scripts/src/paths.ts'

const { plan: floor } = readFloorPlan(sampleHospital, nodePlanFiles)
const address = { manufacturer: 'wardlight', serialNumber: 'ward-01' }
const ROBOT_ID = robotIdOf(address)
const { level, room } = findRoom(floor, '101')
const DOCK = level.docks[0]!
const BEDSIDE = roomStandingPose(level, room, 0.35)
const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

let run: ReturnType<typeof createRun>
afterEach(() => run.stop())

/** The sample hospital, and in it a robot's whole mind below the uplink, in its dock. */
function createRun() {
  const clock = new SimulatedClock(Date.UTC(2026, 0, 1))
  const failures: unknown[] = []
  const network = new InMemoryRosNetwork((error) => failures.push(error))
  const world = createWorld({
    plan: floor,
    seed: 7,
    clock,
    robots: [
      {
        id: ROBOT_ID,
        levelId: level.id,
        pose: DOCK.pose,
        graph: network.createNode(),
        lamp: DEFAULT_LAMP,
        batteryFraction: 0.5,
      },
    ],
  })
  const robot = world.robots.get(ROBOT_ID)!
  let touches = 0
  network.createNode().createSubscription('std_msgs/msg/Bool', ROBOT_TOPICS.bumper, ({ data }) => {
    if (data) touches += 1
  })
  let folder = createMemoryFolder()
  let life = begin()

  function begin() {
    const own = mortalClock(clock, 0)
    const graph = network.createNode()
    const disk = folder
    const mind = createRobotMind({
      robotId: ROBOT_ID,
      levelId: level.id,
      graph,
      clock: own,
      lamp: DEFAULT_LAMP,
      geometry: { ...DEFAULT_GEOMETRY, radiusM: 0.25, speedMps: 0.5 },
      log: SILENT,
      stateFolder: { folder: disk, clock: own },
      onChange: () => {},
      onNow: () => {},
      vaporiser: null,
      peroxideMemory: null,
    })
    mind.start()
    return {
      orders: mind.orders,
      kill() {
        own.kill()
        graph.close()
        disk.cut()
        folder = disk.fork()
      },
    }
  }

  world.start()
  clock.advance(2500)
  let orders = 0
  const one = {
    clock,
    world,
    robot,
    /** Messages that say that it touches something. */
    get touches() {
      return touches
    },
    get orders() {
      return life.orders
    },
    get phase() {
      return life.orders.errand?.phase ?? null
    },
    /** @returns the report of the action, once it is there */
    report(actionId: string): ErrandReport | null {
      const state = life.orders.context.actionStates.find((state) => state.actionId === actionId)
      return JSON.parse(state?.actionResult ?? 'null') as ErrandReport | null
    },
    /** One order from where the robot is, with an errand at each of its places. */
    take(...stops: readonly { readonly at: Pose2; readonly action: Action }[]) {
      orders += 1
      const head = { address, timestamp: new Date(clock.epochMs()).toISOString(), headerId: orders }
      let from: Pose2 = robot.estimatedPose
      const legs = stops.map(({ at, action }, index) => {
        const route = routeBetween(level, from, at)
        from = at
        const orderId = `order-${orders}-${index}`
        const leg = driveOrder({ head, orderId, levelId: level.id, route, destination: at })
        leg.nodes.at(-1)!.actions.push(action)
        return leg
      })
      const nodes = legs.flatMap(({ nodes }, index) => (index === 0 ? nodes : nodes.slice(1)))
      const order = {
        ...legs[0]!,
        nodes: nodes.map((node, index) => ({ ...node, sequenceId: 2 * index })),
        edges: legs
          .flatMap(({ edges }) => edges)
          .map((edge, index) => ({ ...edge, sequenceId: 2 * index + 1 })),
      }
      expect(life.orders.take(order)).toBeNull()
    },
    until(condition: () => boolean, limitS: number) {
      for (let ms = 0; ms < 1000 * limitS && !condition(); ms += 50) clock.advance(50)
      if (!condition()) throw new Error(`not within ${limitS} s; phase ${one.phase ?? 'none'}`)
    },
    async restart(downMs: number) {
      // What changed is written at the end of a turn of events.
      for (let turn = 0; turn < 3; turn += 1) await Promise.resolve()
      life.kill()
      clock.advance(downMs)
      life = begin()
    },
    stop() {
      life.kill()
      world.stop()
      if (failures.length > 0) throw failures[0]
    },
  }
  return one
}

const VISIT = errandAction('startTelepresence', 'act-visit', { missionId: 'v', visitor: 'Dr. Weber' })
const CLEAN = errandAction('decontaminate', 'act-clean', { ...STATION, stationS: 60 })
const dock = (untilPercent: number) =>
  errandAction('dock', 'act-dock', { missionId: 'd', dockId: DOCK.id, untilPercent })

function visit() {
  const { errand } = run.orders
  if (errand?.kind !== 'visit') throw new Error('no visit')
  return errand
}

describe('errands in the simulated hospital', () => {
  it('a round in one order: out of the dock, a visit at the bed, decontamination, and back to charge', () => {
    run = createRun()
    const before = run.robot.batteryFraction
    run.take(
      { at: BEDSIDE, action: VISIT },
      { at: dockStagingPose(level.docks[2]!), action: CLEAN },
      { at: dockStagingPose(DOCK), action: dock(52) },
    )
    run.clock.advance(3000)
    expect(run.robot.truePose.x).toBeGreaterThan(DOCK.pose.x + 0.1)
    run.until(() => run.phase === 'announcing', 600)
    expect(run.robot.roomId).toBe(room.id)
    expect(visit().answer(true, 'the patient')).toBeNull()
    run.clock.advance(1000)
    expect(visit().end('Dr. Weber')).toBeNull()
    run.until(() => run.phase === 'standing', 600)
    run.until(() => run.phase === 'charging', 600)
    const { truePose } = run.robot
    expect(Math.hypot(truePose.x - DOCK.pose.x, truePose.y - DOCK.pose.y)).toBeLessThan(0.15)
    run.until(() => run.orders.isIdle, 3600)
    expect(run.report('act-visit')).toMatchObject({ verdict: 'completed', end: 'ended' })
    expect(run.report('act-clean')).toMatchObject({ verdict: 'completed', by: 'station-1' })
    expect(run.report('act-dock')).toMatchObject({ verdict: 'completed', end: 'charged' })
    expect(run.robot.batteryFraction).toBeGreaterThan(before)
    expect(run.world.truth.events.filter(({ kind }) => kind.startsWith('lamp'))).toEqual([])
    expect(run.touches).toBe(0)
  }, 120_000)

  it('driven by hand against a wall it stops before it, again and again, and never touches it', () => {
    run = createRun()
    run.take({ at: BEDSIDE, action: VISIT })
    run.until(() => run.phase === 'announcing', 600)
    visit().answer(true, 'the patient')
    run.clock.advance(1000)
    expect(visit().handOver('s-1', 'Dr. Weber')).toBeNull()
    let sequence = 0
    let fastestMps = 0
    const steer = (seconds: number, speedMps: number, turnRadPerS: number, isHeld = true) => {
      for (let ms = 0; ms < 1000 * seconds; ms += 50) {
        sequence += 1
        visit().drive({
          sessionId: 's-1',
          sequence,
          sentAtEpochMs: run.clock.epochMs() - 40,
          pictureAgeMs: 80,
          isHeld,
          speedMps,
          turnRadPerS,
        })
        run.clock.advance(50)
        fastestMps = Math.max(fastestMps, Math.abs(run.robot.speedMps))
      }
    }
    const from = run.robot.truePose
    steer(0.2, 0, 0, false)
    for (let turn = 0; turn < 6; turn += 1) {
      steer(16, 0.5, 0)
      expect(run.robot.speedMps).toBeLessThan(0.01)
      steer(1.2, 0, 0.8)
      steer(3, -0.5, 0)
    }
    expect(fastestMps).toBeGreaterThan(0.2)
    expect(Math.hypot(run.robot.truePose.x - from.x, run.robot.truePose.y - from.y)).toBeGreaterThan(0.1)
    expect(run.touches).toBe(0)
    expect(run.phase).toBe('driven')
  }, 120_000)

  it('whose program is killed while it is driven stands within a second, and is handed to nobody by the restart', async () => {
    run = createRun()
    run.take({ at: BEDSIDE, action: VISIT })
    run.until(() => run.phase === 'announcing', 600)
    visit().answer(true, 'the patient')
    run.clock.advance(1000)
    visit().handOver('s-1', 'Dr. Weber')
    const command = (sequence: number, isHeld: boolean) =>
      visit().drive({
        sessionId: 's-1',
        sequence,
        sentAtEpochMs: run.clock.epochMs(),
        pictureAgeMs: 50,
        isHeld,
        speedMps: -0.5,
        turnRadPerS: 0.4,
      })
    command(1, false)
    for (let step = 2; step < 12; step += 1) {
      command(step, true)
      run.clock.advance(50)
    }
    await run.restart(1000)
    expect(run.robot.speedMps).toBe(0)
    const { truePose } = run.robot
    run.clock.advance(20_000)
    expect(run.robot.truePose).toEqual(truePose)
    expect(run.phase).toBe('announcing')
    expect(command(99, true)).toBe('nobodyHasTheDrive')
  }, 120_000)

  it('a dock without current: it tries, and says that it does not charge; with current it charges next time', () => {
    run = createRun()
    run.world.docks.setFault(DOCK.id, 'noPower')
    run.take({ at: dockStagingPose(DOCK), action: dock(52) })
    run.until(() => run.orders.isIdle, 1200)
    const report = run.report('act-dock') as DockReport
    expect(report).toMatchObject({ verdict: 'aborted', end: 'doesNotCharge', tries: 2 })
    run.world.docks.setFault(DOCK.id, null)
    run.take({ at: dockStagingPose(DOCK), action: dock(51) })
    run.until(() => run.phase === 'charging', 600)
  }, 120_000)

  it('whose program is killed in the approach stands, and docks when somebody resumes it', async () => {
    run = createRun()
    run.take({ at: dockStagingPose(DOCK), action: dock(51) })
    run.until(() => run.phase === 'approaching' && run.robot.speedMps < -0.05, 600)
    await run.restart(300)
    run.clock.advance(3000)
    const { truePose } = run.robot
    expect(run.robot.speedMps).toBe(0)
    run.clock.advance(30_000)
    expect(run.robot.truePose).toEqual(truePose)
    expect(run.phase === 'held' || run.phase === 'charging').toBe(true)
    run.orders.resume()
    run.until(() => run.phase === 'charging', 300)
  }, 120_000)
})
