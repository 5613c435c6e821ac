import Type, { type Static } from 'typebox'

const NullableText = Type.Union([Type.String(), Type.Null()])

/**
 * What people have decided about a robot. `draining`: it ends what it has begun and gets nothing new; `maintenance`:
 * somebody works on it, and nothing is sent to it; `retired`: it is gone for good, and its password no longer holds.
 */
export const RobotServiceStateSchema = Type.Enum(['inService', 'draining', 'maintenance', 'retired'])
export type RobotServiceState = Static<typeof RobotServiceStateSchema>

export const RobotServiceSchema = Type.Object({
  state: RobotServiceStateSchema,
  /** Who has decided it, when, and why; `null` of a robot that nobody has ever taken out of service. */
  by: NullableText,
  at: NullableText,
  reason: NullableText,
})
export type RobotService = Static<typeof RobotServiceSchema>

export const NEVER_OUT_OF_SERVICE: RobotService = { state: 'inService', by: null, at: null, reason: null }

export const RobotServiceChangeSchema = Type.Object(
  { state: RobotServiceStateSchema, reason: Type.String({ minLength: 1, maxLength: 300 }) },
  { additionalProperties: false },
)
export type RobotServiceChange = Static<typeof RobotServiceChangeSchema>

/** How much of a hurry: `urgent` wants a person now; `high` keeps a robot from its work, or will; `low` is to be seen to. */
export const AlarmPrioritySchema = Type.Enum(['urgent', 'high', 'low'])
export type AlarmPriority = Static<typeof AlarmPrioritySchema>

/**
 * Something that a person has to see, after the life of an alarm in IEC 62682: it is active until its cause is gone, and
 * stays until somebody has acknowledged it as well. What is acknowledged and gone is over.
 */
export const AlarmViewSchema = Type.Object({
  id: Type.String(),
  /** `null`: it is not about a robot. */
  robotId: NullableText,
  /** Room that it is about; `null`: none. */
  roomId: NullableText,
  /** `emergencyStop`, `connectionBroken`, `gas.evacuate`, `hl7.patient`, `hl7.unsent`, `notification.failed`, or the type of the robot's error. */
  kind: Type.String(),
  priority: AlarmPrioritySchema,
  /** In words, as it was last told. */
  text: Type.String(),
  raisedAt: Type.String(),
  /** How often its cause came back before anybody saw it, this time included. */
  count: Type.Integer(),
  /** When its cause was gone; `null`: it still is there. */
  clearedAt: NullableText,
  acknowledgedBy: NullableText,
  acknowledgedAt: NullableText,
})
export type AlarmView = Static<typeof AlarmViewSchema>
