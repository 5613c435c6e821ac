import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createIrradianceField } from './irradiance-field.ts'
import { DEFAULT_LAMP } from './lamp.ts'
import { planTreatment, type TreatmentInput } from './plan-treatment.ts'
import { replanTreatment } from './replan-treatment.ts'
import { EMPTY_DOSE_BOOK, withDoses } from './dose-book.ts'
import { surfacesOf } from './surfaces.ts'
import { block, boxRoom, patientRoom } from './testing/rooms.ts'
import type { LampModel, RoomModel } from './types.ts'

/** Two tubes on a bracket: it does not look the same after a quarter turn. */
const BRACKET: LampModel = {
  name: 'bracket',
  outputFraction: 1,
  tubes: [-0.06, 0.06].map((y) => ({ x: 0.05, y, zBottomM: 0.5, zTopM: 1.7, radiantPowerW: 40 })),
}
const AT = { x: 0.2, y: 0.4, theta: Math.PI / 4 }

function inputFor(room: RoomModel, more: Partial<TreatmentInput> = {}): TreatmentInput {
  return {
    room,
    surfaceSizeM: 0.5,
    lamp: BRACKET,
    organismId: 'sars-cov-2',
    targetLog: 3,
    robot: { radiusM: 0.15, speedMps: 0.5, fixedAt: AT },
    entry: AT,
    ...more,
  }
}

describe('a plan for a unit that does not move', () => {
  it('has one stop, where it hangs and as it is turned', () => {
    const { stops } = planTreatment(inputFor(patientRoom()))
    expect(stops).toEqual([{ ...AT, dwellS: stops[0]!.dwellS }])
    expect(stops[0]!.dwellS).toBeGreaterThan(0)
  })

  it('stands where no robot could: within reach of a wall, among furniture', () => {
    const room = boxRoom(2, 2, [block('basin', 0.5, 0.4, [0.4, 0.6], [0.7, 0.9])])
    expect(planTreatment(inputFor(room)).stops).toHaveLength(1)
    expect(() =>
      planTreatment(inputFor(room, { robot: { radiusM: 0.15, speedMps: 0.5, fixedAt: { ...AT, x: 2.1 } } })),
    ).toThrow(expect.objectContaining({ code: 'WARD_ERR_TREATMENT_IMPOSSIBLE' }))
  })

  it('property: gives every surface that it promises the target from there alone, and lists every other one with the reason', () => {
    const inside = fc.record({
      x: fc.double({ min: 0.1, max: 3.9, noNaN: true }),
      y: fc.double({ min: 0.1, max: 4.9, noNaN: true }),
      theta: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
    })
    fc.assert(
      fc.property(inside, (fixedAt) => {
        const room = patientRoom()
        const plan = planTreatment(inputFor(room, { robot: { radiusM: 0.15, speedMps: 0.5, fixedAt } }))
        const surfaces = surfacesOf(room, 0.5)
        const field = createIrradianceField(surfaces, room, BRACKET).at(fixedAt)
        const missed = new Set(plan.unreachable.map(({ id }) => id))
        const dwellS = plan.stops.reduce((sum, stop) => sum + stop.dwellS, 0)
        expect(plan.stops.length).toBeLessThanOrEqual(1)
        surfaces.forEach(({ id }, index) => {
          if (!missed.has(id))
            expect((field[index]! * dwellS) / 1000).toBeGreaterThanOrEqual(plan.targetMjPerCm2)
        })
        expect(plan.unreachable.every(({ explanation }) => explanation !== '')).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  it('names what stands in its light', () => {
    const room = boxRoom(4, 4, [block('locker', 1.2, 1.2, [0.6, 0.6], [0, 2.2])])
    const { unreachable } = planTreatment(inputFor(room, { lamp: DEFAULT_LAMP }))
    expect(unreachable.some(({ explanation }) => explanation === 'in the shadow of the locker')).toBe(true)
    expect(unreachable.some(({ explanation }) => explanation.endsWith('where the unit hangs'))).toBe(true)
    expect(unreachable.every(({ explanation }) => !explanation.includes('robot'))).toBe(true)
  })

  it('stays there when it plans anew for what is lacking', () => {
    const room = patientRoom()
    const approved = planTreatment(inputFor(room))
    const half = approved.predictedMjPerCm2.map((dose) => dose / 2)
    const { stops } = replanTreatment({
      approved,
      room,
      lamp: BRACKET,
      doses: withDoses(EMPTY_DOSE_BOOK, room, 0.5, half),
      robot: { radiusM: 0.15, speedMps: 0.5, fixedAt: AT },
      pose: AT,
      pursue: 'promise',
    })
    expect(stops).toMatchObject([AT])
    expect(stops[0]!.dwellS).toBeLessThan(approved.stops[0]!.dwellS)
  })
})
