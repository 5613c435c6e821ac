import type { Point2 } from '../geometry/types.ts'
import { stopsOf, type ChosenStops } from './choose-stops.ts'
import type { CoveringSolver } from './covering-solver.ts'
import type { IrradianceField } from './irradiance-field.ts'
import { doseAlong } from './path-dose.ts'
import type { StandingSpace } from './standing-space.ts'

/** The ways from stop to stop, each with both ends. */
export function waysBetween(stops: readonly Point2[], space: StandingSpace): (readonly Point2[])[] {
  return stops.slice(1).flatMap((to, index) => {
    const way = space.waysFrom(stops[index]!)(to)
    return way === null ? [] : [way]
  })
}

/** mJ/cm² that some ways give in all, with the lamp lit on them. */
export function doseOnWays(
  field: IrradianceField,
  ways: readonly (readonly Point2[])[],
  speedMps: number,
  count: number,
): Float64Array {
  const dose = new Float64Array(count)
  for (const way of ways) {
    doseAlong(field, way, speedMps).forEach((given, index) => {
      dose[index]! += given
    })
  }
  return dose
}

/** The same, whatever the robot is off by: the least of the ways and of four beside them, as for stops. */
export function dependableDoseOnWays(
  field: IrradianceField,
  ways: readonly (readonly Point2[])[],
  speedMps: number,
  count: number,
  offM: number,
): Float64Array {
  const least = doseOnWays(field, ways, speedMps, count)
  for (const [dx, dy] of [
    [offM, 0],
    [0, offM],
    [-offM, 0],
    [0, -offM],
  ] as const) {
    const beside = ways.map((way) => way.map(({ x, y }) => ({ x: x + dx, y: y + dy })))
    doseOnWays(field, beside, speedMps, count).forEach((given, index) => {
      least[index] = Math.min(least[index]!, given)
    })
  }
  return least
}

/**
 * The same stops in the same order, for less time: what is given on the ways need not be given at them.
 *
 * @param rates by stop and surface, mJ/cm² a second
 * @param needs of the promised surfaces less what the ways give, mJ/cm²; those of no need may be among them
 */
export function shortenedStops(
  chosen: ChosenStops,
  rates: readonly Float64Array[],
  needs: ReadonlyMap<number, number>,
  solver: CoveringSolver,
): ChosenStops {
  const open = [...needs].filter(([, need]) => need > 1e-9)
  const dwells = solver.solve({
    rows: open.length,
    columns: chosen.stops.length,
    rates: Float64Array.from(open.flatMap(([index]) => rates.map((ofStop) => ofStop[index]!))),
    needs: Float64Array.from(open, ([, need]) => need),
  })
  if (dwells === null) throw new Error('A promised surface has no stop that lights it')
  const stops = chosen.stops.map(({ column }, stop) => ({ column, dwellS: dwells[stop]! }))
  const shorter = { ...stopsOf(stops, 0, 1), travelS: chosen.travelS }
  return shorter.dwellS < chosen.dwellS ? shorter : chosen
}
