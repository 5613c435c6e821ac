import { PEROXIDE_METHODS, type PeroxideMethod } from '@wardlight/core/disinfection'
import type { Random } from '@wardlight/core/random'
import { VAPORISER_HEARTBEAT_MS } from '@wardlight/core/ros'

export interface VaporiserOptions {
  readonly method: PeroxideMethod
  /** Pure H2O2. */
  readonly maxRateGPerMin: number
  /** Solution in it at first. */
  readonly tankMl: number
}

/** What is wrong with a generator: it goes on whatever it is told, hears nothing, or says nothing of itself. */
export type VaporiserFault = 'stuckOn' | 'deaf' | 'silent'

/** From the first command to full output, ms: plates heat, a pump fills its line (proposed). */
const RUN_UP_MS = 5000

/**
 * The generator's hardware: it runs only while commands come, and its own watchdog stops it
 * `VAPORISER_HEARTBEAT_MS` after the last one, whatever the controller does.
 */
export class Vaporiser {
  readonly #method: PeroxideMethod
  readonly #maxRateGPerMin: number
  readonly #airborneShare: number
  fault: VaporiserFault | null = null
  #tankMl: number
  #commandedGPerMin = 0
  #lastBeatMs = -Infinity
  #rateGPerMin = 0

  constructor({ method, maxRateGPerMin, tankMl }: VaporiserOptions, random: Random) {
    this.#method = method
    this.#maxRateGPerMin = maxRateGPerMin
    this.#tankMl = tankMl
    // How much of it stays airborne lies within what the planner leaves open: it does not know where.
    const [least, , most] = PEROXIDE_METHODS[method].airborneShare
    this.#airborneShare = least + (most - least) * random.uniform()
  }

  /** Pure H2O2 given off now. */
  get rateGPerMin(): number {
    return this.#rateGPerMin
  }

  get tankMl(): number {
    return this.#tankMl
  }

  get airborneShare(): number {
    return this.#airborneShare
  }

  /** A command of the controller arrives. */
  command(gPerMin: number, nowMs: number): void {
    if (this.fault === 'deaf' || this.fault === 'stuckOn') return
    if (!(gPerMin > 0)) {
      this.#lastBeatMs = -Infinity
      this.#commandedGPerMin = 0
      this.#rateGPerMin = 0
      return
    }
    this.#lastBeatMs = nowMs
    this.#commandedGPerMin = Math.min(gPerMin, this.#maxRateGPerMin)
  }

  /** @param hasPower false when the battery is empty */
  step(nowMs: number, stepMs: number, hasPower: boolean): void {
    // Off at the very end of the heartbeat, not a step after it.
    const isBeating = this.fault === 'stuckOn' || nowMs - this.#lastBeatMs < VAPORISER_HEARTBEAT_MS
    if (!isBeating || !hasPower || this.#tankMl <= 0) {
      this.#rateGPerMin = 0
      return
    }
    const { solutionFraction, solutionGPerMl } = PEROXIDE_METHODS[this.#method]
    this.#rateGPerMin = Math.min(
      this.#commandedGPerMin,
      this.#rateGPerMin + (this.#commandedGPerMin * stepMs) / RUN_UP_MS,
    )
    const usedMl = (this.#rateGPerMin * stepMs) / 60_000 / solutionFraction / solutionGPerMl
    this.#tankMl = Math.max(0, this.#tankMl - usedMl)
  }
}
