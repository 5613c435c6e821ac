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

/** An entry of the audit record. */
export const AuditEntryViewSchema = Type.Object({
  sequence: Type.Integer({ minimum: 1 }),
  /** ISO 8601, by the clock of the database. */
  at: Type.String(),
  who: Type.Union([AuditActorSchema, Type.Null()]),
  /** `request`: somebody asked for something; `change`: what is stored became something else. */
  kind: Type.Enum(['request', 'change']),
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
  /** What somebody with this text in their name did, or a table or an id with it. */
  about: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
})
