import type { Clock, TimerId } from '@wardlight/core/clock'
import type { Disposable } from '@wardlight/core/ros'
import type { AgentLog } from '../agent-log.ts'
import type { GasEquipment, GasEquipmentReading } from '../robot/ports.ts'
import {
  GAS_GUARD_LIMITS,
  guardGas,
  NO_GAS,
  type GasGuardFact,
  type GasGuardInput,
  type GasGuardState,
} from './gas-guard.ts'
import type { SafetySupervisor } from './safety-supervisor.ts'

export type GasCommand = Extract<GasGuardInput, { type: 'cycle' | 'want' }>

/**
 * Runs the gas guard on its own timer over a robot, and is the only one to command the generator. It acts within the
 * very call that brings an event: what trips the supervisor has stopped the gas before anybody else hears of it.
 */
export class GasSafety {
  readonly #clock: Clock
  readonly #gas: GasEquipment
  readonly #supervisor: SafetySupervisor
  readonly #log: AgentLog
  readonly #listeners = new Set<(fact: GasGuardFact) => void>()
  readonly #disposables: Disposable[] = []
  #state: GasGuardState = NO_GAS
  #timer: TimerId = null
  #nextHeartbeatMs = 0

  constructor(options: { clock: Clock; gas: GasEquipment; supervisor: SafetySupervisor; log: AgentLog }) {
    this.#clock = options.clock
    this.#gas = options.gas
    this.#supervisor = options.supervisor
    this.#log = options.log
  }

  get state(): GasGuardState {
    return this.#state
  }

  onFact(listener: (fact: GasGuardFact) => void): Disposable {
    this.#listeners.add(listener)
    return { dispose: () => this.#listeners.delete(listener) }
  }

  /** After the supervisor's start, so that it hears of facts before missions do. */
  start(): void {
    this.#state = NO_GAS
    this.#gas.commandVaporiser(0)
    this.#disposables.push(
      this.#gas.subscribe((reading) => this.#hear(reading)),
      this.#supervisor.onFact(() => this.#step({ type: 'tick' })),
    )
    this.#tick()
  }

  /** Off first, then silent. Dampers stay as they are: what is sealed stays sealed. */
  stop(): void {
    this.#gas.commandVaporiser(0)
    this.#clock.clearTimeout(this.#timer)
    for (const disposable of this.#disposables.splice(0)) disposable.dispose()
    this.#listeners.clear()
    this.#state = NO_GAS
  }

  command(command: GasCommand): readonly GasGuardFact[] {
    return this.#step(command)
  }

  #hear(reading: GasEquipmentReading): void {
    switch (reading.kind) {
      case 'dampers':
        this.#step({ type: 'dampers', states: reading.states })
        return
      case 'gasSensors':
        this.#step({ type: 'gasSensors', sensors: reading.sensors })
        return
      case 'vaporiserRate':
        this.#step({ type: 'vaporiserRate', gPerMin: reading.gPerMin })
        return
      case 'vaporiserTank':
      case 'temperature':
      case 'humidity':
        return
    }
  }

  #tick(): void {
    this.#timer = this.#clock.setTimeout(() => this.#tick(), GAS_GUARD_LIMITS.stepMs)
    this.#step({ type: 'tick' })
    if (this.#state.commandedGPerMin > 0 && this.#clock.monotonicMs() >= this.#nextHeartbeatMs) this.#beat()
  }

  #step(input: GasGuardInput): readonly GasGuardFact[] {
    const before = this.#state.commandedGPerMin
    const nowMs = this.#clock.monotonicMs()
    const permit = guardGas(this.#state, { type: 'permit', reasons: this.#permitReasons(nowMs) }, nowMs)
    const { state, facts: own } = guardGas(permit.state, input, nowMs)
    this.#state = state
    // The generator before everything else.
    if (state.commandedGPerMin !== before) this.#beat()
    const facts = [...permit.facts, ...own]
    for (const fact of facts) {
      this.#log.warn({ kind: fact.kind, wasGassing: fact.wasGassing }, `Gas interlock: ${fact.detail}.`)
      for (const listener of [...this.#listeners]) listener(fact)
    }
    return facts
  }

  /** Why the supervisor does not permit gas now. */
  #permitReasons(nowMs: number): string[] {
    const { armingStep, armingSinceMs, isLatched, watch, limits } = this.#supervisor.state
    const reasons = this.#supervisor.blockers()
    if (armingStep !== 'started' || isLatched) reasons.push('the robot is not armed')
    else if (watch?.missionId !== this.#state.cycle?.missionId)
      reasons.push('the robot is armed for another mission')
    else if (nowMs - armingSinceMs < limits.exitDelayMs) {
      reasons.push('the exit delay is not over')
    }
    return reasons
  }

  #beat(): void {
    this.#gas.commandVaporiser(this.#state.commandedGPerMin)
    this.#nextHeartbeatMs = this.#clock.monotonicMs() + GAS_GUARD_LIMITS.heartbeatMs
  }
}
