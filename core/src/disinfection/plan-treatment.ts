import { wardError } from '../errors/index.ts'
import { normalizeAngle } from '../geometry/angle.ts'
import type { OccupancyGrid, Point2, Pose2 } from '../geometry/types.ts'
import { chooseStops, type ChosenStops } from './choose-stops.ts'
import { SIMPLEX_SOLVER, type CoveringSolver } from './covering-solver.ts'
import { createIrradianceField } from './irradiance-field.ts'
import { isQuarterTurnSymmetric } from './lamp.ts'
import { doseForLogReduction, logReductionForDose, organismById } from './organisms.ts'
import { standingSpaceOf, type StandingSpace } from './standing-space.ts'
import { surfacesOf } from './surfaces.ts'
import type { LampModel, Organism, RoomModel, Surface, TreatmentPlan, TreatmentStop } from './types.ts'
import { explainUnreachable } from './unreachable.ts'

export interface TreatmentInput {
  readonly room: RoomModel
  /** Longest edge of a surface, metres. */
  readonly surfaceSizeM: number
  readonly lamp: LampModel
  readonly organismId: string
  /** Log10 reduction, above 0 and at most 6. */
  readonly targetLog: number
  /** The dose to plan for; then the log reduction is what follows from it, and nothing is said of the evidence. */
  readonly targetMjPerCm2?: number
  readonly robot: { readonly radiusM: number; readonly speedMps: number }
  /** Where the robot comes in; the nearest place where it can stand is its start. */
  readonly entry: Pose2
  /** Spacing of the places where it may stop, metres; by default 0.5, less in small rooms, more in large ones. */
  readonly gridM?: number
  /** A costmap of where the robot's centre may be: blocked from 50 up, where unknown, and outside of it. */
  readonly freeSpace?: OccupancyGrid | null
  /** Dose that each surface has already, in the order of `surfacesOf`. It counts. */
  readonly deliveredMjPerCm2?: readonly number[] | null
  /** A surface that needs longer than this at its best stop is not promised; by default see `longestDwellsS`. */
  readonly longestDwellS?: number
}

/** Planned above the target, for what the light model leaves out: a tube a little weak, a dwell cut short (proposed). */
const DOSE_MARGIN = 0.05

/** A stop is good for a surface as the worst place within this distance of it is, metres (proposed: localisation). */
const POSITION_TOLERANCE_M = 0.05

/** However high the dose: a surface that needs longer than this at its best stop is not promised, seconds (proposed). */
export const LONGEST_DWELL_S = 10 * 60

/** However low the dose: a surface that gets it within this time at its best stop may be promised, seconds (proposed). */
const SHORTEST_LIMIT_S = 150

/**
 * A surface that gets less than this at its best stop is lit so slantingly or from so far that light is the
 * wrong tool for it, mW/cm² (proposed): a sixteenth of what `DEFAULT_LAMP` gives at 1 m.
 */
const POOR_LIGHT_MW_PER_CM2 = 1 / 6

/** The robot's own interlock turns the lamp off after this long, however the plan goes on, seconds. */
export const LAMP_ON_CAP_S = 30 * 60

/** Milliwatts per microwatt: rates in mJ/cm² a second. */
const MILLI = 1e-3

/**
 * Where to stop and for how long, so that every surface that the plan promises gets the target dose
 * from the stops alone, in little time for light and ways together.
 *
 * Direct light only, at each surface's centre. Promised is what some stop can give the target within the
 * longest dwell; everything else is in `unreachable`, with the reason. The same input gives the same plan.
 *
 * @throws WARD_ERR_TARGET, WARD_ERR_ORGANISM_UNKNOWN, WARD_ERR_TREATMENT_IMPOSSIBLE when the robot has nowhere to stand
 */
export function planTreatment(input: TreatmentInput, solver: CoveringSolver = SIMPLEX_SOLVER): TreatmentPlan {
  const { room, surfaceSizeM, lamp, robot } = input
  const organism = organismById(input.organismId)
  const { targetMjPerCm2, targetLog } = targetOf(input, organism)
  const surfaces = surfacesOf(room, surfaceSizeM)
  const needs = surfaces.map(
    (_, index) => (1 + DOSE_MARGIN) * Math.max(0, targetMjPerCm2 - (input.deliveredMjPerCm2?.[index] ?? 0)),
  )
  const space = standingSpaceOf(room, robot.radiusM, input.entry, input.freeSpace ?? null)
  const gridM = input.gridM ?? defaultGridM(space.reachableAreaM2)
  const places = space.reachablePlaces(gridM)
  const rates = dependableRates(surfaces, room, lamp, places)

  const chooseWithin = (longestDwellS: number) => {
    const isPromised = needs.map((need, index) =>
      rates.some((atPlace) => atPlace[index]! * longestDwellS >= need),
    )
    const promised = needs.flatMap((need, index) => (need > 0 && isPromised[index] ? [index] : []))
    const chosen = chooseStops(
      {
        rows: promised.length,
        columns: places.length,
        rates: Float64Array.from(promised.flatMap((index) => rates.map((atPlace) => atPlace[index]!))),
        needs: Float64Array.from(promised, (index) => needs[index]!),
      },
      solver,
      robot.speedMps,
      (columns) => wayLengths([space.start, ...columns.map((column) => places[column]!)], space),
    )
    if (chosen === null) throw new Error('A promised surface has no stop that lights it')
    const unreachable = needs.flatMap((need, index) => (need > 0 && !isPromised[index] ? [index] : []))
    return { chosen, unreachable, longestDwellS }
  }
  const limits = input.longestDwellS === undefined ? longestDwellsS(targetMjPerCm2) : [input.longestDwellS]
  let choice = chooseWithin(limits[0]!)
  for (const limitS of limits.slice(1)) {
    if (fitsOneArming(choice.chosen) || isBeyondArming(choice.chosen)) break
    const shorter = chooseWithin(limitS)
    if (fitsOneArming(shorter.chosen)) choice = shorter
  }
  const { chosen, unreachable, longestDwellS } = choice

  const stops = posesOf(chosen, places, space.start, lamp)
  return {
    room,
    surfaceSizeM,
    organismId: organism.id,
    targetLog,
    targetMjPerCm2,
    stops,
    predictedMjPerCm2: doseOf(stops, surfaces, room, lamp),
    unreachable: explainUnreachable({
      room,
      lamp,
      surfaces: unreachable.map((index) => surfaces[index]!),
      neededMwPerCm2: unreachable.map((index) => needs[index]! / longestDwellS),
      places,
      closedPlaces: space.closedPlaces(gridM),
    }),
    dwellS: chosen.dwellS,
    travelS: chosen.travelS,
    plannedS: Math.round(10 * (chosen.dwellS + chosen.travelS)) / 10,
    notes: notesOf(chosen, input.targetMjPerCm2 === undefined ? { organism, targetLog } : null),
  }
}

function targetOf(input: TreatmentInput, organism: Organism) {
  const { targetLog, targetMjPerCm2 } = input
  if (targetMjPerCm2 === undefined) {
    if (!(targetLog > 0 && targetLog <= 6)) {
      throw wardError('WARD_ERR_TARGET', { what: `The target is a ${targetLog} log reduction` })
    }
    return { targetLog, targetMjPerCm2: doseForLogReduction(organism, targetLog) }
  }
  if (!(targetMjPerCm2 > 0 && targetMjPerCm2 < Infinity)) {
    throw wardError('WARD_ERR_TARGET', {
      what: `The target is ${targetMjPerCm2} mJ/cm²`,
      remedy: 'Give a dose above 0.',
    })
  }
  return { targetLog: logReductionForDose(organism, targetMjPerCm2), targetMjPerCm2 }
}

/**
 * The longest dwells to plan with, the first that fits one arming counts, or else the first of all.
 *
 * The last few slanting or far tiles decide a plan's length: in the sample hospital's isolation room ten tiles
 * of three hundred take the lamp time against SARS-CoV-2 from 5 to 25 minutes. So the limit follows the dose,
 * and is halved where the plan would outlast the lamp's cap: a plan that one arming carries through is worth more
 * than a few tiles, which are listed to be wiped by hand.
 */
function longestDwellsS(targetMjPerCm2: number): number[] {
  const byDoseS = targetMjPerCm2 / POOR_LIGHT_MW_PER_CM2
  const firstS = Math.min(LONGEST_DWELL_S, Math.max(SHORTEST_LIMIT_S, byDoseS))
  return [firstS, firstS / 2, firstS / 4]
}

/** With a twentieth of the cap left for what takes longer on the way. */
function fitsOneArming({ dwellS, travelS }: ChosenStops): boolean {
  return dwellS + travelS <= 0.95 * LAMP_ON_CAP_S
}

/** A hall that takes several armings whatever is left out: promising less there gains nothing. */
function isBeyondArming({ dwellS, travelS }: ChosenStops): boolean {
  return dwellS + travelS > 3 * LAMP_ON_CAP_S
}

/** Half a metre; less where that leaves under 100 places to choose from, more where it gives over 300. */
function defaultGridM(reachableAreaM2: number): number {
  const usualM = Math.min(0.5, Math.sqrt(reachableAreaM2 / 100))
  return Math.max(0.1, usualM, Math.sqrt(reachableAreaM2 / 300))
}

/**
 * mJ/cm² a second that each surface gets from each place, whatever the robot is off by: the least of
 * the place and of four places around it.
 */
function dependableRates(
  surfaces: readonly Surface[],
  room: RoomModel,
  lamp: LampModel,
  places: readonly Point2[],
): Float64Array[] {
  const field = createIrradianceField(surfaces, room, lamp)
  const off = POSITION_TOLERANCE_M
  return places.map(({ x, y }) => {
    const least = field.at({ x, y, theta: 0 })
    for (const [dx, dy] of [
      [off, 0],
      [0, off],
      [-off, 0],
      [0, -off],
    ] as const) {
      const rates = field.at({ x: x + dx, y: y + dy, theta: 0 })
      for (let index = 0; index < least.length; index += 1) {
        if (rates[index]! < least[index]!) least[index] = rates[index]!
      }
    }
    return least.map((microwatts) => microwatts * MILLI)
  })
}

function wayLengths(places: readonly Point2[], space: StandingSpace): number[][] {
  const lengthsM = places.map((from) => places.map(space.distancesFrom(from)))
  // Straight or along the grid, a way is as long there as back.
  return lengthsM.map((row, from) => row.map((lengthM, to) => Math.min(lengthM, lengthsM[to]![from]!)))
}

/**
 * The robot faces the way that it came, to the nearest quarter turn: the light is planned for one
 * heading, and looks the same in the other three. A lamp without that symmetry keeps the one heading.
 */
function posesOf(
  { stops }: ChosenStops,
  places: readonly Point2[],
  start: Point2,
  lamp: LampModel,
): TreatmentStop[] {
  const canTurn = isQuarterTurnSymmetric(lamp)
  let from = start
  return stops.map(({ column, dwellS }) => {
    const { x, y } = places[column]!
    const quarter = Math.round((2 * Math.atan2(y - from.y, x - from.x)) / Math.PI)
    from = { x, y }
    const theta = canTurn ? normalizeAngle((quarter * Math.PI) / 2) : 0
    return { x, y, theta, dwellS }
  })
}

function doseOf(
  stops: readonly TreatmentStop[],
  surfaces: readonly Surface[],
  room: RoomModel,
  lamp: LampModel,
): number[] {
  const field = createIrradianceField(surfaces, room, lamp)
  const doses = Array.from(surfaces, () => 0)
  for (const stop of stops) {
    field.at(stop).forEach((microwatts, index) => {
      doses[index]! += microwatts * MILLI * stop.dwellS
    })
  }
  return doses
}

/** @param claim `null` when the target is a dose and claims nothing of an organism */
function notesOf(
  { dwellS, travelS }: ChosenStops,
  claim: { readonly organism: Organism; readonly targetLog: number } | null,
): string[] {
  const notes: string[] = []
  const lampOnS = dwellS + travelS
  if (lampOnS > LAMP_ON_CAP_S) {
    notes.push(
      `The lamp is lit for ${Math.ceil(lampOnS / 60)} min. The robot turns it off 30 min after arming: ` +
        `arm it ${Math.ceil(lampOnS / LAMP_ON_CAP_S)} times. What was delivered counts.`,
    )
  }
  if (claim === null) return notes
  const { organism, targetLog } = claim
  const { supportedLog } = organism
  if (supportedLog === null || targetLog > supportedLog) {
    notes.push(
      `${organism.name}: the evidence (${organism.source}) ${supportedLog === null ? 'names no range' : `ends at ${supportedLog} log`}; ` +
        `${targetLog} log is extrapolated.`,
    )
  }
  return notes
}
