import { surfacesOf } from '@wardlight/core/disinfection'
import type { Pose2 } from '@wardlight/core/geometry'
import Type, { type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import {
  ErrandCheckpointSchema,
  MissionOrderSchema,
  OrderCheckpointSchema,
  OutboxSchema,
  ProgressCheckpointSchema,
  SurveyCheckpointSchema,
  type ErrandCheckpoint,
  type OrderCheckpoint,
  type Outbox,
  type ProgressCheckpoint,
  type SurveyCheckpoint,
} from '../missions/checkpoints.ts'
import type { BurnedS } from '../robot/lamp-life.ts'
import type { UvMissionOrder } from '../missions/uv-actions.ts'

/** The version of what is kept. A checkpoint of another one is refused: no migration has been needed yet. */
export const MEMORY_VERSION = 1

const DrivenMSchema = Type.Number({ minimum: 0 })
const BurnedSSchema = Type.Record(Type.String(), Type.Number({ minimum: 0 }))

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

/** All that a robot remembers, by field of its journal. */
export const RobotMemorySchema = Type.Object({
  version: Type.Literal(MEMORY_VERSION),
  robotId: Type.String(),
  levelId: Type.String(),
  order: orNull(OrderCheckpointSchema),
  outbox: OutboxSchema,
  /** What people have stopped stays stopped. */
  holds: Type.Object({ isPaused: Type.Boolean(), isRemotelyStopped: Type.Boolean() }),
  /** The mission that is not over; `null` when there is none. */
  mission: orNull(MissionOrderSchema),
  survey: orNull(SurveyCheckpointSchema),
  progress: orNull(ProgressCheckpointSchema),
  /** The errand that is not over. Checkpoints from before there were any lack it, and are as good. */
  errand: Type.Optional(orNull(ErrandCheckpointSchema)),
  /** Where it stands in a dock, map frame. Lacking as above. */
  dockedAt: Type.Optional(orNull(Type.Object({ x: Type.Number(), y: Type.Number(), theta: Type.Number() }))),
  /** How long each tube has burned, seconds by its id. Lacking as above. */
  burnedS: Type.Optional(BurnedSSchema),
  /** How far the robot has driven. Lacking as above. */
  drivenM: Type.Optional(DrivenMSchema),
})
export interface RobotMemory {
  readonly version: typeof MEMORY_VERSION
  readonly robotId: string
  readonly levelId: string
  readonly order: OrderCheckpoint | null
  readonly outbox: Outbox
  readonly holds: { readonly isPaused: boolean; readonly isRemotelyStopped: boolean }
  readonly mission: UvMissionOrder | null
  readonly survey: SurveyCheckpoint | null
  readonly progress: ProgressCheckpoint | null
  readonly errand?: ErrandCheckpoint | null
  readonly dockedAt?: Pose2 | null
  readonly burnedS?: BurnedS
  readonly drivenM?: number
}

const validator = Compile(RobotMemorySchema)
const burnedSValidator = Compile(BurnedSSchema)
const drivenMValidator = Compile(DrivenMSchema)

/** How long the tubes of this robot have burned, out of a memory that may be of no use for anything else; empty where it does not say. */
export function keptBurnedS(fields: ReadonlyMap<string, unknown>, robotId: string): BurnedS {
  const kept = fields.get('burnedS')
  return fields.get('robotId') === robotId && burnedSValidator.Check(kept) ? kept : {}
}

/** How far this robot has driven, in the same way; 0 where it does not say. */
export function keptDrivenM(fields: ReadonlyMap<string, unknown>, robotId: string): number {
  const kept = fields.get('drivenM')
  return fields.get('robotId') === robotId && drivenMValidator.Check(kept) ? kept : 0
}

/**
 * Judges what a journal holds.
 *
 * @returns the memory; `null` when nothing was kept; in words why it cannot be used
 */
export function recall(
  fields: ReadonlyMap<string, unknown>,
  self: { readonly robotId: string; readonly levelIds: ReadonlySet<string> },
): RobotMemory | null | string {
  if (fields.size === 0) return null
  const memory: unknown = Object.fromEntries(fields)
  const version = fields.get('version')
  if (version !== MEMORY_VERSION) {
    return `the memory has version ${JSON.stringify(version)}; this program reads version ${MEMORY_VERSION}`
  }
  const [problem] = validator.Errors(memory)
  if (problem !== undefined)
    return `the memory does not follow its schema: ${problem.instancePath} ${problem.message}`
  const kept = memory as RobotMemory
  if (kept.robotId !== self.robotId) return `the memory is of ${kept.robotId}, and this is ${self.robotId}`
  if (!self.levelIds.has(kept.levelId))
    return `the memory is of level ${kept.levelId}, and the robot knows ${[...self.levelIds].join(', ')}`
  return missionProblem(kept) ?? kept
}

/** What a schema cannot say: whether the parts belong together. */
function missionProblem({ order, mission, survey, progress }: RobotMemory): string | null {
  if (mission === null) return null
  if (order === null) return `the memory lacks the order of mission ${mission.missionId}`
  if (progress === null || progress.missionId !== mission.missionId) {
    return `the memory lacks how far mission ${mission.missionId} has got`
  }
  if (survey === null) {
    return progress.doseMjPerCm2.length === 0 ? null : 'the memory has doses and no room that they belong to'
  }
  const surfaces = surfacesOf(survey.room, mission.plan.surfaceSizeM)
  const isSame =
    surfaces.length === survey.surfaceIds.length &&
    surfaces.length === progress.doseMjPerCm2.length &&
    surfaces.every(({ id }, index) => id === survey.surfaceIds[index])
  return isSame ? null : 'the memory is of other surfaces than this program sees in the room'
}
