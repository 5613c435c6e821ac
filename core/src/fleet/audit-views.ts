import Type, { type Static } from 'typebox'

const NullableText = Type.Union([Type.String(), Type.Null()])

/** Who did it; `null` in its place: the system, or what a robot has said. */
export const AuditActorSchema = Type.Object({
  /** Of the account; `null`: not a person's. */
  id: NullableText,
  name: Type.String(),
  role: NullableText,
  /** Address of their machine. */
  from: Type.String(),
  /** What they asked for: method and route. */
  did: Type.String(),
})

/** `request`: somebody asked for something; `change`: what is stored became something else. */
export const AuditKindSchema = Type.Enum(['request', 'change'])
export type AuditKind = Static<typeof AuditKindSchema>

/** An entry of the audit record. */
export const AuditEntryViewSchema = Type.Object({
  sequence: Type.Integer({ minimum: 1 }),
  /** ISO 8601, by the clock of the database. */
  at: Type.String(),
  who: Type.Union([AuditActorSchema, Type.Null()]),
  kind: AuditKindSchema,
  /** What was asked for, without secrets; `null` for a change. */
  request: Type.Union([
    Type.Object({
      /** The path with what it named. */
      path: Type.String(),
      /** What was said with it; JSON. */
      body: Type.Unknown(),
      /** Status of the answer (RFC 9110). */
      status: Type.Integer(),
    }),
    Type.Null(),
  ]),
  /** What changed: of which table and row, and the fields that differ; `null` for a request. */
  change: Type.Union([
    Type.Object({
      table: Type.String(),
      id: Type.String(),
      /** JSON; `null`: it was not there. */
      before: Type.Unknown(),
      /** JSON; `null`: it is not there any more. */
      after: Type.Unknown(),
    }),
    Type.Null(),
  ]),
  /** SHA-256 of the entry as it is stored, hexadecimal. */
  hash: Type.String(),
})
export type AuditEntryView = Static<typeof AuditEntryViewSchema>

/** A page of the record, newest first, and where the chain ends. */
export const AuditPageSchema = Type.Object({
  entries: Type.Array(AuditEntryViewSchema),
  head: Type.Object({ sequence: Type.Integer({ minimum: 0 }), hash: Type.String() }),
})
export type AuditPage = Static<typeof AuditPageSchema>

/** Entries on a page, unless fewer are asked for. */
export const AUDIT_PAGE = 100

export const AuditQuerySchema = Type.Object({
  /** Entries older than this one. */
  before: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Entries in which this text stands anywhere: a name, a table, an id, a value. */
  about: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  /** Of people with this text in their name. */
  who: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  kind: Type.Optional(AuditKindSchema),
  /** Not before, and before; ISO 8601. */
  since: Type.Optional(Type.String({ format: 'date-time' })),
  until: Type.Optional(Type.String({ format: 'date-time' })),
})
export type AuditQuery = Static<typeof AuditQuerySchema>
