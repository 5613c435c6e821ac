import { tubeOutput, type LampModel } from '@wardlight/core/disinfection'
import { LAMP_HEARTBEAT_MS } from '@wardlight/core/ros'

/** From switching on to full output; tubes with preheated cathodes take about this long [proposed]. */
export const LAMP_WARM_UP_MS = 1000

/** What a lamp's sensor says that is stuck. */
export type LampSaying = 'dark' | 'lit'
const SAID_FRACTION = { dark: 0, lit: 1 } as const

/**
 * The lamp's hardware: lit only while a heartbeat comes, dark at once without it. It has no other
 * wits: a robot's emergency stop reaches it through the controller, so that a controller which
 * fails to switch it off is found out by the world's latency measure.
 */
export class Lamp {
  readonly model: LampModel
  readonly #health: number[]
  /** What its two sensors say whatever is; `null`: the truth. */
  outputSays: LampSaying | null = null
  currentSays: LampSaying | null = null
  #lastBeatMs = -Infinity
  #warmth = 0

  constructor(model: LampModel) {
    this.model = model
    this.#health = model.tubes.map(() => 1)
  }

  get isLit(): boolean {
    return this.#warmth > 0
  }

  /** 0 dark to 1 warm. */
  get warmth(): number {
    return this.#warmth
  }

  /** Each tube's output against its own rated output as it is in the model: 1 unless it is worn or failed. */
  get health(): readonly number[] {
    return this.#health
  }

  /** Each tube's light as its sensor says it, against rated. */
  get measuredOutput(): readonly number[] {
    const { outputSays, model } = this
    return this.#health.map((health, tube) =>
      outputSays === null
        ? health * tubeOutput(model, model.tubes[tube]!) * this.#warmth
        : SAID_FRACTION[outputSays],
    )
  }

  /** Each tube's current as its sensor says it, against rated: a worn tube draws its own all the same, a failed one none. */
  get measuredCurrent(): readonly number[] {
    const { currentSays } = this
    return this.#health.map((health) =>
      currentSays === null ? Number(this.isLit && health > 0) : SAID_FRACTION[currentSays],
    )
  }

  /** UV-C given off now, watts. */
  get radiantW(): number {
    if (this.#warmth === 0) return 0
    return this.model.tubes.reduce(
      (sum, tube, index) =>
        sum + tube.radiantPowerW * tubeOutput(this.model, tube) * this.#health[index]! * this.#warmth,
      0,
    )
  }

  /** A tube that has lost output: 1 as new, 0 failed. */
  weakenTube(index: number, fraction: number): void {
    if (this.#health[index] === undefined) return
    this.#health[index] = Math.min(1, Math.max(0, fraction))
  }

  /** A heartbeat of the controller arrives. */
  enable(isEnabled: boolean, nowMs: number): void {
    if (isEnabled) this.#lastBeatMs = nowMs
    else {
      this.#lastBeatMs = -Infinity
      this.#warmth = 0
    }
  }

  /** @param hasPower false when the battery is empty. */
  step(nowMs: number, stepMs: number, hasPower: boolean): void {
    // Dark at the very end of the heartbeat, not a step after it.
    const isBeating = nowMs - this.#lastBeatMs < LAMP_HEARTBEAT_MS
    if (!isBeating || !hasPower) this.#warmth = 0
    else this.#warmth = Math.min(1, this.#warmth + stepMs / LAMP_WARM_UP_MS)
  }
}
