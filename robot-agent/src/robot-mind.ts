import type { Clock } from '@wardlight/core/clock'
import { planTreatment, type LampModel } from '@wardlight/core/disinfection'
import type { Calibration } from '@wardlight/core/fleet'
import type { RosGraph } from '@wardlight/core/ros'
import type { VdaError } from '@wardlight/core/vda5050'
import type { AgentLog } from './agent-log.ts'
import { Announcer } from './announcements/announcer.ts'
import { Keeper } from './memory/keeper.ts'
import type { StateFolder } from './memory/node-journal-folder.ts'
import type { FileFolder } from './maps/file-folder.ts'
import { MapKeeper } from './maps/map-keeper.ts'
import { MapsInUse } from './maps/maps-in-use.ts'
import { OrderRunner } from './missions/order-runner.ts'
import type { VaporiserFacts } from './missions/peroxide-actions.ts'
import type { PeroxideMemory, PeroxideMemoryStore } from './missions/peroxide-memory.ts'
import { LocalisationHealth } from './perception/localisation-health.ts'
import { PlaceFinder } from './perception/place-finder.ts'
import { RoomWatch } from './perception/room-watch.ts'
import type { PlanTreatment } from './planning/plan-in-thread.ts'
import type { CameraSettings } from './robot/camera-settings.ts'
import { fixedBase } from './robot/fixed-base.ts'
import { giveWay } from './robot/give-way.ts'
import { InstrumentBook } from './robot/instrument-book.ts'
import { LampLife, type TubeLife } from './robot/lamp-life.ts'
import { Odometer } from './robot/odometer.ts'
import { standStill } from './robot/stand-still.ts'
import { undockFirst } from './robot/undock-first.ts'
import { ZoneKeeper } from './zones/zone-keeper.ts'
import { createRosRobot } from './ros/ros-robot.ts'
import { GasSafety } from './safety/gas-safety.ts'
import type { RobotLimits } from './safety/supervisor-state.ts'
import { SafetySupervisor } from './safety/safety-supervisor.ts'
import { softwareVersion } from './software-version.ts'
import type { RobotGeometry } from './uplink/factsheet.ts'

export interface RobotMindOptions {
  readonly robotId: string
  readonly levelId: string
  readonly otherLevelIds?: readonly string[]
  readonly graph: RosGraph
  readonly clock: Clock
  /** As it was fitted. */
  readonly lamp: LampModel
  readonly lampTubes?: readonly TubeLife[] | undefined
  /** Of its instruments, by default none that anybody has told. */
  readonly calibrations?: readonly Calibration[] | undefined
  readonly geometry: RobotGeometry
  readonly cameras?: readonly CameraSettings[] | undefined
  /** Stricter than usual, where its owner wants them so. */
  readonly limits?: RobotLimits | undefined
  readonly log: AgentLog
  readonly plan?: PlanTreatment | undefined
  readonly stateFolder?: StateFolder | undefined
  /** Where it keeps maps that a fleet sends; left out, it takes none. */
  readonly mapFolder?: FileFolder | undefined
  /** `null` on a robot without one. */
  readonly vaporiser: VaporiserFacts | null
  /** Keeps which room was gassed. */
  readonly peroxideMemory: PeroxideMemoryStore | null
  /** Whether the robot's screen shows announcements now. By default it has none. */
  readonly showsAnnouncements?: (() => boolean) | undefined
  /** Called on everything that the fleet is to be told, once it is kept. */
  readonly onChange: () => void
  /** Called at once on everything that people before the robot are to see: they do not wait for a disk. */
  readonly onNow: () => void
}

/** All of a robot's agent but its line to the fleet: what it sees, what keeps it safe, what it does, what it remembers. */
export function createRobotMind(options: RobotMindOptions) {
  const { robotId, levelId, graph, clock, lamp, geometry, log, stateFolder, onChange, onNow } = options
  const cameras = options.cameras ?? []
  const hardware = createRosRobot(graph, clock, cameras)
  const changed = () => {
    mapsInUse?.look()
    onNow()
    if (keeper === null) onChange()
    else keeper.changed()
  }
  const { radiusM, speedMps, fixed } = geometry
  const unit = fixed === undefined ? null : fixedBase(hardware, fixed, clock)
  // What does not move gives way to nobody, and comes out of no dock.
  const cautious =
    unit === null
      ? giveWay(hardware, {
          clock,
          mover: { radiusM, speedMps },
          log,
          onChange: changed,
          zoneSpeedMps: () => zones.speedMps,
        })
      : null
  const robot = unit ?? undockFirst(cautious!, changed)
  const roomWatch = new RoomWatch(robot.sensors, (grid) => hardware.showRoom(grid))
  const health = new LocalisationHealth(robot.sensors)
  const placeFinder = new PlaceFinder({ sight: health, clock, radiusM })
  const supervisor = new SafetySupervisor({
    clock,
    robot,
    log,
    seesPerson: ({ scan }) => roomWatch.see(scan),
    isLost: () => health.isLost,
    cameras: cameras.map(({ topic }) => topic),
    limits: options.limits,
  })
  const lampLife = new LampLife({ sensors: robot.sensors, clock, asFitted: lamp, tubes: options.lampTubes })
  const odometer = new Odometer({ sensors: robot.sensors, clock })
  const { vaporiser, peroxideMemory } = options
  const gasSafety = new GasSafety({ clock, gas: robot.gas, supervisor, log })
  const { showsAnnouncements } = options
  const announcer =
    showsAnnouncements === undefined
      ? null
      : new Announcer({ clock, isShown: showsAnnouncements, onChange: changed })
  const zones: ZoneKeeper = new ZoneKeeper({
    robot: {
      get mapId() {
        return orders.levelId
      },
      radiusM: geometry.radiusM,
      speedMps: geometry.speedMps,
    },
    clock,
    pose: () => roomWatch.pose,
    isIdle: () => orders.isIdle,
    isDrivenByHand: () => orders.isDrivenByHand,
    announcer,
    onLook: () => orders.lookAtZones(),
    onChange: changed,
  })
  const orders: OrderRunner = new OrderRunner({
    robotId,
    levelId,
    otherLevelIds: options.otherLevelIds ?? [],
    lamp: lampLife,
    geometry,
    plan: options.plan ?? planTreatment,
    clock,
    robot,
    supervisor,
    roomWatch,
    placeFinder,
    log,
    instruments: new InstrumentBook({
      clock,
      supervisor,
      lampLife,
      softwareVersion,
      calibrations: options.calibrations ?? [],
    }),
    onChange: changed,
    zones,
    evidenceProblem: () => keeper?.problem ?? null,
    peroxide:
      vaporiser === null
        ? null
        : {
            vaporiser,
            gasSafety,
            resume: peroxideMemory?.load() ?? null,
            onRemember: (memory) => remember(memory),
          },
  })
  let forgetProblem: string | null = null
  /** @throws when it cannot be kept; a memory that cannot be removed is told to the fleet as well */
  function remember(memory: PeroxideMemory | null): void {
    try {
      peroxideMemory?.save(memory)
      forgetProblem = null
    } catch (error) {
      if (memory === null) {
        forgetProblem = error instanceof Error ? error.message : String(error)
        onChange()
      }
      throw error
    }
  }
  // What hangs in its place needs no other map than its own.
  const maps =
    options.mapFolder === undefined || unit !== null
      ? null
      : new MapKeeper({
          folder: options.mapFolder,
          ownIds: orders.mapIds,
          isIdle: () => orders.isIdle,
          fits: (mapId, grid) => (mapId === orders.levelId ? health.fits(grid) : null),
          log,
          onEnabled: () => mapsInUse?.look(),
        })
  const mapsInUse =
    maps === null
      ? null
      : new MapsInUse({
          sensors: robot.sensors,
          levelId: () => orders.levelId,
          maps,
          users: [roomWatch, health],
          show: (grid) => hardware.showMap(grid),
        })
  const keeper =
    stateFolder === undefined
      ? null
      : new Keeper({
          robotId,
          stateFolder,
          clock,
          log,
          orders,
          supervisor,
          berth: robot,
          lampLife,
          odometer,
          onKept: onChange,
        })
  return {
    robot,
    roomWatch,
    supervisor,
    orders,
    lampLife,
    odometer,
    zones,
    /** `null` for a robot without a screen. */
    announcer,
    /** `null` for a robot that takes none. */
    maps,
    /** `null` for a robot that keeps nothing. */
    keeper,
    /** People who keep it from driving on. */
    wayErrors: (): readonly VdaError[] => cautious?.wayErrors ?? [],
    /** What is the matter with what it remembers. */
    memoryErrors(): readonly VdaError[] {
      const errors = keeper?.errors ?? []
      if (forgetProblem === null) return errors
      const errorDescription = `the memory of a sealed or gassed room cannot be removed though the mission is over: ${forgetProblem}. The next start airs that room again; see to the disk`
      return [
        ...errors,
        { errorType: 'MEMORY_NOT_REMOVED', errorLevel: 'URGENT', errorDescription, errorReferences: [] },
      ]
    },
    /** Dark and disarmed at once. */
    start(): void {
      // What the room looks like is known before the supervisor asks for it.
      roomWatch.start()
      health.start()
      // Dark before anything is read: the lamp does not wait for a disk.
      supervisor.start()
      if (vaporiser !== null) gasSafety.start()
      lampLife.start()
      odometer.start()
      const recalled = keeper?.recall() ?? null
      if (recalled !== null && unit === null) standStill(hardware, clock)
      orders.start(recalled)
      maps?.start()
      mapsInUse?.start()
      zones.start()
      keeper?.start()
      unit?.start()
      hardware.start()
    },
    /** Dark at once; resolves when what was to be kept is. */
    async stop(): Promise<void> {
      supervisor.stop()
      if (vaporiser !== null) gasSafety.stop()
      const isKept = keeper?.stop()
      zones.stop()
      announcer?.stop()
      orders.stop()
      health.stop()
      placeFinder.stop()
      mapsInUse?.stop()
      lampLife.stop()
      odometer.stop()
      roomWatch.stop()
      cautious?.stop()
      unit?.stop()
      hardware.stop()
      await isKept
    },
  }
}

export type RobotMind = ReturnType<typeof createRobotMind>
