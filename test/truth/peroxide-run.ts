import { SimulatedClock } from '@wardlight/core/clock'
import {
  DEFAULT_LAMP,
  planPeroxideCycle,
  planTreatment,
  type PeroxideMethod,
  type PeroxidePlan,
} from '@wardlight/core/disinfection'
import { GAS_CHECKLIST, robotIdOf, type PeroxideReport } from '@wardlight/core/fleet'
import { findRoom, roomStandingPose, type FloorPlan, type FoundRoom } from '@wardlight/core/floor'
import { InMemoryRosNetwork } from '@wardlight/core/ros'
import type { Order, VdaError } from '@wardlight/core/vda5050'
import { createWorld } from '@wardlight/sim'
import { peroxideOrder } from '../../fleet-server/src/domain/orders.ts'
import type { VaporiserFacts } from '../../robot-agent/src/missions/peroxide-actions.ts'
import type { OrderRunner } from '../../robot-agent/src/missions/order-runner.ts'
import type { PeroxideMissionRunner } from '../../robot-agent/src/missions/peroxide-mission-runner.ts'
import type { PeroxideMemory } from '../../robot-agent/src/missions/peroxide-memory.ts'
import { createRobotMind } from '../../robot-agent/src/robot-mind.ts'
import type { SafetySupervisor } from '../../robot-agent/src/safety/safety-supervisor.ts'
import { createMemoryFolder } from '../../robot-agent/src/testing/memory-folder.ts'
import { mortalClock } from '../../robot-agent/src/testing/mortal-clock.ts'
import { prepareForGas } from '../../scripts/src/demo/events.ts'
import {
  ROBOT_CLEARANCE_M,
  SIMULATED_CAMERAS,
  SIMULATED_VAPORISERS,
} from '../../scripts/src/simulated-hospital.ts'
import { DEFAULT_GEOMETRY } from '../../robot-agent/src/uplink/factsheet.ts'

const address = { manufacturer: 'wardlight', serialNumber: 'gas-01' }
export const ROBOT_ID = robotIdOf(address)
export const MISSION_ID = 'peroxide-1'
const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

export interface PeroxideCase {
  readonly floor: FloorPlan
  readonly room: string
  readonly method: PeroxideMethod
  readonly seed: number
  /** What the plan has otherwise than the method, for a shorter or harder cycle. */
  readonly plan?: Partial<PeroxidePlan>
  /** A robot without a generator, or with another one. */
  readonly vaporiser?: VaporiserFacts | null
  /** Beside what it keeps of a gassed room it keeps a journal, as a robot with a `stateFolder`. */
  readonly hasJournal?: boolean
}

/** One life of the robot's program. */
interface Life {
  readonly supervisor: SafetySupervisor
  readonly orders: OrderRunner
  memoryErrors(): readonly VdaError[]
  start(): void
  stop(): void
  kill(): void
}

/**
 * The simulated hospital, and in it a robot's whole mind below the uplink, already in the room that it is to gas. For times
 * of 10 ms and what no wire tells; whole treatments are run by `scripts/src/simulated-cycle.ts`.
 */
export function createPeroxideRun({
  floor,
  room: roomName,
  method,
  seed,
  plan: changes,
  vaporiser,
  hasJournal = false,
}: PeroxideCase) {
  const found: FoundRoom = findRoom(floor, roomName)
  const { level, room } = found
  const plan: PeroxidePlan = { ...planPeroxideCycle(level, room, method, true), ...changes }
  const fitted = vaporiser === undefined ? SIMULATED_VAPORISERS[method] : vaporiser
  const clock = new SimulatedClock(Date.UTC(2026, 0, 1))
  const failures: unknown[] = []
  const network = new InMemoryRosNetwork((error) => failures.push(error))
  const standing = roomStandingPose(level, room, ROBOT_CLEARANCE_M)
  const world = createWorld({
    plan: floor,
    seed,
    clock,
    robots: [
      {
        id: ROBOT_ID,
        levelId: level.id,
        pose: standing,
        graph: network.createNode(),
        lamp: DEFAULT_LAMP,
        ...(fitted === null ? {} : { vaporiser: fitted }),
      },
    ],
  })
  prepareForGas(world, level, room)
  const door = level.doors.find(({ id }) => id === room.doorIds[0])!

  let memory: PeroxideMemory | null = null
  let isDiskFull = false
  let folder = createMemoryFolder()
  let mind = createMind()

  /** One life of the robot's process. */
  function createMind(): Life {
    const own = mortalClock(clock, 0)
    const graph = network.createNode()
    const disk = folder
    const mind = createRobotMind({
      robotId: ROBOT_ID,
      levelId: level.id,
      graph,
      clock: own,
      lamp: DEFAULT_LAMP,
      cameras: SIMULATED_CAMERAS,
      geometry: { ...DEFAULT_GEOMETRY, radiusM: 0.3, speedMps: 0.6 },
      log: SILENT,
      plan: planTreatment,
      ...(hasJournal ? { stateFolder: { folder: disk, clock: own } } : {}),
      onChange: () => {},
      onNow: () => {},
      vaporiser: fitted,
      peroxideMemory: {
        // As from a disk.
        load: () => (memory === null ? null : (JSON.parse(JSON.stringify(memory)) as PeroxideMemory)),
        save: (kept) => {
          if (isDiskFull) throw new Error('no space left on device')
          memory = kept
        },
      },
    })
    return {
      supervisor: mind.supervisor,
      orders: mind.orders,
      memoryErrors: () => mind.memoryErrors(),
      start: () => mind.start(),
      stop() {
        void mind.stop()
        graph.close()
      },
      /** As `kill -9`: nothing is thought, said, commanded or written any more. */
      kill() {
        own.kill()
        graph.close()
        disk.cut()
        folder = disk.fork()
      },
    }
  }

  const run = {
    world,
    clock,
    plan,
    room,
    level,
    door,
    network,
    fillDisk() {
      isDiskFull = true
    },
    get memory() {
      return memory
    },
    get mind() {
      return mind
    },
    get mission(): PeroxideMissionRunner | null {
      return mind.orders.peroxide
    },
    get phase() {
      return mind.orders.peroxide?.phase ?? null
    },
    get report(): PeroxideReport | null {
      return mind.orders.peroxide?.report ?? null
    },
    /** Truth: what the generator gives off now. */
    get gPerMin() {
      return world.robots.get(ROBOT_ID)!.vaporiserGPerMin
    },
    start() {
      world.start()
      mind.start()
      clock.advance(2500)
      return run
    },
    stop() {
      mind.stop()
      world.stop()
      if (failures.length > 0) throw failures[0]
    },
    order(): Order {
      const { estimatedPose } = world.robots.get(ROBOT_ID)!
      return peroxideOrder({
        head: { address, timestamp: new Date(clock.epochMs()).toISOString(), headerId: 1 },
        missionId: MISSION_ID,
        levelId: level.id,
        route: [estimatedPose, standing],
        standing,
        plan,
      })
    },
    /** Checklist, button, start. @returns why the start was refused; empty when it was not */
    arm(): readonly string[] {
      const by = 'nurse'
      const items = GAS_CHECKLIST.map(({ id }) => id)
      mind.supervisor.command({ type: 'checklist', missionId: MISSION_ID, by, items })
      const handle = world.robots.get(ROBOT_ID)!
      handle.pressArmButton()
      // In, to the button, out again; then the sensors see nobody any more, unless something is wrong.
      const isHindered = () => handle.isAttended || mind.supervisor.blockers().length > 0
      for (let ms = 0; ms < 55_000 && isHindered(); ms += 100) clock.advance(100)
      const early = mind.orders.startBlockers(MISSION_ID)
      if (early.length > 0) return early
      const facts = mind.supervisor.command({ type: 'start', missionId: MISSION_ID, by })
      return facts.flatMap((fact) => (fact.type === 'armingRefused' ? fact.reasons : []))
    },
    /** Runs until the condition holds, and looks at the truth ten times a second. @throws when it does not within the time */
    until(condition: () => boolean, limitS: number, each: () => void = () => {}) {
      for (let ms = 0; ms < limitS * 1000; ms += 100) {
        if (condition()) return
        clock.advance(100)
        each()
      }
      if (condition()) return
      throw new Error(
        `not within ${limitS} s: ${run.phase ?? 'no mission'}; ${run.mission?.status().blockers.join('; ') ?? ''}; ${mind.supervisor.blockers().join('; ')}`,
      )
    },
    /** Orders, waits until everything is ready, and arms. */
    toPhase(phase: string, limitS = 3600) {
      const refusal = mind.orders.take(run.order())
      if (refusal !== null) throw new Error(refusal.errorDescription)
      run.until(() => run.phase === 'awaitingArming', 120)
      // The lidar has to have looked at the room once.
      clock.advance(2000)
      run.until(() => run.mission!.status().blockers.length === 0, 30)
      const refused = run.arm()
      if (refused.length > 0) throw new Error(refused.join('; '))
      run.until(() => run.phase === phase, limitS)
      return run
    },
    /** The process dies, and comes up again so much later. */
    killAndRestart(afterMs: number) {
      mind.kill()
      clock.advance(afterMs)
      mind = createMind()
      mind.start()
    },
  }
  return run
}

export type PeroxideRun = ReturnType<typeof createPeroxideRun>
