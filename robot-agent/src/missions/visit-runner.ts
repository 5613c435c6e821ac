import type { VisitPhase, VisitReport } from '@wardlight/core/fleet'
import type { TimerId } from '@wardlight/core/clock'
import type { Pose2 } from '@wardlight/core/geometry'
import type { Disposable, LaserScan } from '@wardlight/core/ros'
import { createActor, type Actor } from 'xstate'
import { isBlind, isRepeated } from '../perception/scan-points.ts'
import type { RobotReading } from '../robot/ports.ts'
import {
  CLOSED_GATE,
  DRIVE_LIMITS,
  driveGate,
  type DriveCommand,
  type DriveRefusal,
  type GateInput,
} from '../telepresence/drive-gate.ts'
import { freeWay } from '../telepresence/free-way.ts'
import type { ErrandCheckpoint } from './checkpoints.ts'
import type { VisitOrder } from './errand-orders.ts'
import { Errand, type ErrandOptions } from './errand.ts'
import { visit, type VisitEffect, type VisitEvent } from './visit.ts'

/** Slower than this is standing: odometry never is quite still. */
const STANDING_MPS = 0.01
const STANDING_RAD_PER_S = 0.02
/** Odometry comes at 20 Hz; older it says nothing about standing. */
const ODOMETRY_STALE_MS = 300

type Drive = VisitReport['drives'][number]

/** The port by which commands of who drives come in, whatever channel brings them. */
export interface DrivePort {
  /** @returns why the command does not count; `null` when it does. */
  drive(command: DriveCommand): DriveRefusal | null
}

/** Runs `startTelepresence`: consent, hand-over, and the drive gate, which is the only way from afar to the wheels. */
export class VisitRunner extends Errand<VisitEvent, VisitEffect, VisitPhase> implements DrivePort {
  readonly kind = 'visit'
  readonly missionId: string
  readonly order: VisitOrder
  readonly #machine: Actor<typeof visit>
  #gate = CLOSED_GATE
  #timer: TimerId = null
  #mount: Pose2 = { x: 0, y: 0, theta: 0 }
  #odometry: { readonly isStanding: boolean; readonly atMs: number } | null = null
  #consent: VisitReport['consent'] = null
  #endedBy: string | null = null
  #drives: readonly Drive[]
  #lastScan: LaserScan | null = null
  readonly #beganEpochMs: number

  constructor(order: VisitOrder, options: ErrandOptions) {
    const machine = createActor(visit, { clock: options.clock })
    super(options, machine)
    this.#machine = machine
    this.order = order
    this.missionId = order.missionId
    this.#beganEpochMs = options.clock.epochMs()
    this.#drives = options.recalled?.visit?.drives ?? []
  }

  /** Who has the drive; `null`: nobody. */
  get driver(): { readonly sessionId: string; readonly driver: string } | null {
    return this.#machine.getSnapshot().context.driver
  }

  override get notes(): readonly string[] {
    const { driver, phase, order } = this
    if (phase === 'finished' || phase === 'traveling') return []
    return [`visit of ${order.visitor}${driver === null ? '' : `, driven by ${driver.driver}`}`]
  }

  override start(): void {
    // Until it is over nothing is lit or gassed here: there is a patient.
    this.options.supervisor.command({ type: 'visit', isOn: true })
    super.start()
    this.#tick()
  }

  override stop(): void {
    super.stop()
    this.options.clock.clearTimeout(this.#timer)
  }

  override checkpoint(): ErrandCheckpoint {
    return {
      ...super.checkpoint(),
      visit: { drives: [...this.#drives], refusedCommands: this.#refusedCommands() },
    }
  }

  /** @returns why not, in words; `null` when the answer was taken. */
  answer(isConsent: boolean, by: string): string | null {
    if (this.phase !== 'announcing') return 'the robot asks for no consent now'
    if (by.trim() === '') return 'the answer needs to say who gave it'
    this.#consent = {
      isGiven: isConsent,
      answeredBy: by.trim(),
      atEpochMs: this.options.clock.epochMs(),
    }
    this.send({ type: 'answered', isConsent })
    return null
  }

  /** @returns why not, in words; `null` when the session has the drive. */
  handOver(sessionId: string, driver: string): string | null {
    if (sessionId.trim() === '' || driver.trim() === '') return 'who drives needs a session and a name'
    const present = this.driver
    if (present !== null) return `${present.driver} drives: take the drive back first`
    if (this.phase !== 'autonomous') return `the drive cannot be handed over while the visit is ${this.phase}`
    if (this.isHeld) return 'the robot is stopped: resume it first'
    if (!this.#isStanding()) return 'the drive is handed over only while the robot stands'
    this.send({ type: 'handedOver', sessionId, driver })
    return null
  }

  /** @returns why not, in words; `null` when the robot comes to a stand. */
  takeBack(sessionId: string): string | null {
    const { driver } = this
    if (driver === null) return 'nobody drives'
    // Without a session: whoever drives.
    if (sessionId !== '' && sessionId !== driver.sessionId) return 'another session drives'
    this.send({ type: 'takenBack' })
    return null
  }

  /** @returns why not, in words; `null` when the visit ends. */
  end(by: string): string | null {
    if (by.trim() === '') return 'the end needs to say who ends it'
    if (this.phase === 'traveling') return 'the visit has not begun: cancel its order'
    if (this.report !== null || this.phase === 'leaving') return 'the visit is over'
    this.#endedBy = by.trim()
    this.send({ type: 'ended' })
    return null
  }

  drive(command: DriveCommand): DriveRefusal | null {
    return this.#step({ type: 'command', command, nowEpochMs: this.options.clock.epochMs() })
  }

  protected override listen(): Disposable[] {
    return [this.options.robot.sensors.subscribe((reading) => this.#hear(reading))]
  }

  protected override entered(phase: VisitPhase): void {
    const atEpochMs = this.options.clock.epochMs()
    const { driver } = this
    if (phase === 'driven' && driver !== null) {
      this.#drives = [...this.#drives, { ...driver, fromEpochMs: atEpochMs, toEpochMs: null }]
    } else if (phase !== 'driven') {
      const last = this.#drives.length - 1
      this.#drives = this.#drives.map((drive, index) =>
        // One that a kill has cut off has no end that anybody knows.
        index === last && drive.toEpochMs === null && drive.fromEpochMs >= this.#beganEpochMs
          ? { ...drive, toEpochMs: atEpochMs }
          : drive,
      )
    }
  }

  protected do(effect: VisitEffect): void {
    switch (effect.type) {
      case 'openGate':
        this.#step({ type: 'open', sessionId: effect.sessionId })
        return
      case 'closeGate':
        this.#step({ type: 'close' })
        return
      case 'haltGate':
        this.#step({ type: 'halt' })
    }
  }

  protected leave(): void {
    this.#step({ type: 'halt' })
    this.options.clock.clearTimeout(this.#timer)
    this.#timer = null
    this.options.supervisor.command({ type: 'visit', isOn: false })
  }

  protected buildReport(): VisitReport {
    const { robotId, clock } = this.options
    const { end } = this.#machine.getSnapshot().context
    const { missionId, startedAtEpochMs, order } = this
    return {
      kind: 'visit',
      missionId,
      robotId,
      verdict: end === 'ended' && this.#consent?.isGiven === true ? 'completed' : 'aborted',
      startedAtEpochMs,
      endedAtEpochMs: clock.epochMs(),
      visitor: order.visitor,
      end: end ?? 'canceled',
      consent: this.#consent,
      endedBy: this.#endedBy,
      drives: [...this.#drives],
      refusedCommands: this.#refusedCommands(),
    }
  }

  #refusedCommands(): Record<string, number> {
    const refused: Record<string, number> = { ...this.options.recalled?.visit?.refusedCommands }
    for (const [reason, count] of Object.entries(this.#gate.refused)) {
      refused[reason] = (refused[reason] ?? 0) + count
    }
    return refused
  }

  #hear(reading: RobotReading): void {
    const nowMs = this.options.clock.monotonicMs()
    switch (reading.kind) {
      case 'laserMount':
        this.#mount = reading.mount.pose
        return
      case 'scan': {
        const { scan } = reading
        const isNews = !isRepeated(scan, this.#lastScan)
        this.#lastScan = scan
        // A lidar that is covered, or stuck, is as good as silent.
        if (isBlind(scan) || !isNews) return
        this.#step({ type: 'scan', ...freeWay(scan, this.#mount, this.options.geometry.radiusM) })
        return
      }
      case 'odometry': {
        const { speedMps, turnRadPerS } = reading
        const isStanding = Math.abs(speedMps) <= STANDING_MPS && Math.abs(turnRadPerS) <= STANDING_RAD_PER_S
        this.#odometry = { isStanding, atMs: nowMs }
        const isWaiting = this.phase === 'stopping' || this.phase === 'leaving'
        if (isWaiting && this.#isStanding()) this.send({ type: 'stood' })
        return
      }
      default:
        return
    }
  }

  /** Measured, and nothing is commanded either. */
  #isStanding(): boolean {
    const { written } = this.#gate
    const { clock } = this.options
    return (
      written.speedMps === 0 &&
      written.turnRadPerS === 0 &&
      this.#odometry?.isStanding === true &&
      clock.monotonicMs() - this.#odometry.atMs <= ODOMETRY_STALE_MS
    )
  }

  #tick(): void {
    const { clock } = this.options
    if (this.report !== null) return
    this.#timer = clock.setTimeout(() => this.#tick(), DRIVE_LIMITS.stepMs)
    // What holds the wheels takes the drive, whether it was told of or not.
    if (this.driver !== null && this.isHeld) this.hold()
    this.#step({ type: 'tick' })
  }

  #step(input: GateInput): DriveRefusal | null {
    const { clock, robot } = this.options
    const { state, twist, refusal } = driveGate(this.#gate, input, clock.monotonicMs())
    this.#gate = state
    if (twist !== null) robot.base.commandTeleoperation(twist.speedMps, twist.turnRadPerS)
    return refusal
  }
}
