import { wardError } from '../errors/index.ts'
import { lineSourceFactor, MICROWATTS_PER_CM2 } from './line-source.ts'
import type { DistanceCorrection, LampModel } from './types.ts'

/** Readings of a radiometer that is turned to the lamp, in the open, with every tube new and warm. */
export interface MeasuredCurve {
  /** Height of the radiometer above the floor, metres. */
  readonly heightM: number
  /** By growing distance from the robot's origin, horizontally. */
  readonly points: readonly { readonly distanceM: number; readonly mwPerCm2: number }[]
}

/** A reading so far off the model is a slip of units or of the lamp's description, a factor (proposed). */
const MOST_OFF = 5

/** Directions over which the model's reading is averaged: a radiometer is held at any side of the ring. */
const DIRECTIONS = 24

/**
 * The lamp with its model corrected by what was measured: at each measured distance the light in the open is the
 * reading, in between the factor follows a straight line over the logarithm of the distance. Shadows, angles and heights stay
 * those of the model. Beyond the readings the factor is that of the nearest one, but never above 1: nothing was
 * measured there that would justify more than the model.
 *
 * @throws WARD_ERR_VALIDATION for fewer than two readings, readings that do not fall with distance, and readings that
 *   no such lamp can give
 */
export function withMeasuredCurve(lamp: LampModel, curve: MeasuredCurve): LampModel {
  const refuse = (what: string, index: number, remedy: string): never => {
    throw wardError('WARD_ERR_VALIDATION', { what, where: `points[${index}]`, remedy })
  }
  if (curve.points.length < 2) {
    refuse(
      'The measured curve has fewer than two readings',
      curve.points.length,
      'Measure at two distances or more, for example 1 m and 3 m.',
    )
  }
  const distanceCorrections = curve.points.map(({ distanceM, mwPerCm2 }, index): DistanceCorrection => {
    if (!(distanceM > 0 && mwPerCm2 > 0 && Number.isFinite(distanceM) && Number.isFinite(mwPerCm2))) {
      refuse(`The reading is ${mwPerCm2} mW/cm² at ${distanceM} m`, index, 'Give numbers above 0.')
    }
    const before = curve.points[index - 1]
    if (before !== undefined && !(distanceM > before.distanceM && mwPerCm2 < before.mwPerCm2)) {
      refuse(
        `The reading of ${mwPerCm2} mW/cm² at ${distanceM} m follows ${before.mwPerCm2} mW/cm² at ${before.distanceM} m`,
        index,
        'List the readings by growing distance; light gets less with it.',
      )
    }
    const modelled = readingInTheOpen(lamp, distanceM, curve.heightM) / 1000
    const factor = mwPerCm2 / modelled
    if (!(factor <= MOST_OFF && factor >= 1 / MOST_OFF)) {
      refuse(
        `The reading of ${mwPerCm2} mW/cm² at ${distanceM} m is ${factor.toPrecision(2)} times what the tubes should give`,
        index,
        'Check its unit (mW/cm²), the tubes’ radiant power, and the height.',
      )
    }
    return { distanceM, factor }
  })
  return { ...lamp, distanceCorrections }
}

/** The factor at a horizontal distance from the robot's origin. */
export function correctionAt(corrections: readonly DistanceCorrection[], distanceM: number): number {
  const [first] = corrections
  const last = corrections.at(-1)
  if (first === undefined || last === undefined) return 1
  if (distanceM < first.distanceM) return Math.min(1, first.factor)
  if (distanceM > last.distanceM) return Math.min(1, last.factor)
  const next = Math.max(
    1,
    corrections.findIndex((correction) => distanceM <= correction.distanceM),
  )
  const to = corrections[next]
  if (to === undefined) return last.factor
  const from = corrections[next - 1]!
  const share = Math.log(distanceM / from.distanceM) / Math.log(to.distanceM / from.distanceM)
  return from.factor + share * (to.factor - from.factor)
}

/** What the new lamp's model gives a radiometer that is turned to it, µW/cm², the mean over directions. */
function readingInTheOpen({ tubes }: LampModel, distanceM: number, heightM: number): number {
  let sum = 0
  for (let direction = 0; direction < DIRECTIONS; direction += 1) {
    const angle = (2 * Math.PI * direction) / DIRECTIONS
    const ux = Math.cos(angle)
    const uy = Math.sin(angle)
    for (const { x, y, zBottomM, zTopM, radiantPowerW } of tubes) {
      const dx = x - distanceM * ux
      const dy = y - distanceM * uy
      const d = Math.max(1e-6, Math.hypot(dx, dy))
      const towards = Math.max(0, -(dx * ux + dy * uy) / d)
      sum +=
        ((MICROWATTS_PER_CM2 * radiantPowerW) / (zTopM - zBottomM)) *
        lineSourceFactor(d, towards, 0, zBottomM - heightM, zTopM - heightM)
    }
  }
  return sum / DIRECTIONS
}
