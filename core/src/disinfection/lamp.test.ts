import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rectangle } from '../geometry/polygon.ts'
import { createIrradianceField } from './irradiance-field.ts'
import {
  agedOutputFraction,
  asRated,
  DEFAULT_LAMP,
  isQuarterTurnSymmetric,
  lampAsMeasured,
  meanOutput,
} from './lamp.ts'
import { correctionAt, withMeasuredCurve } from './lamp-curve.ts'
import { block, boxRoom, spot } from './testing/rooms.ts'
import type { LampModel, RoomModel } from './types.ts'

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const hall: RoomModel = { ...boxRoom(1, 1), polygon: rectangle({ x: 0, y: 0 }, 100, 100) }

/** mW/cm² on a radiometer that is turned to the lamp in the origin. */
function reading(lamp: LampModel, distanceM: number, heightM = 0.9, room = hall): number {
  const sensor = spot({ x: distanceM, y: 0, z: heightM }, { x: -1, y: 0, z: 0 })
  return createIrradianceField([sensor], room, lamp).at({ x: 0, y: 0, theta: 0 })[0]! / 1000
}

describe('agedOutputFraction', () => {
  it('keeps to GB 19258: 0.85 after 2000 h, 0.65 at the end of life, and never rises', () => {
    expect(agedOutputFraction(0, 9000)).toBe(1)
    expect(agedOutputFraction(2000, 9000)).toBeCloseTo(0.85, 12)
    expect(agedOutputFraction(9000, 9000)).toBeCloseTo(0.65, 12)
    fc.assert(
      fc.property(number(1, 20_000), number(0, 1), number(0, 1), (life, a, b) => {
        const [younger, older] = [Math.min(a, b) * life, Math.max(a, b) * life]
        expect(agedOutputFraction(older, life)).toBeLessThanOrEqual(agedOutputFraction(younger, life) + 1e-12)
        expect(agedOutputFraction(older, life)).toBeGreaterThanOrEqual(0.65 - 1e-12)
      }),
    )
  })

  it('says nothing of a tube beyond its life, nor of a senseless age', () => {
    for (const [hours, life] of [
      [9001, 9000],
      [-1, 9000],
      [Number.NaN, 9000],
      [1, 0],
    ] as const) {
      expect(() => agedOutputFraction(hours, life)).toThrow(
        expect.objectContaining({ code: 'WARD_ERR_VALIDATION' }),
      )
    }
    expect(() => agedOutputFraction(9001, 9000)).toThrow('Replace it')
  })
})

describe('lamps with tubes that differ', () => {
  const uneven: LampModel = {
    ...DEFAULT_LAMP,
    outputFraction: 0.9,
    tubes: DEFAULT_LAMP.tubes.map((tube, index) => ({ ...tube, outputFraction: index === 0 ? 0.5 : 1 })),
  }

  it('give what each tube gives, and do not look the same from every side', () => {
    const whole = DEFAULT_LAMP.tubes.reduce(
      (sum, tube, index) =>
        sum + (index === 0 ? 0.45 : 0.9) * reading({ ...DEFAULT_LAMP, tubes: [tube] }, 1.5),
      0,
    )
    expect(reading(uneven, 1.5)).toBeCloseTo(whole, 9)
    expect(isQuarterTurnSymmetric(uneven)).toBe(false)
    expect(isQuarterTurnSymmetric(DEFAULT_LAMP)).toBe(true)
    expect(meanOutput(uneven)).toBeCloseTo((0.45 + 7 * 0.9) / 8, 12)
    expect(asRated(uneven)).toEqual(DEFAULT_LAMP)
  })

  it('are planned with as they burn: failed tubes dark, none brighter than believed', () => {
    const failed = [0, ...DEFAULT_LAMP.tubes.slice(1).map(() => 1)]
    const burning = lampAsMeasured(uneven, failed)
    expect(reading(burning, 2)).toBeLessThan(reading(uneven, 2))
    expect(burning.tubes.map(({ outputFraction }) => outputFraction)).toEqual([0, ...Array(7).fill(0.9)])
    expect(
      lampAsMeasured(
        uneven,
        DEFAULT_LAMP.tubes.map(() => Number.NaN),
      ).tubes[3]!.outputFraction,
    ).toBe(0)
    expect(() => lampAsMeasured(uneven, [1])).toThrow(
      expect.objectContaining({ code: 'WARD_ERR_VALIDATION' }),
    )
  })
})

describe('a measured lamp curve', () => {
  // HERO21: 8 × 130 W, doi:10.1016/j.jpap.2022.100123.
  const hero = {
    heightM: 0.9,
    points: [
      { distanceM: 1, mwPerCm2: 2.67 },
      { distanceM: 3, mwPerCm2: 0.29 },
    ],
  }
  const lamp = withMeasuredCurve(DEFAULT_LAMP, hero)

  it('gives the readings back where they were taken, and falls in between', () => {
    for (const { distanceM, mwPerCm2 } of hero.points) {
      expect(reading(lamp, distanceM) / mwPerCm2).toBeCloseTo(1, 2)
    }
    fc.assert(
      fc.property(number(0.5, 8), number(0.01, 1), (distanceM, more) => {
        expect(reading(lamp, distanceM + more)).toBeLessThan(reading(lamp, distanceM))
      }),
    )
  })

  it('is the model itself when the model is what was measured, shadows included', () => {
    const shaded: RoomModel = { ...hall, obstacles: [block('box', 1.5, 0, [0.4, 1], [0, 0.8])] }
    fc.assert(
      fc.property(number(0.5, 2), number(0.1, 3), (nearest, more) => {
        const points = [nearest, nearest + more].map((distanceM) => ({
          distanceM,
          mwPerCm2: reading(DEFAULT_LAMP, distanceM),
        }))
        const same = withMeasuredCurve(DEFAULT_LAMP, { heightM: 0.9, points })
        // The ring's readings differ by direction by up to 1 %.
        for (const distanceM of [1, 2.5, 4]) {
          const share = reading(same, distanceM, 0.9, shaded) / reading(DEFAULT_LAMP, distanceM, 0.9, shaded)
          expect(Math.abs(share - 1)).toBeLessThan(0.02)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('promises no more than the model where nothing was measured', () => {
    const corrections = [
      { distanceM: 1, factor: 1.4 },
      { distanceM: 3, factor: 0.8 },
    ]
    expect(correctionAt(corrections, 0.5)).toBe(1)
    expect(correctionAt(corrections, 1)).toBe(1.4)
    expect(correctionAt(corrections, Math.sqrt(3))).toBeCloseTo(1.1, 9)
    expect(correctionAt(corrections, 9)).toBe(0.8)
    expect(correctionAt([], 2)).toBe(1)
  })

  it('ages with the lamp', () => {
    expect(reading({ ...lamp, outputFraction: 0.65 }, 2) / reading(lamp, 2)).toBeCloseTo(0.65, 12)
  })

  it.each([
    ['one reading', [{ distanceM: 1, mwPerCm2: 2.67 }], 'fewer than two'],
    [
      'a rise',
      [
        { distanceM: 1, mwPerCm2: 2.67 },
        { distanceM: 3, mwPerCm2: 2.7 },
      ],
      'follows',
    ],
    [
      'the wrong order',
      [
        { distanceM: 3, mwPerCm2: 2.67 },
        { distanceM: 1, mwPerCm2: 0.29 },
      ],
      'times what the tubes',
    ],
    [
      'nothing',
      [
        { distanceM: 1, mwPerCm2: 0 },
        { distanceM: 3, mwPerCm2: 0.29 },
      ],
      '0 mW/cm²',
    ],
    [
      'µW for mW',
      [
        { distanceM: 1, mwPerCm2: 2670 },
        { distanceM: 3, mwPerCm2: 290 },
      ],
      'times what the tubes',
    ],
  ])('refuses %s', (_, points, words) => {
    expect(() => withMeasuredCurve(DEFAULT_LAMP, { heightM: 0.9, points })).toThrow(words)
  })
})
