/** Red, green, blue, each 0 to 1, sRGB. */
export type Rgb = readonly [number, number, number]

/**
 * Viridis (van der Walt and Smith 2015) at nine even steps: its lightness rises steadily, so it reads
 * in grey print and with any colour vision.
 */
const VIRIDIS: readonly Rgb[] = [
  '440154',
  '472d7b',
  '3b528b',
  '2c728e',
  '21918c',
  '28ae80',
  '5ec962',
  'addc30',
  'fde725',
].map((hex) => [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255) as unknown as Rgb)

/** The scale spans from this share of the target… */
export const SCALE_FROM = 0.1
/** …to this many times the target. The target itself lies in the middle, as the scale is logarithmic. */
export const SCALE_TO = 10

/** Where a dose lies on the scale, 0 to 1; doses beyond its ends stay at the ends. */
export function doseFraction(doseMjPerCm2: number, targetMjPerCm2: number): number {
  if (!(doseMjPerCm2 > 0) || !(targetMjPerCm2 > 0)) return 0
  const decades = Math.log10(doseMjPerCm2 / targetMjPerCm2 / SCALE_FROM)
  return Math.min(1, Math.max(0, decades / Math.log10(SCALE_TO / SCALE_FROM)))
}

export function scaleColour(fraction: number): Rgb {
  const at = Math.min(1, Math.max(0, fraction)) * (VIRIDIS.length - 1)
  const index = Math.min(VIRIDIS.length - 2, Math.floor(at))
  const from = VIRIDIS[index]!
  const to = VIRIDIS[index + 1]!
  const along = at - index
  return [0, 1, 2].map(
    (channel) => from[channel]! + (to[channel]! - from[channel]!) * along,
  ) as unknown as Rgb
}

export function doseColour(doseMjPerCm2: number, targetMjPerCm2: number): Rgb {
  return scaleColour(doseFraction(doseMjPerCm2, targetMjPerCm2))
}

/** The scale as a CSS gradient from left to right. */
export function scaleGradient(): string {
  const stops = VIRIDIS.map((colour) => `rgb(${colour.map((value) => Math.round(value * 255)).join(' ')})`)
  return `linear-gradient(to right, ${stops.join(', ')})`
}

export interface ScaleTick {
  readonly fraction: number
  readonly doseMjPerCm2: number
  /** By the organism's dose response; `null` where that is unknown. */
  readonly logReduction: number | null
  readonly isTarget: boolean
}

/** Both ends and the target. */
export function scaleTicks(
  targetMjPerCm2: number,
  logReductionOf: ((doseMjPerCm2: number) => number) | null,
): ScaleTick[] {
  return [SCALE_FROM, 1, SCALE_TO].map((share) => ({
    fraction: doseFraction(share * targetMjPerCm2, targetMjPerCm2),
    doseMjPerCm2: share * targetMjPerCm2,
    logReduction: logReductionOf === null ? null : logReductionOf(share * targetMjPerCm2),
    isTarget: share === 1,
  }))
}
