import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { predictedRemainingS, type CycleStanding } from './remaining-time.ts'

/** A dose of 40 minutes, half an hour of dwell, an hour and a half of air. */
const plan = {
  h2o2G: 400,
  rateGPerMin: 10,
  dwellS: 1800,
  airChangesPerHour: 6,
  expectedS: 600 + 60 + 2400 + 1800 + 5400 + 600 + 120,
}
const standing: CycleStanding = { phase: 'gassing', phaseS: 0, injectedG: 0, dwellS: 0, highestPpm: 300 }
const remaining = (patch: Partial<CycleStanding>) => predictedRemainingS(plan, { ...standing, ...patch })

describe('the prediction of when a gassed room may be entered', () => {
  it('is not made before somebody has armed it, nor after its end', () => {
    for (const phase of ['traveling', 'surveying', 'awaitingArming', 'interrupted', 'finished'] as const) {
      expect(remaining({ phase })).toBeNull()
    }
  })

  it('is the plan at the start, and goes on from what was measured', () => {
    expect(remaining({ phase: 'isolating' })).toBe(2400 + 1800 + 5400 + 600)
    expect(remaining({ injectedG: 200 })).toBe(1200 + 1800 + 5400 + 600)
    expect(remaining({ phase: 'dwelling', dwellS: 900 })).toBe(900 + 5400 + 600)
    // 10 ppm go to 1 in ln 10 air changes, whatever the plan hoped for.
    expect(remaining({ phase: 'aerating', highestPpm: 10, phaseS: 9000 })).toBeCloseTo(
      (3600 * Math.log(10)) / 6 + 600,
      6,
    )
    expect(remaining({ phase: 'aerating', highestPpm: null, phaseS: 5000 })).toBe(400 + 600)
    expect(remaining({ phase: 'verifying', phaseS: 150 })).toBe(450)
  })

  it('never promises less than the ten minutes of watching while gas is in the room, and is never negative', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('gassing' as const, 'dwelling' as const, 'aerating' as const),
        fc.double({ min: 0, max: 1e5, noNaN: true }),
        fc.double({ min: 0, max: 1000, noNaN: true }),
        fc.double({ min: 0, max: 1e4, noNaN: true }),
        fc.option(fc.double({ min: 0, max: 1000, noNaN: true })),
        (phase, phaseS, injectedG, dwellS, highestPpm) => {
          expect(remaining({ phase, phaseS, injectedG, dwellS, highestPpm })).toBeGreaterThanOrEqual(600)
        },
      ),
    )
    expect(remaining({ phase: 'verifying', phaseS: 1e6 })).toBe(0)
  })
})
