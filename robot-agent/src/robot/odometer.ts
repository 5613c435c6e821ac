import type { Clock } from '@wardlight/core/clock'
import type { Disposable } from '@wardlight/core/ros'
import type { RobotSensors } from './ports.ts'

/** Slower than this it stands, m/s: odometry never is quite still. */
const STANDING_MPS = 0.01
/** Over a longer silence nobody knows how far it went, milliseconds. */
const LONGEST_GAP_MS = 500

/** Counts how far the robot drives in its life, by its wheels. What nobody measured is not counted. */
export class Odometer {
  readonly #sensors: RobotSensors
  readonly #clock: Clock
  #drivenM = 0
  #last: { readonly atMs: number; readonly speedMps: number } | null = null
  #subscription: Disposable | null = null

  constructor(options: { readonly sensors: RobotSensors; readonly clock: Clock }) {
    this.#sensors = options.sensors
    this.#clock = options.clock
  }

  start(): void {
    this.#subscription = this.#sensors.subscribe((reading) => {
      if (reading.kind === 'odometry') this.#hear(reading.speedMps)
    })
  }

  stop(): void {
    this.#subscription?.dispose()
    this.#subscription = null
    this.#last = null
  }

  /** Forwards and backwards, to the decimetre. */
  get drivenM(): number {
    return Math.round(10 * this.#drivenM) / 10
  }

  /** Takes what was kept. */
  recall(drivenM: number): void {
    this.#drivenM = drivenM
  }

  #hear(speedMps: number): void {
    const atMs = this.#clock.monotonicMs()
    const gapMs = this.#last === null ? 0 : atMs - this.#last.atMs
    if (this.#last !== null && gapMs > 0 && gapMs <= LONGEST_GAP_MS) {
      this.#drivenM += (this.#last.speedMps * gapMs) / 1000
    }
    // Written so that NaN counts as standing.
    this.#last = { atMs, speedMps: speedMps > STANDING_MPS ? speedMps : 0 }
  }
}
