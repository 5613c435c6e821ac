import Type, { type Static } from 'typebox'

/** People have a zone: a bed is pushed through, somebody works there. Times are ISO 8601. */
export const ZoneHoldSchema = Type.Object({
  reason: Type.String(),
  by: Type.String(),
  since: Type.String(),
  /** It ends by itself then. */
  until: Type.String(),
})
export type ZoneHold = Static<typeof ZoneHoldSchema>

/** A zone into which robots are let one at a time (`release` in the plan). */
export const ZoneViewSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  levelId: Type.String(),
  /** No robot is let in. `null`: they may ask. */
  hold: Type.Union([ZoneHoldSchema, Type.Null()]),
  /** Robots that stand in it, or were let in and have not left: nobody calls them back. */
  robotIds: Type.Array(Type.String()),
  /** Robots of this level that do not ask, because they do not understand such zones: nobody can keep them out. */
  unheedingRobotIds: Type.Array(Type.String()),
})
export type ZoneView = Static<typeof ZoneViewSchema>

/** Longest time for which people may take a zone at once. Proposed: a hold that was forgotten must not stand for days. */
export const LONGEST_ZONE_HOLD_MIN = 12 * 60

export const NewZoneHoldSchema = Type.Object(
  {
    reason: Type.String({ minLength: 1, maxLength: 200 }),
    until: Type.String({ format: 'date-time' }),
  },
  { additionalProperties: false },
)
export type NewZoneHold = Static<typeof NewZoneHoldSchema>
