import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createIrradianceField } from './irradiance-field.ts'
import { DEFAULT_LAMP } from './lamp.ts'
import { doseAlong } from './path-dose.ts'
import { surfacesOf } from './surfaces.ts'
import { boxRoom, patientRoom, spot } from './testing/rooms.ts'

const place = fc.record({
  x: fc.double({ min: 2.5, max: 3.4, noNaN: true }),
  y: fc.double({ min: 1, max: 4, noNaN: true }),
})
const room = patientRoom()
const field = createIrradianceField(surfacesOf(room, 0.5), room, DEFAULT_LAMP)

/** The most that two doses differ by, as a share of the brightest. */
function difference(one: Float64Array, other: Float64Array): number {
  const brightest = Math.max(...other, 1e-12)
  return Math.max(...one.map((dose, index) => Math.abs(dose - other[index]!))) / brightest
}

describe('doseAlong', () => {
  it('is as much there as back, and falls with speed', () => {
    fc.assert(
      fc.property(fc.array(place, { minLength: 2, maxLength: 4 }), (way) => {
        const there = doseAlong(field, way, 0.4)
        expect(difference(doseAlong(field, way.toReversed(), 0.4), there)).toBeLessThan(1e-9)
        expect(
          difference(
            doseAlong(field, way, 0.8).map((dose) => 2 * dose),
            there,
          ),
        ).toBeLessThan(1e-9)
      }),
      { numRuns: 10 },
    )
  })

  it('adds up over the parts of a way', () => {
    fc.assert(
      fc.property(place, place, place, (a, b, c) => {
        const parts = doseAlong(field, [a, b], 0.4)
        doseAlong(field, [b, c], 0.4).forEach((dose, index) => (parts[index]! += dose))
        expect(difference(doseAlong(field, [a, b, c], 0.4), parts)).toBeLessThan(1e-9)
      }),
      { numRuns: 10 },
    )
  })

  it('is what many short stops on the way give', () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        const lengthM = Math.hypot(b.x - a.x, b.y - a.y)
        const stops = 2000
        const sum = new Float64Array(surfacesOf(room, 0.5).length)
        for (let stop = 0; stop < stops; stop += 1) {
          const along = (stop + 0.5) / stops
          const at = { x: a.x + along * (b.x - a.x), y: a.y + along * (b.y - a.y), theta: 0 }
          field.at(at).forEach((light, index) => (sum[index]! += ((light / 1000) * lengthM) / 0.4 / stops))
        }
        expect(difference(doseAlong(field, [a, b], 0.4), sum)).toBeLessThan(0.01)
      }),
      { numRuns: 3 },
    )
  })

  it('is what the integral over a long way is, by hand', () => {
    // A short tube is a point of P / π² W/sr sideways. Past a surface d away it gives P / π² · d / (d² + x²)^(3/2),
    // whose integral over a way without end is P / π² · 2 / d.
    const tube = {
      name: 'point',
      outputFraction: 1,
      tubes: [{ x: 0, y: 0, zBottomM: 0.999, zTopM: 1.001, radiantPowerW: 10 }],
    }
    const hall = boxRoom(400, 10)
    const wall = createIrradianceField([spot({ x: 200, y: 0, z: 1 }, { x: 0, y: 1, z: 0 })], hall, tube)
    const intensityWPerSr = 10 / Math.PI ** 2
    const expected = ((intensityWPerSr * 2) / 2) * 100 * 1e-3
    const [dose] = doseAlong(
      wall,
      [
        { x: 100, y: 2 },
        { x: 300, y: 2 },
      ],
      1,
    )
    expect(dose! / expected).toBeCloseTo(1, 2)
  })

  it('is nothing for a lamp that stays where it is, and refuses what is no way', () => {
    expect(Math.max(...doseAlong(field, [{ x: 3, y: 2 }], 0.4))).toBe(0)
    expect(() => doseAlong(field, [], 0.4)).toThrow(RangeError)
    expect(() => doseAlong(field, [{ x: 3, y: 2 }], 0)).toThrow(RangeError)
  })
})
