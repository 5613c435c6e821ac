import type { Clock, TimerId } from '@wardlight/core/clock'
import type { ArmingStep } from '@wardlight/core/fleet'
import type { Disposable, LaserScan } from '@wardlight/core/ros'
import type { AgentLog } from '../agent-log.ts'
import { isBlind, isRepeated } from '../perception/scan-points.ts'
import type { Robot, RobotReading } from '../robot/ports.ts'
import {
  DARK_AND_DISARMED,
  hazardsOf,
  mustStand,
  supervise,
  SUPERVISOR_LIMITS,
  type RobotLimits,
  type SupervisorFact,
  type SupervisorInput,
  type SupervisorState,
} from './supervisor.ts'

/** The lamp's heartbeat, milliseconds: 10 Hz. */
const HEARTBEAT_MS = 100
/** How long zero speed is commanded after a stop, milliseconds. */
const HALT_MS = 1000

/** Commands that reach the supervisor from missions and people; readings reach it from the robot. */
export type SupervisorCommand = Extract<
  SupervisorInput,
  {
    type:
      | 'watch'
      | 'visit'
      | 'wantLamp'
      | 'checklist'
      | 'armHeld'
      | 'start'
      | 'pause'
      | 'resume'
      | 'requestEmergencyStop'
  }
>

/**
 * Runs the supervisor's mind on its own timer over a robot, and is the only one to command the lamp.
 * It acts within the very call that brings an event, not on the next tick.
 */
export class SafetySupervisor {
  readonly #clock: Clock
  readonly #robot: Robot
  readonly #log: AgentLog
  readonly #seesPerson: (reading: Extract<RobotReading, { kind: 'scan' }>) => boolean
  readonly #isLost: () => boolean
  readonly #darkAndDisarmed: SupervisorState
  readonly #listeners = new Set<(fact: SupervisorFact) => void>()
  #state: SupervisorState
  #subscription: Disposable | null = null
  #lastScan: LaserScan | null = null
  #timer: TimerId = null
  #nextHeartbeatMs = 0
  #haltUntilMs = -Infinity

  /**
   * @param seesPerson judges each scan, before the supervisor does
   * @param isLost whether the robot is lost, however sure its localisation is
   * @param limits of this robot, where they are stricter than usual
   * @param cameras names of all cameras of the robot: one that says nothing is silent
   */
  constructor(options: {
    clock: Clock
    robot: Robot
    log: AgentLog
    seesPerson: (reading: Extract<RobotReading, { kind: 'scan' }>) => boolean
    isLost?: () => boolean
    cameras?: readonly string[]
    limits?: RobotLimits | undefined
  }) {
    this.#clock = options.clock
    this.#robot = options.robot
    this.#log = options.log
    this.#seesPerson = options.seesPerson
    this.#isLost = options.isLost ?? (() => false)
    const unheard = { isPersonSeen: false, heardAtMs: -Infinity }
    this.#darkAndDisarmed = {
      ...DARK_AND_DISARMED,
      limits: options.limits ?? DARK_AND_DISARMED.limits,
      cameras: Object.fromEntries((options.cameras ?? []).map((camera) => [camera, unheard])),
    }
    this.#state = this.#darkAndDisarmed
  }

  get state(): SupervisorState {
    return this.#state
  }

  /** How far the arming of this mission is; of any other it is locked. */
  armingStepOf(missionId: string): ArmingStep {
    return this.#state.watch?.missionId === missionId ? this.#state.armingStep : 'locked'
  }

  /** What keeps the lamp dark now, in words. */
  blockers(): string[] {
    return hazardsOf(this.#state, this.#clock.monotonicMs()).map(({ detail }) => detail)
  }

  /** Whether the robot may not drive now, on the way to a room or anywhere. */
  get mustStand(): boolean {
    return mustStand(this.#state, this.#clock.monotonicMs())
  }

  onFact(listener: (fact: SupervisorFact) => void): Disposable {
    this.#listeners.add(listener)
    return { dispose: () => this.#listeners.delete(listener) }
  }

  start(): void {
    this.#state = this.#darkAndDisarmed
    this.#robot.lamp.setEnabled(false)
    this.#subscription = this.#robot.sensors.subscribe((reading) => this.#hear(reading))
    this.#tick()
  }

  /** Dark first, then silent. */
  stop(): void {
    this.#robot.lamp.setEnabled(false)
    this.#clock.clearTimeout(this.#timer)
    this.#subscription?.dispose()
    this.#subscription = null
    this.#listeners.clear()
    this.#state = this.#darkAndDisarmed
  }

  command(command: SupervisorCommand): readonly SupervisorFact[] {
    return this.#step(command)
  }

  #hear(reading: RobotReading): void {
    switch (reading.kind) {
      case 'scan': {
        const { scan } = reading
        const isNews = !isRepeated(scan, this.#lastScan)
        this.#lastScan = scan
        // A lidar that sees nothing at all, or that is stuck, is as good as silent.
        if (isBlind(scan) || !isNews) return
        let isPersonSeen = true
        try {
          isPersonSeen = this.#seesPerson(reading)
        } catch (error) {
          // Perception that fails sees nobody; so the room counts as occupied.
          this.#log.error({ err: error }, 'Looking for people in a scan failed; the room counts as occupied.')
        }
        this.#step({ type: 'scan', isPersonSeen })
        return
      }
      case 'personSensor':
        this.#step({ type: 'personSensor', isDetected: reading.isDetected })
        return
      case 'camera':
        this.#step({ type: 'camera', camera: reading.camera, isPersonSeen: reading.isPersonSeen })
        return
      case 'doorGuards':
        this.#step({ type: 'doorGuards', states: reading.states })
        return
      case 'emergencyStop':
      case 'bumper':
      case 'armButton':
        this.#step({ type: reading.kind, isPressed: reading.isPressed })
        return
      case 'lampOutput':
      case 'lampCurrent':
        this.#step({ type: reading.kind, fractions: reading.fractions })
        return
      case 'localisation': {
        const { pose, deviationRad } = reading
        const deviationM = this.#isLost() ? Infinity : reading.deviationM
        this.#step({ type: 'localisation', pose, deviationM, deviationRad })
        return
      }
      case 'battery':
        this.#step({ type: 'battery', fraction: reading.fraction })
        return
      case 'pose':
      case 'odometry':
      case 'laserMount':
      case 'map':
        return
    }
  }

  #tick(): void {
    this.#timer = this.#clock.setTimeout(() => this.#tick(), SUPERVISOR_LIMITS.stepMs)
    this.#step({ type: 'tick' })
    const nowMs = this.#clock.monotonicMs()
    if (this.#state.isLampOn && nowMs >= this.#nextHeartbeatMs) this.#beat(true)
    if (nowMs < this.#haltUntilMs) this.#robot.base.commandZero()
  }

  #step(input: SupervisorInput): readonly SupervisorFact[] {
    const wasOn = this.#state.isLampOn
    const { state, facts } = supervise(this.#state, input, this.#clock.monotonicMs())
    this.#state = state
    // The lamp before everything else.
    if (state.isLampOn !== wasOn) this.#beat(state.isLampOn)
    for (const fact of facts) {
      if (fact.type === 'tripped') {
        this.#log.warn({ kind: fact.kind, wasLit: fact.wasLit }, `Interlock: ${fact.detail}.`)
        if (fact.mustStopDrive) this.#halt()
      }
      for (const listener of [...this.#listeners]) listener(fact)
    }
    return facts
  }

  #beat(isOn: boolean): void {
    this.#robot.lamp.setEnabled(isOn)
    this.#nextHeartbeatMs = this.#clock.monotonicMs() + HEARTBEAT_MS
  }

  #halt(): void {
    this.#haltUntilMs = this.#clock.monotonicMs() + HALT_MS
    this.#robot.base.cancel()
    this.#robot.base.commandZero()
  }
}
