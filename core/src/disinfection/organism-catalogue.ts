import { defineOrganism } from './define-organism.ts'
import type { Bounds, Organism } from './organism.ts'

/**
 * The dose responses that Wardlight ships: 254 nm, k natural-log in cm²/mJ.
 *
 * The cautious end of a range is the one that plans use. `supportedLog` is the highest log reduction that the
 * evidence gives a dose for. The entry without a suffix is the conservative default of its organism.
 */
export const ORGANISMS: readonly Organism[] = [
  shipped({
    id: 'sars-cov-2',
    name: 'SARS-CoV-2',
    kind: 'virus',
    medium: '2 % fetal bovine serum, dried',
    response: { model: 'exponential', kCm2PerMj: exactly(0.276) },
    statedD90MjPerCm2: 8.3,
    source: 'Freeman et al. 2022, doi:10.1038/s41598-022-09930-2',
    certainty: 'verified',
    supportedLog: 4,
    note: null,
  }),
  shipped({
    id: 'sars-cov-2-liquid',
    name: 'SARS-CoV-2 (clear liquid)',
    kind: 'virus',
    medium: 'liquid',
    response: { model: 'exponential', kCm2PerMj: exactly(1.87) },
    statedD90MjPerCm2: 1.23,
    source: 'Bianco et al. 2020, PMC7794057',
    certainty: 'verified',
    supportedLog: 3,
    note: 'Without soil; surfaces in a ward need the default entry.',
  }),
  shipped({
    id: 'mrsa',
    name: 'MRSA',
    kind: 'bacterium',
    medium: 'agar',
    response: { model: 'exponential', kCm2PerMj: exactly(0.72) },
    statedD90MjPerCm2: 3.21,
    source: 'Buonanno, IEEE Trans. Plasma Sci. 2004',
    certainty: 'unverified',
    supportedLog: 4,
    note: 'The published identifier of the source is doubtful; confirm before relying on it.',
  }),
  shipped({
    id: 'mrsa-liquid',
    name: 'MRSA (clear liquid)',
    kind: 'bacterium',
    medium: 'liquid',
    response: { model: 'exponential', kCm2PerMj: exactly(1.61) },
    statedD90MjPerCm2: 1.43,
    source: 'Narita et al. 2020, doi:10.1016/j.jhin.2020.03.030',
    certainty: 'unverified',
    supportedLog: 4,
    note: 'Without soil; surfaces in a ward need the default entry.',
  }),
  shipped({
    id: 'vre',
    name: 'VRE (E. faecalis stands in)',
    kind: 'bacterium',
    medium: 'liquid',
    response: { model: 'exponential', kCm2PerMj: exactly(0.38) },
    statedD90MjPerCm2: 6.03,
    source: 'Clauss 2009',
    certainty: 'unverified',
    supportedLog: 4,
    note: 'The source leaves the log base open: read as natural, which asks for the larger dose. Clinical isolates differ up to tenfold in survival (doi:10.1186/s13756-023-01259-3).',
  }),
  shipped({
    id: 'c-difficile',
    name: 'C. difficile spores',
    kind: 'spore',
    medium: 'surface',
    // From the D90 of 100.35 mJ/cm²; the rounded k of 0.023 would ask for less.
    response: { model: 'exponential', kCm2PerMj: exactly(Math.LN10 / 100.35) },
    statedD90MjPerCm2: 100.35,
    source: 'Wallace et al. 2019, doi:10.1111/jam.14308',
    certainty: 'unverified',
    supportedLog: 4,
    note: 'Not settled: 2208 mJ/cm² for a complete kill in Blau 2024. Clean by hand with a sporicidal agent first.',
  }),
  shipped({
    id: 'c-difficile-liquid',
    name: 'C. difficile spores (clear liquid)',
    kind: 'spore',
    medium: 'liquid',
    response: { model: 'exponential', kCm2PerMj: exactly(0.13) },
    statedD90MjPerCm2: 18,
    source: 'Narita et al. 2020, doi:10.1016/j.jhin.2020.03.030',
    certainty: 'unverified',
    supportedLog: 4,
    note: 'Without soil; surfaces in a ward need the default entry.',
  }),
  shipped({
    id: 'a-baumannii',
    name: 'A. baumannii',
    kind: 'bacterium',
    medium: 'dried on metal',
    response: { model: 'exponential', kCm2PerMj: exactly(1.28) },
    statedD90MjPerCm2: 1.8,
    source: 'Rastogi et al. 2007, doi:10.7205/milmed.172.11.1166',
    certainty: 'verified',
    supportedLog: 1,
    note: 'k is a lower bound on metal; on fabric the treatment failed.',
  }),
  shipped({
    id: 'c-auris',
    name: 'Candida auris',
    kind: 'yeast',
    medium: 'suspension, 10⁶ cells/ml',
    response: { model: 'exponential', kCm2PerMj: between(0.108, 0.176) },
    statedD90MjPerCm2: 21.3,
    fittedLog: 3,
    beyondFit: [
      {
        log: 5,
        doseMjPerCm2: between(192, 103),
        source: 'Lemons et al. 2020, PMC7748379 (logistic regression)',
      },
    ],
    source: 'Lemons et al. 2020, PMC7748379',
    certainty: 'verified',
    supportedLog: 5,
    note: 'By strain, of ten. Not exponential past 3 log.',
  }),
  shipped({
    id: 'p-aeruginosa',
    name: 'P. aeruginosa',
    kind: 'bacterium',
    medium: 'liquid',
    response: { model: 'exponential', kCm2PerMj: between(1.01, 2.99) },
    statedD90MjPerCm2: 2.27,
    source: 'Clauss 2006; Lakretz',
    certainty: 'unverified',
    supportedLog: 4,
    note: 'By source.',
  }),
  shipped({
    id: 'adenovirus',
    name: 'Adenovirus 2',
    kind: 'virus',
    medium: 'liquid',
    response: { model: 'exponential', kCm2PerMj: between(0.032, 0.09) },
    statedD90MjPerCm2: 72,
    source: 'Oh et al. 2020; Linden et al. 2007',
    certainty: 'unverified',
    supportedLog: 4,
    note: 'By source.',
  }),
  shipped({
    id: 'norovirus',
    name: 'Norovirus (feline calicivirus stands in, worst case)',
    kind: 'virus',
    medium: 'liquid',
    response: { model: 'exponential', kCm2PerMj: exactly(0.048) },
    statedD90MjPerCm2: 47.85,
    source: 'PubMed 12405148',
    certainty: 'verified',
    supportedLog: 4,
    note: 'Human norovirus has no routine infectivity assay; this is the hardest of its stand-ins.',
  }),
  shipped({
    id: 'norovirus-murine',
    name: 'Norovirus (murine norovirus stands in)',
    kind: 'virus',
    medium: 'liquid',
    response: { model: 'exponential', kCm2PerMj: exactly(0.318) },
    statedD90MjPerCm2: 7.25,
    source: 'PubMed 21214604',
    certainty: 'verified',
    supportedLog: 4,
    note: null,
  }),
  shipped({
    id: 'b-subtilis',
    name: 'B. subtilis spores',
    kind: 'spore',
    medium: 'surface and liquid',
    response: { model: 'exponential', kCm2PerMj: between(0.11, 0.27) },
    statedD90MjPerCm2: 20.6,
    source: 'Clauss; Taylor et al. 2020',
    certainty: 'unverified',
    supportedLog: 4,
    note: 'By source.',
  }),
]

type Shipped = Omit<Organism, 'wavelengthNm' | 'logBase' | 'fittedLog' | 'beyondFit'> &
  Partial<Pick<Organism, 'fittedLog' | 'beyondFit'>>

function shipped(entry: Shipped): Organism {
  return defineOrganism({ wavelengthNm: 254, logBase: 'e', fittedLog: null, beyondFit: [], ...entry })
}

/** A figure for which the source gives no spread. */
function exactly(cautious: number): Bounds {
  return { cautious, likely: null, favourable: null }
}

function between(cautious: number, favourable: number): Bounds {
  return { cautious, likely: null, favourable }
}
