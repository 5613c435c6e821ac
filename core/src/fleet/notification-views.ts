import Type, { type Static } from 'typebox'
import { AlarmPrioritySchema } from './robot-care.ts'
import { RoleSchema } from './views.ts'

/** Told by a POST. */
const WebhookUrl = Type.String({ pattern: '^https?://', maxLength: 2000 })
const NullableText = Type.Union([Type.String(), Type.Null()])

export const LONGEST_ESCALATION_MIN = 24 * 60
export const MOST_ESCALATION_STEPS = 50

/** Who is told of an alarm that nobody has acknowledged, and after how long: by a webhook, on people's devices, or both. */
export const EscalationStepSchema = Type.Object(
  {
    /** Minutes since it was raised; 0: at once. */
    afterMin: Type.Integer({ minimum: 0, maximum: LONGEST_ESCALATION_MIN }),
    /** For people: "nurses on duty", "the engineer on call". */
    to: Type.String({ minLength: 1, maxLength: 100 }),
    /** Only alarms that are at least so pressing. */
    priority: AlarmPrioritySchema,
    /** Only alarms about rooms of these wards, and about none; `null`: all of them. */
    wards: Type.Union([Type.Array(Type.String({ minLength: 1, maxLength: 100 })), Type.Null()]),
    /** Told by a POST to this address; what is sent is `NotificationBody`. */
    webhookUrl: Type.Optional(WebhookUrl),
    /** Told on the devices of those who are on duty with one of these roles, and work on the ward that it is about. */
    roles: Type.Optional(Type.Array(RoleSchema, { minItems: 1, maxItems: 5, uniqueItems: true })),
  },
  { additionalProperties: false },
)
export type EscalationStep = Static<typeof EscalationStepSchema>

/** Whom the server tells of alarms, in order of time. Empty: the console alone. */
export const NotificationRulesSchema = Type.Object(
  { steps: Type.Array(EscalationStepSchema, { maxItems: MOST_ESCALATION_STEPS }) },
  { additionalProperties: false },
)
export type NotificationRules = Static<typeof NotificationRulesSchema>

export const NotificationRulesViewSchema = Type.Object({
  ...NotificationRulesSchema.properties,
  /** When the key of `X-Wardlight-Signature` was made that somebody has been shown; ISO 8601; `null`: nobody knows it. */
  secretMadeAt: NullableText,
})
export type NotificationRulesView = Static<typeof NotificationRulesViewSchema>

/** Shown once. */
export const NotificationSecretSchema = Type.Object({
  /** Key of `X-Wardlight-Signature`. */
  secret: Type.String(),
})
export type NotificationSecret = Static<typeof NotificationSecretSchema>

/** Who is to be told something as a test, also before it is a rule. */
export const NotificationTestSchema = Type.Object(
  { to: EscalationStepSchema.properties.to, webhookUrl: WebhookUrl },
  { additionalProperties: false },
)
export type NotificationTest = Static<typeof NotificationTestSchema>

/** The kind of alarm that a test tells of. It is none: nothing has happened. */
export const TEST_ALARM_KIND = 'notification.test'

export const NotificationTestResultSchema = Type.Object({
  /** HTTP status of the answer; `null`: there was none. */
  status: Type.Union([Type.Integer(), Type.Null()]),
  /** Why it was not taken; `null`: it was. */
  problem: NullableText,
})
export type NotificationTestResult = Static<typeof NotificationTestResultSchema>

/** What is sent. No patients: rooms and robots. */
export const NotificationBodySchema = Type.Object({
  /** The same each time it is sent again. */
  id: Type.String(),
  hospital: Type.String(),
  to: Type.String(),
  /** How often it was handed on before: 0 for the first who are told. */
  step: Type.Integer({ minimum: 0 }),
  alarm: Type.Object({
    id: Type.String(),
    kind: Type.String(),
    priority: AlarmPrioritySchema,
    text: Type.String(),
    roomId: NullableText,
    robotId: NullableText,
    raisedAt: Type.String(),
  }),
  /** Where it is acknowledged. */
  consolePath: Type.String(),
})
export type NotificationBody = Static<typeof NotificationBodySchema>

/** What became of telling somebody. */
export const NotificationViewSchema = Type.Object({
  id: Type.String(),
  alarmId: Type.String(),
  to: Type.String(),
  text: Type.String(),
  /** When it was to be told; ISO 8601. */
  at: Type.String(),
  /** `over`: it was acknowledged, or its cause was gone, before anybody took it. */
  status: Type.Enum(['waiting', 'told', 'over']),
  tries: Type.Integer({ minimum: 0 }),
  /** Why it could not be told the last time. */
  problem: NullableText,
})
export type NotificationView = Static<typeof NotificationViewSchema>
