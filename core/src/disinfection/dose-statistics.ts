/** The least dose, the dose that 95 % of the surfaces reach, and the median; zeros when there are none. */
export function doseStatistics(doses: readonly number[]): { min: number; p5: number; p50: number } {
  if (doses.length === 0) return { min: 0, p5: 0, p50: 0 }
  const sorted = doses.toSorted((a, b) => a - b)
  return { min: sorted[0]!, p5: quantile(sorted, 0.05), p50: quantile(sorted, 0.5) }
}

/** Linear between ranks (Hyndman and Fan 1996, type 7). */
function quantile(sorted: readonly number[], fraction: number): number {
  const rank = fraction * (sorted.length - 1)
  const below = Math.floor(rank)
  const low = sorted[below]!
  return low + (rank - below) * ((sorted[below + 1] ?? low) - low)
}
