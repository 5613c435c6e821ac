import Type, { type Static } from 'typebox'

const NullableText = Type.Union([Type.String(), Type.Null()])
const Id = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 })
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })

export const CertaintySchema = Type.Enum(['verified', 'computed', 'proposed', 'unverified'])

/** `Bounds` of `core/disinfection`. */
export const BoundsSchema = Type.Object(
  {
    cautious: Type.Number(),
    likely: Type.Union([Type.Number(), Type.Null()]),
    favourable: Type.Union([Type.Number(), Type.Null()]),
  },
  { additionalProperties: false },
)

/** `DoseResponse` of `core/disinfection`: every k natural-log in cm²/mJ at 254 nm. */
export const DoseResponseSchema = Type.Union([
  Type.Object(
    { model: Type.Literal('exponential'), kCm2PerMj: BoundsSchema },
    { additionalProperties: false },
  ),
  Type.Object(
    { model: Type.Literal('multiTarget'), kCm2PerMj: BoundsSchema, targets: BoundsSchema },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      model: Type.Literal('twoStage'),
      kFastCm2PerMj: BoundsSchema,
      kSlowCm2PerMj: BoundsSchema,
      slowFraction: BoundsSchema,
    },
    { additionalProperties: false },
  ),
])

/** An entry of the hospital's own, `Organism` of `core/disinfection`. Its rules (`defineOrganism`) say more than the schema. */
export const NewOrganismSchema = Type.Object(
  {
    id: Id,
    name: Text(120),
    kind: Type.Enum(['spore', 'bacterium', 'mycobacterium', 'virus', 'yeast']),
    medium: Text(120),
    wavelengthNm: Type.Number(),
    logBase: Type.String({ maxLength: 10 }),
    response: DoseResponseSchema,
    statedD90MjPerCm2: Type.Union([Type.Number(), Type.Null()]),
    fittedLog: Type.Union([Type.Number(), Type.Null()]),
    beyondFit: Type.Array(
      Type.Object(
        {
          log: Type.Number(),
          doseMjPerCm2: BoundsSchema,
          source: Type.String({ maxLength: 500 }),
        },
        { additionalProperties: false },
      ),
      { maxItems: 20 },
    ),
    source: Type.String({ maxLength: 500 }),
    certainty: CertaintySchema,
    supportedLog: Type.Union([Type.Number(), Type.Null()]),
    note: Type.Union([Type.String({ maxLength: 2000 }), Type.Null()]),
  },
  { additionalProperties: false },
)
export type NewOrganism = Static<typeof NewOrganismSchema>

/**
 * An `Organism`, so that `doseIntervalForLogReduction` and the other functions of `core/disinfection` take
 * it as it is, and where it comes from.
 */
export const OrganismViewSchema = Type.Object({
  ...NewOrganismSchema.properties,
  origin: Type.Enum(['shipped', 'hospital']),
  /** `null` for entries that Wardlight ships. */
  addedBy: NullableText,
  addedAt: NullableText,
  /** Dose for 1 log, mJ/cm², at the cautious end. */
  d90MjPerCm2: Type.Number(),
})
export type OrganismView = Static<typeof OrganismViewSchema>

/** `Interval` of `core/disinfection`: of a dose, mJ/cm², or of a log10 reduction. */
export const IntervalSchema = Type.Object({
  cautious: Type.Number(),
  likely: Type.Union([Type.Number(), Type.Null()]),
  favourable: Type.Union([Type.Number(), Type.Null()]),
})
