import type { NewOrganism } from '@wardlight/core/fleet'

/** What an administrator writes about an organism of the hospital's own. Numbers are `NaN` where nothing is written. */
export interface OrganismEntry {
  readonly name: string
  readonly kind: NewOrganism['kind']
  readonly medium: string
  /** Dose for 1 log at 254 nm, mJ/cm²: the highest that the source allows, the likely one, and the lowest. */
  readonly d90MjPerCm2: number
  readonly likelyD90MjPerCm2: number
  readonly favourableD90MjPerCm2: number
  readonly supportedLog: number
  readonly source: string
  readonly certainty: NewOrganism['certainty']
  readonly note: string
}

export const EMPTY_ORGANISM: OrganismEntry = {
  name: '',
  kind: 'bacterium',
  medium: '',
  d90MjPerCm2: Number.NaN,
  likelyD90MjPerCm2: Number.NaN,
  favourableD90MjPerCm2: Number.NaN,
  supportedLog: Number.NaN,
  source: '',
  certainty: 'verified',
  note: '',
}

/** The entry as the server takes it, by the exponential model; `null` while something needed is missing. */
export function organismOf(entry: OrganismEntry): NewOrganism | null {
  const id = idOf(entry.name)
  if (id === '' || entry.source.trim() === '' || !(entry.d90MjPerCm2 > 0)) return null
  const rateOf = (d90: number): number | null => (d90 > 0 ? Math.LN10 / d90 : null)
  return {
    id,
    name: entry.name.trim(),
    kind: entry.kind,
    medium: entry.medium.trim() === '' ? 'surface' : entry.medium.trim(),
    wavelengthNm: 254,
    logBase: 'e',
    response: {
      model: 'exponential',
      kCm2PerMj: {
        cautious: Math.LN10 / entry.d90MjPerCm2,
        likely: rateOf(entry.likelyD90MjPerCm2),
        favourable: rateOf(entry.favourableD90MjPerCm2),
      },
    },
    statedD90MjPerCm2: entry.d90MjPerCm2,
    fittedLog: null,
    beyondFit: [],
    source: entry.source.trim(),
    certainty: entry.certainty,
    supportedLog: entry.supportedLog > 0 ? entry.supportedLog : null,
    note: entry.note.trim() === '' ? null : entry.note.trim(),
  }
}

/** `Klebsiella pneumoniæ (OXA-48)` → `klebsiella-pneumoniae-oxa-48`. */
function idOf(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll('æ', 'ae')
    .replaceAll('ø', 'o')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-+|-+$/g, '')
}
