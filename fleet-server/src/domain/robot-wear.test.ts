import { ODOMETER_INFORMATION } from '@wardlight/core/fleet'
import type { State } from '@wardlight/core/vda5050'
import { describe, expect, it } from 'vitest'
import { chargeForWork } from './energy.ts'
import { isNewWear, UNKNOWN_WEAR, wearOf } from './robot-wear.ts'

function state(batteryHealth: number | undefined, driven: string | null): State {
  return {
    powerSupply: {
      stateOfCharge: 50,
      charging: false,
      ...(batteryHealth === undefined ? {} : { batteryHealth }),
    },
    information:
      driven === null
        ? []
        : [
            {
              infoType: ODOMETER_INFORMATION.infoType,
              infoLevel: 'INFO',
              infoReferences: [{ referenceKey: ODOMETER_INFORMATION.drivenKey, referenceValue: driven }],
            },
          ],
  } as unknown as State
}

describe('the wear of a robot', () => {
  it('is what it tells; what it does not tell, or tells in no number, stays as it was', () => {
    const told = wearOf(state(83, '12340'), UNKNOWN_WEAR)
    expect(told).toEqual({ batteryHealth: 0.83, drivenM: 12_340 })
    expect(wearOf(state(undefined, null), told)).toEqual(told)
    expect(wearOf(state(undefined, 'far'), told)).toEqual(told)
    expect(wearOf(state(-1, '-5'), UNKNOWN_WEAR)).toEqual(UNKNOWN_WEAR)
  })

  it('is worth storing for a percent of battery or a hundred metres', () => {
    const kept = { batteryHealth: 0.83, drivenM: 1000 }
    expect(isNewWear(UNKNOWN_WEAR, kept)).toBe(true)
    expect(isNewWear(kept, { ...kept, drivenM: 1090 })).toBe(false)
    expect(isNewWear(kept, { ...kept, drivenM: 1100 })).toBe(true)
    // Another disk, or other wheels.
    expect(isNewWear(kept, { ...kept, drivenM: 0 })).toBe(true)
    expect(isNewWear(kept, { ...kept, batteryHealth: 0.82 })).toBe(true)
  })

  it('makes the same work cost more of a battery that holds less', () => {
    const hourMs = 3_600_000
    expect(chargeForWork(hourMs, null)).toBe(0.25)
    expect(chargeForWork(hourMs, 0.5)).toBe(0.5)
    expect(chargeForWork(hourMs, 0)).toBeLessThan(Infinity)
  })
})
