import { wardError } from '../../errors/index.ts'
import { aerationHours } from './gas-model.ts'
import { PEROXIDE_METHODS, peroxideDose, type PeroxideMethod } from './methods.ts'
import { runCycle, type CyclePoint } from './run-cycle.ts'
import { CLEARANCE_LIMITS, OUTSIDE_LIMITS_PPM } from './sensor-rules.ts'

/** A room next door, and what gets there. */
export interface GasNeighbour {
  readonly id: string
  readonly name: string
  readonly volumeM3: number
  readonly airChangesPerHour: number
  /** Air exchanged through the shut door between them, m³ an hour. */
  readonly leakM3PerHour: number
}

export interface PeroxideCycleInput {
  readonly method: PeroxideMethod
  readonly room: {
    readonly name: string
    readonly volumeM3: number
    /** With its ventilation on, for aeration. `null`: the plan does not say. */
    readonly airChangesPerHour: number | null
    readonly neighbours: readonly GasNeighbour[]
  }
  /** Share of the ventilation that still flows while its dampers are shut; by default 0.01. */
  readonly damperLeakage?: number
  /** Whether the gaps of its doors are taped from outside; by default they are shut only. */
  readonly areDoorsTaped?: boolean
  /** Of the room now; `null` where nobody has measured. */
  readonly temperatureC: number | null
  readonly relativeHumidityPercent: number | null
}

export type CyclePhaseName =
  | 'preCheck'
  | 'isolateHvac'
  | 'condition'
  | 'gas'
  | 'dwell'
  | 'aerate'
  | 'verify'
  | 'release'

/** Least, likely and most, of what the kinetics leave open. */
export interface Estimate {
  readonly least: number
  readonly likely: number
  readonly most: number
}

export interface PeroxideCycle {
  readonly method: PeroxideMethod
  readonly h2o2G: number
  readonly solutionMl: number
  readonly phases: readonly { readonly name: CyclePhaseName; readonly seconds: Estimate }[]
  readonly totalS: Estimate
  readonly peakPpm: Estimate
  /** Over gassing and dwell. */
  readonly ppmHours: Estimate
  /** In the room, from the first gas until it is at the limit, with the usual kinetics. */
  readonly course: readonly CyclePoint[]
  /** What the aeration is reckoned with. */
  readonly airChangesPerHour: number
  /** Worst moment next door while the room is gassed, with the usual kinetics. */
  readonly neighbours: readonly { readonly name: string; readonly peakPpm: number }[]
  /** What to do to the room's air before: empty when it is in the window. */
  readonly conditioning: readonly string[]
  /** What people should know. */
  readonly notes: readonly string[]
  /** Why the cycle must not be started as things are; none when it may. */
  readonly refusals: readonly string[]
}

/** Checks and sealing by people, and the dampers, supply first and then exhaust, seconds (proposed). */
export const PRE_CHECK_S = 600
export const ISOLATE_S = 60
/** Between the first low readings and a signature, seconds (proposed). */
export const RELEASE_S = 120
/** Conditioning: a portable dehumidifier or heater takes so long for each percent or kelvin, seconds (proposed). */
const PER_PERCENT_S = 60
const PER_KELVIN_S = 300
/** A damper that leaks as little as it should; 1 % costs about 30 % of the concentration. */
const USUAL_DAMPER_LEAKAGE = 0.01
/** Air changes for estimates where the plan names none (proposed: a room with windows that open). */
const UNKNOWN_AIR_CHANGES = 2
/** Points of the course in its aeration. */
const AERATION_POINTS = 60

/**
 * What a cycle will take, and what will reach the rooms next door, by well-mixed zones. For planning only: the room
 * is cleared by its sensors, whatever this says. Aeration is estimated without decomposition, so that it is not
 * hoped for.
 *
 * @throws WARD_ERR_VALIDATION for a room without volume and for senseless figures
 */
export function predictPeroxideCycle(input: PeroxideCycleInput): PeroxideCycle {
  const { method, room } = input
  check(input)
  const facts = PEROXIDE_METHODS[method]
  const dose = peroxideDose(method, room.volumeM3)
  const air = room.airChangesPerHour ?? UNKNOWN_AIR_CHANGES
  const leakage = input.damperLeakage ?? USUAL_DAMPER_LEAKAGE
  // Cautious: much is lost, little is held; favourable: the other way round.
  const sealed = { ...input, sealedAirChangesPerHour: leakage * air }
  const usual = runCycle(sealed, dose.h2o2G, 1, 1)
  const poor = runCycle(sealed, dose.h2o2G, 2, 0)
  const rich = runCycle(sealed, dose.h2o2G, 0, 2)
  const conditioning = conditioningNeeds(input)
  const conditionS = conditioning.reduce((sum, { seconds }) => sum + seconds, 0)
  const gasS = (dose.h2o2G / (facts.rateGPerMinPerM3 * room.volumeM3)) * 60
  const dwellS = estimate(facts.dwellS, facts.dwellS + usual.belowS, facts.dwellS + poor.belowS)
  const aerate = [usual, poor, rich].map(
    (run) => 3600 * aerationHours(run.endPpm, CLEARANCE_LIMITS.limitPpm, air) + run.filmS(air),
  )
  const aerateS = estimate(Math.min(...aerate), aerate[0]!, Math.max(...aerate))
  const phases: { name: CyclePhaseName; seconds: Estimate }[] = [
    { name: 'preCheck', seconds: exactly(PRE_CHECK_S) },
    { name: 'isolateHvac', seconds: exactly(ISOLATE_S) },
    { name: 'condition', seconds: estimate(0, conditionS, 2 * conditionS) },
    { name: 'gas', seconds: exactly(gasS) },
    { name: 'dwell', seconds: dwellS },
    { name: 'aerate', seconds: aerateS },
    { name: 'verify', seconds: exactly(CLEARANCE_LIMITS.stableMs / 1000) },
    { name: 'release', seconds: exactly(RELEASE_S) },
  ]
  const sum = (key: keyof Estimate) => phases.reduce((total, { seconds }) => total + seconds[key], 0)
  const notes: string[] = []
  if (room.airChangesPerHour === null) {
    notes.push(
      `The plan does not say how often the air of ${room.name} changes: ${UNKNOWN_AIR_CHANGES} times an hour are taken.`,
    )
  }
  if (input.temperatureC === null || input.relativeHumidityPercent === null) {
    notes.push('Temperature and humidity of the room are not known: measure them before the cycle.')
  }
  notes.push('Estimates only: sensors clear the room, never the clock.')
  const refusals: string[] = []
  if (usual.peakPpm < facts.targetPpm) {
    refusals.push(
      `the concentration would reach ${Math.round(usual.peakPpm)} ppm, ${facts.targetPpm} are needed: seal the room and its dampers better`,
    )
  } else if (usual.belowS > 0) {
    refusals.push(
      `the concentration would not hold ${facts.targetPpm} ppm for ${facts.dwellS / 60} min: seal the room and its dampers better`,
    )
  }
  if (air === 0) refusals.push('the room has no ventilation: it could not be aerated')
  for (const { name, peakPpm } of usual.neighbours) {
    if (peakPpm > OUTSIDE_LIMITS_PPM.stopGas) {
      refusals.push(
        `${name} would reach ${peakPpm.toFixed(1)} ppm: tape the door to it and measure there, or clear it of people and seal it too`,
      )
    }
  }
  return {
    method,
    ...dose,
    phases,
    totalS: { least: sum('least'), likely: sum('likely'), most: sum('most') },
    peakPpm: estimateOf([usual.peakPpm, poor.peakPpm, rich.peakPpm]),
    ppmHours: estimateOf([usual.ppmHours, poor.ppmHours, rich.ppmHours]),
    course: [
      ...usual.course,
      ...aerationCourse(gasS + facts.dwellS, usual.endPpm, usual.filmS(air), aerate[0]!),
    ],
    airChangesPerHour: air,
    neighbours: usual.neighbours,
    conditioning: conditioning.map(({ what }) => what),
    notes,
    refusals,
  }
}

/** What has to be done to the room's air before gas flows, and about how long it takes. */
export function conditioningNeeds({
  method,
  temperatureC,
  relativeHumidityPercent,
}: Pick<PeroxideCycleInput, 'method' | 'temperatureC' | 'relativeHumidityPercent'>): {
  readonly what: string
  readonly seconds: number
}[] {
  const {
    temperatureC: [coldest, warmest],
    relativeHumidityPercent: [driest, dampest],
  } = PEROXIDE_METHODS[method]
  const needs: { what: string; seconds: number }[] = []
  const off = (value: number | null, least: number, most: number) =>
    value === null ? 0 : value < least ? value - least : value > most ? value - most : 0
  const kelvin = off(temperatureC, coldest, warmest)
  if (kelvin !== 0) {
    needs.push({
      what: `${kelvin < 0 ? 'Heat' : 'Cool'} the room from ${temperatureC} °C to ${kelvin < 0 ? coldest : warmest} °C.`,
      seconds: PER_KELVIN_S * Math.abs(kelvin),
    })
  }
  const percent = off(relativeHumidityPercent, driest, dampest)
  if (percent !== 0) {
    needs.push({
      what: `${percent < 0 ? 'Humidify' : 'Dehumidify'} the room from ${relativeHumidityPercent} % to ${percent < 0 ? driest : dampest} % relative humidity.`,
      seconds: PER_PERCENT_S * Math.abs(percent),
    })
  }
  return needs
}

/** As the duration is reckoned: the film holds the air where it is, then ventilation alone empties it. */
function aerationCourse(fromS: number, endPpm: number, filmS: number, aerateS: number): CyclePoint[] {
  if (!Number.isFinite(aerateS) || !(endPpm > 0) || aerateS <= 0) return []
  const fallS = aerateS - filmS
  return Array.from({ length: AERATION_POINTS }, (_, index): CyclePoint => {
    const s = (aerateS * (index + 1)) / AERATION_POINTS
    const fallen = fallS > 0 ? Math.max(0, s - filmS) / fallS : 0
    return { atS: fromS + s, ppm: endPpm * (CLEARANCE_LIMITS.limitPpm / endPpm) ** fallen }
  })
}

function check({ room, damperLeakage, temperatureC, relativeHumidityPercent }: PeroxideCycleInput): void {
  const refuse = (what: string, where: string, remedy: string): never => {
    throw wardError('WARD_ERR_VALIDATION', { what, where, remedy })
  }
  if (!(room.volumeM3 > 0 && room.volumeM3 < Infinity)) {
    refuse(
      `${room.name} has a volume of ${room.volumeM3} m³`,
      'room.volumeM3',
      'Give its outline and its height in the floor plan.',
    )
  }
  if (room.airChangesPerHour !== null && !(room.airChangesPerHour >= 0)) {
    refuse(
      `The air changes ${room.airChangesPerHour} times an hour`,
      'room.airChangesPerHour',
      'Give a number of 0 or more.',
    )
  }
  if (damperLeakage !== undefined && !(damperLeakage >= 0 && damperLeakage <= 1)) {
    refuse(`The dampers leak ${damperLeakage}`, 'damperLeakage', 'Give a share from 0 to 1.')
  }
  if (temperatureC !== null && !(temperatureC > -20 && temperatureC < 60)) {
    refuse(`The room has ${temperatureC} °C`, 'temperatureC', 'Give degrees Celsius.')
  }
  if (relativeHumidityPercent !== null && !(relativeHumidityPercent >= 0 && relativeHumidityPercent <= 100)) {
    refuse(
      `The room has ${relativeHumidityPercent} % relative humidity`,
      'relativeHumidityPercent',
      'Give percent, 0 to 100.',
    )
  }
}

function exactly(value: number): Estimate {
  return { least: value, likely: value, most: value }
}

function estimate(least: number, likely: number, most: number): Estimate {
  return { least, likely, most }
}

function estimateOf(values: readonly [likely: number, ...others: number[]]): Estimate {
  return { least: Math.min(...values), likely: values[0], most: Math.max(...values) }
}
