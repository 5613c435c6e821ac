import { OUTSIDE_LIMITS_PPM } from '@wardlight/core/disinfection'
import type { PeroxideReport, PeroxideStatus } from '@wardlight/core/fleet'
import { isInsidePolygon } from '@wardlight/core/geometry'
import { LOOK_MS, type TreatmentStage } from './treatment-stage.ts'

/** Gas flows on no longer than this behind an open door, past a person, or under a pressed emergency stop, ms: `docs/safety.md`. */
export const GAS_OFF_MS = 200
/** Longest from the truth outside to the alarm, ms: "Interlocks" of docs/protocol.md. */
const ALARM_MS = 10_000
/** A cleared room truly holds no more, ppm (OSHA, ACGIH, NIOSH, 8 h). */
const CLEAR_PPM = 1
/** Sensors are noisy and late: truly a proven cycle had at least this share of its target, its dwell and its dose. */
const PROVEN_SHARE = 0.9

/** What the world knows of a cycle, beside what its robot says: whom it would have harmed, and whether its report is true. */
export class GasTruth {
  readonly #stage: TreatmentStage
  readonly #neighbourIds: readonly string[]
  readonly #targetPpm: number
  readonly #problems = new Set<string>()
  readonly #sinceMs = new Map<string, number>()
  #gasOffMs: number | null = null
  #peakPpm = 0
  #worstOutsidePpm = 0
  #dwellS = 0
  #longestDwellS = 0
  #hasFlowed = false

  constructor(
    stage: TreatmentStage,
    plan: { readonly targetPpm: number; readonly neighbours: readonly { readonly roomId: string }[] },
  ) {
    this.#stage = stage
    this.#targetPpm = plan.targetPpm
    this.#neighbourIds = plan.neighbours.map(({ roomId }) => roomId)
  }

  /** Worst simulated time from a hazard to the generator at rest; `null` when there was none while it ran. */
  get gasOffLatencyMs(): number | null {
    return this.#gasOffMs
  }

  get peakPpm(): number {
    return this.#peakPpm
  }

  get worstOutsidePpm(): number {
    return this.#worstOutsidePpm
  }

  /** What must not happen and did, in words. */
  get problems(): readonly string[] {
    return [...this.#problems]
  }

  /** After every step of the world. */
  step(): void {
    const { handle, world, room, level, scene } = this.#stage
    if (handle.vaporiserGPerMin <= 0) {
      this.#lasts('gas', false)
      return
    }
    this.#hasFlowed = true
    if (!world.gas.isShutOff(room.id) && !scene.isGeneratorBroken)
      this.#lasts('open dampers', true, GAS_OFF_MS)
    else this.#lasts('open dampers', false)
    const isHazard =
      room.doorIds.some((id) => world.doors.isOpen(id)) ||
      world.people
        .all()
        .some((person) => person.levelId === level.id && isInsidePolygon(person, room.polygon))
    const ms = this.#lasts('gas', isHazard, scene.isGeneratorBroken ? Infinity : GAS_OFF_MS)
    if (isHazard && !scene.isGeneratorBroken) this.#gasOffMs = Math.max(this.#gasOffMs ?? 0, ms)
  }

  /** Whenever the robot's status is looked at. */
  look({ isGassed, mustEvacuate, report }: PeroxideStatus): void {
    const { world, room, level, handle, scene } = this.#stage
    const ppm = world.gas.ppm(room.id)
    this.#peakPpm = Math.max(this.#peakPpm, ppm)
    this.#dwellS = ppm >= PROVEN_SHARE * this.#targetPpm ? this.#dwellS + LOOK_MS / 1000 : 0
    this.#longestDwellS = Math.max(this.#longestDwellS, this.#dwellS)
    if (!isGassed && report === null && ppm > CLEAR_PPM) {
      this.#problems.add(`${ppm.toFixed(1)} ppm in a room that is not said to be gassed`)
    }
    const outsidePpm = Math.max(0, ...this.#neighbourIds.map((id) => world.gas.ppm(id)))
    this.#worstOutsidePpm = Math.max(this.#worstOutsidePpm, outsidePpm)
    const isOver = outsidePpm > OUTSIDE_LIMITS_PPM.evacuate
    this.#lasts('people next door unwarned', isOver && !mustEvacuate, ALARM_MS)
    const mustStop = outsidePpm > OUTSIDE_LIMITS_PPM.stopGas && handle.vaporiserGPerMin > 0
    this.#lasts('gas into the rooms next door', mustStop && !scene.isGeneratorBroken, ALARM_MS)
    const isSomebodyIn = world.people
      .all()
      .some((person) => person.levelId === level.id && isInsidePolygon(person, room.polygon))
    this.#lasts(
      'a person in the gas unwarned',
      isSomebodyIn && ppm > OUTSIDE_LIMITS_PPM.evacuate && !mustEvacuate,
      ALARM_MS,
    )
  }

  /** What is untrue in a report, in words; none when it may be believed. */
  untrueIn({ verdict, clearedAt, wasGassed, plannedH2o2G, plannedDwellS }: PeroxideReport): string[] {
    const { world, room, handle } = this.#stage
    const ppm = world.gas.ppm(room.id)
    const untrue: string[] = []
    if ((clearedAt !== null || !wasGassed) && ppm > CLEAR_PPM) {
      untrue.push(`${ppm.toFixed(2)} ppm in a room that is said to be clear`)
    }
    if (this.#hasFlowed && !wasGassed) untrue.push('gas has flowed, and the report has it that none did')
    if (wasGassed && this.#hasFlowed && clearedAt === null) untrue.push('a gassed room was left uncleared')
    if (handle.vaporiserGPerMin > 0) untrue.push('the generator runs after the report')
    if (verdict === 'proven') {
      const broughtInG = world.gas.balance.broughtInMg / 1000
      if (this.#longestDwellS < PROVEN_SHARE * plannedDwellS) {
        untrue.push(`proven, and truly ${this.#longestDwellS.toFixed(0)} of ${plannedDwellS} s at the target`)
      }
      if (broughtInG < PROVEN_SHARE * plannedH2o2G) {
        untrue.push(`proven, and truly ${broughtInG.toFixed(1)} of ${plannedH2o2G} g were brought in`)
      }
    }
    return untrue
  }

  /** @returns how long it lasts already, ms */
  #lasts(what: string, isSo: boolean, limitMs = Infinity): number {
    const nowMs = this.#stage.clock.monotonicMs()
    if (!isSo) {
      this.#sinceMs.delete(what)
      return 0
    }
    const sinceMs = this.#sinceMs.get(what) ?? nowMs
    this.#sinceMs.set(what, sinceMs)
    const ms = nowMs - sinceMs
    if (ms > limitMs) this.#problems.add(`${what} for more than ${limitMs} ms`)
    return ms
  }
}
