import Type, { type Static } from 'typebox'

const NullableText = Type.Union([Type.String(), Type.Null()])

/** A field of a message as HL7 writes it: `PV1-40`, or with a component `OBX-5.1`. */
const FieldPathSchema = Type.String({ pattern: '^[A-Z][A-Z0-9]{2}-[1-9][0-9]{0,2}(\\.[1-9][0-9]?)?$' })

/** What a room gets when it is left: a protocol, or an organism with the log reduction to reach. */
export const Hl7TreatmentSchema = Type.Union([
  Type.Object({ protocolId: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
  Type.Object(
    {
      organismId: Type.String({ minLength: 1 }),
      targetLog: Type.Number({ exclusiveMinimum: 0, maximum: 6 }),
    },
    { additionalProperties: false },
  ),
])
export type Hl7Treatment = Static<typeof Hl7TreatmentSchema>

/** One code that a hospital's messages carry, and what it means for a room. */
export const Hl7CodeRuleSchema = Type.Object(
  {
    /** Where the code stands; the same letter means something else elsewhere. */
    field: FieldPathSchema,
    code: Type.String({ minLength: 1, maxLength: 100 }),
    /** For people; no names of patients. */
    name: Type.String({ minLength: 1, maxLength: 100 }),
    isIsolation: Type.Boolean(),
    /** What the room is isolated for. */
    organismIds: Type.Array(Type.String(), { maxItems: 20 }),
    /** `null`: as every other room. */
    treatment: Type.Union([Hl7TreatmentSchema, Type.Null()]),
  },
  { additionalProperties: false },
)
export type Hl7CodeRule = Static<typeof Hl7CodeRuleSchema>

/** How a hospital's messages are read. The hospital edits it. */
export const Hl7MappingSchema = Type.Object(
  {
    /** Places of the hospital's system, which ours have other names for. What is not listed is known by our id or name. */
    locations: Type.Array(
      Type.Object(
        {
          /** `point of care^room^bed` of PV1-3; what is left out at the end holds for all: `ICU^101` for each of its beds. */
          location: Type.String({ minLength: 1, maxLength: 200, pattern: '^[^^]*(\\^[^^]*){0,2}$' }),
          roomId: Type.String({ minLength: 1 }),
        },
        { additionalProperties: false },
      ),
      { maxItems: 5000 },
    ),
    /** The first one that matches and has a treatment decides it. */
    codes: Type.Array(Hl7CodeRuleSchema, { maxItems: 500 }),
    /** Of rooms that are left without such a code; `null`: nothing is asked for. */
    defaultTreatment: Type.Union([Hl7TreatmentSchema, Type.Null()]),
    /** Rooms for which a discharge asks by itself; `null`: all. */
    triggerRoomIds: Type.Union([Type.Array(Type.String(), { maxItems: 5000 }), Type.Null()]),
    /** Whether a message about a place that is not ours is refused; else it is taken and nothing comes of it. */
    refusesUnknownLocations: Type.Boolean(),
  },
  { additionalProperties: false },
)
export type Hl7Mapping = Static<typeof Hl7MappingSchema>

export const Hl7MappingViewSchema = Type.Object({
  mapping: Hl7MappingSchema,
  /** `null`: as it was shipped. */
  changedBy: NullableText,
  changedAt: NullableText,
})
export type Hl7MappingView = Static<typeof Hl7MappingViewSchema>

/**
 * What became of a message. Received: `applied` it changed something; `unchanged` all was so already, or must stay;
 * `late` a newer one had been taken; `ignored` no matter of rooms; `refused` with AE; `malformed`. Ours: `waiting`,
 * `failing` it was tried in vain, `sent`.
 */
export const Hl7OutcomeSchema = Type.Enum([
  'applied',
  'unchanged',
  'late',
  'ignored',
  'refused',
  'malformed',
  'waiting',
  'failing',
  'sent',
])
export type Hl7Outcome = Static<typeof Hl7OutcomeSchema>

/** A message, without anything of a patient. */
export const Hl7MessageViewSchema = Type.Object({
  id: Type.String(),
  direction: Type.Enum(['in', 'out']),
  /** When it came, or was written: ISO 8601. */
  at: Type.String(),
  /** Address and name of the system it came from, or goes to. */
  peer: Type.String(),
  /** `ADT^A03`; empty where it could not be read. */
  type: Type.String(),
  controlId: Type.String(),
  roomIds: Type.Array(Type.String()),
  outcome: Hl7OutcomeSchema,
  /** What became of it, for people. */
  words: Type.String(),
  /** AA, AE, AR; `null`: none yet. */
  ackCode: NullableText,
  /** How often it came, or was sent. */
  attempts: Type.Integer(),
})
export type Hl7MessageView = Static<typeof Hl7MessageViewSchema>
