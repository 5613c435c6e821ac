import {
  gasNeighboursOf,
  PEROXIDE_METHODS,
  predictPeroxideCycle,
  type CyclePhaseName,
  type Estimate,
  type PeroxideCycle,
  type PeroxideMethod,
} from '@wardlight/core/disinfection'
import { findRoom, readFloorPlan } from '@wardlight/core/floor'
import { minutes } from '../minutes.ts'
import { nodePlanFiles } from '../node-plan-files.ts'

export interface PeroxidePlanOptions {
  readonly map: string
  readonly room: string
  readonly level?: string | undefined
  readonly method: PeroxideMethod
  readonly taped?: boolean | undefined
  /** Of the room now. */
  readonly temperature?: number | undefined
  readonly humidity?: number | undefined
}

export interface PeroxideRoomPlan {
  readonly roomId: string
  readonly room: string
  readonly level: string
  readonly volumeM3: number
  readonly cycle: PeroxideCycle
}

/** The cycle that is to be expected in a room of a floor plan. @throws WardError for a file, room or figure that is not right */
export function planPeroxide(options: PeroxidePlanOptions): PeroxideRoomPlan {
  const { plan } = readFloorPlan(options.map, nodePlanFiles)
  const { level, room } = findRoom(plan, options.room, options.level)
  const { name, volumeM3, airChangesPerHour } = room
  return {
    roomId: room.id,
    room: name,
    level: level.name,
    volumeM3,
    cycle: predictPeroxideCycle({
      method: options.method,
      room: { name, volumeM3, airChangesPerHour, neighbours: gasNeighboursOf(level, room) },
      areDoorsTaped: options.taped ?? false,
      temperatureC: options.temperature ?? null,
      relativeHumidityPercent: options.humidity ?? null,
    }),
  }
}

const PHASES: Readonly<Record<CyclePhaseName, string>> = {
  preCheck: 'check and seal',
  isolateHvac: 'isolate ventilation',
  condition: 'condition the air',
  gas: 'bring in',
  dwell: 'hold',
  aerate: 'aerate',
  verify: 'verify by sensors',
  release: 'release',
}

/** The same for people. */
export function printPeroxidePlan({ room, level, volumeM3, cycle }: PeroxideRoomPlan): string {
  const facts = PEROXIDE_METHODS[cycle.method]
  const lines = [
    `${room} (${level}): ${facts.name}, about ${minutes(cycle.totalS.likely)} (${range(cycle.totalS, minutes)})`,
    `  dose           ${round(cycle.h2o2G)} g of H2O2 for ${round(volumeM3)} m³: ${round(cycle.solutionMl)} ml of ${100 * facts.solutionFraction} % solution`,
    `  concentration  about ${round(cycle.peakPpm.likely)} ppm at its peak (${range(cycle.peakPpm, round)}), ${facts.targetPpm} ppm needed for ${facts.dwellS / 60} min`,
    `  exposure       about ${round(cycle.ppmHours.likely)} ppm·h (${range(cycle.ppmHours, round)})`,
    ...cycle.neighbours.map(
      ({ name, peakPpm }) => `  next door      ${name}: up to ${peakPpm.toFixed(1)} ppm`,
    ),
    ...cycle.conditioning.map((what) => `  before         ${what}`),
    ...cycle.notes.map((note) => `  note           ${note}`),
    ...cycle.refusals.map((refusal) => `  DO NOT START   ${refusal}`),
    '',
    ...cycle.phases.map(
      ({ name, seconds }) =>
        `  ${PHASES[name].padEnd(20)} ${minutes(seconds.likely).padStart(14)}   ${range(seconds, minutes)}`,
    ),
  ]
  return `${lines.join('\n')}\n`
}

function range({ least, most }: Estimate, show: (value: number) => string): string {
  return show(least) === show(most) ? show(least) : `${show(least)} to ${show(most)}`
}

function round(value: number): string {
  return String(value < 10 ? Math.round(10 * value) / 10 : Math.round(value))
}
