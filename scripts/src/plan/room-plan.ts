import { readFileSync } from 'node:fs'
import {
  DEFAULT_LAMP,
  planTreatment,
  protocolById,
  PROTOCOLS,
  uvStepOf,
  type LampModel,
  type PlanOptions,
  type TreatmentInput,
  type TreatmentPlan,
} from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import { findRoom, readFloorPlan } from '@wardlight/core/floor'
import { planningInput } from '@wardlight/fleet-server'
import { readRobotConfig } from '@wardlight/robot-agent'
import { nodePlanFiles } from '../node-plan-files.ts'

export interface RoomPlanOptions {
  readonly map: string
  readonly room: string
  readonly level?: string | undefined
  readonly organism?: string | undefined
  /** A shipped protocol: organism, target and what comes first follow from it. */
  readonly protocol?: string | undefined
  /** Log10 reduction. */
  readonly log?: number | undefined
  /** mJ/cm², instead of organism and log reduction. */
  readonly dose?: number | undefined
  /** A robot's configuration: its size, speed and lamp. */
  readonly robot?: string | undefined
  /** Spacing of the stops to choose from, metres. */
  readonly grid?: number | undefined
  readonly fewestStops?: boolean | undefined
  readonly highTouchFirst?: boolean | undefined
  /** Minutes of light and ways. */
  readonly budget?: number | undefined
  readonly litOnWays?: boolean | undefined
  /** Share of the light that surfaces throw back, for a prediction. */
  readonly reflectance?: number | undefined
  /** Whether the floor is to get its dose too. */
  readonly floor?: boolean | undefined
}

const defaultOrganism = 'sars-cov-2'
const defaultLog = 3

/** A plan, and what it was made from. */
export interface RoomPlan {
  readonly roomName: string
  readonly levelName: string
  /** `null` where a dose was asked for. */
  readonly target: { readonly organismId: string; readonly log: number } | null
  readonly input: TreatmentInput
  readonly lamp: LampModel
  readonly plan: TreatmentPlan
  readonly computeS: number
}

/**
 * The plan that the fleet server would make for a room.
 *
 * @throws WardError for a file, room, organism, target or robot that is not right
 */
export function planRoom(options: RoomPlanOptions): RoomPlan {
  if (options.protocol !== undefined) return planRoom(byProtocol(options, options.protocol))
  const { dose } = options
  if (dose !== undefined && (options.organism !== undefined || options.log !== undefined)) {
    throw wardError('WARD_ERR_OPTION', {
      what: '--dose stands beside --organism or --log',
      remedy: 'Give a dose, or an organism with a log reduction.',
    })
  }
  const robot = options.robot === undefined ? null : robotFrom(options.robot)
  const lamp = robot?.lamp ?? DEFAULT_LAMP
  const { plan } = readFloorPlan(options.map, nodePlanFiles)
  const { level, room } = findRoom(plan, options.room, options.level)
  const organismId = options.organism ?? defaultOrganism
  const targetLog = options.log ?? defaultLog
  const planned = planningInput({ level, room }, lamp, { organismId, targetLog })
  const input: TreatmentInput = {
    ...planned,
    room: (options.floor ?? false) ? { ...planned.room, isFloorTreated: true } : planned.room,
    options: planOptions(options),
    ...(dose === undefined ? {} : { targetMjPerCm2: dose, targetLog: Number.NaN }),
    ...(robot === null ? {} : { robot: robot.geometry }),
    ...(options.grid === undefined ? {} : { gridM: options.grid }),
  }
  const begunMs = performance.now()
  return {
    roomName: room.name,
    levelName: level.name,
    target: dose === undefined ? { organismId, log: targetLog } : null,
    input,
    lamp,
    plan: planTreatment(input),
    computeS: (performance.now() - begunMs) / 1000,
  }
}

/** @throws WARD_ERR_NOT_FOUND, WARD_ERR_OPTION for a protocol without light, or beside organism, log or dose */
function byProtocol(options: RoomPlanOptions, id: string): RoomPlanOptions {
  if (options.organism !== undefined || options.log !== undefined || options.dose !== undefined) {
    throw wardError('WARD_ERR_OPTION', {
      what: '--protocol stands beside --organism, --log or --dose',
      remedy: 'The protocol says both organism and target.',
    })
  }
  const step = uvStepOf(protocolById(id, PROTOCOLS))
  if (step === null) {
    throw wardError('WARD_ERR_OPTION', {
      what: `The protocol ${id} has no step with light`,
      remedy: 'Choose another protocol, or --method hpv or ahp.',
    })
  }
  const { organismId, target, includesFloor, highTouchFirst } = step
  return {
    ...options,
    protocol: undefined,
    ...(target.type === 'log' ? { organism: organismId, log: target.log } : { dose: target.doseMjPerCm2 }),
    floor: (options.floor ?? false) || includesFloor,
    highTouchFirst: (options.highTouchFirst ?? false) || highTouchFirst,
  }
}

function planOptions({
  fewestStops,
  highTouchFirst,
  budget,
  litOnWays,
  reflectance,
}: RoomPlanOptions): PlanOptions {
  return {
    goal: (fewestStops ?? false) ? 'fewestStops' : 'leastTime',
    highTouchFirst: highTouchFirst ?? false,
    litOnWays: litOnWays ?? false,
    ...(budget === undefined ? {} : { timeBudgetS: 60 * budget }),
    ...(reflectance === undefined ? {} : { reflectance }),
  }
}

function robotFrom(file: string) {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw wardError('WARD_ERR_CONFIG', {
      what: 'The robot file cannot be read',
      where: file,
      remedy: "Give the robot's configuration file.",
      cause,
    })
  }
  return readRobotConfig(text, file)
}
