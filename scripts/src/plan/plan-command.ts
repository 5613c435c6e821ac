import { accessSync, constants, writeFileSync } from 'node:fs'
import path from 'node:path'
import { wardError } from '@wardlight/core/errors'
import { planPlanarFile, printPlanarReport } from './planar-report.ts'
import { renderSvg } from './render-svg.ts'
import { roomPicture } from './room-picture.ts'
import { planRoom, type RoomPlanOptions } from './room-plan.ts'
import { printRoomPlan, roomPlanReport } from './room-plan-report.ts'

export interface PlanOptions extends Omit<RoomPlanOptions, 'map' | 'room'> {
  readonly map?: string | undefined
  readonly room?: string | undefined
  /** A file in the planar benchmark form, instead of a room of a map. */
  readonly polygons?: string | undefined
  readonly json: boolean
  /** Where the picture of the room goes. */
  readonly png?: string | undefined
}

/** Options that the planar form has no use for. */
const ONLY_FOR_ROOMS = [
  'map',
  'room',
  'level',
  'organism',
  'log',
  'dose',
  'robot',
  'png',
  'fewestStops',
  'highTouchFirst',
  'budget',
  'litOnWays',
  'floor',
] as const satisfies readonly (keyof PlanOptions)[]

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/**
 * @returns what `wardlight plan` prints
 * @throws WARD_ERR_OPTION for options that do not go together, and what planning throws
 */
export async function runPlanCommand(options: PlanOptions): Promise<string> {
  const { map, room, polygons, json, png } = options
  if (polygons !== undefined) {
    const strangers = ONLY_FOR_ROOMS.filter((name) => options[name] !== undefined)
    if (strangers.length > 0) {
      throw wardError('WARD_ERR_OPTION', {
        what: `--polygons stands beside ${strangers.map((name) => `--${kebab(name)}`).join(', ')}`,
        remedy: 'With --polygons only --grid and --json have a meaning: the file says the rest.',
      })
    }
    const report = await planPlanarFile(polygons, options.grid)
    return json ? asJson(report) : printPlanarReport(report)
  }
  if (map === undefined || room === undefined) {
    throw wardError('WARD_ERR_OPTION', {
      what: 'There is nothing to plan',
      remedy: 'Give --map FILE with --room NAME, or --polygons FILE.',
    })
  }
  if (png !== undefined) requireFolder(png)
  const roomPlan = planRoom({ ...options, map, room })
  if (png !== undefined) writeFileSync(png, await renderSvg(roomPicture(roomPlan)))
  return json ? asJson(roomPlanReport(roomPlan)) : printRoomPlan(roomPlan)
}

/** Before a plan is computed that would then have nowhere to go. */
function requireFolder(file: string): void {
  try {
    accessSync(path.dirname(path.resolve(file)), constants.W_OK)
  } catch (cause) {
    throw wardError('WARD_ERR_OPTION', {
      what: 'The picture cannot be written',
      where: file,
      remedy: 'Give --png a file in a folder that exists and that you may write to.',
      cause,
    })
  }
}

function asJson(report: object): string {
  return `${JSON.stringify(report, null, 2)}\n`
}
