import Type, { type Static } from 'typebox'

const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const Instant = Type.String({ format: 'date-time' })

export const DisinfectionMethodSchema = Type.Enum(['uv', 'hpv', 'ahp'])

export const ValidationPlaceSchema = Type.Union([
  Type.Object(
    { scope: Type.Literal('rooms'), roomIds: Type.Array(Text(256), { minItems: 1, maxItems: 500 }) },
    { additionalProperties: false },
  ),
  Type.Object({ scope: Type.Literal('ward'), ward: Text(120) }, { additionalProperties: false }),
  Type.Object({ scope: Type.Literal('site') }, { additionalProperties: false }),
])

export const ValidationResultSchema = Type.Union([
  Type.Object(
    {
      type: Type.Literal('growth'),
      exposed: Type.Integer({ minimum: 1, maximum: 100_000 }),
      grew: Type.Integer({ minimum: 0, maximum: 100_000 }),
      populationLog: Type.Number({ exclusiveMinimum: 0, maximum: 12 }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      type: Type.Literal('logReduction'),
      samples: Type.Integer({ minimum: 1, maximum: 100_000 }),
      lowestLog: Type.Number({ minimum: 0, maximum: 12 }),
    },
    { additionalProperties: false },
  ),
])

/** `SiteValidation` of `core/disinfection` as a person enters it. */
export const NewSiteValidationSchema = Type.Object(
  {
    organismId: Text(60),
    method: DisinfectionMethodSchema,
    place: ValidationPlaceSchema,
    equipment: Text(200),
    robotIds: Type.Array(Text(256), { maxItems: 500 }),
    dose: Type.Number({ exclusiveMinimum: 0 }),
    indicator: Type.Object(
      { organism: Text(200), product: Text(200), lot: Text(100) },
      { additionalProperties: false },
    ),
    result: ValidationResultSchema,
    requiredLog: Type.Number({ exclusiveMinimum: 0, maximum: 12 }),
    performedBy: Text(200),
    performedAt: Instant,
    validUntil: Instant,
    evidence: Text(500),
    note: Type.Union([Type.String({ maxLength: 2000 }), Type.Null()]),
  },
  { additionalProperties: false },
)
export type NewSiteValidation = Static<typeof NewSiteValidationSchema>

export const SiteValidationViewSchema = Type.Object({
  id: Type.String(),
  ...NewSiteValidationSchema.properties,
  withdrawn: Type.Union([
    Type.Object({ at: Type.String(), by: Type.String(), reason: Type.String() }),
    Type.Null(),
  ]),
  recordedBy: Type.String(),
  recordedAt: Type.String(),
  /** Now. `failed`: it did not reach what the site asked for, and supports nothing. */
  status: Type.Enum(['valid', 'failed', 'expired', 'withdrawn']),
  /** What was shown, log10. */
  shownLog: Type.Number(),
})
export type SiteValidationView = Static<typeof SiteValidationViewSchema>

export const ValidationWithdrawalSchema = Type.Object({ reason: Text(2000) }, { additionalProperties: false })
export type ValidationWithdrawal = Static<typeof ValidationWithdrawalSchema>
