import { PEROXIDE_METHODS } from '@wardlight/core/disinfection'
import { minutes } from '../minutes.ts'
import type { PeroxideDemoResult } from './run-peroxide-demo.ts'

/** The result of a demonstration with hydrogen peroxide for people. */
export function printPeroxideDemo(result: PeroxideDemoResult): string {
  const { h2o2G, dwellSeconds, outside, truth } = result
  const lines = [
    `${result.room}: ${result.verdict.toUpperCase()} (${result.end})`,
    `  method         ${PEROXIDE_METHODS[result.method].name}`,
    `  time           ${minutes(result.elapsedSeconds)} from order to report; ${minutes(result.plannedSeconds)} expected`,
    `  dose           ${h2o2G.injected.toFixed(1)} of ${h2o2G.planned.toFixed(1)} g of H2O2 brought in`,
    `  concentration  up to ${result.peakPpm.toFixed(0)} ppm`,
    `  dwell          ${minutes(dwellSeconds.achieved)} of ${minutes(dwellSeconds.planned)} at ${result.targetPpm} ppm or more, by every sensor`,
    `  exposure       ${result.ppmHours.toFixed(0)} ppm·h, by the sensor that reads least`,
    ...outside.map(({ roomId, peakPpm }) => `  next door      ${roomId}: up to ${peakPpm.toFixed(1)} ppm`),
    ...result.interlocks.map(
      ({ at, kind, detail }) => `  interlock      ${kind} at ${at.toFixed(1)} s: ${detail}`,
    ),
    ...(result.gasOffLatencyMs === null
      ? []
      : [`  gas off        ${result.gasOffLatencyMs} ms after a door opened, at worst`]),
    ...(result.wasEvacuated ? ['  EVACUATED      people were called out'] : []),
    result.clearedAtSeconds === null
      ? '  cleared        there was no gas to clear'
      : `  cleared        by ${result.sensors.filter(({ isProven }) => isProven).length} sensors after ${minutes(result.clearedAtSeconds)}; truly ${truth.ppmWhenCleared.toFixed(2)} ppm`,
    `  breathed       at most ${truth.worstBreathedPpm.toFixed(2)} ppm, by anybody`,
    `  mission        ${result.missionId}`,
  ]
  return `${lines.join('\n')}\n`
}
