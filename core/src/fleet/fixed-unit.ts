import Type from 'typebox'
import type { LampModel } from '../disinfection/index.ts'

/**
 * The lamp of a unit that is fixed in a room, in its factsheet's `mobileRobotConfiguration.versions`: `LampModel` as JSON,
 * in the unit's own frame. A fleet plans with it; without it, with the lamp that it takes every robot to have.
 */
export const FIXED_LAMP_KEY = 'wardlight.lamp'

/** `LampModel` of `core/disinfection` as it goes over a wire. */
export const LampModelSchema = Type.Unsafe<LampModel>(
  Type.Object({
    name: Type.String(),
    tubes: Type.Array(
      Type.Object({
        x: Type.Number(),
        y: Type.Number(),
        zBottomM: Type.Number(),
        zTopM: Type.Number(),
        radiantPowerW: Type.Number({ exclusiveMinimum: 0 }),
        outputFraction: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
      }),
      { minItems: 1 },
    ),
    outputFraction: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
    distanceCorrections: Type.Optional(
      Type.Array(Type.Object({ distanceM: Type.Number(), factor: Type.Number({ exclusiveMinimum: 0 }) })),
    ),
  }),
)
