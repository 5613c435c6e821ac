import Type, { type Static } from 'typebox'
import { ProtocolSchema } from '../disinfection/protocols/protocol-schema.ts'

/** `Protocol` of `core/disinfection`. Its version must be one above the newest of its id: 1 for a new one. */
export const NewProtocolSchema = ProtocolSchema
export type NewProtocol = Static<typeof NewProtocolSchema>

export const ProtocolViewSchema = Type.Object({
  ...ProtocolSchema.properties,
  origin: Type.Enum(['shipped', 'hospital']),
  /** `null` for protocols that Wardlight ships. */
  addedBy: Type.Union([Type.String(), Type.Null()]),
  addedAt: Type.Union([Type.String(), Type.Null()]),
  /** The newest version of its id: the one that a new request follows. */
  isCurrent: Type.Boolean(),
  /** Why no request can follow it now, in words; `null` when one can. */
  obstacle: Type.Union([Type.String(), Type.Null()]),
})
export type ProtocolView = Static<typeof ProtocolViewSchema>
