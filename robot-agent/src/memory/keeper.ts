import type { Clock, TimerId } from '@wardlight/core/clock'
import type { VdaError } from '@wardlight/core/vda5050'
import type { AgentLog } from '../agent-log.ts'
import type { OrderRunner, RecalledOrders } from '../missions/order-runner.ts'
import type { LampLife } from '../robot/lamp-life.ts'
import type { Odometer } from '../robot/odometer.ts'
import type { BerthedRobot } from '../robot/undock-first.ts'
import type { SafetySupervisor } from '../safety/safety-supervisor.ts'
import { Journal } from './journal.ts'
import type { StateFolder } from './node-journal-folder.ts'
import { keptBurnedS, keptDrivenM, MEMORY_VERSION, recall, type RobotMemory } from './robot-memory.ts'

/** How often the dose is written down while the lamp burns: so much light a kill may cost. */
const LIT_INTERVAL_MS = 1000
/** So far it drives before that is written down: so much of its odometer a kill may cost, metres. */
const DRIVEN_STEP_M = 10

export interface KeeperOptions {
  readonly robotId: string
  readonly stateFolder: StateFolder
  readonly clock: Clock
  readonly log: AgentLog
  readonly orders: OrderRunner
  readonly supervisor: SafetySupervisor
  readonly berth: Pick<BerthedRobot, 'dockedAt' | 'recallDocked'>
  readonly lampLife: LampLife
  readonly odometer: Odometer
  /** Called when everything that changed is kept, or when something is the matter with keeping it. */
  readonly onKept: () => void
}

/**
 * Keeps what another process needs to go on where this one is killed: everything after each change, the dose once a
 * second while the lamp burns. What the fleet is told is on the disk before it is told (`isKept`), so that no robot
 * forgets what it has said.
 */
export class Keeper {
  readonly #options: KeeperOptions
  readonly #journal: Journal
  #timer: TimerId = null
  #changes = 0
  #keptChanges = 0
  #isScheduled = false
  #isRunning = false
  #wasLit = false
  #keptDrivenM = 0
  /** Of what was found on the disk; it stays until the robot takes a new mission. */
  #damage: string | null = null
  #firstMissionId: string | null = null

  constructor(options: KeeperOptions) {
    this.#options = options
    const { stateFolder, log } = options
    this.#journal = new Journal({ ...stateFolder, log, onProblem: options.onKept })
  }

  /** Everything that changed is on the disk, or is known not to get there. */
  get isKept(): boolean {
    return this.#changes === this.#keptChanges
  }

  /** Why a robot that is meant to keep evidence cannot, in words. */
  get problem(): string | null {
    const { problem } = this.#journal
    return problem === null ? null : `the robot cannot keep evidence: ${problem}`
  }

  get errors(): readonly VdaError[] {
    const { problem } = this
    return [
      ...(problem === null ? [] : [vdaError('EVIDENCE_NOT_KEPT', 'URGENT', problem)]),
      ...(this.#damage === null ? [] : [vdaError('MEMORY_LOST', 'WARNING', this.#damage)]),
    ]
  }

  /** Reads what the process before kept; `null` when there was none, or what it left is of no use. */
  recall(): RecalledOrders | null {
    const { robotId, lampLife, odometer, orders } = this.#options
    const content = this.#journal.open()
    // Tubes are as old as they are, whatever becomes of the rest.
    lampLife.recall(keptBurnedS(content.fields, robotId))
    odometer.recall(keptDrivenM(content.fields, robotId))
    let recalled: ReturnType<typeof recall>
    try {
      recalled = recall(content.fields, { robotId, levelIds: orders.mapIds })
    } catch (error) {
      // Schemas let through what geometry cannot make sense of.
      this.#options.log.error({ err: error }, 'What was kept makes no sense.')
      recalled = 'the memory makes no sense to this program'
    }
    if (typeof recalled === 'string') {
      this.#damage = this.#journal.refuse(recalled).damage
      return null
    }
    this.#damage = content.damage
    if (recalled !== null) orders.recallLevel(recalled.levelId)
    if (recalled?.dockedAt != null) this.#options.berth.recallDocked(recalled.dockedAt)
    return recalled === null ? null : recalledOrders(recalled)
  }

  /** From here on everything is kept. Comes after the orders were recalled: what was read is replaced by it. */
  start(): void {
    this.#isRunning = true
    this.#firstMissionId = this.#options.orders.unfinishedMission?.missionId ?? null
    this.#journal.begin(this.#memory())
    const beat = () => {
      this.#timer = this.#options.clock.setTimeout(beat, LIT_INTERVAL_MS)
      const { orders, lampLife, odometer } = this.#options
      const isLit = orders.mission?.phase === 'dosing' || lampLife.isBurning
      // Once more after it: light that was measured late is in it, too.
      const isFar = odometer.drivenM - this.#keptDrivenM >= DRIVEN_STEP_M
      if (isLit || this.#wasLit || isFar) this.#journal.write(this.#memory())
      this.#wasLit = isLit
    }
    this.#timer = this.#options.clock.setTimeout(beat, LIT_INTERVAL_MS)
  }

  /** Something changed that the fleet will be told: it is kept once, when the present turn of events is over. */
  changed(): void {
    if (!this.#isRunning) return
    this.#changes += 1
    if (this.#isScheduled) return
    this.#isScheduled = true
    queueMicrotask(() => this.keep())
  }

  /** Writes down what is now. */
  keep(): void {
    this.#isScheduled = false
    if (!this.#isRunning) return
    const mission = this.#options.orders.unfinishedMission
    if (mission !== null && mission.missionId !== this.#firstMissionId) this.#damage = null
    const changes = this.#changes
    this.#journal.write(this.#memory())
    this.#journal.whenKept(() => {
      this.#keptChanges = Math.max(this.#keptChanges, changes)
      if (this.isKept) this.#options.onKept()
    })
  }

  async stop(): Promise<void> {
    this.#options.clock.clearTimeout(this.#timer)
    if (this.#isRunning) {
      // The supervisor is at its end already: what it says of holds is no news.
      const { holds: _, ...memory } = this.#memory()
      this.#journal.write(memory)
    }
    this.#isRunning = false
    this.#keptChanges = this.#changes
    await this.#journal.close()
  }

  #memory(): RobotMemory & Readonly<Record<string, unknown>> {
    const { robotId, orders, supervisor, berth, lampLife, odometer } = this.#options
    this.#keptDrivenM = odometer.drivenM
    const mission = orders.unfinishedMission
    const checkpoint = mission === null ? null : orders.mission!.checkpoint()
    const { isPaused, isRemotelyStopped } = supervisor.state
    return {
      version: MEMORY_VERSION,
      robotId,
      levelId: orders.levelId,
      order: orders.checkpoint,
      outbox: orders.undelivered,
      holds: { isPaused, isRemotelyStopped },
      mission,
      survey: checkpoint?.survey ?? null,
      progress: checkpoint?.progress ?? null,
      errand: orders.errand?.report === null ? orders.errand.checkpoint() : null,
      dockedAt: berth.dockedAt,
      burnedS: lampLife.burnedS,
      drivenM: this.#keptDrivenM,
    }
  }
}

function recalledOrders(memory: RobotMemory): RecalledOrders {
  const { order, outbox, holds, mission, survey, progress, errand } = memory
  return {
    order,
    outbox,
    holds,
    mission: mission === null || progress === null ? null : { order: mission, survey, progress },
    errand: errand ?? null,
  }
}

function vdaError(errorType: string, errorLevel: VdaError['errorLevel'], errorDescription: string): VdaError {
  return { errorType, errorLevel, errorDescription, errorReferences: [] }
}
