import type { Verdict } from '@wardlight/core/fleet'
import { minutes } from '../minutes.ts'

/** What became of one room in a night. */
export interface NightRoom {
  readonly roomId: string
  readonly name: string
  readonly level: string
  /** `skipped`: nobody asked for it; `impossible`: no plan could be made; `notReached`: no robot could come. */
  readonly verdict: Verdict | 'skipped' | 'impossible' | 'notReached'
  /** Why, for people; `null` for a room that is proven on every surface. */
  readonly reason: string | null
  readonly robotId: string | null
  /** Simulated, since the evening. */
  readonly orderedAtS: number | null
  readonly finishedAtS: number | null
  readonly missedSurfaces: number
  /** Kinds, in their order. */
  readonly interlocks: readonly string[]
}

/** What `wardlight demo --rooms … --json` prints. */
export interface NightResult {
  readonly map: string
  readonly organism: string
  readonly targetLog: number
  readonly robots: number
  readonly rooms: readonly NightRoom[]
  readonly proven: number
  readonly explained: number
  /** Rooms that are neither. */
  readonly unexplained: number
  /** Simulated, until the last report. */
  readonly elapsedSeconds: number
  /** How often a robot came out of a lift on another level. */
  readonly liftRides: number
  /** Of two robots' centres, at the worst instant, metres; `null` with one robot. */
  readonly nearestM: number | null
  readonly lampOffLatencyMs: number | null
  readonly verdict: 'complete' | 'incomplete'
}

/** The result of a night for people. */
export function printNight(result: NightResult): string {
  const width = Math.max(4, ...result.rooms.map(({ name }) => name.length))
  const lines = [
    `${result.map}: ${result.verdict.toUpperCase()}`,
    `  rooms          ${result.proven} proven, ${result.explained} explained, ${result.unexplained} neither`,
    `  robots         ${result.robots}; ${result.liftRides} lift rides; nearest to one another ${result.nearestM?.toFixed(2) ?? '-'} m`,
    `  time           ${minutes(result.elapsedSeconds)}`,
    '',
    ...result.rooms.map(({ name, level, verdict, robotId, reason }) =>
      `  ${level} ${name.padEnd(width)}  ${verdict.padEnd(10)}  ${[robotId, reason].filter((part) => part !== null).join(': ')}`.trimEnd(),
    ),
  ]
  return `${lines.join('\n')}\n`
}
