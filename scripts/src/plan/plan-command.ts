import { accessSync, constants, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { PeroxideMethod } from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import { planPlanarFile, printPlanarReport } from './planar-report.ts'
import { planPeroxide, printPeroxidePlan } from './peroxide-report.ts'
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
  /** Predict a cycle of hydrogen peroxide instead. */
  readonly method?: PeroxideMethod | undefined
  readonly taped?: boolean | undefined
  readonly temperature?: number | undefined
  readonly humidity?: number | undefined
}

const ONLY_FOR_LIGHT = [
  'protocol',
  'organism',
  'log',
  'dose',
  'robot',
  'grid',
  'png',
  'fewestStops',
  'highTouchFirst',
  'budget',
  'litOnWays',
  'reflectance',
  'floor',
] as const satisfies readonly (keyof PlanOptions)[]
const ONLY_FOR_GAS = ['taped', 'temperature', 'humidity'] as const satisfies readonly (keyof PlanOptions)[]

/** @throws WARD_ERR_OPTION when options are given that mean nothing here */
function refuseStrangers(
  options: PlanOptions,
  what: string,
  names: readonly (keyof PlanOptions)[],
  remedy: string,
): void {
  const strangers = names.filter((name) => options[name] !== undefined)
  if (strangers.length === 0) return
  throw wardError('WARD_ERR_OPTION', {
    what: `${what} stands beside ${strangers.map((name) => `--${kebab(name)}`).join(', ')}`,
    remedy,
  })
}

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
    refuseStrangers(
      options,
      '--polygons',
      [
        'map',
        'room',
        'level',
        ...ONLY_FOR_LIGHT.filter((name) => name !== 'grid'),
        ...ONLY_FOR_GAS,
        'method',
      ],
      'With --polygons only --grid and --json have a meaning: the file says the rest.',
    )
    const report = await planPlanarFile(polygons, options.grid)
    return json ? asJson(report) : printPlanarReport(report)
  }
  if (map === undefined || room === undefined) {
    throw wardError('WARD_ERR_OPTION', {
      what: 'There is nothing to plan',
      remedy: 'Give --map FILE with --room NAME, or --polygons FILE.',
    })
  }
  if (options.method !== undefined) {
    refuseStrangers(
      options,
      `--method ${options.method}`,
      ONLY_FOR_LIGHT,
      'Gas needs --map, --room, and if known --temperature, --humidity and --taped.',
    )
    const cycle = planPeroxide({ ...options, map, room, method: options.method })
    return json ? asJson(cycle) : printPeroxidePlan(cycle)
  }
  refuseStrangers(options, 'A plan for light', ONLY_FOR_GAS, 'They belong to --method hpv or ahp.')
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
