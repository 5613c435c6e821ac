import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { createGrid, fillPolygon } from '../geometry/grid.ts'
import { distanceToBoundary, isInsidePolygon, rectangle } from '../geometry/polygon.ts'
import { distance } from '../geometry/pose.ts'
import { explainMissed } from './explain-missed.ts'
import { createIrradianceField } from './irradiance-field.ts'
import { DEFAULT_LAMP } from './lamp.ts'
import { LAMP_ON_CAP_S, LONGEST_DWELL_S, planTreatment, type TreatmentInput } from './plan-treatment.ts'
import { standingSpaceOf } from './standing-space.ts'
import { surfacesOf } from './surfaces.ts'
import { block, boxRoom, patientRoom, wardRoom } from './testing/rooms.ts'
import type { PlanOptions, RoomModel, TreatmentPlan } from './types.ts'

const ROBOT = { radiusM: 0.3, speedMps: 0.5 }

function inputFor(room: RoomModel, more: Partial<TreatmentInput> = {}): TreatmentInput {
  return {
    room,
    surfaceSizeM: 0.5,
    lamp: DEFAULT_LAMP,
    organismId: 'sars-cov-2',
    targetLog: 3,
    robot: ROBOT,
    entry: { x: 2, y: 0.3, theta: Math.PI / 2 },
    ...more,
  }
}

/** The doses of a plan's stops, each off by `(dx, dy)`. */
function dosesOf({ room, stops }: TreatmentPlan, dx = 0, dy = 0): number[] {
  const surfaces = surfacesOf(room, 0.5)
  const field = createIrradianceField(surfaces, room, DEFAULT_LAMP)
  const doses = surfaces.map(() => 0)
  for (const { x, y, theta, dwellS } of stops) {
    field.at({ x: x + dx, y: y + dy, theta }).forEach((microwatts, index) => {
      doses[index]! += (microwatts * dwellS) / 1000
    })
  }
  return doses
}

function promisedOf(plan: TreatmentPlan): number[] {
  const unreachable = new Set(plan.unreachable.map(({ id }) => id))
  return surfacesOf(plan.room, 0.5).flatMap(({ id }, index) => (unreachable.has(id) ? [] : [index]))
}

/** Rooms with up to six pieces of furniture anywhere, against and through one another. */
const anyRoom = fc
  .record({
    width: fc.double({ min: 2.5, max: 5, noNaN: true }),
    depth: fc.double({ min: 2.5, max: 5, noNaN: true }),
    pieces: fc.array(
      fc.record({
        x: fc.double({ min: 0, max: 1, noNaN: true }),
        y: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.double({ min: 0.2, max: 1.5, noNaN: true }),
        width: fc.double({ min: 0.1, max: 0.8, noNaN: true }),
        zMin: fc.constantFrom(0, 0, 0.3, 0.8),
        height: fc.double({ min: 0.05, max: 1.5, noNaN: true }),
        theta: fc.constantFrom(0, 0, 0.4, 1.2),
      }),
      { maxLength: 6 },
    ),
  })
  .map(({ width, depth, pieces }) =>
    boxRoom(
      width,
      depth,
      pieces.map((piece, index) =>
        block(
          `piece-${index}`,
          piece.x * width,
          piece.y * depth,
          [piece.length, piece.width],
          [piece.zMin, piece.zMin + piece.height],
          piece.theta,
        ),
      ),
    ),
  )

describe('planTreatment', () => {
  let plan: TreatmentPlan
  beforeAll(() => {
    plan = planTreatment(inputFor(patientRoom()))
  })

  it('gives every promised surface its dose, also when the robot stands 5 cm off, in any room', () => {
    fc.assert(
      fc.property(anyRoom, (room) => {
        let any: TreatmentPlan
        try {
          any = planTreatment(inputFor(room, { entry: { x: 1, y: 0.4, theta: 0 } }))
        } catch (error) {
          expect(error).toMatchObject({ code: 'WARD_ERR_TREATMENT_IMPOSSIBLE' })
          return
        }
        const promised = promisedOf(any)
        expect(promised.length + any.unreachable.length).toBe(surfacesOf(room, 0.5).length)
        expect(any.predictedMjPerCm2).toHaveLength(surfacesOf(room, 0.5).length)
        for (const [dx, dy] of [
          [0, 0],
          [0.05, 0],
          [0, 0.05],
          [-0.05, 0],
          [0, -0.05],
        ] as const) {
          const doses = dosesOf(any, dx, dy)
          for (const index of promised) expect(doses[index]).toBeGreaterThanOrEqual(any.targetMjPerCm2)
        }
        for (const stop of any.stops) {
          expect(isInsidePolygon(stop, room.polygon)).toBe(true)
          expect(distanceToBoundary(stop, room.polygon)).toBeGreaterThan(ROBOT.radiusM)
          for (const { footprint } of room.obstacles) {
            expect(isInsidePolygon(stop, footprint)).toBe(false)
            expect(distanceToBoundary(stop, footprint)).toBeGreaterThan(ROBOT.radiusM)
          }
          expect(stop.dwellS).toBeGreaterThanOrEqual(2)
        }
      }),
      { numRuns: 15 },
    )
  })

  it('predicts what the light model gives', () => {
    dosesOf(plan).forEach((dose, index) => expect(plan.predictedMjPerCm2[index]).toBeCloseTo(dose, 6))
  })

  it('promises most of a patient room, and says of the rest what is in the way', () => {
    expect(promisedOf(plan).length).toBeGreaterThan(0.85 * plan.predictedMjPerCm2.length)
    const shadowed = plan.unreachable.filter(({ reason }) => reason === 'shadowed')
    expect(shadowed.map(({ explanation }) => explanation)).toContain('in the shadow of the cabinet')
    expect(plan.unreachable.find(({ id }) => id === 'cabinet.top.0.0')).toMatchObject({
      reason: 'facesAway',
      explanation: 'higher than the lamp',
    })
    for (const { remedy } of plan.unreachable) expect(remedy).not.toBeNull()
  })

  it('knows the piece whose removal helps', () => {
    const room = boxRoom(4, 4, [block('locker', 3.8, 2, [0.2, 1.4], [0, 2.6])])
    const shaded = planTreatment(inputFor(room)).unreachable.filter(({ id }) => id.startsWith('wall-1'))
    expect(shaded.length).toBeGreaterThan(0)
    for (const { explanation, remedy } of shaded) {
      expect(explanation).toBe('in the shadow of the locker')
      expect(remedy).toContain('Move the locker')
    }
    const without = planTreatment(inputFor(boxRoom(4, 4)))
    expect(without.unreachable).toEqual([])
  })

  it('tells what the robot cannot get to from what nothing lights', () => {
    // Across the whole room: beyond it there is floor, but no way to it.
    const room = boxRoom(3, 8, [block('partition', 1.5, 4, [2.98, 0.2], [0, 2.4])])
    const { unreachable } = planTreatment(inputFor(room, { longestDwellS: LONGEST_DWELL_S }))
    const beyond = unreachable.filter(({ id }) => id.startsWith('wall-2'))
    expect(beyond.length).toBeGreaterThan(0)
    expect(new Set(beyond.map(({ reason }) => reason))).toEqual(new Set(['shadowed']))
    const screened = boxRoom(3, 8, [
      block('bench', 1.5, 4, [2.98, 0.2], [0, 0.4]),
      block('screen', 1.5, 6.2, [1.4, 0.05], [0, 2]),
      block('trolley', 1.5, 5.2, [1.4, 0.05], [0, 2]),
    ])
    const reasons = planTreatment(inputFor(screened)).unreachable.map(
      ({ id, reason }) => `${id.split('.')[0]} ${reason}`,
    )
    expect(reasons).toContain('trolley robotCannotReach')
  })

  it('promises nothing beyond the walls, and says that the floor plan is wrong there', () => {
    const room = boxRoom(4, 4, [block('shelf', 4, 2, [2, 1], [0, 2])])
    const { unreachable, predictedMjPerCm2 } = planTreatment(inputFor(room))
    const beyond = unreachable.filter(({ reason }) => reason === 'outsideRoom')
    expect(beyond.map(({ id }) => id)).toContain('shelf.side-1.0.0')
    for (const { remedy } of beyond) expect(remedy).toContain('Correct the floor plan')
    surfacesOf(room, 0.5).forEach(({ centre }, index) => {
      if (centre.x > 4.1) expect(predictedMjPerCm2[index]).toBe(0)
    })
  })

  it('takes less time than the same dose from the middle of the room', () => {
    const middle = createIrradianceField(surfacesOf(plan.room, 0.5), plan.room, DEFAULT_LAMP).at({
      x: 2.6,
      y: 2.5,
      theta: 0,
    })
    const slowest = Math.max(
      ...promisedOf(plan).map((index) => (1000 * plan.targetMjPerCm2) / middle[index]!),
    )
    expect(plan.plannedS).toBeLessThan(slowest)
    expect(plan.plannedS).toBeCloseTo(plan.dwellS + plan.travelS, 6)
  })

  it('gives the same plan for the same input', () => {
    expect(planTreatment(inputFor(patientRoom()))).toEqual(plan)
  })

  it('counts what was delivered: half of a plan leaves less to do, all of it nothing', () => {
    const half = plan.predictedMjPerCm2.map((dose) => dose / 2)
    const rest = planTreatment(inputFor(patientRoom(), { deliveredMjPerCm2: half }))
    expect(rest.dwellS).toBeLessThan(0.7 * plan.dwellS)
    const together = dosesOf(rest).map((dose, index) => dose + half[index]!)
    for (const index of promisedOf(plan)) expect(together[index]).toBeGreaterThanOrEqual(plan.targetMjPerCm2)
    const done = planTreatment(
      inputFor(patientRoom(), { deliveredMjPerCm2: plan.predictedMjPerCm2.map(() => plan.targetMjPerCm2) }),
    )
    expect(done).toMatchObject({ stops: [], unreachable: [], plannedS: 0 })
  })

  it('keeps to the costmap', () => {
    const freeSpace = createGrid({ minX: 0, minY: 0, maxX: 4, maxY: 5 }, 0.05)
    fillPolygon(freeSpace, rectangle({ x: 2, y: 4 }, 4, 2), 100)
    fillPolygon(freeSpace, rectangle({ x: 3.5, y: 1.5 }, 1, 3), -1)
    const { stops } = planTreatment(inputFor(boxRoom(4, 5), { freeSpace }))
    expect(stops.length).toBeGreaterThan(0)
    expect(stops.every(({ x, y }) => x < 3 && y < 3)).toBe(true)
  })

  it('promises less rather than outlast one arming, when it may choose', () => {
    const spores = { organismId: 'c-difficile', targetLog: 4.5 }
    const free = planTreatment(inputFor(patientRoom(), spores))
    const stubborn = planTreatment(inputFor(patientRoom(), { ...spores, longestDwellS: LONGEST_DWELL_S }))
    expect(stubborn.plannedS).toBeGreaterThan(LAMP_ON_CAP_S)
    expect(free.plannedS).toBeLessThan(LAMP_ON_CAP_S)
    expect(free.unreachable.length).toBeGreaterThan(stubborn.unreachable.length)
  })

  it('says so when the lamp cap or the evidence is exceeded', () => {
    expect(plan.notes).toEqual([])
    const spores = planTreatment(
      inputFor(patientRoom(), { organismId: 'c-difficile', targetLog: 4.5, longestDwellS: LONGEST_DWELL_S }),
    )
    expect(spores.notes).toEqual(
      expect.arrayContaining([
        expect.stringContaining('30 min after arming'),
        expect.stringContaining('4.5 log is extrapolated'),
      ]),
    )
  })

  it('plans for a dose as for the log reduction that takes it, without a word on evidence', () => {
    const { targetMjPerCm2, stops } = plan
    const byDose = planTreatment(inputFor(patientRoom(), { targetLog: Number.NaN, targetMjPerCm2 }))
    expect(byDose.stops).toEqual(stops)
    expect(byDose.targetLog).toBeCloseTo(3, 9)
    expect(planTreatment(inputFor(boxRoom(3, 3), { targetMjPerCm2: 1 })).notes).toEqual([])
    expect(() => planTreatment(inputFor(patientRoom(), { targetMjPerCm2: 0 }))).toThrow(
      expect.objectContaining({ code: 'WARD_ERR_TARGET' }),
    )
  })

  it('refuses a senseless target and a room without floor', () => {
    for (const targetLog of [0, -1, 7, Number.NaN]) {
      expect(() => planTreatment(inputFor(patientRoom(), { targetLog }))).toThrow(
        expect.objectContaining({ code: 'WARD_ERR_TARGET' }),
      )
    }
    expect(() => planTreatment(inputFor(boxRoom(0.6, 3)))).toThrow(
      expect.objectContaining({ code: 'WARD_ERR_TREATMENT_IMPOSSIBLE' }),
    )
  })
})

describe('plan options', () => {
  const room = wardRoom()
  const surfaces = surfacesOf(room, 0.5)
  const optionsPlan = (options: PlanOptions) => planTreatment(inputFor(room, { options }))
  let quickest: TreatmentPlan
  beforeAll(() => {
    quickest = planTreatment(inputFor(room))
  })
  /** Doses of the first stops that take no more than `seconds` of light. */
  const dosesAfter = (plan: TreatmentPlan, seconds: number) => {
    let leftS = seconds
    const stops = plan.stops.map((stop) => {
      const dwellS = Math.min(leftS, stop.dwellS)
      leftS -= dwellS
      return { ...stop, dwellS }
    })
    return dosesOf({ ...plan, stops })
  }

  it('fewest stops: fewer of them, the same promise', () => {
    const fewest = optionsPlan({ goal: 'fewestStops' })
    expect(fewest.stops.length).toBeLessThan(quickest.stops.length)
    expect(fewest.unreachable).toEqual(quickest.unreachable)
    expect(fewest.plannedS).toBeLessThanOrEqual(LAMP_ON_CAP_S)
    const doses = dosesOf(fewest)
    for (const index of promisedOf(fewest)) expect(doses[index]).toBeGreaterThanOrEqual(fewest.targetMjPerCm2)
  })

  it('high-touch first: what hands touch has its dose long before the rest, and everything in the end', () => {
    const plan = optionsPlan({ highTouchFirst: true })
    expect(plan.unreachable).toEqual(quickest.unreachable)
    expect(plan.highTouchDoneS).toBeLessThan(0.8 * quickest.highTouchDoneS!)
    const promised = promisedOf(plan)
    const touched = promised.filter((index) => surfaces[index]!.isHighTouch)
    expect(touched.length).toBeGreaterThan(20)
    const early = dosesAfter(plan, plan.highTouchDoneS!)
    for (const index of touched) expect(early[index]).toBeGreaterThanOrEqual(plan.targetMjPerCm2)
    const doses = dosesOf(plan)
    for (const index of promised) expect(doses[index]).toBeGreaterThanOrEqual(plan.targetMjPerCm2)
  })

  it('a time budget: kept, spent on as much as it can, and the rest named', () => {
    let before = 0
    for (const share of [0.25, 0.5, 0.75, 1]) {
      const timeBudgetS = share * quickest.plannedS
      const plan = optionsPlan({ timeBudgetS })
      expect(plan.plannedS).toBeLessThanOrEqual(timeBudgetS + 0.05)
      const promised = promisedOf(plan)
      const doses = dosesOf(plan)
      for (const index of promised) expect(doses[index]).toBeGreaterThanOrEqual(plan.targetMjPerCm2)
      expect(promised.length).toBeGreaterThan(before)
      before = promised.length
      const late = plan.unreachable.filter(({ reason }) => reason === 'noTime')
      expect(late.length).toBe(promisedOf(quickest).length - promised.length)
      for (const { explanation } of late) expect(explanation).toMatch(/^left out to keep within [\d.]+ min$/)
    }
    expect(before).toBe(promisedOf(quickest).length)
    // Half of the time is worth most of the room: the last tiles are what takes long.
    expect(promisedOf(optionsPlan({ timeBudgetS: quickest.plannedS / 2 })).length).toBeGreaterThan(
      0.7 * before,
    )
  })

  it('a time budget with high-touch first: those before all others', () => {
    const timeBudgetS = quickest.plannedS / 3
    const touchedIn = (plan: TreatmentPlan) =>
      promisedOf(plan).filter((index) => surfaces[index]!.isHighTouch)
    const plan = optionsPlan({ timeBudgetS, highTouchFirst: true })
    expect(plan.plannedS).toBeLessThanOrEqual(timeBudgetS + 0.05)
    expect(touchedIn(plan).length).toBeGreaterThanOrEqual(touchedIn(optionsPlan({ timeBudgetS })).length)
  })

  it('lamp lit on the ways: the same promise with less light at the stops, and the ways go around furniture', () => {
    const plan = optionsPlan({ litOnWays: true })
    expect(plan.unreachable).toEqual(quickest.unreachable)
    expect(plan.dwellS).toBeLessThan(quickest.dwellS)
    expect(plan.stops.map(({ x, y }) => [x, y])).toEqual(quickest.stops.map(({ x, y }) => [x, y]))
    expect(plan.notes).toContainEqual(expect.stringContaining('stays lit from stop to stop'))
    const atStops = dosesOf(plan)
    for (const index of promisedOf(plan)) {
      expect(plan.predictedMjPerCm2[index]).toBeGreaterThanOrEqual(plan.targetMjPerCm2)
      expect(plan.predictedMjPerCm2[index]).toBeGreaterThanOrEqual(atStops[index]!)
    }
    const space = standingSpaceOf(room, ROBOT.radiusM, plan.stops[0]!, null)
    for (const from of plan.stops) {
      for (const to of plan.stops) {
        const way = space.waysFrom(from)(to)!
        expect([way[0], way.at(-1)]).toEqual([from, to])
        const lengthM = way.slice(1).reduce((sum, corner, index) => sum + distance(way[index]!, corner), 0)
        expect(lengthM).toBeGreaterThanOrEqual(distance(from, to) - 1e-9)
        expect(lengthM).toBeLessThanOrEqual(space.distancesFrom(from)(to) + 0.1)
        for (const corner of way) {
          for (const { footprint, zMinM } of room.obstacles) {
            if (zMinM < 1.7) expect(distanceToBoundary(corner, footprint)).toBeGreaterThan(ROBOT.radiusM)
          }
        }
      }
    }
  })

  it('refuses a time budget that is none', () => {
    for (const timeBudgetS of [0, -1, Number.NaN, Infinity]) {
      expect(() => optionsPlan({ timeBudgetS })).toThrow(
        expect.objectContaining({ code: 'WARD_ERR_VALIDATION' }),
      )
    }
    expect(optionsPlan({ timeBudgetS: 1 })).toMatchObject({ stops: [], plannedS: 0 })
  })
})

describe('explainMissed', () => {
  it('keeps the reasons of the plan and says what the others lack', () => {
    const room = patientRoom()
    const plan = planTreatment(inputFor(room))
    const surfaces = surfacesOf(room, 0.5)
    const input = { room, surfaces, plan, targetMjPerCm2: plan.targetMjPerCm2, lamp: DEFAULT_LAMP }
    const promised = promisedOf(plan)
    const full = plan.predictedMjPerCm2
    const afterAll = explainMissed({ ...input, deliveredMjPerCm2: full, wasInterrupted: false })
    for (const missed of afterAll) expect(plan.unreachable).toContainEqual(missed)

    const cut = full.map((dose, index) => (index === promised[0] ? plan.targetMjPerCm2 / 2 : dose))
    const one = (wasInterrupted: boolean) =>
      explainMissed({ ...input, deliveredMjPerCm2: cut, wasInterrupted }).find(
        ({ id }) => id === surfaces[promised[0]!]!.id,
      )
    expect(one(true)).toMatchObject({
      reason: 'interrupted',
      explanation: expect.stringContaining('12.5 of 25.0 mJ/cm²'),
    })
    expect(one(false)).toMatchObject({
      reason: 'underDosed',
      remedy: expect.stringMatching(/about \d+ s of light/),
    })
  })
})
