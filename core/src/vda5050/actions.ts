import Type, { type Static } from 'typebox'

const Id = Type.String({ minLength: 1, maxLength: 256 })

export const ActionParameterSchema = Type.Object({
  key: Type.String(),
  value: Type.Union([
    Type.Array(Type.Unknown()),
    Type.Boolean(),
    Type.Number(),
    Type.String(),
    Type.Object({}, { additionalProperties: true }),
  ]),
})
export type ActionParameter = Static<typeof ActionParameterSchema>

export const BlockingTypeSchema = Type.Enum(['NONE', 'SOFT', 'SINGLE', 'HARD'])

/** Of a zone: the robot gives each execution an id of its own (VDA 5050 3.0, 7.6). */
export const ZoneActionSchema = Type.Object({
  actionType: Id,
  actionDescriptor: Type.Optional(Type.String()),
  blockingType: BlockingTypeSchema,
  actionParameters: Type.Optional(Type.Array(ActionParameterSchema)),
  retriable: Type.Optional(Type.Boolean()),
})
export type ZoneAction = Static<typeof ZoneActionSchema>

export const ActionSchema = Type.Object({ ...ZoneActionSchema.properties, actionId: Id })
export type Action = Static<typeof ActionSchema>
