import { wardError } from '../errors/index.ts'
import { normalizeAngle } from '../geometry/angle.ts'
import { distance } from '../geometry/pose.ts'
import type { OccupancyGrid, Point2, Pose2 } from '../geometry/types.ts'
import { chooseStops, toTenths, type ChosenStops } from './choose-stops.ts'
import { SIMPLEX_SOLVER, type CoveringProblem, type CoveringSolver } from './covering-solver.ts'
import { chooseFewestStops } from './fewest-stops.ts'
import { createIrradianceField, type IrradianceField } from './irradiance-field.ts'
import { isQuarterTurnSymmetric } from './lamp.ts'
import { evidenceNotes } from './organism-evidence.ts'
import { doseForLogReduction, logReductionForDose, organismById } from './organisms.ts'
import { createReflector, MOST_REFLECTANCE, withReflection, type Reflector } from './reflection.ts'
import { fixedSpaceOf, standingSpaceOf, type StandingSpace } from './standing-space.ts'
import { surfacesOf } from './surfaces.ts'
import { dependableDoseOnWays, doseOnWays, shortenedStops, waysBetween } from './lit-ways.ts'
import { chooseWithinBudget } from './time-budget.ts'
import type {
  LampModel,
  MissedSurface,
  Organism,
  PlanOptions,
  RoomModel,
  Surface,
  TreatmentPlan,
  TreatmentStop,
} from './types.ts'
import { explainUnreachable } from './unreachable.ts'

/** The robot that a plan is made for. */
export interface PlannedRobot {
  readonly radiusM: number
  readonly speedMps: number
  /** Of a unit that does not move: where it hangs, map frame. It is the plan's one stop. */
  readonly fixedAt?: Pose2
}

export interface TreatmentInput {
  readonly room: RoomModel
  /** Longest edge of a surface, metres. */
  readonly surfaceSizeM: number
  readonly lamp: LampModel
  readonly organismId: string
  /** The hospital's catalogue; by default what Wardlight ships. */
  readonly organisms?: readonly Organism[]
  /** Log10 reduction, above 0 and at most 6. */
  readonly targetLog: number
  /**
   * The dose to plan for, instead of what organism and log reduction ask for; nothing is said of the evidence then.
   * `targetLog` may be `NaN`: it is what follows from the dose.
   */
  readonly targetMjPerCm2?: number
  readonly robot: PlannedRobot
  /** Where the robot comes in; the nearest place where it can stand is its start. */
  readonly entry: Pose2
  /** Spacing of the places where it may stop, metres; by default 0.5, less in small rooms, more in large ones. */
  readonly gridM?: number
  /** A costmap of where the robot's centre may be: blocked from 50 up, where unknown, and outside of it. */
  readonly freeSpace?: OccupancyGrid | null
  /** Dose that each surface has already, in the order of `surfacesOf`. It counts. */
  readonly deliveredMjPerCm2?: readonly number[] | null
  /** Surfaces that the plan neither seeks nor promises nor lists, by id. */
  readonly ignoredIds?: ReadonlySet<string>
  /** A surface that needs longer than this at its best stop is not promised; by default see `longestDwellsS`. */
  readonly longestDwellS?: number
  readonly options?: PlanOptions
}

/** Planned above the target, for what the light model leaves out: a tube a little weak, a dwell cut short (proposed). */
const DOSE_MARGIN = 0.05

/** A stop is good for a surface as the worst place within this distance of it is, metres (proposed: localisation). */
const POSITION_TOLERANCE_M = 0.1

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

/** What a plan for one arming may take: a twentieth of the cap is left for what takes longer on the way. */
const ONE_ARMING_S = 0.95 * LAMP_ON_CAP_S

/** Milliwatts per microwatt: rates in mJ/cm² a second. */
const MILLI = 1e-3

/**
 * Where to stop and for how long, so that every surface that the plan promises gets the target dose, in little
 * time for light and ways together, or as the options say.
 *
 * Direct light only, unless the options count on reflection, at each surface's centre. Promised is what some stop can give the target within the
 * longest dwell, and what the time budget allows; everything else is in `unreachable`, with the reason. The same
 * input gives the same plan.
 *
 * @throws WARD_ERR_TARGET, WARD_ERR_ORGANISM_UNKNOWN, WARD_ERR_VALIDATION for a time budget or a reflectance that is none,
 *   WARD_ERR_TREATMENT_IMPOSSIBLE when the robot has nowhere to stand
 */
export function planTreatment(input: TreatmentInput, solver: CoveringSolver = SIMPLEX_SOLVER): TreatmentPlan {
  const { room, surfaceSizeM, lamp, robot } = input
  const options = checkedOptions(input.options ?? {})
  const target = targetOf(input)
  const surfaces = surfacesOf(room, surfaceSizeM)
  const needs = surfaces.map(({ id }, index) =>
    (input.ignoredIds?.has(id) ?? false)
      ? 0
      : Math.max(0, (1 + DOSE_MARGIN) * (target.mjPerCm2 - (input.deliveredMjPerCm2?.[index] ?? 0))),
  )
  const { fixedAt } = robot
  const space =
    fixedAt === undefined
      ? standingSpaceOf(room, robot.radiusM, input.entry, input.freeSpace ?? null)
      : fixedSpaceOf(room, fixedAt)
  const gridM = input.gridM ?? defaultGridM(space.reachableAreaM2)
  const direct = createIrradianceField(surfaces, room, lamp)
  const reflect = createReflector(surfaces, room, options.reflectance)
  const places = space.reachablePlaces(gridM)
  const ground: Ground = {
    surfaces,
    space,
    places,
    rates: dependableRates(direct, reflect, places, fixedAt),
    speedMps: robot.speedMps,
    solver,
    options,
  }

  // A unit that cannot go nearer to anything has to be patient with what is far from it.
  const usualLimits = fixedAt === undefined ? longestDwellsS(target.mjPerCm2) : [LONGEST_DWELL_S]
  const limits = input.longestDwellS === undefined ? usualLimits : [input.longestDwellS]
  let promise = promiseWithin(ground, needs, limits[0]!)
  if (options.timeBudgetS === undefined) {
    for (const limitS of limits.slice(1)) {
      if (fitsOneArming(promise) || isBeyondArming(promise)) break
      const shorter = promiseWithin(ground, needs, limitS)
      if (fitsOneArming(shorter)) promise = shorter
    }
  }

  const field = withReflection(direct, reflect)
  const ways = options.litOnWays
    ? waysBetween(
        promise.stops.map(({ column }) => places[column]!),
        space,
      )
    : []
  // What is to come first stays as long as it is: the ways give it more, not less.
  if (ways.length > 0 && !options.highTouchFirst)
    promise = shortenedByWays(promise, ground, needs, field, ways)
  const stops = posesOf(promise.stops, places, space.start, lamp, fixedAt)
  const predicted = doseOf(stops, surfaces.length, field)
  doseOnWays(field, ways, robot.speedMps, surfaces.length).forEach((given, index) => {
    predicted[index]! += given
  })
  const dark = promise.dark
  const highTouchDoneS = options.highTouchFirst
    ? promise.highTouchDoneS
    : highTouchDoneAfter(promise, ground, needs)
  return {
    room,
    surfaceSizeM,
    organismId: input.organismId,
    targetLog: target.log,
    targetMjPerCm2: target.mjPerCm2,
    stops,
    predictedMjPerCm2: predicted,
    unreachable: inOrder(surfaces, [
      ...explainUnreachable({
        room,
        lamp,
        surfaces: dark.map((index) => surfaces[index]!),
        neededMwPerCm2: dark.map((index) => needs[index]! / promise.longestDwellS),
        places,
        fixedAt,
        closedPlaces: space.closedPlaces(gridM),
      }),
      ...promise.leftOut.map((index) => leftOutForTime(surfaces[index]!, options.timeBudgetS ?? 0)),
    ]),
    dwellS: promise.dwellS,
    travelS: promise.travelS,
    plannedS: toTenths(promise.dwellS + promise.travelS),
    notes: [
      ...notesOf(promise, target.claim),
      ...(ways.length > 0 ? [LIT_ON_WAYS] : []),
      ...(options.reflectance > 0 ? [countsOnReflection(options.reflectance)] : []),
    ],
    ...(input.options === undefined ? {} : { options: input.options }),
    ...(highTouchDoneS === null ? {} : { highTouchDoneS }),
  }
}

/** What stops are chosen from, the same for every promise. */
interface Ground {
  readonly surfaces: readonly Surface[]
  readonly space: StandingSpace
  readonly places: readonly Point2[]
  /** By place and surface, mJ/cm² a second, whatever the robot is off by. */
  readonly rates: readonly Float64Array[]
  readonly speedMps: number
  readonly solver: CoveringSolver
  readonly options: CheckedOptions
}

/** Stops with what they promise. Indices are surfaces'. */
interface RoomPromise extends ChosenStops {
  readonly longestDwellS: number
  /** Surfaces that no stop can give their need within the longest dwell. */
  readonly dark: readonly number[]
  /** Surfaces for which the budget has no time. */
  readonly leftOut: readonly number[]
  /** Of a plan in which the high-touch surfaces come first. */
  readonly highTouchDoneS: number | null
}

/** The best promise with no surface lit for longer than the longest dwell at its best stop. */
function promiseWithin(ground: Ground, needs: readonly number[], longestDwellS: number): RoomPromise {
  const { surfaces, rates, options } = ground
  const wanted = needs.flatMap((need, index) => (need > 0 ? [index] : []))
  const dark = wanted.filter(
    (index) => !rates.some((atPlace) => atPlace[index]! * longestDwellS >= needs[index]!),
  )
  const isDark = new Set(dark)
  const lit = wanted.filter((index) => !isDark.has(index))
  const budgetS = options.timeBudgetS ?? Infinity
  if (!options.highTouchFirst) {
    return {
      ...stage(ground, needs, lit, budgetS, ground.space.start),
      longestDwellS,
      dark,
      highTouchDoneS: null,
    }
  }

  const touched = lit.filter((index) => surfaces[index]!.isHighTouch)
  const first = stage(ground, needs, touched, budgetS, ground.space.start)
  const firstS = first.dwellS + first.travelS
  // What the first stops give to everything else counts, as far as it is dependable.
  const left = Float64Array.from(needs, (need, index) =>
    first.stops.reduce((rest, { column, dwellS }) => rest - dwellS * rates[column]![index]!, need),
  )
  const leftOutFirst = new Set(first.leftOut)
  const others = lit.filter((index) => left[index]! > 1e-9 && !leftOutFirst.has(index))
  const last = first.stops.at(-1)
  const from = last === undefined ? ground.space.start : ground.places[last.column]!
  const second = stage(ground, left, others, budgetS - firstS, from)
  return {
    stops: [...first.stops, ...second.stops],
    dwellS: toTenths(first.dwellS + second.dwellS),
    travelS: toTenths(first.travelS + second.travelS),
    // The later stops may give it after all what the earlier ones had no time for.
    leftOut: [
      ...first.leftOut.filter(
        (index) =>
          second.stops.reduce(
            (rest, { column, dwellS }) => rest - dwellS * rates[column]![index]!,
            left[index]!,
          ) > 1e-9,
      ),
      ...second.leftOut,
    ],
    longestDwellS,
    dark,
    highTouchDoneS: touched.length === 0 ? null : toTenths(firstS),
  }
}

/** The promise kept with less time at the stops: the lamp stays lit from one to the next. */
function shortenedByWays(
  promise: RoomPromise,
  { surfaces, rates, solver, speedMps }: Ground,
  needs: readonly number[],
  field: IrradianceField,
  ways: readonly (readonly Point2[])[],
): RoomPromise {
  const given = dependableDoseOnWays(field, ways, speedMps, surfaces.length, POSITION_TOLERANCE_M)
  const missed = new Set([...promise.dark, ...promise.leftOut])
  const left = new Map(
    needs.flatMap((need, index) =>
      need > 0 && !missed.has(index) ? [[index, need - given[index]!] as const] : [],
    ),
  )
  const ofStops = promise.stops.map(({ column }) => rates[column]!)
  return { ...promise, ...shortenedStops(promise, ofStops, left, solver) }
}

/** Stops for some surfaces, from where the robot is, within what is left of the budget. */
function stage(
  ground: Ground,
  needs: ArrayLike<number>,
  lit: readonly number[],
  budgetS: number,
  from: Point2,
): ChosenStops & { readonly leftOut: readonly number[] } {
  const { places, rates, solver, speedMps, space, options } = ground
  const whole: CoveringProblem = {
    rows: lit.length,
    columns: places.length,
    rates: Float64Array.from(lit.flatMap((index) => rates.map((atPlace) => atPlace[index]!))),
    needs: Float64Array.from(lit, (index) => needs[index]!),
  }
  const lengthsAmong = (columns: readonly number[]) =>
    wayLengths([from, ...columns.map((column) => places[column]!)], space)
  const choose = (problem: CoveringProblem) =>
    options.goal === 'fewestStops'
      ? chooseFewestStops(problem, solver, speedMps, lengthsAmong, Math.min(budgetS, ONE_ARMING_S))
      : chooseStops(problem, solver, speedMps, lengthsAmong)
  if (budgetS === Infinity) {
    const chosen = choose(whole)
    if (chosen === null) throw new Error('A promised surface has no stop that lights it')
    return { ...chosen, leftOut: [] }
  }
  const { chosen, rows } = chooseWithinBudget({
    problem: whole,
    solver,
    budgetS,
    speedMps,
    choose,
    apartM: (one, other) => distance(one === null ? from : places[one]!, places[other]!),
  })
  const kept = new Set(rows)
  return { ...chosen, leftOut: lit.filter((_, row) => !kept.has(row)) }
}

interface Target {
  readonly mjPerCm2: number
  readonly log: number
  /** `null` when a dose was asked for: nothing is said of the evidence then. */
  readonly claim: { readonly organism: Organism; readonly targetLog: number } | null
}

function targetOf(input: TreatmentInput): Target {
  const { targetLog, targetMjPerCm2, organismId, organisms } = input
  if (targetMjPerCm2 === undefined) {
    const organism = organismById(organismId, organisms)
    if (!(targetLog > 0 && targetLog <= 6)) {
      throw wardError('WARD_ERR_TARGET', { what: `The target is a ${targetLog} log reduction` })
    }
    return {
      mjPerCm2: doseForLogReduction(organism, targetLog),
      log: targetLog,
      claim: { organism, targetLog },
    }
  }
  if (!(targetMjPerCm2 > 0 && targetMjPerCm2 < Infinity)) {
    throw wardError('WARD_ERR_TARGET', {
      what: `The target is ${targetMjPerCm2} mJ/cm²`,
      remedy: 'Give a dose above 0.',
    })
  }
  // Who asks for a dose knows why: a robot that plans anew need not know the hospital's own organisms.
  const log = Number.isFinite(targetLog)
    ? targetLog
    : logReductionForDose(organismById(organismId, organisms), targetMjPerCm2)
  return { mjPerCm2: targetMjPerCm2, log, claim: null }
}

type CheckedOptions = Required<Omit<PlanOptions, 'timeBudgetS'>> & Pick<PlanOptions, 'timeBudgetS'>

function checkedOptions({
  goal,
  highTouchFirst,
  timeBudgetS,
  litOnWays,
  reflectance,
}: PlanOptions): CheckedOptions {
  if (timeBudgetS !== undefined && !(timeBudgetS > 0 && timeBudgetS < Infinity)) {
    throw wardError('WARD_ERR_VALIDATION', {
      what: `The time budget is ${timeBudgetS} s`,
      where: 'timeBudgetS',
      remedy: 'Give a number of seconds above 0, or leave it out.',
    })
  }
  if (reflectance !== undefined && !(reflectance >= 0 && reflectance <= MOST_REFLECTANCE)) {
    throw wardError('WARD_ERR_VALIDATION', {
      what: `The reflectance is ${reflectance}`,
      where: 'reflectance',
      remedy: `Give the share of UV-C that surfaces throw back, from 0 to ${MOST_REFLECTANCE}; paint has about 0.05.`,
    })
  }
  return {
    goal: goal ?? 'leastTime',
    highTouchFirst: highTouchFirst ?? false,
    litOnWays: litOnWays ?? false,
    reflectance: reflectance ?? 0,
    ...(timeBudgetS === undefined ? {} : { timeBudgetS }),
  }
}

/** Seconds until the last promised high-touch surface has what it needs; `null` when there is none. */
function highTouchDoneAfter(
  { stops, dwellS, travelS, dark, leftOut }: RoomPromise,
  { surfaces, rates }: Ground,
  needs: readonly number[],
): number | null {
  const missed = new Set([...dark, ...leftOut])
  const left = new Map(
    needs.flatMap((need, index) =>
      need > 0 && surfaces[index]!.isHighTouch && !missed.has(index) ? [[index, need] as const] : [],
    ),
  )
  if (left.size === 0) return null
  // Ways are told apart no further: each stop stands for an equal share of them.
  const perStopS = travelS / stops.length
  let atS = 0
  let doneS = dwellS + travelS
  for (const stop of stops) {
    atS += perStopS
    let lastS = 0
    for (const [index, need] of left) {
      const rate = rates[stop.column]![index]!
      if (need > rate * stop.dwellS + 1e-9) left.set(index, need - rate * stop.dwellS)
      else {
        left.delete(index)
        lastS = Math.max(lastS, need / rate)
      }
    }
    if (left.size === 0) {
      doneS = atS + lastS
      break
    }
    atS += stop.dwellS
  }
  return toTenths(doneS)
}

function leftOutForTime({ id, label }: Surface, budgetS: number): MissedSurface {
  return {
    id,
    label,
    reason: 'noTime',
    explanation: `left out to keep within ${Math.round(budgetS / 6) / 10} min`,
    remedy: 'Give the plan more time, or wipe this by hand.',
  }
}

/** As `surfacesOf` lists them. */
function inOrder(surfaces: readonly Surface[], missed: readonly MissedSurface[]): MissedSurface[] {
  const byId = new Map(missed.map((one) => [one.id, one]))
  return surfaces.flatMap(({ id }) => byId.get(id) ?? [])
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

function fitsOneArming({ dwellS, travelS }: ChosenStops): boolean {
  return dwellS + travelS <= ONE_ARMING_S
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

const AROUND = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const

/**
 * mJ/cm² a second that each surface gets from each place, whatever the robot is off by: the least of
 * the place and of four places around it. A unit that does not move is off by nothing.
 */
function dependableRates(
  field: IrradianceField,
  reflect: Reflector,
  places: readonly Point2[],
  fixedAt: Pose2 | undefined,
): Float64Array[] {
  const off = POSITION_TOLERANCE_M
  return places.map(({ x, y }) => {
    const least = field.at({ x, y, theta: fixedAt?.theta ?? 0 })
    const around = fixedAt === undefined ? AROUND : []
    for (const [dx, dy] of around) {
      const rates = field.at({ x: x + dx * off, y: y + dy * off, theta: 0 })
      for (let index = 0; index < least.length; index += 1) {
        if (rates[index]! < least[index]!) least[index] = rates[index]!
      }
    }
    // More direct light never gives less reflected: of the least comes the least.
    return reflect(least).map((microwatts) => microwatts * MILLI)
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
  stops: ChosenStops['stops'],
  places: readonly Point2[],
  start: Point2,
  lamp: LampModel,
  fixedAt: Pose2 | undefined,
): TreatmentStop[] {
  if (fixedAt !== undefined) return stops.map(({ dwellS }) => ({ ...fixedAt, dwellS }))
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

function doseOf(stops: readonly TreatmentStop[], count: number, field: IrradianceField): number[] {
  const doses = Array.from({ length: count }, () => 0)
  for (const stop of stops) {
    field.at(stop).forEach((microwatts, index) => {
      doses[index]! += microwatts * MILLI * stop.dwellS
    })
  }
  return doses
}

const LIT_ON_WAYS = 'The lamp stays lit from stop to stop; what it gives on the way is counted.'

function countsOnReflection(reflectance: number): string {
  return (
    `Counts on surfaces that throw back ${Math.round(100 * reflectance)} % of the light. ` +
    'A prediction only: no robot takes this plan, and nothing is proven by it.'
  )
}

/** @param claim `null` when the target is a dose and claims nothing of an organism */
function notesOf({ dwellS, travelS }: ChosenStops, claim: Target['claim']): string[] {
  const notes: string[] = []
  const lampOnS = dwellS + travelS
  if (lampOnS > LAMP_ON_CAP_S) {
    notes.push(
      `The lamp is lit for ${Math.ceil(lampOnS / 60)} min. The robot turns it off 30 min after arming: ` +
        `arm it ${Math.ceil(lampOnS / LAMP_ON_CAP_S)} times. What was delivered counts.`,
    )
  }
  return claim === null ? notes : [...notes, ...evidenceNotes(claim.organism, claim.targetLog)]
}
