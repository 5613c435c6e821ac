import { MG_PER_M3_PER_PPM } from './methods.ts'

/** A well-mixed volume of air. */
export interface GasZone {
  readonly id: string
  readonly volumeM3: number
  /** Air that goes outside and is replaced by clean air, volumes an hour. */
  readonly airChangesPerHour: number
}

/** Air exchanged between two zones, as much there as back, m³ an hour. */
export interface GasLeak {
  readonly a: string
  readonly b: string
  readonly flowM3PerHour: number
}

export interface GasKinetics {
  /** Above it vapour condenses to a film, ppm. */
  readonly saturationPpm: number
  /** Decomposition of vapour and film, per hour. */
  readonly decayPerHour: number
}

/** What is in a zone: vapour in its air, and a film on its surfaces, both in mg of H2O2. */
export interface GasContent {
  readonly vapourMg: number
  readonly filmMg: number
}

export type GasState = ReadonlyMap<string, GasContent>

export interface GasSource {
  readonly zoneId: string
  /** Pure H2O2, mg a second. */
  readonly rateMgPerS: number
  /** The share that does not stay airborne wets surfaces. */
  readonly airborneShare: number
}

/** How quickly condensing and evaporation follow the air, per hour (proposed: half a minute). */
const FILM_EXCHANGE_PER_HOUR = 120

const EMPTY: GasContent = { vapourMg: 0, filmMg: 0 }

/** mg in so much air as ppm. */
export function ppmOf({ vapourMg }: GasContent, volumeM3: number): number {
  return vapourMg / volumeM3 / MG_PER_M3_PER_PPM
}

/**
 * One step of mixing, ventilation, condensing and decay. Losses are taken implicitly (backward Euler), zone by zone over a few
 * sweeps, so that no step is too long to be stable and nothing sinks below zero; what leaves one zone for another
 * arrives there.
 *
 * @param stepS of some seconds: the error goes with the step times the fastest rate
 * @returns the new contents; what is in no zone of the list is gone
 */
export function advanceGas(
  state: GasState,
  zones: readonly GasZone[],
  leaks: readonly GasLeak[],
  kinetics: GasKinetics,
  source: GasSource | null,
  stepS: number,
): GasState {
  const hours = stepS / 3600
  const before = zones.map(({ id }) => state.get(id) ?? EMPTY)
  const indexOf = new Map(zones.map(({ id }, index) => [id, index]))
  const links = leaks.flatMap(({ a, b, flowM3PerHour }) => {
    const [one, other] = [indexOf.get(a), indexOf.get(b)]
    return one === undefined || other === undefined ? [] : [{ one, other, flowM3PerHour }]
  })
  const decay = 1 / (1 + kinetics.decayPerHour * hours)
  const vapour = before.map(({ vapourMg }) => vapourMg)
  const film = before.map(({ filmMg }) => filmMg * decay)
  zones.forEach(({ id, volumeM3 }, index) => {
    if (source !== null && source.zoneId === id) {
      const mg = source.rateMgPerS * stepS
      vapour[index]! += mg * source.airborneShare
      film[index]! += mg * (1 - source.airborneShare)
    }
    // Towards saturation from either side, as far as there is vapour or film.
    const saturatedMg = kinetics.saturationPpm * MG_PER_M3_PER_PPM * volumeM3
    const share = 1 - 1 / (1 + FILM_EXCHANGE_PER_HOUR * hours)
    const evaporates = Math.min(film[index]!, (saturatedMg - vapour[index]!) * share)
    vapour[index]! += evaporates
    film[index]! -= evaporates
  })
  // (1 + h (ach + decay) + h Σ q/V) c' − h Σ q/V c'neighbour = c: diagonally dominant, so sweeps converge.
  const start = [...vapour]
  for (let sweep = 0; sweep < 30; sweep += 1) {
    let change = 0
    zones.forEach(({ volumeM3, airChangesPerHour }, index) => {
      let gained = start[index]!
      let loss = 1 + hours * (airChangesPerHour + kinetics.decayPerHour)
      for (const { one, other, flowM3PerHour } of links) {
        if (one !== index && other !== index) continue
        const far = one === index ? other : one
        loss += (hours * flowM3PerHour) / volumeM3
        gained += (hours * flowM3PerHour * vapour[far]!) / zones[far]!.volumeM3
      }
      const next = gained / loss
      change = Math.max(change, Math.abs(next - vapour[index]!))
      vapour[index] = next
    })
    if (change < 1e-12) break
  }
  return new Map(zones.map(({ id }, index) => [id, { vapourMg: vapour[index]!, filmMg: film[index]! }]))
}

/** Hours until ventilation alone brings `fromPpm` to `toPpm`; decomposition is not counted on. `Infinity` without ventilation. */
export function aerationHours(fromPpm: number, toPpm: number, airChangesPerHour: number): number {
  if (fromPpm <= toPpm) return 0
  return airChangesPerHour > 0 ? Math.log(fromPpm / toPpm) / airChangesPerHour : Infinity
}
