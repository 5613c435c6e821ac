import Type, { type Static } from 'typebox'

const closed = { additionalProperties: false }
const NullableText = Type.Union([Type.String(), Type.Null()])
const NullableInstant = Type.Union([Type.String({ format: 'date-time' }), Type.Null()])

/** Most urgent first. */
export const PrioritySchema = Type.Enum(['stat', 'next', 'routine'])
export type SchedulePriority = Static<typeof PrioritySchema>

/** What people ask of the schedule for one request; `null`: as its plan and its room say. Times are ISO 8601. */
export const ScheduleWishSchema = Type.Object(
  {
    priority: Type.Union([PrioritySchema, Type.Null()]),
    /** It begins then or later. */
    notBefore: NullableInstant,
    /** It begins then at the latest, or not at all. */
    startBy: NullableInstant,
    /** Only this robot begins it. */
    robotId: NullableText,
  },
  closed,
)
export type ScheduleWish = Static<typeof ScheduleWishSchema>

export const NO_SCHEDULE_WISH: ScheduleWish = {
  priority: null,
  notBefore: null,
  startBy: null,
  robotId: null,
}
