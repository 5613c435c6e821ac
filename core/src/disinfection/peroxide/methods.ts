/** Milligrams of H2O2 per cubic metre in 1 ppm, at 25 °C and 1013 hPa: 34.01 g/mol over 24.45 l/mol. */
export const MG_PER_M3_PER_PPM = 1.39

export type PeroxideMethod = 'hpv' | 'ahp'

/** From what is sure to what may be, for figures that no source settles: `[least, usual, most]`. */
export type Spread = readonly [least: number, usual: number, most: number]

/** What a way of bringing hydrogen peroxide into a room needs, and what it does there. */
export interface PeroxideMethodFacts {
  readonly name: string
  /** Mass share of H2O2 in the solution. */
  readonly solutionFraction: number
  readonly solutionGPerMl: number
  /** Pure H2O2 brought in, g per m³ of room. */
  readonly doseGPerM3: number
  /** Pure H2O2 a minute and cubic metre while gassing, g. */
  readonly rateGPerMinPerM3: number
  /** Share that stays in the air as vapour or becomes vapour; the rest wets surfaces at once. */
  readonly airborneShare: Spread
  /** The most that the air holds before it condenses, ppm. */
  readonly saturationPpm: Spread
  /** Decomposition on surfaces and in air, per hour: it takes gas and film away. */
  readonly decayPerHour: Spread
  /** Exposure that the indicators need, ppm and seconds above it without a break. */
  readonly targetPpm: number
  readonly dwellS: number
  readonly temperatureC: readonly [number, number]
  readonly relativeHumidityPercent: readonly [number, number]
  readonly source: string
}

/**
 * Doses, peaks, windows: Holmdahl et al. 2011 and 2019 (peaks of 338 and 860 ppm for vapour, 160 ppm for aerosol),
 * PMC7323093 (exposure 20–50 min, ventilation 15–120 min), the 30 m³ trial at 14 g/m³, 20–25 °C and 35–65 % RH. Rates, shares, decay and
 * the target are proposals of this project, set so that the model's peaks lie among the measured ones; a site's
 * validation goes before all of them.
 */
export const PEROXIDE_METHODS: Readonly<Record<PeroxideMethod, PeroxideMethodFacts>> = {
  hpv: {
    name: 'hydrogen peroxide vapour',
    solutionFraction: 0.35,
    solutionGPerMl: 1.13,
    doseGPerM3: 14,
    rateGPerMinPerM3: 0.5,
    airborneShare: [0.9, 1, 1],
    saturationPpm: [338, 500, 860],
    decayPerHour: [0.5, 1.5, 4],
    targetPpm: 250,
    dwellS: 30 * 60,
    temperatureC: [20, 25],
    relativeHumidityPercent: [35, 65],
    source: 'Holmdahl et al. 2011, 2019; PMC7323093; kinetics proposed',
  },
  ahp: {
    name: 'aerosolised hydrogen peroxide',
    solutionFraction: 0.06,
    solutionGPerMl: 1.02,
    doseGPerM3: 0.367,
    rateGPerMinPerM3: 0.012,
    airborneShare: [0.4, 0.6, 0.8],
    saturationPpm: [160, 300, 600],
    decayPerHour: [0.3, 1, 2],
    // EPA: 25 ppm inactivated Phi6 and MS2 in 2 h.
    targetPpm: 25,
    dwellS: 60 * 60,
    temperatureC: [18, 30],
    relativeHumidityPercent: [30, 70],
    source:
      'Holmdahl et al. 2011 (peak 160 ppm); 6 ml/m³ of 6 % solution from memory of data sheets; kinetics proposed',
  },
}

/** Pure H2O2 and solution for a room. */
export function peroxideDose(
  method: PeroxideMethod,
  volumeM3: number,
): { readonly h2o2G: number; readonly solutionMl: number } {
  const { doseGPerM3, solutionFraction, solutionGPerMl } = PEROXIDE_METHODS[method]
  const h2o2G = doseGPerM3 * volumeM3
  return { h2o2G, solutionMl: h2o2G / solutionFraction / solutionGPerMl }
}
