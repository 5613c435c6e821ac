import { exec } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { wardError } from '@wardlight/core/errors'
import { parseRobotAddress } from '../robot-credentials.ts'
import type { Side, TestedVersion } from './catalogue.ts'
import { junitReport, textReport, type ConformanceReport } from './report.ts'
import type { Place } from './robot-checks.ts'
import { runRobotSide } from './run-robot-side.ts'

export interface ConformanceOptions {
  readonly side: Side
  readonly broker: string
  readonly robot: string
  readonly version: TestedVersion
  readonly username?: string
  readonly nodes?: string
  readonly mapId?: string
  readonly answer: number
  readonly drive: number
  readonly cutLine?: string
  readonly mendLine?: string
  readonly json?: string
  readonly junit?: string
}

/** @returns whether nothing failed */
export async function runConformanceCommand(options: ConformanceOptions): Promise<boolean> {
  const { report } = await runRobotSide({
    broker: options.broker,
    address: parseRobotAddress(options.robot),
    version: options.version,
    username: options.username,
    password: process.env['WARDLIGHT_MQTT_PASSWORD'],
    places: options.nodes === undefined ? undefined : parsePlaces(options.nodes),
    mapId: options.mapId,
    answerS: options.answer,
    driveS: options.drive,
    cutLine: cutLineOf(options),
    onOutcome: (id, { status }) => process.stderr.write(`${id} ${status}\n`),
  })
  write(report, options)
  return report.counts.failed === 0
}

function write(report: ConformanceReport, { json, junit }: ConformanceOptions): void {
  process.stdout.write(textReport(report))
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`)
  if (junit !== undefined) writeFileSync(junit, junitReport(report))
}

/** `x,y;x,y;x,y`, each with a heading if need be: `x,y,theta`. @throws WARD_ERR_OPTION */
export function parsePlaces(text: string): Place[] {
  const places = text.split(';').map((part) => part.split(',').map(Number))
  if (
    places.length !== 3 ||
    places.some((numbers) => numbers.length < 2 || numbers.length > 3 || !numbers.every(Number.isFinite))
  ) {
    throw wardError('WARD_ERR_OPTION', {
      what: `"${text}" is not three places`,
      where: '--nodes',
      remedy: 'Write three places as x,y;x,y;x,y in metres, each with a heading in radians if need be.',
    })
  }
  return places.map(([x, y, theta]) => ({ x: x!, y: y!, ...(theta === undefined ? {} : { theta }) }))
}

function cutLineOf({ cutLine, mendLine }: ConformanceOptions) {
  if (cutLine === undefined || mendLine === undefined) return undefined
  const run = promisify(exec)
  return {
    cut: async () => void (await run(cutLine)),
    mend: async () => void (await run(mendLine)),
  }
}
