import type { MissionPhase } from '@wardlight/core/fleet'
import type { StopProgress, UvMissionContext } from './uv-mission.ts'

/** Seconds until a UV mission's phase ends by itself; `null` where it does not. @param inPhaseMs since it began */
export function uvCountdownS(
  phase: MissionPhase,
  inPhaseMs: number,
  context: UvMissionContext,
): number | null {
  const left = (totalMs: number) => Math.max(0, Math.ceil((totalMs - inPhaseMs) / 1000))
  switch (phase) {
    case 'awaitingArming':
      return left(context.armingTimeoutMs)
    case 'exitDelay':
      return left(context.exitDelayMs)
    case 'interrupted':
      return left(context.isUnderWay ? context.rearmTimeoutMs : context.armingTimeoutMs)
    case 'dosing': {
      const stop = context.stops[context.stopIndex]
      return stop === undefined ? null : Math.ceil(dwellLeftS(stop))
    }
    case 'queued':
    case 'traveling':
    case 'surveying':
    case 'verifying':
    case 'finished':
      return null
  }
}

/** What a stop still lacks of its lamp time. */
export function dwellLeftS(stop: Pick<StopProgress, 'plannedDwellS' | 'deliveredDwellS'>): number {
  return Math.max(0, stop.plannedDwellS - stop.deliveredDwellS)
}
