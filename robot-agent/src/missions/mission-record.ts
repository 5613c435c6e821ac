import type { Clock } from '@wardlight/core/clock'
import type { ArmingStep } from '@wardlight/core/fleet'

/** What of a record outlives the program that keeps it. */
export interface FormerRecord<Interlock, Phase> {
  readonly startedAtEpochMs: number
  readonly interlocks: readonly Interlock[]
  readonly timeline: readonly { readonly at: number; readonly phase: Phase }[]
  readonly arming: readonly { readonly at: number; readonly step: ArmingStep; readonly by: string | null }[]
}

/** What happened in a mission that people arm, and when: seconds since it was ordered, over all lives of the program. */
export class MissionRecord<Interlock extends { readonly at: number }, Phase extends string> {
  readonly startedAtEpochMs: number
  readonly interlocks: Interlock[]
  readonly timeline: { at: number; phase: Phase }[]
  readonly arming: { at: number; step: ArmingStep; by: string | null }[]
  readonly #clock: Clock
  readonly #beganMs: number
  readonly #beforeS: number

  /** @param beforeS seconds of the mission before this program took it up */
  constructor(clock: Clock, former: FormerRecord<Interlock, Phase> | null, beforeS: number) {
    this.#clock = clock
    this.#beganMs = clock.monotonicMs()
    this.#beforeS = beforeS
    this.startedAtEpochMs = former?.startedAtEpochMs ?? clock.epochMs()
    this.interlocks = [...(former?.interlocks ?? [])]
    this.timeline = [...(former?.timeline ?? [])]
    this.arming = [...(former?.arming ?? [])]
  }

  /** Since this program took it up, ms. */
  get ownMs(): number {
    return this.#clock.monotonicMs() - this.#beganMs
  }

  get elapsedS(): number {
    return this.#beforeS + this.ownMs / 1000
  }

  trip(interlock: Omit<Interlock, 'at'>): void {
    this.interlocks.push({ at: this.elapsedS, ...interlock } as Interlock)
  }

  enter(phase: Phase): void {
    this.timeline.push({ at: this.elapsedS, phase })
  }

  advanceArming(step: ArmingStep, by: string | null): void {
    this.arming.push({ at: this.elapsedS, step, by })
  }
}
