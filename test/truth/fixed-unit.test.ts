import { SimulatedClock } from '@wardlight/core/clock'
import { planTreatment } from '@wardlight/core/disinfection'
import { ARMING_CHECKLIST } from '@wardlight/core/fleet'
import { findRoom, readFloorPlan } from '@wardlight/core/floor'
import { normalizeAngle, type Pose2 } from '@wardlight/core/geometry'
import { InMemoryRosNetwork } from '@wardlight/core/ros'
import { createWorld } from '@wardlight/sim'
import { afterEach, describe, expect, it } from 'vitest'
import { treatmentOrder } from '../../fleet-server/src/domain/orders.ts'
import { createRobotMind } from '../../robot-agent/src/robot-mind.ts'
import { DEFAULT_GEOMETRY } from '../../robot-agent/src/uplink/factsheet.ts'
import { nodePlanFiles } from '../../scripts/src/node-plan-files.ts'
import { sampleHospital } from '../../scripts/src/paths.ts'
import { SIMULATED_CAMERAS } from '../../scripts/src/simulated-hospital.ts'
import { runTreatment, unitPlanFor, type TreatmentCase } from '../../scripts/src/simulated-treatment.ts'
import { SIMULATED_UNIT, UNIT_LAMP, unitGeometry, unitPoseIn } from '../../scripts/src/simulated-unit.ts'
import { dishonestyOf, tally } from '../../scripts/src/treatment-truth.ts'

/*
 * A unit that hangs in a bathroom of the sample hospital, from its order to its report, with the same agent that drives
 * robots: the world has no wheels, no localisation and no battery for it.
 */
const { plan: floor } = readFloorPlan(sampleHospital, nodePlanFiles)
const SILENT = { debug() {}, info() {}, warn() {}, error() {} }
const ROOM = '101-bath'
const pose = unitPoseIn(findRoom(floor, ROOM))
const plan = unitPlanFor(floor, ROOM, 'sars-cov-2', 3, pose)

function unitCase(seed: number, more: Partial<TreatmentCase> = {}): TreatmentCase {
  return { floor, room: ROOM, plan, seed, pose, unitLamp: UNIT_LAMP, ...more }
}

const undo: (() => void)[] = []
afterEach(() => undo.splice(0).forEach((each) => each()))

/** A unit whose file says that it hangs elsewhere than it truly does. */
function misplaced(told: Pose2) {
  const clock = new SimulatedClock(Date.UTC(2026, 0, 1))
  const failures: unknown[] = []
  const network = new InMemoryRosNetwork((error) => failures.push(error))
  const id = 'wardlight.unit-01'
  const graph = network.createNode()
  const world = createWorld({
    plan: floor,
    seed: 1,
    clock,
    robots: [
      { id, levelId: 'L1', pose, graph, lamp: UNIT_LAMP, isFixed: true, radiusM: SIMULATED_UNIT.radiusM },
    ],
  })
  const mind = createRobotMind({
    robotId: id,
    levelId: 'L1',
    graph: network.createNode(),
    clock,
    lamp: UNIT_LAMP,
    cameras: SIMULATED_CAMERAS,
    geometry: { ...DEFAULT_GEOMETRY, ...unitGeometry(told) },
    log: SILENT,
    plan: planTreatment,
    onChange: () => {},
    onNow: () => {},
    vaporiser: null,
    peroxideMemory: null,
  })
  world.start()
  mind.start()
  undo.push(() => {
    void mind.stop()
    world.stop()
    expect(failures).toEqual([])
  })
  clock.advance(3000)
  return { clock, world, mind, handle: world.robots.get(id)! }
}

const missionId = 'unit'

function unitOrder(clock: SimulatedClock, room: string, standing: Pose2) {
  const head = {
    address: { manufacturer: 'wardlight', serialNumber: 'unit-01' },
    timestamp: new Date(clock.epochMs()).toISOString(),
    headerId: 1,
  }
  const ofRoom = unitPlanFor(floor, room, 'sars-cov-2', 3, standing)
  return treatmentOrder({ head, missionId, levelId: 'L1', route: [], standing, plan: ofRoom })
}

describe('a unit whose file is wrong', () => {
  it('in the room next to it is lost', () => {
    const { mind } = misplaced({ ...pose, x: pose.x + 2.6 })
    expect(mind.supervisor.blockers()).toContain('the robot is unsure where it is')
  })

  it.each([
    ['half a metre along the wall', { ...pose, y: pose.y - 0.5 }],
    ['a metre along the wall', { ...pose, y: pose.y - 1 }],
  ])('%s sees what may be somebody, and cannot be armed', (_, told) => {
    const { clock, mind } = misplaced(told)
    expect(mind.orders.take(unitOrder(clock, ROOM, told))).toBeNull()
    clock.advance(20_000)
    expect(mind.supervisor.blockers()).toContain('the lidar sees someone or something new')
  })

  it('turned by 30° tells of things that are not on the plan', () => {
    const told = { ...pose, theta: normalizeAngle(pose.theta + Math.PI / 6) }
    const { clock, mind } = misplaced(told)
    expect(mind.orders.take(unitOrder(clock, ROOM, told))).toBeNull()
    clock.advance(20_000)
    expect(mind.orders.mission?.notes.join()).toContain('that is not on the plan')
  })

  it('in the twin of its room sees nothing wrong, and is not lit all the same: nobody leaves by the doors that it watches', () => {
    // 102-bath is 101-bath four metres farther east.
    const told = { ...pose, x: pose.x + 4 }
    const { clock, mind, handle, world } = misplaced(told)
    expect(mind.orders.take(unitOrder(clock, '102-bath', told))).toBeNull()
    clock.advance(10_000)
    expect(mind.orders.mission?.phase).toBe('awaitingArming')
    // Its own guards are tested today: only the way out tells.
    world.doors.setOpen('d102-bath', true)
    clock.advance(2000)
    world.doors.setOpen('d102-bath', false)
    clock.advance(10_000)
    const items = ARMING_CHECKLIST.map((item) => item.id)
    mind.supervisor.command({ type: 'checklist', missionId, by: 'nurse', items })
    handle.pressArmButton()
    const wasLit: boolean[] = []
    for (let ms = 0; ms < 55_000; ms += 500) {
      clock.advance(500)
      wasLit.push(handle.isLampLit)
    }
    const facts = mind.supervisor.command({ type: 'start', missionId, by: 'nurse' })
    const reasons = facts.flatMap((fact) => (fact.type === 'armingRefused' ? fact.reasons : []))
    expect(reasons).toContain('whoever was in the room has not left by a door, or no guard has told of it')
    clock.advance(20_000)
    expect(wasLit).not.toContain(true)
    expect(handle.isLampLit).toBe(false)
  })
})

describe('a unit that hangs in a room', () => {
  it('truly delivers what its plan promises from there, and lists what it cannot reach', async () => {
    for (const seed of [1, 2, 3]) {
      const treatment = unitCase(seed)
      const run = await runTreatment(treatment)
      const result = tally(treatment, run)
      expect(run.report.verdict).toBe('proven')
      // What a top-up adds is given from there, too.
      expect(run.report.stops.every(({ x, y }) => x === pose.x && y === pose.y)).toBe(true)
      expect(run.farthestOffM).toBe(0)
      expect(result.promised).toBeGreaterThan(plan.unreachable.length)
      expect(result.trulyReached).toBe(result.promised)
      expect(dishonestyOf(result, run)).toBeNull()
      expect(run.isLampLit).toBe(false)
    }
  }, 120_000)

  it('is dark within 200 ms of somebody who comes in, and stays dark', async () => {
    const run = await runTreatment(
      unitCase(4, { afterLit: [{ s: 30, act: ({ world, room }) => world.people.enterRoom(room.id) }] }),
    )
    expect(run.lampOffLatencyMs!).toBeLessThanOrEqual(200)
    expect(run.report.interlocks.length).toBeGreaterThan(0)
    expect(run.report.verdict).toBe('incomplete')
    expect(run.isLampLit).toBe(false)
  }, 120_000)

  it('killed in the light it comes back dark, and goes on from what it gave once it is armed anew', async () => {
    const treatment = unitCase(5, { killedAtLitS: [60], rearmings: 1 })
    const run = await runTreatment(treatment)
    expect(run.report.interlocks.map(({ kind }) => kind)).toContain('controller.restarted')
    expect(run.report.verdict).toBe('proven')
    expect(dishonestyOf(tally(treatment, run), run)).toBeNull()
  }, 120_000)
})
