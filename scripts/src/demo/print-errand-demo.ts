import { minutes } from '../minutes.ts'
import type { ErrandDemoResult } from './run-errand-demo.ts'

/** The result of a demonstration of errands for people. */
export function printErrandDemo(result: ErrandDemoResult): string {
  const { errands, truth, fastestByHandMps, standsAfterSilenceMs } = result
  const lines = [
    `${result.room === null ? '' : `${result.room}: `}${result.verdict.toUpperCase()}`,
    `  time           ${minutes(result.elapsedSeconds)}`,
    ...errands.map((errand) => `  ${errand.kind.padEnd(13)}  ${errand.end}`),
    ...(fastestByHandMps === null ? [] : [`  by hand        up to ${fastestByHandMps.toFixed(2)} m/s`]),
    ...(standsAfterSilenceMs === null
      ? []
      : [`  line breaks    the robot stands ${standsAfterSilenceMs} ms after the last command`]),
    `  truth          touched something ${truth.touches} times, was lit ${truth.timesLit} times, charge ${Math.round(100 * truth.batteryFraction)} %`,
  ]
  return `${lines.join('\n')}\n`
}
