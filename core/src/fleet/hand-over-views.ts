import Type, { type Static } from 'typebox'

const NullableText = Type.Union([Type.String(), Type.Null()])

/** What a ward has open, most urgent of each urgency first. */
export const HandOverKindSchema = Type.Enum([
  'gassed',
  'alarm',
  'suspended',
  'runNeedsPerson',
  'stat',
  'roomToEmpty',
  'toRelease',
  'missedSurfaces',
  'requestFailed',
  'toApprove',
  'robotHeld',
  'robotContaminated',
  'blocked',
  'running',
  'planning',
  'dirty',
  'isolated',
  'robotOutOfService',
])
export type HandOverKind = Static<typeof HandOverKindSchema>

/** `now`: somebody has to go there; `soon`: it waits for somebody of this shift; `know`: it goes on by itself, or waits. */
export const HandOverUrgencySchema = Type.Enum(['now', 'soon', 'know'])
export type HandOverUrgency = Static<typeof HandOverUrgencySchema>

export const HandOverItemSchema = Type.Object({
  /** The same for the same thing, as long as it is open. */
  id: Type.String(),
  kind: HandOverKindSchema,
  urgency: HandOverUrgencySchema,
  /** `null`: it is not about a room. */
  roomId: NullableText,
  /** What it is about, as people call it: a room, a robot, or both. */
  subject: Type.String(),
  /** Why, in words; `null` where the kind says all. Names no patient. */
  detail: NullableText,
  /** Since when, ISO 8601; `null`: not known. */
  since: NullableText,
})
export type HandOverItem = Static<typeof HandOverItemSchema>

export const HandOverSummarySchema = Type.Object({
  ward: Type.String(),
  /** ISO 8601. */
  at: Type.String(),
  items: Type.Array(HandOverItemSchema),
})
export type HandOverSummary = Static<typeof HandOverSummarySchema>

export const LONGEST_HAND_OVER_NOTES = 2000

export const NewHandOverSchema = Type.Object(
  {
    ward: Type.String({ minLength: 1, maxLength: 256 }),
    /** No names of patients. */
    notes: Type.String({ maxLength: LONGEST_HAND_OVER_NOTES }),
  },
  { additionalProperties: false },
)
export type NewHandOver = Static<typeof NewHandOverSchema>

export const HandOverViewSchema = Type.Object({
  id: Type.String(),
  /** As it was when it was given: it never changes. */
  summary: HandOverSummarySchema,
  notes: Type.String(),
  givenBy: Type.String(),
  givenById: Type.String(),
  givenAt: Type.String(),
  /** `null`: nobody has taken it over yet. */
  takenBy: NullableText,
  takenAt: NullableText,
})
export type HandOverView = Static<typeof HandOverViewSchema>
