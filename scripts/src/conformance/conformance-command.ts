import { exec } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { wardError } from '@wardlight/core/errors'
import { ActionSchema, type RobotAddress } from '@wardlight/core/vda5050'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { parseRobotAddress } from '../robot-credentials.ts'
import type { CheckId, Side, TestedVersion } from './catalogue.ts'
import { commandOperator, promptOperator, type Operator } from './operator.ts'
import { junitReport, textReport, type ConformanceReport, type Outcome } from './report.ts'
import type { KitNodeAction, Place } from './robot-checks.ts'
import { runFleetSide } from './run-fleet-side.ts'
import { runRobotSide } from './run-robot-side.ts'

export interface ConformanceOptions {
  readonly side: Side
  readonly broker: string
  readonly robot: string
  readonly version: TestedVersion
  readonly username?: string
  readonly mapId?: string
  readonly answer: number
  readonly drive: number
  readonly json?: string
  readonly junit?: string
  // Of a robot
  readonly nodes?: string
  readonly cutLine?: string
  readonly mendLine?: string
  readonly mapFile?: string
  readonly mapHost: string
  readonly nodeAction?: string
  // Of a fleet
  readonly at?: string
  readonly actions?: string
  readonly speed: number
  readonly quiet: number
  readonly orderCommand?: string
  readonly prompt?: number
}

/** @returns whether nothing failed */
export async function runConformanceCommand(options: ConformanceOptions): Promise<boolean> {
  const common = {
    broker: options.broker,
    address: parseRobotAddress(options.robot),
    version: options.version,
    username: options.username,
    password: process.env['WARDLIGHT_MQTT_PASSWORD'],
    driveS: options.drive,
    onOutcome: (id: CheckId, { status }: Outcome) => void process.stderr.write(`${id} ${status}\n`),
  }
  const { report } =
    options.side === 'robot'
      ? await runRobotSide({
          ...common,
          places: options.nodes === undefined ? undefined : parsePlaces(options.nodes),
          mapId: options.mapId,
          answerS: options.answer,
          cutLine: cutLineOf(options),
          mapFile: mapFileOf(options),
          nodeAction: options.nodeAction === undefined ? undefined : parseNodeAction(options.nodeAction),
        })
      : await runFleetSide({
          ...common,
          ...fleetOptionsOf(options),
          operator: operatorOf(options, common.address),
        })
  write(report, options)
  return report.counts.failed === 0
}

function fleetOptionsOf({ at, mapId, actions = '', speed, quiet, prompt }: ConformanceOptions) {
  const [x, y, theta = 0, ...rest] = (at ?? '').split(',').map(Number)
  if (x === undefined || y === undefined || rest.length > 0 || ![x, y, theta].every(Number.isFinite)) {
    throw wardError('WARD_ERR_OPTION', {
      what: `"${at ?? ''}" is not where the robot stands at the beginning`,
      where: '--at',
      remedy: 'Write a free place on the map of the fleet as x,y or x,y,theta, in metres and radians.',
    })
  }
  if (mapId === undefined) {
    throw wardError('WARD_ERR_OPTION', {
      what: 'there is no map for the robot to stand on',
      where: '--map-id',
      remedy: 'Name the map as the fleet does.',
    })
  }
  return {
    at: { x, y, theta, mapId },
    nodeActions: actions.split(',').filter((type) => type !== ''),
    speedMps: speed,
    quietS: prompt ?? quiet,
  }
}

function operatorOf({ orderCommand, prompt, answer }: ConformanceOptions, address: RobotAddress): Operator {
  if (orderCommand !== undefined) return commandOperator(orderCommand, address, answer)
  if (prompt !== undefined) return promptOperator((text) => void process.stderr.write(text), prompt)
  throw wardError('WARD_ERR_OPTION', {
    what: 'nobody tells the fleet what is wanted',
    where: '--order-command',
    remedy: 'Give a command that gives the fleet work, or --prompt to be told what to do by hand.',
  })
}

function write(report: ConformanceReport, { json, junit }: ConformanceOptions): void {
  process.stdout.write(textReport(report))
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`)
  if (junit !== undefined) writeFileSync(junit, junitReport(report))
}

const isNodeAction = Compile(Type.Pick(ActionSchema, ['actionType', 'actionParameters']))

/** @throws WARD_ERR_OPTION */
export function parseNodeAction(text: string): KitNodeAction {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    read = null
  }
  if (isNodeAction.Check(read)) return read
  throw wardError('WARD_ERR_OPTION', {
    what: `${text} is no action of a node`,
    where: '--node-action',
    remedy: 'Write it as JSON: {"actionType":"…","actionParameters":[{"key":"…","value":"…"}]}.',
  })
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

/** @throws WARD_ERR_OPTION */
function mapFileOf({ mapFile, mapHost }: ConformanceOptions) {
  if (mapFile === undefined) return undefined
  try {
    return { bytes: readFileSync(mapFile), host: mapHost }
  } catch (cause) {
    throw wardError('WARD_ERR_OPTION', {
      what: `${mapFile} cannot be read`,
      where: '--map-file',
      remedy: 'Give a file that is a map to the robot, of the level on which it stands.',
      cause,
    })
  }
}

function cutLineOf({ cutLine, mendLine }: ConformanceOptions) {
  if (cutLine === undefined || mendLine === undefined) return undefined
  const run = promisify(exec)
  return {
    cut: async () => void (await run(cutLine)),
    mend: async () => void (await run(mendLine)),
  }
}
