import { afterEach, beforeEach, expect, it } from 'vitest'
import { DEFAULT_LAMP, peroxidePlanInputOf, roomModelOf } from '@wardlight/core/disinfection'
import { smallPlan } from '../testing/small-plan.ts'
import { hygieneOf } from '../domain/contamination/hygiene.ts'
import { initialContamination } from '../domain/contamination/contamination.ts'
import { solveSchedule, type ScheduleInput } from '../domain/schedule/solve.ts'
import { HOUR, job, MINUTE, NOW, problemOf, robot } from '../domain/schedule/testing/problems.ts'
import { createPlanner, type Planner } from './planner.ts'
import type { PlanningInput, UvPlanningInput } from './worker-messages.ts'

let planner: Planner
beforeEach(() => {
  planner = createPlanner()
})
afterEach(() => planner.stop())

function input(patch: Partial<UvPlanningInput> = {}): PlanningInput {
  const level = smallPlan().levels[0]!
  return {
    method: 'uv',
    treatment: {
      room: roomModelOf(level, level.rooms[1]!),
      surfaceSizeM: 0.5,
      lamp: DEFAULT_LAMP,
      organismId: 'sars-cov-2',
      targetLog: 3,
      robot: { radiusM: 0.3, speedMps: 0.4 },
      entry: { x: 2.1, y: 2.6, theta: Math.PI / 2 },
      ...patch,
    },
  }
}

it('plans in its thread while this one goes on', async () => {
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  const plan = await planner.plan(input())
  clearInterval(timer)
  expect(plan).toMatchObject({ method: 'uv', treatment: { organismId: 'sars-cov-2' } })
  expect(plan.method === 'uv' && plan.treatment.stops.length).toBeGreaterThan(0)
  expect(turns).toBeGreaterThan(5)
})

it('plans gas with what is to be expected of it, and says why a room cannot be gassed', async () => {
  const level = smallPlan().levels[0]!
  const room = { ...level.rooms[1]!, airChangesPerHour: 6 }
  const plan = await planner.plan({
    method: 'peroxide',
    cycle: peroxidePlanInputOf(level, room, 'hpv', true),
  })
  if (plan.method === 'uv') throw new Error('a plan for light')
  const { course, phases, totalS } = plan.prediction
  expect(plan.cycle.expectedS).toBe(totalS.likely)
  expect(Math.max(...course.map(({ ppm }) => ppm))).toBeCloseTo(plan.prediction.peakPpm.likely, -1)
  // Its course ends where the aeration is over: at the limit.
  const ofGas = phases.filter(({ name }) => ['gas', 'dwell', 'aerate'].includes(name))
  expect(course.at(-1)!.atS).toBeCloseTo(
    ofGas.reduce((sum, { seconds }) => sum + seconds.likely, 0),
    -1,
  )
  expect(course.at(-1)!.ppm).toBeCloseTo(1, 6)
  const untaped = planner.plan({ method: 'peroxide', cycle: peroxidePlanInputOf(level, room, 'hpv', false) })
  await expect(untaped).rejects.toMatchObject({ code: 'WARD_ERR_TREATMENT_IMPOSSIBLE' })
})

it('makes a schedule beside a plan, the same as in this thread', async () => {
  const level = smallPlan().levels[0]!
  const {
    travel: _,
    burdens: __,
    robots: ___,
    ...problem
  } = problemOf([job('a', { placeIndex: 1 }), job('b', { robotId: 'uv-1' })], [])
  const schedule: ScheduleInput = {
    problem: { ...problem, staffed: [{ fromMs: NOW, toMs: NOW + 9 * HOUR }] },
    robots: [{ ...robot('uv-1'), carried: ['mrsa'] }],
    travelMs: [Float64Array.of(0, MINUTE), Float64Array.of(MINUTE, 0)],
    contamination: initialContamination(level.rooms.map((room) => hygieneOf(level, room))),
    roomIds: level.rooms.map(({ id }) => id),
    names: { robots: ['uv-1'], rooms: ['Room a', 'Room b'] },
    timeZone: 'Europe/Berlin',
    search: { seed: 1, effort: 1000 },
  }
  const [plan, made] = await Promise.all([planner.plan(input()), planner.schedule(schedule)])
  expect(plan.method).toBe('uv')
  expect(made.visits).toHaveLength(2)
  expect(made).toEqual(solveSchedule(schedule))
})

it('gives errors back as they were thrown', async () => {
  await expect(planner.plan(input({ organismId: 'dragon' }))).rejects.toMatchObject({
    code: 'WARD_ERR_ORGANISM_UNKNOWN',
  })
})

it('lets go of what is being planned when it stops, and starts again when asked', async () => {
  const lost = planner.plan(input())
  await Promise.all([expect(lost).rejects.toThrow('the server stops'), planner.stop()])
  await expect(planner.plan(input())).resolves.toHaveProperty('treatment')
})
