/** What `npm run bench` asks of a suite. */
export interface BenchSettings {
  /** How often both sides of a row are measured, in turns. */
  readonly rounds: number
  /** The smallest sizes that still measure something: to see that a suite works, not how fast it is. */
  readonly isQuick: boolean
  /** How many missions a soak run takes. */
  readonly missions: number
  /** … and the seed of the first of them. */
  readonly firstSeed: number
}

export interface BenchSuite {
  readonly id: string
  readonly about: string
  /** Too long to run unless it is named. */
  readonly isOnRequest?: boolean
  run(settings: BenchSettings): SuiteResult | Promise<SuiteResult>
}

export interface SuiteResult {
  readonly suite: string
  readonly rows: readonly BenchRow[]
  readonly growth: readonly GrowthTable[]
  /** What must not happen and did. */
  readonly failures?: readonly string[]
}

/** Median and range over the rounds. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** Ours against a peer, both measured here and now. Figures are costs: less is better. */
export interface BenchRow {
  readonly id: string
  readonly name: string
  /** Of both sides' figures: "µs a position". */
  readonly unit: string
  readonly rounds: number
  readonly ours: { readonly name: string; readonly figures: Spread }
  readonly peer: { readonly name: string; readonly figures: Spread }
  /** Peer over ours, round by round: how many times less ours costs. */
  readonly ratio: Spread
  /** The least ratio that we want; `null` where none is set. */
  readonly goal: number | null
  readonly notes: readonly string[]
}

/** How figures grow with the size of the work. */
export interface GrowthTable {
  readonly id: string
  readonly name: string
  /** What the sizes are: "surface size, m". */
  readonly size: string
  /** What the figures are, in their order, with units. */
  readonly figures: readonly string[]
  /** A figure is `null` where that size was not tried; `notes` says why. */
  readonly rows: readonly { readonly size: number | string; readonly figures: readonly (number | null)[] }[]
  readonly notes: readonly string[]
}
