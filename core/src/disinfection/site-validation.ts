/** Light at 254 nm, hydrogen peroxide vapour, or aerosolised hydrogen peroxide. */
export type DisinfectionMethod = 'uv' | 'hpv' | 'ahp'

/** Where a validation holds: in the rooms named, in a ward, or in the whole site. */
export type ValidationPlace =
  | { readonly scope: 'rooms'; readonly roomIds: readonly string[] }
  | { readonly scope: 'ward'; readonly ward: string }
  | { readonly scope: 'site' }

/** What the indicators showed. */
export type ValidationResult =
  /** Indicators with a known population: how many were exposed, how many grew. */
  | {
      readonly type: 'growth'
      readonly exposed: number
      readonly grew: number
      /** log10 of the spores or organisms on each. */
      readonly populationLog: number
    }
  /** Counted before and after: the lowest log10 reduction of all samples. */
  | { readonly type: 'logReduction'; readonly samples: number; readonly lowestLog: number }

/** A site's own proof that a method works there; only it unlocks words such as those of `claimFor`. */
export interface SiteValidation {
  readonly id: string
  /** Catalogue id of the organism that it speaks for. */
  readonly organismId: string
  readonly method: DisinfectionMethod
  readonly place: ValidationPlace
  /** Lamp or generator, for people: "UV-01, 8 × 30 W". */
  readonly equipment: string
  /** The robots that it holds for; empty: any with that equipment. */
  readonly robotIds: readonly string[]
  /** What the indicators received: mJ/cm² for `uv`, ppm·h for `hpv` and `ahp`. */
  readonly dose: number
  readonly indicator: {
    readonly organism: string
    readonly product: string
    readonly lot: string
  }
  readonly result: ValidationResult
  /** The log10 reduction that the site asked for. */
  readonly requiredLog: number
  readonly performedBy: string
  /** ISO 8601. */
  readonly performedAt: string
  readonly validUntil: string
  /** Protocol, laboratory report, page: where the evidence is kept. */
  readonly evidence: string
  readonly note: string | null
  readonly withdrawn: { readonly at: string; readonly by: string; readonly reason: string } | null
}
