import { CLEARANCE_LIMITS, type PeroxidePlan, type PeroxideStep } from '@wardlight/core/disinfection'
import type { PeroxideReport, Verdict } from '@wardlight/core/fleet'

/** Reports round to thousandths: so much may be missing without anything being short. */
const ROUNDING = 0.001
/** A dose counts as brought in when so much of it was measured (as on the robot: its measurement is within 2 %). */
const DOSE_TOLERANCE = 0.98
/** The robot looks once a second: its ten minutes may seem so much shorter in its timeline, seconds. */
const LOOK_S = 2

export interface GasJudgement {
  readonly verdict: Verdict
  /** What is wrong with the evidence itself; `null` when it holds together. */
  readonly problem: string | null
  /** Whether sensors have shown that the room may be entered, or there never was gas. */
  readonly isCleared: boolean
}

interface JudgedMission {
  readonly id: string
  readonly roomId: string
  readonly robotId: string
  readonly cycle: PeroxidePlan
  /** The robot said while it ran that there was gas. */
  readonly wasHeardGassed: boolean
}

/**
 * Judges the robot's evidence against the approved plan, as `judgeReport` does for light. Two questions apart: whether the
 * room was treated, and whether it may be entered. In doubt it was not, and may not.
 *
 * @param step what the protocol asks for beyond the method's own figures; `null` where there is none
 * @param clearPpm of the protocol's aeration
 */
export function judgePeroxideReport(
  report: PeroxideReport,
  mission: JudgedMission,
  step: PeroxideStep | null,
  clearPpm: number = CLEARANCE_LIMITS.limitPpm,
): GasJudgement {
  const stranger = contradiction(report, mission)
  const uncleared = stranger ?? notCleared(report, mission, clearPpm)
  const isCleared = uncleared === null
  if (report.verdict !== 'proven') return { verdict: report.verdict, problem: uncleared, isCleared }
  const problem = uncleared ?? shortfall(report, mission.cycle) ?? protocolShortfall(report, step)
  return { verdict: problem === null ? 'proven' : 'incomplete', problem, isCleared }
}

function contradiction(report: PeroxideReport, { id, roomId, robotId, cycle }: JudgedMission): string | null {
  const pairs: readonly (readonly [string, string, string])[] = [
    ['mission', report.missionId, id],
    ['room', report.roomId, roomId],
    ['robot', report.robotId, robotId],
    ['method', report.method, cycle.method],
  ]
  const wrong = pairs.find(([, reported, expected]) => reported !== expected)
  return wrong === undefined ? null : `The report names ${wrong[0]} ${wrong[1]}, the mission ${wrong[2]}`
}

/** Why the room must not be entered by this report; `null` when it may. */
function notCleared(report: PeroxideReport, mission: JudgedMission, clearPpm: number): string | null {
  const { wasGassed, clearedAt, sensors, timeline, elapsedS } = report
  const hasGas = wasGassed || mission.wasHeardGassed || report.injectedG > 0
  if (!hasGas) return null
  if (!wasGassed) return 'The report knows of no gas, though there was some'
  if (clearedAt === null) return 'The report does not say that sensors cleared the room'
  const limitPpm = Math.min(clearPpm, CLEARANCE_LIMITS.limitPpm)
  const counted = sensors.filter(({ isProven, atClearancePpm }) => isProven && atClearancePpm !== null)
  const readings = sensors.flatMap(({ atClearancePpm }) => (atClearancePpm === null ? [] : [atClearancePpm]))
  if (counted.length < CLEARANCE_LIMITS.sensors) {
    return `${counted.length} of ${CLEARANCE_LIMITS.sensors} sensors had shown that they work, and cleared the room`
  }
  const high = readings.find((ppm) => !(ppm <= limitPpm))
  if (high !== undefined)
    return `A sensor read ${high} ppm when the room was cleared; ${limitPpm} ppm is the limit`
  if (Math.max(...readings) - Math.min(...readings) > CLEARANCE_LIMITS.agreePpm + ROUNDING) {
    return 'The sensors contradicted each other when the room was cleared'
  }
  const verifyingAt = timeline.findLast(({ phase }) => phase === 'verifying')?.at ?? Number.NaN
  const stableS = CLEARANCE_LIMITS.stableMs / 1000
  return elapsedS - verifyingAt >= stableS - LOOK_S
    ? null
    : `The sensors were not watched for ${stableS / 60} minutes before the room was cleared`
}

function shortfall(report: PeroxideReport, cycle: PeroxidePlan): string | null {
  if (report.end !== 'completed') return `The cycle ended by ${report.end}`
  if (report.targetPpm < cycle.targetPpm || report.plannedDwellS < cycle.dwellS) {
    return `The report aims at ${report.targetPpm} ppm for ${report.plannedDwellS} s, the plan at ${cycle.targetPpm} ppm for ${cycle.dwellS} s`
  }
  const isDoseIn = report.injectedG >= DOSE_TOLERANCE * cycle.h2o2G || report.peakPpm >= cycle.ceilingPpm
  if (!isDoseIn) return `${report.injectedG} g of ${Math.round(cycle.h2o2G)} g were brought in`
  const short = report.sensors.find(({ dwellS }) => dwellS < cycle.dwellS - ROUNDING)
  return short === undefined
    ? null
    : `Sensor ${short.sensorId} was at the target for ${Math.round(short.dwellS)} s of ${cycle.dwellS} s`
}

function protocolShortfall(
  { ppmHours, conditions }: PeroxideReport,
  step: PeroxideStep | null,
): string | null {
  if (step === null) return null
  if (step.targetPpmH !== null && ppmHours < step.targetPpmH) {
    return `The exposure was ${ppmHours} ppm·h, the protocol asks for ${step.targetPpmH}`
  }
  const { temperatureC, relativeHumidityPercent } = step.conditions
  const isOff = (range: readonly [number, number] | null, value: number | undefined) =>
    range !== null && !(value !== undefined && value >= range[0] && value <= range[1])
  if (isOff(temperatureC, conditions?.temperatureC))
    return 'The room was not at the temperature of the protocol'
  if (isOff(relativeHumidityPercent, conditions?.relativeHumidityPercent)) {
    return 'The room was not at the humidity of the protocol'
  }
  return null
}

/** Why a mission ended as it did, for the room list. */
export function outcomeOfPeroxide(
  { end, interlocks }: PeroxideReport,
  { verdict, problem }: Pick<GasJudgement, 'verdict' | 'problem'>,
): string {
  if (verdict === 'proven') return 'Cycle proven, cleared by its sensors'
  const interlock = interlocks.at(-1)
  const cause =
    problem ??
    (interlock === undefined
      ? end
      : `${interlock.kind.replace('.', ' ')}${interlock.detail === '' ? '' : ` (${interlock.detail})`}`)
  return `Disinfection ${verdict === 'aborted' ? 'aborted' : 'incomplete'}: ${cause}`
}
