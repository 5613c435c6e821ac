import type { MissedSurface } from '@wardlight/core/disinfection'
import { minutes } from '../minutes.ts'
import type { DemoResult } from './demo-result.ts'

const inWords: Readonly<Record<MissedSurface['reason'], string>> = {
  shadowed: 'in the shadow of something',
  facesAway: 'face away from every place where the robot can stop',
  tooFar: 'too far, too high or too slanted',
  interrupted: 'not done when the run ended early',
  underDosed: 'got less than planned',
  robotCannotReach: 'lit only from where the robot cannot go',
  outsideRoom: 'drawn outside of the room',
  noTime: 'left out to keep within the time budget',
}

/** The result of a demonstration for people. */
export function printDemo(result: DemoResult): string {
  const { surfaces, doseMjPerCm2: dose } = result
  const reasons = new Map<MissedSurface['reason'], number>()
  for (const { reason } of surfaces.missed) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  const lines = [
    `${result.room}: ${result.verdict.toUpperCase()} (room is now ${result.roomState})`,
    `  against        ${result.organism}, ${result.targetLog} log`,
    `  time           ${minutes(result.elapsedSeconds)} from order to report; ${minutes(result.plannedSeconds)} planned in the room`,
    `  stops          ${result.stops}`,
    `  surfaces       ${surfaces.reached} of ${surfaces.total} reached the target`,
    `  dose           least ${dose.min} mJ/cm², 5th percentile ${dose.p5}, median ${dose.p50} (promised surfaces)`,
    ...[...reasons].map(([reason, count]) => `  missed         ${count} × ${inWords[reason]}`),
    ...result.interlocks.map(({ at, kind }) => `  interlock      ${kind} at ${at.toFixed(1)} s`),
    ...(result.lampOffLatencyMs === null
      ? []
      : [`  lamp dark      ${result.lampOffLatencyMs} ms after the hazard, at worst`]),
    `  mission        ${result.missionId}`,
  ]
  return `${lines.join('\n')}\n`
}
