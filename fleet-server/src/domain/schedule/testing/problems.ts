import type { BurdenTable } from '../../contamination/burden-table.ts'
import { DEFAULT_WEIGHTS, type ScheduleJob, type ScheduleProblem, type ScheduleRobot } from '../problem.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
/** A night, in no zone: tests show minutes after it. */
export const NOW = 1_000_000 * HOUR

/** Places on a line, a minute between neighbours. */
const onALine = { ms: (from: number, to: number) => Math.abs(from - to) * MINUTE }

/** Rooms that give nothing and take everything. */
export const NO_BURDENS: BurdenTable = { idOf: () => 0, enter: () => 0, agents: () => [] }

export function job(id: string, patch: Partial<ScheduleJob> = {}): ScheduleJob {
  return {
    id,
    roomIndex: 0,
    placeIndex: 0,
    priority: 'routine',
    releaseMs: NOW,
    latestStartMs: null,
    deadlineMs: null,
    closed: [],
    armMs: 5 * MINUTE,
    workMs: 25 * MINUTE,
    energyFraction: 0.1,
    lampMs: 25 * MINUTE,
    actionType: 'startUvDose',
    robotId: null,
    ...patch,
  }
}

export function robot(id: string, patch: Partial<ScheduleRobot> = {}): ScheduleRobot {
  return {
    id,
    placeIndex: 0,
    availableMs: NOW,
    batteryFraction: 1,
    chargePerMs: 1 / (2 * HOUR),
    drivePerMs: 1 / (8 * HOUR),
    dockIndex: 0,
    lampLeftMs: Infinity,
    actionTypes: new Set(['startUvDose']),
    burden: 0,
    ...patch,
  }
}

export function problemOf(
  jobs: readonly ScheduleJob[],
  robots: readonly ScheduleRobot[],
  patch: Partial<ScheduleProblem> = {},
): ScheduleProblem {
  return {
    nowMs: NOW,
    jobs,
    robots,
    travel: onALine,
    burdens: NO_BURDENS,
    staffed: [{ fromMs: NOW, toMs: NOW + 1000 * HOUR }],
    decontamination: { durationMs: 10 * MINUTE, placeIndex: null },
    previous: new Map(),
    freezeMs: 0,
    weights: DEFAULT_WEIGHTS,
    ...patch,
  }
}
