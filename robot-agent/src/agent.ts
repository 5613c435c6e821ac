import path from 'node:path'
import type { Clock } from '@wardlight/core/clock'
import type { LampModel } from '@wardlight/core/disinfection'
import {
  robotIdOf,
  type Calibration,
  type MissionPhase,
  type MissionStatus,
  type PeroxideStatus,
} from '@wardlight/core/fleet'
import type { RosGraph } from '@wardlight/core/ros'
import type { RobotAddress, WireVersion } from '@wardlight/core/vda5050'
import type { AgentLog } from './agent-log.ts'
import { nodeFileFolder, type FileFolder } from './maps/file-folder.ts'
import { stateFolderAt, type StateFolder } from './memory/node-journal-folder.ts'
import type { VaporiserFacts } from './missions/peroxide-actions.ts'
import type { PeroxideMemoryStore } from './missions/peroxide-memory.ts'
import type { PlanTreatment } from './planning/plan-in-thread.ts'
import { createRobotMind } from './robot-mind.ts'
import type { CameraSettings } from './robot/camera-settings.ts'
import type { RobotLimits } from './safety/supervisor-state.ts'
import { RobotScreen, type RobotScreenSettings } from './screen/robot-screen.ts'
import { DEFAULT_GEOMETRY, type RobotGeometry } from './uplink/factsheet.ts'
import type { TubeLife } from './robot/lamp-life.ts'
import type { DriveCommand, DriveRefusal } from './telepresence/drive-gate.ts'
import { FleetLink } from './uplink/fleet-link.ts'
import type { MqttAccess } from './uplink/mqtt-uplink.ts'

export interface RobotAgentOptions {
  readonly address: RobotAddress
  /** The level that the robot begins on; it is the VDA 5050 `mapId`. */
  readonly levelId: string
  /** Other levels that it has maps of: lifts may bring it there. */
  readonly otherLevelIds?: readonly string[]
  /** The robot's ROS graph. It stays open when the agent stops: whoever made it closes it. */
  readonly graph: RosGraph
  readonly clock: Clock
  /** As it was fitted; from there its tubes' hours are counted. */
  readonly lamp: LampModel
  /** In the order of the lamp's tubes; by default new ones, named by their number from 1. */
  readonly lampTubes?: readonly TubeLife[]
  /** Of its instruments, for its reports; by default none that anybody has told. */
  readonly calibrations?: readonly Calibration[]
  readonly mqtt: MqttAccess
  /** What it speaks with its fleet, by default 3.0. */
  readonly vda5050?: { readonly version: WireVersion }
  readonly log: AgentLog
  readonly geometry?: Partial<RobotGeometry>
  /** By default none. */
  readonly cameras?: readonly CameraSettings[]
  /** Stricter than usual, where its owner wants them so. */
  readonly limits?: RobotLimits
  /** By default at once, which is right on a simulated clock; on a real one `planInThread`. */
  readonly plan?: PlanTreatment
  /** Where it keeps what it needs to go on after a restart. Left out, nothing is kept. */
  readonly stateFolder?: string | StateFolder
  /** Where it keeps maps that a fleet sends, by default in a folder of that name: without any it takes none. */
  readonly mapFolder?: FileFolder
  /** The screen of the robot's tablet. By default there is none. `clock`: of the finger on it, by default the robot's. */
  readonly screen?: RobotScreenSettings & { readonly clock?: Clock }
  /** Of a robot that brings in hydrogen peroxide; others refuse such orders. */
  readonly vaporiser?: VaporiserFacts | null
  /** Keeps what a robot must know of a room that it has gassed. Without one, a restart forgets it. */
  readonly peroxideMemory?: PeroxideMemoryStore
}

export interface RobotAgent {
  /**
   * Dark and disarmed at once; resolves when the broker is connected. Throws WARD_ERR_BROKER when it refuses,
   * WARD_ERR_CONFIG when the robot's screen cannot be served.
   */
  start(): Promise<void>
  /** Dark at once, then OFFLINE. */
  stop(): Promise<void>
  /** Of the present order's mission, or the last one's; `null` before the first. */
  readonly missionPhase: MissionPhase | null
  /** The same mission as the fleet is told of it, up to this instant. */
  readonly missionStatus: MissionStatus | null
  /** Of the present order's peroxide mission, or the last one's; `null` before the first. */
  readonly peroxideStatus: PeroxideStatus | null
  /** Takes what somebody who drives from afar says; only on a visit, and only from who has the drive. @returns why not */
  drive(command: DriveCommand): DriveRefusal | null
  /** Of the present order's errand, or the last one's; `null` before the first. */
  readonly errandPhase: string | null
  /** No order in work, and no room to be aired. */
  readonly isIdle: boolean
  readonly isConnected: boolean
  /** Where the robot's own screen is served; `null` where it has none. */
  readonly screenUrl: string | null
}

/** One robot's mind over its ROS graph, and its line to the fleet. */
export function createRobotAgent(options: RobotAgentOptions): RobotAgent {
  const { address, levelId, graph, clock, lamp, log, plan, stateFolder } = options
  const geometry: RobotGeometry = { ...DEFAULT_GEOMETRY, ...options.geometry }
  const vaporiser = options.vaporiser ?? null
  const mind = createRobotMind({
    robotId: robotIdOf(address),
    levelId,
    otherLevelIds: options.otherLevelIds ?? [],
    graph,
    clock,
    lamp,
    lampTubes: options.lampTubes,
    calibrations: options.calibrations,
    geometry,
    cameras: options.cameras,
    limits: options.limits,
    log,
    plan,
    stateFolder: typeof stateFolder === 'string' ? stateFolderAt(stateFolder) : stateFolder,
    mapFolder:
      options.mapFolder ??
      (typeof stateFolder === 'string' ? nodeFileFolder(path.join(stateFolder, 'maps')) : undefined),
    onChange: () => link.changed(),
    onNow: () => screen?.changed(),
    showsAnnouncements: options.screen === undefined ? undefined : () => screen?.showsAnnouncements ?? false,
    vaporiser,
    peroxideMemory: options.peroxideMemory ?? null,
  })
  const { orders, supervisor, roomWatch, keeper } = mind
  const link = new FleetLink({
    address,
    access: options.mqtt,
    version: options.vda5050?.version ?? '3.0',
    geometry,
    vaporiser,
    clock,
    log,
    sensors: mind.robot.sensors,
    orders,
    supervisor,
    zones: mind.zones,
    announcer: mind.announcer,
    maps: mind.maps,
    pose: () => roomWatch.pose,
    isKept: () => keeper?.isKept ?? true,
    screenUrl: () => screen?.url ?? null,
    otherErrors: () => [...mind.memoryErrors(), ...mind.wayErrors()],
    lamp: mind.lampLife,
    odometer: mind.odometer,
  })
  const screen =
    options.screen === undefined
      ? null
      : new RobotScreen({
          settings: options.screen,
          robotName: address.serialNumber,
          clock,
          screenClock: options.screen.clock ?? clock,
          orders,
          supervisor,
          announcements: () => mind.announcer?.texts ?? [],
          log,
          onStopped: () => link.changed(),
        })
  return {
    async start() {
      mind.start()
      // Without a network the screen is all that people see of the robot.
      await screen?.start().catch((error: unknown) => {
        // A convenience must not take the watch over a gassed room with it.
        if (orders.isIdle) throw error
        log.error({ err: error }, 'The screen cannot be served; the robot goes on with what it has in work.')
      })
      await link.start()
    },
    async stop() {
      const isKept = mind.stop()
      await screen?.stop()
      await link.stop()
      await isKept
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
    drive(command) {
      const { errand } = orders
      return errand?.kind === 'visit' ? errand.drive(command) : 'nobodyHasTheDrive'
    },
    get errandPhase() {
      return orders.errand?.phase ?? null
    },
    get isIdle() {
      return orders.isIdle
    },
    get isConnected() {
      return link.isConnected
    },
    get screenUrl() {
      return screen?.url ?? null
    },
  }
}
