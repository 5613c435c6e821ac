import Type, { type Static } from 'typebox'

/** Proposed: the longest shift, and one that follows it. */
export const LONGEST_DUTY_HOURS = 24

/** A browser that is told of alarms until somebody's duty ends: `PushSubscription.toJSON()` of the Push API, and for how long. */
export const NewDutySchema = Type.Object(
  {
    endpoint: Type.String({ pattern: '^https?://', maxLength: 2000 }),
    keys: Type.Object(
      {
        /** Point of P-256, uncompressed, base64url (RFC 8291, 2.1). */
        p256dh: Type.String({ pattern: '^[A-Za-z0-9_-]{87}=?$' }),
        /** 16 bytes, base64url (RFC 8291, 2.1). */
        auth: Type.String({ pattern: '^[A-Za-z0-9_-]{22}={0,2}$' }),
      },
      { additionalProperties: false },
    ),
    hours: Type.Integer({ minimum: 1, maximum: LONGEST_DUTY_HOURS }),
  },
  { additionalProperties: false },
)
export type NewDuty = Static<typeof NewDutySchema>

/** Where whoever is signed in is told of alarms. */
export const DutyViewSchema = Type.Object({
  /** Public key of this server for `PushManager.subscribe`, base64url; `null`: it tells no devices. */
  pushKey: Type.Union([Type.String(), Type.Null()]),
  devices: Type.Array(
    Type.Object({
      id: Type.String(),
      endpoint: Type.String(),
      /** ISO 8601. */
      until: Type.String(),
    }),
  ),
})
export type DutyView = Static<typeof DutyViewSchema>

/** What came of a message for a try. */
export const DutyTrialSchema = Type.Object({
  /** Why the push service did not take it; `null`: it did. */
  problem: Type.Union([Type.String(), Type.Null()]),
})
export type DutyTrial = Static<typeof DutyTrialSchema>

/** What a device is told, encrypted for it alone; no patients. */
export interface PushMessage {
  readonly title: string
  readonly text: string
  /** Messages with the same one replace each other. */
  readonly tag: string
  /** Stays until somebody has seen it. */
  readonly isPressing: boolean
  /** Of the console. */
  readonly path: string
}
