import Type, { type Static } from 'typebox'
import { ActingRoleSchema } from '../../fleet/views.ts'

const Id = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 })
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const Roles = Type.Array(ActingRoleSchema, { maxItems: 4 })
const People = Type.Integer({ minimum: 1, maximum: 4 })

/** What a person checks before the robot may come; confirmed with the approval. */
export const PrerequisiteSchema = Type.Object(
  {
    id: Id,
    /** One sentence that is true or not: "The bed is stripped and the linen is out of the room." */
    text: Text(400),
  },
  { additionalProperties: false },
)
export type Prerequisite = Static<typeof PrerequisiteSchema>

/** Cleaning by hand, by a person who is named when it is confirmed. */
export const ManualCleanStepSchema = Type.Object(
  {
    type: Type.Literal('manualClean'),
    id: Id,
    text: Text(400),
    /** What the product must be registered as. The words are a property of the product, not a claim of Wardlight. */
    agentClass: Type.Enum(['detergent', 'disinfectant', 'virucidal', 'fungicidal', 'sporicidal']),
    /** How long the surfaces stay wet, seconds; by the product's label where `null`. */
    contactTimeS: Type.Union([Type.Integer({ minimum: 1, maximum: 7200 }), Type.Null()]),
  },
  { additionalProperties: false },
)
export type ManualCleanStep = Static<typeof ManualCleanStepSchema>

/** Light: a log10 reduction of the organism, or a dose. */
export const UvStepSchema = Type.Object(
  {
    type: Type.Literal('uv'),
    id: Id,
    text: Text(400),
    organismId: Text(60),
    target: Type.Union([
      Type.Object(
        { type: Type.Literal('log'), log: Type.Number({ exclusiveMinimum: 0, maximum: 6 }) },
        { additionalProperties: false },
      ),
      Type.Object(
        { type: Type.Literal('dose'), doseMjPerCm2: Type.Number({ exclusiveMinimum: 0, maximum: 100_000 }) },
        { additionalProperties: false },
      ),
    ]),
    /** Whether the floor is to get its dose as well. */
    includesFloor: Type.Boolean(),
    /** Whether surfaces that hands touch most are lit first. */
    highTouchFirst: Type.Boolean(),
  },
  { additionalProperties: false },
)
export type UvStep = Static<typeof UvStepSchema>

/** Hydrogen peroxide as vapour (`hpv`) or aerosol (`ahp`). */
export const PeroxideStepSchema = Type.Object(
  {
    type: Type.Literal('peroxide'),
    id: Id,
    text: Text(400),
    method: Type.Enum(['hpv', 'ahp']),
    /** Of the room's volume: grams of H2O2 (vapour) or millilitres of solution (aerosol) for each m³. */
    dose: Type.Object(
      { amount: Type.Number({ exclusiveMinimum: 0, maximum: 1000 }), unit: Type.Enum(['g/m3', 'ml/m3']) },
      { additionalProperties: false },
    ),
    solutionPercent: Type.Number({ exclusiveMinimum: 0, maximum: 70 }),
    /** Exposure to reach, ppm·h; `null`: as the cycle gives it, judged by indicators. */
    targetPpmH: Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.Null()]),
    /** Of the room before gas is let in; `null` where the source asks for nothing. */
    conditions: Type.Object(
      {
        temperatureC: Type.Union([Type.Tuple([Type.Number(), Type.Number()]), Type.Null()]),
        relativeHumidityPercent: Type.Union([Type.Tuple([Type.Number(), Type.Number()]), Type.Null()]),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)
export type PeroxideStep = Static<typeof PeroxideStepSchema>

/** Nothing is done for a time; people wait. */
export const WaitStepSchema = Type.Object(
  {
    type: Type.Literal('wait'),
    id: Id,
    text: Text(400),
    durationS: Type.Integer({ minimum: 1, maximum: 86_400 }),
  },
  { additionalProperties: false },
)
export type WaitStep = Static<typeof WaitStepSchema>

/** Air is changed until sensors clear the room. There is no time in it: a room is never cleared by a clock. */
export const AerateStepSchema = Type.Object(
  {
    type: Type.Literal('aerate'),
    id: Id,
    text: Text(400),
    /** Concentration at or below which sensors clear the room, ppm. */
    clearPpm: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
  },
  { additionalProperties: false },
)
export type AerateStep = Static<typeof AerateStepSchema>

/** People who have read the report sign; only the last signature makes the room clean. */
export const ReleaseStepSchema = Type.Object(
  {
    type: Type.Literal('release'),
    id: Id,
    text: Text(400),
    /** So many different people. */
    people: People,
    roles: Roles,
  },
  { additionalProperties: false },
)
export type ReleaseStep = Static<typeof ReleaseStepSchema>

export const ProtocolStepSchema = Type.Union([
  ManualCleanStepSchema,
  UvStepSchema,
  PeroxideStepSchema,
  WaitStepSchema,
  AerateStepSchema,
  ReleaseStepSchema,
])
export type ProtocolStep = Static<typeof ProtocolStepSchema>

/** A named, versioned recipe. A version is never changed: what was done by it must stay readable. */
export const ProtocolSchema = Type.Object(
  {
    id: Id,
    version: Type.Integer({ minimum: 1 }),
    name: Text(120),
    /** For which rooms, after which patients. */
    purpose: Text(1000),
    source: Type.String({ maxLength: 1000 }),
    certainty: Type.Enum(['verified', 'computed', 'proposed', 'unverified']),
    /** What the source does not settle; `null` when nothing. */
    note: Type.Union([Type.String({ maxLength: 2000 }), Type.Null()]),
    prerequisites: Type.Array(PrerequisiteSchema, { maxItems: 30 }),
    steps: Type.Array(ProtocolStepSchema, { minItems: 1, maxItems: 30 }),
    /** Who may approve a plan that follows it, and how many different people must. */
    approval: Type.Object({ roles: Roles, people: People }, { additionalProperties: false }),
  },
  { additionalProperties: false },
)
export type Protocol = Static<typeof ProtocolSchema>
