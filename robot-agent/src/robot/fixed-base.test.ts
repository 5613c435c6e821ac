import { SimulatedClock } from '@wardlight/core/clock'
import { DEFAULT_LAMP, planTreatment } from '@wardlight/core/disinfection'
import { ARMING_CHECKLIST, ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import type { Pose2 } from '@wardlight/core/geometry'
import { InMemoryRosNetwork, ROBOT_TOPICS } from '@wardlight/core/ros'
import type { Order } from '@wardlight/core/vda5050'
import { afterEach, describe, expect, it } from 'vitest'
import { createRobotMind } from '../robot-mind.ts'
import type { FixedPlace } from './fixed-base.ts'
import { EPOCH_MS, ROOM, SILENT_LOG, uvOrder } from '../testing/robot-bench.ts'
import { createScriptedRobot } from '../testing/scripted-robot.ts'
import { DEFAULT_GEOMETRY } from '../uplink/factsheet.ts'

const AT: Pose2 = { x: 0.3, y: 3.6, theta: -Math.PI / 4 }
const plan = planTreatment({
  room: ROOM,
  surfaceSizeM: 1,
  lamp: DEFAULT_LAMP,
  organismId: 'mrsa',
  targetLog: 1,
  robot: { radiusM: 0.2, speedMps: 0.6, fixedAt: AT },
  entry: AT,
})

const undo: (() => void)[] = []
afterEach(() => undo.splice(0).forEach((each) => each()))

/** A unit's whole mind over hardware that has what robots have; whatever of it a unit has not got must not count. */
function unit({ power = 'mains', hasMap = true }: Partial<FixedPlace> & { hasMap?: boolean } = {}) {
  const clock = new SimulatedClock(EPOCH_MS)
  const failures: unknown[] = []
  const network = new InMemoryRosNetwork((error) => failures.push(error))
  const hardware = createScriptedRobot({
    clock,
    graph: network.createNode(),
    walls: [ROOM.polygon, ...ROOM.obstacles.map(({ footprint }) => footprint)],
    doorIds: ['door-1'],
    pose: AT,
  })
  // No wheels, no localisation, no bumper of its own.
  for (const key of ['localisation', 'odometry', 'tf', 'bumper'] as const) hardware.silence(ROBOT_TOPICS[key])
  if (power === 'mains') hardware.silence(ROBOT_TOPICS.battery)
  const mind = createRobotMind({
    robotId: 'wardlight.unit-01',
    levelId: 'L1',
    graph: network.createNode(),
    clock,
    lamp: DEFAULT_LAMP,
    geometry: { ...DEFAULT_GEOMETRY, radiusM: 0.2, fixed: { at: AT, power } },
    log: SILENT_LOG,
    plan: planTreatment,
    onChange: () => {},
    onNow: () => {},
    vaporiser: null,
    peroxideMemory: null,
  })
  hardware.start()
  mind.start()
  if (hasMap) hardware.publishMap()
  undo.push(() => {
    void mind.stop()
    hardware.stop()
    expect(failures).toEqual([])
  })
  clock.advance(3000)
  return { clock, hardware, mind }
}

/** One node, where the unit hangs. */
function orderFor(treatment = plan, ...more: Order['nodes']): Order {
  const [, node] = uvOrder().nodes
  const nodes = [
    {
      ...node!,
      sequenceId: 0,
      nodePosition: { ...AT, mapId: 'L1' },
      actions: node!.actions.map((action) => ({
        ...action,
        actionParameters: action.actionParameters!.map(({ key, value }) => ({
          key,
          value: key === 'plan' ? structuredClone(treatment) : value,
        })),
      })),
    },
    ...more,
  ]
  return uvOrder({
    nodes,
    edges: more.map((_, index) => ({
      edgeId: `e${index}`,
      sequenceId: 2 * index + 1,
      released: true,
      actions: [],
    })),
  })
}

function arm({ hardware, mind }: ReturnType<typeof unit>): void {
  const missionId = 'mission-1'
  const items = ARMING_CHECKLIST.map(({ id }) => id)
  mind.supervisor.command({ type: 'checklist', missionId, by: 'nurse', items })
  hardware.pressArmButton()
  mind.supervisor.command({ type: 'start', missionId, by: 'nurse' })
}

function lit(started = unit()): ReturnType<typeof unit> {
  expect(started.mind.orders.take(orderFor())).toBeNull()
  started.clock.advance(6000)
  expect(started.mind.orders.mission?.phase).toBe('awaitingArming')
  arm(started)
  started.clock.advance(12_000)
  expect(started.hardware.isLit).toBe(true)
  return started
}

describe('a unit that hangs in a room', () => {
  it('goes the whole way of every robot, from survey to report, and never moves', () => {
    const { clock, hardware, mind } = lit()
    clock.advance(40 * 60_000)
    expect(mind.orders.mission?.report?.verdict).toBe('proven')
    expect(hardware.drives).toBe(0)
    expect(hardware.pose).toEqual(AT)
  })

  it.each([
    ['the person sensor sees someone', 'person.detected'],
    ['the door opens', 'door.opened'],
    ['the lidar falls silent', 'sensor.stale'],
    ['the emergency stop is pressed', 'emergencyStop.pressed'],
    ['the lamp is silent', 'lamp.linkLost'],
  ])('is dark within 500 ms when %s, and locked', (what, kind) => {
    const { clock, hardware, mind } = lit()
    if (what.startsWith('the person')) hardware.setPersonSensed(true)
    else if (what.startsWith('the door')) hardware.setGuard('door-1', 1)
    else if (what.startsWith('the lidar')) hardware.silence(ROBOT_TOPICS.scan)
    else if (what.startsWith('the emergency')) hardware.setEmergencyStop(true)
    else hardware.silence(ROBOT_TOPICS.lampOutput)
    clock.advance(500)
    expect(mind.supervisor.state.isLampOn).toBe(false)
    expect(mind.supervisor.state.armingStep).toBe('locked')
    expect(mind.orders.mission!.status().interlocks.map((each) => each.kind)).toContain(kind)
  })

  it('is not believed to hang anywhere before it has the map to compare with', () => {
    const { mind } = unit({ hasMap: false })
    expect(mind.supervisor.blockers()).toContain('the robot does not know where it is')
  })

  it('on mains has no battery that could be silent; with one it is watched', () => {
    expect(unit().mind.supervisor.blockers().join()).not.toContain('battery')
    const { hardware, clock, mind } = unit({ power: 'battery' })
    expect(mind.supervisor.blockers().join()).not.toContain('battery')
    hardware.batteryFraction = 0.05
    clock.advance(2000)
    expect(mind.supervisor.blockers().join()).toContain('the battery is at 5 %')
  })

  it('refuses a plan for another place, errands, and being told that it is elsewhere', () => {
    const { mind } = unit()
    const elsewhere = { ...plan, stops: plan.stops.map((stop) => ({ ...stop, x: stop.x + 0.2 })) }
    expect(mind.orders.take(orderFor(elsewhere))).toMatchObject({ errorType: 'INVALID_ORDER_ACTION' })
    const [node] = orderFor().nodes
    const dock = {
      actionType: ROBOT_ACTION_TYPES.dock,
      actionId: 'dock-1',
      blockingType: 'HARD' as const,
      actionParameters: [
        { key: 'missionId', value: 'm' },
        { key: 'dockId', value: 'd' },
      ],
    }
    const order = uvOrder({ nodes: [{ ...node!, actions: [dock] }], edges: [] })
    expect(mind.orders.take(order)).toMatchObject({ errorType: 'INVALID_ORDER_ACTION' })
    expect(mind.orders.initializePosition({ x: 1, y: 1, theta: 0 }, 'L1')).toContain('hangs')
  })

  it('ends an order that leads away as one that cannot be reached', () => {
    const { clock, mind, hardware } = unit()
    const away = {
      nodeId: 'away',
      sequenceId: 2,
      released: true,
      nodePosition: { x: 3, y: 1, mapId: 'L1' },
      actions: [],
    }
    const [here] = orderFor().nodes
    const order = uvOrder({
      nodes: [{ ...here!, actions: [] }, away],
      edges: [{ edgeId: 'e', sequenceId: 1, released: true, actions: [] }],
    })
    expect(mind.orders.take(order)).toBeNull()
    clock.advance(1000)
    expect(mind.orders.context.unreachableNodeId).toBe('away')
    expect(hardware.drives).toBe(0)
  })
})
