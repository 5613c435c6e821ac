import Type, { type Static } from 'typebox'

/** ISO 8601, UTC; 3.0 says milliseconds, and robots in the field send none to six decimals. */
const Timestamp = Type.String({ pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$` })

/** What every message begins with (3.0, 7.2). */
export const HeaderSchema = Type.Object({
  headerId: Type.Integer({ minimum: 0 }),
  timestamp: Timestamp,
  version: Type.String(),
  manufacturer: Type.String({ minLength: 1 }),
  serialNumber: Type.String({ minLength: 1 }),
})
export type Header = Static<typeof HeaderSchema>
