import { advanceGas, ppmOf, type GasLeak, type GasState, type GasZone } from './gas-model.ts'
import { MG_PER_M3_PER_PPM, PEROXIDE_METHODS } from './methods.ts'
import type { PeroxideCycleInput } from './predict-cycle.ts'

/** Step of the prediction, and where it gives up, seconds. */
const STEP_S = 2
const LONGEST_S = 24 * 3600
/** So often a point of the course is kept, seconds. */
const POINT_EVERY_S = 60
/** What tape leaves of a door's leak (proposed). */
const TAPED_SHARE = 0.02

/** The concentration in the room, so long after the first gas. */
export interface CyclePoint {
  readonly atS: number
  readonly ppm: number
}

export interface CycleRun {
  readonly peakPpm: number
  readonly ppmHours: number
  /** How long the dwell would have been interrupted below the target. */
  readonly belowS: number
  readonly endPpm: number
  /** What the film that is left adds to the aeration, seconds. */
  readonly filmS: (airChangesPerHour: number) => number
  readonly neighbours: readonly { readonly name: string; readonly peakPpm: number }[]
  readonly course: readonly CyclePoint[]
}

/**
 * Gassing and dwell in well-mixed zones. `sealedAirChangesPerHour`: what still flows through the shut dampers.
 *
 * @param lossIndex which of the spreads' decay
 * @param holdIndex which of what the air holds
 */
export function runCycle(
  {
    method,
    room,
    areDoorsTaped,
    sealedAirChangesPerHour,
  }: PeroxideCycleInput & { readonly sealedAirChangesPerHour: number },
  h2o2G: number,
  lossIndex: 0 | 1 | 2,
  holdIndex: 0 | 1 | 2,
): CycleRun {
  const facts = PEROXIDE_METHODS[method]
  const zones: GasZone[] = [
    { id: 'room', volumeM3: room.volumeM3, airChangesPerHour: sealedAirChangesPerHour },
    ...room.neighbours.map(({ id, volumeM3, airChangesPerHour }) => ({ id, volumeM3, airChangesPerHour })),
  ]
  const leaks: GasLeak[] = room.neighbours.map(({ id, leakM3PerHour }) => ({
    a: 'room',
    b: id,
    flowM3PerHour: ((areDoorsTaped ?? false) ? TAPED_SHARE : 1) * leakM3PerHour,
  }))
  const kinetics = {
    saturationPpm: facts.saturationPpm[holdIndex],
    decayPerHour: facts.decayPerHour[lossIndex],
  }
  const rateMgPerS = (facts.rateGPerMinPerM3 * room.volumeM3 * 1000) / 60
  const gasS = (h2o2G * 1000) / rateMgPerS
  const peaks = zones.map(() => 0)
  let state: GasState = new Map()
  let ppmHours = 0
  let belowS = 0
  const course: CyclePoint[] = [{ atS: 0, ppm: 0 }]
  for (let atS = 0; atS < gasS + facts.dwellS && atS < LONGEST_S; atS += STEP_S) {
    const isGassing = atS < gasS
    const source = isGassing
      ? { zoneId: 'room', rateMgPerS, airborneShare: facts.airborneShare[holdIndex] }
      : null
    state = advanceGas(state, zones, leaks, kinetics, source, STEP_S)
    zones.forEach(({ id, volumeM3 }, index) => {
      peaks[index] = Math.max(peaks[index]!, ppmOf(state.get(id)!, volumeM3))
    })
    const ppm = ppmOf(state.get('room')!, room.volumeM3)
    ppmHours += (ppm * STEP_S) / 3600
    if (!isGassing && ppm < facts.targetPpm) belowS += STEP_S
    if (atS + STEP_S - course.at(-1)!.atS >= POINT_EVERY_S) course.push({ atS: atS + STEP_S, ppm })
  }
  const { filmMg } = state.get('room')!
  const saturatedMgPerH = (air: number) => air * kinetics.saturationPpm * MG_PER_M3_PER_PPM * room.volumeM3
  return {
    peakPpm: peaks[0]!,
    ppmHours,
    belowS,
    endPpm: ppmOf(state.get('room')!, room.volumeM3),
    // The film keeps the air saturated until it is carried off or has decayed.
    filmS: (air) =>
      (3600 * Math.log1p((kinetics.decayPerHour * filmMg) / saturatedMgPerH(air))) / kinetics.decayPerHour,
    neighbours: room.neighbours.map(({ name }, index) => ({ name, peakPpm: peaks[index + 1]! })),
    course,
  }
}
