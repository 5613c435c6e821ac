import { TURNAROUND_BUCKETS_H, type Distribution, type Turnaround } from '@wardlight/core/fleet'
import type { CountedRequest } from './due.ts'
import { compareText, compareWards, groupBy, groupRows } from './group-rows.ts'

const HOUR_S = 3600

type Timed = Pick<CountedRequest, 'month' | 'ward' | 'requestedMs' | 'releasedMs'>

/**
 * From the moment at which somebody, or the hospital's system, asked for the room to the signature that made it clean:
 * waiting for people, for the robot, the treatment and failed tries of the same request included. What is not clean yet
 * has no turnaround. Every distribution is made of the requests themselves, never of other distributions.
 */
export function turnaroundOf(requests: readonly Timed[]): Turnaround {
  const done = requests.filter(({ releasedMs }) => releasedMs !== null)
  const groups = (keyOf: (request: Timed) => string) => [...groupBy(done, keyOf).values()]
  return {
    whole: distributionOf(done.map(secondsOf)),
    byMonth: groups(({ month }) => month)
      .map((rows) => ({ month: rows[0]!.month, ...distributionOf(rows.map(secondsOf)) }))
      .toSorted((a, b) => compareText(a.month, b.month)),
    byWard: groups(({ ward }) => JSON.stringify(ward))
      .map((rows) => ({ ward: rows[0]!.ward, ...distributionOf(rows.map(secondsOf)) }))
      .toSorted((a, b) => compareWards(a.ward, b.ward)),
    byMonthAndWard: groupRows(done).map(({ month, ward, rows }) => ({
      month,
      ward,
      ...distributionOf(rows.map(secondsOf)),
    })),
  }
}

function secondsOf({ requestedMs, releasedMs }: Timed): number {
  // A clock that was set back in between makes no negative time.
  return Math.max(0, (releasedMs! - requestedMs) / 1000)
}

export function distributionOf(valuesS: readonly number[]): Distribution {
  const sorted = valuesS.toSorted((a, b) => a - b)
  const buckets = [...TURNAROUND_BUCKETS_H.map(() => 0), 0]
  for (const valueS of sorted) {
    const index = TURNAROUND_BUCKETS_H.findIndex((hours) => valueS <= hours * HOUR_S)
    buckets[index === -1 ? TURNAROUND_BUCKETS_H.length : index]! += 1
  }
  return {
    count: sorted.length,
    medianS: percentile(sorted, 0.5),
    p90S: percentile(sorted, 0.9),
    longestS: sorted.at(-1) ?? null,
    buckets,
  }
}

/** By nearest rank: the least value that at least this share of the values does not exceed; `null` of none. */
export function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}
