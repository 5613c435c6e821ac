import { SimulatedClock } from '@wardlight/core/clock'
import { DEFAULT_LAMP } from '@wardlight/core/disinfection'
import { ARMING_CHECKLIST, type DoseReport } from '@wardlight/core/fleet'
import { InMemoryRosNetwork } from '@wardlight/core/ros'
import type { PlanTreatment } from '../planning/plan-in-thread.ts'
import { createRobotMind } from '../robot-mind.ts'
import { DEFAULT_GEOMETRY } from '../uplink/factsheet.ts'
import { createMemoryFolder, type MemoryFolder } from './memory-folder.ts'
import { mortalClock } from './mortal-clock.ts'
import { EPOCH_MS, ROOM, SILENT_LOG } from './robot-bench.ts'
import { createScriptedRobot } from './scripted-robot.ts'

const STEP_MS = 50
const ROBOT_ID = 'wardlight.uv-01'
/** The lidar has looked at the room for a while, and found nothing, before somebody arms. */
const LOOK_MS = 1500

/**
 * A robot whose program is killed and started again: one hardware and one disk that stay, and one life of the agent's
 * mind after the other, each with a monotonic clock that begins anywhere.
 */
export function createLives({
  disk = createMemoryFolder(),
  plan,
}: { readonly disk?: MemoryFolder; readonly plan?: PlanTreatment } = {}) {
  const clock = new SimulatedClock(EPOCH_MS)
  const failures: unknown[] = []
  const network = new InMemoryRosNetwork((error) => failures.push(error))
  const hardware = createScriptedRobot({
    clock,
    graph: network.createNode(),
    walls: [ROOM.polygon, ...ROOM.obstacles.map(({ footprint }) => footprint)],
    doorIds: ['door-1'],
    pose: { x: -2, y: 1, theta: 0 },
  })
  hardware.start()
  let count = 0
  let unhinderedMs = 0

  function begin(folder: MemoryFolder) {
    count += 1
    const own = mortalClock(clock, count * 1_000_003)
    const graph = network.createNode()
    let changes = 0
    const mind = createRobotMind({
      robotId: ROBOT_ID,
      levelId: 'L1',
      graph,
      clock: own,
      lamp: DEFAULT_LAMP,
      geometry: { ...DEFAULT_GEOMETRY, radiusM: 0.3, speedMps: 0.6 },
      log: SILENT_LOG,
      plan,
      stateFolder: { folder, clock: own },
      onChange: () => (changes += 1),
      onNow: () => {},
      vaporiser: null,
      peroxideMemory: null,
    })
    mind.start()
    return {
      ...mind,
      folder,
      keeper: mind.keeper!,
      get changes() {
        return changes
      },
      /** As `kill -9`: no farewell to anybody. */
      kill() {
        own.kill()
        folder.cut()
        graph.close()
      },
    }
  }

  const lives = {
    clock,
    hardware,
    failures,
    disk,
    life: begin(disk),
    get phase() {
      return lives.life.orders.mission?.phase ?? null
    },
    get report(): DoseReport | null {
      return lives.life.orders.mission?.report ?? null
    },
    status: () => lives.life.orders.mission!.status(),
    /** One step of time, and what a process does at the end of a turn of events. */
    async step() {
      clock.advance(STEP_MS)
      await Promise.resolve()
      // Its own turn of events is over as well.
      await Promise.resolve()
      const isWaiting = lives.phase === 'awaitingArming' || lives.phase === 'interrupted'
      unhinderedMs = isWaiting && lives.status().blockers.length === 0 ? unhinderedMs + STEP_MS : 0
    },
    /** It waits to be armed, and for a while nothing has kept it from that. */
    get isReady() {
      return unhinderedMs >= LOOK_MS
    },
    async pass(seconds: number) {
      for (let ms = 0; ms < 1000 * seconds; ms += STEP_MS) await lives.step()
    },
    /** @throws when the condition does not hold within the time. */
    async until(condition: () => boolean, limitS: number) {
      for (let ms = 0; ms < 1000 * limitS && !condition(); ms += STEP_MS) await lives.step()
      if (condition()) return
      const blockers = lives.life.supervisor.blockers().join('; ')
      throw new Error(`not within ${limitS} s; phase ${lives.phase ?? 'none'}, blocked by ${blockers}`)
    },
    /** Kills the program, and starts another one after a while on what is left on the disk. */
    async restart(downS = 0, left: MemoryFolder = lives.life.folder.fork()) {
      lives.life.kill()
      await lives.pass(downS)
      lives.life = begin(left)
    },
    /** Checklist, button, start; true when the robot is armed by it. */
    arm(): boolean {
      const { supervisor, orders } = lives.life
      const missionId = orders.mission?.missionId ?? ''
      supervisor.command({
        type: 'checklist',
        missionId,
        by: 'nurse',
        items: ARMING_CHECKLIST.map(({ id }) => id),
      })
      hardware.pressArmButton()
      supervisor.command({ type: 'start', missionId, by: 'nurse' })
      return supervisor.state.armingStep === 'started'
    },
    end() {
      lives.life.kill()
      hardware.stop()
    },
  }
  return lives
}

export type Lives = ReturnType<typeof createLives>
