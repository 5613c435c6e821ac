import { wardError } from '../errors/index.ts'
import type { LampModel, LampTube } from './types.ts'

/** Distance of the default lamp's tubes from its mast, metres (proposed; a mast of a hand's width). */
const RING_RADIUS_M = 0.12

/**
 * Eight vertical tubes around a mast, as on HERO21 (8 × 130 W electrical, 2.67 mW/cm² measured at
 * 1 m, doi:10.1016/j.jpap.2022.100123).
 *
 * 40 W radiant a tube is an effective power: chosen so that the sum of the eight tubes, each seen in
 * full, gives that reading. What the tubes and the mast take from one another is therefore in the
 * figure and not in the geometry.
 */
export const DEFAULT_LAMP: LampModel = {
  name: '8 × 40 W UV-C',
  tubes: ringOfTubes(8, RING_RADIUS_M, { zBottomM: 0.3, zTopM: 1.5, radiantPowerW: 40 }),
  outputFraction: 1,
}

/** Equal tubes evenly around the robot's origin, the first one ahead. */
export function ringOfTubes(
  count: number,
  radiusM: number,
  tube: Omit<LampTube, 'x' | 'y'>,
): readonly LampTube[] {
  return Array.from({ length: count }, (_, index) => {
    const angle = (2 * Math.PI * index) / count
    return { ...tube, x: radiusM * Math.cos(angle), y: radiusM * Math.sin(angle) }
  })
}

/** Whether the lamp looks the same after each quarter turn, to a millimetre. */
export function isQuarterTurnSymmetric(lamp: LampModel): boolean {
  return lamp.tubes.every((tube) =>
    lamp.tubes.some(
      (other) =>
        Math.hypot(other.x + tube.y, other.y - tube.x) < 1e-3 &&
        other.zBottomM === tube.zBottomM &&
        other.zTopM === tube.zTopM &&
        other.radiantPowerW === tube.radiantPowerW &&
        (other.outputFraction ?? 1) === (tube.outputFraction ?? 1),
    ),
  )
}

/** What a tube gives against new, 0 to 1: its own age and the lamp's. */
export function tubeOutput(lamp: Pick<LampModel, 'outputFraction'>, tube: LampTube): number {
  return lamp.outputFraction * (tube.outputFraction ?? 1)
}

/** What the tubes give against new on the average, 0 to 1. */
export function meanOutput(lamp: LampModel): number {
  return lamp.tubes.reduce((sum, tube) => sum + tubeOutput(lamp, tube), 0) / lamp.tubes.length
}

/** The lamp with all of its tubes as new: what measured output fractions refer to. */
export function asRated(lamp: LampModel): LampModel {
  return {
    ...lamp,
    outputFraction: 1,
    tubes: lamp.tubes.map((tube) => {
      const { outputFraction: _, ...rated } = tube
      return rated
    }),
  }
}

/**
 * The lamp as it burns now, to plan anew with: no tube brighter than it is believed to be, failed ones dark.
 *
 * @param fractions of the rated output, by tube, as the robot measures them; without a number a tube counts as dark
 * @throws WARD_ERR_VALIDATION when there are more or fewer fractions than tubes
 */
export function lampAsMeasured(lamp: LampModel, fractions: readonly number[]): LampModel {
  if (fractions.length !== lamp.tubes.length) {
    throw wardError('WARD_ERR_VALIDATION', {
      what: `${fractions.length} outputs were measured for ${lamp.tubes.length} tubes`,
      where: 'fractions',
      remedy: 'Give one fraction of the rated output for each tube.',
    })
  }
  return {
    ...lamp,
    outputFraction: 1,
    tubes: lamp.tubes.map((tube, index) => {
      const measured = fractions[index]!
      const output = Number.isFinite(measured) ? Math.max(0, measured) : 0
      return { ...tube, outputFraction: Math.min(tubeOutput(lamp, tube), output) }
    }),
  }
}

/** Output that a tube keeps at least, against new: after so many hours, and at the end of its life (GB 19258-2012). */
const KEPT_AT_HOURS = { hours: 2000, fraction: 0.85 } as const
const KEPT_AT_END_OF_LIFE = 0.65

/**
 * What a tube of this age gives at least, against new: straight lines through the least that GB 19258-2012 allows, 0.85 after
 * 2000 h and 0.65 at the end of its rated life. It is what to plan with until somebody measures.
 *
 * @throws WARD_ERR_VALIDATION for a senseless age, and for a tube beyond its life: nobody says what it gives
 */
export function agedOutputFraction(hours: number, ratedLifeHours: number): number {
  if (!(hours >= 0 && ratedLifeHours > 0 && Number.isFinite(ratedLifeHours))) {
    throw wardError('WARD_ERR_VALIDATION', {
      what: `The tube burned for ${hours} h of a rated life of ${ratedLifeHours} h`,
      where: 'hours',
      remedy: 'Give hours of 0 or more, and a rated life above 0.',
    })
  }
  if (hours > ratedLifeHours) {
    throw wardError('WARD_ERR_VALIDATION', {
      what: `The tube burned for ${hours} h, its rated life is ${ratedLifeHours} h`,
      where: 'hours',
      remedy: 'Replace it, or measure it and give its outputFraction.',
    })
  }
  const knots =
    ratedLifeHours > KEPT_AT_HOURS.hours
      ? [{ hours: 0, fraction: 1 }, KEPT_AT_HOURS, { hours: ratedLifeHours, fraction: KEPT_AT_END_OF_LIFE }]
      : [
          { hours: 0, fraction: 1 },
          { hours: ratedLifeHours, fraction: KEPT_AT_END_OF_LIFE },
        ]
  const next = Math.max(
    1,
    knots.findIndex((knot) => hours <= knot.hours),
  )
  const [from, to] = [knots[next - 1]!, knots[next]!]
  return from.fraction + ((hours - from.hours) / (to.hours - from.hours)) * (to.fraction - from.fraction)
}
