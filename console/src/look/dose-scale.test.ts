import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { doseColour, doseFraction, scaleColour, scaleTicks, type Rgb } from './dose-scale.ts'

/** CIE lightness L* of an sRGB colour, 0 to 100. */
function lightness(colour: Rgb): number {
  const [red, green, blue] = colour.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  ) as [number, number, number]
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
  return luminance > 0.008856 ? 116 * Math.cbrt(luminance) - 16 : 903.3 * luminance
}

describe('dose scale', () => {
  it('has the target in its middle, and ends at a tenth and at ten times of it', () => {
    expect(doseFraction(25, 25)).toBeCloseTo(0.5)
    expect(doseFraction(2.5, 25)).toBeCloseTo(0)
    expect(doseFraction(250, 25)).toBeCloseTo(1)
  })

  it('stays on the scale whatever the dose', () => {
    fc.assert(
      fc.property(fc.double(), fc.double({ min: 0.001, max: 1e4, noNaN: true }), (dose, target) => {
        const fraction = doseFraction(dose, target)
        expect(fraction).toBeGreaterThanOrEqual(0)
        expect(fraction).toBeLessThanOrEqual(1)
        for (const channel of doseColour(dose, target)) {
          expect(channel).toBeGreaterThanOrEqual(0)
          expect(channel).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('gets lighter with every bit of dose, so that it reads without colour', () => {
    let before = -1
    for (let step = 0; step <= 100; step += 1) {
      const now = lightness(scaleColour(step / 100))
      expect(now).toBeGreaterThan(before)
      before = now
    }
  })

  it('marks the target, in log reduction where the organism is known', () => {
    const ticks = scaleTicks(30, (dose) => dose / 10)
    expect(ticks.map((tick) => tick.isTarget)).toEqual([false, true, false])
    expect(ticks[1]).toMatchObject({ doseMjPerCm2: 30, logReduction: 3, fraction: 0.5 })
    expect(scaleTicks(30, null)[1]?.logReduction).toBeNull()
  })
})
