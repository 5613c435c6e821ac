/** How sure a figure is: read in its source, computed, proposed by this project, or from memory. */
export type Certainty = 'verified' | 'computed' | 'proposed' | 'unverified'

/** What an organism is, by which the words of a claim are chosen. */
export type OrganismKind = 'spore' | 'bacterium' | 'mycobacterium' | 'virus' | 'yeast'

/**
 * A figure with what is known of its spread. `cautious` is the end that asks for more dose, and the one
 * that plans use; `favourable` the end that asks for less; `likely` what lies between, where a source says.
 */
export interface Bounds {
  readonly cautious: number
  readonly likely: number | null
  readonly favourable: number | null
}

/**
 * Survival S of a dose D in mJ/cm² at 254 nm; every k is natural-log (base e) in cm²/mJ.
 *
 * - `exponential`: S = exp(-kD). One hit on one target; a straight line on log paper.
 * - `multiTarget`: S = 1 - (1 - exp(-kD))^n. A shoulder of n targets, then a straight line.
 * - `twoStage`: S = (1 - f)·exp(-k_fast·D) + f·exp(-k_slow·D). A tail of the fraction f.
 *
 * Forms and names as in Tsantari et al. 2025, arXiv 2504.14724, and Kowalski 2009, PMC7176239.
 */
export type DoseResponse =
  | { readonly model: 'exponential'; readonly kCm2PerMj: Bounds }
  | { readonly model: 'multiTarget'; readonly kCm2PerMj: Bounds; readonly targets: Bounds }
  | {
      readonly model: 'twoStage'
      readonly kFastCm2PerMj: Bounds
      readonly kSlowCm2PerMj: Bounds
      /** The share that only the slow stage inactivates, 0 to 1. */
      readonly slowFraction: Bounds
    }

/** A dose that a source measured or estimated for a log reduction where its model no longer fits: it counts, not the model. */
export interface DoseBeyondFit {
  readonly log: number
  readonly doseMjPerCm2: Bounds
  readonly source: string
}

export interface Organism {
  /** kebab-case: `sars-cov-2`, `mrsa`, `c-difficile`. */
  readonly id: string
  readonly name: string
  readonly kind: OrganismKind
  readonly medium: string
  /** Of the lamp in the source, nm. Wardlight's lamps are at 254. */
  readonly wavelengthNm: number
  /** Base of the logarithm that the k's belong to: always `e`. Sources that print log10 rates are converted. */
  readonly logBase: string
  readonly response: DoseResponse
  /** D90 as the source prints it, mJ/cm²; it proves unit and log base of the constants. `null` where it prints none. */
  readonly statedD90MjPerCm2: number | null
  /** The log reduction up to which the model was fitted; beyond it `beyondFit` counts. `null`: wherever the evidence ends. */
  readonly fittedLog: number | null
  /** By growing log reduction, all above `fittedLog`. */
  readonly beyondFit: readonly DoseBeyondFit[]
  readonly source: string
  readonly certainty: Certainty
  /** The highest log reduction that the source supports; beyond it a plan must say that it extrapolates. */
  readonly supportedLog: number | null
  readonly note: string | null
}
