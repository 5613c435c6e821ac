import { burdenTable } from '../contamination/burden-table.ts'
import type { Agent, Contamination } from '../contamination/contamination.ts'
import { explain, type ExplainedSchedule } from './explain.ts'
import { optimise, type SearchOptions } from './optimise.ts'
import type { ScheduleProblem, ScheduleRobot } from './problem.ts'
import { timeWords } from './time-words.ts'

/** A problem as plain values, so that it can be sent to another thread. */
export interface ScheduleInput {
  readonly problem: Omit<ScheduleProblem, 'travel' | 'burdens' | 'robots'>
  readonly robots: readonly (Omit<ScheduleRobot, 'burden'> & { readonly carried: readonly Agent[] })[]
  /** Milliseconds by the places' indices: from the row to the column. */
  readonly travelMs: readonly Float64Array[]
  readonly contamination: Contamination
  /** By the jobs' `roomIndex`. */
  readonly roomIds: readonly string[]
  /** How people call them, by robot and by job. */
  readonly names: { readonly robots: readonly string[]; readonly rooms: readonly string[] }
  readonly timeZone: string
  readonly search: SearchOptions
}

/** Who treats which room when, and why, in words. */
export function solveSchedule(input: ScheduleInput): ExplainedSchedule {
  const { travelMs, contamination, roomIds, names, timeZone, search } = input
  const burdens = burdenTable(contamination, roomIds)
  const problem: ScheduleProblem = {
    ...input.problem,
    robots: input.robots.map(({ carried, ...robot }) => ({ ...robot, burden: burdens.idOf(carried) })),
    travel: { ms: (from, to) => travelMs[from]![to]! },
    burdens,
  }
  return explain(problem, optimise(problem, search), {
    robot: (index) => names.robots[index]!,
    room: (index) => names.rooms[index]!,
    time: (ms) => timeWords(ms, problem.nowMs, timeZone),
  })
}
