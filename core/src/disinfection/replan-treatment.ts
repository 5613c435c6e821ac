import type { OccupancyGrid, Pose2 } from '../geometry/types.ts'
import type { CoveringSolver } from './covering-solver.ts'
import { dosesIn, type DoseBook } from './dose-book.ts'
import { planTreatment, type TreatmentInput } from './plan-treatment.ts'
import type { LampModel, RoomModel, TreatmentPlan } from './types.ts'

export interface ReplanInput {
  /** As it was approved: its target and its promise stand. */
  readonly approved: TreatmentPlan
  /** As it is now: something was moved, brought in or taken away. */
  readonly room: RoomModel
  /** As it burns now: a tube may have failed. */
  readonly lamp: LampModel
  /** What was delivered so far. */
  readonly doses: DoseBook
  readonly robot: TreatmentInput['robot']
  /** Where the robot is. */
  readonly pose: Pose2
  readonly freeSpace?: OccupancyGrid | null
  /**
   * `promise`: only what the approved plan promised. `everything`: what it could not reach as well, for in a room
   * that has changed that may be reached now.
   */
  readonly pursue: 'promise' | 'everything'
  /** Aims so much above the target, a factor; by default 1. */
  readonly margin?: number
  /** Seconds of light and ways that are left; by default no limit. */
  readonly timeLeftS?: number
}

/**
 * The input of a new plan in mid-run: for the dose that is still lacking, on the room and with the lamp as they are
 * now. Delivered dose counts once, wherever its surface is now. Of the approved options high-touch first still
 * holds; a time budget does not, `timeLeftS` does.
 */
export function replanInput(input: ReplanInput): TreatmentInput {
  const { approved, room, lamp, doses, pursue, margin = 1, timeLeftS } = input
  const { timeBudgetS: _, ...options } = approved.options ?? {}
  return {
    room,
    surfaceSizeM: approved.surfaceSizeM,
    lamp,
    organismId: approved.organismId,
    targetLog: approved.targetLog,
    targetMjPerCm2: margin * approved.targetMjPerCm2,
    robot: input.robot,
    entry: input.pose,
    freeSpace: input.freeSpace ?? null,
    deliveredMjPerCm2: dosesIn(doses, room, approved.surfaceSizeM),
    ...(pursue === 'promise' ? { ignoredIds: new Set(approved.unreachable.map(({ id }) => id)) } : {}),
    options: { ...options, ...(timeLeftS === undefined ? {} : { timeBudgetS: timeLeftS }) },
  }
}

/** The new plan. @throws as `planTreatment` */
export function replanTreatment(input: ReplanInput, solver?: CoveringSolver): TreatmentPlan {
  return planTreatment(replanInput(input), solver)
}
