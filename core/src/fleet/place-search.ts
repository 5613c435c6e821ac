import Type, { type Static } from 'typebox'

const NullableText = Type.Union([Type.String(), Type.Null()])

/** Somebody sees a robot that does not know its place, and says where it is. */
export const PlaceSearchRequestSchema = Type.Object(
  {
    roomId: Type.String(),
    /** A door of the room that the robot's front shows to, more or less; left out: nobody said. */
    facesDoorId: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)
export type PlaceSearchRequest = Static<typeof PlaceSearchRequestSchema>

/** How a robot's search for its place went. */
export const PlaceSearchViewSchema = Type.Object({
  roomId: Type.String(),
  by: Type.String(),
  /** When it was asked for, ISO 8601. */
  at: Type.String(),
  state: Type.Enum(['searching', 'found', 'failed']),
  /** Why it failed, in the robot's words. */
  problem: NullableText,
})
export type PlaceSearchView = Static<typeof PlaceSearchViewSchema>
