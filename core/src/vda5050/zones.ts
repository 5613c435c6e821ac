import Type, { type Static } from 'typebox'
import { ZoneActionSchema } from './actions.ts'
import { HeaderSchema } from './header.ts'

/**
 * Zones of VDA 5050 3.0 (6.4) and the answers to what robots ask because of them (6.9), after the JSON schemas of the
 * VDA. 2.x has neither. Lengths in metres, speeds in metres per second.
 */
const Id = Type.String({ minLength: 1, maxLength: 256 })

export const ZONE_TYPES = [
  'BLOCKED',
  'LINE_GUIDED',
  'RELEASE',
  'COORDINATED_REPLANNING',
  'SPEED_LIMIT',
  'ACTION',
  'PRIORITY',
  'PENALTY',
  'DIRECTED',
  'BIDIRECTED',
] as const

export const ReleaseLossBehaviorSchema = Type.Enum(['STOP', 'CONTINUE', 'EVACUATE'])
export type ReleaseLossBehavior = Static<typeof ReleaseLossBehaviorSchema>

const zone = {
  /** Unique within its set. */
  zoneId: Id,
  zoneDescriptor: Type.Optional(Type.String()),
  /** Counter-clockwise, closed by itself. */
  vertices: Type.Array(Type.Object({ x: Type.Number(), y: Type.Number() }), { minItems: 3 }),
}

/** Those that Wardlight makes and keeps to. A set with others is not taken: half of its rules would be missing. */
export const ZoneSchema = Type.Union([
  Type.Object({ ...zone, zoneType: Type.Literal('BLOCKED') }),
  Type.Object({
    ...zone,
    zoneType: Type.Literal('SPEED_LIMIT'),
    maximumSpeed: Type.Number({ minimum: 0 }),
  }),
  Type.Object({
    ...zone,
    zoneType: Type.Literal('RELEASE'),
    releaseLossBehavior: ReleaseLossBehaviorSchema,
  }),
  Type.Object({
    ...zone,
    zoneType: Type.Literal('ACTION'),
    entryActions: Type.Array(ZoneActionSchema),
    /** While any part of the robot is in it. */
    duringActions: Type.Array(ZoneActionSchema),
    exitActions: Type.Array(ZoneActionSchema),
  }),
])
export type VdaZone = Static<typeof ZoneSchema>

export const ZoneSetSchema = Type.Object({
  mapId: Id,
  /** Unique everywhere: the content of a set never changes. */
  zoneSetId: Id,
  zoneSetDescriptor: Type.Optional(Type.String()),
  zones: Type.Array(ZoneSchema),
})
export type VdaZoneSet = Static<typeof ZoneSetSchema>

/** On the topic `zoneSet`. */
export const ZoneSetMessageSchema = Type.Object({ ...HeaderSchema.properties, zoneSet: ZoneSetSchema })
export type ZoneSetMessage = Static<typeof ZoneSetMessageSchema>

export const ZoneSetStateSchema = Type.Object({
  zoneSetId: Type.String(),
  mapId: Type.String(),
  zoneSetStatus: Type.Enum(['ENABLED', 'DISABLED']),
})
export type ZoneSetState = Static<typeof ZoneSetStateSchema>

export const ZoneRequestSchema = Type.Object({
  /** Of one attempt; unique among those of the robot. */
  requestId: Id,
  requestType: Type.Enum(['ACCESS', 'REPLANNING']),
  zoneId: Id,
  zoneSetId: Id,
  requestStatus: Type.Enum(['REQUESTED', 'GRANTED', 'REVOKED', 'EXPIRED']),
})
export type ZoneRequest = Static<typeof ZoneRequestSchema>

export const ResponseSchema = Type.Object({
  requestId: Id,
  grantType: Type.Enum(['GRANTED', 'QUEUED', 'REVOKED', 'REJECTED']),
  /** ISO 8601; only with GRANTED. */
  leaseExpiry: Type.Optional(Type.String()),
})
export type VdaResponse = Static<typeof ResponseSchema>

/** On the topic `responses`. */
export const ResponsesSchema = Type.Object({
  ...HeaderSchema.properties,
  responses: Type.Array(ResponseSchema),
})
export type Responses = Static<typeof ResponsesSchema>
