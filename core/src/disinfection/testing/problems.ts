import type { Random } from '../../random/index.ts'
import type { CoveringProblem } from '../covering-solver.ts'

/** Rates fall with the square of a distance in a room of 6 × 5 m, and one pair in five is in shadow. */
export function lightLikeProblem(random: Random, rows: number, columns: number): CoveringProblem {
  const place = () => ({ x: 6 * random.uniform(), y: 5 * random.uniform() })
  const surfaces = Array.from({ length: rows }, place)
  const stops = Array.from({ length: columns }, place)
  const rates = Float64Array.from(
    surfaces.flatMap((surface) =>
      stops.map((stop) =>
        random.uniform() < 0.2 ? 0 : 1 / (0.05 + (surface.x - stop.x) ** 2 + (surface.y - stop.y) ** 2),
      ),
    ),
  )
  return { rows, columns, rates, needs: new Float64Array(rows).map(() => 5 + 10 * random.uniform()) }
}

/** Ways among the start and some columns, every one of 2 m: what going to a stop costs is the same for all. */
export function sameWays(columns: readonly number[]): number[][] {
  const places = [0, ...columns]
  return places.map((_, from) => places.map((_, to) => (from === to ? 0 : 2)))
}
