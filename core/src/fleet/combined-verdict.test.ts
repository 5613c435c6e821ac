import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combinedVerdictOf, type RecipeStep } from './combined-verdict.ts'
import type { DoseReport, Verdict } from './dose-report.ts'
import type { PeroxideReport } from './peroxide.ts'

const SHADOWED = {
  id: 'bed-under',
  label: 'underside of the bed',
  reason: 'shadowed',
  explanation: 'in the shadow of the bed',
  remedy: null,
} as const

function light(verdict: Verdict | null, missed = 1): RecipeStep {
  const report = {
    verdict,
    deliveredMjPerCm2: [30, 30, 2],
    missed: Array.from({ length: missed }, () => SHADOWED),
  } as unknown as DoseReport
  return { method: 'uv', missionId: 'light', report: verdict === null ? null : report }
}

function gas(verdict: Verdict | null): RecipeStep {
  const report = { verdict } as unknown as PeroxideReport
  return { method: 'hpv', missionId: 'gas', report: verdict === null ? null : report }
}

describe('a combined verdict', () => {
  it('is proven when both are, and says what each of them reached', () => {
    const combined = combinedVerdictOf([light('proven'), gas('proven')])
    expect(combined).toMatchObject({
      verdict: 'proven',
      isGasProven: true,
      surfaces: { total: 3, lit: 2, unlit: [SHADOWED] },
    })
    expect(combined.words).toEqual([
      'light brought its target dose to 2 of 3 surfaces',
      'hydrogen peroxide vapour held its concentration for its dwell, by every sensor in the air of the room',
      '1 surfaces without their light were in that air: for them only the peroxide speaks, and no sensor was on them',
      'each step stands for itself: log reductions of light and peroxide are not added',
    ])
  })

  it('is incomplete when the light is proven and the gas never began, and says so', () => {
    const combined = combinedVerdictOf([light('proven'), gas(null)])
    expect(combined.verdict).toBe('incomplete')
    expect(combined.words[0]).toBe('hydrogen peroxide vapour was not run')
    expect(combined.isGasProven).toBe(false)
  })

  it('does not let peroxide speak for shadows when its cycle is not proven', () => {
    expect(combinedVerdictOf([light('proven'), gas('incomplete')]).words).toContain(
      '1 surfaces have neither their light nor a proven cycle',
    )
  })

  it('of a recipe without steps is aborted', () => {
    expect(combinedVerdictOf([]).verdict).toBe('aborted')
  })

  it('property: proven only when every step is, aborted only when none did anything, the order changes neither', () => {
    const verdict = fc.constantFrom<Verdict | null>('proven', 'incomplete', 'aborted', null)
    const step = fc.oneof(
      verdict.map((one) => light(one)),
      verdict.map(gas),
    )
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), (steps) => {
        const combined = combinedVerdictOf(steps)
        const verdicts = steps.map(({ report }) => report?.verdict ?? null)
        expect(combined.verdict === 'proven').toBe(verdicts.every((one) => one === 'proven'))
        expect(combined.verdict === 'aborted').toBe(
          verdicts.every((one) => one === null || one === 'aborted'),
        )
        expect(combinedVerdictOf(steps.toReversed()).verdict).toBe(combined.verdict)
        // No figure that stands for several steps at once.
        expect(combined.words.some((words) => /\d+(\.\d+)? log/.test(words))).toBe(false)
      }),
    )
  })
})
