import type { Clock } from '@wardlight/core/clock'
import type { ErrandReport } from '@wardlight/core/fleet'
import type { Disposable } from '@wardlight/core/ros'
import type { VdaError } from '@wardlight/core/vda5050'
import type { AgentLog } from '../agent-log.ts'
import type { BerthedRobot } from '../robot/undock-first.ts'
import type { SafetySupervisor } from '../safety/safety-supervisor.ts'
import type { ErrandCheckpoint } from './checkpoints.ts'
import type { Mission } from './mission.ts'

/** What every errand's machine hears, whatever else it does. */
export type ErrandEvent =
  /** The program was restarted while the robot was at its place. Comes first, or never. */
  | { readonly type: 'recalled' }
  | { readonly type: 'arrived' }
  | { readonly type: 'travelFailed' }
  /** A stop that holds the wheels, or a pause. */
  | { readonly type: 'held' }
  /** Somebody resumed it, and nothing holds the wheels. */
  | { readonly type: 'released' }
  | { readonly type: 'canceled' }

export interface ErrandOptions {
  readonly robotId: string
  readonly clock: Clock
  readonly robot: BerthedRobot
  /** Of the robot's round. */
  readonly geometry: { readonly radiusM: number }
  readonly supervisor: SafetySupervisor
  readonly log: AgentLog
  /** How far it had got when the program ended; `null` for a new one. */
  readonly recalled: ErrandCheckpoint | null
  /** Called on everything that people should see at once. */
  readonly onChange: () => void
  readonly onFinished: (report: ErrandReport) => void
}

/** A machine of XState, as far as an errand needs it. */
export interface ErrandActor<Event, Effect> {
  start(): void
  stop(): void
  send(event: Event): void
  on(type: '*', listener: (effect: Effect) => void): unknown
  subscribe(listener: () => void): unknown
  getSnapshot(): { readonly value: unknown; readonly status: string }
}

/**
 * A mission without lamp and gas, around its machine: hands it what all errands hear, and does what it asks for. It
 * sets no watch, so that the supervisor arms nothing while it runs.
 */
export abstract class Errand<
  Event extends { readonly type: string },
  Effect extends { readonly type: string },
  Phase extends string = string,
> implements Mission {
  abstract readonly missionId: string
  abstract readonly kind: ErrandReport['kind']
  protected readonly options: ErrandOptions
  protected readonly startedAtEpochMs: number
  readonly #actor: ErrandActor<Event | ErrandEvent, Effect>
  readonly #disposables: Disposable[] = []
  #phase: Phase | null = null
  #report: ErrandReport | null = null
  #isStopped = false

  constructor(options: ErrandOptions, actor: ErrandActor<Event | ErrandEvent, Effect>) {
    this.options = options
    this.#actor = actor
    this.startedAtEpochMs = options.recalled?.startedAtEpochMs ?? options.clock.epochMs()
  }

  get holdsRobot(): boolean {
    return false
  }

  get phase(): Phase {
    return this.#phase ?? ('traveling' as Phase)
  }

  get report(): ErrandReport | null {
    return this.#report
  }

  get notes(): readonly string[] {
    return []
  }

  get errors(): readonly VdaError[] {
    return []
  }

  startBlockers(): string[] {
    return ['nothing is armed for an errand']
  }

  start(): void {
    const { supervisor, recalled } = this.options
    this.keep(
      supervisor.onFact((fact) => {
        if (fact.type === 'tripped' && fact.mustStopDrive) this.hold()
      }),
      ...this.listen(),
    )
    this.#actor.on('*', (effect) => {
      if (this.#report === null) this.do(effect)
    })
    this.#actor.subscribe(() => this.#look())
    this.#actor.start()
    if (recalled?.isAtPlace === true) this.send({ type: 'recalled' })
    this.#look()
  }

  /** Drops everything; the errand is not finished by it. Used when the process ends. */
  stop(): void {
    this.#isStopped = true
    this.leave()
    this.#actor.stop()
    for (const disposable of this.#disposables.splice(0)) disposable.dispose()
  }

  arrive(): void {
    this.send({ type: 'arrived' })
    // A stop that came before, and holds still.
    if (this.isHeld) this.hold()
  }

  travelFailed(): void {
    this.send({ type: 'travelFailed' })
  }

  cancel(): void {
    this.send({ type: 'canceled' })
  }

  hold(): void {
    this.send({ type: 'held' })
  }

  release(): void {
    if (!this.isHeld) this.send({ type: 'released' })
  }

  /** What another process needs to go on. */
  checkpoint(): ErrandCheckpoint {
    const { missionId, startedAtEpochMs } = this
    return { missionId, startedAtEpochMs, isAtPlace: this.phase !== 'traveling' }
  }

  protected get isHeld(): boolean {
    const { supervisor } = this.options
    return supervisor.mustStand || supervisor.state.isPaused
  }

  /** What comes after the end is no news. */
  protected send(event: Event | ErrandEvent): void {
    if (this.#report === null && !this.#isStopped) this.#actor.send(event)
  }

  protected keep(...disposables: readonly Disposable[]): void {
    this.#disposables.push(...disposables)
  }

  protected listen(): Disposable[] {
    return []
  }

  protected abstract do(effect: Effect): void
  protected abstract buildReport(): ErrandReport
  /** Lets go of whatever moves the robot. */
  protected abstract leave(): void
  protected entered(_phase: Phase): void {}

  #look(): void {
    if (this.#report !== null) return
    const { value, status } = this.#actor.getSnapshot()
    const phase = phaseOf(value) as Phase
    if (phase !== this.#phase) {
      this.#phase = phase
      this.options.log.info({ missionId: this.missionId, phase }, `The ${this.kind} errand is now ${phase}.`)
      this.entered(phase)
    }
    if (status === 'done') {
      for (const disposable of this.#disposables.splice(0)) disposable.dispose()
      this.leave()
      this.#report = this.buildReport()
      this.options.onFinished(this.#report)
    }
    this.options.onChange()
  }
}

/** The innermost state's name is the phase that people see. */
function phaseOf(value: unknown): string {
  return typeof value === 'string' ? value : phaseOf(Object.values(value as object)[0])
}
