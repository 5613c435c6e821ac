import Type, { type Static } from 'typebox'

const NullableText = Type.Union([Type.String(), Type.Null()])

/** Something that a robot or a room carries, and why. */
export const CarriedViewSchema = Type.Object({
  /** Id of an organism, `soil`, or `unknown:ROOM`. */
  agent: Type.String(),
  /** For people: "MRSA", "ordinary soil", "what is in room I1". */
  name: Type.String(),
  /** For people: "in room I1", "isolated by Nora Nurse", "by the floor plan". */
  why: Type.String(),
  /** When, ISO 8601; `null`: the plan says so. */
  at: NullableText,
})
export type CarriedView = Static<typeof CarriedViewSchema>

export const ContaminationViewSchema = Type.Object({
  robots: Type.Array(
    Type.Object({
      robotId: Type.String(),
      carries: Type.Array(CarriedViewSchema),
      /** Rooms that it may not enter before it is decontaminated. */
      refusedRoomIds: Type.Array(Type.String()),
    }),
  ),
  rooms: Type.Array(
    Type.Object({
      roomId: Type.String(),
      /** The plan's, or `isolation` where a person has said so. */
      class: Type.Enum(['clean', 'ordinary', 'dirty', 'isolation']),
      /** What people have isolated it for, beside the plan; `null`: they have not; empty: nobody has named it. */
      isolatedFor: Type.Union([Type.Array(Type.String()), Type.Null()]),
      isForDecontamination: Type.Boolean(),
      carries: Type.Array(CarriedViewSchema),
    }),
  ),
})
export type ContaminationView = Static<typeof ContaminationViewSchema>

export const ContaminationEventViewSchema = Type.Object({
  sequence: Type.Integer(),
  at: Type.String(),
  /** Room that it is about; `null`: none. */
  roomId: NullableText,
  /** For people: "Robot uv-01 was in room I1". */
  text: Type.String(),
})
export type ContaminationEventView = Static<typeof ContaminationEventViewSchema>

/** A person isolates a room, beside what the plan says. */
export const IsolationSchema = Type.Object(
  {
    /** Ids of organisms; empty: nobody knows yet. */
    organismIds: Type.Array(Type.String({ maxLength: 60 }), { maxItems: 20 }),
  },
  { additionalProperties: false },
)
export type Isolation = Static<typeof IsolationSchema>

/** A person has decontaminated a robot. */
export const DecontaminationSchema = Type.Object(
  {
    /** With what, and which parts: "Housing and wheels wiped with peracetic acid". */
    how: Type.String({ minLength: 1, maxLength: 300 }),
  },
  { additionalProperties: false },
)
export type Decontamination = Static<typeof DecontaminationSchema>
