import type { Bounds, Organism } from '../organism.ts'

/** A plausible entry of a hospital's own, of which a test names only what it is about. */
export function anOrganism(part: Partial<Organism> = {}): Organism {
  return {
    id: 'phage-ms2',
    name: 'MS2',
    kind: 'virus',
    medium: 'liquid',
    wavelengthNm: 254,
    logBase: 'e',
    response: { model: 'exponential', kCm2PerMj: exactly(0.1) },
    statedD90MjPerCm2: null,
    fittedLog: null,
    beyondFit: [],
    source: 'Somebody 2020',
    certainty: 'unverified',
    supportedLog: null,
    note: null,
    ...part,
  }
}

export function exactly(cautious: number): Bounds {
  return { cautious, likely: null, favourable: null }
}
