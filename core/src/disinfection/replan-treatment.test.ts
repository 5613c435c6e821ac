import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { EMPTY_DOSE_BOOK, dosesIn, withDoses } from './dose-book.ts'
import { createIrradianceField } from './irradiance-field.ts'
import { DEFAULT_LAMP } from './lamp.ts'
import { planTreatment } from './plan-treatment.ts'
import { replanTreatment, type ReplanInput } from './replan-treatment.ts'
import { surfacesOf } from './surfaces.ts'
import { block, wardRoom } from './testing/rooms.ts'
import type { LampModel, RoomModel, TreatmentPlan, TreatmentStop } from './types.ts'

const SIZE_M = 0.5
const ROBOT = { radiusM: 0.3, speedMps: 0.5 }
const ENTRY = { x: 2, y: 0.5, theta: Math.PI / 2 }

/** What some stops give in a room, in the order of its surfaces. */
function dosesOf(stops: readonly TreatmentStop[], room: RoomModel, lamp: LampModel): number[] {
  const surfaces = surfacesOf(room, SIZE_M)
  const field = createIrradianceField(surfaces, room, lamp)
  const doses = surfaces.map(() => 0)
  for (const stop of stops) {
    field.at(stop).forEach((microwatts, index) => (doses[index]! += (microwatts * stop.dwellS) / 1000))
  }
  return doses
}

describe('replanTreatment', () => {
  const room = wardRoom()
  let approved: TreatmentPlan
  beforeAll(() => {
    approved = planTreatment({
      room,
      surfaceSizeM: SIZE_M,
      lamp: DEFAULT_LAMP,
      organismId: 'sars-cov-2',
      targetLog: 3,
      robot: ROBOT,
      entry: ENTRY,
    })
  })
  const again = (done: number, changes: Partial<ReplanInput> = {}) => {
    const doses = withDoses(
      EMPTY_DOSE_BOOK,
      room,
      SIZE_M,
      dosesOf(approved.stops.slice(0, done), room, DEFAULT_LAMP),
    )
    const input: ReplanInput = {
      approved,
      room,
      lamp: DEFAULT_LAMP,
      doses,
      robot: ROBOT,
      pose: ENTRY,
      pursue: 'promise',
      ...changes,
    }
    return { input, plan: replanTreatment(input) }
  }
  /** What every surface of the present room has after the new plan: each dose once. */
  const afterwards = ({ input, plan }: ReturnType<typeof again>) => {
    const before = dosesIn(input.doses, input.room, SIZE_M)
    return dosesOf(plan.stops, input.room, input.lamp).map((dose, index) => dose + before[index]!)
  }
  const promisedIn = (present: RoomModel, plan: TreatmentPlan) => {
    const missed = new Set([...approved.unreachable, ...plan.unreachable].map(({ id }) => id))
    return surfacesOf(present, SIZE_M).flatMap(({ id }, index) => (missed.has(id) ? [] : [index]))
  }

  it('a resumed run takes no longer than what was left, and ends with the whole promise', () => {
    const beyondAll = approved.stops.length
    for (let done = 0; done <= beyondAll; done += 1) {
      const resumed = again(done)
      const leftS = approved.stops.slice(done).reduce((sum, { dwellS }) => sum + dwellS, 0)
      expect(resumed.plan.dwellS).toBeLessThanOrEqual(leftS * 1.05 + 2 * beyondAll)
      const doses = afterwards(resumed)
      for (const index of promisedIn(room, approved)) {
        expect(doses[index]).toBeGreaterThanOrEqual(approved.targetMjPerCm2)
      }
    }
    expect(again(beyondAll).plan).toMatchObject({ stops: [], unreachable: [] })
  })

  it('a failed tube: the rest is planned with the light that is left', () => {
    const lamp = { ...DEFAULT_LAMP, tubes: DEFAULT_LAMP.tubes.slice(0, 5) }
    const half = Math.floor(approved.stops.length / 2)
    const weaker = again(half, { lamp })
    expect(weaker.plan.dwellS).toBeGreaterThan(again(half).plan.dwellS)
    const doses = afterwards(weaker)
    for (const index of promisedIn(room, weaker.plan)) {
      expect(doses[index]).toBeGreaterThanOrEqual(approved.targetMjPerCm2)
    }
  })

  it('something brought in: dose delivered before stays, and what is new begins at nothing', () => {
    const trolley = block('found-1', 2.9, 2, [0.8, 0.6], [0, 2.7])
    const changed = { ...room, obstacles: [...room.obstacles, trolley] }
    const half = Math.floor(approved.stops.length / 2)
    const moved = again(half, { room: changed, pursue: 'everything' })
    const before = dosesIn(moved.input.doses, changed, SIZE_M)
    surfacesOf(changed, SIZE_M).forEach(({ id }, index) => {
      if (id.startsWith('found-1')) expect(before[index]).toBe(0)
    })
    const delivered = dosesIn(moved.input.doses, room, SIZE_M)
    const kept = new Map(surfacesOf(room, SIZE_M).map(({ id }, index) => [id, delivered[index]]))
    surfacesOf(changed, SIZE_M).forEach(({ id }, index) => {
      if (kept.has(id)) expect(before[index]).toBe(kept.get(id))
    })
    const doses = afterwards(moved)
    for (const index of promisedIn(changed, moved.plan)) {
      expect(doses[index]).toBeGreaterThanOrEqual(approved.targetMjPerCm2)
    }
    // What was delivered brings surfaces within reach that from nothing were not.
    const fresh = replanTreatment({ ...moved.input, doses: EMPTY_DOSE_BOOK })
    expect(moved.plan.unreachable.length).toBeLessThanOrEqual(fresh.unreachable.length)
  })

  it('within the time that is left it seeks no surface that was not promised', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 300 }), (timeLeftS) => {
        const { plan } = again(1, { timeLeftS })
        expect(plan.plannedS).toBeLessThanOrEqual(timeLeftS + 0.05)
        const never = new Set(approved.unreachable.map(({ id }) => id))
        expect(plan.unreachable.filter(({ id }) => never.has(id))).toEqual([])
      }),
      { numRuns: 6 },
    )
  })
})
