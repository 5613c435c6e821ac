import type { BurdenTable } from '../contamination/burden-table.ts'
import type { Interval } from './weekly-hours.ts'

/** Most urgent first, as rooms are marked: at once, next, in its turn. */
export const PRIORITIES = ['stat', 'next', 'routine'] as const
export type Priority = (typeof PRIORITIES)[number]

/** A room to be treated once. Times are epoch milliseconds. */
export interface ScheduleJob {
  readonly id: string
  /** For `BurdenTable.enter`. */
  readonly roomIndex: number
  /** For `Travel`: where a robot stands to be armed. */
  readonly placeIndex: number
  readonly priority: Priority
  /** Not before; also what its prerequisites and its window allow. */
  readonly releaseMs: number
  /** It may not begin after this; `null`: whenever. */
  readonly latestStartMs: number | null
  /** It should be done by this; later is allowed, costs, and is said. */
  readonly deadlineMs: number | null
  /** When no robot may be in the room, ascending. */
  readonly closed: readonly Interval[]
  /** Somebody stands by for so long from the start: checklist, button, leaving. */
  readonly armMs: number
  /** Alone in the room after that. */
  readonly workMs: number
  /** Of a full new battery. */
  readonly energyFraction: number
  readonly lampMs: number
  /** VDA 5050 action that the robot must know. */
  readonly actionType: string
  /** People want this one and no other; `null`: whichever is best. */
  readonly robotId: string | null
  /** The unit fixed in the room that alone can do it; left out: any robot that drives. */
  readonly unitId?: string
}

export interface ScheduleRobot {
  readonly id: string
  /** Where it is, or will be when it is available. */
  readonly placeIndex: number
  readonly availableMs: number
  readonly batteryFraction: number
  /** What its battery holds against a new one, 0 to 1, which energies of jobs are of; left out: new. */
  readonly batteryHealth?: number
  /** Gained on the dock, of a full battery a millisecond. */
  readonly chargePerMs: number
  /** Spent driving. */
  readonly drivePerMs: number
  readonly dockIndex: number
  /** Until its tubes are to be changed; `Infinity` where nobody counts. */
  readonly lampLeftMs: number
  readonly actionTypes: ReadonlySet<string>
  /** Of `BurdenTable`. */
  readonly burden: number
  /** It hangs in a room, and does what is planned for it alone. */
  readonly isFixed?: boolean
}

/** Whether a robot can do a job at all, whenever, and is the one that people want where they want one. */
export function isAble(
  { id, actionTypes, isFixed = false }: ScheduleRobot,
  { actionType, unitId, robotId }: ScheduleJob,
): boolean {
  const isFit = unitId === undefined ? !isFixed : id === unitId
  return isFit && actionTypes.has(actionType) && (robotId === null || robotId === id)
}

/** What a way costs, by places' indices. */
export interface Travel {
  /** `Infinity` where there is no way. */
  ms(fromIndex: number, toIndex: number): number
}

export interface ScheduleProblem {
  readonly nowMs: number
  readonly jobs: readonly ScheduleJob[]
  readonly robots: readonly ScheduleRobot[]
  readonly travel: Travel
  readonly burdens: BurdenTable
  /** When somebody is there to arm and to wipe robots down, ascending. */
  readonly staffed: readonly Interval[]
  readonly decontamination: {
    readonly durationMs: number
    /** `null`: where the robot stands. */
    readonly placeIndex: number | null
  }
  /** The plan that people know, by job; what it says is kept where that costs little. */
  readonly previous: ReadonlyMap<string, { readonly robotId: string; readonly startMs: number }>
  /** Work of `previous` that begins within this time keeps its robot and its turn; `-Infinity`: none does. */
  readonly freezeMs: number
  readonly weights: Weights
}

/** What is dear, in points; a point is a minute that a routine room waits. */
export interface Weights {
  /** A minute from the release of a room to its end. */
  readonly waiting: Readonly<Record<Priority, number>>
  /** A minute after a deadline, beside that. */
  readonly late: Readonly<Record<Priority, number>>
  /** A room that nobody gets to. */
  readonly unmet: Readonly<Record<Priority, number>>
  readonly drivingPerMin: number
  readonly decontamination: number
  /** Another robot than people were told. */
  readonly moved: number
  /** A minute earlier or later than people were told, for the first hour. */
  readonly shiftedPerMin: number
}

/** Proposed: an order of importance, not a measurement. Unmet is dearer than a day late; moving a room, than 20 min. */
export const DEFAULT_WEIGHTS: Weights = {
  waiting: { stat: 20, next: 4, routine: 1 },
  late: { stat: 100, next: 30, routine: 10 },
  unmet: { stat: 1_000_000, next: 200_000, routine: 50_000 },
  drivingPerMin: 0.5,
  decontamination: 10,
  moved: 20,
  shiftedPerMin: 0.1,
}

/** Charged this far where less is needed: the quick part of a lithium battery's charge. Proposed. */
export const CHARGE_TO_FRACTION = 0.8
/** A robot that waits longer than this beside its ways goes to its dock meanwhile. Proposed. */
export const CHARGE_WHILE_WAITING_MS = 10 * 60_000
