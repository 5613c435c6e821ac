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
        other.radiantPowerW === tube.radiantPowerW,
    ),
  )
}
