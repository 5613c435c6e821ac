import Type, { type Static } from 'typebox'
import { RequestedTreatmentSchema } from './http.ts'
import { PrioritySchema, ScheduleWishSchema } from './schedule-wish.ts'

const NullableText = Type.Union([Type.String(), Type.Null()])
const closed = { additionalProperties: false }

/** `HH:MM` by the clocks of the hospital. */
const WallTime = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })

/** Hours of every week, by the hospital's clocks; one that ends at or before its start ends the next day. */
export const WeeklyHoursSchema = Type.Object(
  {
    days: Type.Array(Type.Enum(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']), { minItems: 1, maxItems: 7 }),
    from: WallTime,
    to: WallTime,
  },
  closed,
)
export type WeeklyHoursView = Static<typeof WeeklyHoursSchema>

export const ScheduleHoursSchema = Type.Object(
  {
    /** When somebody is there to arm robots and to wipe them down; empty: always. */
    staffed: Type.Array(WeeklyHoursSchema, { maxItems: 50 }),
    /** When no robot may be in a room: visiting hours, meals. */
    blackouts: Type.Array(
      Type.Object(
        {
          /** `null`: in any room. */
          roomId: Type.Union([Type.String(), Type.Null()]),
          hours: WeeklyHoursSchema,
          reason: Type.String({ minLength: 1, maxLength: 200 }),
        },
        closed,
      ),
      { maxItems: 200 },
    ),
  },
  closed,
)
export type ScheduleHours = Static<typeof ScheduleHoursSchema>

/** What becomes of a run whose time passed while nothing could be done; never said by default. */
export const MissedPolicySchema = Type.Union([
  Type.Object({ type: Type.Literal('skip') }, closed),
  Type.Object(
    { type: Type.Literal('runLate'), lateByMin: Type.Integer({ minimum: 5, maximum: 7 * 24 * 60 }) },
    closed,
  ),
  Type.Object({ type: Type.Literal('runOnce') }, closed),
])
export type MissedPolicyView = Static<typeof MissedPolicySchema>

/** When something happens: once, or again and again. */
export const RecurrenceSchema = Type.Object(
  {
    /** By the hospital's clocks: `2026-01-05T02:30`. */
    startLocal: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d$' }),
    /** RFC 5545, without `RRULE:`; `null`: once. */
    rule: Type.Union([Type.String({ minLength: 1, maxLength: 300 }), Type.Null()]),
  },
  closed,
)
export type RecurrenceView = Static<typeof RecurrenceSchema>

export const RecurrencePreviewSchema = Type.Object({
  /** The next dates, ISO 8601; fewer where the rule ends. */
  dates: Type.Array(Type.String()),
})

export type RecurrencePreview = Static<typeof RecurrencePreviewSchema>

export const NewSchedulePlanSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 120 }),
    roomIds: Type.Array(Type.String(), { minItems: 1, maxItems: 200 }),
    recurrence: RecurrenceSchema,
    missed: MissedPolicySchema,
    priority: PrioritySchema,
    /** A run must begin within this of its time; `null`: whenever a robot can. */
    startWithinMin: Type.Union([Type.Integer({ minimum: 5, maximum: 7 * 24 * 60 }), Type.Null()]),
    /** And should be done by this after it. */
    doneWithinMin: Type.Union([Type.Integer({ minimum: 10, maximum: 7 * 24 * 60 }), Type.Null()]),
    /** What is asked for in each room, as in a request. */
    treatment: RequestedTreatmentSchema,
  },
  closed,
)
export type NewSchedulePlan = Static<typeof NewSchedulePlanSchema>

export const PlanStatusSchema = Type.Enum(['active', 'paused', 'ended'])
export const PlanStatusChangeSchema = Type.Object({ status: PlanStatusSchema }, closed)

export const SchedulePlanViewSchema = Type.Object({
  id: Type.String(),
  ...NewSchedulePlanSchema.properties,
  status: PlanStatusSchema,
  createdBy: Type.String(),
  createdAt: Type.String(),
  /** ISO 8601; empty when paused or over. */
  nextDates: Type.Array(Type.String()),
})
export type SchedulePlanView = Static<typeof SchedulePlanViewSchema>

/** What became of one date of a plan in one room. */
export const ScheduleRunViewSchema = Type.Object({
  planId: Type.String(),
  roomId: Type.String(),
  scheduledAt: Type.String(),
  decision: Type.Enum(['run', 'miss']),
  reason: NullableText,
  requestId: NullableText,
})
export type ScheduleRunView = Static<typeof ScheduleRunViewSchema>

export const ScheduleStepSchema = Type.Object({
  kind: Type.Enum(['drive', 'charge', 'decontaminate', 'wait', 'arm', 'work']),
  from: Type.String(),
  to: Type.String(),
})

/** One room of the schedule. It is advice and order, never a start: a person approves and arms. */
export const ScheduleEntryViewSchema = Type.Object({
  /** Of the request, the mission, or the run to come. */
  id: Type.String(),
  /** `running`: a mission; `requested`: waits for approval and arming; `expected`: a plan's date to come; `unmet`: nobody gets to it. */
  status: Type.Enum(['running', 'requested', 'expected', 'unmet']),
  roomId: Type.String(),
  requestId: NullableText,
  planId: NullableText,
  robotId: NullableText,
  priority: PrioritySchema,
  /** When somebody arms it; ISO 8601. */
  startAt: NullableText,
  endAt: NullableText,
  deadlineAt: NullableText,
  lateMin: Type.Number(),
  steps: Type.Array(ScheduleStepSchema),
  /** Who, when and why, in words; what would help where it is late or nobody gets to it. */
  reason: Type.String(),
  /** The room that its robot comes from, by its name in `reason`; `null`: none, or one of a ward that is not theirs who read it. */
  comesFrom: Type.Union([Type.Object({ roomId: Type.String(), name: Type.String() }), Type.Null()]),
  /** What its protocol wants people to have done before. */
  prerequisites: Type.Array(Type.String()),
})
export type ScheduleEntryView = Static<typeof ScheduleEntryViewSchema>

/** What somebody wants to change about one request. It takes the place of all that was wished before. */
export const ScheduleChangeSchema = Type.Object(
  {
    ...ScheduleWishSchema.properties,
    /** It should be done by then; ISO 8601. */
    dueAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
  },
  closed,
)
export type ScheduleChange = Static<typeof ScheduleChangeSchema>

/** What a change does to one room of the schedule, beside the one that it is about. */
export const ScheduleEffectSchema = Type.Object({
  /** As in `ScheduleEntryView`; `null`: a room of a ward that is not theirs who asked. */
  id: NullableText,
  roomId: NullableText,
  kind: Type.Enum(['unmet', 'late', 'later', 'otherRobot', 'earlier', 'inTime', 'met']),
  /** In words: "Room 7 misses its deadline, 04:00, by 20 min". */
  words: Type.String(),
})
export type ScheduleEffectView = Static<typeof ScheduleEffectSchema>

/** What would come of a change. Nothing is stored, and nothing is promised: robots and people go on meanwhile. */
export const ScheduleAnswerSchema = Type.Object({
  /** The room itself, as it would be. */
  entry: ScheduleEntryViewSchema,
  /** What becomes of it, in words; `null`: it stays as it is. */
  own: NullableText,
  /** The worst first; empty where nothing else changes. */
  effects: Type.Array(ScheduleEffectSchema),
  /** This room would be late or left out, or another one that was not before. */
  isConflict: Type.Boolean(),
})
export type ScheduleAnswer = Static<typeof ScheduleAnswerSchema>

export const ScheduleViewSchema = Type.Object({
  /** When it was last planned, ISO 8601. */
  at: NullableText,
  timeZone: Type.String(),
  hours: ScheduleHoursSchema,
  /** When somebody is there to arm robots, as far as it is planned; ascending. */
  staffed: Type.Array(Type.Object({ from: Type.String(), to: Type.String() })),
  plans: Type.Array(SchedulePlanViewSchema),
  entries: Type.Array(ScheduleEntryViewSchema),
  /** The newest first. */
  runs: Type.Array(ScheduleRunViewSchema),
})
export type ScheduleView = Static<typeof ScheduleViewSchema>
