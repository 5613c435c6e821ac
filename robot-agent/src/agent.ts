import type { Clock } from '@wardlight/core/clock'
import { planTreatment, type LampModel } from '@wardlight/core/disinfection'
import { robotIdOf, type MissionPhase, type MissionStatus, type PeroxideStatus } from '@wardlight/core/fleet'
import type { RosGraph } from '@wardlight/core/ros'
import type { RobotAddress } from '@wardlight/core/vda5050'
import type { AgentLog } from './agent-log.ts'
import { OrderRunner } from './missions/order-runner.ts'
import type { VaporiserFacts } from './missions/peroxide-actions.ts'
import type { PeroxideMemoryStore } from './missions/peroxide-memory.ts'
import type { PlanTreatment } from './planning/plan-in-thread.ts'
import { RoomWatch } from './perception/room-watch.ts'
import { createRosRobot } from './ros/ros-robot.ts'
import { GasSafety } from './safety/gas-safety.ts'
import { SafetySupervisor } from './safety/safety-supervisor.ts'
import { DEFAULT_GEOMETRY, type RobotGeometry } from './uplink/factsheet.ts'
import { FleetLink } from './uplink/fleet-link.ts'
import type { MqttAccess } from './uplink/mqtt-uplink.ts'

export interface RobotAgentOptions {
  readonly address: RobotAddress
  /** The level that the robot is on; it is the VDA 5050 `mapId`. */
  readonly levelId: string
  /** The robot's ROS graph. It stays open when the agent stops: whoever made it closes it. */
  readonly graph: RosGraph
  readonly clock: Clock
  readonly lamp: LampModel
  readonly mqtt: MqttAccess
  readonly log: AgentLog
  readonly geometry?: Partial<RobotGeometry>
  /** By default at once, which is right on a simulated clock; on a real one `planInThread`. */
  readonly plan?: PlanTreatment
  /** Of a robot that brings in hydrogen peroxide; others refuse such orders. */
  readonly vaporiser?: VaporiserFacts | null
  /** Keeps what a robot must know of a room that it has gassed. Without one, a restart forgets it. */
  readonly peroxideMemory?: PeroxideMemoryStore
}

export interface RobotAgent {
  /** Dark and disarmed at once; resolves when the broker is connected. Throws WARD_ERR_BROKER when it refuses. */
  start(): Promise<void>
  /** Dark at once, then OFFLINE. */
  stop(): Promise<void>
  /** Of the present order's mission, or the last one's; `null` before the first. */
  readonly missionPhase: MissionPhase | null
  /** The same mission as the fleet is told of it, up to this instant. */
  readonly missionStatus: MissionStatus | null
  /** Of the present order's peroxide mission, or the last one's; `null` before the first. */
  readonly peroxideStatus: PeroxideStatus | null
  /** No order in work, and no room to be aired. */
  readonly isIdle: boolean
  readonly isConnected: boolean
}

/** One robot's mind: composes supervisor, perception, missions and uplink over its ROS graph. */
export function createRobotAgent(options: RobotAgentOptions): RobotAgent {
  const { address, levelId, graph, clock, lamp, log } = options
  const geometry: RobotGeometry = { ...DEFAULT_GEOMETRY, ...options.geometry }
  const robot = createRosRobot(graph, clock)
  const roomWatch = new RoomWatch(robot.sensors)
  const supervisor = new SafetySupervisor({
    clock,
    robot,
    log,
    seesPerson: ({ scan }) => roomWatch.see(scan),
  })
  const vaporiser = options.vaporiser ?? null
  const gasSafety = new GasSafety({ clock, gas: robot.gas, supervisor, log })
  const orders = new OrderRunner({
    robotId: robotIdOf(address),
    levelId,
    lamp,
    geometry,
    plan: options.plan ?? planTreatment,
    clock,
    robot,
    supervisor,
    roomWatch,
    log,
    onChange: () => link.changed(),
    peroxide:
      vaporiser === null
        ? null
        : {
            vaporiser,
            gasSafety,
            resume: options.peroxideMemory?.load() ?? null,
            onRemember: (memory) => options.peroxideMemory?.save(memory),
          },
  })
  const link = new FleetLink({
    address,
    levelId,
    access: options.mqtt,
    geometry,
    vaporiser,
    clock,
    log,
    sensors: robot.sensors,
    orders,
    supervisor,
    pose: () => roomWatch.pose,
  })
  return {
    async start() {
      // What the room looks like is known before the supervisor asks for it.
      roomWatch.start()
      supervisor.start()
      if (vaporiser !== null) gasSafety.start()
      orders.start()
      robot.start()
      await link.start()
    },
    async stop() {
      supervisor.stop()
      if (vaporiser !== null) gasSafety.stop()
      orders.stop()
      roomWatch.stop()
      robot.stop()
      await link.stop()
    },
    get missionPhase() {
      return orders.mission?.phase ?? null
    },
    get missionStatus() {
      return orders.mission?.status() ?? null
    },
    get peroxideStatus() {
      return orders.peroxide?.status() ?? null
    },
    get isIdle() {
      return orders.isIdle
    },
    get isConnected() {
      return link.isConnected
    },
  }
}
