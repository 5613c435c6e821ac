import {
  createIrradianceField,
  DEFAULT_LAMP,
  planTreatment,
  SIMPLEX_SOLVER,
  surfacesOf,
  type CoveringProblem,
  type TreatmentInput,
  type TreatmentPlan,
} from '@wardlight/core/disinfection'
import { boundsOf, distanceToBoundary, isInsidePolygon, type Point2 } from '@wardlight/core/geometry'
import { roomInput } from './bench-rooms.ts'
import { compare, elapsedMs, medianMs } from './measure.ts'
import { naiveField } from './naive-field.ts'
import type { BenchRow, BenchSettings, BenchSuite, GrowthTable } from './suite.ts'

export const PLAN_SUITE: BenchSuite = {
  id: 'plan',
  about: 'treatment plans for rooms',
  run(settings) {
    return {
      suite: 'plan',
      rows: [plansRow(settings), stopsRow(settings)],
      growth: [growthByGrid(settings), growthByRoom(settings)],
    }
  },
}

/** Places on a grid that a disc of the robot's radius fits. */
function placesOf({ room, robot }: TreatmentInput, gridM: number): Point2[] {
  const { minX, minY, maxX, maxY } = boundsOf(room.polygon)
  const places: Point2[] = []
  for (let x = minX + gridM / 2; x < maxX; x += gridM) {
    for (let y = minY + gridM / 2; y < maxY; y += gridM) {
      const at = { x, y }
      if (!isInsidePolygon(at, room.polygon) || distanceToBoundary(at, room.polygon) < robot.radiusM + 0.05)
        continue
      const isFree = room.obstacles.every(
        ({ footprint, zMinM }) =>
          zMinM > 1.7 ||
          (!isInsidePolygon(at, footprint) && distanceToBoundary(at, footprint) >= robot.radiusM + 0.05),
      )
      if (isFree) places.push(at)
    }
  }
  return places
}

/** mJ/cm² a second by place and surface, exactly. */
function ratesAt(input: TreatmentInput, places: readonly Point2[]): Float64Array[] {
  const field = createIrradianceField(surfacesOf(input.room, input.surfaceSizeM), input.room, DEFAULT_LAMP)
  return places.map((place) => field.at({ ...place, theta: 0 }).map((microwatts) => microwatts / 1000))
}

function problemFor(plan: TreatmentPlan, rates: readonly Float64Array[]): CoveringProblem {
  const missed = new Set(plan.unreachable.map(({ id }) => id))
  const promised = surfacesOf(plan.room, plan.surfaceSizeM).flatMap(({ id }, index) =>
    !missed.has(id) && rates.some((atPlace) => atPlace[index]! > 0) ? [index] : [],
  )
  return {
    rows: promised.length,
    columns: rates.length,
    rates: Float64Array.from(promised.flatMap((index) => rates.map((atPlace) => atPlace[index]!))),
    needs: new Float64Array(promised.length).fill(plan.targetMjPerCm2),
  }
}

/** The same stops to choose from, sampled light once a place, and every promised surface in one dense programme. */
function naivePlan(input: TreatmentInput, plan: TreatmentPlan, places: readonly Point2[]): void {
  const surfaces = surfacesOf(input.room, input.surfaceSizeM)
  const rates = places.map((place) =>
    naiveField(surfaces, input.room, DEFAULT_LAMP, place, 24).map((microwatts) => microwatts / 1000),
  )
  SIMPLEX_SOLVER.solve(problemFor(plan, rates))
}

function plansRow({ rounds, isQuick }: BenchSettings): BenchRow {
  const input = roomInput('I1', { surfaceSizeM: isQuick ? 1 : 0.25, gridM: isQuick ? 0.8 : 0.4 })
  const plan = planTreatment(input)
  const places = placesOf(input, input.gridM!)
  const row = compare(
    {
      id: 'plans',
      name: `A plan for a furnished isolation room, ${plan.predictedMjPerCm2.length} surfaces, stops on a grid of ${input.gridM} m`,
      unit: 's a plan',
      goal: null,
      ours: {
        name: 'planTreatment: light at five places a stop, hard rows first, thinning, tour, reasons',
        measure: () => elapsedMs(() => planTreatment(input)) / 1000,
      },
      peer: {
        name: 'naive: sampled light once a stop, all rows in one dense simplex, nothing else',
        measure: () => elapsedMs(() => naivePlan(input, plan, places)) / 1000,
      },
    },
    rounds,
  )
  return { ...row, notes: [`${(1 / row.ours.figures.median).toPrecision(3)} plans a second`] }
}

/** What planning buys: minutes of light against simpler ways to give every promised surface its dose. */
function stopsRow({ isQuick }: BenchSettings): BenchRow {
  const input = roomInput('I1', isQuick ? { surfaceSizeM: 1 } : {})
  const plan = planTreatment(input)
  const places = placesOf(input, 0.4)
  const rates = ratesAt(input, [...places, ...plan.stops])
  const problem = problemFor(plan, rates)
  const { rows, columns } = problem
  // Every place for the same time, as long as the darkest surface needs.
  let uniformS = 0
  for (let row = 0; row < rows; row += 1) {
    let given = 0
    for (let column = 0; column < columns; column += 1) given += problem.rates[row * columns + column]!
    uniformS = Math.max(uniformS, (columns * problem.needs[row]!) / given)
  }
  const boundS = (SIMPLEX_SOLVER.solve(problem) ?? new Float64Array()).reduce(
    (sum, dwellS) => sum + dwellS,
    0,
  )
  const bestSingle = Array.from({ length: columns }, (_, column) => {
    let reached = 0
    for (let row = 0; row < rows; row += 1) {
      if (problem.rates[row * columns + column]! * plan.dwellS >= problem.needs[row]!) reached += 1
    }
    return reached
  }).reduce((most, reached) => Math.max(most, reached), 0)
  const one = (value: number) => ({ median: value, min: value, max: value })
  return {
    id: 'treatment-time',
    name: 'Minutes of light for the same promise, isolation room',
    unit: 'min',
    rounds: 1,
    ours: { name: `planTreatment, ${plan.stops.length} stops`, figures: one(plan.dwellS / 60) },
    peer: {
      name: 'the same time at every place of a 0.4 m grid, and at the stops',
      figures: one(uniformS / 60),
    },
    ratio: one(uniformS / plan.dwellS),
    goal: null,
    notes: [
      `the least that any dwells at these places take, with neither tolerance nor margin: ${(boundS / 60).toFixed(1)} min`,
      `from the best single place the plan's own time reaches ${bestSingle} of ${rows} promised surfaces`,
    ],
  }
}

function timed(input: TreatmentInput, runs: number) {
  const plan = planTreatment(input)
  return { plan, seconds: medianMs(() => planTreatment(input), runs) / 1000 }
}

function growthByGrid({ isQuick }: BenchSettings): GrowthTable {
  return {
    id: 'plan-by-grid',
    name: 'Plans by the grid of stops, isolation room',
    size: 'grid, m',
    figures: ['seconds to plan', 'minutes in the room', 'surfaces promised'],
    rows: (isQuick ? [1] : [1, 0.5, 0.25, 0.1]).map((gridM) => {
      const { plan, seconds } = timed(
        roomInput('I1', { gridM, ...(isQuick ? { surfaceSizeM: 1 } : {}) }),
        isQuick ? 1 : 3,
      )
      return {
        size: gridM,
        figures: [seconds, plan.plannedS / 60, plan.predictedMjPerCm2.length - plan.unreachable.length],
      }
    }),
    notes: ['a finer grid may promise more surfaces, which takes longer'],
  }
}

function growthByRoom({ isQuick }: BenchSettings): GrowthTable {
  return {
    id: 'plan-by-room',
    name: 'Plans by room, sample hospital',
    size: 'room',
    figures: ['surfaces', 'seconds to plan', 'minutes in the room'],
    rows: (isQuick ? ['I1-bath'] : ['I1-bath', 'I1', '101', '104', 'OT1']).map((room) => {
      const { plan, seconds } = timed(roomInput(room, isQuick ? { surfaceSizeM: 1 } : {}), isQuick ? 1 : 3)
      return { size: room, figures: [plan.predictedMjPerCm2.length, seconds, plan.plannedS / 60] }
    }),
    notes: [],
  }
}
