import { SimulatedClock } from '@wardlight/core/clock'
import { DEFAULT_LAMP, planTreatment, type RoomModel, type TreatmentPlan } from '@wardlight/core/disinfection'
import { ARMING_CHECKLIST, type DoseReport } from '@wardlight/core/fleet'
import { rectangle, type Pose2 } from '@wardlight/core/geometry'
import { InMemoryRosNetwork } from '@wardlight/core/ros'
import { VDA5050_VERSION, type Order } from '@wardlight/core/vda5050'
import type { AgentLog } from '../agent-log.ts'
import { Announcer } from '../announcements/announcer.ts'
import { OrderRunner } from '../missions/order-runner.ts'
import type { PlanTreatment } from '../planning/plan-in-thread.ts'
import { LocalisationHealth } from '../perception/localisation-health.ts'
import { PlaceFinder } from '../perception/place-finder.ts'
import { RoomWatch } from '../perception/room-watch.ts'
import type { CameraSettings } from '../robot/camera-settings.ts'
import { undockFirst } from '../robot/undock-first.ts'
import { createRosRobot } from '../ros/ros-robot.ts'
import { SafetySupervisor } from '../safety/safety-supervisor.ts'
import { ZoneKeeper } from '../zones/zone-keeper.ts'
import { createScriptedRobot, type ScriptedRobotOptions } from './scripted-robot.ts'

export const ADDRESS = { manufacturer: 'wardlight', serialNumber: 'uv-01' }
export const EPOCH_MS = Date.UTC(2025, 0, 1, 3)

/** A room of 5 × 4 m with a bed and one door in its west wall. */
export const ROOM: RoomModel = {
  roomId: 'room-1',
  levelId: 'L1',
  polygon: [
    { x: 0, y: 0 },
    { x: 5, y: 0 },
    { x: 5, y: 4 },
    { x: 0, y: 4 },
  ],
  heightM: 2.7,
  obstacles: [
    {
      id: 'bed-1',
      name: 'bed',
      footprint: rectangle({ x: 3.9, y: 3.4 }, 2, 1),
      zMinM: 0,
      zMaxM: 0.7,
    },
  ],
  doors: [{ id: 'door-1', name: 'the door to the corridor', a: { x: 0, y: 0.5 }, b: { x: 0, y: 1.6 } }],
}
export const ENTRY: Pose2 = { x: 1, y: 1.1, theta: 0 }

let cachedPlan: TreatmentPlan | null = null

/** A real plan for `ROOM`, coarse and against a weak organism, so that it is short. */
export function planForRoom(): TreatmentPlan {
  cachedPlan ??= planTreatment({
    room: ROOM,
    surfaceSizeM: 1,
    lamp: DEFAULT_LAMP,
    organismId: 'mrsa',
    targetLog: 1,
    robot: { radiusM: 0.3, speedMps: 0.6 },
    entry: ENTRY,
  })
  return cachedPlan
}

export function uvOrder(overrides: Partial<Order> & { rearmTimeoutS?: number } = {}): Order {
  const { rearmTimeoutS, ...order } = overrides
  return {
    headerId: 1,
    timestamp: new Date(EPOCH_MS).toISOString(),
    version: VDA5050_VERSION,
    ...ADDRESS,
    orderId: 'order-1',
    orderUpdateId: 0,
    nodes: [
      {
        nodeId: 'here',
        sequenceId: 0,
        released: true,
        nodePosition: { x: -2, y: 1, mapId: 'L1' },
        actions: [],
      },
      {
        nodeId: 'in-room',
        sequenceId: 2,
        released: true,
        nodePosition: { ...ENTRY, mapId: 'L1' },
        actions: [
          {
            actionType: 'awaitArming',
            actionId: 'arm-1',
            blockingType: 'HARD',
            actionParameters: [
              { key: 'missionId', value: 'mission-1' },
              ...(rearmTimeoutS === undefined ? [] : [{ key: 'rearmTimeoutS', value: rearmTimeoutS }]),
            ],
          },
          {
            actionType: 'startUvDose',
            actionId: 'dose-1',
            blockingType: 'HARD',
            actionParameters: [
              { key: 'missionId', value: 'mission-1' },
              { key: 'plan', value: structuredClone(planForRoom()) },
            ],
          },
        ],
      },
    ],
    edges: [{ edgeId: 'way', sequenceId: 1, released: true, actions: [] }],
    ...order,
  }
}

export const SILENT_LOG: AgentLog = { debug() {}, info() {}, warn() {}, error() {} }

/** A whole robot below the uplink: scripted hardware on a real in-memory graph, and the agent's mind. */
export function createBench({
  plan = planTreatment,
  cameras = [],
  otherLevelIds = [],
  ...options
}: Partial<Omit<ScriptedRobotOptions, 'clock' | 'graph' | 'cameraTopics'>> & {
  plan?: PlanTreatment
  cameras?: readonly CameraSettings[]
  otherLevelIds?: readonly string[]
} = {}) {
  const clock = new SimulatedClock(EPOCH_MS)
  const failures: unknown[] = []
  const network = new InMemoryRosNetwork((error) => failures.push(error))
  const hardware = createScriptedRobot({
    clock,
    graph: network.createNode(),
    walls: [ROOM.polygon, ...ROOM.obstacles.map(({ footprint }) => footprint)],
    doorIds: ['door-1'],
    pose: { x: -2, y: 1, theta: 0 },
    cameraTopics: cameras.map(({ topic }) => topic),
    ...options,
  })
  const graph = network.createNode()
  const rosRobot = createRosRobot(graph, clock, cameras)
  const robot = undockFirst(rosRobot, () => {})
  const roomWatch = new RoomWatch(robot.sensors, (grid) => rosRobot.showRoom(grid))
  const health = new LocalisationHealth(robot.sensors)
  const placeFinder = new PlaceFinder({ sight: health, clock, radiusM: 0.3 })
  const supervisor = new SafetySupervisor({
    clock,
    robot,
    log: SILENT_LOG,
    seesPerson: ({ scan }) => roomWatch.see(scan),
    isLost: () => health.isLost,
    cameras: cameras.map(({ topic }) => topic),
  })
  let changes = 0
  let isShown = (): boolean => true
  const announcer = new Announcer({ clock, isShown: () => isShown(), onChange: () => {} })
  const zones: ZoneKeeper = new ZoneKeeper({
    robot: { mapId: 'L1', radiusM: 0.3, speedMps: 0.6 },
    clock,
    pose: () => roomWatch.pose,
    isIdle: () => orders.isIdle,
    isDrivenByHand: () => orders.isDrivenByHand,
    announcer,
    onLook: () => orders.lookAtZones(),
    onChange: () => {},
  })
  const orders: OrderRunner = new OrderRunner({
    robotId: 'wardlight.uv-01',
    levelId: 'L1',
    otherLevelIds,
    lamp: { lamp: DEFAULT_LAMP, problem: null },
    geometry: { radiusM: 0.3, speedMps: 0.6 },
    plan,
    clock,
    robot,
    supervisor,
    roomWatch,
    placeFinder,
    log: SILENT_LOG,
    zones,
    onChange: () => {
      changes += 1
    },
  })
  const missionId = () => orders.current?.missionId ?? 'mission-1'
  const bench = {
    clock,
    hardware,
    network,
    supervisor,
    orders,
    zones,
    announcer,
    /** Where announcements are seen; by default they always are. */
    announceOn(screen: () => boolean) {
      isShown = screen
    },
    roomWatch,
    failures,
    get changes() {
      return changes
    },
    get phase() {
      return orders.mission?.phase ?? null
    },
    get report(): DoseReport | null {
      return orders.mission?.report ?? null
    },
    start() {
      roomWatch.start()
      health.start()
      supervisor.start()
      orders.start()
      zones.start()
      rosRobot.start()
      hardware.start()
      clock.advance(1500)
    },
    stop() {
      supervisor.stop()
      zones.stop()
      announcer.stop()
      orders.stop()
      health.stop()
      placeFinder.stop()
      roomWatch.stop()
      rosRobot.stop()
      hardware.stop()
    },
    /** Runs until the condition holds. @throws when it does not within the time. */
    until(condition: () => boolean, limitS: number) {
      for (let ms = 0; ms < limitS * 1000; ms += 50) {
        if (condition()) return
        clock.advance(50)
      }
      if (!condition())
        throw new Error(
          `not within ${limitS} s; phase ${bench.phase ?? 'none'}, blocked by ${supervisor.blockers().join('; ')}`,
        )
    },
    checklist(by = 'nurse') {
      return supervisor.command({
        type: 'checklist',
        missionId: missionId(),
        by,
        items: ARMING_CHECKLIST.map(({ id }) => id),
      })
    },
    /** The agent's process is killed: from now on it says nothing to its hardware. */
    kill: () => graph.close(),
    begin: () => supervisor.command({ type: 'start', missionId: missionId(), by: 'nurse' }),
    arm() {
      bench.checklist()
      hardware.pressArmButton()
      return bench.begin()
    },
  }
  return bench
}
