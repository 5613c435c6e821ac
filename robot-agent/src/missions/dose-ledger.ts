import {
  asRated,
  createIrradianceField,
  surfacesOf,
  type LampModel,
  type RoomModel,
  type Surface,
} from '@wardlight/core/disinfection'
import { distance, normalizeAngle, type Pose2 } from '@wardlight/core/geometry'

/** A gap between two measurements longer than this adds no dose: nobody knows what the lamp did. */
const MAX_STEP_MS = 500
/** The field is computed anew when the pose moved by more than this. */
const FIELD_STEP_M = 0.01
const FIELD_STEP_RAD = 0.02
/**
 * A standing robot is taken to be within so many standard deviations of where its localisation has it (proposed: the mean
 * of a stand's estimates is nearer than one of them). At a shadow's edge, or along a wall, so much decides between all of
 * the light and none.
 */
const DEVIATIONS = 2
/** No localisation is believed to be better than this, standard deviation, metres. */
const LEAST_DEVIATION_M = 0.01
/** Where it may be is looked at anew when that grew or shrank by so much, metres. */
const OFF_STEP_M = 0.01
/** Where it is believed to be, and all around. */
const OFFSETS = [
  [0, 0] as const,
  ...Array.from({ length: 8 }, (_, index) => {
    const angle = (index * Math.PI) / 4
    return [Math.cos(angle), Math.sin(angle)] as const
  }),
]
/** Tubes that differ by more than this in output are summed one by one. */
const EVEN_OUTPUT = 0.02

/**
 * Adds up the dose that each surface of a room really got: the irradiance at the pose where the robot
 * was, with the shadows of the room as found, times the measured output of the tubes, times time.
 *
 * Between two measurements the lower output counts, and of the places where the robot may be the one that gives a
 * surface least: so what is written down was delivered at least.
 */
export class DoseLedger {
  readonly room: RoomModel
  readonly surfaces: readonly Surface[]
  /** mJ/cm², in the order of `surfaces`. */
  readonly doseMjPerCm2: Float64Array
  readonly #lamp: LampModel
  readonly #field: ReturnType<typeof createIrradianceField>
  #tubeFields: ReturnType<typeof createIrradianceField>[] | null = null
  #cache: {
    readonly pose: Pose2
    readonly offM: number
    readonly isEven: boolean
    readonly fields: readonly (readonly Float64Array[])[]
  } | null = null
  #last: { atMs: number; fractions: readonly number[] } | null = null
  #lampOnS = 0
  #lastOutput: readonly number[] | null = null

  /** @param before what the surfaces of this room have got already, and what is known of the lamp */
  constructor(
    room: RoomModel,
    surfaceSizeM: number,
    lamp: LampModel,
    before?: Pick<DoseLedger, 'lampOnS' | 'lastOutput'> & { readonly doseMjPerCm2: readonly number[] },
  ) {
    this.room = room
    this.surfaces = surfacesOf(room, surfaceSizeM)
    this.doseMjPerCm2 = new Float64Array(this.surfaces.length)
    if (before !== undefined) {
      this.doseMjPerCm2.set(before.doseMjPerCm2)
      this.#lampOnS = before.lampOnS
      this.#lastOutput = before.lastOutput
    }
    // Output is measured against the rated one, so ageing is in the measurement already.
    this.#lamp = asRated(lamp)
    this.#field = createIrradianceField(this.surfaces, room, this.#lamp)
  }

  /** Seconds during which any tube was lit. */
  get lampOnS(): number {
    return this.#lampOnS
  }

  /** Output of each tube against rated while the lamp was last lit, 0 to 1; `null` before. */
  get lastOutput(): readonly number[] | null {
    return this.#lastOutput
  }

  get hasDose(): boolean {
    return this.doseMjPerCm2.some((dose) => dose > 0)
  }

  /**
   * Takes one measurement of the tubes.
   *
   * @param pose where the robot is; `null` when it does not know: then no dose is written down.
   * @param deviationM one standard deviation of that, as the localisation tells it; infinite is not to know
   * @returns seconds of full rated output since the last measurement.
   */
  measure(atMs: number, fractions: readonly number[], pose: Pose2 | null, deviationM: number): number {
    const last = this.#last
    this.#last = { atMs, fractions }
    // A measurement that lacks tubes does not say which of them burn.
    if (
      last === null ||
      [last.fractions, fractions].some(({ length }) => length !== this.#lamp.tubes.length)
    ) {
      return 0
    }
    const stepMs = atMs - last.atMs
    if (!(stepMs > 0 && stepMs <= MAX_STEP_MS)) return 0
    const output = fractions.map((fraction, tube) => {
      const lower = Math.min(fraction, last.fractions[tube]!)
      return Number.isFinite(lower) ? Math.min(1, Math.max(0, lower)) : 0
    })
    const highest = Math.max(0, ...output)
    if (highest === 0) return 0
    this.#lastOutput = output
    const stepS = stepMs / 1000
    this.#lampOnS += stepS
    if (pose === null || !Number.isFinite(deviationM)) return 0
    this.#add(output, pose, offOf(deviationM), stepS)
    return (output.reduce((sum, fraction) => sum + fraction, 0) / output.length) * stepS
  }

  #add(output: readonly number[], pose: Pose2, offM: number, stepS: number): void {
    const highest = Math.max(...output)
    const lowest = Math.min(...output)
    const isEven = highest - lowest <= EVEN_OUTPUT
    const fields = this.#fieldsAt(pose, offM, isEven)
    const factors = (isEven ? [lowest] : output).map((fraction) => (fraction * stepS) / 1000)
    const dose = this.doseMjPerCm2
    for (let index = 0; index < dose.length; index += 1) {
      let least = Infinity
      for (const byTube of fields) {
        let given = 0
        // µW/cm² · s = µJ/cm².
        for (let tube = 0; tube < byTube.length; tube += 1) given += byTube[tube]![index]! * factors[tube]!
        if (given < least) least = given
      }
      dose[index]! += least
    }
  }

  /** By place where the robot may be, the lamp's field, or each tube's. */
  #fieldsAt(pose: Pose2, offM: number, isEven: boolean): readonly (readonly Float64Array[])[] {
    const old = this.#cache
    if (
      old !== null &&
      old.isEven === isEven &&
      old.offM === offM &&
      distance(old.pose, pose) <= FIELD_STEP_M &&
      Math.abs(normalizeAngle(pose.theta - old.pose.theta)) <= FIELD_STEP_RAD
    ) {
      return old.fields
    }
    if (!isEven) {
      this.#tubeFields ??= this.#lamp.tubes.map((tube) =>
        createIrradianceField(this.surfaces, this.room, { ...this.#lamp, tubes: [tube] }),
      )
    }
    const sources = isEven ? [this.#field] : this.#tubeFields!
    const fields = OFFSETS.map(([dx, dy]) =>
      sources.map((field) => field.at({ x: pose.x + offM * dx, y: pose.y + offM * dy, theta: pose.theta })),
    )
    this.#cache = { pose, offM, isEven, fields }
    return fields
  }
}

/** In steps, rounded up: the deviation trembles, and fields are dear. */
function offOf(deviationM: number): number {
  const offM = DEVIATIONS * Math.max(LEAST_DEVIATION_M, deviationM)
  return OFF_STEP_M * Math.ceil(offM / OFF_STEP_M - 1e-9)
}
