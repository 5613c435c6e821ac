import { agedOutputFraction, tubeOutput, type LampModel } from '@wardlight/core/disinfection'
import type { Clock } from '@wardlight/core/clock'
import type { Disposable } from '@wardlight/core/ros'
import type { RobotSensors } from './ports.ts'

/** Rated life of a low-pressure tube where nobody says, hours (proposed: the usual figure of makers' data sheets). */
export const USUAL_LIFE_HOURS = 9000

/** One tube's past, in the order of the lamp's tubes. */
export interface TubeLife {
  /** Of this tube and no other: a new tube in the old place gets a new one, and its hours begin anew. */
  readonly id: string
  /** Burned when it was fitted, hours. */
  readonly hoursWhenFitted: number
  readonly ratedLifeHours: number
  /** Its output was measured, and is not reckoned from its hours. */
  readonly isMeasured: boolean
}

/** Seconds that tubes have burned since they were fitted, by tube id. */
export type BurnedS = Readonly<Record<string, number>>

/** A tube's hours as the fleet is told of them. */
export interface TubeHours {
  readonly id: string
  readonly hours: number
  readonly ratedLifeHours: number
  /** Its output was measured, and is not reckoned from its hours. */
  readonly isMeasured: boolean
}

/** Error type of a lamp beyond its life. */
export const LAMP_WORN = 'LAMP_WORN'

/** Output above which a tube burns: what a cold tube's sensor says in the light of the others is less. */
const BURNS_FROM = 0.05
/** Over a longer silence nobody knows whether it burned, milliseconds. Shorter than what puts the lamp out. */
const LONGEST_GAP_MS = 1000
const S_PER_H = 3600

/** Counts how long each tube burns, by its measured output, and says what the lamp gives at that age. */
export class LampLife {
  readonly #sensors: RobotSensors
  readonly #clock: Clock
  readonly #asFitted: LampModel
  readonly #tubes: readonly TubeLife[]
  #burnedS = new Map<string, number>()
  #last: { readonly atMs: number; readonly burns: readonly boolean[] } | null = null
  #subscription: Disposable | null = null

  /**
   * @param asFitted the lamp on the day on which its tubes' hours were written down
   * @param tubes by default new ones, named by their number from 1
   */
  constructor(options: {
    readonly sensors: RobotSensors
    readonly clock: Clock
    readonly asFitted: LampModel
    readonly tubes?: readonly TubeLife[] | undefined
  }) {
    this.#sensors = options.sensors
    this.#clock = options.clock
    this.#asFitted = options.asFitted
    this.#tubes = options.tubes ?? options.asFitted.tubes.map((_, index) => newTube(String(index + 1)))
  }

  start(): void {
    this.#subscription = this.#sensors.subscribe((reading) => {
      if (reading.kind === 'lampOutput') this.#hear(reading.fractions)
    })
  }

  stop(): void {
    this.#subscription?.dispose()
    this.#subscription = null
    this.#last = null
  }

  /** Whether any tube burned when it was last measured. */
  get isBurning(): boolean {
    return this.#last?.burns.includes(true) ?? false
  }

  /** To the tenth of a second: what is to be kept. */
  get burnedS(): BurnedS {
    return Object.fromEntries([...this.#burnedS].map(([id, seconds]) => [id, Math.round(10 * seconds) / 10]))
  }

  /** Takes what was kept. Tubes that are not fitted any more are left out. */
  recall(kept: BurnedS): void {
    this.#burnedS = new Map(
      this.#tubes.flatMap(({ id }) => (Object.hasOwn(kept, id) ? [[id, kept[id]!] as const] : [])),
    )
  }

  get tubes(): readonly TubeHours[] {
    return this.#tubes.map(({ id, hoursWhenFitted, ratedLifeHours, isMeasured }) => ({
      id,
      hours: hoursWhenFitted + (this.#burnedS.get(id) ?? 0) / S_PER_H,
      ratedLifeHours,
      isMeasured,
    }))
  }

  /** Why nobody can say what the lamp gives, in words; `null` while its age is within its life. */
  get problem(): string | null {
    const worn = this.tubes.filter(
      ({ hours, ratedLifeHours }, index) => hours > ratedLifeHours && !this.#tubes[index]!.isMeasured,
    )
    if (worn.length === 0) return null
    const [first] = worn
    return `tube ${worn.map(({ id }) => id).join(', ')} burned for its rated life of ${first!.ratedLifeHours} h: replace it, or measure it and give its outputFraction`
  }

  /** The lamp at its present age, by whole hours: no tube brighter than as it was fitted. */
  get lamp(): LampModel {
    return {
      ...this.#asFitted,
      tubes: this.#asFitted.tubes.map((tube, index) => {
        const { id, hoursWhenFitted, ratedLifeHours, isMeasured } = this.#tubes[index]!
        const burnedHours = Math.floor((this.#burnedS.get(id) ?? 0) / S_PER_H)
        if (isMeasured || burnedHours === 0) return tube
        const hours = Math.min(hoursWhenFitted + burnedHours, ratedLifeHours)
        return {
          ...tube,
          outputFraction: Math.min(
            tubeOutput({ outputFraction: 1 }, tube),
            agedOutputFraction(hours, ratedLifeHours),
          ),
        }
      }),
    }
  }

  #hear(fractions: readonly number[]): void {
    const atMs = this.#clock.monotonicMs()
    const gapMs = this.#last === null ? 0 : atMs - this.#last.atMs
    if (this.#last !== null && gapMs > 0 && gapMs <= LONGEST_GAP_MS) {
      this.#last.burns.forEach((burns, index) => {
        const id = this.#tubes[index]?.id
        if (burns && id !== undefined) this.#burnedS.set(id, (this.#burnedS.get(id) ?? 0) + gapMs / 1000)
      })
    }
    this.#last = { atMs, burns: fractions.map((fraction) => fraction >= BURNS_FROM) }
  }
}

/** One that nobody has said anything of. */
export function newTube(id: string): TubeLife {
  return { id, hoursWhenFitted: 0, ratedLifeHours: USUAL_LIFE_HOURS, isMeasured: false }
}
