import type { MissionPhase, MissionView, PeroxidePhase } from '@wardlight/core/fleet'
import type { Dictionary } from '../i18n/en.ts'

/** What a mission is doing, in the words of its method. */
export function phaseWords(
  text: Dictionary,
  { method, phase }: Pick<MissionView, 'method' | 'phase'>,
): string {
  return method === 'uv' || phase === 'queued'
    ? text.mission.phases[phase as MissionPhase]
    : text.gas.phases[phase as PeroxidePhase]
}
