import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineOrganism } from './define-organism.ts'
import {
  doseForLogReduction,
  doseIntervalForLogReduction,
  logReductionForDose,
  logReductionIntervalForDose,
} from './dose-response.ts'
import { ORGANISMS } from './organism-catalogue.ts'
import type { Bounds, DoseResponse } from './organism.ts'
import { organismById } from './organisms.ts'
import { anOrganism, exactly } from './testing/organisms.ts'

const logNumber = (min: number, max: number) =>
  fc.double({ min: Math.log(min), max: Math.log(max), noNaN: true }).map((value) => Math.exp(value))

/** A constant with none, one or two other ends, in the right order. */
function bounds(value: fc.Arbitrary<number>, cautious: 'least' | 'most'): fc.Arbitrary<Bounds> {
  return fc
    .tuple(fc.tuple(value, value, value), fc.constantFrom('exact' as const, 'ends' as const, 'all' as const))
    .map(([three, known]) => {
      const [a, b, c] = three.toSorted((x, y) => (cautious === 'least' ? x - y : y - x))
      if (known === 'exact') return exactly(a!)
      return { cautious: a!, likely: known === 'all' ? b! : null, favourable: c! }
    })
}

const responses: fc.Arbitrary<DoseResponse> = fc.oneof(
  fc.record({
    model: fc.constant('exponential' as const),
    kCm2PerMj: bounds(logNumber(1e-3, 10), 'least'),
  }),
  fc.record({
    model: fc.constant('multiTarget' as const),
    kCm2PerMj: bounds(logNumber(1e-3, 10), 'least'),
    targets: bounds(logNumber(1, 1000), 'most'),
  }),
  fc.record({
    model: fc.constant('twoStage' as const),
    kFastCm2PerMj: bounds(logNumber(0.1, 10), 'least'),
    kSlowCm2PerMj: bounds(logNumber(1e-4, 0.09), 'least'),
    slowFraction: bounds(logNumber(1e-8, 0.5), 'most'),
  }),
)

const organisms = fc
  .record({
    response: responses,
    beyond: fc.option(
      fc.record({
        cautiousMore: logNumber(0.1, 20),
        favourableMore: logNumber(0.01, 1),
        log: logNumber(3.5, 8),
      }),
    ),
  })
  .map(({ response, beyond }) => {
    const plain = anOrganism({ response })
    if (beyond === null) return defineOrganism(plain)
    const fitted = doseIntervalForLogReduction(plain, 3)
    const cautious = fitted.cautious * (1 + beyond.cautiousMore)
    const favourable =
      fitted.favourable === null
        ? null
        : fitted.favourable * (1 + beyond.favourableMore * beyond.cautiousMore)
    return defineOrganism({
      ...plain,
      fittedLog: 3,
      supportedLog: null,
      beyondFit: [
        {
          log: beyond.log,
          doseMjPerCm2: { cautious, likely: null, favourable },
          source: 'Somebody 2021',
        },
      ],
    })
  })

const logs = fc.double({ min: 0.01, max: 12, noNaN: true })

describe('a dose response of any model', () => {
  it('goes from log reduction to dose and back, and from dose to log reduction and back', () => {
    fc.assert(
      fc.property(organisms, logs, (organism, log) => {
        const dose = doseForLogReduction(organism, log)
        expect(Math.abs(logReductionForDose(organism, dose) - log)).toBeLessThan(1e-9)
        const again = doseForLogReduction(organism, logReductionForDose(organism, dose))
        expect(Math.abs(again / dose - 1)).toBeLessThan(1e-9)
      }),
    )
  })

  it('takes more dose for more log, and gives more log for more dose', () => {
    fc.assert(
      fc.property(organisms, logs, fc.double({ min: 1.0001, max: 2, noNaN: true }), (organism, log, more) => {
        const dose = doseForLogReduction(organism, log)
        expect(doseForLogReduction(organism, log * more)).toBeGreaterThan(dose)
        expect(logReductionForDose(organism, dose * more)).toBeGreaterThan(
          logReductionForDose(organism, dose),
        )
      }),
    )
  })

  it('has an interval whose cautious end is what plans use, and which never runs the wrong way', () => {
    fc.assert(
      fc.property(organisms, logs, (organism, log) => {
        const dose = doseIntervalForLogReduction(organism, log)
        expect(dose.cautious).toBe(doseForLogReduction(organism, log))
        expect(dose.cautious).toBeGreaterThanOrEqual(dose.likely ?? 0)
        expect(dose.likely ?? dose.cautious).toBeGreaterThanOrEqual(dose.favourable ?? 0)
        const given = dose.cautious
        const reduction = logReductionIntervalForDose(organism, given)
        expect(reduction.cautious).toBe(logReductionForDose(organism, given))
        expect(reduction.likely ?? Infinity).toBeGreaterThanOrEqual(reduction.cautious)
        expect(reduction.favourable ?? Infinity).toBeGreaterThanOrEqual(
          reduction.likely ?? reduction.cautious,
        )
      }),
    )
  })

  it('gives nothing for nothing', () => {
    fc.assert(
      fc.property(organisms, (organism) => {
        expect(doseForLogReduction(organism, 0)).toBeCloseTo(0, 12)
        expect(logReductionForDose(organism, 0)).toBeCloseTo(0, 12)
      }),
    )
  })
})

describe('the models', () => {
  // -log10 of the survival, in forty decimal digits.
  it.each<[DoseResponse, number, number]>([
    [{ model: 'multiTarget', kCm2PerMj: exactly(0.1), targets: exactly(4) }, 50, 1.573804245902626],
    [{ model: 'multiTarget', kCm2PerMj: exactly(0.25), targets: exactly(10) }, 22, 1.39659285280487],
    [{ model: 'multiTarget', kCm2PerMj: exactly(0.05), targets: exactly(3) }, 300, 6.037296106680812],
    [twoStage(0.5, 0.02, 0.001), 10, 2.122056510938914],
    [twoStage(0.5, 0.02, 0.001), 30, 3.260334926956207],
    [twoStage(0.5, 0.02, 0.001), 200, 4.737177927613007],
  ])('%o gives at %f mJ/cm² %f log', (response, dose, log) => {
    const organism = anOrganism({ response })
    expect(logReductionForDose(organism, dose)).toBeCloseTo(log, 12)
    expect(doseForLogReduction(organism, log)).toBeCloseTo(dose, 9)
  })

  it('are the exponential one where there is one target, or one stage in all but name', () => {
    const exponential = anOrganism({ response: { model: 'exponential', kCm2PerMj: exactly(0.3) } })
    const oneTarget = anOrganism({
      response: { model: 'multiTarget', kCm2PerMj: exactly(0.3), targets: exactly(1) },
    })
    const noTail = anOrganism({ response: twoStage(0.3, 0.2999999, 0.5) })
    for (const dose of [0.1, 1, 10, 50]) {
      const expected = logReductionForDose(exponential, dose)
      expect(logReductionForDose(oneTarget, dose)).toBeCloseTo(expected, 10)
      expect(logReductionForDose(noTail, dose)).toBeCloseTo(expected, 4)
    }
  })

  it('ask for more where there is a shoulder or a tail than their straight part alone would', () => {
    const straight = anOrganism({ response: { model: 'exponential', kCm2PerMj: exactly(0.3) } })
    const shoulder = anOrganism({
      response: { model: 'multiTarget', kCm2PerMj: exactly(0.3), targets: exactly(20) },
    })
    const tail = anOrganism({ response: twoStage(0.3, 0.01, 1e-4) })
    for (const log of [1, 3, 6]) {
      expect(doseForLogReduction(shoulder, log)).toBeGreaterThan(doseForLogReduction(straight, log))
      expect(doseForLogReduction(tail, log)).toBeGreaterThan(doseForLogReduction(straight, log))
    }
    // Far out, the shoulder costs ln n / k and no more.
    const extra = doseForLogReduction(shoulder, 10) - doseForLogReduction(straight, 10)
    expect(extra).toBeCloseTo(Math.log(20) / 0.3, 6)
  })
})

describe('what the sources leave open', () => {
  it('C. auris takes the doses that were estimated beyond the fit, not the straight line', () => {
    const auris = organismById('c-auris')
    expect(doseForLogReduction(auris, 5)).toBeGreaterThanOrEqual(192)
    expect(doseIntervalForLogReduction(auris, 5)).toEqual({ cautious: 192, likely: null, favourable: 103 })
    const three = doseIntervalForLogReduction(auris, 3)
    expect(three.cautious).toBeCloseTo(64, 0)
    expect(three.favourable).toBeCloseTo(39, 0)
    const straight = (log: number) => (log * Math.LN10) / 0.108
    for (const log of [3.2, 4, 5, 6]) expect(doseForLogReduction(auris, log)).toBeGreaterThan(straight(log))
    expect(logReductionForDose(auris, 191)).toBeLessThan(5)
  })

  it.each([
    ['p-aeruginosa', 4, 9.1, 3.1],
    ['adenovirus', 3, 216, 77],
    ['b-subtilis', 4, 84, 34],
  ])('%s, %i log: from %f down to %f mJ/cm²', (id, log, cautious, favourable) => {
    const interval = doseIntervalForLogReduction(organismById(id), log)
    expect(Math.abs(interval.cautious / cautious - 1)).toBeLessThan(0.02)
    expect(Math.abs(interval.favourable! / favourable - 1)).toBeLessThan(0.02)
  })

  it('every shipped entry gives at least the log reduction that was planned, at its cautious end', () => {
    for (const organism of ORGANISMS) {
      const dose = doseForLogReduction(organism, 3)
      expect(logReductionIntervalForDose(organism, dose).cautious).toBeCloseTo(3, 9)
    }
  })

  it('leaves an end open that is known only in part', () => {
    const organism = anOrganism({
      response: {
        model: 'multiTarget',
        kCm2PerMj: { cautious: 0.1, likely: 0.2, favourable: null },
        targets: { cautious: 5, likely: null, favourable: 2 },
      },
    })
    expect(doseIntervalForLogReduction(organism, 3)).toMatchObject({ likely: null, favourable: null })
  })
})

function twoStage(kFast: number, kSlow: number, slowFraction: number): DoseResponse {
  return {
    model: 'twoStage',
    kFastCm2PerMj: exactly(kFast),
    kSlowCm2PerMj: exactly(kSlow),
    slowFraction: exactly(slowFraction),
  }
}
