import type { Metric, Sample } from './metric-text.ts'

type Labels = Readonly<Record<string, string>>
type Named = Pick<Metric, 'name' | 'help'>

/** Counts since the process began, by labels. Every label has few values: routes as they are written, never ids. */
export class Counter {
  readonly #named: Named
  readonly #samples = new Map<string, { readonly labels: Labels; value: number }>()

  constructor(named: Named) {
    this.#named = named
  }

  add(labels: Labels, by = 1): void {
    const key = keyOf(labels)
    const sample = this.#samples.get(key)
    if (sample === undefined) this.#samples.set(key, { labels, value: by })
    else sample.value += by
  }

  metric(): Metric {
    return { ...this.#named, type: 'counter', samples: [...this.#samples.values()] }
  }
}

/** Seconds; those that Prometheus' own clients begin with, and longer ones for plans. */
const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

interface Observed {
  readonly labels: Labels
  readonly counts: number[]
  count: number
  sumS: number
}

/** How long something took, by labels. */
export class Durations {
  readonly #named: Named
  readonly #observed = new Map<string, Observed>()

  constructor(named: Named) {
    this.#named = named
  }

  observe(labels: Labels, durationS: number): void {
    const key = keyOf(labels)
    let observed = this.#observed.get(key)
    if (observed === undefined) {
      observed = { labels, counts: BUCKETS_S.map(() => 0), count: 0, sumS: 0 }
      this.#observed.set(key, observed)
    }
    observed.count += 1
    observed.sumS += durationS
    const bucket = BUCKETS_S.findIndex((mostS) => durationS <= mostS)
    if (bucket >= 0) observed.counts[bucket]! += 1
  }

  /** Observes how long the work takes, also where it fails. */
  async time<T>(labels: Labels, work: () => Promise<T>): Promise<T> {
    const beganMs = performance.now()
    try {
      return await work()
    } finally {
      this.observe(labels, (performance.now() - beganMs) / 1000)
    }
  }

  metric(): Metric {
    return { ...this.#named, type: 'histogram', samples: [...this.#observed.values()].flatMap(samplesOf) }
  }
}

/** Each bucket counts what is in the smaller ones too. */
function samplesOf({ labels, counts, count, sumS }: Observed): Sample[] {
  let below = 0
  return [
    ...BUCKETS_S.map((mostS, index): Sample => {
      below += counts[index]!
      return { suffix: '_bucket', labels: { ...labels, le: String(mostS) }, value: below }
    }),
    { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: count },
    { suffix: '_sum', labels, value: sumS },
    { suffix: '_count', labels, value: count },
  ]
}

function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels))
}
