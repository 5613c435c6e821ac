import { CLEARANCE_LIMITS, type PeroxidePlan } from '@wardlight/core/disinfection'
import type { PeroxidePhase, PeroxideReport } from '@wardlight/core/fleet'
import { VAPORISER_HEARTBEAT_MS } from '@wardlight/core/ros'
import type { GasEquipmentReading, Robot } from '../robot/ports.ts'
import { isStuckOn, type GasGuardState } from '../safety/gas-guard.ts'
import { GasLedger } from './gas-ledger.ts'
import { climateNeeds, preCheckBlockers, type RoomClimate } from './peroxide-checks.ts'
import type { PeroxideMemory } from './peroxide-memory.ts'
import type { PeroxideMissionEvent } from './peroxide-mission.ts'
import { RoomDampers } from './room-dampers.ts'

/** Sensors speak each second; so often everything is looked at. */
export const LOOK_MS = 1000
/** What a restart must know is written so often while there is gas, ms (proposed). */
export const REMEMBER_EVERY_MS = 10_000
/** For so long gas may have flowed since the last writing, ms: one that was due and the look before it, and the watchdog. */
const UNSEEN_MS = REMEMBER_EVERY_MS + 2 * LOOK_MS + VAPORISER_HEARTBEAT_MS
/** Readings up to so many times the limit are still part of verifying. They clear nothing (proposed). */
const STILL_LOW = 2

/** What the equipment of a cycle says of its room, and what that means to the mission in its present phase. */
export class PeroxideRoom {
  readonly ledger: GasLedger
  readonly dampers: RoomDampers
  readonly #plan: PeroxidePlan
  readonly #guard: () => GasGuardState
  #climate: RoomClimate = { temperature: null, humidity: null }
  #tankMl: number | null = null
  #hasReachedCeiling = false

  /** @param guard as the gas guard knows it now */
  constructor(
    plan: PeroxidePlan,
    resume: PeroxideMemory | null,
    gas: Robot['gas'],
    guard: () => GasGuardState,
    nowMs: number,
  ) {
    this.#plan = plan
    this.#guard = guard
    this.dampers = new RoomDampers(plan.room.roomId, gas)
    // Had it lived longer, it would have written again; then the generator's own watchdog stopped it.
    const unseenMin = resume?.wasGeneratorOn === true ? UNSEEN_MS / 60_000 : 0
    this.ledger = new GasLedger(plan, resume?.ledger ?? null, nowMs, unseenMin * plan.rateGPerMin)
  }

  /** No more of the dose was brought in because the air held all that it can. */
  get hasReachedCeiling(): boolean {
    return this.#hasReachedCeiling
  }

  get conditions(): PeroxideReport['conditions'] {
    const { temperature, humidity } = this.#climate
    return temperature === null || humidity === null
      ? null
      : { temperatureC: temperature.celsius, relativeHumidityPercent: humidity.percent }
  }

  /** Why the mission must not be started now, in words. What the supervisor looks at is not among it. */
  startBlockers(nowMs: number): string[] {
    return preCheckBlockers({
      plan: this.#plan,
      ledger: this.ledger,
      guard: this.#guard(),
      climate: this.#climate,
      tankMl: this.#tankMl,
      nowMs,
    })
  }

  climateNeeds(nowMs: number): string[] {
    return climateNeeds(this.#plan, this.#climate, nowMs)
  }

  clearanceBlockers(nowMs: number): string[] {
    const blockers = this.ledger.blockers(nowMs)
    if (isStuckOn(this.#guard(), nowMs)) blockers.push('the generator runs though it was switched off')
    return [...blockers, ...this.dampers.blockers]
  }

  /** @returns what the mission has to hear of it, in this order */
  hear(reading: GasEquipmentReading, phase: PeroxidePhase, nowMs: number): readonly PeroxideMissionEvent[] {
    switch (reading.kind) {
      case 'gasSensors':
        this.ledger.hearSensors(reading.sensors, nowMs, phase === 'dwelling')
        return this.judge(phase, nowMs)
      case 'vaporiserRate':
        this.ledger.hearRate(reading.gPerMin, this.#guard().commandedGPerMin, nowMs)
        return phase === 'gassing' ? this.judge(phase, nowMs) : []
      case 'vaporiserTank':
        this.#tankMl = reading.solutionMl
        return []
      case 'dampers': {
        const shut = this.dampers.hear(reading.states)
        if (phase === 'unsealing') {
          return this.dampers.blockers.length === 0 ? [{ type: 'dampersOpen' }] : []
        }
        return phase === 'isolating' ? shut.map((damper) => ({ type: 'damperShut', damper })) : []
      }
      case 'temperature':
        this.#climate = { ...this.#climate, temperature: { celsius: reading.celsius, atMs: nowMs } }
        return []
      case 'humidity':
        this.#climate = { ...this.#climate, humidity: { percent: reading.percent, atMs: nowMs } }
        return []
    }
  }

  /** What the measurements say to the present phase. */
  judge(phase: PeroxidePhase, nowMs: number): readonly PeroxideMissionEvent[] {
    const { ledger } = this
    switch (phase) {
      case 'gassing':
        this.#hasReachedCeiling ||= ledger.highestPpm >= this.#plan.ceilingPpm
        return this.#hasReachedCeiling || ledger.injectedG >= this.#plan.h2o2G ? [{ type: 'doseIn' }] : []
      case 'dwelling':
        return ledger.dwellS >= this.#plan.dwellS ? [{ type: 'dwellOver' }] : []
      case 'aerating':
      case 'verifying': {
        const { limitPpm } = CLEARANCE_LIMITS
        // Once verifying, noise about the limit is no reason to call it aeration again; the ten minutes begin anew by it.
        const isLow = ledger.isLow(nowMs, phase === 'verifying' ? STILL_LOW * limitPpm : limitPpm)
        const isClear = isLow && ledger.blockers(nowMs).length === 0 && !isStuckOn(this.#guard(), nowMs)
        return [{ type: 'sensed', isLow, isClear }]
      }
      default:
        return []
    }
  }
}
