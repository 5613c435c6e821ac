import { SIMPLEX_SOLVER, type CoveringSolver } from '../covering-solver.ts'
import { shortTour, tourLengthM } from '../tour.ts'
import { outlineOf, panelEdges } from './panel-edges.ts'
import { panelRates } from './panel-rates.ts'
import { stopGrid } from './stop-grid.ts'
import type { PlanarPlan, PlanarRoom, PlanarSettings } from './types.ts'
import { waysAmong } from './ways.ts'

/** Shorter dwells are rounding, seconds. */
const NO_DWELL_S = 1e-6

/**
 * Where the lamp stops and for how long, so that every edge that some stop sees wholly gets the dose in the
 * least lamp time, and a way through the stops. `types.ts` says what the planar model leaves out.
 */
export function planPlanarRoom(
  room: PlanarRoom,
  settings: PlanarSettings,
  solver: CoveringSolver = SIMPLEX_SOLVER,
): PlanarPlan {
  const outline = outlineOf(room)
  const edges = panelEdges(outline, settings.maxEdgeM)
  const places = stopGrid(room, settings)
  const rates = panelRates(edges, outline, places, settings)
  const isReachable = edges.map((_, row) =>
    rates.subarray(row * places.length, (row + 1) * places.length).some((rate) => rate > 0),
  )
  const reachable = edges.flatMap((_, row) => (isReachable[row] ? [row] : []))
  const reachableRates = new Float64Array(reachable.length * places.length)
  reachable.forEach((row, index) => {
    reachableRates.set(rates.subarray(row * places.length, (row + 1) * places.length), index * places.length)
  })
  const dwells = solver.solve({
    rows: reachable.length,
    columns: places.length,
    rates: reachableRates,
    needs: new Float64Array(reachable.length).fill(settings.doseJPerM2),
  })
  if (dwells === null) throw new Error('An edge that a stop sees gets no light from it')

  const stops = places.flatMap((place, column) =>
    dwells[column]! > NO_DWELL_S ? [{ ...place, dwellS: dwells[column]! }] : [],
  )
  const { lengthsM } = waysAmong(stops, room, settings.clearanceM)
  // The way may begin anywhere: a first place that is no way from every stop.
  const open = [[0, ...stops.map(() => 0)], ...lengthsM.map((row) => [0, ...row])]
  const tour = shortTour(open)
  return {
    roomId: room.id,
    dwellS: dwells.reduce((sum, dwellS) => sum + dwellS, 0),
    stops: tour.map((place) => stops[place - 1]!),
    pathM: tourLengthM(open, tour),
    edges: edges.length,
    unreachable: edges.flatMap(({ a, b }, row) => (isReachable[row] ? [] : [{ a, b }])),
  }
}
