import { predictedRemainingS, type PeroxidePlan } from '@wardlight/core/disinfection'
import {
  GAS_EVACUATE,
  type PeroxidePhase,
  type PeroxideReport,
  type PeroxideStatus,
} from '@wardlight/core/fleet'
import type { VdaError } from '@wardlight/core/vda5050'
import type { GasLedger } from './gas-ledger.ts'
import type { PeroxideMissionContext } from './peroxide-mission.ts'

const EVACUATES: ReadonlySet<string> = new Set(['gas.evacuate', 'person.detected'])

/** What a peroxide mission says of itself to the fleet. */
export function peroxideStatusOf(
  input: Pick<PeroxideStatus, 'missionId' | 'timestamp' | 'phase' | 'phaseS' | 'arming' | 'isGeneratorOn'> & {
    readonly plan: PeroxidePlan
    readonly context: PeroxideMissionContext
    readonly ledger: GasLedger
    readonly blockers: string[]
    readonly interlocks: PeroxideReport['interlocks']
    readonly report: PeroxideReport | null
    readonly nowMs: number
  },
): PeroxideStatus {
  const { plan, context, ledger, nowMs, phase, phaseS } = input
  const { highestPpm } = ledger
  return {
    missionId: input.missionId,
    roomId: plan.room.roomId,
    timestamp: input.timestamp,
    phase,
    phaseS,
    countdownS: countdownS(phase, phaseS, context),
    remainingS: predictedRemainingS(plan, {
      phase,
      phaseS,
      injectedG: ledger.injectedG,
      dwellS: ledger.dwellS,
      highestPpm: Number.isFinite(highestPpm) ? highestPpm : null,
    }),
    arming: input.arming,
    isGassed: context.isGassed,
    mustEvacuate: context.mustEvacuate,
    isGeneratorOn: input.isGeneratorOn,
    injectedG: ledger.injectedG,
    dwellS: ledger.dwellS,
    sensors: [...ledger.heard].map(([sensorId, { roomId, ppm, atMs }]) => ({
      sensorId,
      roomId,
      ppm,
      ageS: Math.max(0, nowMs - atMs) / 1000,
    })),
    blockers: input.blockers,
    interlocks: [...input.interlocks],
    report: input.report,
  }
}

/** Until the phase ends by itself. */
function countdownS(
  phase: PeroxidePhase,
  phaseS: number,
  { armingTimeoutMs, rearmTimeoutMs, exitDelayMs }: PeroxideMissionContext,
): number | null {
  const lengthS = {
    exitDelay: exitDelayMs / 1000,
    awaitingArming: armingTimeoutMs / 1000,
    interrupted: rearmTimeoutMs / 1000,
  }[phase as string]
  return lengthS === undefined ? null : Math.max(0, lengthS - phaseS)
}

/** The call to leave the rooms around, in VDA 5050's words. */
export function evacuationError(
  missionId: string,
  roomId: string,
  interlocks: PeroxideReport['interlocks'],
): VdaError {
  const reason = interlocks.findLast(({ kind }) => EVACUATES.has(kind))?.detail
  return {
    errorType: GAS_EVACUATE,
    errorLevel: 'FATAL',
    errorDescription: `Leave the rooms around ${roomId}${reason === undefined ? '' : `: ${reason}`}`,
    errorReferences: [{ referenceKey: 'missionId', referenceValue: missionId }],
  }
}

/** The innermost state that people know of. */
export function peroxidePhaseOf(value: unknown): PeroxidePhase {
  if (typeof value === 'string') return (value === 'starting' ? 'traveling' : value) as PeroxidePhase
  const [[outer, inner]] = Object.entries(value as Record<string, unknown>) as [[string, unknown]]
  if (outer !== 'sealing' && outer !== 'gassed') return outer as PeroxidePhase
  return (typeof inner === 'string' ? inner : Object.keys(inner as object)[0]) as PeroxidePhase
}
