import { SimulatedClock } from '@wardlight/core/clock'
import { DEFAULT_LAMP, planTreatment, surfacesOf } from '@wardlight/core/disinfection'
import { ARMING_CHECKLIST, robotIdOf } from '@wardlight/core/fleet'
import { findRoom, readFloorPlan, roomStandingPose } from '@wardlight/core/floor'
import { InMemoryRosNetwork } from '@wardlight/core/ros'
import { createWorld, type RobotHandle, type World } from '@wardlight/sim'
import { afterEach, describe, expect, it } from 'vitest'
import { treatmentOrder } from '../../fleet-server/src/domain/orders.ts'
import { createRobotMind } from '../../robot-agent/src/robot-mind.ts'
import { DEFAULT_GEOMETRY } from '../../robot-agent/src/uplink/factsheet.ts'
import { nodePlanFiles } from '../../scripts/src/node-plan-files.ts'
import { sampleHospital } from '../../scripts/src/paths.ts'
import { ROBOT_CLEARANCE_M, SIMULATED_CAMERAS } from '../../scripts/src/simulated-hospital.ts'
import { planFor } from '../../scripts/src/simulated-treatment.ts'

/*
 * The simulated hospital with its people, doors and light, and in it a robot's whole mind below the uplink, with one
 * sensor that lies from the beginning. What counts is the world's own truth: whether any light was given.
 */
const { plan: floor } = readFloorPlan(sampleHospital, nodePlanFiles)
const { level, room } = findRoom(floor, 'I1')
const plan = planFor(floor, 'I1', 'mrsa', 1)
const address = { manufacturer: 'wardlight', serialNumber: 'uv-01' }
const robotId = robotIdOf(address)
const missionId = 'stuck'
const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

const undo: (() => void)[] = []
afterEach(() => undo.splice(0).forEach((each) => each()))

/** A robot that waits in the room to be armed. */
function waiting(break_: (handle: RobotHandle, world: World) => void) {
  const clock = new SimulatedClock(Date.UTC(2026, 0, 1))
  const failures: unknown[] = []
  const network = new InMemoryRosNetwork((error) => failures.push(error))
  const standing = roomStandingPose(level, room, ROBOT_CLEARANCE_M)
  const graph = network.createNode()
  const world = createWorld({
    plan: floor,
    seed: 1,
    clock,
    robots: [{ id: robotId, levelId: level.id, pose: standing, graph, lamp: DEFAULT_LAMP }],
  })
  const handle = world.robots.get(robotId)!
  break_(handle, world)
  const mind = createRobotMind({
    robotId,
    levelId: level.id,
    graph: network.createNode(),
    clock,
    lamp: DEFAULT_LAMP,
    cameras: SIMULATED_CAMERAS,
    geometry: { ...DEFAULT_GEOMETRY, radiusM: 0.3, speedMps: 0.6 },
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
  clock.advance(2500)
  const head = { address, timestamp: new Date(clock.epochMs()).toISOString(), headerId: 1 }
  const route = [handle.estimatedPose, standing]
  expect(
    mind.orders.take(treatmentOrder({ head, missionId, levelId: level.id, route, standing, plan })),
  ).toBeNull()
  for (let s = 0; s < 60 && mind.orders.mission?.phase !== 'awaitingArming'; s += 1) clock.advance(1000)
  expect(mind.orders.mission?.phase).toBe('awaitingArming')
  return { clock, world, handle, mind }
}

/** Checklist, a person at the button and out again, start. @returns why the start was refused */
function arm({ clock, handle, mind }: ReturnType<typeof waiting>): readonly string[] {
  const items = ARMING_CHECKLIST.map(({ id }) => id)
  mind.supervisor.command({ type: 'checklist', missionId, by: 'nurse', items })
  handle.pressArmButton()
  const isHindered = () => handle.isAttended || mind.supervisor.blockers().length > 0
  for (let ms = 0; ms < 50_000 && isHindered(); ms += 100) clock.advance(100)
  const facts = mind.supervisor.command({ type: 'start', missionId, by: 'nurse' })
  return facts.flatMap((fact) => (fact.type === 'armingRefused' ? fact.reasons : []))
}

const CASES: readonly [string, string, (handle: RobotHandle, world: World) => void][] = [
  [
    'the person sensor is stuck at "nobody"',
    'the person sensor did not see who pressed the button: it is not tested',
    (handle) => handle.setPersonSensorFault('nobody'),
  ],
  [
    'the person sensor is stuck at "somebody"',
    'the person sensor sees someone',
    (handle) => handle.setPersonSensorFault('somebody'),
  ],
  [
    'the guard of the door is stuck at "closed"',
    'the guard at Isolation 1, from the anteroom is not tested: open the door once and shut it',
    (_, world) => world.doors.setGuard('dI1', 'stuck'),
  ],
  [
    'the guard of the bathroom door is stuck at "closed"',
    'the guard at dI1-bath is not tested: open the door once and shut it',
    (_, world) => world.doors.setGuard('dI1-bath', 'stuck'),
  ],
  [
    'the camera is silent',
    'the camera /front_camera/detections is silent',
    (handle) => handle.silenceSensor('/front_camera/detections', true),
  ],
]

describe('in the simulated hospital', () => {
  it.each(CASES)('%s: it is refused in words, and never lit', (_, reason, break_) => {
    const scene = waiting(break_)
    const surfaces = surfacesOf(plan.room, plan.surfaceSizeM)
    scene.world.truth.watch(room.id, surfaces)
    expect(arm(scene)).toContain(reason)
    expect(arm(scene)).toContain(reason)
    scene.clock.advance(30_000)
    expect(scene.handle.isLampLit).toBe(false)
    expect(Math.max(...scene.world.truth.doseMjPerCm2(room.id, surfaces))).toBe(0)
  })

  it('with nothing wrong it is armed, and lit', () => {
    const scene = waiting(() => {})
    expect(arm(scene)).toEqual([])
    // It drives to its first stop before.
    for (let s = 0; s < 60 && !scene.handle.isLampLit; s += 1) scene.clock.advance(1000)
    expect(scene.handle.isLampLit).toBe(true)
  })

  it('a guard that sticks at "closed" while the lamp burns: the lidar sees the door open, and it goes dark', () => {
    const scene = waiting(() => {})
    expect(arm(scene)).toEqual([])
    const { handle, mind, clock, world } = scene
    for (let s = 0; s < 120 && !handle.isLampLit; s += 1) clock.advance(1000)
    // It has looked around, and burns steadily.
    clock.advance(2000)
    expect(handle.isLampLit).toBe(true)
    world.doors.setGuard('dI1', 'stuck')
    world.doors.setOpen('dI1', true)
    for (let ms = 0; ms < 10_000 && world.doors.openness('dI1') < 1; ms += 100) clock.advance(100)
    clock.advance(300)
    expect(handle.isLampLit).toBe(false)
    expect(mind.orders.mission!.status().interlocks.map(({ kind }) => kind)).toEqual(['person.detected'])
  })

  it('a lamp that dies while its light sensor is stuck at "lit": it trips, and writes down no dose for it', () => {
    const scene = waiting(() => {})
    expect(arm(scene)).toEqual([])
    scene.clock.advance(20_000)
    const { handle, mind, clock } = scene
    const doseNow = () => mind.orders.mission!.status().deliveredMjPerCm2.reduce((sum, dose) => sum + dose, 0)
    handle.setLampSensorFault('output', 'lit')
    for (let tube = 0; tube < 8; tube += 1) handle.weakenTube(tube, 0)
    clock.advance(200)
    const before = doseNow()
    expect(before).toBeGreaterThan(0)
    clock.advance(4000)
    expect(doseNow()).toBe(before)
    expect(mind.orders.mission!.status().interlocks.map(({ kind }) => kind)).toContain('sensor.contradictory')
  })
})
