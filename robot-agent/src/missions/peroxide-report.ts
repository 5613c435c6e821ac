import type { PeroxidePlan } from '@wardlight/core/disinfection'
import type { Instruments, PeroxideEnd, PeroxideReport, Verdict } from '@wardlight/core/fleet'
import type { GasLedger } from './gas-ledger.ts'

/** A dose counts as brought in when so much of it was measured: the generator's own measurement is within 2 % (proposed). */
const DOSE_TOLERANCE = 0.98

export interface PeroxideReportInput {
  readonly missionId: string
  readonly robotId: string
  readonly plan: PeroxidePlan
  readonly end: PeroxideEnd
  readonly isDwellDone: boolean
  /** No more of the dose was brought in because the air held all that it can. */
  readonly hasReachedCeiling: boolean
  readonly clearedAtEpochMs: number | null
  readonly ledger: GasLedger
  readonly conditions: PeroxideReport['conditions']
  readonly startedAtEpochMs: number
  readonly elapsedS: number
  readonly interlocks: PeroxideReport['interlocks']
  readonly timeline: PeroxideReport['timeline']
  readonly arming: PeroxideReport['arming']
  readonly wasEvacuated: boolean
  /** Left out: nobody keeps a book of them. */
  readonly instruments?: Instruments | undefined
}

function verdictOf({
  plan,
  end,
  isDwellDone,
  hasReachedCeiling,
  ledger,
  timeline,
}: PeroxideReportInput): Verdict {
  if (!timeline.some(({ phase }) => phase === 'gassing')) return 'aborted'
  const isDoseIn = hasReachedCeiling || ledger.injectedG >= DOSE_TOLERANCE * plan.h2o2G
  return end === 'completed' && isDwellDone && isDoseIn ? 'proven' : 'incomplete'
}

/** The evidence of one mission, as it goes to the fleet. */
export function buildPeroxideReport(input: PeroxideReportInput): PeroxideReport {
  const { plan, ledger, clearedAtEpochMs } = input
  const wasGassed = input.timeline.some(({ phase }) => phase === 'gassing')
  const sensors = ledger.inside()
  return {
    missionId: input.missionId,
    robotId: input.robotId,
    roomId: plan.room.roomId,
    levelId: plan.room.levelId,
    method: plan.method,
    verdict: verdictOf(input),
    end: input.end,
    startedAt: new Date(input.startedAtEpochMs).toISOString(),
    finishedAt: new Date(input.startedAtEpochMs + input.elapsedS * 1000).toISOString(),
    elapsedS: rounded(input.elapsedS),
    wasGassed,
    plannedH2o2G: rounded(plan.h2o2G),
    injectedG: rounded(ledger.injectedG),
    targetPpm: plan.targetPpm,
    plannedDwellS: plan.dwellS,
    dwellS: down(ledger.bestDwellS),
    peakPpm: rounded(Math.max(0, ...sensors.map(({ peakPpm }) => peakPpm))),
    ppmHours: sensors.length === 0 ? 0 : down(Math.min(...sensors.map(({ ppmHours }) => ppmHours))),
    conditions: input.conditions,
    sensors: sensors.map((sensor) => ({
      ...sensor,
      peakPpm: rounded(sensor.peakPpm),
      // Exposure is rounded down: rounding never makes one reach its target.
      ppmHours: down(sensor.ppmHours),
      dwellS: down(sensor.dwellS),
      atClearancePpm: clearedAtEpochMs === null ? null : sensor.atClearancePpm,
    })),
    outside: ledger.outside().map((sensor) => ({ ...sensor, peakPpm: rounded(sensor.peakPpm) })),
    wasEvacuated: input.wasEvacuated,
    interlocks: input.interlocks,
    timeline: input.timeline,
    arming: input.arming,
    clearedAt: clearedAtEpochMs === null ? null : new Date(clearedAtEpochMs).toISOString(),
    ...(input.instruments === undefined ? {} : { instruments: input.instruments }),
  }
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}

function down(value: number): number {
  return Math.floor(value * 1000 + 1e-6) / 1000
}
