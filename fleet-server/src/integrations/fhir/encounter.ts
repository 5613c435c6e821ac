import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'

/** What of FHIR R4's Encounter and Location says who is where; what else they hold is not looked at. */

const Reference = Type.Object({ reference: Type.Optional(Type.String({ maxLength: 1000 })) })
const Coding = Type.Object({
  system: Type.Optional(Type.String({ maxLength: 1000 })),
  code: Type.Optional(Type.String({ maxLength: 200 })),
})
const CodeableConcept = Type.Object({ coding: Type.Optional(Type.Array(Coding, { maxItems: 50 })) })
const Period = Type.Object({ start: Type.Optional(Type.String()), end: Type.Optional(Type.String()) })
const Id = Type.String({ pattern: '^[A-Za-z0-9.-]{1,64}$' })

export const EncounterSchema = Type.Object({
  resourceType: Type.Literal('Encounter'),
  id: Id,
  meta: Type.Object({ lastUpdated: Type.String(), versionId: Type.Optional(Type.String()) }),
  status: Type.String(),
  period: Type.Optional(Period),
  reasonCode: Type.Optional(Type.Array(CodeableConcept, { maxItems: 100 })),
  hospitalization: Type.Optional(
    Type.Object({ specialArrangement: Type.Optional(Type.Array(CodeableConcept, { maxItems: 100 })) }),
  ),
  location: Type.Optional(
    Type.Array(
      Type.Object({
        location: Reference,
        status: Type.Optional(Type.String()),
        period: Type.Optional(Period),
      }),
      { maxItems: 200 },
    ),
  ),
})
export type Encounter = Static<typeof EncounterSchema>
export type EncounterLocation = NonNullable<Encounter['location']>[number]

export const LocationSchema = Type.Object({
  resourceType: Type.Literal('Location'),
  id: Id,
  name: Type.Optional(Type.String({ maxLength: 200 })),
  identifier: Type.Optional(
    Type.Array(Type.Object({ value: Type.Optional(Type.String({ maxLength: 200 })) }), { maxItems: 20 }),
  ),
  physicalType: Type.Optional(CodeableConcept),
  partOf: Type.Optional(Reference),
})
export type Location = Static<typeof LocationSchema>

export const EncounterPageSchema = Type.Object({
  resourceType: Type.Literal('Bundle'),
  link: Type.Optional(
    Type.Array(Type.Object({ relation: Type.String(), url: Type.String() }), { maxItems: 20 }),
  ),
  entry: Type.Optional(Type.Array(Type.Object({ resource: Type.Optional(Type.Unknown()) }))),
})
export type EncounterPage = Static<typeof EncounterPageSchema>

export const isEncounter = Compile(EncounterSchema)
export const isLocation = Compile(LocationSchema)
export const isEncounterPage = Compile(EncounterPageSchema)
